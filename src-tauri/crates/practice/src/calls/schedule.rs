//! When calls happen: the queue, the places, and where a call stands at a moment.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use jiff::Timestamp;

use super::fate::{Ending, Fate, fate};
use super::record::Launch;
use crate::chance::Chance;
use crate::world::{CALLERS, World};

/// One call of a launch.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) run: i64,
    pub(crate) scenario: i64,
    pub(crate) caller: i64,
    pub(crate) profile: Option<i64>,
    pub(crate) fate: Fate,
    pub(crate) times: Times,
}

/// The moments of a call, in milliseconds since 1970. What never happens lies at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Times {
    pub(crate) launched: i64,
    pub(crate) placed: i64,
    pub(crate) answered: i64,
    pub(crate) ended: i64,
    pub(crate) judged: i64,
    /// When a person stopped it, if that came before its end.
    pub(crate) stopped: Option<i64>,
    /// A second of life, in milliseconds of this launch.
    second: i64,
    scales_up: bool,
    steps_back: bool,
}

/// Where a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Launched,
    Queued,
    ScalingUp,
    Placed,
    Talking,
    Judging,
    Over,
    Stopped,
}

impl Times {
    /// Where it stands at a moment.
    pub(crate) fn stage(&self, now: i64) -> Stage {
        if self.stopped.is_some_and(|at| at <= now) {
            return Stage::Stopped;
        }
        if now < self.placed {
            // The real one says `running` first, whatever comes next.
            return if now < self.launched + 3 * self.second {
                Stage::Launched
            } else if self.scales_up && now >= self.placed - 3 * self.second {
                Stage::ScalingUp
            } else {
                Stage::Queued
            };
        }
        if now < self.answered {
            return Stage::Placed;
        }
        if now < self.ended {
            let talking = now - self.answered;
            let back = self.steps_back && talking >= 3 * self.second && talking < 9 * self.second;
            return if back { Stage::Placed } else { Stage::Talking };
        }
        if now < self.judged { Stage::Judging } else { Stage::Over }
    }

    /// Whether the call is over, judged or not.
    pub(crate) fn has_ended(&self, now: i64) -> bool {
        now >= self.ended || self.stopped.is_some_and(|at| at <= now)
    }

    /// Seconds of conversation, as life counts them, up to now.
    pub(crate) fn talked_s(&self, fate: &Fate, now: i64) -> f64 {
        if now < self.answered || !fate.ending.has_talk() {
            return 0.0;
        }
        let until = now.min(self.ended).min(self.stopped.unwrap_or(i64::MAX));
        let whole = (self.ended - self.answered).max(1);
        fate.talk_s * ((until - self.answered).max(0) as f64 / whole as f64)
    }
}

/// One launch with its calls.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) launch: Launch,
    pub(crate) calls: Vec<Call>,
}

/// Every call there ever was.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) results: Vec<Planned>,
}

impl Plan {
    pub(crate) fn result(&self, id: i64) -> Option<&Planned> {
        self.results
            .binary_search_by_key(&id, |one| one.launch.result)
            .ok()
            .map(|at| &self.results[at])
    }

    pub(crate) fn run(&self, id: i64) -> Option<(&Planned, &Call)> {
        let at = self.results.partition_point(|one| one.launch.first_run <= id).checked_sub(1)?;
        let planned = &self.results[at];
        let call = planned.calls.get(usize::try_from(id - planned.launch.first_run).ok()?)?;
        Some((planned, call))
    }
}

/// When what was stopped.
#[derive(Debug, Default)]
pub(crate) struct Stops {
    pub(crate) results: HashMap<i64, Timestamp>,
    pub(crate) runs: HashMap<i64, Timestamp>,
}

/// Works out every call of every launch.
///
/// Launches are served in the order they came, at most `parallel` calls at once, five starts a
/// second of life (the vendor's load-testing guide names that rate), and within a launch no more
/// than its `concurrency_limit`.
pub(crate) fn plan(world: &World, launches: &[Launch], stops: &Stops, parallel: u32) -> Plan {
    let mut places = heap(parallel);
    let mut busy: HashMap<i64, BinaryHeap<Reverse<i64>>> = HashMap::new();
    let mut last_start = i64::MIN / 2;
    let results = launches
        .iter()
        .map(|launch| {
            let calls =
                place(world, launch, stops, parallel, &mut places, &mut busy, &mut last_start);
            Planned { launch: launch.clone(), calls }
        })
        .collect();
    Plan { results }
}

fn heap(places: u32) -> BinaryHeap<Reverse<i64>> {
    (0..places.max(1)).map(|_| Reverse(i64::MIN / 2)).collect()
}

fn place(
    world: &World,
    launch: &Launch,
    stops: &Stops,
    parallel: u32,
    places: &mut BinaryHeap<Reverse<i64>>,
    busy: &mut HashMap<i64, BinaryHeap<Reverse<i64>>>,
    last_start: &mut i64,
) -> Vec<Call> {
    let launched = launch.at.as_millisecond();
    let ms = |seconds: f64| (seconds * 1000.0 / launch.speed).round() as i64;
    let mut own = heap(launch.concurrency_limit.unwrap_or(parallel).clamp(1, parallel.max(1)));
    let capacity = World::agent(launch.agent).map_or(usize::MAX, |agent| agent.capacity);
    let mut calls = Vec::with_capacity(launch.calls());
    for (run, (scenario_id, caller_id, profile)) in
        (launch.first_run..).zip(combinations(world, launch))
    {
        // An evaluator deleted since still has calls; any other's fate serves for them.
        let scenario = world.scenario(scenario_id).unwrap_or(&world.scenarios[0]);
        let caller = World::caller(caller_id).unwrap_or(&CALLERS[0]);
        let mut chance = Chance::of(world.seed, &[83, run as u64]);
        let free = places.peek().map_or(0, |at| at.0).max(own.peek().map_or(0, |at| at.0));
        let begins =
            free.max(launched + ms(chance.between(1.0, 2.5))).max(*last_start + ms(0.2).max(1));
        let stop = stops.results.get(&launch.result).into_iter().chain(stops.runs.get(&run)).min();
        let stop = stop.map(|at| at.as_millisecond());
        let holding = busy.entry(launch.agent).or_default();
        while holding.peek().is_some_and(|at| at.0 <= begins) {
            holding.pop();
        }
        let fate = fate(world.seed, run, scenario, caller, holding.len() >= capacity);
        let answered = begins + ms(fate.ring_s);
        let ended = answered + ms(fate.talk_s);
        let times = Times {
            launched,
            placed: begins,
            answered,
            ended,
            judged: ended + ms(fate.judge_s),
            stopped: stop.filter(|at| *at < ended),
            second: ms(1.0).max(1),
            scales_up: chance.happens(0.15),
            steps_back: fate.steps_back,
        };
        // A call stopped while it waited never took a place.
        let until = times.stopped.unwrap_or(ended);
        if until > begins {
            places.pop();
            places.push(Reverse(until));
            own.pop();
            own.push(Reverse(until));
            *last_start = begins;
            if fate.ending != Ending::AtLimit {
                holding.push(Reverse(until));
            }
        }
        calls.push(Call { run, scenario: scenario_id, caller: caller.id, profile, fate, times });
    }
    calls
}

/// Evaluator, caller and profile of each call: the first time each, then the second, so that a
/// launch that is stopped early has tried everything once.
fn combinations<'a>(
    world: &'a World,
    launch: &'a Launch,
) -> impl Iterator<Item = (i64, i64, Option<i64>)> + 'a {
    (0..launch.frequency).flat_map(move |_| {
        launch.scenarios.iter().flat_map(move |&scenario| {
            let own = world.scenario(scenario);
            let callers = if launch.personalities.is_empty() {
                vec![own.map_or(CALLERS[0].id, |one| one.caller)]
            } else {
                launch.personalities.clone()
            };
            let profiles: Vec<Option<i64>> = if launch.profiles.is_empty() {
                vec![own.and_then(|one| one.profile)]
            } else {
                launch.profiles.iter().copied().map(Some).collect()
            };
            callers.into_iter().flat_map(move |caller| {
                let profiles = profiles.clone();
                profiles.into_iter().map(move |profile| (scenario, caller, profile))
            })
        })
    })
}
