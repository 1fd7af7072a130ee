//! What a run can be made of, agents, evaluators, callers, profiles: read from the server, kept in the
//! ledger, shown from it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ledger::{
    AgentRow, CallerRow, CatalogueHead, CatalogueSnapshot, EvaluatorRow, FolderRow, MetricRow,
    Named, ProfileRow,
};

use crate::account::account_of;
use crate::core::Engine;
use crate::drafts::draft_body;
use crate::error::{EngineError, Outcome};
use crate::evaluators::Opened;
use crate::follow::not_known;
use crate::session::Session;
use crate::view::{
    AgentView, CatalogueState, CatalogueView, ErrorView, FeedTopic, FolderView, NamedView,
};

/// Why the last reading of the catalogue failed, by workspace: told beside what the ledger holds.
#[derive(Default)]
pub(crate) struct CatalogueTrouble {
    states: Mutex<HashMap<i64, (bool, Option<ErrorView>)>>,
    /// Names of chosen evaluators that the server had before and has no more, by workspace.
    gone: Mutex<HashMap<i64, BTreeMap<i64, String>>>,
}

impl CatalogueTrouble {
    fn set(&self, workspace: i64, busy: bool, error: Option<ErrorView>) {
        self.states.lock().unwrap_or_else(PoisonError::into_inner).insert(workspace, (busy, error));
    }

    fn get(&self, workspace: i64) -> (bool, Option<ErrorView>) {
        self.states
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&workspace)
            .cloned()
            .unwrap_or((true, None))
    }

    fn gone(&self) -> MutexGuard<'_, HashMap<i64, BTreeMap<i64, String>>> {
        self.gone.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    /// What a run can be made of.
    pub fn catalogue_read(&self) -> Result<CatalogueView, EngineError> {
        let workspace = self.workspace_shown()?;
        let (busy, error) = self.inner.catalogue.get(workspace);
        let head = self.ledger().catalogue(workspace)?;
        let state = match (&head, busy, &error) {
            (Some(_), true, _) => CatalogueState::Refreshing,
            (Some(_), false, _) => CatalogueState::Ready,
            (None, _, Some(_)) => CatalogueState::Failed,
            (None, _, None) => CatalogueState::Loading,
        };
        let Some(head) = head else {
            return Ok(CatalogueView {
                state,
                error,
                fetched_at: None,
                agents: Vec::new(),
                callers: Vec::new(),
                profiles: Vec::new(),
                folders: Vec::new(),
                tags: Vec::new(),
                unreadable: 0,
            });
        };
        let mut agents: Vec<AgentView> = head.agents.iter().map(agent_view).collect();
        agents.sort_by_key(|agent| agent.name.to_lowercase());
        let mut callers: Vec<NamedView> = head
            .callers
            .iter()
            .map(|caller| NamedView {
                id: caller.id,
                name: caller.name.clone(),
                description: caller.description.clone(),
            })
            .collect();
        callers.sort_by_key(|caller| caller.name.to_lowercase());
        let mut profiles: Vec<NamedView> = head
            .profiles
            .iter()
            .map(|profile| NamedView {
                id: profile.id,
                name: profile.name.clone(),
                description: None,
            })
            .collect();
        profiles.sort_by_key(|profile| profile.name.to_lowercase());
        Ok(CatalogueView {
            state,
            error,
            fetched_at: Some(head.fetched_at.to_string()),
            agents,
            callers,
            profiles,
            folders: head
                .folders
                .iter()
                .map(|folder| FolderView { name: folder.name.clone(), path: folder.path.clone() })
                .collect(),
            tags: head.tags.clone(),
            unreadable: head.unreadable,
        })
    }

    /// Reads the catalogue again, in the background of the open workspace.
    pub fn catalogue_refresh(&self) -> Result<(), EngineError> {
        let session = self.session()?;
        {
            let mut connection = session.connection();
            connection.next_try_at = None;
            // Rights may have been given since a launch was refused for want of them.
            connection.may_launch = None;
        }
        session.opened().clear();
        self.inner.catalogue.set(session.workspace.id, true, None);
        self.tell(FeedTopic::Catalogue, &[]);
        session.wants_catalogue.store(true, Ordering::Release);
        session.nudge.notify_one();
        Ok(())
    }

    /// Remembers the names of chosen evaluators that a new reading of the catalogue does not have: the
    /// plan says which they are, and the ledger will not know them any more.
    fn name_those_gone(&self, workspace: i64, snapshot: &CatalogueSnapshot) {
        let Ok(chosen) = self.draft_of(workspace).map(|draft| draft_body(&draft).evaluators) else {
            return;
        };
        let there: BTreeSet<i64> = snapshot.evaluators.iter().map(|row| row.id).collect();
        let gone: Vec<i64> = chosen.into_iter().filter(|id| !there.contains(id)).collect();
        for (id, row) in self.ledger().evaluators_by_id(workspace, &gone).unwrap_or_default() {
            self.inner.catalogue.gone().entry(workspace).or_default().insert(id, row.name);
        }
    }

    /// Evaluators by the names they had, where those are known; by their ids otherwise.
    pub(crate) fn names_of_gone(&self, workspace: i64, ids: Vec<String>) -> Vec<String> {
        let gone = self.inner.catalogue.gone();
        match gone.get(&workspace) {
            Some(names) => crate::saved::named(ids, names),
            None => ids,
        }
    }

    /// Reads everything a run can be made of and replaces the ledger's copy in one go. A list that
    /// this key may not see is left empty, one that cannot be read just now stays as it was; without
    /// projects, agents or evaluators it fails.
    pub(crate) async fn catalogue_fetch(
        &self,
        session: &Session,
        client: &cekura::Client,
    ) -> Outcome<()> {
        let workspace = session.workspace.id;
        self.inner.catalogue.set(workspace, true, None);
        self.tell(FeedTopic::Catalogue, &[]);
        let outcome = match read_catalogue(client).await {
            Ok(Reading { mut snapshot, unread, account }) => {
                // A copy that cannot be read has nothing to add.
                if let Ok(Some(before)) = self.ledger().catalogue(workspace) {
                    unread.stay(&mut snapshot, before);
                    self.name_those_gone(workspace, &snapshot);
                }
                let stored = self.ledger().catalogue_put(workspace, &snapshot);
                self.inner.catalogue.set(workspace, false, None);
                // What was found deleted is missing from the list now, which is enough; what the list
                // still has, and the server has not, stays known as gone.
                session.opened().retain(|id, opened| {
                    *opened != Opened::Gone || snapshot.evaluators.iter().any(|row| row.id == *id)
                });
                stored.map_err(EngineError::from).and(self.remember_account(workspace, &account))
            }
            Err(error) => {
                self.inner.catalogue.set(workspace, false, Some(error.view()));
                Err(error)
            }
        };
        self.tell(FeedTopic::Catalogue, &[]);
        outcome
    }
}

/// One reading of the catalogue.
struct Reading {
    snapshot: CatalogueSnapshot,
    unread: Unread,
    account: ledger::Account,
}

async fn read_catalogue(client: &cekura::Client) -> Outcome<Reading> {
    let projects = client.projects().await?;
    let mut unreadable = projects.unreadable.len();
    let mut snapshot = CatalogueSnapshot {
        projects: Vec::new(),
        agents: Vec::new(),
        callers: Vec::new(),
        profiles: Vec::new(),
        metrics: Vec::new(),
        folders: Vec::new(),
        tags: Vec::new(),
        evaluators: Vec::new(),
        unreadable: 0,
    };
    let mut tags = BTreeSet::new();
    let mut seen = Seen::default();
    let mut unread = Unread::default();
    for project in &projects.items {
        let id = project.id;
        snapshot.projects.push(Named { id: id.get(), name: project.name.clone() });

        let agents = client.agents(&cekura::AgentFilter { project: Some(id) }).await?;
        unreadable += agents.unreadable.len();
        for agent in &agents.items {
            if seen.agents.insert(agent.id.get()) {
                snapshot.agents.push(agent_row(agent, &project.name));
            }
        }

        let filter = cekura::ScenarioFilter { project: Some(id), ..Default::default() };
        let scenarios = client.scenarios(&filter).await?;
        unreadable += scenarios.unreadable.len();
        for scenario in &scenarios.items {
            if seen.evaluators.insert(scenario.id.get()) {
                tags.extend(scenario.tags.iter().cloned());
                snapshot.evaluators.push(evaluator_row(scenario));
            }
        }

        // The rest only adds choices: a key that may not list callers can still place calls.
        for folder in optional(client.folders(id).await, &mut unread.folders)? {
            snapshot.folders.push(FolderRow { name: folder.name, path: folder.path });
        }
        for caller in optional(client.personalities(Some(id)).await, &mut unread.callers)? {
            if seen.callers.insert(caller.id.get()) {
                snapshot.callers.push(CallerRow {
                    id: caller.id.get(),
                    name: caller.name,
                    description: caller.description,
                    language: caller.language,
                });
            }
        }
        let profiles = client.test_profiles(cekura::TestProfileScope::Project(id)).await;
        for profile in optional(profiles, &mut unread.profiles)? {
            if seen.profiles.insert(profile.id.get()) {
                snapshot.profiles.push(ProfileRow {
                    id: profile.id.get(),
                    name: profile.name,
                    agent: profile.agent.map(cekura::AgentId::get),
                    project: profile.project.map(cekura::ProjectId::get),
                });
            }
        }
        let filter = cekura::MetricFilter { project: Some(id), ..Default::default() };
        for metric in optional(client.metrics(&filter).await, &mut unread.metrics)? {
            if seen.metrics.insert(metric.id.get()) {
                snapshot.metrics.push(MetricRow {
                    id: metric.id.get(),
                    name: metric.name,
                    eval_type: metric.eval_type,
                    cost: metric.cost,
                });
            }
        }
    }
    snapshot.evaluators.sort_by_cached_key(|row| row.name.to_lowercase());
    snapshot.folders.sort_by(|one, other| one.path.cmp(&other.path));
    snapshot.folders.dedup_by(|one, other| one.path == other.path);
    snapshot.tags = tags.into_iter().collect();
    snapshot.unreadable = u32::try_from(unreadable).unwrap_or(u32::MAX);
    Ok(Reading { snapshot, unread, account: account_of(&projects.items) })
}

/// Lists that only add choices and could not be read this time, in one project or more.
#[derive(Default)]
struct Unread {
    folders: bool,
    callers: bool,
    profiles: bool,
    metrics: bool,
}

impl Unread {
    /// What was known of them stays, beside what was read.
    fn stay(&self, snapshot: &mut CatalogueSnapshot, before: CatalogueHead) {
        fn add<T, K: PartialEq>(now: &mut Vec<T>, before: Vec<T>, key: impl Fn(&T) -> K) {
            for one in before {
                if !now.iter().any(|other| key(other) == key(&one)) {
                    now.push(one);
                }
            }
        }
        if self.folders {
            add(&mut snapshot.folders, before.folders, |folder| folder.path.clone());
            snapshot.folders.sort_by(|one, other| one.path.cmp(&other.path));
        }
        if self.callers {
            add(&mut snapshot.callers, before.callers, |caller| caller.id);
        }
        if self.profiles {
            add(&mut snapshot.profiles, before.profiles, |profile| profile.id);
        }
        if self.metrics {
            add(&mut snapshot.metrics, before.metrics, |metric| metric.id);
        }
    }
}

/// Projects may share agents and callers; each is kept once.
#[derive(Default)]
struct Seen {
    agents: BTreeSet<i64>,
    evaluators: BTreeSet<i64>,
    callers: BTreeSet<i64>,
    profiles: BTreeSet<i64>,
    metrics: BTreeSet<i64>,
}

/// A list that may be missing: this key may not see it, or it cannot be read just now, which is
/// noted. A lost connection still counts.
fn optional<T>(
    read: Result<cekura::Listing<T>, cekura::Error>,
    unread: &mut bool,
) -> Outcome<Vec<T>> {
    match read {
        Ok(listing) => Ok(listing.items),
        Err(error) => {
            // A page is the word of something on the way, which knows nothing of this key's rights.
            let withheld = matches!(
                &error.kind,
                cekura::ErrorKind::Forbidden(problem)
                    | cekura::ErrorKind::NotFound(problem)
                    | cekura::ErrorKind::Refused { problem, .. } if !problem.is_page()
            );
            *unread |= !withheld;
            not_known(error, "a list of the catalogue").map(|()| Vec::new())
        }
    }
}

fn agent_row(agent: &cekura::Agent, project_name: &str) -> AgentRow {
    let named = agent.pipecat_agent_name.as_ref().is_some_and(|name| !name.trim().is_empty());
    // With tracing on, the name may be absent (the API's documentation of the Pipecat settings).
    let pipecat_ready = agent.provider_type.as_ref().map(|provider| {
        provider.eq_ignore_ascii_case("pipecat") && (named || agent.tracing_enabled == Some(true))
    });
    AgentRow {
        id: agent.id.get(),
        name: agent.name.clone(),
        project: agent.project.map(cekura::ProjectId::get),
        project_name: Some(project_name.to_owned()),
        language: agent.language.clone(),
        provider: agent.provider_type.clone(),
        pipecat_ready,
        pipecat_agent_name: agent.pipecat_agent_name.clone(),
        mock_tools: agent.mock_tools.iter().map(|tool| tool.name.clone()).collect(),
        mock_tools_enabled: agent.mock_tools_enabled,
        enabled_callers: agent.enabled_personalities.iter().map(|id| id.get()).collect(),
    }
}

pub(crate) fn evaluator_row(scenario: &cekura::Scenario) -> EvaluatorRow {
    EvaluatorRow {
        id: scenario.id.get(),
        name: scenario.name.clone(),
        agent: scenario.agent.map(cekura::AgentId::get),
        project: scenario.project.map(cekura::ProjectId::get),
        folder: scenario.folder_path.clone().filter(|path| !path.is_empty()),
        tags: scenario.tags.clone(),
        caller: scenario.personality.map(cekura::PersonalityId::get),
        caller_name: scenario.personality_name.clone(),
        language: scenario.language.clone(),
        profile: scenario.test_profile.map(cekura::TestProfileId::get),
        metrics: scenario.metric_names.clone(),
        has_expected_outcome: scenario
            .expected_outcome_prompt
            .as_ref()
            .is_some_and(|prompt| !prompt.trim().is_empty()),
        updated_at: scenario.updated_at.clone(),
        raw: scenario.raw.clone(),
    }
}

fn agent_view(agent: &AgentRow) -> AgentView {
    AgentView {
        id: agent.id,
        name: agent.name.clone(),
        project_name: agent.project_name.clone(),
        pipecat_ready: agent.pipecat_ready,
        pipecat_agent_name: agent.pipecat_agent_name.clone(),
        mock_tools: agent.mock_tools.clone(),
        enabled_callers: agent.enabled_callers.clone(),
    }
}
