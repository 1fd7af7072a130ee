//! What earlier calls say of evaluators: how the last of them went, and how long they took. Each
//! question is answered by an index, so that it takes no longer the more is kept.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::columns::Columns;
use crate::error::Result;
use crate::ledger::Ledger;

/// Lengths given of each evaluator; older calls say little about the next one.
const LENGTHS: usize = 50;
/// Ended calls of an evaluator in which its lengths are looked for. One whose calls have not connected
/// for longer than this has no usual length: looking further back would take longer the more is kept.
const LOOKED_AT: u32 = 500;

impl Ledger {
    /// The outcomes of the last ended calls of each evaluator, or of some of them, the oldest of
    /// them first; at most `last` of each.
    pub fn last_outcomes(
        &self,
        workspace: i64,
        of: Option<&[i64]>,
        last: u32,
    ) -> Result<HashMap<i64, Vec<String>>> {
        let mut all =
            self.of_each(workspace, of, last, usize::MAX, |outcome, _| Some(outcome.to_owned()))?;
        for outcomes in all.values_mut() {
            outcomes.reverse();
        }
        Ok(all)
    }

    /// Lengths in seconds of the last conversations of each evaluator, or of some of them, at most
    /// fifty, the newest first.
    pub fn durations(&self, workspace: i64, of: Option<&[i64]>) -> Result<HashMap<i64, Vec<f64>>> {
        self.of_each(workspace, of, LOOKED_AT, LENGTHS, length)
    }

    /// Lengths in seconds of the conversations among the last `calls` of a workspace, whatever their
    /// evaluators, the newest first.
    pub fn durations_lately(&self, workspace: i64, calls: u32) -> Result<Vec<f64>> {
        self.archive(|conn| {
            // Ids grow, so the newest stand at the end of the table.
            let mut statement = conn.prepare_cached(
                "SELECT outcome, duration_s FROM calls WHERE workspace = ?1
                 ORDER BY id DESC LIMIT ?2",
            )?;
            let mut found = Vec::new();
            let mut rows = statement.query((workspace, calls))?;
            while let Some(row) = rows.next()? {
                let mut call = Columns::of(row);
                let outcome = call.opt_str()?.unwrap_or_default();
                found.extend(length(&outcome, call.opt_real()?));
            }
            Ok(found)
        })
    }

    /// What `read` finds in the outcome and the length of the `newest` ended calls of each evaluator, until it has found `enough`,
    /// the newest first; evaluators of which it finds nothing are left out.
    fn of_each<T>(
        &self,
        workspace: i64,
        of: Option<&[i64]>,
        newest: u32,
        enough: usize,
        read: impl Fn(&str, Option<f64>) -> Option<T>,
    ) -> Result<HashMap<i64, Vec<T>>> {
        self.archive(|conn| {
            let known;
            let of = if let Some(of) = of {
                of
            } else {
                known = with_calls(conn, workspace)?;
                &known
            };
            let mut statement = conn.prepare_cached(
                "SELECT outcome, duration_s FROM calls INDEXED BY calls_evaluator
                 WHERE workspace = ?1 AND evaluator = ?2 AND ended = 1
                 ORDER BY id DESC LIMIT ?3",
            )?;
            let mut all = HashMap::new();
            for evaluator in of {
                let mut found = Vec::new();
                let mut rows = statement.query((workspace, evaluator, newest))?;
                while found.len() < enough
                    && let Some(row) = rows.next()?
                {
                    let mut call = Columns::of(row);
                    let outcome = call.opt_str()?.unwrap_or_default();
                    found.extend(read(&outcome, call.opt_real()?));
                }
                if !found.is_empty() {
                    all.insert(*evaluator, found);
                }
            }
            Ok(all)
        })
    }
}

/// The length of a call that was a conversation. Calls that never connected or were stopped say
/// nothing about how long one takes.
fn length(outcome: &str, seconds: Option<f64>) -> Option<f64> {
    let spoken = matches!(outcome, "passed" | "agent_failed" | "needs_a_look");
    seconds.filter(|seconds| spoken && *seconds > 0.0)
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
