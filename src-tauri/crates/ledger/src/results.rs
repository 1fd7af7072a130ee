//! Results: what came of launches, whoever placed them.

use jiff::Timestamp;
use serde_json::Value;

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
