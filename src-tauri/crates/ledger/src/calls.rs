//! Calls, as they came.

use jiff::Timestamp;
use serde_json::Value;

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
