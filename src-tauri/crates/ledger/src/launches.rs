//! The journal of launches: written before anything is sent, so that none is ever lost.
//!
//! ```text
//! draft -begin-> sending -end-> launched | refused | not_sent | unknown
//!                unknown -adopt-> launched          unknown -decide-> unknown, settled
//! ```
//!
//! Every arrow is one durable commit together with a line in `launch_events`, which is only ever
//! added to.

use jiff::Timestamp;
use serde_json::Value;

/// Where a launch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LaunchState {
    /// On disk; the request is about to go out, or its answer is awaited.
    Sending,
    /// The server named the result.
    Launched,
    /// The server refused; nothing started.
    Refused,
    /// The request never reached the server; nothing started.
    NotSent,
    /// Nobody knows whether it started.
    Unknown,
}

impl LaunchState {
    /// As it stands in the journal.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Launched => "launched",
            Self::Refused => "refused",
            Self::NotSent => "not_sent",
            Self::Unknown => "unknown",
        }
    }
}

/// What a person said of an unknown launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// It did not start.
    NotStarted,
    /// Leave it as it is.
    Left,
}

impl Decision {
    /// As it stands in the journal.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::Left => "left",
        }
    }
}

/// The result a launch repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// The result.
    pub result: i64,
    /// Why it is repeated, a word of the caller's choice.
    pub reason: String,
}

/// A launch to write down before it is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct NewLaunch {
    /// The intent, a UUID made by the caller.
    pub id: String,
    /// The draft it spends.
    pub draft: String,
    /// Its workspace.
    pub workspace: i64,
    /// The name it is sent with, the token included.
    pub name: String,
    /// The short text in the name by which it can be found again.
    pub token: String,
    /// The agent asked for.
    pub agent: i64,
    /// Its name at the time.
    pub agent_name: String,
    /// The body of the request. It is kept without credentials of third parties: see
    /// [`without_credentials`](crate::without_credentials).
    pub body: Value,
    /// SHA-256 of the body without its name, hex.
    pub body_hash: String,
    /// Where it goes.
    pub endpoint: String,
    /// Calls the plan makes.
    pub expected_calls: u32,
    /// Estimated credits, from.
    pub credits_low: Option<f64>,
    /// Estimated credits, to.
    pub credits_high: Option<f64>,
    /// Which tools are mocked.
    pub mocks: Value,
    /// The result it repeats.
    pub parent: Option<Parent>,
    /// Version of the program.
    pub app_version: String,
    /// When the draft was last changed, as the plan was made from it.
    pub draft_seen: Timestamp,
}

/// A launch as the journal has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Launch {
    /// The intent.
    pub id: String,
    /// The draft it spent.
    pub draft: String,
    /// Its workspace.
    pub workspace: i64,
    /// The name it was sent with.
    pub name: String,
    /// The text by which it can be found again.
    pub token: String,
    /// The agent asked for.
    pub agent: i64,
    /// Its name at the time.
    pub agent_name: String,
    /// The body of the request.
    pub body: Value,
    /// SHA-256 of the body without its name, hex.
    pub body_hash: String,
    /// Where it went.
    pub endpoint: String,
    /// Calls the plan makes.
    pub expected_calls: u32,
    /// Estimated credits, from.
    pub credits_low: Option<f64>,
    /// Estimated credits, to.
    pub credits_high: Option<f64>,
    /// Which tools are mocked.
    pub mocks: Value,
    /// The result it repeats.
    pub parent: Option<Parent>,
    /// Version of the program that sent it.
    pub app_version: String,
    /// Where it stands.
    pub state: LaunchState,
    /// The result, once known.
    pub result: Option<i64>,
    /// The agent the answer names.
    pub answer_agent: Option<i64>,
    /// Calls the answer lists.
    pub calls_placed: Option<u32>,
    /// Why it was refused, not sent, or is unknown.
    pub code: Option<String>,
    /// What the server complained about; null where it did not.
    pub problems: Value,
    /// How often it was looked for.
    pub looks: u32,
    /// When it was last looked for.
    pub last_look_at: Option<Timestamp>,
    /// Results that may be it, from the last look.
    pub found: Vec<i64>,
    /// The result was found by looking for it, or pointed out by a person.
    pub adopted: bool,
    /// What a person said of it while it was unknown.
    pub decision: Option<Decision>,
    /// A person has seen that it was refused or not sent.
    pub dismissed: bool,
    /// When it was written down.
    pub started_at: Timestamp,
    /// When `sending` ended.
    pub ended_at: Option<Timestamp>,
}

/// How sending ended.
#[derive(Debug, Clone, PartialEq)]
pub enum LaunchEnd {
    /// The server named the result.
    Launched {
        /// The result.
        result: i64,
        /// The agent the answer names.
        agent: Option<i64>,
        /// Calls the answer lists.
        calls_placed: u32,
    },
    /// The server refused.
    Refused {
        /// Why.
        code: String,
        /// What it complained about.
        problems: Value,
    },
    /// The request provably never arrived.
    NotSent {
        /// Why.
        code: String,
    },
    /// Anything else.
    Unknown {
        /// Why.
        code: String,
    },
}

/// What was placed in some time, for limits.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Placed {
    /// Calls.
    pub calls: u32,
    /// The upper ends of their estimates in credits, added up.
    pub credits_high: f64,
}

/// One line of a launch's history.
#[derive(Debug, Clone, PartialEq)]
pub struct LaunchEvent {
    /// When.
    pub at: Timestamp,
    /// What happened: a state, `look`, `adopted`, `decided` or `dismissed`.
    pub event: String,
    /// What belongs to it.
    pub detail: Value,
}
