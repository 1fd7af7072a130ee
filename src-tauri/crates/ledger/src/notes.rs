//! What people say of calls: notes and verdicts. In the journal, so that fetching a call again, or
//! losing the archive, takes nothing away.

use std::collections::BTreeMap;

/// A person's verdict on a call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HumanVerdict {
    /// The call as a whole: passed, failed, or not said.
    pub review: Option<bool>,
    /// By metric id, or `"expected_outcome"`: whether the person agrees with the judgement.
    pub votes: BTreeMap<String, bool>,
    /// The server has it as well.
    pub sent: bool,
}
