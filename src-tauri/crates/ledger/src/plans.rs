//! Saved plans.

use jiff::Timestamp;
use serde_json::Value;

/// A saved plan.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedPlan {
    /// The id it was made with.
    pub id: String,
    /// Its workspace.
    pub workspace: i64,
    /// Its name, unique in the workspace without regard to case.
    pub name: String,
    /// What it holds.
    pub body: Value,
    /// When it was first saved.
    pub created_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
}
