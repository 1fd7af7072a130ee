//! Whether something was done already for exactly these files.

use std::fs;
use std::path::{Path, PathBuf};

use crate::step::root;

/// Folders whose content is made, not written.
const MADE: [&str; 2] = ["node_modules", "dist"];

/// A digest of files and folders: names and contents, in a fixed order. FNV-1a, 64 bits: it guards
/// against repeating work, not against anybody.
pub(crate) fn digest(paths: &[PathBuf]) -> String {
    let mut files = Vec::new();
    for path in paths {
        collect(path, &mut files);
    }
    files.sort();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    for file in files {
        add(file.as_os_str().as_encoded_bytes());
        add(&fs::read(&file).unwrap_or_default());
        add(&[0]);
    }
    format!("{hash:016x}")
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(path) else {
        if path.exists() {
            files.push(path.to_owned());
        }
        return;
    };
    for entry in entries.flatten() {
        if !MADE.iter().any(|made| entry.file_name() == *made) {
            collect(&entry.path(), files);
        }
    }
}

/// Whether the step called `name` was last finished for this digest.
pub(crate) fn is_fresh(name: &str, digest: &str) -> bool {
    fs::read_to_string(place(name)).is_ok_and(|kept| kept == digest)
}

/// Remembers that it was.
pub(crate) fn keep(name: &str, digest: &str) {
    let place = place(name);
    if let Some(folder) = place.parent() {
        let _ = fs::create_dir_all(folder);
    }
    let _ = fs::write(place, digest);
}

fn place(name: &str) -> PathBuf {
    root().join("target").join("xtask").join(name)
}
