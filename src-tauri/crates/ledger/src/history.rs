//! What the calls of before say of evaluators: how the last of them went, and how long they took.

use std::collections::HashMap;

use rusqlite::Connection;
use serde_json::Value;

use crate::columns::Columns;
use crate::error::Result;
use crate::ledger::Ledger;

/// Durations kept in mind for each evaluator; older calls say little about the next one.
const DURATIONS: u32 = 50;

impl Ledger {
    /// The outcomes of the last ended calls of each evaluator, or of some of them, the oldest of
    /// them first.
    pub fn last_outcomes(
        &self,
        workspace: i64,
        of: Option<&[i64]>,
        last: u32,
    ) -> Result<HashMap<i64, Vec<String>>> {
        self.archive(|conn| {
            let sql = format!(
                "SELECT evaluator, outcome FROM (
                     SELECT evaluator, outcome, id,
                         row_number() OVER (PARTITION BY evaluator ORDER BY id DESC) AS place
                     FROM calls
                     WHERE workspace = ?1 AND {} AND ended = 1)
                 WHERE place <= ?2 ORDER BY evaluator, id",
                evaluators(of),
            );
            by_evaluator(conn, &sql, (workspace, last, list(of)), |mut call| {
                Ok((call.int()?, call.text()?))
            })
        })
    }

    /// Lengths in seconds of the last conversations of each evaluator, or of some of them, at most
    /// fifty, the newest first. Calls that never connected or were stopped say nothing about the
    /// usual length.
    pub fn durations(&self, workspace: i64, of: Option<&[i64]>) -> Result<HashMap<i64, Vec<f64>>> {
        self.archive(|conn| {
            let sql = format!(
                "SELECT evaluator, duration_s FROM (
                     SELECT evaluator, duration_s, id,
                         row_number() OVER (PARTITION BY evaluator ORDER BY id DESC) AS place
                     FROM calls
                     WHERE workspace = ?1 AND {} AND ended = 1
                         AND duration_s > 0
                         AND outcome IN ('passed', 'agent_failed', 'needs_a_look'))
                 WHERE place <= ?2 ORDER BY evaluator, id DESC",
                evaluators(of),
            );
            by_evaluator(conn, &sql, (workspace, DURATIONS, list(of)), |mut call| {
                Ok((call.int()?, call.real()?))
            })
        })
    }
}

/// What a query gives for each evaluator: `read` takes the evaluator and what is wanted of a
/// call; the parameters are the workspace, the most of an evaluator, and the list.
fn by_evaluator<T>(
    conn: &Connection,
    sql: &str,
    parameters: (i64, u32, Option<String>),
    read: impl Fn(Columns<'_>) -> rusqlite::Result<(i64, T)>,
) -> Result<HashMap<i64, Vec<T>>> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut all: HashMap<i64, Vec<T>> = HashMap::new();
    let mut rows = statement.query(parameters)?;
    while let Some(row) = rows.next()? {
        let (evaluator, value) = read(Columns::of(row))?;
        all.entry(evaluator).or_default().push(value);
    }
    Ok(all)
}

/// The condition that a call is of one of the evaluators whose list is the third parameter.
fn evaluators(of: Option<&[i64]>) -> &'static str {
    match of {
        Some(_) => "evaluator IN (SELECT value FROM json_each(?3))",
        None => "evaluator IS NOT NULL AND ?3 IS NULL",
    }
}

fn list(ids: Option<&[i64]>) -> Option<String> {
    ids.map(|ids| Value::from(ids).to_string())
}
