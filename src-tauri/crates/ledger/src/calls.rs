//! Calls, as they came.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use serde_json::Value;

use crate::change::Topic;
use crate::columns::{Columns, micros};
use crate::counts::{count_again, must_exist};
use crate::error::Result;
use crate::ledger::Ledger;
use crate::print::{next_seq, print_of};

/// How much a reading says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// A row without the transcript.
    Light,
    /// Everything.
    Full,
}

/// A reading of a call. What it does not say (`None`) takes nothing away from what is known.
#[derive(Debug, Clone, PartialEq)]
pub struct CallPut {
    /// The API's id.
    pub id: i64,
    /// The evaluator.
    pub evaluator: Option<i64>,
    /// The evaluator's name.
    pub evaluator_name: Option<String>,
    /// The caller.
    pub caller: Option<i64>,
    /// The caller's name.
    pub caller_name: Option<String>,
    /// The test profile.
    pub profile: Option<i64>,
    /// The test profile's name.
    pub profile_name: Option<String>,
    /// The server's own status.
    pub status: Option<String>,
    /// `passed, agent_failed, never_connected, needs_a_look, stopped, in_progress`; anything else
    /// is counted as needing a look.
    pub outcome: String,
    /// Why.
    pub why: Value,
    /// Length in seconds.
    pub duration_s: Option<f64>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// It has ended.
    pub ended: bool,
    /// How much this reading says.
    pub detail: Detail,
    /// As it came.
    pub raw: Value,
}

/// What is known of a call, without its raw JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct CallRow {
    /// The API's id.
    pub id: i64,
    /// The result it belongs to.
    pub result: i64,
    /// The evaluator.
    pub evaluator: Option<i64>,
    /// The evaluator's name.
    pub evaluator_name: Option<String>,
    /// The caller.
    pub caller: Option<i64>,
    /// The caller's name.
    pub caller_name: Option<String>,
    /// The test profile.
    pub profile: Option<i64>,
    /// The test profile's name.
    pub profile_name: Option<String>,
    /// The server's own status.
    pub status: Option<String>,
    /// See [`CallPut::outcome`].
    pub outcome: String,
    /// Why.
    pub why: Value,
    /// Length in seconds.
    pub duration_s: Option<f64>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// It has ended.
    pub ended: bool,
    /// It has been read in full, and if it has ended, after it ended.
    pub has_full: bool,
    /// When anything of it last changed.
    pub changed_at: Timestamp,
    /// Grows with every change in the archive.
    pub seq: i64,
}

/// A call with its raw JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct CallRecord {
    /// What is known of it.
    pub row: CallRow,
    /// The fullest reading so far.
    pub raw: Value,
}

/// Durations kept in mind for each evaluator; older calls say little about the next one.
const DURATIONS: u32 = 50;

const COLUMNS: &str = "id, result, evaluator, evaluator_name, caller, caller_name, profile,
    profile_name, status, outcome, why, duration_s, started_at, ended,
    full_read AND (full_ended OR NOT ended), changed_at, seq";

fn read(columns: &mut Columns<'_>) -> rusqlite::Result<CallRow> {
    Ok(CallRow {
        id: columns.int()?,
        result: columns.int()?,
        evaluator: columns.opt_int()?,
        evaluator_name: columns.opt_text()?,
        caller: columns.opt_int()?,
        caller_name: columns.opt_text()?,
        profile: columns.opt_int()?,
        profile_name: columns.opt_text()?,
        status: columns.opt_text()?,
        outcome: columns.text()?,
        why: columns.json()?,
        duration_s: columns.opt_real()?,
        started_at: columns.opt_time()?,
        ended: columns.flag()?,
        has_full: columns.flag()?,
        changed_at: columns.time()?,
        seq: columns.int()?,
    })
}

fn row_of(row: &Row<'_>) -> rusqlite::Result<CallRow> {
    read(&mut Columns::of(row))
}

impl Ledger {
    /// Keeps readings of calls of one result, in one commit. Gives how many said anything new; only
    /// of those do `changed_at` and `seq` move, and the result's with them.
    /// [`LedgerError::NotFound`] if the result is not known.
    pub fn calls_put(&self, workspace: i64, result: i64, puts: &[CallPut]) -> Result<u32> {
        let now = self.now();
        let (changed, results) = self.archive_write(|conn| {
            must_exist(conn, workspace, result)?;
            let mut batch =
                Batch { conn, workspace, result, now, seq: None, results: BTreeSet::new() };
            let mut changed = 0;
            for put in puts {
                changed += u32::from(batch.put(put)?);
            }
            if let Some(seq) = batch.seq {
                for result in &batch.results {
                    count_again(conn, workspace, *result, now, seq)?;
                }
            }
            Ok((changed, batch.results))
        })?;
        if changed > 0 {
            let ids: Vec<i64> = results.into_iter().collect();
            self.tell(Topic::Calls, ids.clone());
            self.tell(Topic::Results, ids);
        }
        Ok(changed)
    }

    /// The calls of a result, in the order they were placed.
    pub fn calls(&self, workspace: i64, result: i64) -> Result<Vec<CallRow>> {
        self.archive(|conn| {
            let sql = format!(
                "SELECT {COLUMNS} FROM calls WHERE workspace = ?1 AND result = ?2 ORDER BY id"
            );
            let mut statement = conn.prepare_cached(&sql)?;
            Ok(statement
                .query_map((workspace, result), row_of)?
                .collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The calls of a result that changed after `seq`, in the order they were placed. The greatest
    /// `seq` among all rows read is the one to ask with next.
    pub fn calls_changed_since(
        &self,
        workspace: i64,
        result: i64,
        seq: i64,
    ) -> Result<Vec<CallRow>> {
        self.archive(|conn| {
            let sql = format!(
                "SELECT {COLUMNS} FROM calls
                 WHERE workspace = ?1 AND result = ?2 AND seq > ?3 ORDER BY id"
            );
            let mut statement = conn.prepare_cached(&sql)?;
            let rows = statement.query_map((workspace, result, seq), row_of)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// A call with its raw JSON.
    pub fn call(&self, workspace: i64, id: i64) -> Result<Option<CallRecord>> {
        self.archive(|conn| {
            let sql = format!(
                "SELECT {COLUMNS}, (SELECT raw FROM call_bodies AS body
                     WHERE body.workspace = ?1 AND body.id = ?2)
                 FROM calls WHERE workspace = ?1 AND id = ?2"
            );
            Ok(conn
                .prepare_cached(&sql)?
                .query_row((workspace, id), |row| {
                    let mut columns = Columns::of(row);
                    Ok(CallRecord { row: read(&mut columns)?, raw: columns.json()? })
                })
                .optional()?)
        })
    }

    /// The outcomes of the last ended calls of each evaluator, the oldest of them first.
    pub fn last_outcomes(&self, workspace: i64, last: u32) -> Result<HashMap<i64, Vec<String>>> {
        self.archive(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT evaluator, outcome FROM (
                     SELECT evaluator, outcome, id,
                         row_number() OVER (PARTITION BY evaluator ORDER BY id DESC) AS place
                     FROM calls
                     WHERE workspace = ?1 AND evaluator IS NOT NULL AND ended = 1)
                 WHERE place <= ?2 ORDER BY evaluator, id",
            )?;
            let mut all: HashMap<i64, Vec<String>> = HashMap::new();
            let mut rows = statement.query((workspace, last))?;
            while let Some(row) = rows.next()? {
                let mut columns = Columns::of(row);
                all.entry(columns.int()?).or_default().push(columns.text()?);
            }
            Ok(all)
        })
    }

    /// Lengths in seconds of the last conversations of each evaluator, at most fifty, the newest
    /// first. Calls that never connected or were stopped say nothing about the usual length.
    pub fn durations(&self, workspace: i64) -> Result<HashMap<i64, Vec<f64>>> {
        self.archive(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT evaluator, duration_s FROM (
                     SELECT evaluator, duration_s, id,
                         row_number() OVER (PARTITION BY evaluator ORDER BY id DESC) AS place
                     FROM calls
                     WHERE workspace = ?1 AND evaluator IS NOT NULL AND ended = 1
                         AND duration_s > 0
                         AND outcome IN ('passed', 'agent_failed', 'needs_a_look'))
                 WHERE place <= ?2 ORDER BY evaluator, id DESC",
            )?;
            let mut all: HashMap<i64, Vec<f64>> = HashMap::new();
            let mut rows = statement.query((workspace, DURATIONS))?;
            while let Some(row) = rows.next()? {
                let mut columns = Columns::of(row);
                all.entry(columns.int()?).or_default().push(columns.real()?);
            }
            Ok(all)
        })
    }
}

struct Batch<'a> {
    conn: &'a Connection,
    workspace: i64,
    result: i64,
    now: Timestamp,
    /// Taken from the archive when the first change is met: all of a commit share one.
    seq: Option<i64>,
    /// Results whose calls changed.
    results: BTreeSet<i64>,
}

impl Batch<'_> {
    fn put(&mut self, put: &CallPut) -> Result<bool> {
        let sql = format!(
            "SELECT {COLUMNS}, full_read, full_ended, print FROM calls
             WHERE workspace = ?1 AND id = ?2"
        );
        let known = self
            .conn
            .prepare_cached(&sql)?
            .query_row((self.workspace, put.id), |row| {
                let mut columns = Columns::of(row);
                Ok((read(&mut columns)?, columns.flag()?, columns.flag()?, columns.int()?))
            })
            .optional()?;
        let old = known.as_ref().map(|(old, ..)| old);
        let (had_full, was_full_ended, old_print) = known
            .as_ref()
            .map_or((false, false, None), |(_, full, ended, print)| (*full, *ended, Some(*print)));
        let is_full = put.detail == Detail::Full;
        let fuller = had_full && !is_full;
        // What was read in full while the call went on is not the whole of it once it has ended.
        let full_ended = if is_full { put.ended } else { was_full_ended };
        let full_read = had_full || is_full;
        let print = print_of(&put.raw);
        let new = CallRow {
            id: put.id,
            result: self.result,
            evaluator: put.evaluator.or(old.and_then(|old| old.evaluator)),
            evaluator_name: put.evaluator_name.clone().or_else(|| old?.evaluator_name.clone()),
            caller: put.caller.or(old.and_then(|old| old.caller)),
            caller_name: put.caller_name.clone().or_else(|| old?.caller_name.clone()),
            profile: put.profile.or(old.and_then(|old| old.profile)),
            profile_name: put.profile_name.clone().or_else(|| old?.profile_name.clone()),
            status: put.status.clone().or_else(|| old?.status.clone()),
            outcome: put.outcome.clone(),
            why: put.why.clone(),
            duration_s: put
                .duration_s
                .filter(|seconds| seconds.is_finite())
                .or(old.and_then(|old| old.duration_s)),
            started_at: put
                .started_at
                .and_then(|at| Timestamp::from_microsecond(micros(at)).ok())
                .or(old.and_then(|old| old.started_at)),
            ended: put.ended,
            has_full: full_read && (full_ended || !put.ended),
            changed_at: old.map_or(self.now, |old| old.changed_at),
            seq: old.map_or(0, |old| old.seq),
        };
        let said_before = old_print.is_some_and(|before| fuller || before == print);
        if said_before && old == Some(&new) {
            if !fuller {
                // Links signed anew are worth keeping, and no news.
                self.put_body(put)?;
            }
            return Ok(false);
        }
        let seq = match self.seq {
            Some(seq) => seq,
            None => *self.seq.insert(next_seq(self.conn)?),
        };
        self.results.insert(self.result);
        if let Some(before) = old.map(|old| old.result).filter(|before| *before != self.result) {
            self.results.insert(before);
        }
        self.conn
            .prepare_cached(
                "INSERT INTO calls (workspace, id, result, evaluator, evaluator_name, caller,
                     caller_name, profile, profile_name, status, outcome, why, duration_s,
                     started_at, ended, full_read, full_ended, changed_at, seq, print)
                 VALUES (:workspace, :id, :result, :evaluator, :evaluator_name, :caller,
                     :caller_name, :profile, :profile_name, :status, :outcome, :why, :duration_s,
                     :started_at, :ended, :full_read, :full_ended, :changed_at, :seq, :print)
                 ON CONFLICT (workspace, id) DO UPDATE SET
                     result = excluded.result, evaluator = excluded.evaluator,
                     evaluator_name = excluded.evaluator_name, caller = excluded.caller,
                     caller_name = excluded.caller_name, profile = excluded.profile,
                     profile_name = excluded.profile_name, status = excluded.status,
                     outcome = excluded.outcome, why = excluded.why,
                     duration_s = excluded.duration_s, started_at = excluded.started_at,
                     ended = excluded.ended, full_read = excluded.full_read,
                     full_ended = excluded.full_ended, changed_at = excluded.changed_at,
                     seq = excluded.seq, print = iif(:fuller, print, excluded.print)",
            )?
            .execute(named_params! {
                ":workspace": self.workspace, ":id": new.id, ":result": new.result,
                ":evaluator": new.evaluator, ":evaluator_name": new.evaluator_name,
                ":caller": new.caller, ":caller_name": new.caller_name, ":profile": new.profile,
                ":profile_name": new.profile_name, ":status": new.status,
                ":outcome": new.outcome, ":why": new.why.to_string(),
                ":duration_s": new.duration_s, ":started_at": new.started_at.map(micros),
                ":ended": new.ended, ":full_read": full_read, ":full_ended": full_ended,
                ":changed_at": micros(self.now), ":seq": seq, ":print": print, ":fuller": fuller,
            })?;
        if !fuller {
            self.put_body(put)?;
        }
        Ok(true)
    }

    fn put_body(&self, put: &CallPut) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO call_bodies (workspace, id, raw) VALUES (?1, ?2, ?3)
                 ON CONFLICT (workspace, id)
                 DO UPDATE SET raw = excluded.raw WHERE raw <> excluded.raw",
            )?
            .execute((self.workspace, put.id, put.raw.to_string()))?;
        Ok(())
    }
}
