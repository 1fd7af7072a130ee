//! Results: what came of launches, whoever placed them.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use serde_json::Value;

use crate::change::Topic;
use crate::columns::{Columns, micros};
use crate::counts::OutcomeCounts;
use crate::error::Result;
use crate::ledger::Ledger;
use crate::print::{next_seq, print_of};

/// A reading of a result. What it does not say (`None`) takes nothing away from what is known.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultPut {
    /// The API's id.
    pub id: i64,
    /// Its name, or empty.
    pub name: String,
    /// The agent.
    pub agent: Option<i64>,
    /// The agent's name.
    pub agent_name: Option<String>,
    /// The server's own status.
    pub status: Option<String>,
    /// The server's kind of run.
    pub run_type: Option<String>,
    /// Started by a schedule.
    pub scheduled: bool,
    /// When it began.
    pub created_at: Option<Timestamp>,
    /// How many calls the server says it has.
    pub expected_calls: Option<u32>,
    /// The launch it came of.
    pub launch_id: Option<String>,
    /// Start or end following it; `None` leaves it as it is.
    pub followed: Option<bool>,
    /// As it came.
    pub raw: Value,
    /// The raw JSON is the whole result, not a row of a list.
    pub has_detail: bool,
    /// The server's own count of passes; kept, never shown as ours.
    pub server_passed: Option<u32>,
    /// The server's own count of failures; kept, never shown as ours.
    pub server_failed: Option<u32>,
}

/// What is known of a result, without its raw JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultSummary {
    /// The API's id.
    pub id: i64,
    /// Its name, or empty.
    pub name: String,
    /// The agent.
    pub agent: Option<i64>,
    /// The agent's name.
    pub agent_name: Option<String>,
    /// The server's own status.
    pub status: Option<String>,
    /// The server's kind of run.
    pub run_type: Option<String>,
    /// Started by a schedule.
    pub scheduled: bool,
    /// When it began.
    pub created_at: Option<Timestamp>,
    /// When anything of it or its calls last changed.
    pub changed_at: Timestamp,
    /// Being followed.
    pub followed: bool,
    /// The whole result has been read, not only a row of a list.
    pub has_detail: bool,
    /// The launch it came of, when placed from this computer.
    pub launch_id: Option<String>,
    /// How many calls the server says it has.
    pub expected_calls: Option<u32>,
    /// Counted from its calls.
    pub counts: OutcomeCounts,
    /// How many calls are known.
    pub calls: u32,
    /// How many of them have ended.
    pub ended: u32,
    /// Length of all calls together in seconds, as far as known.
    pub seconds_total: f64,
    /// How many calls have a known length.
    pub seconds_known: u32,
    /// The server's own count of passes.
    pub server_passed: Option<u32>,
    /// The server's own count of failures.
    pub server_failed: Option<u32>,
    /// Grows with every change in the archive.
    pub seq: i64,
}

/// A result with its raw JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultRecord {
    /// What is known of it.
    pub summary: ResultSummary,
    /// The fullest reading so far.
    pub raw: Value,
}

/// Which results are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResultQuery {
    /// Words that all must occur in the name, the agent's name or the id.
    pub search: Option<String>,
    /// Of this agent only.
    pub agent: Option<i64>,
    /// Rows to leave out at the start.
    pub offset: u32,
    /// Rows at most.
    pub limit: u32,
    /// Only those in which the agent failed some call.
    pub only_failing: bool,
    /// Only those placed from this computer.
    pub only_mine: bool,
    /// Only those that began at this time or later.
    pub since: Option<Timestamp>,
}

/// A page of results, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultPage {
    /// How many match in all.
    pub total: u32,
    /// The rows asked for.
    pub rows: Vec<ResultSummary>,
}

const COLUMNS: &str = "id, name, agent, agent_name, status, run_type, scheduled, created_at,
    changed_at, followed, has_detail, launch_id, expected_calls, passed, agent_failed,
    never_connected, needs_a_look, stopped, in_progress, calls, ended, seconds_total,
    seconds_known, server_passed, server_failed, seq";

fn read(columns: &mut Columns<'_>) -> rusqlite::Result<ResultSummary> {
    Ok(ResultSummary {
        id: columns.int()?,
        name: columns.text()?,
        agent: columns.opt_int()?,
        agent_name: columns.opt_text()?,
        status: columns.opt_text()?,
        run_type: columns.opt_text()?,
        scheduled: columns.flag()?,
        created_at: columns.opt_time()?,
        changed_at: columns.time()?,
        followed: columns.flag()?,
        has_detail: columns.flag()?,
        launch_id: columns.opt_text()?,
        expected_calls: columns.opt_count()?,
        counts: OutcomeCounts {
            passed: columns.count()?,
            agent_failed: columns.count()?,
            never_connected: columns.count()?,
            needs_a_look: columns.count()?,
            stopped: columns.count()?,
            in_progress: columns.count()?,
        },
        calls: columns.count()?,
        ended: columns.count()?,
        seconds_total: columns.real()?,
        seconds_known: columns.count()?,
        server_passed: columns.opt_count()?,
        server_failed: columns.opt_count()?,
        seq: columns.int()?,
    })
}

fn summary_of(row: &Row<'_>) -> rusqlite::Result<ResultSummary> {
    read(&mut Columns::of(row))
}

impl Ledger {
    /// Keeps a reading of a result. Tells whether it said anything new; only then do `changed_at`
    /// and `seq` move.
    pub fn result_put(&self, workspace: i64, put: &ResultPut) -> Result<bool> {
        let now = self.now();
        let changed = self.archive_write_of(workspace, |conn| put_in(conn, workspace, put, now))?;
        if changed {
            self.tell(Topic::Results, vec![put.id]);
        }
        Ok(changed)
    }

    /// Starts or ends the following of a result; [`LedgerError::NotFound`] if it is not known.
    pub fn result_follow(&self, workspace: i64, id: i64, followed: bool) -> Result<()> {
        let changed = self.archive_write_of(workspace, |conn| {
            let before: bool = conn
                .prepare_cached("SELECT followed FROM results WHERE workspace = ?1 AND id = ?2")?
                .query_row((workspace, id), |row| row.get(0))?;
            if before == followed {
                return Ok(false);
            }
            let seq = next_seq(conn)?;
            conn.prepare_cached(
                "UPDATE results SET followed = ?3, seq = ?4 WHERE workspace = ?1 AND id = ?2",
            )?
            .execute((workspace, id, followed, seq))?;
            Ok(true)
        })?;
        if changed {
            self.tell(Topic::Results, vec![id]);
        }
        Ok(())
    }

    /// Notes which draft was launched as a result. With it, a journal that was lost learns that the
    /// draft is spent. Nobody is told: it is not shown.
    pub fn result_came_of(&self, workspace: i64, id: i64, draft: &str) -> Result<()> {
        self.archive_write_of(workspace, |conn| {
            conn.prepare_cached("UPDATE results SET draft = ?3 WHERE workspace = ?1 AND id = ?2")?
                .execute((workspace, id, draft))?;
            Ok(())
        })
    }

    /// The results that are followed, the oldest id first.
    pub fn results_followed(&self, workspace: i64) -> Result<Vec<i64>> {
        self.archive(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT id FROM results WHERE workspace = ?1 AND followed = 1 ORDER BY id",
            )?;
            Ok(statement
                .query_map([workspace], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?)
        })
    }

    /// A page of results, the newest first.
    pub fn results(&self, workspace: i64, query: &ResultQuery) -> Result<ResultPage> {
        // Every word has to occur, in any order; case is folded in Rust, beyond ASCII.
        let words: Vec<String> = query
            .search
            .iter()
            .flat_map(|search| search.split_whitespace())
            .map(str::to_lowercase)
            .collect();
        let words = Value::from(words).to_string();
        let wanted = "workspace = :workspace
            AND (:agent IS NULL OR agent = :agent)
            AND (:only_failing = 0 OR agent_failed > 0)
            AND (:only_mine = 0 OR launch_id IS NOT NULL)
            AND (:since IS NULL OR created_at >= :since)
            AND NOT EXISTS (SELECT 1 FROM json_each(:words) WHERE instr(search, value) = 0)";
        let filter = named_params! {
            ":workspace": workspace, ":agent": query.agent, ":only_failing": query.only_failing,
            ":only_mine": query.only_mine, ":since": query.since.map(micros), ":words": words,
        };
        self.archive(|conn| {
            let total = conn
                .prepare_cached(&format!("SELECT count(*) FROM results WHERE {wanted}"))?
                .query_row(filter, |row| row.get(0))?;
            let mut statement = conn.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM results WHERE {wanted}
                 ORDER BY sort_at DESC, id DESC LIMIT {} OFFSET {}",
                query.limit, query.offset
            ))?;
            let rows =
                statement.query_map(filter, summary_of)?.collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(ResultPage { total, rows })
        })
    }

    /// What is known of a result, without its raw JSON; `None` for one that is not known.
    pub fn result_summary(&self, workspace: i64, id: i64) -> Result<Option<ResultSummary>> {
        self.archive(|conn| {
            let sql = format!("SELECT {COLUMNS} FROM results WHERE workspace = ?1 AND id = ?2");
            Ok(conn.prepare_cached(&sql)?.query_row((workspace, id), summary_of).optional()?)
        })
    }

    /// A result with its raw JSON.
    pub fn result(&self, workspace: i64, id: i64) -> Result<Option<ResultRecord>> {
        self.archive(|conn| {
            let sql = format!(
                "SELECT {COLUMNS}, (SELECT raw FROM result_bodies AS body
                     WHERE body.workspace = ?1 AND body.id = ?2)
                 FROM results WHERE workspace = ?1 AND id = ?2"
            );
            Ok(conn
                .prepare_cached(&sql)?
                .query_row((workspace, id), |row| {
                    let mut columns = Columns::of(row);
                    Ok(ResultRecord { summary: read(&mut columns)?, raw: columns.json()? })
                })
                .optional()?)
        })
    }
}

fn put_in(conn: &Connection, workspace: i64, put: &ResultPut, now: Timestamp) -> Result<bool> {
    let sql = format!("SELECT {COLUMNS}, print FROM results WHERE workspace = ?1 AND id = ?2");
    let known = conn
        .prepare_cached(&sql)?
        .query_row((workspace, put.id), |row| {
            let mut columns = Columns::of(row);
            Ok((read(&mut columns)?, columns.int()?))
        })
        .optional()?;
    let print = print_of(&put.raw);
    let old = known.as_ref().map(|(old, _)| old);
    // A row of the list knows less than the whole result: it fills gaps and moves what moves, but
    // its raw JSON and its counting of calls do not take the place of the fuller one.
    let fuller = old.is_some_and(|old| old.has_detail) && !put.has_detail;
    let expected = if fuller {
        old.and_then(|old| old.expected_calls).or(put.expected_calls)
    } else {
        put.expected_calls.or(old.and_then(|old| old.expected_calls))
    };
    let new = ResultSummary {
        id: put.id,
        name: if put.name.is_empty() {
            old.map(|old| old.name.clone()).unwrap_or_default()
        } else {
            put.name.clone()
        },
        agent: put.agent.or(old.and_then(|old| old.agent)),
        agent_name: put.agent_name.clone().or_else(|| old?.agent_name.clone()),
        status: put.status.clone().or_else(|| old?.status.clone()),
        run_type: put.run_type.clone().or_else(|| old?.run_type.clone()),
        scheduled: put.scheduled || old.is_some_and(|old| old.scheduled),
        created_at: put
            .created_at
            .and_then(|at| Timestamp::from_microsecond(micros(at)).ok())
            .or(old.and_then(|old| old.created_at)),
        changed_at: old.map_or(now, |old| old.changed_at),
        followed: put.followed.unwrap_or_else(|| old.is_some_and(|old| old.followed)),
        has_detail: put.has_detail || old.is_some_and(|old| old.has_detail),
        launch_id: put.launch_id.clone().or_else(|| old?.launch_id.clone()),
        expected_calls: expected,
        counts: old.map(|old| old.counts).unwrap_or_default(),
        calls: old.map_or(0, |old| old.calls),
        ended: old.map_or(0, |old| old.ended),
        seconds_total: old.map_or(0.0, |old| old.seconds_total),
        seconds_known: old.map_or(0, |old| old.seconds_known),
        server_passed: put.server_passed.or(old.and_then(|old| old.server_passed)),
        server_failed: put.server_failed.or(old.and_then(|old| old.server_failed)),
        seq: old.map_or(0, |old| old.seq),
    };
    let said_before = known.as_ref().is_some_and(|(_, before)| fuller || *before == print);
    let same_facts = old.is_some_and(|old| {
        // Whether we follow it is ours, not a change of the result.
        *old == ResultSummary { followed: old.followed, ..new.clone() }
    });
    let news = !(said_before && same_facts);
    let followed_before = old.is_some_and(|old| old.followed);
    if !news && new.followed == followed_before {
        if !fuller {
            // Links signed anew are worth keeping, and no news.
            put_body(conn, workspace, put)?;
        }
        return Ok(false);
    }
    let changed_at = if news { now } else { new.changed_at };
    let search = format!(
        "{}\n{}\n{}",
        new.name.to_lowercase(),
        new.agent_name.as_deref().unwrap_or_default().to_lowercase(),
        new.id
    );
    conn.prepare_cached(
        "INSERT INTO results (workspace, id, name, agent, agent_name, status, run_type, scheduled,
             created_at, changed_at, followed, has_detail, launch_id, expected_calls,
             server_passed, server_failed, seq, sort_at, search, print)
         VALUES (:workspace, :id, :name, :agent, :agent_name, :status, :run_type, :scheduled,
             :created_at, :changed_at, :followed, :has_detail, :launch_id, :expected_calls,
             :server_passed, :server_failed, :seq, coalesce(:created_at, :changed_at), :search,
             :print)
         ON CONFLICT (workspace, id) DO UPDATE SET
             name = excluded.name, agent = excluded.agent, agent_name = excluded.agent_name,
             status = excluded.status, run_type = excluded.run_type,
             scheduled = excluded.scheduled, created_at = excluded.created_at,
             changed_at = excluded.changed_at, followed = excluded.followed,
             has_detail = excluded.has_detail, launch_id = excluded.launch_id,
             expected_calls = excluded.expected_calls, server_passed = excluded.server_passed,
             server_failed = excluded.server_failed, seq = excluded.seq,
             sort_at = coalesce(excluded.created_at, sort_at), search = excluded.search,
             print = iif(:fuller, print, excluded.print)",
    )?
    .execute(named_params! {
        ":workspace": workspace, ":id": new.id, ":name": new.name, ":agent": new.agent,
        ":agent_name": new.agent_name, ":status": new.status, ":run_type": new.run_type,
        ":scheduled": new.scheduled, ":created_at": new.created_at.map(micros),
        ":changed_at": micros(changed_at), ":followed": new.followed,
        ":has_detail": new.has_detail, ":launch_id": new.launch_id,
        ":expected_calls": new.expected_calls, ":server_passed": new.server_passed,
        ":server_failed": new.server_failed, ":seq": next_seq(conn)?, ":search": search,
        ":print": print, ":fuller": fuller,
    })?;
    if !fuller {
        put_body(conn, workspace, put)?;
    }
    Ok(true)
}

fn put_body(conn: &Connection, workspace: i64, put: &ResultPut) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO result_bodies (workspace, id, raw) VALUES (?1, ?2, ?3)
         ON CONFLICT (workspace, id) DO UPDATE SET raw = excluded.raw WHERE raw <> excluded.raw",
    )?
    .execute((workspace, put.id, put.raw.to_string()))?;
    Ok(())
}
