//! Saved plans.

use jiff::Timestamp;
use rusqlite::{Connection, Row};
use serde_json::Value;

use crate::change::Topic;
use crate::columns::{Columns, micros};
use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;

/// A saved plan.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedPlan {
    /// The id it was made with.
    pub id: String,
    /// Its workspace.
    pub workspace: i64,
    /// Its name, unique in the workspace without regard to case.
    pub name: String,
    /// What it holds.
    pub body: Value,
    /// When it was first saved.
    pub created_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
}

const COLUMNS: &str = "id, workspace, name, body, created_at, changed_at";

fn plan_of(row: &Row<'_>) -> rusqlite::Result<SavedPlan> {
    let mut columns = Columns::of(row);
    Ok(SavedPlan {
        id: columns.text()?,
        workspace: columns.int()?,
        name: columns.text()?,
        body: columns.json()?,
        created_at: columns.time()?,
        changed_at: columns.time()?,
    })
}

fn plan_in(conn: &Connection, id: &str) -> Result<SavedPlan> {
    let sql = format!("SELECT {COLUMNS} FROM plans WHERE id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], plan_of)?)
}

impl Ledger {
    /// The saved plans of a workspace, by name.
    pub fn plans(&self, workspace: i64) -> Result<Vec<SavedPlan>> {
        self.journal(|conn| {
            let sql = format!("SELECT {COLUMNS} FROM plans WHERE workspace = ?1 ORDER BY name_key");
            let mut statement = conn.prepare_cached(&sql)?;
            Ok(statement.query_map([workspace], plan_of)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// A saved plan; [`LedgerError::NotFound`] if there is none of this id.
    pub fn plan(&self, id: &str) -> Result<SavedPlan> {
        self.journal(|conn| plan_in(conn, id))
    }

    /// Saves a plan under a name: over the one called `id`, or as a new one called `new_id`.
    /// [`LedgerError::NameTaken`] if another plan of the workspace has the name, whatever its case.
    pub fn plan_save(
        &self,
        workspace: i64,
        id: Option<&str>,
        new_id: &str,
        name: &str,
        body: &Value,
    ) -> Result<SavedPlan> {
        let now = micros(self.now());
        let name = name.trim();
        // In Rust, because SQLite folds the case of ASCII only.
        let key = name.to_lowercase();
        let plan = self.journal_write(|conn| {
            let own = id.unwrap_or(new_id);
            let taken: bool = conn.query_row(
                "SELECT EXISTS (SELECT 1 FROM plans
                 WHERE workspace = ?1 AND name_key = ?2 AND id <> ?3)",
                (workspace, &key, own),
                |row| row.get(0),
            )?;
            if taken {
                return Err(LedgerError::NameTaken);
            }
            let body = body.to_string();
            if id.is_some() {
                let changed = conn.execute(
                    "UPDATE plans SET name = ?3, name_key = ?4, body = ?5, changed_at = ?6
                     WHERE id = ?1 AND workspace = ?2",
                    (own, workspace, name, &key, body, now),
                )?;
                if changed == 0 {
                    return Err(LedgerError::NotFound);
                }
            } else {
                conn.execute(
                    "INSERT INTO plans (id, workspace, name, name_key, body, created_at, changed_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
                    (own, workspace, name, &key, body, now),
                )?;
            }
            plan_in(conn, own)
        })?;
        self.tell(Topic::Plans, Vec::new());
        Ok(plan)
    }

    /// Deletes a saved plan; [`LedgerError::NotFound`] if there is none of this id.
    pub fn plan_delete(&self, id: &str) -> Result<()> {
        self.journal_write(|conn| {
            match conn.execute("DELETE FROM plans WHERE id = ?1", [id])? {
                0 => Err(LedgerError::NotFound),
                _ => Ok(()),
            }
        })?;
        self.tell(Topic::Plans, Vec::new());
        Ok(())
    }
}
