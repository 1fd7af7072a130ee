//! A launch, as its card shows it.

use serde::Serialize;
use ts_rs::TS;

use super::FieldProblem;

/// A launch, as its card shows it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct LaunchView {
    /// Local id.
    pub id: String,
    /// `sending, launched, refused, not_sent, unknown`.
    pub state: LaunchStateView,
    /// Name of the run.
    pub name: String,
    /// Agent asked for.
    pub agent_name: String,
    /// The agent the answer names is another one.
    pub other_agent: Option<String>,
    /// Calls the plan makes.
    pub expected_calls: u32,
    /// Calls the answer lists.
    pub calls_placed: Option<u32>,
    /// When it was sent, RFC 3339.
    pub started_at: String,
    /// The result, once known.
    #[ts(type = "number | null")]
    pub result_id: Option<i64>,
    /// Why it was refused, not sent, or is unknown.
    pub code: Option<crate::Code>,
    /// Sentences of the API, each with the field it is about.
    pub problems: Vec<FieldProblem>,
    /// How often it was looked for.
    pub looks: u32,
    /// When it was last looked for, RFC 3339.
    pub last_look_at: Option<String>,
    /// Results that may be it, when there is more than one.
    #[ts(type = "Array<number>")]
    pub found: Vec<i64>,
    /// Whether the calls were found by looking for them.
    pub adopted: bool,
    /// Nothing more is asked of a person about it.
    pub settled: bool,
    /// When it is looked for again by itself, RFC 3339; absent when only a person can.
    pub next_look_at: Option<String>,
    /// Seconds the server asked to wait, for a launch it put off.
    pub wait_seconds: Option<f64>,
    /// For a launch refused for want of credits: the largest part of the plan that fits.
    pub fits: Option<FitView>,
}

/// The largest part of a plan that the balance covers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, serde::Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct FitView {
    /// Evaluators of it.
    pub evaluators: u32,
    /// Calls of it.
    pub calls: u32,
    /// Credits it may take at most.
    pub credits: f64,
}

/// See [`LaunchView::state`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "ledger::LaunchState explains each")]
pub enum LaunchStateView {
    Sending,
    Launched,
    Refused,
    NotSent,
    Unknown,
}
