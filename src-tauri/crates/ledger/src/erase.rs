//! Erasing: nothing of it is left in any file. The archive may hold gigabytes, so it is erased in
//! steps between which everybody else goes on, and an erasing that was cut off is finished later.

use rusqlite::Connection;

use crate::backup::backup;
use crate::change::Topic;
use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;
use crate::migrations::Kind;
use crate::open::checkpoint;
use crate::places::{remove_database, remove_dir_if_there, remove_if_there};

/// Rows of a table erased in one step. With a transcript each, they are some megabytes.
const ROWS: u32 = 200;
/// Pages given back to the system in one step: eight megabytes.
const PAGES: u32 = 2_000;

/// Tables of the archive that hold rows of a workspace, and the column that tells them apart.
///
/// First which server they came from, once more: another workspace that was added meanwhile may have
/// had it written again, and while it is there, rows are taken.
const OF_WORKSPACE: [(&str, &str); 8] = [
    ("origins", "workspace"),
    ("catalogue", "workspace"),
    ("evaluators", "id"),
    ("result_bodies", "id"),
    ("call_updates", "id"),
    ("call_bodies", "id"),
    ("calls", "id"),
    ("results", "id"),
];

impl Ledger {
    /// Erases a workspace and everything kept of it, in steps. Backups and files that were set aside
    /// hold it as well, so they go too; a fresh backup of the rest takes their place.
    /// [`LedgerError::NotFound`] if there is none of this id.
    pub fn workspace_erase(&self, id: i64) -> Result<()> {
        self.erase_begin(&[id])?;
        let now = self.now();
        if let Err(error) = self.journal(|conn| backup(conn, self.places(), now).map(drop)) {
            // No reason to leave the rest of the workspace there: who asks again is told that there is
            // none.
            tracing::warn!(code = error.code(), "no backup was written");
        }
        self.tell_all();
        self.erase_rest()?;
        self.tell_all();
        Ok(())
    }

    /// Erases everything: workspaces, launches, drafts, plans, notes, settings, results, calls, the
    /// backups, and what was set aside. What remains is two empty databases and the lock.
    pub fn erase_all(&self) -> Result<()> {
        let all: Vec<i64> = self.workspaces()?.into_iter().map(|workspace| workspace.id).collect();
        self.journal_write(|conn| {
            conn.execute("DELETE FROM settings", [])?;
            Ok(())
        })?;
        self.erase_begin(&all)?;
        // Also what a lost journal left behind there.
        let orphans: Vec<i64> = self.archive(|conn| {
            let mut statement = conn.prepare("SELECT workspace FROM origins")?;
            let ids = statement.query_map([], |row| row.get(0))?;
            Ok(ids.collect::<rusqlite::Result<_>>()?)
        })?;
        self.erase_mark(&orphans)?;
        self.tell_all();
        self.erase_rest()?;
        self.tell_all();
        Ok(())
    }

    /// Whether something that was to be erased is still in the archive, because the program ended:
    /// see [`Ledger::erase_rest`].
    pub fn has_to_erase(&self) -> Result<bool> {
        Ok(!self.erasures()?.is_empty())
    }

    /// Finishes an erasing that was cut off: the copies, then the rest. To be called once the window is
    /// there.
    pub fn erase_unfinished(&self) -> Result<()> {
        if !self.has_to_erase()? {
            return Ok(());
        }
        self.journal_alone(|_| self.erase_copies())?;
        self.erase_rest()?;
        self.backup_if_due()
    }

    /// Erases what is left of workspaces that are being erased. Takes its time; others go on between
    /// its steps.
    pub fn erase_rest(&self) -> Result<()> {
        for workspace in self.erasures()? {
            for (table, column) in OF_WORKSPACE {
                let delete = format!(
                    "DELETE FROM {table} WHERE workspace = ?1 AND {column} IN
                         (SELECT {column} FROM {table} WHERE workspace = ?1 LIMIT {ROWS})"
                );
                while self.archive_write(|conn| Ok(conn.execute(&delete, [workspace])?))? > 0 {
                    self.places().at("erase.step")?;
                }
            }
            self.places().at("erase.rows_gone")?;
            self.shrink_archive()?;
            self.places().at("erase.shrunk")?;
            self.journal_write(|conn| {
                conn.execute("DELETE FROM erasures WHERE workspace = ?1", [workspace])?;
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Takes workspaces out of the journal and its copies. From here on they are not known, and the
    /// archive takes nothing of them any more.
    fn erase_begin(&self, ids: &[i64]) -> Result<()> {
        let known = self.workspaces()?;
        if ids.iter().any(|id| !known.iter().any(|workspace| workspace.id == *id)) {
            return Err(LedgerError::NotFound);
        }
        self.erase_mark(ids)?;
        self.places().at("erase.marked")?;
        // A restore must not read the copies, or set anything aside, meanwhile.
        self.journal_alone(|_| self.erase_copies())?;
        self.places().at("erase.copies_gone")?;
        self.journal_alone(|journal| journal.as_ref().map_or(Ok(()), |open| compact(&open.conn)))
    }

    fn erase_mark(&self, ids: &[i64]) -> Result<()> {
        // A program that ends between the two finds the workspace whole.
        self.archive_write(|conn| {
            for id in ids {
                conn.execute("DELETE FROM origins WHERE workspace = ?1", [id])?;
            }
            Ok(())
        })?;
        self.places().at("erase.begun")?;
        self.journal_write(|conn| {
            for id in ids {
                conn.execute("INSERT OR IGNORE INTO erasures (workspace) VALUES (?1)", [id])?;
                conn.execute("DELETE FROM workspaces WHERE id = ?1", [id])?;
            }
            Ok(())
        })
    }

    /// At start: copies of what is being erased must not be restored from.
    pub(crate) fn erase_copies_of_the_erased(&self) -> Result<()> {
        if self.has_to_erase()? { self.erase_copies() } else { Ok(()) }
    }

    fn erasures(&self) -> Result<Vec<i64>> {
        self.journal(|conn| {
            let mut statement = conn.prepare_cached("SELECT workspace FROM erasures")?;
            let ids = statement.query_map([], |row| row.get(0))?;
            Ok(ids.collect::<rusqlite::Result<_>>()?)
        })
    }

    fn erase_copies(&self) -> Result<()> {
        remove_dir_if_there(&self.places().backups())?;
        remove_dir_if_there(&self.places().set_aside())?;
        // Left by a restore that failed while the program went on.
        remove_database(&self.places().restoring())?;
        remove_if_there(&self.places().suspect_mark(Kind::Journal))?;
        remove_if_there(&self.places().suspect_mark(Kind::Archive))
    }

    /// Gives the room of erased rows back. What was in them is gone already (`secure_delete`), but
    /// for the write-ahead log.
    fn shrink_archive(&self) -> Result<()> {
        let incremental = self.archive_writer(|conn| {
            let mode: i64 = conn.query_row("PRAGMA auto_vacuum", [], |row| row.get(0))?;
            Ok(mode == 2)
        })?;
        if incremental {
            let free = |conn: &Connection| -> Result<i64> {
                Ok(conn.query_row("PRAGMA freelist_count", [], |row| row.get(0))?)
            };
            while self.archive_writer(|conn| {
                conn.execute_batch(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
                Ok(free(conn)? > 0)
            })? {}
        } else {
            // An archive of the first version, once: from then on it gives room back in steps.
            self.archive_writer(|conn| {
                Ok(conn.execute_batch("PRAGMA auto_vacuum = INCREMENTAL; VACUUM")?)
            })?;
        }
        self.archive_alone(|writer, _| {
            writer.as_ref().map_or(Ok(()), |open| checkpoint(&open.conn))
        })
    }

    pub(crate) fn tell_all(&self) {
        for topic in [
            Topic::Workspaces,
            Topic::Settings,
            Topic::Drafts,
            Topic::Launches,
            Topic::Plans,
            Topic::Notes,
            Topic::Catalogue,
            Topic::Results,
            Topic::Calls,
        ] {
            self.tell(topic, Vec::new());
        }
    }
}

/// Takes deleted rows out of the file and out of the write-ahead log.
fn compact(conn: &Connection) -> Result<()> {
    conn.execute_batch("VACUUM")?;
    checkpoint(conn)
}
