//! The ledger itself: the folder it owns, its two files, and who hears of changes.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};

use crate::change::{Change, Listener, Topic};
use crate::error::{LedgerError, Result};
use crate::migrations::Kind;
use crate::open::{connect, private_dir, private_file};
use crate::recover::{self, Places};

/// What the ledger is given.
#[derive(Clone)]
pub struct LedgerConfig {
    /// The folder; made when it is not there. On a local disk: locks over a network are not kept.
    pub dir: PathBuf,
    /// The time.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

impl std::fmt::Debug for LedgerConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LedgerConfig").field("dir", &self.dir).finish_non_exhaustive()
    }
}

/// Journal and archive. Cheap to clone; all clones are the same ledger.
///
/// Every method blocks for as long as the disk takes, which is a millisecond where nothing is wrong.
/// Times are kept to the microsecond.
#[derive(Clone)]
pub struct Ledger {
    inner: Arc<Inner>,
}

struct Inner {
    config: LedgerConfig,
    places: Places,
    // Order matters twice. Locks are taken in this order, journal first. And fields are dropped in
    // it: the archive's writer closes after its reader, so that it is the one that empties the
    // write-ahead log, and the folder is released last.
    journal: Mutex<Connection>,
    reader: Mutex<Connection>,
    archive: Mutex<Connection>,
    listener: RwLock<Option<Arc<Listener>>>,
    archive_set_aside: Option<PathBuf>,
    journal_set_aside: Option<PathBuf>,
    restored_from: Option<PathBuf>,
    _owned: Owned,
}

/// The lock on the folder. It is given up in so many words: a process that is just being started from
/// this one holds a copy of the file for a moment, and closing ours alone would leave it locked.
struct Owned(File);

impl Drop for Owned {
    fn drop(&mut self) {
        if let Err(error) = self.0.unlock() {
            tracing::debug!(%error, "the folder was not given up");
        }
    }
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger").field("dir", &self.inner.places.dir).finish_non_exhaustive()
    }
}

impl Ledger {
    /// Opens the ledger and owns its folder until the last clone is dropped.
    ///
    /// A damaged file is set aside and told of: see [`Ledger::was_archive_set_aside`],
    /// [`Ledger::was_journal_set_aside`] and [`Ledger::journal_restored_from`].
    /// [`LedgerError::LedgerInUse`] when somebody else owns the folder.
    pub fn open(config: LedgerConfig) -> Result<Self> {
        private_dir(&config.dir)?;
        let places = Places { dir: config.dir.clone() };
        let owned = private_file(&places.dir.join("ledger.lock"))?;
        match owned.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LedgerError::LedgerInUse),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let now = (config.now)();
        let journal = recover::open_journal(&places, now)?;
        let (archive, archive_set_aside) = recover::open_archive(&places, now)?;
        let reader = connect(&places.file(Kind::Archive), Kind::Archive)?;
        let ledger = Self {
            inner: Arc::new(Inner {
                config,
                places,
                journal: Mutex::new(journal.conn),
                reader: Mutex::new(reader),
                archive: Mutex::new(archive),
                listener: RwLock::new(None),
                archive_set_aside,
                journal_set_aside: journal.set_aside,
                restored_from: journal.restored_from,
                _owned: Owned(owned),
            }),
        };
        ledger.remember_origins()?;
        if let Err(error) = ledger.backup_if_due() {
            // The disk may be full; what is there can still be read.
            tracing::warn!(code = error.code(), "no backup was written");
        }
        Ok(ledger)
    }

    /// Who hears of changes; takes the place of the one before.
    pub fn on_change(&self, listener: Listener) {
        *self.inner.listener.write().unwrap_or_else(PoisonError::into_inner) =
            Some(Arc::new(listener));
    }

    /// Where a damaged archive was moved to at this start. It refills from the server.
    pub fn was_archive_set_aside(&self) -> Option<&Path> {
        self.inner.archive_set_aside.as_deref()
    }

    /// Where a damaged journal was moved to at this start. With no backup to restore, the journal
    /// began anew.
    pub fn was_journal_set_aside(&self) -> Option<&Path> {
        self.inner.journal_set_aside.as_deref()
    }

    /// The backup that took the damaged journal's place at this start.
    pub fn journal_restored_from(&self) -> Option<&Path> {
        self.inner.restored_from.as_deref()
    }

    /// Backs the journal up if the newest backup is a day old; seven are kept. Called at start and
    /// after each launch; a program that runs for days may call it as well.
    pub fn backup_if_due(&self) -> Result<()> {
        let now = self.now();
        self.journal(|conn| recover::backup_if_due(conn, &self.inner.places, now).map(drop))
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.inner.config.now)()
    }

    pub(crate) fn places(&self) -> &Places {
        &self.inner.places
    }

    /// Tells the listener, after the locks are released, so that it may read.
    pub(crate) fn tell(&self, topic: Topic, ids: Vec<i64>) {
        let listener = self.inner.listener.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(listener) = listener {
            listener(Change { topic, ids });
        }
    }

    pub(crate) fn journal<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let conn = lock(&self.inner.journal);
        self.watch(Kind::Journal, work(&conn))
    }

    /// One durable commit, or none.
    pub(crate) fn journal_write<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        let mut conn = lock(&self.inner.journal);
        self.watch(Kind::Journal, write(&mut conn, work))
    }

    pub(crate) fn archive<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let conn = lock(&self.inner.reader);
        self.watch(Kind::Archive, work(&conn))
    }

    pub(crate) fn archive_write<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        let mut conn = lock(&self.inner.archive);
        self.watch(Kind::Archive, write(&mut conn, work))
    }

    /// Everything at once, with nobody reading: journal, archive.
    pub(crate) fn alone<T>(
        &self,
        work: impl FnOnce(&mut Connection, &mut Connection) -> Result<T>,
    ) -> Result<T> {
        let mut journal = lock(&self.inner.journal);
        let _nobody_reads = lock(&self.inner.reader);
        let mut archive = lock(&self.inner.archive);
        work(&mut journal, &mut archive)
    }

    /// Leaves a mark beside a file in which damage was met, so that the next start looks into it.
    fn watch<T>(&self, kind: Kind, outcome: Result<T>) -> Result<T> {
        if let Err(LedgerError::Damaged(damage)) = &outcome {
            tracing::error!(file = kind.file_name(), damage, "damage was met");
            if let Err(error) = private_file(&self.inner.places.suspect(kind)) {
                tracing::warn!(code = error.code(), "the damage could not be marked");
            }
        }
        outcome
    }
}

fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    // A panic in the middle of a transaction rolled it back; the connection itself is sound.
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs `work` in one transaction that holds the write lock from its start.
pub(crate) fn write<T>(
    conn: &mut Connection,
    work: impl FnOnce(&Connection) -> Result<T>,
) -> Result<T> {
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should say so"
)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;
    use serde_json::json;

    use super::{Ledger, LedgerConfig};
    use crate::{NewLaunch, NewWorkspace, WorkspaceKind};

    fn house() -> (tempfile::TempDir, Ledger, NewLaunch) {
        let dir = tempfile::tempdir().unwrap();
        let now = Arc::new(|| Timestamp::from_second(1_790_000_000).unwrap());
        let ledger = Ledger::open(LedgerConfig { dir: dir.path().to_owned(), now }).unwrap();
        let (origin, label) = ("https://api.example".to_owned(), "Clinic".to_owned());
        let workspace = ledger
            .workspace_add(&NewWorkspace { kind: WorkspaceKind::Cekura, origin, label })
            .unwrap()
            .id;
        let draft = ledger.draft_open(workspace, "d", &json!({})).unwrap();
        let new = NewLaunch {
            id: "l".to_owned(),
            draft: "d".to_owned(),
            workspace,
            name: String::new(),
            token: String::new(),
            agent: 1,
            agent_name: String::new(),
            body: json!("x".repeat(100_000)),
            body_hash: String::new(),
            endpoint: String::new(),
            expected_calls: 1,
            credits_low: None,
            credits_high: None,
            mocks: json!(null),
            parent: None,
            app_version: String::new(),
            draft_seen: draft.changed_at,
        };
        (dir, ledger, new)
    }

    fn pragma(ledger: &Ledger, text: &str) {
        ledger.journal(|conn| Ok(conn.execute_batch(text)?)).unwrap();
    }

    #[test]
    fn a_full_disk_refuses_the_launch_and_leaves_the_draft() {
        let (_dir, ledger, new) = house();
        // As full as a disk gets: not one page more.
        pragma(&ledger, "PRAGMA max_page_count = 1");
        assert_eq!(ledger.launch_begin(&new).unwrap_err().code(), "disk_full");
        assert!(!ledger.draft("d").unwrap().spent);
        assert!(ledger.launches(new.workspace, 9).unwrap().is_empty());
        pragma(&ledger, "PRAGMA max_page_count = 1000000");
        ledger.launch_begin(&new).unwrap();
    }

    #[test]
    fn a_disk_that_cannot_be_written_refuses_the_launch_and_leaves_the_draft() {
        let (_dir, ledger, new) = house();
        pragma(&ledger, "PRAGMA query_only = ON");
        assert_eq!(ledger.launch_begin(&new).unwrap_err().code(), "disk_read_only");
        assert!(!ledger.draft("d").unwrap().spent);
        pragma(&ledger, "PRAGMA query_only = OFF");
        ledger.launch_begin(&new).unwrap();
    }

    #[test]
    fn both_files_are_opened_with_the_settings_they_need() {
        let (_dir, ledger, _) = house();
        let names = [
            "journal_mode",
            "synchronous",
            "foreign_keys",
            "trusted_schema",
            "cell_size_check",
            "secure_delete",
            "busy_timeout",
            "fullfsync",
            "checkpoint_fullfsync",
            "temp_store",
            "cache_size",
        ];
        let read = |conn: &rusqlite::Connection| {
            names
                .iter()
                .map(|name| {
                    Ok(conn.query_row(&format!("PRAGMA {name}"), [], |row| {
                        Ok(match row.get_ref(0)? {
                            rusqlite::types::ValueRef::Text(text) => {
                                String::from_utf8_lossy(text).into_owned()
                            }
                            _ => row.get::<_, i64>(0)?.to_string(),
                        })
                    })?)
                })
                .collect::<crate::Result<Vec<String>>>()
        };
        let journal = ledger.journal(read).unwrap();
        assert_eq!(journal, ["wal", "2", "1", "0", "1", "1", "5000", "1", "1", "2", "-256"]);
        let expected = ["wal", "1", "1", "0", "1", "1", "5000", "0", "0", "2", "-256"];
        assert_eq!(ledger.archive(read).unwrap(), expected);
        assert_eq!(ledger.archive_write(read).unwrap(), expected);
    }

    #[test]
    fn history_is_only_added_to() {
        let (_dir, ledger, new) = house();
        ledger.launch_begin(&new).unwrap();
        let rewritten = ledger
            .journal(|conn| Ok(conn.execute("UPDATE launch_events SET event = 'launched'", [])?));
        assert_eq!(rewritten.unwrap_err().code(), "ledger_failed");
        assert_eq!(ledger.launch_events("l").unwrap()[0].event, "sending");
    }

    #[test]
    fn a_panic_in_the_middle_of_a_commit_leaves_nothing_of_it() {
        let (_dir, ledger, new) = house();
        let inside = ledger.clone();
        let thread = std::thread::spawn(move || {
            let _: crate::Result<()> = inside.journal_write(|conn| {
                conn.execute("UPDATE drafts SET spent = 1", [])?;
                panic!("in the middle")
            });
        });
        assert!(thread.join().is_err());
        assert!(!ledger.draft("d").unwrap().spent);
        ledger.launch_begin(&new).unwrap();
    }
}
