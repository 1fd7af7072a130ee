//! Kept calls whose outcome and reason were found by an earlier version of the rules, and what they
//! mean by this one. Nothing here comes from the server.

use std::collections::BTreeSet;

use rusqlite::OptionalExtension;
use serde_json::Value;

use crate::counts::count_again;
use crate::error::Result;
use crate::ledger::Ledger;
use crate::print::next_seq;

/// What a call means.
#[derive(Debug, Clone, PartialEq)]
pub struct CallMeaning {
    /// See [`CallPut::outcome`](crate::CallPut::outcome).
    pub outcome: String,
    /// Why.
    pub why: Value,
    /// It has ended.
    pub ended: bool,
}

/// A kept call that was read anew.
#[derive(Debug, Clone, PartialEq)]
pub struct CallAnew {
    /// The API's id.
    pub id: i64,
    /// The row's `seq` when it was read. One that has moved since was stored meanwhile, by this
    /// version; what was read before that is dropped.
    pub seq: i64,
    /// What it means now; `None` if that has not changed, or cannot be told.
    pub meaning: Option<CallMeaning>,
}

impl Ledger {
    /// Some calls that were read by a version before this one, those of the newest results first.
    /// Costs a look into an index where there are none.
    pub fn calls_behind(&self, workspace: i64, reading: u32, limit: u32) -> Result<Vec<i64>> {
        self.archive(|conn| {
            // One version at a time, the latest of them first: it is the one that read the newest
            // results, and within it the index is in the order that is wanted.
            let behind: Option<i64> = conn
                .prepare_cached(
                    "SELECT max(reading) FROM calls WHERE workspace = ?1 AND reading < ?2",
                )?
                .query_row((workspace, reading), |row| row.get(0))?;
            let Some(behind) = behind else { return Ok(Vec::new()) };
            let mut statement = conn.prepare_cached(
                // Results come with growing ids.
                "SELECT id FROM calls WHERE workspace = ?1 AND reading = ?2
                 ORDER BY result DESC, id LIMIT ?3",
            )?;
            let rows = statement.query_map((workspace, behind, limit), |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Keeps what calls mean by this version of the rules, in one commit, and that they were read by
    /// it. Gives how many mean something else than before; their `seq` moves, and that of their
    /// results, which are counted again. No `changed_at` moves: the server said nothing new.
    pub fn calls_read_anew(&self, workspace: i64, reading: u32, calls: &[CallAnew]) -> Result<u32> {
        let (changed, results) = self.archive_write_of(workspace, |conn| {
            let mut results = BTreeSet::new();
            let mut changed = 0;
            let mut seq = None;
            for call in calls {
                let still: Option<i64> = conn
                    .prepare_cached(
                        "SELECT result FROM calls
                         WHERE workspace = ?1 AND id = ?2 AND seq = ?3 AND reading < ?4",
                    )?
                    .query_row((workspace, call.id, call.seq, reading), |row| row.get(0))
                    .optional()?;
                let Some(result) = still else { continue };
                let Some(meaning) = &call.meaning else {
                    conn.prepare_cached(
                        "UPDATE calls SET reading = ?3 WHERE workspace = ?1 AND id = ?2",
                    )?
                    .execute((workspace, call.id, reading))?;
                    continue;
                };
                let seq = match seq {
                    Some(seq) => seq,
                    None => *seq.insert(next_seq(conn)?),
                };
                conn.prepare_cached(
                    "UPDATE calls SET outcome = ?3, why = ?4, ended = ?5, reading = ?6, seq = ?7
                     WHERE workspace = ?1 AND id = ?2",
                )?
                .execute((
                    workspace,
                    call.id,
                    &meaning.outcome,
                    meaning.why.to_string(),
                    meaning.ended,
                    reading,
                    seq,
                ))?;
                results.insert(result);
                changed += 1;
            }
            if let Some(seq) = seq {
                for result in &results {
                    count_again(conn, workspace, *result, None, seq)?;
                }
            }
            Ok((changed, results))
        })?;
        self.tell_calls(results);
        Ok(changed)
    }
}
