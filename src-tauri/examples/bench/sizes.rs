//! What is downloaded and installed.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::Shown;
use crate::table::Table;

pub(crate) fn measure(programs: &Path, table: &mut Table) -> Shown {
    let binary = fs::metadata(programs.join("linecheck"))?.len();
    table.most("release binary", "MB", binary as f64 / 1e6, 16.0);

    let packages = programs.join("bundle").join("deb");
    let package = newest(&packages).ok_or_else(|| {
        format!("no package in {}: `cargo xtask bench` makes it", packages.display())
    })?;
    table.most(".deb", "MB", fs::metadata(package)?.len() as f64 / 1e6, 8.0);

    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui").join("dist");
    let mut bytes = 0;
    for entry in fs::read_dir(page)? {
        let mut zipped = GzEncoder::new(Vec::new(), Compression::best());
        zipped.write_all(&fs::read(entry?.path())?)?;
        bytes += zipped.finish()?.len();
    }
    table.most("page, gzipped", "kB", bytes as f64 / 1e3, 80.0);
    Ok(())
}

/// The package that was made last.
fn newest(folder: &Path) -> Option<PathBuf> {
    let packages = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    packages
        .filter(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .max_by_key(|path| fs::metadata(path).and_then(|file| file.modified()).ok())
}
