//! What is kept on this computer.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::ledger::Ledger;
use crate::migrations::Kind;
use crate::places::companions;

/// What is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// The folder.
    pub dir: PathBuf,
    /// Bytes of the journal and its backups.
    pub journal_bytes: u64,
    /// Bytes of the archive.
    pub archive_bytes: u64,
    /// Bytes of damaged files that were set aside.
    pub set_aside_bytes: u64,
    /// Bytes of everything else in the folder, whoever wrote it.
    pub other_bytes: u64,
    /// Results kept.
    pub results: u32,
    /// Calls kept.
    pub calls: u32,
}

impl Ledger {
    /// What is kept on this computer.
    pub fn usage(&self) -> Result<Usage> {
        let places = self.places();
        let size = |kind| {
            let file = places.file(kind);
            let [log, _] = companions(&file);
            bytes(&file) + bytes(&log)
        };
        let (results, calls) = self.archive(|conn| {
            Ok(conn.query_row(
                "SELECT (SELECT count(*) FROM results), (SELECT count(*) FROM calls)",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?)
        })?;
        let journal_bytes = size(Kind::Journal) + bytes(&places.backups());
        let archive_bytes = size(Kind::Archive);
        let set_aside_bytes = bytes(&places.set_aside());
        let ours = journal_bytes + archive_bytes + set_aside_bytes;
        Ok(Usage {
            dir: places.dir.clone(),
            journal_bytes,
            archive_bytes,
            set_aside_bytes,
            // A file may grow between two looks at it.
            other_bytes: bytes(&places.dir).saturating_sub(ours),
            results,
            calls,
        })
    }
}

/// Bytes of a file, or of everything in a folder.
fn bytes(path: &Path) -> u64 {
    match fs::read_dir(path) {
        Ok(entries) => entries.filter_map(|entry| Some(bytes(&entry.ok()?.path()))).sum(),
        Err(_) => fs::metadata(path).map_or(0, |file| file.len()),
    }
}
