//! A ledger as some weeks of work leave it, written through the ledger's own front door.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ledger::{CallPut, Detail, EvaluatorRow, Ledger, LedgerConfig, ResultPut};
use serde_json::{Value, json};
use verdict::{Barrier, Reason, Side, Why};

use super::{Shown, amiss, wait};

/// The id of the newest result; older ones count down from it.
pub const NEWEST: i64 = 880_000;

/// What the judge found missing; each stands for a criterion people write.
const MISSING: [&str; 12] = [
    "The agent reads the delivery address back and waits for a yes.",
    "The agent names the price before it places the order.",
    "The agent offers one alternative when something is sold out.",
    "The agent looks the order up before it speaks of money.",
    "The agent does not promise a refund the policy does not allow.",
    "The agent repeats the new date.",
    "The agent apologises before it asks for anything.",
    "The agent gives the opening hours of that day.",
    "The agent passes the case to a person when asked twice.",
    "The agent asks who receives the flowers.",
    "The agent says when the next bouquet comes.",
    "The agent gives an order number at the end.",
];

/// Writes results with so many calls each, the newest first, into the workspace that is open in the
/// data folder. Gives the names of the evaluators they are about.
pub fn write(dir: &Path, results: &[usize]) -> Shown<Vec<String>> {
    #[allow(clippy::disallowed_methods, reason = "ages are told by the real clock")]
    let now: fn() -> Timestamp = Timestamp::now;
    // The folder is the app's until the last of its threads has ended.
    let mut opened = None;
    wait(Duration::from_secs(60), "the ledger", || {
        opened =
            Ledger::open(LedgerConfig { dir: dir.to_owned(), now: Arc::new(now), failpoint: None })
                .ok();
        opened.is_some()
    })?;
    let Some(ledger) = opened else { return amiss("the ledger does not open") };
    let Some(workspace) = ledger.workspace_current()? else { return amiss("no workspace is open") };
    let workspace = workspace.id;
    let Some(head) = ledger.catalogue(workspace)? else { return amiss("there is no catalogue") };
    let evaluators = ledger.evaluators(workspace, None, None)?;
    let (Some(agent), false) = (head.agents.first(), evaluators.is_empty()) else {
        return amiss("the catalogue is empty");
    };
    let callers: Vec<(i64, String)> =
        head.callers.iter().map(|caller| (caller.id, caller.name.clone())).collect();
    let mut next_call = 50_000_000;
    for (place, calls) in results.iter().enumerate() {
        let id = NEWEST - place as i64;
        let began = now() - SignedDuration::from_hours(30 + 3 * place as i64);
        ledger.result_put(
            workspace,
            &ResultPut {
                id,
                name: format!(
                    "{} {}",
                    ["Nightly", "Release", "After the prompt", "Refunds"][place % 4],
                    place + 1
                ),
                agent: Some(agent.id),
                agent_name: Some(agent.name.clone()),
                status: Some("completed".to_owned()),
                run_type: Some("pipecat_v2".to_owned()),
                scheduled: place % 4 == 0,
                created_at: Some(began),
                expected_calls: u32::try_from(*calls).ok(),
                launch_id: None,
                followed: Some(false),
                raw: json!({ "id": id, "status": "completed", "total_runs": calls }),
                has_detail: true,
                server_passed: None,
                server_failed: None,
            },
        )?;
        let puts: Vec<CallPut> = (0..*calls)
            .map(|at| {
                // Ten calls an evaluator, so that there are many rows as well as many calls.
                let evaluator = &evaluators[(place * 7 + at / 10) % evaluators.len()];
                let caller = callers.get(at % callers.len().max(1));
                next_call += 1;
                call(next_call, at, place, evaluator, caller, began)
            })
            .collect();
        ledger.calls_put(workspace, id, &puts)?;
    }
    Ok(evaluators.into_iter().map(|evaluator| evaluator.name).collect())
}

fn call(
    id: i64,
    at: usize,
    place: usize,
    evaluator: &EvaluatorRow,
    caller: Option<&(i64, String)>,
    began: Timestamp,
) -> CallPut {
    // Spread evenly and not in step with the ten calls of an evaluator.
    let lot = (at * 37 + place * 11) % 100;
    let seconds = 45.0 + ((at * 53 + place * 17) % 220) as f64;
    let missing = MISSING[(at * 5 + place) % MISSING.len()];
    let at_s = (at * 13) % 60;
    let (outcome, why) = match lot {
        0..76 => ("passed", Why::ExpectedOutcomeMet),
        76..90 => (
            "agent_failed",
            Why::ExpectedOutcomeNotMet {
                score: Some(f64::from(u32::try_from(lot % 5).unwrap_or(0)) * 20.0),
                text: Some(format!("{missing} It did not. (00:{at_s:02})")),
            },
        ),
        90..95 => (
            "never_connected",
            Why::NeverConnected {
                side: Side::Agent,
                barrier: Barrier::NoAnswer,
                reason: Some("customer-did-not-answer".to_owned()),
            },
        ),
        95..98 => ("needs_a_look", Why::NothingJudged),
        _ => ("stopped", Why::StoppedByPerson),
    };
    let status = match outcome {
        "never_connected" => "failed",
        "stopped" => "cancelled",
        _ => "completed",
    };
    let connected = outcome != "never_connected";
    CallPut {
        id,
        evaluator: Some(evaluator.id),
        evaluator_name: Some(evaluator.name.clone()),
        caller: caller.map(|(id, _)| *id),
        caller_name: caller.map(|(_, name)| name.clone()),
        profile: None,
        profile_name: None,
        status: Some(status.to_owned()),
        outcome: outcome.to_owned(),
        why: stored(&why, connected.then_some(1.2)),
        reading: verdict::READING,
        duration_s: connected.then_some(seconds),
        started_at: Some(began + SignedDuration::from_secs(at as i64)),
        ended: true,
        detail: Detail::Light,
        raw: json!({
            "id": id,
            "status": status,
            "scenario": evaluator.id,
            "scenario_name": evaluator.name,
            "duration": seconds,
        }),
    }
}

/// A reason as the engine stores it beside a call.
fn stored(why: &Why, first_word_s: Option<f64>) -> Value {
    json!({ "reason": Reason::from(why), "reviewed": false, "first_word_s": first_word_s })
}
