//! Repetitions side by side.

use crate::{Counts, Outcome, Usual, Why};

/// What makes calls repetitions of each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct GroupKey {
    /// The evaluator; absent when it was deleted.
    pub evaluator: Option<i64>,
    /// Its name. Tells calls of deleted evaluators apart.
    pub evaluator_name: String,
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
    /// What it means.
    pub outcome: Outcome,
    /// Why.
    pub why: Why,
    /// Its length in seconds.
    pub seconds: Option<f64>,
}

/// The calls of one evaluator, caller and profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// What they have in common.
    pub key: GroupKey,
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
    pub why: Option<Why>,
}

/// All calls of one evaluator.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluator {
    /// The evaluator; absent when it was deleted.
    pub evaluator: Option<i64>,
    /// Its name.
    pub name: String,
    /// Its groups, the worst first.
    pub groups: Vec<Group>,
    /// Its calls in the order of placing.
    pub calls: Vec<i64>,
    /// Their counts.
    pub counts: Counts,
    /// Some group of it is flaky.
    pub flaky: bool,
    /// Their usual length.
    pub usual: Option<Usual>,
    /// What went wrong most often.
    pub why: Option<Why>,
}

/// Whether judged calls disagree: at least one passed and at least one the agent failed.
pub fn flaky(outcomes: &[Outcome]) -> bool {
    outcomes.contains(&Outcome::Passed) && outcomes.contains(&Outcome::AgentFailed)
}

/// Groups by evaluator, caller and profile, the worst first.
pub fn group(calls: &[Call]) -> Vec<Group> {
    let _ = calls;
    Vec::new()
}

/// Groups by evaluator, the worst first.
pub fn evaluators(calls: &[Call]) -> Vec<Evaluator> {
    let _ = calls;
    Vec::new()
}
