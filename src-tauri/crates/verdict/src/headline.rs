//! The one sentence's ingredients.

use crate::{Call, Cause, Counts};

/// What a result as a whole says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fitness {
    /// Nothing failed, and enough was judged to say so.
    Fit,
    /// The agent failed.
    NotFit,
    /// Nothing failed, but too little was judged.
    TooLittle,
    /// Calls are under way or still to come.
    Running,
}

/// What the headline is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResultFacts<'a> {
    /// The calls that are known.
    pub calls: &'a [Call],
    /// How many calls were placed, where that is known.
    pub expected_calls: Option<u32>,
    /// No more calls will come, whatever was expected.
    pub finished: bool,
}

/// One sentence's ingredients.
#[derive(Debug, Clone, PartialEq)]
pub struct Headline {
    /// What the result says.
    pub fitness: Fitness,
    /// Evaluators with at least one call the agent failed.
    pub failing: u32,
    /// All evaluators.
    pub evaluators: u32,
    /// Names of the evaluators whose every judged call failed, in alphabetical order.
    pub always: Vec<String>,
    /// Evaluators whose judged calls disagree.
    pub flaky: u32,
    /// Names of the evaluators without a judged call, in alphabetical order.
    pub unjudged: Vec<String>,
    /// The reason of most of the agent's failures.
    pub cause: Option<Cause>,
    /// Every call the agent failed has that one reason.
    pub one_cause: bool,
    /// All counts.
    pub counts: Counts,
    /// Judged calls.
    pub judged: u32,
    /// Passed calls.
    pub passed: u32,
}

/// What a result as a whole says.
pub fn headline(facts: &ResultFacts<'_>) -> Headline {
    let _ = facts;
    Headline {
        fitness: Fitness::Running,
        failing: 0,
        evaluators: 0,
        always: Vec::new(),
        flaky: 0,
        unjudged: Vec::new(),
        cause: None,
        one_cause: false,
        counts: Counts::default(),
        judged: 0,
        passed: 0,
    }
}
