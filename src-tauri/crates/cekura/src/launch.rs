//! What a launch asks for, and what came of it.
//!
//! Facts about the request are from the document: `POST
//! /test_framework/v1/scenarios/run_scenarios_pipecat_v2/` and the schemas named below.

use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::ids::{AgentId, PersonalityId, ResultId, ScenarioId, TestProfileId};
use crate::listing::Unreadable;
use crate::runs::Run;

/// The endpoint, with its slash.
const PATH: &str = "/test_framework/v1/scenarios/run_scenarios_pipecat_v2/";

/// Everything `run_scenarios_pipecat_v2` takes, in its newest form
/// (`SchemaPostRunScenariosPipecatV2`).
///
/// Tags and folders are absent because the schema has neither: they are to be expanded first. So are
/// its `personality_id` and `test_profile_id`, which it says are merged into the lists.
#[derive(Debug, Clone, PartialEq)]
pub struct LaunchRequest {
    /// What to run. Objects on the wire (`SchemaPipecatV2Scenario`); plain numbers, which the
    /// vendor's SDK sends, are not what the endpoint documents.
    pub scenarios: Vec<LaunchScenario>,
    /// The result's name (`name`; optional there, always sent here, for it is what a launch whose
    /// answer is lost can be found by).
    pub name: String,
    /// Calls for each scenario, 1 to 100 (`minimum` and `maximum` of `frequency`).
    pub frequency: u32,
    /// In place of the scenarios' own (`personality_ids`).
    ///
    /// Each multiplies the calls: the endpoint's text counts scenarios × `frequency` only, but it is
    /// older than the field, and the sibling endpoints (`run_scenarios`, `run_scenarios_sip`) and the
    /// vendor's FAQ multiply. The runs in the answer are the truth.
    ///
    /// Must be enabled for the agent's project, or the launch is refused: said of `run_scenarios`,
    /// whose field is the same; this endpoint says nothing of it. Which are enabled is the agent's
    /// `enabled_personalities` (`AIAgentV2`).
    pub personality_ids: Vec<PersonalityId>,
    /// In place of the scenarios' own (`test_profile_ids`); each multiplies the calls, by the same
    /// sources as for the personalities.
    pub test_profile_ids: Vec<TestProfileId>,
    /// The agent to call, in place of the scenarios' own (`agent`, in the newest document only; the
    /// answer names the agent, so that one that was not heeded is seen).
    pub agent: AgentId,
    /// Calls of this launch at a time (`concurrency_limit`; no least or most is declared).
    pub concurrency_limit: Option<u32>,
    /// Which tools are mocked.
    pub mock_tools: MockTools,
    /// Settings of the Pipecat agent for this launch only (`pipecat_data`).
    pub pipecat_data: Option<PipecatData>,
}

/// One scenario of a launch (`SchemaPipecatV2Scenario`).
#[derive(Debug, Clone, PartialEq)]
pub struct LaunchScenario {
    /// Which.
    pub scenario: ScenarioId,
    /// A data message to publish into the call's session; any JSON (`publish_data_message`, declared
    /// without a type).
    pub publish_data_message: Option<Value>,
}

/// Which of the agent's tools answer with made-up data instead of doing what they do.
///
/// Always sent: the API mocks **all** tools when `mock_tool_names` is absent or null, and none when
/// it is an empty list. Then every tool keeps its own endpoint (the field's description in
/// `SchemaPostRunScenariosPipecatV2`), which is when real orders are placed. What is done with a name
/// that the agent does not have is not documented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MockTools {
    /// All of them (`null`).
    All,
    /// None of them (`[]`).
    None,
    /// These, by name.
    Only(Vec<String>),
}

/// Settings of the Pipecat agent for one launch.
///
/// `config` and `room_properties` replace the saved ones as a whole; nothing is merged (the fields'
/// own descriptions in `SchemaPipecatV2Data`; the endpoint's text says otherwise and names a field,
/// `session_config`, that no schema has). Credentials are never among them: they are read from the
/// agent or the project (`pipecat_data`'s description).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PipecatData {
    /// The agent's name at Pipecat Cloud.
    pub pipecat_agent_name: Option<String>,
    /// The session's data.
    pub config: Option<Value>,
    /// Properties of the Daily room.
    pub room_properties: Option<Value>,
}

impl LaunchRequest {
    /// The path the request goes to, the same for every launch.
    pub fn path(&self) -> &'static str {
        PATH
    }

    /// The body, its fields in one fixed order. Override lists that are empty are left out.
    pub fn body(&self) -> Value {
        let scenarios: Vec<Value> = self.scenarios.iter().map(LaunchScenario::body).collect();
        let mut body = Map::new();
        body.insert("scenarios".to_owned(), scenarios.into());
        body.insert("name".to_owned(), self.name.clone().into());
        body.insert("frequency".to_owned(), self.frequency.into());
        if !self.personality_ids.is_empty() {
            body.insert("personality_ids".to_owned(), json!(self.personality_ids));
        }
        if !self.test_profile_ids.is_empty() {
            body.insert("test_profile_ids".to_owned(), json!(self.test_profile_ids));
        }
        body.insert("agent".to_owned(), json!(self.agent));
        if let Some(limit) = self.concurrency_limit {
            body.insert("concurrency_limit".to_owned(), limit.into());
        }
        let mocks = match &self.mock_tools {
            MockTools::All => Value::Null,
            MockTools::None => json!([]),
            MockTools::Only(names) => json!(names),
        };
        body.insert("mock_tool_names".to_owned(), mocks);
        if let Some(data) = &self.pipecat_data {
            body.insert("pipecat_data".to_owned(), data.body());
        }
        Value::Object(body)
    }
}

impl LaunchScenario {
    fn body(&self) -> Value {
        let mut body = Map::new();
        body.insert("scenario".to_owned(), json!(self.scenario));
        if let Some(message) = &self.publish_data_message {
            body.insert("publish_data_message".to_owned(), message.clone());
        }
        Value::Object(body)
    }
}

impl PipecatData {
    fn body(&self) -> Value {
        let mut body = Map::new();
        if let Some(name) = &self.pipecat_agent_name {
            body.insert("pipecat_agent_name".to_owned(), name.clone().into());
        }
        if let Some(config) = &self.config {
            body.insert("config".to_owned(), config.clone());
        }
        if let Some(properties) = &self.room_properties {
            body.insert("room_properties".to_owned(), properties.clone());
        }
        Value::Object(body)
    }
}

/// A launch that took place. The answer is the result itself, with `runs` as an array, before any
/// call has happened (the endpoint's 200; a sibling documents 201, so any 2xx is taken).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Launched {
    /// The result that will hold the calls.
    pub result: ResultId,
    /// The agent the server says it calls: to be compared with the one that was meant.
    pub agent: Option<AgentId>,
    /// The result's status.
    pub status: Option<String>,
    /// The calls placed. Their number is the truth about how many there are.
    pub runs: Vec<Run>,
    /// Calls that could not be read; they were placed all the same.
    pub unreadable: Vec<Unreadable>,
    /// As it came.
    pub raw: Value,
}

impl Client {
    /// The launch as a command for a POSIX shell, with the key left to `$CEKURA_API_KEY`.
    pub fn as_curl(&self, request: &LaunchRequest) -> String {
        let url = format!("{}{PATH}", self.origin());
        format!(
            "curl --request POST {} \\\n  --header \"X-CEKURA-API-KEY: $CEKURA_API_KEY\" \\\n  \
             --header 'Content-Type: application/json' \\\n  --data-raw {}",
            quoted(&url),
            quoted(&request.body().to_string()),
        )
    }
}

/// One word for a POSIX shell (2.2.2): nothing inside single quotes is special but their end.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
