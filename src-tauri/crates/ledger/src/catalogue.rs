//! The catalogue: what a run can be made of, as the server last said.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An id with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The API's id.
    pub id: i64,
    /// The name.
    pub name: String,
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentRow {
    /// The API's id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its project.
    pub project: Option<i64>,
    /// The project's name.
    pub project_name: Option<String>,
    /// Language code.
    pub language: Option<String>,
    /// Where the agent runs.
    pub provider: Option<String>,
    /// Whether it has its Pipecat connection; absent when the server does not say.
    pub pipecat_ready: Option<bool>,
    /// Its name on Pipecat Cloud.
    pub pipecat_agent_name: Option<String>,
    /// Names of the tools that can be mocked.
    pub mock_tools: Vec<String>,
    /// Whether mocking is switched on at the server.
    pub mock_tools_enabled: Option<bool>,
    /// Callers that may be used in place of the evaluators' own.
    pub enabled_callers: Vec<i64>,
    /// As it came.
    pub raw: Value,
}

/// A caller.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallerRow {
    /// The API's id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// A line more.
    pub description: Option<String>,
    /// Language code.
    pub language: Option<String>,
    /// As it came.
    pub raw: Value,
}

/// A test profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProfileRow {
    /// The API's id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The agent it belongs to.
    pub agent: Option<i64>,
    /// The project it belongs to.
    pub project: Option<i64>,
    /// As it came.
    pub raw: Value,
}

/// A metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricRow {
    /// The API's id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The API's kind of evaluation.
    pub eval_type: Option<String>,
    /// Credits for each call.
    pub cost: Option<f64>,
    /// As it came.
    pub raw: Value,
}

/// A folder of evaluators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderRow {
    /// Last part of the path.
    pub name: String,
    /// The API's dot-separated path.
    pub path: String,
}

/// An evaluator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvaluatorRow {
    /// The API's id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The agent it belongs to; none means any.
    pub agent: Option<i64>,
    /// The project it belongs to.
    pub project: Option<i64>,
    /// Dot-separated folder path.
    pub folder: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The caller it uses by itself.
    pub caller: Option<i64>,
    /// That caller's name.
    pub caller_name: Option<String>,
    /// Language code.
    pub language: Option<String>,
    /// The test profile it uses by itself.
    pub profile: Option<i64>,
    /// Names of the metrics that judge it.
    pub metrics: Vec<String>,
    /// Whether a pass can mean more than "the call connected".
    pub has_expected_outcome: bool,
    /// When it was last changed, as the server wrote it.
    pub updated_at: Option<String>,
    /// As it came. Null in lists: ten thousand scripts are not read to show their names.
    #[serde(skip)]
    pub raw: Value,
}

/// A whole reading of the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogueSnapshot {
    /// Projects the key may see.
    pub projects: Vec<Named>,
    /// Agents.
    pub agents: Vec<AgentRow>,
    /// Callers.
    pub callers: Vec<CallerRow>,
    /// Test profiles.
    pub profiles: Vec<ProfileRow>,
    /// Metrics.
    pub metrics: Vec<MetricRow>,
    /// Folders.
    pub folders: Vec<FolderRow>,
    /// Tags in use.
    pub tags: Vec<String>,
    /// Evaluators.
    pub evaluators: Vec<EvaluatorRow>,
    /// Entries that could not be read.
    pub unreadable: u32,
}

/// The catalogue without its evaluators, which are many.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CatalogueHead {
    /// Projects the key may see.
    pub projects: Vec<Named>,
    /// Agents.
    pub agents: Vec<AgentRow>,
    /// Callers.
    pub callers: Vec<CallerRow>,
    /// Test profiles.
    pub profiles: Vec<ProfileRow>,
    /// Metrics.
    pub metrics: Vec<MetricRow>,
    /// Folders.
    pub folders: Vec<FolderRow>,
    /// Tags in use.
    pub tags: Vec<String>,
    /// Entries that could not be read.
    pub unreadable: u32,
    /// When it was read.
    pub fetched_at: Timestamp,
}
