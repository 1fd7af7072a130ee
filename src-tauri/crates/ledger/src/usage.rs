//! What is kept on this computer, and erasing it.

use std::path::PathBuf;

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
    /// Results kept.
    pub results: u32,
    /// Calls kept.
    pub calls: u32,
}
