//! What can go wrong, each with a stable code.

use std::io;

/// Why the ledger did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Another process, or another opening in this one, owns the data folder.
    #[error("the data folder is in use by another process")]
    LedgerInUse,
    /// A file holds something that is not a sound database. It is checked at the next start.
    #[error("a database file is damaged: {0}")]
    Damaged(String),
    /// There is no room left; nothing of the refused write was kept.
    #[error("the disk is full: {0}")]
    DiskFull(String),
    /// The folder or a file in it cannot be written.
    #[error("the disk cannot be written: {0}")]
    DiskReadOnly(String),
    /// The journal is no longer the file at its path: it was moved, deleted or replaced while it was
    /// open. What is written now would be lost to the next start.
    #[error("the journal has been moved or replaced while it was open")]
    JournalMoved,
    /// The ledger has been closed.
    #[error("the ledger is closed")]
    Closed,
    /// A check of a file was broken off because the ledger closes.
    #[error("the check was interrupted")]
    Interrupted,
    /// Anything else the database or the file system refused.
    #[error("the ledger failed: {0}")]
    Failed(String),
    /// There is no such row.
    #[error("no such entry")]
    NotFound,
    /// The draft has been launched; it is good for one launch only.
    #[error("the draft has been launched already")]
    DraftSpent,
    /// The draft has been changed since the plan was made from it.
    #[error("the draft has been changed meanwhile")]
    DraftChanged,
    /// Another launch of the workspace waits for its answer.
    #[error("another launch waits for its answer")]
    LaunchUnderWay,
    /// The journal has no such arrow from the launch's present state.
    #[error("the launch cannot change in this way any more")]
    BadArrow,
    /// Another plan of the workspace has this name.
    #[error("another plan has this name")]
    NameTaken,
}

impl LedgerError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::LedgerInUse => "ledger_in_use",
            Self::Damaged(_) => "ledger_damaged",
            Self::DiskFull(_) => "disk_full",
            Self::DiskReadOnly(_) => "disk_read_only",
            Self::JournalMoved => "journal_moved",
            Self::Closed | Self::Interrupted => "ledger_closed",
            Self::Failed(_) => "ledger_failed",
            Self::NotFound => "not_found",
            Self::DraftSpent => "draft_spent",
            Self::DraftChanged => "plan_changed",
            Self::LaunchUnderWay => "launch_under_way",
            Self::BadArrow => "bad_arrow",
            Self::NameTaken => "name_taken",
        }
    }
}

/// What every method of the ledger gives back.
pub type Result<T> = std::result::Result<T, LedgerError>;

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let text = error.to_string();
        match error {
            rusqlite::Error::QueryReturnedNoRows => Self::NotFound,
            // A column that does not hold what this program wrote is damage of another kind.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..) => Self::Damaged(text),
            _ => match error.sqlite_error_code() {
                Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Damaged(text),
                Some(Code::DiskFull) => Self::DiskFull(text),
                Some(Code::ReadOnly | Code::PermissionDenied) => Self::DiskReadOnly(text),
                Some(Code::OperationInterrupted) => Self::Interrupted,
                Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::LedgerInUse,
                _ => Self::Failed(text),
            },
        }
    }
}

impl From<rusqlite_migration::Error> for LedgerError {
    fn from(error: rusqlite_migration::Error) -> Self {
        match error {
            rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<io::Error> for LedgerError {
    fn from(error: io::Error) -> Self {
        let text = error.to_string();
        match error.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::DiskFull(text),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::DiskReadOnly(text)
            }
            _ => Self::Failed(text),
        }
    }
}

impl From<serde_json::Error> for LedgerError {
    fn from(error: serde_json::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::LedgerError;

    fn sqlite(code: i32) -> &'static str {
        LedgerError::from(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None))
            .code()
    }

    #[test]
    fn what_the_disk_says_has_its_code() {
        use rusqlite::ffi;
        for (code, expected) in [
            (ffi::SQLITE_FULL, "disk_full"),
            (ffi::SQLITE_READONLY, "disk_read_only"),
            (ffi::SQLITE_PERM, "disk_read_only"),
            (ffi::SQLITE_CORRUPT, "ledger_damaged"),
            (ffi::SQLITE_CORRUPT_INDEX, "ledger_damaged"),
            (ffi::SQLITE_NOTADB, "ledger_damaged"),
            (ffi::SQLITE_BUSY, "ledger_in_use"),
            (ffi::SQLITE_LOCKED, "ledger_in_use"),
            (ffi::SQLITE_IOERR, "ledger_failed"),
            (ffi::SQLITE_CANTOPEN, "ledger_failed"),
        ] {
            assert_eq!(sqlite(code), expected, "{code}");
        }
        for (kind, expected) in [
            (io::ErrorKind::StorageFull, "disk_full"),
            (io::ErrorKind::QuotaExceeded, "disk_full"),
            (io::ErrorKind::PermissionDenied, "disk_read_only"),
            (io::ErrorKind::ReadOnlyFilesystem, "disk_read_only"),
            (io::ErrorKind::NotADirectory, "ledger_failed"),
        ] {
            assert_eq!(LedgerError::from(io::Error::from(kind)).code(), expected, "{kind}");
        }
    }
}
