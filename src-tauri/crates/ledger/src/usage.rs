//! What is kept on this computer, and erasing it.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::change::Topic;
use crate::error::{LedgerError, Result};
use crate::ledger::{Ledger, write};
use crate::migrations::Kind;
use crate::recover::{backup, remove_dir_if_there, remove_if_there};

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

/// Tables of the archive that hold rows of a workspace.
const OF_WORKSPACE: [&str; 8] = [
    "catalogue",
    "evaluators",
    "result_bodies",
    "call_updates",
    "call_bodies",
    "calls",
    "results",
    "origins",
];

impl Ledger {
    /// What is kept on this computer.
    pub fn usage(&self) -> Result<Usage> {
        let places = self.places();
        let size = |kind| bytes(&places.file(kind)) + bytes(&places.wal(kind));
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

    /// Erases a workspace and everything kept of it. Backups and files that were set aside hold it
    /// as well, so they go too; a fresh backup of the rest takes their place.
    /// [`LedgerError::NotFound`] if there is none of this id.
    pub fn workspace_erase(&self, id: i64) -> Result<()> {
        let now = self.now();
        self.alone(|journal, archive| {
            // The archive goes first: should the program end here, the workspace is still listed
            // and can be erased again.
            let known: bool = journal.query_row(
                "SELECT EXISTS (SELECT 1 FROM workspaces WHERE id = ?1)",
                [id],
                |row| row.get(0),
            )?;
            if !known {
                return Err(LedgerError::NotFound);
            }
            write(archive, |conn| {
                for table in OF_WORKSPACE {
                    conn.execute(&format!("DELETE FROM {table} WHERE workspace = ?1"), [id])?;
                }
                Ok(())
            })?;
            leave_nothing(archive)?;
            write(journal, |conn| {
                conn.execute("DELETE FROM workspaces WHERE id = ?1", [id])?;
                Ok(())
            })?;
            leave_nothing(journal)?;
            self.erase_copies()?;
            backup(journal, self.places(), now).map(drop)
        })?;
        self.tell_all();
        Ok(())
    }

    /// Erases everything: workspaces, launches, drafts, plans, notes, settings, results, calls, the
    /// backups, and what was set aside. What remains is two empty databases and the lock.
    pub fn erase_all(&self) -> Result<()> {
        self.alone(|journal, archive| {
            write(archive, |conn| {
                for table in OF_WORKSPACE {
                    conn.execute(&format!("DELETE FROM {table}"), [])?;
                }
                Ok(())
            })?;
            leave_nothing(archive)?;
            write(journal, |conn| {
                // Everything else hangs on a workspace.
                conn.execute("DELETE FROM workspaces", [])?;
                conn.execute("DELETE FROM settings", [])?;
                Ok(())
            })?;
            leave_nothing(journal)?;
            self.erase_copies()
        })?;
        self.tell_all();
        Ok(())
    }

    fn erase_copies(&self) -> Result<()> {
        remove_dir_if_there(&self.places().backups())?;
        remove_dir_if_there(&self.places().set_aside())?;
        remove_if_there(&self.places().suspect(Kind::Journal))?;
        remove_if_there(&self.places().suspect(Kind::Archive))
    }

    fn tell_all(&self) {
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
fn leave_nothing(conn: &Connection) -> Result<()> {
    conn.execute_batch("VACUUM")?;
    let (busy, _, _): (i64, i64, i64) =
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    if busy == 0 {
        Ok(())
    } else {
        Err(LedgerError::Failed("the write-ahead log could not be emptied".to_owned()))
    }
}

/// Bytes of a file, or of everything in a folder.
fn bytes(path: &Path) -> u64 {
    match fs::read_dir(path) {
        Ok(entries) => entries.filter_map(|entry| Some(bytes(&entry.ok()?.path()))).sum(),
        Err(_) => fs::metadata(path).map_or(0, |file| file.len()),
    }
}
