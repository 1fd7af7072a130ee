//! Who hears that something changed.

/// What a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Workspaces were added, renamed, opened or erased.
    Workspaces,
    /// A setting changed.
    Settings,
    /// A draft changed.
    Drafts,
    /// A launch changed.
    Launches,
    /// The catalogue changed.
    Catalogue,
    /// Results changed; ids are theirs.
    Results,
    /// Calls changed; ids are those of their results.
    Calls,
    /// Saved plans changed.
    Plans,
    /// Notes or human verdicts changed; ids are those of the calls.
    Notes,
}

/// Something changed. Told after the commit, so that a reader finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is about.
    pub topic: Topic,
    /// What changed of it; empty means anything may have.
    pub ids: Vec<i64>,
}

/// Hears of changes, on the thread that made them. Must return soon and may read the ledger.
pub type Listener = Box<dyn Fn(Change) + Send + Sync>;
