//! Who the tester pretends to be, and the data it carries.

use serde::Deserialize;
use serde_json::Value;

use crate::client::Client;
use crate::error::Error;
use crate::ids::{AgentId, PersonalityId, ProjectId, TestProfileId};
use crate::listing::{Item, Listing, walk};
use crate::loose::{Loose, Reference, filled};
use crate::transport::Call;

/// Who the tester pretends to be (`GET /test_framework/v1/personalities/`, an array without pages of
/// the document's `CreatePersonality`).
///
/// Whether it may stand in for an evaluator's own is not said here: `enabled` of the document's
/// `Personality` is absent from this list, and the agent's `enabled_personalities` decides.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Personality {
    /// Its id.
    pub id: PersonalityId,
    /// Its name; empty when the server gives none.
    pub name: String,
    /// What it is like. The document calls it `prompt`; `description` is preferred where a server
    /// sends one.
    pub description: Option<String>,
    /// A two-letter language, or `multi` (the `language` of `CreatePersonality`).
    pub language: Option<String>,
    /// As it came.
    pub raw: Value,
}

#[derive(Deserialize)]
pub(crate) struct PersonalityWire {
    id: PersonalityId,
    name: Loose<String>,
    description: Loose<String>,
    prompt: Loose<String>,
    language: Loose<String>,
}

impl Item for Personality {
    type Wire = PersonalityWire;

    fn from_wire(wire: PersonalityWire, raw: Value) -> Self {
        Self {
            id: wire.id,
            name: wire.name.0.unwrap_or_default(),
            description: filled(wire.description.0).or(filled(wire.prompt.0)),
            language: filled(wire.language.0),
            raw,
        }
    }

    fn identity(&self) -> String {
        self.id.to_string()
    }
}

/// The data the tester carries (`GET /test_framework/v1/test-profiles/`: an array of the document's
/// `AIAgentTestProfileList`, in its newest form pages of at most 200).
///
/// Its `information` is left in `raw`: variables for the agent under test and for the tester, or a
/// flat object in older profiles (the field's description).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TestProfile {
    /// Its id.
    pub id: TestProfileId,
    /// Its name; empty when the server gives none.
    pub name: String,
    /// The agent it was made for; may be null.
    pub agent: Option<AgentId>,
    /// The project it belongs to; may be null.
    pub project: Option<ProjectId>,
    /// As it came.
    pub raw: Value,
}

#[derive(Deserialize)]
pub(crate) struct TestProfileWire {
    id: TestProfileId,
    name: Loose<String>,
    agent: Loose<Reference>,
    project: Loose<Reference>,
}

impl Item for TestProfile {
    type Wire = TestProfileWire;

    fn from_wire(wire: TestProfileWire, raw: Value) -> Self {
        Self {
            id: wire.id,
            name: wire.name.0.unwrap_or_default(),
            agent: wire.agent.0.and_then(|agent| agent.id).map(AgentId::from),
            project: wire.project.0.and_then(|project| project.id).map(ProjectId::from),
            raw,
        }
    }

    fn identity(&self) -> String {
        self.id.to_string()
    }
}

/// Whose test profiles: the API wants one of the two (the descriptions of `agent_id` and
/// `project_id`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestProfileScope {
    /// Those of an agent.
    Agent(AgentId),
    /// Those of a project.
    Project(ProjectId),
}

impl Client {
    /// Every personality, of one project or of all the key may see. Those that the vendor offers to
    /// everybody are among them in either case (the endpoint's description).
    pub async fn personalities(
        &self,
        project: Option<ProjectId>,
    ) -> Result<Listing<Personality>, Error> {
        walk(self, Call::get("/test_framework/v1/personalities/").with("project_id", project)).await
    }

    /// Every test profile of an agent or a project.
    pub async fn test_profiles(
        &self,
        scope: TestProfileScope,
    ) -> Result<Listing<TestProfile>, Error> {
        let call = Call::get("/test_framework/v1/test-profiles/").paged();
        let call = match scope {
            TestProfileScope::Agent(id) => call.with("agent_id", Some(id)),
            TestProfileScope::Project(id) => call.with("project_id", Some(id)),
        };
        walk(self, call).await
    }
}
