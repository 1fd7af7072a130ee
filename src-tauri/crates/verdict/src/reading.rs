//! A call's outcome.

use crate::{CallFacts, Outcome, Why};

/// What a call means.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// One of six.
    pub outcome: Outcome,
    /// Why.
    pub why: Why,
    /// A person has said so.
    pub reviewed: bool,
}

/// What a call means.
pub fn read(facts: &CallFacts) -> Reading {
    let _ = facts;
    Reading { outcome: Outcome::InProgress, why: Why::Working { status: None }, reviewed: false }
}

/// Every check that says what the agent did wrong, the deciding ones first.
pub fn failed_checks(facts: &CallFacts) -> Vec<Why> {
    let _ = facts;
    Vec::new()
}
