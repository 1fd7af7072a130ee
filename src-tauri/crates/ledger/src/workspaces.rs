//! Workspaces: which servers there are. Never their keys; there is no column for one.

use jiff::Timestamp;

/// Which kind of server a workspace talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkspaceKind {
    /// The practice studio on this computer.
    Practice,
    /// A Cekura server, or one that speaks its API.
    Cekura,
}

/// One account, or the practice studio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Local id, never used again for another origin.
    pub id: i64,
    /// Practice or real.
    pub kind: WorkspaceKind,
    /// Scheme, host and port of the server, or the practice studio's fixed name. Unique.
    pub origin: String,
    /// The name people see.
    pub label: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last opened.
    pub used_at: Timestamp,
}

/// A workspace to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWorkspace {
    /// Practice or real.
    pub kind: WorkspaceKind,
    /// See [`Workspace::origin`].
    pub origin: String,
    /// The name people see, unless they have given another one.
    pub label: String,
}
