//! Whose calls a workspace keeps.

use std::collections::BTreeSet;

use rusqlite::OptionalExtension;
use serde_json::Value;

use crate::columns::Columns;
use crate::error::Result;
use crate::ledger::Ledger;

/// What a key shows of its account: the API's ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Organisations.
    pub organizations: BTreeSet<i64>,
    /// Projects.
    pub projects: BTreeSet<i64>,
}

impl Ledger {
    /// The account of a workspace; `None` if none was written down.
    pub fn account(&self, workspace: i64) -> Result<Option<Account>> {
        self.journal(|conn| {
            Ok(conn
                .prepare_cached(
                    "SELECT organizations, projects FROM accounts WHERE workspace = ?1",
                )?
                .query_row([workspace], |row| {
                    let mut columns = Columns::of(row);
                    Ok(Account {
                        organizations: ids(columns.json()?),
                        projects: ids(columns.json()?),
                    })
                })
                .optional()?)
        })
    }

    /// Writes down the account of a workspace.
    pub fn account_put(&self, workspace: i64, account: &Account) -> Result<()> {
        let organizations = serde_json::to_string(&account.organizations)?;
        let projects = serde_json::to_string(&account.projects)?;
        self.journal_write(|conn| {
            conn.execute(
                "INSERT INTO accounts (workspace, organizations, projects) VALUES (?1, ?2, ?3)
                 ON CONFLICT (workspace) DO UPDATE SET organizations = excluded.organizations,
                     projects = excluded.projects",
                (workspace, organizations, projects),
            )?;
            Ok(())
        })
    }
}

fn ids(value: Value) -> BTreeSet<i64> {
    serde_json::from_value(value).unwrap_or_default()
}
