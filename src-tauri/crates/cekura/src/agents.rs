//! Agents: the voice agents under test.

use serde::Deserialize;
use serde_json::Value;

use crate::client::Client;
use crate::error::Error;
use crate::ids::{AgentId, PersonalityId, ProjectId};
use crate::listing::{Item, Listing, walk};
use crate::loose::{Lenient, Loose, Reference, filled};
use crate::transport::Call;

/// A voice agent (`GET /test_framework/v2/aiagents/`; the flat names of v1 are understood too).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Agent {
    /// Its id.
    pub id: AgentId,
    /// Its name; empty when the server gives none.
    pub name: String,
    /// The project it belongs to.
    pub project: Option<ProjectId>,
    /// A two-letter language, or `multi`.
    pub language: Option<String>,
    /// `provider.type`: `pipecat`, `livekit`, `vapi`, …
    pub provider_type: Option<String>,
    /// The agent's name at Pipecat Cloud.
    pub pipecat_agent_name: Option<String>,
    /// With tracing on, the Pipecat name may be absent (the document's `PipecatConfig`).
    pub tracing_enabled: Option<bool>,
    /// Tools that can be mocked in a test call.
    pub mock_tools: Vec<MockTool>,
    /// Whether mocking is on by default in the vendor's own dialog.
    pub mock_tools_enabled: Option<bool>,
    /// The only personalities that may stand in for the evaluators' own.
    pub enabled_personalities: Vec<PersonalityId>,
    /// As it came.
    pub raw: Value,
}

/// A tool that can be mocked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MockTool {
    /// Its name, which is what a launch refers to.
    pub name: String,
    /// What it does.
    pub description: Option<String>,
}

impl Lenient for MockTool {
    fn lenient(value: &Value) -> Option<Self> {
        if let Some(name) = value.as_str() {
            return Some(Self { name: name.to_owned(), description: None });
        }
        let name = filled(value.get("name").and_then(String::lenient))?;
        Some(Self { name, description: filled(value.get("description").and_then(String::lenient)) })
    }
}

/// Which agents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgentFilter {
    /// Of this project. Keys of a whole organisation must name one.
    pub project: Option<ProjectId>,
}

#[derive(Deserialize)]
pub(crate) struct AgentWire {
    id: AgentId,
    name: Loose<String>,
    agent_name: Loose<String>,
    project: Loose<Reference>,
    language: Loose<String>,
    provider: Loose<Value>,
    assistant_provider: Loose<String>,
    pipecat_data: Loose<Value>,
    mock_tools: Loose<Vec<MockTool>>,
    mock_tools_enabled: Loose<bool>,
    enabled_personalities: Loose<Vec<PersonalityId>>,
}

impl Item for Agent {
    type Wire = AgentWire;

    fn from_wire(wire: AgentWire, raw: Value) -> Self {
        let provider = wire.provider.0.unwrap_or_default();
        // v2 keeps the settings under `provider.credentials.config`, v1 in `pipecat_data`.
        let settings = [
            provider.pointer("/credentials/config"),
            provider.get("config"),
            wire.pipecat_data.0.as_ref(),
        ];
        let setting = |name: &str| {
            settings.iter().flatten().find_map(|held| held.get(name).filter(|it| !it.is_null()))
        };
        Self {
            id: wire.id,
            name: filled(wire.name.0).or(wire.agent_name.0).unwrap_or_default(),
            project: wire.project.0.and_then(|project| project.id).map(ProjectId::from),
            language: filled(wire.language.0),
            provider_type: filled(
                provider.get("type").or(Some(&provider)).and_then(String::lenient),
            )
            .or(filled(wire.assistant_provider.0)),
            pipecat_agent_name: filled(
                setting("pipecat_agent_name")
                    .or_else(|| setting("agent_name"))
                    .and_then(String::lenient),
            ),
            tracing_enabled: setting("tracing_enabled").and_then(bool::lenient),
            mock_tools: wire.mock_tools.0.unwrap_or_default(),
            mock_tools_enabled: wire.mock_tools_enabled.0,
            enabled_personalities: wire.enabled_personalities.0.unwrap_or_default(),
            raw,
        }
    }

    fn identity(&self) -> String {
        self.id.to_string()
    }
}

impl Client {
    /// Every agent, of one project or of all the key may see.
    pub async fn agents(&self, filter: &AgentFilter) -> Result<Listing<Agent>, Error> {
        let call =
            Call::get("/test_framework/v2/aiagents/").with("project_id", filter.project).paged();
        walk(self, call).await
    }
}
