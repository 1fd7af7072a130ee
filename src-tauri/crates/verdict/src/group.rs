//! Repetitions side by side, the worst first.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::causes::rank;
use crate::{Cause, Counts, Outcome, Reason, Usual, causes, usual_length};

/// What makes calls repetitions of each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct GroupKey {
    /// The evaluator; absent when it was deleted.
    pub evaluator: Option<i64>,
    /// The caller.
    pub caller: Option<i64>,
    /// The test profile.
    pub profile: Option<i64>,
}

/// A call as grouping sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The API's id; ids grow in the order of placing.
    pub id: i64,
    /// What it is a repetition of.
    pub key: GroupKey,
    /// The evaluator's name. Tells calls of deleted evaluators apart; may be empty.
    pub evaluator_name: Arc<str>,
    /// What it means.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// Its length in seconds.
    pub seconds: Option<f64>,
}

/// The calls of one evaluator, caller and profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// What they have in common.
    pub key: GroupKey,
    /// The evaluator's name, as its newest call has it.
    pub name: String,
    /// Their ids in the order of placing.
    pub calls: Vec<i64>,
    /// Their outcomes in the same order.
    pub outcomes: Vec<Outcome>,
    /// Their counts.
    pub counts: Counts,
    /// Judged calls disagree.
    pub flaky: bool,
    /// Their usual length.
    pub usual: Option<Usual>,
    /// What went wrong most often.
    pub reason: Option<Reason>,
}

/// All calls of one evaluator.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluator {
    /// The evaluator; absent when it was deleted.
    pub evaluator: Option<i64>,
    /// Its name, as its newest call has it.
    pub name: String,
    /// Its calls in the order of placing.
    pub calls: Vec<i64>,
    /// Their counts.
    pub counts: Counts,
    /// Some group of it is flaky.
    pub flaky: bool,
    /// Their usual length.
    pub usual: Option<Usual>,
    /// What went wrong most often.
    pub reason: Option<Reason>,
}

/// Whether judged calls disagree: at least one passed and at least one the agent failed.
pub fn flaky(outcomes: &[Outcome]) -> bool {
    outcomes.contains(&Outcome::Passed) && outcomes.contains(&Outcome::AgentFailed)
}

/// Groups by evaluator, caller and profile, the worst first. Every call is in exactly one group.
///
/// *Worse* is: the larger part of the judged calls failed, then the more failed calls, then the
/// more calls that never connected, need a look, were stopped, are in progress; then by name and
/// key, so that the order never depends on the order of arrival.
pub fn group<C: Borrow<Call>>(calls: &[C]) -> Vec<Group> {
    let causes = causes(calls);
    let behind = Behind::of(&causes);
    let mut by_key: BTreeMap<(&GroupKey, &str), Vec<&Call>> = BTreeMap::new();
    for call in calls.iter().map(Borrow::borrow) {
        by_key.entry((&call.key, own_name(call))).or_default().push(call);
    }
    let mut groups: Vec<Group> = by_key
        .into_iter()
        .map(|((key, _), members)| {
            let seen = Seen::of(members, &behind);
            Group {
                key: key.clone(),
                flaky: flaky(&seen.outcomes),
                name: seen.name,
                calls: seen.calls,
                outcomes: seen.outcomes,
                counts: seen.counts,
                usual: seen.usual,
                reason: seen.reason,
            }
        })
        .collect();
    groups.sort_by(|a, b| {
        worse_first(&a.counts, &b.counts)
            .then_with(|| a.name.cmp(&b.name))
            .then_with(|| a.key.cmp(&b.key))
    });
    groups
}

/// Groups by evaluator, the worst first, as [`group`] orders. An evaluator is flaky when one of its
/// groups is: two callers that fare differently are a difference, not a doubt.
pub fn evaluators<C: Borrow<Call>>(calls: &[C]) -> Vec<Evaluator> {
    evaluators_of(calls, &causes(calls))
}

/// The same where the causes of these calls are known.
pub(crate) fn evaluators_of<C: Borrow<Call>>(calls: &[C], causes: &[Cause]) -> Vec<Evaluator> {
    let behind = Behind::of(causes);
    let mut by_evaluator: BTreeMap<(Option<i64>, &str), Vec<&Call>> = BTreeMap::new();
    for call in calls.iter().map(Borrow::borrow) {
        by_evaluator.entry((call.key.evaluator, own_name(call))).or_default().push(call);
    }
    let mut all: Vec<Evaluator> = by_evaluator
        .into_iter()
        .map(|((evaluator, _), members)| {
            let mut by_key: BTreeMap<&GroupKey, Vec<Outcome>> = BTreeMap::new();
            for call in &members {
                by_key.entry(&call.key).or_default().push(call.outcome);
            }
            let seen = Seen::of(members, &behind);
            Evaluator {
                evaluator,
                flaky: by_key.values().any(|outcomes| flaky(outcomes)),
                name: seen.name,
                calls: seen.calls,
                counts: seen.counts,
                usual: seen.usual,
                reason: seen.reason,
            }
        })
        .collect();
    all.sort_by(|a, b| {
        worse_first(&a.counts, &b.counts)
            .then_with(|| a.name.cmp(&b.name))
            .then_with(|| a.evaluator.cmp(&b.evaluator))
    });
    all
}

/// The name where it is all there is to tell evaluators apart. A known evaluator may be renamed
/// between two calls and stays the same.
pub(crate) fn own_name(call: &Call) -> &str {
    if call.key.evaluator.is_some() { "" } else { call.evaluator_name.trim() }
}

struct Seen {
    name: String,
    calls: Vec<i64>,
    outcomes: Vec<Outcome>,
    counts: Counts,
    usual: Option<Usual>,
    reason: Option<Reason>,
}

/// The cause behind each call that went wrong.
struct Behind<'a>(HashMap<i64, &'a Cause>);

impl<'a> Behind<'a> {
    fn of(causes: &'a [Cause]) -> Self {
        let each = causes.iter().flat_map(|cause| cause.calls.iter().map(move |id| (*id, cause)));
        Self(each.collect())
    }

    /// What went wrong most often among some calls in the order of placing, as the first of them
    /// has it: of equals the one that [`causes`] would put first.
    fn most_often(&self, calls: &[&Call]) -> Option<Reason> {
        let mut found: HashMap<*const Cause, (&Cause, &Reason, usize)> = HashMap::new();
        for call in calls {
            let Some(cause) = self.0.get(&call.id) else { continue };
            found.entry(*cause).or_insert((*cause, &call.reason, 0)).2 += 1;
        }
        found
            .into_values()
            .min_by(|(a, _, times_a), (b, _, times_b)| {
                rank(a.outcome)
                    .cmp(&rank(b.outcome))
                    .then_with(|| times_b.cmp(times_a))
                    .then_with(|| a.key.cmp(&b.key))
            })
            .map(|(_, reason, _)| reason.clone())
    }
}

impl Seen {
    fn of(mut members: Vec<&Call>, behind: &Behind<'_>) -> Self {
        members.sort_by_key(|call| call.id);
        let outcomes: Vec<Outcome> = members.iter().map(|call| call.outcome).collect();
        let seconds: Vec<f64> = members.iter().filter_map(|call| call.seconds).collect();
        Self {
            name: members
                .iter()
                .rev()
                .map(|call| call.evaluator_name.trim())
                .find(|name| !name.is_empty())
                .unwrap_or_default()
                .to_owned(),
            calls: members.iter().map(|call| call.id).collect(),
            counts: outcomes.iter().copied().collect(),
            outcomes,
            usual: usual_length(&seconds),
            reason: behind.most_often(&members),
        }
    }
}

fn worse_first(a: &Counts, b: &Counts) -> Ordering {
    let key = |counts: &Counts| {
        [
            counts.agent_failed,
            counts.never_connected,
            counts.needs_a_look,
            counts.stopped,
            counts.in_progress,
        ]
    };
    // a / b against c / d without a division: a * d against c * b.
    let left = u64::from(a.agent_failed) * u64::from(b.judged().max(1));
    let right = u64::from(b.agent_failed) * u64::from(a.judged().max(1));
    right.cmp(&left).then_with(|| key(b).cmp(&key(a)))
}
