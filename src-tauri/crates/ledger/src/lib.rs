//! The SQLite journal of launches and archive of results.
//!
//! Two files, because their worth differs. `journal.db` is small and precious: workspaces, drafts,
//! plans, launches, notes and people's verdicts; every commit is on the disk before it returns.
//! `archive.db` is large and can mostly be fetched again: the catalogue, results and calls as they
//! came. A damaged file is set aside whole, never deleted; the journal is restored from the newest
//! good backup, the archive refills from the server.
//!
//! One process owns a data folder at a time. Keys are not kept here: there is no column for one.

mod accounts;
mod backup;
mod calls;
mod catalogue;
mod change;
mod check;
mod columns;
mod counts;
mod drafts;
mod erase;
mod error;
mod history;
mod journal;
mod launch_history;
mod launches;
mod ledger;
mod lines;
mod migrations;
mod notes;
mod open;
mod places;
mod plans;
mod print;
mod recover;
mod reread;
mod results;
mod salvage;
mod secrets;
mod stops;
mod usage;
mod workspaces;

pub use accounts::Account;
pub use calls::{CallPut, CallRecord, CallRow, Detail};
pub use catalogue::{
    AgentRow, CallerRow, CatalogueHead, CatalogueSnapshot, EvaluatorRow, FolderRow, MetricRow,
    Named, ProfileRow,
};
pub use change::{Change, Listener, Topic};
pub use counts::OutcomeCounts;
pub use drafts::Draft;
pub use error::{LedgerError, Result};
pub use launches::{
    Decision, Launch, LaunchEnd, LaunchEvent, LaunchState, NewLaunch, Parent, Placed,
};
pub use ledger::{Ledger, LedgerConfig};
pub use lines::CallLine;
pub use notes::{HumanVerdict, Judged};
pub use places::Failpoint;
pub use plans::SavedPlan;
pub use recover::Recovery;
pub use reread::{CallAnew, CallMeaning};
pub use results::{ResultPage, ResultPut, ResultQuery, ResultRecord, ResultSummary};
pub use secrets::without_credentials;
pub use stops::Stop;
pub use usage::Usage;
pub use workspaces::{NewWorkspace, Workspace, WorkspaceKind};
