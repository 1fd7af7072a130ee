//! Calls that went wrong, identical reasons together.

use std::collections::{BTreeMap, BTreeSet};

use crate::group::own_name;
use crate::{Call, Outcome, Reason, Side};

/// A reason that some calls share.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    /// Stays the same while the result is read again: the code, the side and the normalised text.
    pub key: String,
    /// The outcome it led to.
    pub outcome: Outcome,
    /// The reason as the first of the calls has it.
    pub reason: Reason,
    /// The calls, in the order of placing.
    pub calls: Vec<i64>,
    /// How many evaluators they belong to.
    pub evaluators: u32,
}

/// Groups the calls that went wrong (agent failed, never connected, needs a look) by identical
/// normalised reason: what the agent failed first, then what never connected, then what needs a
/// look; within each the most frequent first. Never-connected calls are told apart by side.
///
/// Normalised is: without case, without times such as `(01:12)`, without ticks and crosses, without
/// what only separates words. A metric or a rule stands for itself whatever the judge wrote about
/// it: the text up to the first colon and blank.
pub fn causes(calls: &[Call]) -> Vec<Cause> {
    let mut sorted: Vec<&Call> = calls.iter().collect();
    sorted.sort_by_key(|call| call.id);
    let mut by_key: BTreeMap<(u8, String), (Cause, Evaluators<'_>)> = BTreeMap::new();
    for call in sorted {
        let Some(rank) = rank(call.outcome) else { continue };
        let key = key(&call.reason);
        let (cause, evaluators) = by_key.entry((rank, key.clone())).or_insert_with(|| {
            let cause = Cause {
                key,
                outcome: call.outcome,
                reason: call.reason.clone(),
                calls: Vec::new(),
                evaluators: 0,
            };
            (cause, BTreeSet::new())
        });
        cause.calls.push(call.id);
        evaluators.insert((call.key.evaluator, own_name(call)));
    }
    let mut all: Vec<(u8, Cause)> = by_key
        .into_iter()
        .map(|((rank, _), (mut cause, evaluators))| {
            cause.evaluators = u32::try_from(evaluators.len()).unwrap_or(u32::MAX);
            (rank, cause)
        })
        .collect();
    all.sort_by(|(rank_a, a), (rank_b, b)| {
        rank_a
            .cmp(rank_b)
            .then_with(|| b.calls.len().cmp(&a.calls.len()))
            .then_with(|| a.key.cmp(&b.key))
    });
    all.into_iter().map(|(_, cause)| cause).collect()
}

/// The evaluators of a cause, told apart as [`crate::evaluators`] does.
type Evaluators<'a> = BTreeSet<(Option<i64>, &'a str)>;

const fn rank(outcome: Outcome) -> Option<u8> {
    match outcome {
        Outcome::AgentFailed => Some(0),
        Outcome::NeverConnected => Some(1),
        Outcome::NeedsALook => Some(2),
        Outcome::Passed | Outcome::Stopped | Outcome::InProgress => None,
    }
}

fn key(reason: &Reason) -> String {
    let side = match reason.side {
        Some(Side::Agent) => "agent",
        Some(Side::Tester) => "tester",
        Some(Side::Network) => "network",
        Some(Side::Limit) => "limit",
        Some(Side::Unknown) => "unknown",
        None => "",
    };
    let text = reason.text.as_deref().unwrap_or_default();
    let text = match reason.code.as_str() {
        "metric_failed" | "rubric_failed" => text.split(": ").next().unwrap_or(text),
        _ => text,
    };
    format!("{}|{side}|{}", reason.code, normalised(text))
}

/// Words only: no case, no times in brackets, no signs. A time is digits and one colon.
fn normalised(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some(open) = rest.find('(') {
        let (before, bracket) = rest.split_at(open);
        kept.push_str(before);
        let inside = bracket[1..].split(')').next().unwrap_or_default();
        if bracket.contains(')') && is_time(inside) {
            kept.push(' ');
            rest = &bracket[inside.len() + 2..];
        } else {
            kept.push(' ');
            rest = &bracket[1..];
        }
    }
    kept.push_str(rest);
    kept.split(|char: char| !char.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join(" ")
}

fn is_time(text: &str) -> bool {
    text.contains(':') && text.chars().all(|char| char.is_ascii_digit() || ":- –".contains(char))
}

#[cfg(test)]
mod tests {
    use super::normalised;

    #[test]
    fn the_same_reason_at_another_second_is_the_same() {
        let one = normalised("❌ The address was not read back (01:12).");
        assert_eq!(one, "the address was not read back");
        assert_eq!(one, normalised("the address  was not read back (2:03 - 2:10)"));
        assert_ne!(one, normalised("The address was not read back (twice)"));
        assert_eq!(normalised("(12:00"), "12 00");
        assert_eq!(normalised("()("), "");
    }
}
