//! What happened before the first day, so that lists and estimates have something to show.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::record::Launch;
use crate::chance::Chance;
use crate::world::{AGENTS, World};

/// Days before, hour's offset, name, agent, how many evaluators, times each.
const PAST: &[(i64, i64, &str, usize, usize, u32)] = &[
    (9, 2, "Release 40, smoke", 0, 12, 1),
    (7, 5, "Release 41, full suite", 0, 64, 1),
    (6, 1, "Aftercare, refunds only", 1, 16, 2),
    (4, 3, "", 0, 3, 1),
    (3, 4, "Release 42 candidate", 0, 64, 1),
    (1, 2, "Aftercare, nightly", 1, 24, 2),
];

/// The first result's number; those a person launches follow after these.
pub(crate) const FIRST_RESULT: i64 = 41_200;
/// The first call's number.
pub(crate) const FIRST_RUN: i64 = 3_100_000;

/// The launches of the days before `began`.
pub(crate) fn launches(world: &World, began: Timestamp) -> Vec<Launch> {
    let mut first_run = FIRST_RUN;
    let mut launches = Vec::new();
    for (result, (days, hours, name, agent, count, frequency)) in (FIRST_RESULT..).zip(PAST) {
        let agent = &AGENTS[*agent];
        let mut chance = Chance::of(world.seed, &[88, result as u64]);
        let mut scenarios: Vec<i64> = world
            .scenarios
            .iter()
            .take(128)
            .filter(|one| one.agent == agent.id)
            .filter(|one| {
                *count >= 24 || !one.script.folder.starts_with("Speech") || chance.happens(0.3)
            })
            .map(|one| one.id)
            .collect();
        if *count < 24 {
            chance.shuffle(&mut scenarios);
        }
        scenarios.truncate(*count);
        if scenarios.is_empty() {
            continue;
        }
        let ago = SignedDuration::from_hours(24 * days + hours);
        let launch = Launch {
            result,
            first_run,
            at: began.checked_sub(ago).unwrap_or(began),
            agent: agent.id,
            name: (*name).to_owned(),
            scenarios,
            frequency: *frequency,
            personalities: Vec::new(),
            profiles: Vec::new(),
            mock_tool_names: None,
            concurrency_limit: Some(5),
            settings: json!({ "frequency": frequency, "concurrency_limit": 5 }),
            speed: 1.0,
        };
        first_run += launch.calls() as i64;
        launches.push(launch);
    }
    launches
}
