//! Scenarios, the folders they lie in and their tags.

use serde::Deserialize;
use serde_json::Value;

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::ids::{AgentId, PersonalityId, ProjectId, ScenarioId, TestProfileId};
use crate::listing::{Item, Listing, Unreadable, decode, walk};
use crate::loose::{Lenient, Loose, Reference, filled};
use crate::transport::{Call, path};

const ROOT: &str = "/test_framework/v1/scenarios/";

/// A scripted conversation with its checks.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Scenario {
    /// Its id.
    pub id: ScenarioId,
    /// Its name; empty when the server gives none.
    pub name: String,
    /// The agent it was written for. None: the agent is named at launch.
    pub agent: Option<AgentId>,
    /// The project it belongs to (in the detail).
    pub project: Option<ProjectId>,
    /// The folder's path, its parts separated by dots.
    pub folder_path: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its own personality.
    pub personality: Option<PersonalityId>,
    /// That personality's name.
    pub personality_name: Option<String>,
    /// A two-letter language, or `multi`.
    pub language: Option<String>,
    /// Its own test profile.
    pub test_profile: Option<TestProfileId>,
    /// Names of the metrics that judge it.
    pub metric_names: Vec<String>,
    /// What is expected of the call. Without it a pass may only mean that the call connected.
    pub expected_outcome_prompt: Option<String>,
    /// When it last changed, as the server writes it.
    pub updated_at: Option<String>,
    /// As it came.
    pub raw: Value,
}

#[derive(Deserialize)]
pub(crate) struct ScenarioWire {
    id: ScenarioId,
    name: Loose<String>,
    agent: Loose<Reference>,
    project: Loose<Reference>,
    folder_path: Loose<String>,
    tags: Loose<Vec<String>>,
    personality: Loose<Reference>,
    personality_name: Loose<String>,
    scenario_language: Loose<String>,
    test_profile: Loose<Reference>,
    test_profile_data: Loose<Reference>,
    metric_names: Loose<Vec<Named>>,
    metrics: Loose<Vec<Named>>,
    expected_outcome_prompt: Loose<String>,
    updated_at: Loose<String>,
}

/// A name, or an object that has one; a bare number is an id and names nothing.
struct Named(String);

impl Lenient for Named {
    fn lenient(value: &Value) -> Option<Self> {
        let name = value.as_str().or_else(|| value.get("name")?.as_str())?;
        (!name.trim().is_empty()).then(|| Self(name.to_owned()))
    }
}

impl Item for Scenario {
    type Wire = ScenarioWire;

    fn from_wire(wire: ScenarioWire, raw: Value) -> Self {
        let personality = wire.personality.0.unwrap_or_default();
        let names = wire.metric_names.0.or(wire.metrics.0).unwrap_or_default();
        Self {
            id: wire.id,
            name: wire.name.0.unwrap_or_default(),
            agent: wire.agent.0.and_then(|agent| agent.id).map(AgentId::from),
            project: wire.project.0.and_then(|project| project.id).map(ProjectId::from),
            folder_path: wire.folder_path.0,
            tags: wire.tags.0.unwrap_or_default(),
            personality: personality.id.map(PersonalityId::from),
            personality_name: filled(wire.personality_name.0).or(filled(personality.name)),
            language: filled(wire.scenario_language.0),
            test_profile: wire
                .test_profile
                .0
                .and_then(|profile| profile.id)
                .or(wire.test_profile_data.0.and_then(|profile| profile.id))
                .map(TestProfileId::from),
            metric_names: names.into_iter().map(|named| named.0).collect(),
            expected_outcome_prompt: wire.expected_outcome_prompt.0,
            updated_at: wire.updated_at.0,
            raw,
        }
    }

    fn identity(&self) -> String {
        self.id.to_string()
    }
}

/// Which scenarios. The API has no search by text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScenarioFilter {
    /// Of this project.
    pub project: Option<ProjectId>,
    /// Of this agent.
    pub agent: Option<AgentId>,
    /// In this folder; `Some("")` for those in none.
    pub folder_path: Option<String>,
    /// With one of these tags.
    pub tags: Vec<String>,
}

/// A folder. It has no id; the path is what tells it from others.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Folder {
    /// Its own name.
    pub name: String,
    /// Its path, parts separated by dots.
    pub path: String,
    /// As it came.
    pub raw: Value,
}

#[derive(Deserialize)]
pub(crate) struct FolderWire {
    name: Loose<String>,
    // Strict: without a path there is nothing to choose it by.
    path: String,
}

impl Item for Folder {
    type Wire = FolderWire;

    fn from_wire(wire: FolderWire, raw: Value) -> Self {
        let last = wire.path.rsplit('.').next().unwrap_or_default().to_owned();
        Self { name: filled(wire.name.0).unwrap_or(last), path: wire.path, raw }
    }

    fn identity(&self) -> String {
        self.path.clone()
    }
}

impl Client {
    /// Every scenario that fits.
    pub async fn scenarios(&self, filter: &ScenarioFilter) -> Result<Listing<Scenario>, Error> {
        let tags = (!filter.tags.is_empty()).then(|| filter.tags.join(","));
        let call = Call::get(ROOT)
            .with("project_id", filter.project)
            .with("agent_id", filter.agent)
            .with("folder_path", filter.folder_path.as_ref())
            .with("tags", tags)
            .paged();
        walk(self, call).await
    }

    /// One scenario with its script.
    pub async fn scenario(&self, id: ScenarioId) -> Result<Scenario, Error> {
        self.one(&Call::get(path(ROOT, id, ""))).await
    }

    /// Every folder of a project.
    pub async fn folders(&self, project: ProjectId) -> Result<Listing<Folder>, Error> {
        let call = Call::get(format!("{ROOT}folders/")).with("project_id", Some(project)).paged();
        walk(self, call).await
    }

    /// Every tag. The document mistypes the answer; the vendor's SDK types it as a list of text.
    pub async fn tags(&self, project: Option<ProjectId>) -> Result<Listing<String>, Error> {
        let rows =
            self.rows(&Call::get(format!("{ROOT}tags/")).with("project_id", project)).await?;
        let mut listing = Listing { items: Vec::new(), unreadable: Vec::new(), count: None };
        for (index, entry) in rows.entries.into_iter().enumerate() {
            let raw = entry.raw;
            match Named::lenient(&raw) {
                Some(Named(tag)) if !listing.items.contains(&tag) => listing.items.push(tag),
                Some(_) => {}
                None => listing.unreadable.push(Unreadable {
                    id: None,
                    place: format!("[{index}]"),
                    path: ".".to_owned(),
                    message: "expected text".to_owned(),
                    raw,
                }),
            }
        }
        Ok(listing)
    }

    /// One item that is the whole answer.
    pub(crate) async fn one<T: Item>(&self, call: &Call) -> Result<T, Error> {
        whole_item(self.json(call).await?)
    }
}

/// Reads an item that is a whole answer.
pub(crate) fn whole_item<T: Item>(raw: Value) -> Result<T, Error> {
    decode(raw).map_err(|fault| Error {
        kind: ErrorKind::unreadable(fault.path, fault.message),
        tries: 1,
        took: std::time::Duration::ZERO,
    })
}
