//! The world: one flower shop, its agents and everything one can test them with.

mod care;
mod orders;
mod people;
mod script;
mod things;
mod tongues;

use serde_json::Value;

use crate::chance::Chance;
pub(crate) use people::{CALLERS, Caller, PROFILES, Profile};
pub(crate) use script::{Desk, Script, Step};
pub(crate) use things::{AGENTS, Agent, Kind, METRICS, Metric, PROJECTS};

/// The organisation all of it belongs to.
pub(crate) const ORGANISATION: i64 = 31;
/// Its name.
pub(crate) const ORGANISATION_NAME: &str = "Marigold & Finch";
/// The first evaluator's number; the others follow.
pub(crate) const FIRST_SCENARIO: i64 = 9001;

/// How an evaluator tends to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Temper {
    /// Passes, nearly always.
    Steady,
    /// The agent fails it, every time.
    Broken,
    /// Sometimes so, sometimes so.
    Flaky,
    /// The agent mostly does not answer.
    Unreachable,
    /// The tester itself breaks now and then.
    Cracked,
    /// Meets a part of what is expected.
    Partly,
    /// Passes, and says that something went wrong.
    PassWithError,
    /// Comes back without a judgement.
    Unjudged,
    /// Talks until time is up.
    Endless,
    /// Judged a failure, and no check says why.
    Unexplained,
}

/// How many of each 128 evaluators are of which temper; the others are steady.
const TEMPERS: &[(Temper, usize)] = &[
    (Temper::Broken, 7),
    (Temper::Flaky, 12),
    (Temper::Unreachable, 2),
    (Temper::Cracked, 2),
    (Temper::Partly, 3),
    (Temper::PassWithError, 2),
    (Temper::Unjudged, 2),
    (Temper::Endless, 1),
    (Temper::Unexplained, 1),
];

/// What the words in braces stand for in one evaluator's conversation.
#[derive(Debug, Clone)]
pub(crate) struct Details {
    pub(crate) name: String,
    pub(crate) recipient: &'static str,
    pub(crate) flower: &'static str,
    pub(crate) address: &'static str,
    pub(crate) date: &'static str,
    pub(crate) card: &'static str,
    pub(crate) price: String,
    pub(crate) order: String,
}

impl Details {
    /// The text with the names in braces filled in; other braces stay.
    pub(crate) fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len() + 64);
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            let (before, after) = rest.split_at(at);
            filled.push_str(before);
            let name = after.find('}').map(|end| &after[1..end]);
            if let Some((name, value)) = name.and_then(|name| Some((name, self.named(name)?))) {
                filled.push_str(value);
                rest = &after[name.len() + 2..];
            } else {
                filled.push('{');
                rest = &after[1..];
            }
        }
        filled.push_str(rest);
        filled
    }

    fn named(&self, name: &str) -> Option<&str> {
        Some(match name {
            "name" => &self.name,
            "recipient" => self.recipient,
            "flower" => self.flower,
            "address" => self.address,
            "date" => self.date,
            "card" => self.card,
            "price" => &self.price,
            "order" => &self.order,
            _ => return None,
        })
    }
}

/// One evaluator.
#[derive(Debug, Clone)]
pub(crate) struct Scenario {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) agent: i64,
    pub(crate) project: i64,
    pub(crate) script: &'static Script,
    pub(crate) caller: i64,
    pub(crate) profile: Option<i64>,
    pub(crate) metrics: Vec<i64>,
    pub(crate) tags: Vec<&'static str>,
    /// A few have none: then a pass means little.
    pub(crate) has_expectation: bool,
    pub(crate) temper: Temper,
    pub(crate) details: Details,
    /// Usual length in seconds.
    pub(crate) seconds: f64,
    /// Days before the studio's first day on which it was written.
    pub(crate) age_days: i64,
}

impl Scenario {
    /// What is expected, as one text, the way people write it.
    pub(crate) fn expectation(&self) -> String {
        if !self.has_expectation {
            return String::new();
        }
        let criteria = self.script.criteria.iter().enumerate();
        criteria.map(|(at, text)| format!("{}. {text}", at + 1)).collect::<Vec<_>>().join("\n")
    }

    /// What the caller is told.
    pub(crate) fn instructions(&self) -> String {
        self.details.fill(self.script.task)
    }
}

/// Everything there is to choose from.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) scenarios: Vec<Scenario>,
}

impl World {
    /// The world of a seed. The first evaluators are the same however many there are.
    pub(crate) fn new(seed: u64, evaluators: usize) -> Self {
        let originals: Vec<(&'static Script, &'static str)> = orders::ORDERS
            .iter()
            .chain(care::CARE)
            .chain(tongues::TONGUES)
            .flat_map(|script| script.names.iter().map(move |name| (script, *name)))
            .collect();
        let mut scenarios = Vec::with_capacity(evaluators);
        let mut tempers = Vec::new();
        for index in 0..evaluators {
            let round = index / originals.len();
            let place = index % originals.len();
            if place == 0 {
                tempers = tempers_of(seed, round, &originals);
            }
            let (script, name) = originals[place];
            scenarios.push(scenario(seed, index, round, script, name, tempers[place]));
        }
        Self { seed, scenarios }
    }

    pub(crate) fn scenario(&self, id: i64) -> Option<&Scenario> {
        usize::try_from(id - FIRST_SCENARIO).ok().and_then(|index| self.scenarios.get(index))
    }

    pub(crate) fn agent(id: i64) -> Option<&'static Agent> {
        AGENTS.iter().find(|agent| agent.id == id)
    }

    pub(crate) fn caller(id: i64) -> Option<&'static Caller> {
        CALLERS.iter().find(|caller| caller.id == id)
    }

    pub(crate) fn profile(id: i64) -> Option<&'static Profile> {
        PROFILES.iter().find(|profile| profile.id == id)
    }

    pub(crate) fn metric(id: i64) -> Option<&'static Metric> {
        METRICS.iter().find(|metric| metric.id == id)
    }

    /// All folders, parents included, in order.
    pub(crate) fn folders(&self, project: Option<i64>) -> Vec<String> {
        let mut paths = std::collections::BTreeSet::from(["default".to_owned()]);
        for one in self.scenarios.iter().filter(|one| project.is_none_or(|id| id == one.project)) {
            let path = one.script.folder;
            for (at, _) in path.match_indices('.') {
                paths.insert(path[..at].to_owned());
            }
            paths.insert(path.to_owned());
        }
        paths.into_iter().collect()
    }
}

/// The shop's own phone cannot be called, so that nothing but steadiness is wasted on it.
fn tempers_of(
    seed: u64,
    round: usize,
    originals: &[(&'static Script, &'static str)],
) -> Vec<Temper> {
    let can_be_called = |script: &Script| script.desk != Desk::Shop;
    let count = originals.iter().filter(|(script, _)| can_be_called(script)).count();
    let mut tempers: Vec<Temper> =
        TEMPERS.iter().flat_map(|(temper, times)| std::iter::repeat_n(*temper, *times)).collect();
    tempers.resize(count, Temper::Steady);
    Chance::of(seed, &[71, round as u64]).shuffle(&mut tempers);
    let mut drawn = tempers.into_iter();
    originals
        .iter()
        .map(|(script, _)| {
            let temper = if can_be_called(script) { drawn.next() } else { None };
            temper.unwrap_or(Temper::Steady)
        })
        .collect()
}

fn scenario(
    seed: u64,
    index: usize,
    round: usize,
    script: &'static Script,
    name: &'static str,
    temper: Temper,
) -> Scenario {
    let mut chance = Chance::of(seed, &[72, index as u64]);
    let details = Details {
        name: chance.pick(people::NAMES).to_owned(),
        recipient: chance.pick(people::RECIPIENTS),
        flower: chance.pick(people::FLOWERS),
        address: chance.pick(people::ADDRESSES),
        date: chance.pick(people::DATES),
        card: chance.pick(people::CARDS),
        price: format!("£{}.{:02}", 24 + chance.index(90), [0, 50, 95][chance.index(3)]),
        order: format!("MF-{}", 20_000 + chance.index(70_000)),
    };
    // Later rounds are the same conversations about other things, and their names say which.
    let name = if round == 0 {
        name.to_owned()
    } else {
        let town = details.address.rsplit(", ").next().unwrap_or_default();
        format!("{name} {}, {town}, {}", round + 1, details.flower)
    };
    let agent = match script.desk {
        Desk::Orders => AGENTS[0].id,
        Desk::Care => AGENTS[1].id,
        Desk::Shop => AGENTS[2].id,
    };
    let project = World::agent(agent).map_or(PROJECTS[0].0, |agent| agent.project);
    let mut metrics: Vec<i64> = things::ALWAYS.to_vec();
    for metric in METRICS {
        if !metrics.contains(&metric.id) && chance.happens(0.35) {
            metrics.push(metric.id);
        }
    }
    metrics.sort_unstable();
    let mut tags = script.tags.to_vec();
    if chance.happens(0.2) {
        tags.push("release");
    }
    // A failure that shows only in what was expected needs something to be expected.
    let needs = matches!(temper, Temper::Broken | Temper::Flaky | Temper::Partly);
    Scenario {
        id: FIRST_SCENARIO + index as i64,
        name: name.chars().take(80).collect(),
        agent,
        project,
        script,
        caller: enabled(CALLERS[chance.index(CALLERS.len())].id, agent),
        profile: chance.happens(0.3).then(|| PROFILES[chance.index(PROFILES.len())].id),
        metrics,
        tags,
        has_expectation: needs || !chance.happens(0.05),
        temper,
        seconds: script.seconds * chance.between(0.92, 1.25),
        age_days: 20 + chance.index(200) as i64,
        details,
    }
}

/// A caller that was drawn, or the first where that one is not enabled for the agent.
fn enabled(caller: i64, agent: i64) -> i64 {
    let may = World::agent(agent).is_none_or(|agent| agent.enables(caller));
    if may { caller } else { CALLERS[0].id }
}

/// A caller's or profile's information as the API nests it.
pub(crate) fn profile_information(profile: &Profile) -> Value {
    serde_json::json!({
        "main_agent_variables": { "customer_name": profile.customer, "customer_since": profile.since, "phone": profile.phone },
        "testing_agent_variables": { "mood": profile.mood },
    })
}
