//! Calls, as they came.

use std::collections::BTreeSet;

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
    /// The same, and it says something that the full reading before it does not: it is kept beside
    /// the full one, so that both can be read anew together.
    Update,
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
    /// The version of the rules by which outcome and reason were found; 0 is unknown.
    pub reading: u32,
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
    /// A row that came after it and says more: see [`Detail::Update`].
    pub update: Option<Value>,
}

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
        let (changed, results) = self.archive_write_of(workspace, |conn| {
            must_exist(conn, workspace, result)?;
            let mut batch =
                Batch { conn, workspace, result, now, seq: None, results: BTreeSet::new() };
            let mut changed = 0;
            for put in puts {
                changed += u32::from(batch.put(put)?);
            }
            if let Some(seq) = batch.seq {
                for result in &batch.results {
                    count_again(conn, workspace, *result, Some(now), seq)?;
                }
            }
            Ok((changed, batch.results))
        })?;
        self.tell_calls(results);
        Ok(changed)
    }

    /// Tells that calls of these results changed, if there are any.
    pub(crate) fn tell_calls(&self, results: BTreeSet<i64>) {
        if results.is_empty() {
            return;
        }
        let ids: Vec<i64> = results.into_iter().collect();
        self.tell(Topic::Calls, ids.clone());
        self.tell(Topic::Results, ids);
    }

    /// The calls of a result, in the order they were placed.
    ///
    /// Which index to go by is said wherever the calls of one result are wanted: by itself SQLite
    /// goes through all calls of the workspace, because those come in the right order.
    pub fn calls(&self, workspace: i64, result: i64) -> Result<Vec<CallRow>> {
        self.archive(|conn| {
            let sql = format!(
                "SELECT {COLUMNS} FROM calls INDEXED BY calls_result
                 WHERE workspace = ?1 AND result = ?2 ORDER BY id"
            );
            let mut statement = conn.prepare_cached(&sql)?;
            Ok(statement
                .query_map((workspace, result), row_of)?
                .collect::<rusqlite::Result<_>>()?)
        })
    }

    /// A call with its raw JSON.
    pub fn call(&self, workspace: i64, id: i64) -> Result<Option<CallRecord>> {
        self.archive(|conn| {
            let sql = format!(
                "SELECT {COLUMNS}, (SELECT raw FROM call_bodies AS body
                     WHERE body.workspace = ?1 AND body.id = ?2),
                     (SELECT raw FROM call_updates AS later
                     WHERE later.workspace = ?1 AND later.id = ?2)
                 FROM calls WHERE workspace = ?1 AND id = ?2"
            );
            Ok(conn
                .prepare_cached(&sql)?
                .query_row((workspace, id), |row| {
                    let mut columns = Columns::of(row);
                    let (row, raw) = (read(&mut columns)?, columns.json()?);
                    let update = Some(columns.json()?).filter(|update| !update.is_null());
                    Ok(CallRecord { row, raw, update })
                })
                .optional()?)
        })
    }

    /// The ids of all calls of a call's evaluator in its result, its own among them, in the order
    /// they were placed; none for a call that is not known.
    pub fn repetitions(&self, workspace: i64, call: i64) -> Result<Vec<i64>> {
        self.archive(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT other.id FROM calls AS this JOIN calls AS other INDEXED BY calls_result
                     ON other.workspace = this.workspace AND other.result = this.result
                     AND other.evaluator IS this.evaluator
                     AND other.evaluator_name IS this.evaluator_name
                 WHERE this.workspace = ?1 AND this.id = ?2 ORDER BY other.id",
            )?;
            let ids = statement.query_map((workspace, call), |row| row.get(0))?;
            Ok(ids.collect::<rusqlite::Result<_>>()?)
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
            "SELECT {COLUMNS}, full_read, full_ended, print, reading FROM calls
             WHERE workspace = ?1 AND id = ?2"
        );
        let known = self
            .conn
            .prepare_cached(&sql)?
            .query_row((self.workspace, put.id), |row| {
                let mut columns = Columns::of(row);
                Ok((
                    read(&mut columns)?,
                    columns.flag()?,
                    columns.flag()?,
                    (columns.int()?, columns.count()?),
                ))
            })
            .optional()?;
        let old = known.as_ref().map(|(old, ..)| old);
        let (had_full, was_full_ended, before) = known
            .as_ref()
            .map_or((false, false, None), |(_, full, ended, last)| (*full, *ended, Some(*last)));
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
        // Links signed anew are worth keeping, and no news.
        self.put_raw(put, fuller)?;
        let said_before = before.is_some_and(|(before, _)| fuller || before == print);
        if said_before && old == Some(&new) {
            if before.is_some_and(|(_, reading)| reading != put.reading) {
                self.conn
                    .prepare_cached(
                        "UPDATE calls SET reading = ?3 WHERE workspace = ?1 AND id = ?2",
                    )?
                    .execute((self.workspace, put.id, put.reading))?;
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
                     started_at, ended, full_read, full_ended, changed_at, seq, print,
                     reading)
                 VALUES (:workspace, :id, :result, :evaluator, :evaluator_name, :caller,
                     :caller_name, :profile, :profile_name, :status, :outcome, :why, :duration_s,
                     :started_at, :ended, :full_read, :full_ended, :changed_at, :seq, :print,
                     :reading)
                 ON CONFLICT (workspace, id) DO UPDATE SET
                     result = excluded.result, evaluator = excluded.evaluator,
                     evaluator_name = excluded.evaluator_name, caller = excluded.caller,
                     caller_name = excluded.caller_name, profile = excluded.profile,
                     profile_name = excluded.profile_name, status = excluded.status,
                     outcome = excluded.outcome, why = excluded.why,
                     duration_s = excluded.duration_s, started_at = excluded.started_at,
                     ended = excluded.ended, full_read = excluded.full_read,
                     full_ended = excluded.full_ended, changed_at = excluded.changed_at,
                     seq = excluded.seq, print = iif(:fuller, print, excluded.print),
                     reading = excluded.reading",
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
                ":reading": put.reading,
            })?;
        Ok(true)
    }

    /// Keeps the reading as it came. A row is no match for the full reading before it: it stands
    /// beside it if it says more, and the row before it goes.
    fn put_raw(&self, put: &CallPut, fuller: bool) -> Result<()> {
        let beside = fuller && put.detail == Detail::Update;
        if beside || !fuller {
            let table = if beside { "call_updates" } else { "call_bodies" };
            self.conn
                .prepare_cached(&format!(
                    "INSERT INTO {table} (workspace, id, raw) VALUES (?1, ?2, ?3)
                     ON CONFLICT (workspace, id)
                     DO UPDATE SET raw = excluded.raw WHERE raw <> excluded.raw"
                ))?
                .execute((self.workspace, put.id, put.raw.to_string()))?;
        }
        if !beside {
            self.conn
                .prepare_cached("DELETE FROM call_updates WHERE workspace = ?1 AND id = ?2")?
                .execute((self.workspace, put.id))?;
        }
        Ok(())
    }
}
