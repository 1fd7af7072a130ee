//! Calls that went wrong, identical reasons together.

use std::borrow::Borrow;
use std::collections::{BTreeSet, HashMap};

use crate::group::own_name;
use crate::line::{are_numbers, without_brackets};
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
/// Normalised is: without case, without brackets that hold only times and numbers such as `(01:12)`
/// and `(2 of 3)`, without ticks and crosses, without what only separates words. A metric or a rule
/// that has a name stands for itself whatever the judge wrote about it.
pub fn causes<C: Borrow<Call>>(calls: &[C]) -> Vec<Cause> {
    let mut sorted: Vec<&Call> = calls.iter().map(Borrow::borrow).collect();
    sorted.sort_by_key(|call| call.id);
    let mut by_key: HashMap<(u8, String), (Cause, Evaluators<'_>)> = HashMap::new();
    for call in sorted {
        let Some(rank) = rank(call.outcome) else { continue };
        let (cause, evaluators) =
            by_key.entry((rank, key(&call.reason))).or_insert_with_key(|(_, key)| {
                let cause = Cause {
                    key: key.clone(),
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

pub(crate) const fn rank(outcome: Outcome) -> Option<u8> {
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
    let text = reason.name.as_deref().or(reason.text.as_deref()).unwrap_or_default();
    format!("{}|{side}|{}", reason.code, normalised(text))
}

/// Words only: no case, no signs, no brackets that hold nothing but times and numbers. A text
/// without any word stands for itself.
fn normalised(text: &str) -> String {
    let bare = without_brackets(unnumbered(text), are_numbers);
    let mut words = String::with_capacity(bare.len());
    for word in bare.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !words.is_empty() {
            words.push(' ');
        }
        let from = words.len();
        if word.is_ascii() {
            words.push_str(word);
            words[from..].make_ascii_lowercase();
        } else {
            words.push_str(&word.to_lowercase());
        }
    }
    if words.is_empty() { text.trim().to_owned() } else { words }
}

/// A criterion without its number in the list of what was expected, which may be another number in
/// another evaluator: `2. Reads it back`, `2) Reads it back`.
fn unnumbered(text: &str) -> &str {
    let text = text.trim();
    let rest = text.trim_start_matches(|char: char| char.is_ascii_digit());
    let numbered = rest.len() < text.len();
    rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") ")).filter(|_| numbered).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::normalised;

    #[test]
    fn the_same_reason_at_another_second_is_the_same() {
        let one = normalised("❌ The address was not read back (01:12).");
        assert_eq!(one, "the address was not read back");
        for same in [
            "the address  was not read back (2:03 - 2:10)",
            "The Address was not read back...",
            "The address was not read back (2 of 3) [00:40]…",
            "The address (at 01:12) was not read back (3).",
            "12. The address was not read back",
        ] {
            assert_eq!(one, normalised(same), "{same}");
        }
        for other in [
            "The address was not read back (twice)",
            "The address was not read back 2 times",
            "2 The address was not read back",
            "The address was read back",
        ] {
            assert_ne!(one, normalised(other), "{other}");
        }
        assert_eq!(normalised("(12:00"), "12 00");
        assert_eq!(normalised("()("), "()(");
        assert_ne!(normalised("🙁"), normalised("👍"), "signs alone are not all one reason");
    }
}
