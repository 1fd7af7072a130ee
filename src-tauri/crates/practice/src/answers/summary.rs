//! What the API's own model writes about a result, and its answers to questions.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::result::Tally;
use super::{View, stamp};
use crate::calls::fate::Ending;
use crate::calls::schedule::{Planned, Stage};

/// Seconds of life between the end of a result and its summary.
const WRITING_S: f64 = 45.0;

/// The summary's fields.
pub(crate) struct Summary {
    pub(crate) status: &'static str,
    pub(crate) text: Value,
    pub(crate) failed_reasons: Value,
    pub(crate) next_steps: Value,
}

impl View<'_> {
    /// Why calls failed: each reason with the calls it holds for, the most frequent first.
    pub(crate) fn reasons(&self, planned: &Planned) -> Vec<(String, Vec<i64>)> {
        let mut found: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for call in planned.calls.iter().filter(|call| call.times.stage(self.now) == Stage::Over) {
            let (scenario, _) = self.scenario_of(call);
            match call.fate.ending {
                Ending::AgentFailed if scenario.has_expectation => {
                    for at in &call.fate.unmet {
                        let criterion = scenario.script.criteria[*at].trim_end_matches('.');
                        found.entry(format!("Not met: {criterion}.")).or_default().push(call.run);
                    }
                }
                Ending::AgentFailed => {
                    found
                        .entry("The script of the shop was not followed.".to_owned())
                        .or_default()
                        .push(call.run);
                }
                Ending::NoAnswer => {
                    found
                        .entry("The agent did not answer the call.".to_owned())
                        .or_default()
                        .push(call.run);
                }
                Ending::AtLimit => {
                    found
                        .entry("The agent had no place left for another call.".to_owned())
                        .or_default()
                        .push(call.run);
                }
                Ending::TesterBroke => {
                    found
                        .entry("The testing agent broke during the call.".to_owned())
                        .or_default()
                        .push(call.run);
                }
                _ => {}
            }
        }
        let mut reasons: Vec<_> = found.into_iter().collect();
        reasons.sort_by_key(|(_, runs)| std::cmp::Reverse(runs.len()));
        reasons
    }

    pub(crate) fn summary(&self, planned: &Planned, tally: &Tally) -> Summary {
        let reasons = self.reasons(planned);
        let over = tally.terminal == tally.total;
        let empty = |status| Summary {
            status,
            text: Value::Null,
            failed_reasons: Value::Null,
            next_steps: json!([]),
        };
        if reasons.is_empty() {
            return empty(if over { "skipped_no_failures" } else { "pending" });
        }
        let written = self.updated_at(planned) + (WRITING_S * 1000.0 / planned.launch.speed) as i64;
        if !over || self.now < written {
            return empty("pending");
        }
        let failed: std::collections::BTreeSet<i64> =
            reasons.iter().flat_map(|(_, runs)| runs.iter().copied()).collect();
        let issues: Vec<Value> = reasons
            .iter()
            .enumerate()
            .map(|(at, (text, runs))| {
                json!({ "rank": at + 1, "run_ids": runs, "description": text, "affected_count": runs.len() })
            })
            .collect();
        let top = reasons.first().map_or("", |(text, _)| text.as_str());
        let steps: Vec<Value> = reasons
            .iter()
            .take(3)
            .map(|(text, runs)| {
                json!({
                    "title": step_title(text),
                    "description": format!("Concerns {} of {} calls. {text}", runs.len(), tally.total),
                })
            })
            .collect();
        Summary {
            status: "completed",
            text: json!({
                "what_happened": format!("{} of {} calls went wrong, {} passed. There are {} causes.", failed.len(), tally.total, tally.success, reasons.len()),
                "why_it_happened": format!("The most frequent cause: {top}"),
                "how_to_fix": "Begin with the cause that concerns most calls, change the prompt at that step, and run the same evaluators three times each.",
                "generated_from_runs_count": tally.total,
                "generated_at": stamp(written),
            }),
            failed_reasons: json!({ "issues": issues, "total_failed_runs": failed.len() }),
            next_steps: json!(steps),
        }
    }

    /// The answer to a question about failures, in the pieces in which it is sent.
    pub(crate) fn answer(&self, planned: &Planned, question: &str) -> Vec<String> {
        let reasons = self.reasons(planned);
        let mut text = format!("You asked: {question}\n\n");
        if reasons.is_empty() {
            text.push_str(
                "No call of this result has failed so far, so there is nothing to explain.\n",
            );
        }
        for (at, (reason, runs)) in reasons.iter().enumerate() {
            let few: Vec<String> = runs.iter().take(3).map(i64::to_string).collect();
            let _ = writeln!(
                text,
                "{}. {reason} {} calls, for example {}.",
                at + 1,
                runs.len(),
                few.join(", ")
            );
        }
        let mut pieces = Vec::new();
        let mut piece = String::new();
        for word in text.split_inclusive([' ', '\n']) {
            piece.push_str(word);
            if piece.len() > 24 {
                pieces.push(std::mem::take(&mut piece));
            }
        }
        pieces.push(piece);
        pieces
    }
}

fn step_title(reason: &str) -> String {
    let matter = reason
        .trim_start_matches("Not met: ")
        .trim_start_matches("The agent ")
        .trim_end_matches('.');
    format!("Look at: {matter}").chars().take(80).collect()
}
