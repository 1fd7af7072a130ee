//! What earlier calls say of evaluators: how the last of them went, and how long they took. Each
//! question is answered by an index, so that it takes no longer the more is kept.

use std::collections::HashMap;

use rusqlite::{Connection, Row};

use crate::columns::Columns;
use crate::error::Result;
use crate::ledger::Ledger;

/// Lengths read of each evaluator; older calls say little about the next one.
const LENGTHS: u32 = 50;

/// Calls that never connected or were stopped say nothing about the usual length of a conversation.
const CONVERSATION: &str =
    "ended = 1 AND duration_s > 0 AND outcome IN ('passed', 'agent_failed', 'needs_a_look')";

impl Ledger {
    /// The outcomes of the last ended calls of each evaluator, or of some of them, the oldest of
    /// them first; at most `last` of each.
    pub fn last_outcomes(
        &self,
        workspace: i64,
        of: Option<&[i64]>,
        last: u32,
    ) -> Result<HashMap<i64, Vec<String>>> {
        let sql = "SELECT outcome FROM calls INDEXED BY calls_evaluator
             WHERE workspace = ?1 AND evaluator = ?2 AND ended = 1
             ORDER BY id DESC LIMIT ?3";
        let mut all = self.of_each(workspace, of, sql, last, |row| Columns::of(row).text())?;
        for outcomes in all.values_mut() {
            outcomes.reverse();
        }
        Ok(all)
    }

    /// Lengths in seconds of the last conversations of each evaluator, or of some of them, at most
    /// fifty, the newest first.
    pub fn durations(&self, workspace: i64, of: Option<&[i64]>) -> Result<HashMap<i64, Vec<f64>>> {
        let sql = format!(
            "SELECT duration_s FROM calls INDEXED BY calls_evaluator
             WHERE workspace = ?1 AND evaluator = ?2 AND {CONVERSATION}
             ORDER BY id DESC LIMIT ?3"
        );
        self.of_each(workspace, of, &sql, LENGTHS, |row| row.get(0))
    }

    /// Lengths in seconds of the last conversations of a workspace, whatever their evaluators, the
    /// newest first.
    pub fn durations_lately(&self, workspace: i64, limit: u32) -> Result<Vec<f64>> {
        self.archive(|conn| {
            // Ids grow, so the newest stand at the end of the table.
            let mut statement = conn.prepare_cached(&format!(
                "SELECT duration_s FROM calls WHERE workspace = ?1 AND {CONVERSATION}
                 ORDER BY id DESC LIMIT ?2"
            ))?;
            let rows = statement.query_map((workspace, limit), |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// What a query gives for each evaluator that has any; its parameters are the workspace, the
    /// evaluator and the most rows.
    fn of_each<T>(
        &self,
        workspace: i64,
        of: Option<&[i64]>,
        sql: &str,
        most: u32,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<HashMap<i64, Vec<T>>> {
        self.archive(|conn| {
            let of = of.map_or_else(|| with_calls(conn, workspace), |of| Ok(of.to_vec()))?;
            let mut statement = conn.prepare_cached(sql)?;
            let mut all = HashMap::new();
            for evaluator in of {
                let rows = statement.query_map((workspace, evaluator, most), &read)?;
                let values = rows.collect::<rusqlite::Result<Vec<T>>>()?;
                if !values.is_empty() {
                    all.insert(evaluator, values);
                }
            }
            Ok(all)
        })
    }
}

/// The evaluators of all ended calls. One step in the index each: SQLite's own `DISTINCT` would go
/// through every call.
fn with_calls(conn: &Connection, workspace: i64) -> Result<Vec<i64>> {
    let mut next = conn.prepare_cached(
        "SELECT min(evaluator) FROM calls INDEXED BY calls_evaluator
         WHERE workspace = ?1 AND evaluator > ?2 AND ended = 1",
    )?;
    let mut all = Vec::new();
    let mut after = i64::MIN;
    while let Some(evaluator) = next.query_row((workspace, after), |row| row.get(0))? {
        all.push(evaluator);
        after = evaluator;
    }
    Ok(all)
}
