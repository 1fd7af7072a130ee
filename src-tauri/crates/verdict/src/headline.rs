//! The ingredients of the one sentence on top of a result.

use std::borrow::Borrow;

use crate::group::evaluators_of;
use crate::{Call, Cause, Counts, Evaluator, Outcome, causes};

/// What a result as a whole comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fitness {
    /// Nothing failed, and enough was judged to say so.
    Fit,
    /// The agent failed at least one call.
    NotFit,
    /// Nothing failed, but too little was judged.
    TooLittle,
    /// Calls are under way or still to come, and nothing has failed so far.
    Running,
}

/// What a headline is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResultFacts<'a, C = Call> {
    /// The calls that are known.
    pub calls: &'a [C],
    /// How many calls were meant to be placed, where that is known; those that are known otherwise.
    pub expected_calls: Option<u32>,
    /// No more calls will come, whatever was expected. Those that never came were not judged.
    pub finished: bool,
}

/// The ingredients.
#[derive(Debug, Clone, PartialEq)]
pub struct Headline {
    /// What the result comes to.
    pub fitness: Fitness,
    /// Evaluators with at least one call the agent failed.
    pub failing: u32,
    /// All evaluators.
    pub evaluators: u32,
    /// Evaluators with at least one judged call.
    pub judged_evaluators: u32,
    /// Names of the evaluators whose every judged call failed, in alphabetical order. That may have
    /// been a single call.
    pub always: Vec<String>,
    /// Evaluators whose judged calls disagree.
    pub flaky: u32,
    /// Names of the evaluators without a judged call, in alphabetical order.
    pub unjudged: Vec<String>,
    /// The reason that most of the agent's failures share, where more than half of them do. Its
    /// text is what they share: of a metric or a rule the name alone, because what the judge wrote
    /// about it is another text in every call.
    pub cause: Option<Cause>,
    /// Every call the agent failed has that one reason.
    pub one_cause: bool,
    /// All counts.
    pub counts: Counts,
    /// All calls that were meant to be placed: those that are known, or more where more were
    /// expected.
    pub calls: u32,
    /// Judged calls.
    pub judged: u32,
    /// Judged calls that passed.
    pub passed: u32,
}

/// A result as people read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Its evaluators, as [`crate::evaluators`] gives them.
    pub evaluators: Vec<Evaluator>,
    /// What went wrong, as [`causes`] gives it.
    pub causes: Vec<Cause>,
    /// What it comes to, as [`headline`] says.
    pub headline: Headline,
}

/// All that is to be said of a result, each step on top of the one before.
pub fn judge<C: Borrow<Call>>(facts: &ResultFacts<'_, C>) -> Judged {
    let causes = causes(facts.calls);
    let evaluators = evaluators_of(facts.calls, &causes);
    let headline = headline_of(facts, &evaluators, &causes);
    Judged { evaluators, causes, headline }
}

/// What a result as a whole comes to. The first that holds:
/// * *not fit*: the agent failed a call. A line that fails once in five fails callers, so a flaky
///   evaluator is enough; what has failed is not undone by what is still to come;
/// * *running*: a call is in progress or has not come yet;
/// * *fit*: every evaluator has a judged call, and at least four in five of the calls that were
///   meant to be placed were judged. Every call counts: one that was stopped, that never connected
///   or that never came says nothing for the agent, whoever's doing it was. Four in five, because
///   at half an agent that fails the other half would be called fit; and not all, because a lost
///   connection or two in a large result should not keep it from being called what it is;
/// * *too little*: otherwise.
///
/// An evaluator fails *always* when at least one of its calls was judged and every judged one
/// failed; it is *flaky* as [`crate::evaluators`] says, or when it passes for one caller or profile
/// and fails for another.
pub fn headline<C: Borrow<Call>>(facts: &ResultFacts<'_, C>) -> Headline {
    judge(facts).headline
}

fn headline_of<C: Borrow<Call>>(
    facts: &ResultFacts<'_, C>,
    rows: &[Evaluator],
    causes: &[Cause],
) -> Headline {
    let counts: Counts = facts.calls.iter().map(|call| call.borrow().outcome).collect();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let named = |wanted: &dyn Fn(&Counts) -> bool| {
        let mut names: Vec<String> =
            rows.iter().filter(|row| wanted(&row.counts)).map(|row| row.name.clone()).collect();
        names.sort();
        names
    };
    let unjudged = named(&|counts| counts.judged() == 0);
    let always = named(&|counts| counts.agent_failed > 0 && counts.passed == 0);

    // What the agent failed comes first among the causes, and of that the most frequent.
    let failed = counts.agent_failed as usize;
    let first = causes.first().filter(|cause| cause.outcome == Outcome::AgentFailed);
    let cause = first.cloned().map(|mut cause| {
        if let Some(name) = &cause.reason.name {
            cause.reason.text = Some(name.clone());
        }
        cause
    });
    let shared = cause.as_ref().map_or(0, |cause| cause.calls.len());

    let to_come = facts.expected_calls.is_some_and(|expected| expected > counts.total());
    let meant = facts.expected_calls.unwrap_or(0).max(counts.total());
    let enough = !rows.is_empty()
        && unjudged.is_empty()
        && u64::from(counts.judged()) * 5 >= u64::from(meant) * 4;
    let fitness = if counts.agent_failed > 0 {
        Fitness::NotFit
    } else if counts.in_progress > 0 || (!facts.finished && (to_come || rows.is_empty())) {
        Fitness::Running
    } else if enough {
        Fitness::Fit
    } else {
        Fitness::TooLittle
    };
    Headline {
        fitness,
        failing: number(rows.iter().filter(|row| row.counts.agent_failed > 0).count()),
        evaluators: number(rows.len()),
        judged_evaluators: number(rows.len() - unjudged.len()),
        flaky: number(
            rows.iter().filter(|row| row.counts.agent_failed > 0 && row.counts.passed > 0).count(),
        ),
        always,
        unjudged,
        one_cause: shared > 0 && shared == failed,
        cause: cause.filter(|_| shared * 2 > failed),
        calls: meant,
        judged: counts.judged(),
        passed: counts.passed,
        counts,
    }
}
