//! The ledger itself: the folder it owns, its two files, and who hears of changes.

use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use jiff::Timestamp;
use rusqlite::{Connection, InterruptHandle, TransactionBehavior};
use tokio::runtime::{Handle, RuntimeFlavor};

use crate::backup;
use crate::change::{Change, Listener, Topic};
use crate::check::{self, Checks};
use crate::error::{LedgerError, Result};
use crate::migrations::Kind;
use crate::open::{checkpoint, connect, keep_log_at_close, private_dir, private_file};
use crate::places::{Failpoint, Places, mark_replaced, remove_if_there, write_mark};
use crate::recover::{self, FileIdentity, Recovery};

/// Connections that read the archive. A long read must not hold up a short one.
const READERS: usize = 3;

/// What the ledger is given.
#[derive(Clone)]
pub struct LedgerConfig {
    /// The folder; made when it is not there. On a local disk: locks over a network are not kept.
    pub dir: PathBuf,
    /// The time.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Hears the steps of recovery and backup, for tests.
    pub failpoint: Option<Failpoint>,
}

impl std::fmt::Debug for LedgerConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LedgerConfig").field("dir", &self.dir).finish_non_exhaustive()
    }
}

/// Journal and archive. Cheap to clone; all clones are the same ledger.
///
/// Every method blocks for as long as the disk takes: a row takes well under a millisecond where
/// nothing is wrong, ten thousand rows or a commit of five hundred take tens of milliseconds. Called
/// on a thread of a Tokio runtime that has several, it hands that thread's other tasks on first.
/// Times are kept to the microsecond.
#[derive(Clone)]
pub struct Ledger {
    inner: Arc<Inner>,
}

struct Inner {
    config: LedgerConfig,
    places: Places,
    // Locks are taken in this order. `None` once the ledger is closed.
    journal: Mutex<Option<OpenFile>>,
    archive: Mutex<Option<OpenFile>>,
    readers: [Mutex<Option<Connection>>; READERS],
    /// The reader to wait for when all are busy.
    next_reader: AtomicUsize,
    listener: RwLock<Option<Arc<Listener>>>,
    checks: Mutex<Checks>,
    /// Breaks off the check that is running.
    checking: Mutex<Option<InterruptHandle>>,
    owned: Mutex<Option<Owned>>,
}

/// A file with the connection that writes to it.
pub(crate) struct OpenFile {
    pub(crate) conn: Connection,
    /// Whether it has been checked since it was opened.
    pub(crate) checked: bool,
    path: PathBuf,
    /// The file that was opened.
    identity: Option<FileIdentity>,
}

impl OpenFile {
    pub(crate) fn new(conn: Connection, places: &Places, kind: Kind) -> Result<Self> {
        keep_log_at_close(&conn, false)?;
        let path = places.file(kind);
        let identity = FileIdentity::of(&path);
        Ok(Self { conn, checked: false, path, identity })
    }

    /// Whether the file is still the one at its path, so that the next start finds what is written.
    fn is_in_place(&self) -> bool {
        self.identity.is_some() && FileIdentity::of(&self.path) == self.identity
    }
}

/// The lock on the folder. It is unlocked explicitly: a child process between fork and exec holds a
/// copy of the file, and closing ours alone would leave it locked.
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
    /// Opens the ledger and owns its folder until it is closed or the last clone is dropped. Checks
    /// neither file: see [`Ledger::check`].
    ///
    /// A file that cannot be used is set aside: see [`Ledger::journal_recovery`] and
    /// [`Ledger::archive_recovery`]. [`LedgerError::LedgerInUse`] when somebody else owns the folder.
    pub fn open(config: LedgerConfig) -> Result<Self> {
        off_the_runtime(|| Self::open_here(config))
    }

    fn open_here(config: LedgerConfig) -> Result<Self> {
        private_dir(&config.dir)?;
        let places = Places { dir: config.dir.clone(), failpoint: config.failpoint.clone() };
        let owned = private_file(&places.dir.join("ledger.lock"))?;
        match owned.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LedgerError::LedgerInUse),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let owned = Owned(owned);
        let now = (config.now)();
        let whole_archive = check::has_whole_archive(&places);
        let journal = recover::open_journal(&places, now)?;
        let mut checks = Checks::due(&places, now);
        let archive = recover::open_archive(&places, now)?;
        checks.opened(&journal, &archive, whole_archive)?;
        let reader =
            || connect(&places.file(Kind::Archive), Kind::Archive).map(Some).map(Mutex::new);
        let readers = [reader()?, reader()?, reader()?];
        let ledger = Self {
            inner: Arc::new(Inner {
                config,
                readers,
                next_reader: AtomicUsize::new(0),
                journal: Mutex::new(Some(OpenFile::new(journal.conn, &places, Kind::Journal)?)),
                archive: Mutex::new(Some(OpenFile::new(archive.conn, &places, Kind::Archive)?)),
                places,
                listener: RwLock::new(None),
                checks: Mutex::new(checks),
                checking: Mutex::new(None),
                owned: Mutex::new(Some(owned)),
            }),
        };
        // Only now: a ledger that is there takes them away again when it is dropped.
        for kind in [Kind::Journal, Kind::Archive] {
            write_mark(&ledger.inner.places.open_mark(kind))?;
        }
        if let Err(error) = ledger.erase_copies_of_the_erased() {
            // Nothing of them is restored, and the erasing is not finished before they are gone.
            tracing::warn!(code = error.code(), "copies of what is erased are still there");
        }
        ledger.remember_origins()?;
        if let Err(error) = ledger.backup_if_due() {
            // The disk may be full; what is there can still be read.
            tracing::warn!(code = error.code(), "no backup was written");
        }
        Ok(ledger)
    }

    /// Empties the write-ahead logs into the files, closes them and gives up the folder. Every later
    /// call is [`LedgerError::Closed`]; closing twice is fine. A check that is running ends.
    pub fn close(&self) -> Result<()> {
        off_the_runtime(|| self.inner.close())
    }

    /// Who hears of changes; takes the place of the one before.
    pub fn on_change(&self, listener: Listener) {
        *self.inner.listener.write().unwrap_or_else(PoisonError::into_inner) =
            Some(Arc::new(listener));
    }

    /// What had to be done to the archive since it was opened. It refills from the server.
    pub fn archive_recovery(&self) -> Option<Recovery> {
        self.checks().archive_recovery.clone()
    }

    /// What had to be done to the journal since it was opened.
    pub fn journal_recovery(&self) -> Option<Recovery> {
        self.checks().journal_recovery.clone()
    }

    /// Backs the journal up if the newest backup is a day old; seven are kept. Called at start and
    /// after each launch; a program that runs for days may call it as well.
    pub fn backup_if_due(&self) -> Result<()> {
        let now = self.now();
        self.journal(|conn| backup::backup_if_due(conn, &self.inner.places, now).map(drop))
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.inner.config.now)()
    }

    pub(crate) fn places(&self) -> &Places {
        &self.inner.places
    }

    pub(crate) fn checks(&self) -> MutexGuard<'_, Checks> {
        lock(&self.inner.checks)
    }

    pub(crate) fn checking(&self) -> MutexGuard<'_, Option<InterruptHandle>> {
        lock(&self.inner.checking)
    }

    /// Tells the listener, after the locks are released, so that it may read.
    pub(crate) fn tell(&self, topic: Topic, ids: Vec<i64>) {
        let listener = self.inner.listener.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(listener) = listener {
            listener(Change { topic, ids });
        }
    }

    pub(crate) fn journal<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        off_the_runtime(|| {
            let journal = lock(&self.inner.journal);
            let journal = journal.as_ref().ok_or(LedgerError::Closed)?;
            self.watch(Kind::Journal, work(&journal.conn))
        })
    }

    /// One durable commit, or none.
    pub(crate) fn journal_write<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        off_the_runtime(|| {
            let mut journal = lock(&self.inner.journal);
            let journal = journal.as_mut().ok_or(LedgerError::Closed)?;
            self.watch(Kind::Journal, write(&mut journal.conn, work))
        })
    }

    /// The same for what must be written down before money is spent: the journal has been checked
    /// since it was opened, and is still the file at its path; otherwise
    /// [`LedgerError::JournalMoved`].
    pub(crate) fn journal_write_paid<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        off_the_runtime(|| {
            self.check_journal()?;
            let mut journal = lock(&self.inner.journal);
            let journal = journal.as_mut().ok_or(LedgerError::Closed)?;
            if !journal.is_in_place() {
                return Err(LedgerError::JournalMoved);
            }
            self.watch(Kind::Journal, write(&mut journal.conn, work))
        })
    }

    pub(crate) fn archive<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        off_the_runtime(|| {
            let reader = self.reader();
            let conn = reader.as_ref().ok_or(LedgerError::Closed)?;
            self.watch(Kind::Archive, work(conn))
        })
    }

    /// A reader that is free, or the next one in turn.
    fn reader(&self) -> MutexGuard<'_, Option<Connection>> {
        let readers = &self.inner.readers;
        if let Some(free) = readers.iter().find_map(|reader| reader.try_lock().ok()) {
            return free;
        }
        let turn = self.inner.next_reader.fetch_add(1, Ordering::Relaxed);
        lock(&readers[turn % READERS])
    }

    pub(crate) fn archive_write<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        off_the_runtime(|| {
            let mut archive = lock(&self.inner.archive);
            let archive = archive.as_mut().ok_or(LedgerError::Closed)?;
            self.watch(Kind::Archive, write(&mut archive.conn, work))
        })
    }

    /// The same for rows of a workspace. [`LedgerError::NotFound`] where that has been erased, so that
    /// a read that was in flight brings nothing of it back.
    pub(crate) fn archive_write_of<T>(
        &self,
        workspace: i64,
        work: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        self.archive_write(|conn| {
            let known: bool = conn
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM origins WHERE workspace = ?1)")?
                .query_row([workspace], |row| row.get(0))?;
            if known { work(conn) } else { Err(LedgerError::NotFound) }
        })
    }

    /// The journal's connection, for what is no transaction.
    pub(crate) fn journal_alone<T>(
        &self,
        work: impl FnOnce(&mut Option<OpenFile>) -> Result<T>,
    ) -> Result<T> {
        off_the_runtime(|| {
            let mut journal = lock(&self.inner.journal);
            if journal.is_none() {
                return Err(LedgerError::Closed);
            }
            work(&mut journal)
        })
    }

    /// The archive's writer, for what is no transaction; others go on reading.
    pub(crate) fn archive_writer<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T>,
    ) -> Result<T> {
        off_the_runtime(|| {
            let mut archive = lock(&self.inner.archive);
            work(&mut archive.as_mut().ok_or(LedgerError::Closed)?.conn)
        })
    }

    /// The archive with nobody reading or writing it: its writer and its readers.
    pub(crate) fn archive_alone<T>(
        &self,
        work: impl FnOnce(&mut Option<OpenFile>, &mut [&mut Option<Connection>]) -> Result<T>,
    ) -> Result<T> {
        off_the_runtime(|| {
            let mut archive = lock(&self.inner.archive);
            if archive.is_none() {
                return Err(LedgerError::Closed);
            }
            let mut readers: Vec<_> = self.inner.readers.iter().map(lock).collect();
            let mut readers: Vec<&mut Option<Connection>> =
                readers.iter_mut().map(|reader| &mut **reader).collect();
            work(&mut archive, &mut readers)
        })
    }

    /// Leaves a mark beside a file in which damage was met, so that the next start checks it.
    fn watch<T>(&self, kind: Kind, outcome: Result<T>) -> Result<T> {
        if let Err(LedgerError::Damaged(damage)) = &outcome {
            tracing::error!(file = kind.file_name(), damage, "damage was met");
            if let Err(error) = write_mark(&self.inner.places.suspect_mark(kind)) {
                tracing::warn!(code = error.code(), "the damage could not be marked");
            }
        }
        outcome
    }
}

impl Inner {
    fn close(&self) -> Result<()> {
        if let Some(check) = lock(&self.checking).take() {
            check.interrupt();
        }
        let mut journal = lock(&self.journal);
        let mut archive = lock(&self.archive);
        for reader in &self.readers {
            drop(lock(reader).take());
        }
        // The journal is checked by each start; of the archive the mark says whether it is to be.
        let archive_is_due = lock(&self.checks).archive_is_due();
        let closed = [
            (Kind::Journal, journal.take(), false),
            (Kind::Archive, archive.take(), archive_is_due),
        ]
        .map(|(kind, file, due)| {
            file.map_or(Ok(()), |file| close_file(&self.places, kind, &file, due))
        });
        drop(lock(&self.owned).take());
        closed.into_iter().collect()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Err(error) = self.close() {
            tracing::warn!(code = error.code(), "the ledger was not closed");
        }
    }
}

/// Empties the log, then takes away the mark of an open file, and only then lets the log be removed:
/// a process that ends in between leaves a file that is either marked and has its log, or needs none.
///
/// Where another file is at its path, the mark tells the next start that it is not all of what was
/// written.
fn close_file(places: &Places, kind: Kind, file: &OpenFile, check_is_due: bool) -> Result<()> {
    if let Err(error) = checkpoint(&file.conn) {
        // What is in the log stays there for the next start.
        keep_log_at_close(&file.conn, true)?;
        return Err(error);
    }
    if !file.is_in_place() {
        tracing::warn!(file = kind.file_name(), "moved or replaced while it was open");
        return mark_replaced(&places.open_mark(kind));
    }
    if check_is_due {
        // The mark stays for the next start, and with it the log, which is empty.
        return keep_log_at_close(&file.conn, true);
    }
    remove_if_there(&places.open_mark(kind))
}

fn lock<T>(connection: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic in the middle of a transaction rolled it back; the connection itself is sound.
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs work that blocks without holding up the other tasks of the runtime whose thread this is. A
/// runtime of one thread has nobody to hand them to, and is only used in tests.
fn off_the_runtime<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
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
mod tests;
