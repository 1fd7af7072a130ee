//! What a launch asks for, and what came of it.

use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::ids::{AgentId, PersonalityId, ResultId, ScenarioId, TestProfileId};
use crate::listing::Unreadable;
use crate::runs::Run;

/// The endpoint, with its slash.
const PATH: &str = "/test_framework/v1/scenarios/run_scenarios_pipecat_v2/";

/// Everything `run_scenarios_pipecat_v2` takes, in its newest form.
///
/// Tags and folders are absent because the endpoint knows neither: they are to be expanded first.
#[derive(Debug, Clone, PartialEq)]
pub struct LaunchRequest {
    /// What to run. Objects on the wire; plain numbers, which the vendor's SDK sends, are not what
    /// the endpoint documents.
    pub scenarios: Vec<LaunchScenario>,
    /// The result's name.
    pub name: String,
    /// Calls for each scenario, 1 to 100.
    pub frequency: u32,
    /// In place of the scenarios' own; each multiplies the calls. Must be enabled for the agent.
    pub personality_ids: Vec<PersonalityId>,
    /// In place of the scenarios' own; each multiplies the calls.
    pub test_profile_ids: Vec<TestProfileId>,
    /// The agent to call, in place of the scenarios' own.
    pub agent: AgentId,
    /// Calls of this launch at a time.
    pub concurrency_limit: Option<u32>,
    /// Which tools are mocked.
    pub mock_tools: MockTools,
    /// Settings of the Pipecat agent for this launch only.
    pub pipecat_data: Option<PipecatData>,
}

/// One scenario of a launch.
#[derive(Debug, Clone, PartialEq)]
pub struct LaunchScenario {
    /// Which.
    pub scenario: ScenarioId,
    /// A data message to publish into the call's room; any JSON.
    pub publish_data_message: Option<Value>,
}

/// Which of the agent's tools answer with made-up data instead of doing what they do.
///
/// Always sent: the API mocks **all** tools when `mock_tool_names` is absent or null, and none when
/// it is an empty list, which is when real orders are placed.
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
/// `config` and `room_properties` replace the saved ones as a whole; nothing is merged (the field's
/// own description; the endpoint's text says otherwise and names a field that does not exist).
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

/// A launch that took place.
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
