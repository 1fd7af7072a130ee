//! Workspaces: which servers there are. Never their keys; there is no column for one.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::Value;

use crate::change::Topic;
use crate::columns::{Columns, micros};
use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;

/// Which kind of server a workspace talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkspaceKind {
    /// The practice studio on this computer.
    Practice,
    /// A Cekura server, or one that speaks its API.
    Cekura,
}

/// One account, or the practice studio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Local id, never used again for another origin.
    pub id: i64,
    /// Practice or real.
    pub kind: WorkspaceKind,
    /// Scheme, host and port of the server, or the practice studio's fixed name. Unique.
    pub origin: String,
    /// The name people see.
    pub label: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last opened.
    pub used_at: Timestamp,
}

/// A workspace to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWorkspace {
    /// Practice or real.
    pub kind: WorkspaceKind,
    /// See [`Workspace::origin`].
    pub origin: String,
    /// The name people see, unless they have given another one.
    pub label: String,
}

const COLUMNS: &str = "id, kind, origin, label, created_at, used_at";

fn workspace_of(row: &Row<'_>) -> rusqlite::Result<Workspace> {
    let mut columns = Columns::of(row);
    Ok(Workspace {
        id: columns.int()?,
        kind: if columns.text()? == "practice" {
            WorkspaceKind::Practice
        } else {
            WorkspaceKind::Cekura
        },
        origin: columns.text()?,
        label: columns.text()?,
        created_at: columns.time()?,
        used_at: columns.time()?,
    })
}

fn workspace_in(conn: &Connection, id: i64) -> Result<Workspace> {
    let sql = format!("SELECT {COLUMNS} FROM workspaces WHERE id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], workspace_of)?)
}

impl Ledger {
    /// All workspaces, the last used first.
    pub fn workspaces(&self) -> Result<Vec<Workspace>> {
        self.journal(|conn| {
            let sql = format!("SELECT {COLUMNS} FROM workspaces ORDER BY used_at DESC, id DESC");
            let mut statement = conn.prepare_cached(&sql)?;
            Ok(statement.query_map([], workspace_of)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The workspace that is open, or was when the program ended.
    pub fn workspace_current(&self) -> Result<Option<Workspace>> {
        self.journal(|conn| {
            let sql = format!("SELECT {COLUMNS} FROM workspaces WHERE current = 1");
            Ok(conn.prepare_cached(&sql)?.query_row([], workspace_of).optional()?)
        })
    }

    /// A workspace; [`LedgerError::NotFound`] if there is none of this id.
    pub fn workspace(&self, id: i64) -> Result<Workspace> {
        self.journal(|conn| workspace_in(conn, id))
    }

    /// Adds a workspace, or gives the one that has this origin already; its label is brought up to
    /// date unless a person has chosen one.
    pub fn workspace_add(&self, new: &NewWorkspace) -> Result<Workspace> {
        let now = micros(self.now());
        // Rows of this origin that outlived a lost journal are found again under their old id, and
        // no other origin is ever given an id that stands in the archive.
        let (known, highest) = self.archive(|conn| {
            let known: Option<i64> = conn
                .query_row(
                    "SELECT workspace FROM origins WHERE origin = ?1",
                    [&new.origin],
                    |row| row.get(0),
                )
                .optional()?;
            let highest: i64 =
                conn.query_row("SELECT coalesce(max(workspace), 0) FROM origins", [], |row| {
                    row.get(0)
                })?;
            Ok((known, highest))
        })?;
        let workspace = self.journal_write(|conn| {
            let existing: Option<i64> = conn
                .query_row("SELECT id FROM workspaces WHERE origin = ?1", [&new.origin], |row| {
                    row.get(0)
                })
                .optional()?;
            let id = if let Some(id) = existing {
                conn.execute(
                    "UPDATE workspaces SET label = ?2 WHERE id = ?1 AND renamed = 0",
                    (id, &new.label),
                )?;
                id
            } else {
                let ever: i64 = conn.query_row(
                    "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'workspaces'",
                    [],
                    |row| row.get(0),
                )?;
                let taken: bool = conn.query_row(
                    "SELECT EXISTS (SELECT 1 FROM workspaces WHERE id = ?1)",
                    [known],
                    |row| row.get(0),
                )?;
                let id = known.filter(|_| !taken).unwrap_or(ever.max(highest) + 1);
                let kind = match new.kind {
                    WorkspaceKind::Practice => "practice",
                    WorkspaceKind::Cekura => "cekura",
                };
                conn.execute(
                    "INSERT INTO workspaces (id, kind, origin, label, created_at, used_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
                    (id, kind, &new.origin, &new.label, now),
                )?;
                id
            };
            workspace_in(conn, id)
        })?;
        self.remember_origins()?;
        self.tell(Topic::Workspaces, Vec::new());
        Ok(workspace)
    }

    /// No workspace is open any more.
    pub fn workspace_close(&self) -> Result<()> {
        self.journal_write(|conn| {
            conn.execute("UPDATE workspaces SET current = 0 WHERE current = 1", [])?;
            Ok(())
        })?;
        self.tell(Topic::Workspaces, Vec::new());
        Ok(())
    }

    /// Gives a workspace the name a person chose.
    pub fn workspace_rename(&self, id: i64, label: &str) -> Result<()> {
        self.journal_write(|conn| {
            let changed = conn.execute(
                "UPDATE workspaces SET label = ?2, renamed = 1 WHERE id = ?1",
                (id, label),
            )?;
            if changed == 0 { Err(LedgerError::NotFound) } else { Ok(()) }
        })?;
        self.tell(Topic::Workspaces, Vec::new());
        Ok(())
    }

    /// A workspace is opened: it becomes the current one and the last used.
    pub fn workspace_touch(&self, id: i64) -> Result<()> {
        let now = micros(self.now());
        self.journal_write(|conn| {
            conn.execute("UPDATE workspaces SET current = 0 WHERE id <> ?1", [id])?;
            let changed = conn.execute(
                "UPDATE workspaces SET current = 1, used_at = ?2 WHERE id = ?1",
                (id, now),
            )?;
            if changed == 0 { Err(LedgerError::NotFound) } else { Ok(()) }
        })?;
        self.tell(Topic::Workspaces, Vec::new());
        Ok(())
    }

    /// Writes into the archive whose rows it holds.
    pub(crate) fn remember_origins(&self) -> Result<()> {
        let all = self.workspaces()?;
        let known = self.archive(|conn| {
            let mut statement = conn.prepare_cached("SELECT workspace, origin FROM origins")?;
            let rows = statement.query_map([], |row| {
                let mut columns = Columns::of(row);
                Ok((columns.int()?, columns.text()?))
            })?;
            Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
        })?;
        let lacking: Vec<&Workspace> = all
            .iter()
            .filter(|one| !known.iter().any(|(id, origin)| *id == one.id && *origin == one.origin))
            .collect();
        if lacking.is_empty() {
            return Ok(());
        }
        self.archive_write(|conn| {
            for one in lacking {
                conn.execute(
                    "INSERT OR REPLACE INTO origins (workspace, origin) VALUES (?1, ?2)",
                    (one.id, &one.origin),
                )?;
            }
            Ok(())
        })
    }

    /// Origins whose rows the archive holds, of workspaces that the journal does not know, in the order
    /// of their ids.
    pub fn origins_without_workspace(&self) -> Result<Vec<String>> {
        let known = self.workspaces()?;
        let mut all: Vec<String> = self.archive(|conn| {
            let mut statement = conn.prepare("SELECT origin FROM origins ORDER BY workspace")?;
            let rows = statement.query_map([], |row| Columns::of(row).text())?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })?;
        all.retain(|origin| !known.iter().any(|workspace| workspace.origin == *origin));
        Ok(all)
    }

    /// A setting; `None` if it was never set.
    pub fn setting(&self, key: &str) -> Result<Option<Value>> {
        self.journal(|conn| {
            Ok(conn
                .prepare_cached("SELECT value FROM settings WHERE key = ?1")?
                .query_row([key], |row| Columns::of(row).json())
                .optional()?)
        })
    }

    /// Keeps a setting.
    pub fn set_setting(&self, key: &str, value: &Value) -> Result<()> {
        self.journal_write(|conn| {
            conn.execute(
                "INSERT INTO settings (key, value) VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, value.to_string()),
            )?;
            Ok(())
        })?;
        self.tell(Topic::Settings, Vec::new());
        Ok(())
    }
}
