//! Whether the files are sound. A check reads the whole file, so none is made before a start is over:
//! the journal is checked in the background then, and before the first paid request in any case; the
//! archive only when something is wrong, or a month after the last time.

use std::fs;

use jiff::{SignedDuration, Timestamp};

use crate::change::Topic;
use crate::error::{LedgerError, Result};
use crate::ledger::{Ledger, OpenFile};
use crate::migrations::Kind;
use crate::open::{Check, check_now, connect, keep_log_at_close, open_unchecked, private_file};
use crate::places::{Places, length, remove_if_there};
use crate::recover::{self, Opened, Recovery};

/// Time between full checks of the archive.
const CHECK_EVERY: SignedDuration = SignedDuration::from_hours(24 * 30);

/// What is to be checked, and what came of it.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    archive: Option<Check>,
    pub(crate) journal_recovery: Option<Recovery>,
    pub(crate) archive_recovery: Option<Recovery>,
}

impl Checks {
    /// What the last process left to be checked. The journal always is: it is small.
    pub(crate) fn due(places: &Places, now: Timestamp) -> Self {
        let last = fs::read_to_string(places.checked())
            .ok()
            .and_then(|text| text.trim().parse::<Timestamp>().ok());
        let due = last.is_some_and(|at| now.duration_since(at).abs() > CHECK_EVERY);
        // The archive may be large: after a process that was killed, the quick check has to do.
        let archive = if due {
            Some(Check::Full)
        } else {
            places.open_mark(Kind::Archive).exists().then_some(Check::Quick)
        };
        if last.is_none() {
            write_checked(places, now);
        }
        Self { archive, ..Self::default() }
    }

    /// Whether the archive is still to be checked.
    pub(crate) fn archive_is_due(&self) -> bool {
        self.archive.is_some()
    }

    /// Notes what had to be done to open the files. `whole_archive` tells whether all of the archive was
    /// there.
    pub(crate) fn opened(
        &mut self,
        journal: &Opened,
        archive: &Opened,
        whole_archive: bool,
    ) -> Result<()> {
        self.journal_recovery.clone_from(&journal.recovery);
        self.archive_recovery.clone_from(&archive.recovery);
        // A journal that knows a workspace had an archive beside it. What is missing of it is read
        // from the server again.
        let known: bool =
            journal
                .conn
                .query_row("SELECT EXISTS (SELECT 1 FROM workspaces)", [], |row| row.get(0))?;
        if !whole_archive && known && self.archive_recovery.is_none() {
            self.archive_recovery = Some(Recovery::default());
        }
        Ok(())
    }
}

/// Whether there is an archive, and all of it.
pub(crate) fn has_whole_archive(places: &Places) -> bool {
    length(&places.file(Kind::Archive)).is_some_and(|length| length > 0)
        && !places.is_incomplete(Kind::Archive)
}

fn write_checked(places: &Places, now: Timestamp) {
    // A failure to write this costs one more check, nothing else.
    let written = private_file(&places.checked())
        .and_then(|_| Ok(fs::write(places.checked(), now.to_string())?));
    if let Err(error) = written {
        tracing::warn!(code = error.code(), "the time of the check was not kept");
    }
}

impl Ledger {
    /// Checks the files and mends what it finds, as [`Ledger::open`] does. Returns whether anything
    /// had to be done: then [`Ledger::journal_recovery`] and [`Ledger::archive_recovery`] say what.
    ///
    /// Reads the journal, and after a process that was killed the whole archive, beside everybody
    /// else: to be called on a thread of its own once the window is there. Ends with
    /// [`LedgerError::Interrupted`] when the ledger is closed meanwhile.
    pub fn check(&self) -> Result<bool> {
        let journal = self.check_journal()?;
        let archive = self.check_archive()?;
        Ok(journal || archive)
    }

    /// Checks the journal once after it was opened. Returns whether it had to be restored.
    pub(crate) fn check_journal(&self) -> Result<bool> {
        let mut done_before = false;
        let restored = self.journal_alone(|journal| {
            let Some(open) = journal.as_mut().filter(|open| !open.checked) else {
                done_before = true;
                return Ok(None);
            };
            let sound = check_now(&open.conn, Check::Full).and_then(|()| {
                if recover::is_behind_a_copy(&open.conn, self.places())? {
                    return Err(LedgerError::Damaged("a copy of it knows more".to_owned()));
                }
                Ok(())
            });
            match sound {
                Ok(()) => {
                    remove_if_there(&self.places().suspect_mark(Kind::Journal))?;
                    open.checked = true;
                    Ok(None)
                }
                Err(LedgerError::Damaged(damage)) => {
                    self.restore_open_journal(journal, &damage).map(Some)
                }
                Err(other) => Err(other),
            }
        })?;
        if done_before {
            return Ok(false);
        }
        let spent = self.spend_what_the_archive_knows().unwrap_or_else(|error| {
            // An archive that cannot be read is no reason to place nothing.
            tracing::warn!(code = error.code(), "the archive was not asked about drafts");
            0
        });
        let Some(recovery) = restored else {
            if spent > 0 {
                self.tell(Topic::Drafts, Vec::new());
            }
            return Ok(false);
        };
        self.checks().journal_recovery = Some(recovery);
        self.remember_origins()?;
        self.tell_all();
        Ok(true)
    }

    /// Puts a restored journal in the place of the open one.
    fn restore_open_journal(
        &self,
        journal: &mut Option<OpenFile>,
        damage: &str,
    ) -> Result<Recovery> {
        let places = self.places();
        if let Some(open) = journal.take() {
            // Its log is set aside with it.
            keep_log_at_close(&open.conn, true)?;
        }
        let restored = recover::restore_journal(places, self.now(), damage);
        let (opened, outcome) = match restored {
            Ok(Opened { conn, recovery }) => (Ok(conn), Ok(recovery.unwrap_or_default())),
            // As it was: what can be read of it still can, and nothing is placed with it.
            Err(error) => (
                open_unchecked(&places.file(Kind::Journal), Kind::Journal, &mut |_, _| Ok(())),
                Err(error),
            ),
        };
        let mut file = OpenFile::new(opened?, places, Kind::Journal)?;
        file.checked = outcome.is_ok();
        *journal = Some(file);
        outcome
    }

    /// Spends drafts of which the archive knows that they were launched. Returns how many.
    fn spend_what_the_archive_knows(&self) -> Result<usize> {
        let open = self.drafts_open()?;
        if open.is_empty() {
            return Ok(0);
        }
        let launched: Vec<String> = self.archive(|conn| {
            let mut statement = conn.prepare(
                "SELECT DISTINCT draft FROM results
                 WHERE draft IN (SELECT value FROM json_each(?1))",
            )?;
            let rows = statement.query_map([serde_json::to_string(&open)?], |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })?;
        if !launched.is_empty() {
            tracing::warn!(drafts = launched.len(), "drafts had been launched");
            self.drafts_spend(&launched)?;
        }
        Ok(launched.len())
    }

    fn check_archive(&self) -> Result<bool> {
        // Damage may have been met since it was opened.
        let suspect = self.places().suspect_mark(Kind::Archive).exists().then_some(Check::Full);
        let due = self.checks().archive;
        let Some(check) = suspect.or(due) else { return Ok(false) };
        let conn = connect(&self.places().file(Kind::Archive), Kind::Archive)?;
        *self.checking() = Some(conn.get_interrupt_handle());
        // It may have been closed in between, and then nobody would break the check off.
        self.archive(|_| Ok(()))?;
        let sound = check_now(&conn, check);
        *self.checking() = None;
        drop(conn);
        let damaged = match sound {
            Ok(()) => None,
            Err(LedgerError::Damaged(damage)) => Some(damage),
            Err(other) => return Err(other),
        };
        self.checks().archive = None;
        if check == Check::Full {
            write_checked(self.places(), self.now());
        }
        let Some(damage) = damaged else {
            remove_if_there(&self.places().suspect_mark(Kind::Archive))?;
            return Ok(false);
        };
        let recovery = self.archive_alone(|writer, readers| {
            let path = self.places().file(Kind::Archive);
            for reader in readers.iter_mut() {
                **reader = None;
            }
            if let Some(open) = writer.take() {
                keep_log_at_close(&open.conn, true)?;
            }
            let (conn, recovery) =
                match recover::replace_archive(self.places(), self.now(), &damage) {
                    Ok(opened) => (opened.conn, Ok(opened.recovery)),
                    Err(error) => {
                        // It may have been moved already: then an empty one takes its place all the
                        // same, and that is told.
                        let moved = length(&path).is_none();
                        tracing::warn!(code = error.code(), moved, "the archive was not replaced");
                        let conn = open_unchecked(&path, Kind::Archive, &mut |_, _| Ok(()))?;
                        (conn, if moved { Ok(Some(Recovery::default())) } else { Err(error) })
                    }
                };
            *writer = Some(OpenFile::new(conn, self.places(), Kind::Archive)?);
            for reader in readers.iter_mut() {
                **reader = Some(connect(&path, Kind::Archive)?);
            }
            recovery
        })?;
        self.checks().archive_recovery = recovery;
        self.remember_origins()?;
        self.tell_all();
        Ok(true)
    }
}
