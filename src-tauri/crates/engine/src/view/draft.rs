//! What a person has chosen, and what was kept of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which tools are answered by mocks instead of the real thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind", content = "names")]
#[ts(rename_all = "snake_case", tag = "kind", content = "names")]
pub enum ToolMocks {
    /// Every tool the agent has a mock for.
    All,
    /// None: the agent's tools really act.
    None,
    /// Only these.
    Chosen(Vec<String>),
}

/// What a person has chosen so far on *New run*. Everything has a default, so that an older or a
/// damaged draft opens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(rename_all = "camelCase")]
pub struct DraftBody {
    /// The agent under test.
    #[ts(type = "number | null")]
    pub agent: Option<i64>,
    /// The evaluators ticked.
    #[ts(type = "Array<number>")]
    pub evaluators: Vec<i64>,
    /// The name of the run; empty means the one Linecheck proposes.
    pub name: String,
    /// Times each, as typed: 1 to 100 is checked, not enforced, so that nothing typed is lost.
    pub times: String,
    /// Calls at once, as typed.
    pub at_once: String,
    /// Callers in place of the evaluators' own; empty means their own.
    #[ts(type = "Array<number>")]
    pub callers: Vec<i64>,
    /// Test profiles in place of the evaluators' own; empty means their own.
    #[ts(type = "Array<number>")]
    pub profiles: Vec<i64>,
    /// Tools to mock.
    pub mocks: ToolMocks,
    /// Data messages as typed: one for all evaluators (`evaluator` absent) or for one of them.
    pub messages: Vec<DraftMessage>,
    /// Settings of the agent's Pipecat connection for this run only, as typed.
    pub pipecat: DraftPipecat,
    /// What the list of evaluators is narrowed to.
    pub filter: DraftFilter,
    /// The result this run repeats a part of.
    pub parent: Option<DraftParent>,
}

/// A data message as typed. It is checked, never corrected, so that nothing typed is lost.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(rename_all = "camelCase")]
pub struct DraftMessage {
    /// The evaluator it is for; absent for all that have none of their own.
    #[ts(type = "number | null")]
    pub evaluator: Option<i64>,
    /// JSON, as typed.
    pub text: String,
}

/// Settings of the agent's Pipecat connection for one run. They replace the kept ones as a whole;
/// nothing is merged (the API's own rule). Empty means the kept one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(rename_all = "camelCase")]
pub struct DraftPipecat {
    /// Name of the agent on Pipecat Cloud.
    pub agent_name: String,
    /// JSON, as typed.
    pub config: String,
    /// JSON, as typed.
    pub room_properties: String,
}

/// What the list of evaluators is narrowed to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(rename_all = "camelCase")]
pub struct DraftFilter {
    /// The search box.
    pub search: String,
    /// Folder paths.
    pub folders: Vec<String>,
    /// Tags; any of them.
    pub tags: Vec<String>,
    /// Only those the agent failed the last time they were judged.
    pub failed_last: bool,
    /// Only flaky ones.
    pub flaky: bool,
}

/// Which result a run repeats a part of, and which part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct DraftParent {
    /// The API's id of the result.
    #[ts(type = "number")]
    pub result: i64,
    /// The part.
    pub part: RepeatPart,
}

/// The part of a result that is run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum RepeatPart {
    /// Evaluators with calls that never connected.
    NeverConnected,
    /// Calls that never started because the agent was at its limit.
    AtLimit,
    /// Evaluators with calls the agent failed.
    AgentFailed,
    /// What a person ticked.
    Chosen,
    /// All of it.
    Everything,
}

impl Default for DraftBody {
    fn default() -> Self {
        Self {
            agent: None,
            evaluators: Vec::new(),
            name: String::new(),
            times: "1".to_owned(),
            // The design's default: gentle to an agent with a small allowance of parallel sessions.
            at_once: "3".to_owned(),
            callers: Vec::new(),
            profiles: Vec::new(),
            mocks: ToolMocks::All,
            messages: Vec::new(),
            pipecat: DraftPipecat::default(),
            filter: DraftFilter::default(),
            parent: None,
        }
    }
}

/// A draft: what is chosen and not yet placed.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct DraftView {
    /// Minted by the backend, good for one launch.
    pub id: String,
    /// What is chosen.
    pub body: DraftBody,
    /// The name that is used when none is typed.
    pub proposed_name: String,
}

/// What a repeat of a part of a result leaves to choose on *New run*, and what it could not take.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RepeatMade {
    /// The draft that is open now.
    pub draft: DraftView,
    /// Names, or ids, of evaluators that are gone and were left out.
    pub gone: Vec<String>,
    /// How the calls were connected, where that was not Pipecat: the API's word.
    pub run_type: Option<String>,
    /// The API's names of settings that a plan has no place for.
    pub settings: Vec<String>,
    /// Calls of the part that name no evaluator any more.
    pub unnamed: u32,
}

/// A saved plan.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SavedPlanView {
    /// Local id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The agent's name, where it is still in the catalogue.
    pub agent_name: Option<String>,
    /// Evaluators in it.
    pub evaluators: u32,
    /// Names, or ids, of evaluators that are gone.
    pub gone: Vec<String>,
    /// Calls it makes at most.
    pub calls: u32,
    /// RFC 3339.
    pub changed_at: String,
}

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ImportView {
    /// The plan as it was saved.
    pub plan: SavedPlanView,
    /// It was saved under another name, because the name was taken.
    pub renamed: bool,
}

/// What a repeat or an opened plan leaves to choose on *New run*.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct DraftMade {
    /// The draft that is open now.
    pub draft: DraftView,
    /// Names, or ids, of evaluators that are gone and were left out.
    pub gone: Vec<String>,
}
