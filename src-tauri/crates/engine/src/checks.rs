//! What is checked before calls are placed. Each check is a code; the sentence is the page's.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{CatalogueHead, EvaluatorRow};
use serde_json::Value;

use crate::plan::mock_tools;
use crate::view::{CheckCode, CheckLevel, ConnectionState, DraftBody, PlanCheck, ToolMocks};

/// `name` of a result holds at most 255 characters (the API's description of the field); the
/// launch's token takes nine of them.
const NAME_MAX: usize = 246;

/// What the checks need to know of the world.
pub(crate) struct Facts {
    pub(crate) head: Option<CatalogueHead>,
    /// Those of the ticked evaluators that are in the catalogue.
    pub(crate) evaluators: BTreeMap<i64, EvaluatorRow>,
    pub(crate) state: ConnectionState,
    pub(crate) may_launch: Option<bool>,
    pub(crate) max_at_once: Option<u32>,
    /// A launch of this workspace is on the wire.
    pub(crate) sending: bool,
}

/// A plan that was looked at: its numbers, its parts, and what is to be said about it.
pub(crate) struct Checked {
    pub(crate) checks: Vec<PlanCheck>,
    pub(crate) agent_name: String,
    /// 1 to 100, or 0 when what was typed is not that.
    pub(crate) times: u32,
    pub(crate) at_once: Option<u32>,
    pub(crate) found: Vec<EvaluatorRow>,
    factor: u32,
    messages: BTreeMap<i64, Value>,
    message_for_all: Option<Value>,
    pipecat: Option<cekura::PipecatData>,
}

pub(crate) fn good(code: CheckCode) -> PlanCheck {
    PlanCheck { level: CheckLevel::Good, code, count: None, names: Vec::new() }
}

pub(crate) fn warn(code: CheckCode) -> PlanCheck {
    PlanCheck { level: CheckLevel::Warn, ..good(code) }
}

fn stop(code: CheckCode) -> PlanCheck {
    PlanCheck { level: CheckLevel::Stop, ..good(code) }
}

pub(crate) fn stop_counted(code: CheckCode, count: u32) -> PlanCheck {
    PlanCheck { count: Some(count), ..stop(code) }
}

fn counted(mut check: PlanCheck, names: Vec<String>) -> PlanCheck {
    check.count = u32::try_from(names.len()).ok();
    check.names = names;
    check
}

pub(crate) fn stops(check: &PlanCheck) -> bool {
    check.level == CheckLevel::Stop
}

impl Checked {
    pub(crate) fn new(body: &DraftBody, facts: &Facts) -> Self {
        let mut checked = Self {
            checks: Vec::new(),
            agent_name: String::new(),
            times: whole(&body.times).filter(|times| (1..=100).contains(times)).unwrap_or(0),
            at_once: whole(&body.at_once).filter(|calls| *calls >= 1),
            found: Vec::new(),
            factor: u32::try_from(body.callers.len().max(1) * body.profiles.len().max(1))
                .unwrap_or(u32::MAX),
            messages: BTreeMap::new(),
            message_for_all: None,
            pipecat: None,
        };
        checked.agent(body, facts);
        checked.evaluators_of(body, facts);
        checked.numbers(body, facts);
        checked.overrides(body, facts);
        checked.json(body, facts);
        checked.connection(facts);
        checked
    }

    pub(crate) fn evaluators(&self) -> u32 {
        u32::try_from(self.found.len()).unwrap_or(u32::MAX)
    }

    /// Evaluators × times × callers × profiles: the most it can be.
    pub(crate) fn calls(&self) -> u32 {
        self.evaluators().saturating_mul(self.times).saturating_mul(self.factor)
    }

    /// The request; absent while a check stops it.
    pub(crate) fn request(&self, body: &DraftBody, name: &str) -> Option<cekura::LaunchRequest> {
        if self.checks.iter().any(stops) {
            return None;
        }
        let message = |id: i64| self.messages.get(&id).or(self.message_for_all.as_ref()).cloned();
        Some(cekura::LaunchRequest {
            scenarios: self
                .found
                .iter()
                .map(|row| cekura::LaunchScenario {
                    scenario: cekura::ScenarioId::from(row.id),
                    publish_data_message: message(row.id),
                })
                .collect(),
            name: name.to_owned(),
            frequency: self.times,
            personality_ids: body
                .callers
                .iter()
                .copied()
                .map(cekura::PersonalityId::from)
                .collect(),
            test_profile_ids: body
                .profiles
                .iter()
                .copied()
                .map(cekura::TestProfileId::from)
                .collect(),
            agent: cekura::AgentId::from(body.agent?),
            concurrency_limit: self.at_once,
            mock_tools: mock_tools(&body.mocks),
            pipecat_data: self.pipecat.clone(),
        })
    }

    fn agent(&mut self, body: &DraftBody, facts: &Facts) {
        let Some(id) = body.agent else {
            self.checks.push(stop(CheckCode::NoAgent));
            return;
        };
        let found =
            facts.head.as_ref().and_then(|head| head.agents.iter().find(|agent| agent.id == id));
        let Some(agent) = found else {
            self.checks.push(stop(CheckCode::AgentGone));
            return;
        };
        self.agent_name.clone_from(&agent.name);
        self.checks.push(match agent.pipecat_ready {
            Some(true) => good(CheckCode::AgentReady),
            Some(false) => stop(CheckCode::AgentNotSetUp),
            None => warn(CheckCode::AgentUnknown),
        });
        // The API mocks every tool when it is not told, and none when the list is empty: what will
        // happen is always said.
        match &body.mocks {
            ToolMocks::None if !agent.mock_tools.is_empty() => {
                self.checks.push(counted(warn(CheckCode::ToolsReal), agent.mock_tools.clone()));
            }
            ToolMocks::Chosen(names) => {
                let real: Vec<String> =
                    agent.mock_tools.iter().filter(|tool| !names.contains(tool)).cloned().collect();
                self.checks.push(if real.is_empty() {
                    counted(good(CheckCode::ToolsMocked), names.clone())
                } else {
                    counted(warn(CheckCode::ToolsReal), real)
                });
            }
            ToolMocks::All if !agent.mock_tools.is_empty() => {
                self.checks.push(counted(good(CheckCode::ToolsMocked), agent.mock_tools.clone()));
            }
            _ => {}
        }
        if !agent.enabled_callers.is_empty() {
            let names: Vec<String> = body
                .callers
                .iter()
                .filter(|caller| !agent.enabled_callers.contains(caller))
                .map(|id| caller_name(facts, *id))
                .collect();
            if !names.is_empty() {
                self.checks.push(counted(stop(CheckCode::CallersNotEnabled), names));
            }
        }
    }

    fn evaluators_of(&mut self, body: &DraftBody, facts: &Facts) {
        if body.evaluators.is_empty() {
            self.checks.push(stop(CheckCode::NoEvaluators));
            return;
        }
        let mut seen = BTreeSet::new();
        let mut gone = Vec::new();
        for id in body.evaluators.iter().filter(|id| seen.insert(**id)) {
            match facts.evaluators.get(id) {
                Some(row) => self.found.push(row.clone()),
                None => gone.push(id.to_string()),
            }
        }
        if !gone.is_empty() {
            self.checks.push(counted(stop(CheckCode::EvaluatorsGone), gone));
        }
        let without: Vec<String> = self
            .found
            .iter()
            .filter(|row| !row.has_expected_outcome)
            .map(|row| row.name.clone())
            .collect();
        if !without.is_empty() {
            self.checks.push(counted(warn(CheckCode::NoExpectedOutcome), without));
        }
    }

    fn numbers(&mut self, body: &DraftBody, facts: &Facts) {
        if self.times == 0 {
            self.checks.push(stop(CheckCode::TimesOutOfRange));
        }
        match (self.at_once, facts.max_at_once) {
            (None, _) => self.checks.push(stop(CheckCode::AtOnceOutOfRange)),
            (Some(asked), Some(allowed)) if asked > allowed && allowed > 0 => {
                let mut check = warn(CheckCode::AtOnceAbovePlan);
                check.count = Some(allowed);
                self.checks.push(check);
            }
            _ => {}
        }
        if body.name.trim().chars().count() > NAME_MAX {
            let mut check = stop(CheckCode::NameTooLong);
            check.count = u32::try_from(NAME_MAX).ok();
            self.checks.push(check);
        }
    }

    fn overrides(&mut self, body: &DraftBody, facts: &Facts) {
        let Some(head) = &facts.head else { return };
        let mut gone: Vec<String> = Vec::new();
        // A key that may not list callers still may use them: an empty list proves nothing.
        if !head.callers.is_empty() {
            gone.extend(
                body.callers
                    .iter()
                    .filter(|id| !head.callers.iter().any(|caller| caller.id == **id))
                    .map(ToString::to_string),
            );
        }
        if !head.profiles.is_empty() {
            gone.extend(
                body.profiles
                    .iter()
                    .filter(|id| !head.profiles.iter().any(|profile| profile.id == **id))
                    .map(ToString::to_string),
            );
        }
        if !gone.is_empty() {
            self.checks.push(counted(stop(CheckCode::OverridesGone), gone));
        }
    }

    fn json(&mut self, body: &DraftBody, facts: &Facts) {
        for message in &body.messages {
            let name = message.evaluator.map_or_else(String::new, |id| {
                facts.evaluators.get(&id).map_or_else(|| id.to_string(), |row| row.name.clone())
            });
            match parse(&message.text) {
                Ok(None) => {}
                Ok(Some(value)) => match message.evaluator {
                    Some(id) => {
                        self.messages.insert(id, value);
                    }
                    None => self.message_for_all = Some(value),
                },
                Err(mistake) => {
                    self.checks.push(mistake.check(CheckCode::MessageNotJson, name));
                }
            }
        }
        let mut pipecat = cekura::PipecatData::default();
        let typed = body.pipecat.agent_name.trim();
        if !typed.is_empty() {
            pipecat.pipecat_agent_name = Some(typed.to_owned());
        }
        for (which, text) in
            [("config", &body.pipecat.config), ("room_properties", &body.pipecat.room_properties)]
        {
            match parse(text) {
                Ok(None) => {}
                Ok(Some(value)) if which == "config" => pipecat.config = Some(value),
                Ok(Some(value)) => pipecat.room_properties = Some(value),
                Err(mistake) => {
                    self.checks.push(mistake.check(CheckCode::PipecatNotJson, which.to_owned()));
                }
            }
        }
        if pipecat != cekura::PipecatData::default() {
            if pipecat.config.is_some() || pipecat.room_properties.is_some() {
                self.checks.push(warn(CheckCode::PipecatReplaces));
            }
            self.pipecat = Some(pipecat);
        }
    }

    fn connection(&mut self, facts: &Facts) {
        match facts.state {
            ConnectionState::Offline => self.checks.push(warn(CheckCode::Offline)),
            ConnectionState::Trouble => self.checks.push(warn(CheckCode::ServerTrouble)),
            ConnectionState::KeyRejected => self.checks.push(stop(CheckCode::KeyRejected)),
            ConnectionState::KeyMissing => self.checks.push(stop(CheckCode::KeyMissing)),
            _ => {}
        }
        if facts.may_launch == Some(false) {
            self.checks.push(stop(CheckCode::KeyMayNotLaunch));
        }
        if facts.sending {
            self.checks.push(stop(CheckCode::LaunchUnderWay));
        }
    }
}

fn caller_name(facts: &Facts, id: i64) -> String {
    facts
        .head
        .as_ref()
        .and_then(|head| head.callers.iter().find(|caller| caller.id == id))
        .map_or_else(|| id.to_string(), |caller| caller.name.clone())
}

fn whole(text: &str) -> Option<u32> {
    text.trim().parse().ok()
}

/// Where a text stops being JSON.
struct Mistake {
    line: usize,
    column: usize,
    what: String,
}

impl Mistake {
    fn check(&self, code: CheckCode, about: String) -> PlanCheck {
        let mut check = stop_counted(code, u32::try_from(self.line).unwrap_or(u32::MAX));
        check.names = vec![about, self.column.to_string(), self.what.clone()];
        check
    }
}

/// A JSON text; nothing typed is no value.
fn parse(text: &str) -> Result<Option<Value>, Mistake> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    serde_json::from_str(text).map(Some).map_err(|error| Mistake {
        line: error.line(),
        column: error.column(),
        // Line and column are told apart from it.
        what: error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
    })
}
