//! Results: the list, one of them, its evaluators and its calls.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CatalogueState, ErrorView, LaunchView, RepeatPart, ToolMocks};

/// The outcome of a call, as words and glyphs know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are the meaning; verdict::Outcome explains each")]
pub enum OutcomeView {
    Passed,
    AgentFailed,
    NeverConnected,
    NeedsALook,
    Stopped,
    InProgress,
}

/// The six counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are the outcomes")]
pub struct CountsView {
    pub passed: u32,
    pub agent_failed: u32,
    pub never_connected: u32,
    pub needs_a_look: u32,
    pub stopped: u32,
    pub in_progress: u32,
}

/// A page of results.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ResultsPage {
    /// How many there are in all.
    pub total: u32,
    /// The rows asked for.
    pub rows: Vec<ResultRowView>,
    /// Whether the server's list has been read since start, and how that went.
    pub state: CatalogueState,
    /// Why the last read failed.
    pub error: Option<ErrorView>,
}

/// Which results are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(rename_all = "camelCase")]
pub struct ResultsQuery {
    /// Words in the name or the agent's name.
    pub search: String,
    /// Only this agent's.
    #[ts(type = "number | null")]
    pub agent: Option<i64>,
    /// Only those with a call the agent failed.
    pub only_failing: bool,
    /// Only those placed from this computer.
    pub only_mine: bool,
    /// Only those of the last so many days; 0 for any time.
    pub days: u32,
    /// Rows to leave out from the start.
    pub offset: u32,
    /// Rows at most, up to 500.
    pub limit: u32,
}

/// A row of the results list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ResultRowView {
    /// The API's id.
    #[ts(type = "number")]
    pub id: i64,
    /// Its name, or empty.
    pub name: String,
    /// The agent's name.
    pub agent_name: Option<String>,
    /// RFC 3339.
    pub created_at: Option<String>,
    /// Counted from its calls. All zero while the calls have not been read.
    pub counts: CountsView,
    /// How many calls it has, as far as known.
    pub calls: u32,
    /// The calls have been read.
    pub counted: bool,
    /// Every call has ended.
    pub finished: bool,
    /// Being followed.
    pub followed: bool,
    /// Placed from this computer.
    pub mine: bool,
    /// Started by a schedule on the server.
    pub scheduled: bool,
    /// Credits by duration, where durations are known.
    pub credits: Option<f64>,
    /// When anything last changed, RFC 3339.
    pub changed_at: String,
    /// What most of the calls in progress are doing: `waiting, connecting, talking, judging`.
    pub doing: Option<String>,
    /// Usual time between changes is exceeded: seconds since the last change, and the usual length.
    pub stalled: Option<StallView>,
    /// Minutes left, from and to.
    pub left: Option<RangeView>,
}

/// No change for longer than such calls usually take.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct StallView {
    /// Seconds since anything changed.
    pub seconds: f64,
    /// Seconds such calls usually take.
    pub usual_seconds: f64,
}

/// A range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RangeView {
    /// From.
    pub low: f64,
    /// To.
    pub high: f64,
}

/// A result, opened.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ResultView {
    /// The row.
    pub row: ResultRowView,
    /// Whether the agent is fit for callers, as far as these calls tell.
    pub headline: HeadlineView,
    /// Evaluators, the worst first.
    pub groups: Vec<EvaluatorGroup>,
    /// Calls that went wrong, identical reasons together, the most frequent first.
    pub causes: Vec<CauseView>,
    /// The result this one repeats a part of.
    pub parent: Option<RelatedView>,
    /// Results that repeat a part of this one, or of one of those, the oldest first.
    pub repeats: Vec<RelatedView>,
    /// What running it again would place.
    pub again: RepeatView,
    /// The server calls the result finished, and these calls are still in progress.
    pub judging_after_end: u32,
    /// Calls that took unusually long to the agent's first word.
    pub cold_starts: u32,
    /// Completed calls that nothing judged.
    pub nothing_judged: u32,
    /// The launch it came of, when placed from this computer.
    pub launch: Option<LaunchView>,
    /// Placed from this computer, and the journal that said how has been lost.
    pub launch_lost: bool,
    /// Which tools were mocked, when placed from this computer.
    pub mocks: Option<ToolMocks>,
    /// Calls the server sent that could not be read.
    pub unreadable: u32,
    /// Calls that never started because the agent was at its limit.
    pub at_limit: u32,
    /// The API's own summary, as text.
    pub summary: Option<SummaryView>,
    /// Where it can be seen on the vendor's dashboard.
    pub dashboard: Option<String>,
    /// Calls are being ended on request.
    pub stopping: bool,
}

/// The ingredients of the one sentence on top of a result.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct HeadlineView {
    /// What it comes to.
    pub fitness: Fitness,
    /// Evaluators with at least one judged call.
    pub judged_evaluators: u32,
    /// All evaluators of the result.
    pub evaluators: u32,
    /// Evaluators with at least one call the agent failed.
    pub failing: u32,
    /// Evaluators whose judged calls all failed.
    pub always_failing: u32,
    /// Evaluators without a judged call.
    pub unjudged: u32,
    /// Evaluators whose judged calls disagree.
    pub flaky: u32,
    /// Judged calls that passed.
    pub passed: u32,
    /// Judged calls.
    pub judged: u32,
    /// All calls.
    pub calls: u32,
    /// The reason that most of the failures share.
    pub cause: Option<WhyView>,
    /// All of the failures share it.
    pub one_cause: bool,
}

/// What a result comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum Fitness {
    /// Everything that was judged passed, and enough was judged.
    Fit,
    /// Something fails.
    NotFit,
    /// Too few calls were judged to say.
    TooLittle,
    /// Calls are in progress and nothing has failed so far.
    Running,
}

/// Calls that went wrong for the same reason.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CauseView {
    /// Stays the same while the result is read again.
    pub key: String,
    /// The outcome these calls share.
    pub outcome: OutcomeView,
    /// The reason they share.
    pub why: WhyView,
    /// The calls.
    #[ts(type = "Array<number>")]
    pub calls: Vec<i64>,
    /// How many evaluators they belong to.
    pub evaluators: u32,
}

/// A result that repeats a part of another.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RelatedView {
    /// The API's id of the result.
    #[ts(type = "number")]
    pub result: i64,
    /// Its name.
    pub name: String,
    /// Which part was repeated.
    pub part: RepeatPart,
    /// Its counts.
    pub counts: CountsView,
    /// Evaluators that went wrong in the earlier result, and the last of that passes since the
    /// later one.
    pub fixed: Vec<FixedView>,
}

/// An evaluator that was fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct FixedView {
    /// The API's id.
    #[ts(type = "number")]
    pub evaluator: i64,
    /// On which try of this evaluator; the result itself is the first.
    pub on_try: u32,
}

/// What running a part of a result again would place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RepeatView {
    /// The calls that never connected.
    pub never_connected: PartView,
    /// Those of them that found no place.
    pub at_limit: PartView,
    /// The calls the agent failed.
    pub agent_failed: PartView,
    /// Everything.
    pub everything: PartView,
    /// Calls that one whole evaluator makes, at most.
    pub each: u32,
}

/// A part of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct PartView {
    /// Its calls.
    pub calls: u32,
    /// Their evaluators.
    pub evaluators: u32,
    /// Calls that are placed for them at most: every evaluator with every caller and profile.
    pub up_to: u32,
}

/// The API's own words about a finished result.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are the API's headings")]
pub struct SummaryView {
    pub what_happened: Option<String>,
    pub why_it_happened: Option<String>,
    pub how_to_fix: Option<String>,
    pub next_steps: Vec<String>,
    pub reasons: Vec<String>,
}

/// One evaluator's calls side by side.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct EvaluatorGroup {
    /// The API's id; absent when the evaluator was deleted.
    #[ts(type = "number | null")]
    pub evaluator: Option<i64>,
    /// Its name.
    pub name: String,
    /// Judged calls disagree.
    pub flaky: bool,
    /// It went wrong here, and all of that passes since this try, counted from 2.
    pub fixed_on: Option<u32>,
    /// Tags of the evaluator, where it is still in the catalogue.
    pub tags: Vec<String>,
    /// What went wrong most often; absent when nothing did.
    pub wrong: Option<WhyView>,
    /// Median length in seconds.
    pub usual_seconds: Option<f64>,
    /// Its calls in the order they were placed.
    pub calls: Vec<CallRowView>,
}

/// What people have said of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SaidView {
    /// The API's id of the call.
    #[ts(type = "number")]
    pub call: i64,
    /// A person's verdict: passed or not.
    pub review: Option<bool>,
    /// A note.
    pub note: Option<String>,
}

/// Why a call has its outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct WhyView {
    /// Stable code, see `verdict::Why::code`.
    pub code: String,
    /// A name, a criterion or the API's reason.
    pub text: Option<String>,
    /// Whose side it was on: `agent, tester, network, limit, unknown`.
    pub side: Option<String>,
    /// A score.
    pub number: Option<f64>,
}

/// A call in a result.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CallRowView {
    /// The API's id.
    #[ts(type = "number")]
    pub id: i64,
    /// Its outcome.
    pub outcome: OutcomeView,
    /// Why.
    pub why: WhyView,
    /// Which repetition, from 1.
    pub time: u32,
    /// Of how many.
    pub of: u32,
    /// Who called.
    pub caller_name: Option<String>,
    /// What the caller carried.
    pub profile_name: Option<String>,
    /// Length in seconds.
    pub seconds: Option<f64>,
    /// A person decided the outcome.
    pub reviewed: bool,
    /// A note is kept with it.
    pub noted: bool,
    /// A person has voted on what was judged of it.
    pub voted: bool,
    /// The server does not know yet what a person said of it, or took back.
    pub untold: bool,
    /// The agent took unusually long to say its first word.
    pub cold: bool,
}
