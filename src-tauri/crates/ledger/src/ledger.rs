//! The ledger itself.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use crate::change::Listener;
use crate::error::Result;

/// What the ledger is given.
#[derive(Clone)]
pub struct LedgerConfig {
    /// The folder; made when it is not there.
    pub dir: PathBuf,
    /// The time.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

/// Journal and archive. Cheap to clone; all clones are the same ledger.
#[derive(Clone)]
pub struct Ledger {
    _config: Arc<LedgerConfig>,
}

impl Ledger {
    /// Opens the ledger.
    pub fn open(config: LedgerConfig) -> Result<Self> {
        Ok(Self { _config: Arc::new(config) })
    }
    /// Who hears of changes.
    pub fn on_change(&self, listener: Listener) {
        drop(listener);
    }
    /// Where a damaged archive was moved to at this start.
    pub fn was_archive_set_aside(&self) -> Option<&Path> {
        None
    }
    /// Where a damaged journal was moved to at this start.
    pub fn was_journal_set_aside(&self) -> Option<&Path> {
        None
    }
    /// The backup the journal was restored from at this start.
    pub fn journal_restored_from(&self) -> Option<&Path> {
        None
    }
}
