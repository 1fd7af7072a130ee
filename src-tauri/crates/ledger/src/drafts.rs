//! Drafts: what is chosen and not yet placed. A draft is good for one launch.

use jiff::Timestamp;
use serde_json::Value;

/// A draft. What stands in its body is its owner's business.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The id it was made with.
    pub id: String,
    /// Its workspace.
    pub workspace: i64,
    /// What is chosen.
    pub body: Value,
    /// When the body last changed.
    pub changed_at: Timestamp,
    /// It has been launched.
    pub spent: bool,
}
