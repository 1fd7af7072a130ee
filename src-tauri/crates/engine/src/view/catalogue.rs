//! What a run can be made of.

use serde::Serialize;
use ts_rs::TS;

use super::{ErrorView, OutcomeView};

/// The agents, callers and so on that a run can be made of.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CatalogueView {
    /// `loading` (nothing yet), `ready`, `refreshing` (something old is shown), `failed` (nothing to show).
    pub state: CatalogueState,
    /// Why the last refresh failed.
    pub error: Option<ErrorView>,
    /// When it was last read in full, RFC 3339.
    pub fetched_at: Option<String>,
    /// Agents, by name.
    pub agents: Vec<AgentView>,
    /// Callers, by name.
    pub callers: Vec<NamedView>,
    /// Test profiles, by name.
    pub profiles: Vec<NamedView>,
    /// Folders in use, by path.
    pub folders: Vec<FolderView>,
    /// Tags in use.
    pub tags: Vec<String>,
    /// Entries the server sent that could not be read.
    pub unreadable: u32,
}

/// See [`CatalogueView::state`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum CatalogueState {
    /// Being read for the first time.
    Loading,
    /// Read.
    Ready,
    /// Shown from the ledger while it is read again.
    Refreshing,
    /// Never read, and the attempt failed.
    Failed,
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct AgentView {
    /// The API's id.
    #[ts(type = "number")]
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The project it belongs to.
    pub project_name: Option<String>,
    /// Whether it has its Pipecat connection; absent when the answer does not say.
    pub pipecat_ready: Option<bool>,
    /// The agent's name on Pipecat Cloud.
    pub pipecat_agent_name: Option<String>,
    /// Names of the tools that can be mocked.
    pub mock_tools: Vec<String>,
    /// Callers that may be used in place of the evaluators' own; empty means not known.
    #[ts(type = "Array<number>")]
    pub enabled_callers: Vec<i64>,
}

/// An id with a name.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct NamedView {
    /// The API's id.
    #[ts(type = "number")]
    pub id: i64,
    /// The name.
    pub name: String,
    /// A line more, where there is one.
    pub description: Option<String>,
}

/// A folder of evaluators.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct FolderView {
    /// Last part of the path.
    pub name: String,
    /// The API's dot-separated path.
    pub path: String,
}

/// A row of the evaluator list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct EvaluatorView {
    /// The API's id.
    #[ts(type = "number")]
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Dot-separated folder path.
    pub folder: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The caller it uses by itself.
    pub caller_name: Option<String>,
    /// Language code.
    pub language: Option<String>,
    /// Whether a pass can mean more than "the call connected".
    pub has_expected_outcome: bool,
    /// The last five outcomes, oldest first.
    pub last: Vec<OutcomeView>,
    /// Usual length of its calls in seconds, learnt from finished calls.
    pub usual_seconds: Option<f64>,
    /// Judged calls of the last five disagree.
    pub flaky: bool,
}

/// One evaluator, opened.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct EvaluatorDetail {
    /// The row.
    pub row: EvaluatorView,
    /// What the caller is told to do.
    pub script: Option<String>,
    /// What the caller says first.
    pub first_message: Option<String>,
    /// What a good call ends in.
    pub expected_outcome: Option<String>,
    /// Names of the metrics that judge it.
    pub metrics: Vec<String>,
    /// Its own test profile.
    pub profile_name: Option<String>,
    /// Longest allowed call, seconds.
    pub max_seconds: Option<f64>,
    /// When it was last changed, RFC 3339.
    pub updated_at: Option<String>,
}
