//! The SQLite journal of launches and archive of results.

mod calls;
mod catalogue;
mod change;
mod drafts;
mod error;
mod launches;
mod ledger;
mod notes;
mod plans;
mod results;
mod stubs;
mod usage;
mod workspaces;

pub use calls::{CallPut, CallRecord, CallRow, Detail};
pub use catalogue::{
    AgentRow, CallerRow, CatalogueHead, CatalogueSnapshot, EvaluatorRow, FolderRow, MetricRow,
    Named, ProfileRow,
};
pub use change::{Change, Listener, Topic};
pub use drafts::Draft;
pub use error::{LedgerError, Result};
pub use launches::{
    Decision, Launch, LaunchEnd, LaunchEvent, LaunchState, NewLaunch, Parent, Placed,
};
pub use ledger::{Ledger, LedgerConfig};
pub use notes::HumanVerdict;
pub use plans::SavedPlan;
pub use results::{OutcomeCounts, ResultPage, ResultPut, ResultQuery, ResultRecord, ResultSummary};
pub use usage::Usage;
pub use workspaces::{NewWorkspace, Workspace, WorkspaceKind};
