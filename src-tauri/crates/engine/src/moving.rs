//! Rows that move: what is going on in a result that is followed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value;

use crate::calls::KnownCall;
use crate::core::Engine;
use crate::error::Outcome;
use crate::plan::LATELY;
use crate::view::{RangeView, ResultRowView, StallView};

/// Without a change for this many times the usual length, a result is called stalled. One and a
/// half leaves room for a long call and its judging.
const STALL_FACTOR: f64 = 1.5;
/// No shorter silence is called a stall, whatever the usual length: the follower itself may pause.
const STALL_LEAST_S: f64 = 20.0;

/// How long the calls of before took, read at most once for a list of results.
#[derive(Default)]
pub(crate) struct Usual {
    /// Seconds, of every evaluator: for one of which nothing is known yet.
    of_all: Option<Vec<f64>>,
}

impl Engine {
    /// What is going on in a followed result: what its calls are doing, how long it still takes,
    /// and whether it has been silent for too long.
    pub(crate) fn moving_row(
        &self,
        workspace: i64,
        calls: &[KnownCall],
        summary: &ledger::ResultSummary,
        usual: &mut Usual,
        row: &mut ResultRowView,
    ) -> Outcome<()> {
        let own: BTreeSet<i64> =
            calls.iter().filter_map(|call| call.judged.key.evaluator).collect();
        let own: Vec<i64> = own.into_iter().collect();
        let mut seconds: Vec<f64> =
            self.ledger().durations(workspace, Some(&own))?.into_values().flatten().collect();
        if seconds.is_empty() {
            seconds = match &usual.of_all {
                Some(known) => known.clone(),
                None => {
                    usual.of_all.insert(self.ledger().durations_lately(workspace, LATELY)?).clone()
                }
            };
        }
        let mut doing: BTreeMap<&str, u32> = BTreeMap::new();
        let mut waiting = row.calls.saturating_sub(summary.calls);
        let mut going = Vec::new();
        let now = self.now();
        for call in calls.iter().filter(|call| call.judged.outcome == verdict::Outcome::InProgress)
        {
            let word = doing_word(&call.judged.reason);
            *doing.entry(word).or_insert(0) += 1;
            match call.started_at {
                Some(at) if word != "waiting" => going.push(seconds_between(at, now)),
                _ => waiting += 1,
            }
        }
        row.doing =
            doing.into_iter().max_by_key(|(_, calls)| *calls).map(|(word, _)| word.to_owned());
        let clock = self.session().map_or(1.0, |session| session.clock_per_second);
        let at_once = match &summary.launch_id {
            Some(launch) => self.launch_known(launch)?.and_then(|launch| {
                let limit = launch.body.get("concurrency_limit").and_then(Value::as_u64)?;
                u32::try_from(limit).ok()
            }),
            None => None,
        };
        let left = verdict::time_left(&verdict::TimeLeftInput {
            waiting,
            going,
            at_once: at_once.unwrap_or(u32::MAX),
            seconds: seconds.clone(),
            clock_per_second: clock,
        });
        row.left = Some(RangeView { low: left.low_s / 60.0, high: left.high_s / 60.0 });
        // Before there is any history, the longest of what calls are assumed to take.
        let usual = verdict::usual_length(&seconds)
            .map_or(verdict::CALL_ASSUMED_S.1, |usual| usual.median_s);
        let usual_seconds = usual * clock;
        let silent = seconds_between(summary.changed_at, now);
        if silent > (usual_seconds * STALL_FACTOR).max(STALL_LEAST_S) {
            row.stalled = Some(StallView { seconds: silent, usual_seconds });
        }
        Ok(())
    }
}

fn doing_word(reason: &verdict::Reason) -> &'static str {
    match &*reason.code {
        "waiting" => "waiting",
        "connecting" => "connecting",
        "judging" => "judging",
        _ => "talking",
    }
}

fn seconds_between(earlier: Timestamp, later: Timestamp) -> f64 {
    later.duration_since(earlier).as_secs_f64().max(0.0)
}
