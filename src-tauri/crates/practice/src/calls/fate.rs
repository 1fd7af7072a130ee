//! How a call ends: drawn from the evaluator's temper, the caller and chance.

use crate::chance::Chance;
use crate::world::{Caller, Scenario, Temper};

/// Longest call, in seconds. The API cuts a call at the project's limit.
pub(crate) const LONGEST_S: f64 = 300.0;

/// How a call ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Everything expected was met.
    Passed,
    /// Something expected was not.
    AgentFailed,
    /// Judged a success, with an error message beside it.
    PassedWithError,
    /// Completed without any judgement.
    Unjudged,
    /// Judged a success although a part was not met.
    PartlyMet,
    /// Judged a failure while every check is fine.
    Unexplained,
    /// Talked until the limit.
    TimedOut,
    /// The agent never picked up.
    NoAnswer,
    /// The agent had no place left.
    AtLimit,
    /// The tester's side broke in the middle.
    TesterBroke,
}

impl Ending {
    /// Whether there is a conversation to judge.
    pub(crate) fn is_judged(self) -> bool {
        !matches!(
            self,
            Self::TimedOut | Self::NoAnswer | Self::AtLimit | Self::TesterBroke | Self::Unjudged
        )
    }

    /// Whether anybody spoke.
    pub(crate) fn has_talk(self) -> bool {
        !matches!(self, Self::NoAnswer | Self::AtLimit)
    }
}

/// Everything about a call but when it starts. Seconds are those of life.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fate {
    pub(crate) ending: Ending,
    /// From being placed to the first word, or to giving up.
    pub(crate) ring_s: f64,
    pub(crate) talk_s: f64,
    pub(crate) judge_s: f64,
    /// Its status goes back to `pending` once before it goes on.
    pub(crate) steps_back: bool,
    /// Which of the criteria were not met.
    pub(crate) unmet: Vec<usize>,
    /// A binary metric that says no.
    pub(crate) broken_metric: Option<i64>,
}

/// The fate of one call. `crowded`: the agent already holds as many calls as it can.
pub(crate) fn fate(
    seed: u64,
    run: i64,
    scenario: &Scenario,
    caller: &Caller,
    crowded: bool,
) -> Fate {
    let mut own = Chance::of(seed, &[81, scenario.id as u64]);
    let mut chance = Chance::of(seed, &[82, scenario.id as u64, run as u64]);
    let ending = if crowded && chance.happens(0.1) {
        Ending::AtLimit
    } else {
        ending(scenario, caller, own.unit(), &mut chance)
    };
    let criteria = scenario.script.criteria.len();
    // What an evaluator fails at is mostly the same thing, so that causes can be told.
    let usual = own.index(criteria);
    let other = chance.index(criteria);
    let mut unmet = Vec::new();
    if matches!(ending, Ending::AgentFailed | Ending::PartlyMet) {
        unmet.push(if chance.happens(0.85) { usual } else { other });
        if ending == Ending::AgentFailed && chance.happens(0.25) && !unmet.contains(&other) {
            unmet.push(other);
        }
        unmet.sort_unstable();
    }
    let by_metric =
        ending == Ending::AgentFailed && (!scenario.has_expectation || chance.happens(0.4));
    let mut talk_s =
        (scenario.seconds * caller.pace * chance.between(0.88, 1.12)).clamp(75.0, LONGEST_S - 8.0);
    match ending {
        Ending::NoAnswer | Ending::AtLimit => talk_s = 0.0,
        Ending::TesterBroke => talk_s *= chance.between(0.25, 0.6),
        Ending::TimedOut => talk_s = LONGEST_S,
        _ => {}
    }
    Fate {
        ending,
        ring_s: match ending {
            Ending::NoAnswer => chance.between(28.0, 40.0),
            Ending::AtLimit => chance.between(2.0, 4.0),
            _ => chance.between(2.0, 7.0),
        },
        talk_s,
        judge_s: if ending.is_judged() {
            chance.between(9.0, 30.0)
        } else {
            chance.between(1.0, 4.0)
        },
        steps_back: ending.has_talk() && chance.happens(0.12),
        unmet,
        broken_metric: by_metric.then_some(801),
    }
}

fn ending(scenario: &Scenario, caller: &Caller, leaning: f64, chance: &mut Chance) -> Ending {
    let draw = chance.unit();
    let or = |share: f64, one: Ending, other: Ending| if draw < share { one } else { other };
    match scenario.temper {
        Temper::Steady => match draw {
            below if below < 0.006 => Ending::AgentFailed,
            below if below < 0.010 => Ending::NoAnswer,
            below if below < 0.014 => Ending::TesterBroke,
            _ => Ending::Passed,
        },
        Temper::Broken => or(0.97, Ending::AgentFailed, Ending::Passed),
        Temper::Flaky => or(
            (0.25 + 0.3 * leaning + caller.trouble).min(0.85),
            Ending::AgentFailed,
            Ending::Passed,
        ),
        Temper::Unreachable => or(0.75, Ending::NoAnswer, Ending::Passed),
        Temper::Cracked => or(0.55, Ending::TesterBroke, Ending::Passed),
        Temper::Partly => or(0.8, Ending::PartlyMet, Ending::Passed),
        Temper::PassWithError => or(0.65, Ending::PassedWithError, Ending::Passed),
        Temper::Unjudged => or(0.7, Ending::Unjudged, Ending::Passed),
        Temper::Endless => or(0.65, Ending::TimedOut, Ending::Passed),
        Temper::Unexplained => or(0.65, Ending::Unexplained, Ending::Passed),
    }
}
