//! The six counts of a result, kept beside it so that a list of results needs no look at calls.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::columns::micros;
use crate::error::{LedgerError, Result};

/// How many calls have which outcome. The sum is the number of calls known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "the names are the outcomes")]
pub struct OutcomeCounts {
    pub passed: u32,
    pub agent_failed: u32,
    pub never_connected: u32,
    pub needs_a_look: u32,
    pub stopped: u32,
    pub in_progress: u32,
}

impl OutcomeCounts {
    /// All of them.
    pub fn total(&self) -> u32 {
        self.passed
            + self.agent_failed
            + self.never_connected
            + self.needs_a_look
            + self.stopped
            + self.in_progress
    }
}

/// Counts the calls of a result again, after some of them changed. Without a time, what changed is
/// no news of the server's, and the result has not changed since it last did.
pub(crate) fn count_again(
    conn: &Connection,
    workspace: i64,
    result: i64,
    now: Option<Timestamp>,
    seq: i64,
) -> Result<()> {
    conn.prepare_cached(
        "UPDATE results SET passed = c.passed, agent_failed = c.agent_failed,
             never_connected = c.never_connected,
             -- An outcome this version does not know needs a look, so that the counts add up.
             needs_a_look = c.calls - c.passed - c.agent_failed - c.never_connected - c.stopped
                 - c.in_progress,
             stopped = c.stopped, in_progress = c.in_progress, calls = c.calls, ended = c.ended,
             seconds_total = c.seconds_total, seconds_known = c.seconds_known,
             changed_at = coalesce(?3, changed_at), seq = ?4
         FROM (SELECT count(*) AS calls,
                 coalesce(sum(outcome = 'passed'), 0) AS passed,
                 coalesce(sum(outcome = 'agent_failed'), 0) AS agent_failed,
                 coalesce(sum(outcome = 'never_connected'), 0) AS never_connected,
                 coalesce(sum(outcome = 'stopped'), 0) AS stopped,
                 coalesce(sum(outcome = 'in_progress'), 0) AS in_progress,
                 coalesce(sum(ended), 0) AS ended,
                 total(duration_s) AS seconds_total,
                 count(duration_s) AS seconds_known
             FROM calls INDEXED BY calls_result WHERE workspace = ?1 AND result = ?2) AS c
         WHERE workspace = ?1 AND id = ?2",
    )?
    .execute((workspace, result, now.map(micros), seq))?;
    Ok(())
}

/// Whether a result is known.
pub(crate) fn must_exist(conn: &Connection, workspace: i64, result: i64) -> Result<()> {
    let known: bool = conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM results WHERE workspace = ?1 AND id = ?2)")?
        .query_row((workspace, result), |row| row.get(0))?;
    if known { Ok(()) } else { Err(LedgerError::NotFound) }
}
