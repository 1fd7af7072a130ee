//! Drafts: what is chosen and not yet placed. A draft is good for one launch.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::Value;

use crate::change::Topic;
use crate::columns::{Columns, micros};
use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;

/// A draft. What stands in its body is its owner's business.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The id it was made with.
    pub id: String,
    /// Its workspace.
    pub workspace: i64,
    /// What is chosen.
    pub body: Value,
    /// When the body last changed.
    pub changed_at: Timestamp,
    /// It has been launched.
    pub spent: bool,
}

const COLUMNS: &str = "id, workspace, body, changed_at, spent";

fn draft_of(row: &Row<'_>) -> rusqlite::Result<Draft> {
    let mut columns = Columns::of(row);
    Ok(Draft {
        id: columns.text()?,
        workspace: columns.int()?,
        body: columns.json()?,
        changed_at: columns.time()?,
        spent: columns.flag()?,
    })
}

pub(crate) fn draft_in(conn: &Connection, id: &str) -> Result<Draft> {
    let sql = format!("SELECT {COLUMNS} FROM drafts WHERE id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], draft_of)?)
}

fn open_draft_in(conn: &Connection, workspace: i64) -> Result<Option<Draft>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM drafts WHERE workspace = ?1 AND spent = 0
         ORDER BY created_at DESC, rowid DESC LIMIT 1"
    );
    Ok(conn.prepare_cached(&sql)?.query_row([workspace], draft_of).optional()?)
}

fn insert(conn: &Connection, workspace: i64, id: &str, body: &Value, now: i64) -> Result<Draft> {
    conn.execute(
        "INSERT INTO drafts (id, workspace, body, created_at, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?4)",
        (id, workspace, body.to_string(), now),
    )?;
    draft_in(conn, id)
}

impl Ledger {
    /// The newest draft of a workspace that has not been launched; made from `new_id` and
    /// `default_body` where there is none.
    pub fn draft_open(&self, workspace: i64, new_id: &str, default_body: &Value) -> Result<Draft> {
        if let Some(draft) = self.journal(|conn| open_draft_in(conn, workspace))? {
            return Ok(draft);
        }
        let now = micros(self.now());
        let (draft, made) = self.journal_write(|conn| {
            Ok(match open_draft_in(conn, workspace)? {
                Some(draft) => (draft, false),
                None => (insert(conn, workspace, new_id, default_body, now)?, true),
            })
        })?;
        if made {
            self.tell(Topic::Drafts, Vec::new());
        }
        Ok(draft)
    }

    /// A draft, launched or not; [`LedgerError::NotFound`] if there is none of this id.
    pub fn draft(&self, id: &str) -> Result<Draft> {
        self.journal(|conn| draft_in(conn, id))
    }

    /// Keeps what is chosen; [`LedgerError::DraftSpent`] once it has been launched.
    pub fn draft_save(&self, id: &str, body: &Value) -> Result<Draft> {
        let now = micros(self.now());
        let (draft, changed) = self.journal_write(|conn| {
            let draft = draft_in(conn, id)?;
            if draft.spent {
                return Err(LedgerError::DraftSpent);
            }
            if draft.body == *body {
                return Ok((draft, false));
            }
            conn.execute(
                "UPDATE drafts SET body = ?2, changed_at = ?3 WHERE id = ?1",
                (id, body.to_string(), now),
            )?;
            Ok((draft_in(conn, id)?, true))
        })?;
        if changed {
            self.tell(Topic::Drafts, Vec::new());
        }
        Ok(draft)
    }

    /// Puts a fresh draft in place of the open one, which is discarded.
    pub fn draft_replace(&self, workspace: i64, new_id: &str, body: &Value) -> Result<Draft> {
        let now = micros(self.now());
        let draft = self.journal_write(|conn| {
            conn.execute("DELETE FROM drafts WHERE workspace = ?1 AND spent = 0", [workspace])?;
            insert(conn, workspace, new_id, body, now)
        })?;
        self.tell(Topic::Drafts, Vec::new());
        Ok(draft)
    }

    /// The ids of drafts that have not been launched, of all workspaces.
    pub(crate) fn drafts_open(&self) -> Result<Vec<String>> {
        self.journal(|conn| {
            let mut statement = conn.prepare_cached("SELECT id FROM drafts WHERE spent = 0")?;
            let rows = statement.query_map([], |row| Columns::of(row).text())?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Marks drafts as launched.
    pub(crate) fn drafts_spend(&self, ids: &[String]) -> Result<()> {
        self.journal_write(|conn| {
            for id in ids {
                conn.execute("UPDATE drafts SET spent = 1 WHERE id = ?1", [id])?;
            }
            Ok(())
        })
    }
}
