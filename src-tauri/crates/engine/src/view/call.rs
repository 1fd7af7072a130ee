//! One call: what was expected, what was said, what was measured.

use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;

use super::{CallRowView, ErrorView};

/// A call, opened.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CallView {
    /// The row.
    pub row: CallRowView,
    /// The result it belongs to.
    #[ts(type = "number")]
    pub result: i64,
    /// The evaluator's name.
    pub evaluator_name: String,
    /// When it began, RFC 3339.
    pub started_at: Option<String>,
    /// The API's reason for its end, as text.
    pub ended_reason: Option<String>,
    /// The API's error message.
    pub error_message: Option<String>,
    /// What was expected and what came; absent when nothing was.
    pub expected: Option<ExpectedView>,
    /// Metrics, the ones that decide first.
    pub metrics: Vec<MetricView>,
    /// The conversation; absent while it has not been read.
    pub transcript: Option<Vec<TurnView>>,
    /// A note kept here.
    pub note: Option<String>,
    /// The call has been read in full. Before, what is missing here may still be on the server.
    pub whole: bool,
    /// It is being read in full.
    pub loading: bool,
    /// Why it could not be read in full, when that was last tried.
    pub error: Option<ErrorView>,
    /// It is being ended on request.
    pub stopping: bool,
    /// A recording is said to exist.
    pub recording: bool,
    /// Loudness over time, 0 to 1: the agent's, then the caller's; absent where the API gives none.
    pub waveform: Option<WaveformView>,
    /// Which channel of a stereo recording the caller is on.
    pub caller_channel: Option<u32>,
    /// What a person said of the judge.
    pub human: HumanView,
    /// The names of the tools that were mocked in this call.
    pub mocked_tools: Vec<String>,
    /// Where it can be seen on the vendor's dashboard.
    pub dashboard: Option<String>,
}

/// Loudness of both sides over time.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are the meaning")]
pub struct WaveformView {
    pub agent: Vec<f64>,
    pub caller: Vec<f64>,
}

/// What a person said of the judge's work on a call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct HumanView {
    /// A person's own verdict: passed, failed, or none.
    pub review: Option<bool>,
    /// Metric id, or `expected_outcome`, to thumbs up (true) or down.
    pub votes: BTreeMap<String, bool>,
    /// The server has been told.
    pub sent: bool,
}

/// What was expected of a call.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ExpectedView {
    /// 0 to 100.
    pub score: Option<f64>,
    /// What was asked for, as the evaluator puts it.
    pub prompt: Option<String>,
    /// Criterion by criterion.
    pub criteria: Vec<CriterionView>,
    /// What a person said of the judgement, as the server had it when the call was read.
    pub thumbs_up: Option<bool>,
}

/// One criterion, or one line of what a judge wrote.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CriterionView {
    /// What was expected, or what the judge wrote: without its mark and time.
    pub text: String,
    /// Met, not met, or not said.
    pub met: Option<bool>,
    /// Where in the call, seconds.
    pub at: Vec<f64>,
    /// What came, where the server says so beside what was expected.
    pub came: Option<String>,
    /// What the judge wrote about it beside that.
    pub judge: Option<String>,
}

/// One metric of a call.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct MetricView {
    /// The API's id, needed to vote on it.
    #[ts(type = "number | null")]
    pub id: Option<i64>,
    /// Its name.
    pub name: String,
    /// It decides the outcome.
    pub decides: bool,
    /// `yes_no, rating, number, category, unknown`.
    pub kind: String,
    /// For yes or no.
    pub passed: Option<bool>,
    /// For a rating (0 to 5) or a number.
    pub value: Option<f64>,
    /// For a category.
    pub text: Option<String>,
    /// `ms` where the number is known to be milliseconds.
    pub unit: Option<String>,
    /// Why.
    pub explanation: Vec<CriterionView>,
    /// What a person said of it, as the server had it when the call was read.
    pub thumbs_up: Option<bool>,
}

/// Who speaks in a transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are the meaning")]
pub enum Speaker {
    Agent,
    Caller,
    Tool,
    Other,
}

/// One turn of the conversation; a tool's call and its result are one turn.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct TurnView {
    /// Who.
    pub speaker: Speaker,
    /// The API's role, for those Linecheck does not know.
    pub role: String,
    /// Seconds from the start.
    pub at: Option<f64>,
    /// Seconds from the start.
    pub end: Option<f64>,
    /// What was said.
    pub text: String,
    /// The tool.
    pub tool: Option<ToolView>,
    /// Seconds of silence before this turn, where it is more than a few.
    pub silence: Option<f64>,
}

/// A tool that was used.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ToolView {
    /// The provider's id of this use, where there is one.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// What it was given, as text.
    pub arguments: Option<String>,
    /// What it gave back, as text.
    pub result: Option<String>,
}
