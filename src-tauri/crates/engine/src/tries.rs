//! What became of the evaluators of a result in the results that repeat a part of it. Pure.
//!
//! A repeat answers only for what it repeats: the calls of its part that went wrong, by evaluator,
//! caller and profile. A repeat of a repeat answers for what is left of the first.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

use verdict::{Call, GroupKey, Outcome};

use crate::view::RepeatPart;

/// A result that repeats a part of another one.
pub(crate) struct Try {
    /// Its id.
    pub(crate) result: i64,
    /// The result it repeats a part of: the first, or an earlier try.
    pub(crate) of: i64,
    /// That part.
    pub(crate) part: RepeatPart,
    /// Its calls.
    pub(crate) calls: Vec<Call>,
}

/// How a call went wrong. A part covers some of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Wrong {
    AtLimit,
    NeverConnected,
    AgentFailed,
}

impl Wrong {
    fn of(call: &Call) -> Option<Self> {
        match call.outcome {
            Outcome::AgentFailed => Some(Self::AgentFailed),
            Outcome::NeverConnected if call.reason.code == verdict::Barrier::AtLimit.code() => {
                Some(Self::AtLimit)
            }
            Outcome::NeverConnected => Some(Self::NeverConnected),
            _ => None,
        }
    }

    fn is_in(self, part: RepeatPart) -> bool {
        match part {
            RepeatPart::AtLimit => self == Self::AtLimit,
            RepeatPart::NeverConnected => self != Self::AgentFailed,
            RepeatPart::AgentFailed => self == Self::AgentFailed,
            RepeatPart::Chosen | RepeatPart::Everything => true,
        }
    }
}

type WrongAt = BTreeMap<GroupKey, BTreeSet<Wrong>>;

fn wrong_at<C: Borrow<Call>>(calls: &[C]) -> WrongAt {
    let mut all = WrongAt::new();
    for call in calls.iter().map(Borrow::borrow).filter(|call| call.key.evaluator.is_some()) {
        if let Some(wrong) = Wrong::of(call) {
            all.entry(call.key.clone()).or_default().insert(wrong);
        }
    }
    all
}

/// An evaluator that went wrong at first, and everything of it that did passes now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fixed {
    /// The evaluator.
    pub(crate) evaluator: i64,
    /// The result in which the last of it passed.
    pub(crate) result: i64,
    /// Which try of this evaluator that was; the first is the result itself.
    pub(crate) on_try: u32,
}

/// The evaluators of the first result that are fixed by its tries, the oldest try first.
pub(crate) fn fixed<C: Borrow<Call>>(first: i64, calls: &[C], tries: &[Try]) -> Vec<Fixed> {
    if tries.is_empty() {
        return Vec::new();
    }
    let mut open = wrong_at(calls);
    let at_first = open.clone();
    // What a result answers for, and where it went wrong itself.
    let mut answers: BTreeMap<i64, WrongAt> = BTreeMap::from([(first, at_first.clone())]);
    let mut wrong: BTreeMap<i64, WrongAt> = BTreeMap::from([(first, at_first)]);
    let mut counted: BTreeMap<i64, u32> = BTreeMap::new();
    let mut done: BTreeMap<i64, Fixed> = BTreeMap::new();
    for one in tries {
        let (Some(above), Some(wrong_above)) = (answers.get(&one.of), wrong.get(&one.of)) else {
            continue;
        };
        let mut by_key: BTreeMap<GroupKey, Vec<Outcome>> = BTreeMap::new();
        for call in &one.calls {
            by_key.entry(call.key.clone()).or_default().push(call.outcome);
        }
        let mut here = WrongAt::new();
        for key in by_key.keys() {
            let (Some(answered), Some(went_wrong)) = (above.get(key), wrong_above.get(key)) else {
                continue;
            };
            let repeated = |wrong: &Wrong| wrong.is_in(one.part);
            let covered: BTreeSet<Wrong> = if one.of == first {
                answered.iter().copied().filter(repeated).collect()
            } else if went_wrong.iter().any(repeated) {
                answered.clone()
            } else {
                BTreeSet::new()
            };
            if !covered.is_empty() {
                here.insert(key.clone(), covered);
            }
        }
        let mut touched = BTreeSet::new();
        for (key, covered) in &here {
            let outcomes = &by_key[key];
            if outcomes.contains(&Outcome::InProgress) {
                continue;
            }
            touched.extend(key.evaluator);
            if outcomes.iter().all(|outcome| *outcome == Outcome::Passed) {
                if let Some(left) = open.get_mut(key) {
                    left.retain(|wrong| !covered.contains(wrong));
                }
            } else if outcomes
                .iter()
                .any(|outcome| matches!(outcome, Outcome::AgentFailed | Outcome::NeverConnected))
            {
                open.entry(key.clone()).or_default().extend(covered);
            }
        }
        for evaluator in touched {
            let on_try = counted.entry(evaluator).or_insert(1);
            *on_try = on_try.saturating_add(1);
            let all_pass = open
                .iter()
                .filter(|(key, _)| key.evaluator == Some(evaluator))
                .all(|(_, left)| left.is_empty());
            if all_pass {
                done.entry(evaluator).or_insert(Fixed {
                    evaluator,
                    result: one.result,
                    on_try: *on_try,
                });
            } else {
                done.remove(&evaluator);
            }
        }
        answers.insert(one.result, here);
        wrong.insert(one.result, wrong_at(&one.calls));
    }
    done.into_values().collect()
}

#[cfg(test)]
mod tests {
    use verdict::{Barrier, Call, GroupKey, Outcome, Reason};

    use super::{Fixed, Try, fixed};
    use crate::view::RepeatPart;

    const P: Outcome = Outcome::Passed;
    const F: Outcome = Outcome::AgentFailed;
    const N: Outcome = Outcome::NeverConnected;
    const W: Outcome = Outcome::InProgress;
    const L: Outcome = Outcome::NeedsALook;

    fn calls(of: &[(i64, i64, Outcome)]) -> Vec<Call> {
        of.iter()
            .zip(1..)
            .map(|((evaluator, caller, outcome), id)| Call {
                id,
                key: GroupKey { evaluator: Some(*evaluator), caller: Some(*caller), profile: None },
                evaluator_name: "".into(),
                outcome: *outcome,
                reason: Reason::default(),
                seconds: None,
            })
            .collect()
    }

    fn again(result: i64, of: i64, part: RepeatPart, made: &[(i64, i64, Outcome)]) -> Try {
        Try { result, of, part, calls: calls(made) }
    }

    /// Evaluator, the result that fixed it, and which try that was.
    fn told(first: &[(i64, i64, Outcome)], tries: &[Try]) -> Vec<(i64, i64, u32)> {
        fixed(1, &calls(first), tries)
            .into_iter()
            .map(|Fixed { evaluator, result, on_try }| (evaluator, result, on_try))
            .collect()
    }

    #[test]
    fn tries_are_counted_for_each_evaluator() {
        use RepeatPart::{AgentFailed, NeverConnected};
        let first = [(1, 1, N), (2, 1, F), (3, 1, P)];
        let tries = [
            again(10, 1, NeverConnected, &[(1, 1, P)]),
            again(11, 1, AgentFailed, &[(2, 1, F)]),
            again(12, 1, AgentFailed, &[(2, 1, P)]),
        ];
        assert_eq!(told(&first, &tries), [(1, 10, 2), (2, 12, 3)]);
        assert_eq!(told(&first, &tries[1..]), [(2, 12, 3)]);
    }

    #[test]
    fn what_is_fixed_once_is_not_fixed_again_by_a_later_try() {
        let pass = |result| again(result, 1, RepeatPart::Everything, &[(1, 1, P)]);
        assert_eq!(told(&[(1, 1, F)], &[pass(10), pass(11)]), [(1, 10, 2)]);
        // It failed in between: then the later one fixed it.
        let fail = again(11, 1, RepeatPart::Everything, &[(1, 1, F)]);
        assert_eq!(told(&[(1, 1, F)], &[pass(10), fail, pass(12)]), [(1, 12, 4)]);
    }

    #[test]
    fn a_repeat_answers_only_for_its_part() {
        use RepeatPart::{AgentFailed, AtLimit, NeverConnected};
        let first = [(1, 1, N), (1, 1, F)];
        let lost = || again(10, 1, NeverConnected, &[(1, 1, P)]);
        assert_eq!(told(&first, &[lost()]), [], "its failure stands");
        let failed = again(11, 1, AgentFailed, &[(1, 1, P)]);
        assert_eq!(told(&first, &[lost(), failed]), [(1, 11, 3)]);
        // With another caller, or none that went wrong, it says nothing.
        let other = again(10, 1, NeverConnected, &[(1, 2, P), (2, 1, P)]);
        assert_eq!(told(&first[..1], &[other]), []);
        // It never connected, and not for want of a place.
        let at_limit = again(10, 1, AtLimit, &[(1, 1, P)]);
        assert_eq!(told(&first[..1], &[at_limit]), []);
        let mut full = calls(&first[..1]);
        full[0].reason.code = Barrier::AtLimit.code().into();
        let at_limit = again(10, 1, AtLimit, &[(1, 1, P)]);
        assert_eq!(fixed(1, &full, &[at_limit]).len(), 1);
    }

    #[test]
    fn every_caller_that_went_wrong_has_to_pass() {
        let first = [(1, 1, F), (1, 2, F)];
        let half = || again(10, 1, RepeatPart::AgentFailed, &[(1, 1, P), (1, 2, F)]);
        assert_eq!(told(&first, &[half()]), []);
        let rest = again(11, 10, RepeatPart::AgentFailed, &[(1, 2, P)]);
        assert_eq!(told(&first, &[half(), rest]), [(1, 11, 3)], "a repeat of the repeat");
    }

    #[test]
    fn a_repeat_of_a_repeat_answers_for_what_is_left_however_it_went_wrong() {
        use RepeatPart::{AgentFailed, NeverConnected};
        let first = [(1, 1, F)];
        let lost = || again(10, 1, AgentFailed, &[(1, 1, N)]);
        let found = again(11, 10, NeverConnected, &[(1, 1, P)]);
        assert_eq!(told(&first, &[lost(), found]), [(1, 11, 3)]);
        // What passed in between is not what the next one is about.
        let passes = again(10, 1, AgentFailed, &[(1, 1, P)]);
        let fails = again(11, 10, RepeatPart::Everything, &[(1, 1, F)]);
        assert_eq!(told(&first, &[passes, fails]), [(1, 10, 2)]);
        // A try of a result that is not known.
        let strange = again(11, 99, AgentFailed, &[(1, 1, P)]);
        assert_eq!(told(&first, &[strange]), []);
    }

    #[test]
    fn what_goes_on_or_says_nothing_fixes_nothing() {
        let first = [(1, 1, F)];
        for outcomes in [&[(1, 1, W)][..], &[(1, 1, P), (1, 1, W)], &[(1, 1, L)], &[]] {
            let one = again(10, 1, RepeatPart::AgentFailed, outcomes);
            assert_eq!(told(&first, &[one]), [], "{outcomes:?}");
        }
    }
}
