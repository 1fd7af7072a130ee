//! Workspaces, their connection and key, what changed, what went wrong, what can be set.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ResultsPage;

/// Which kind of server a workspace talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum WorkspaceKind {
    /// The practice studio on this computer.
    Practice,
    /// A Cekura server, or one that speaks its API.
    Cekura,
}

/// One account, or the practice studio.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct WorkspaceView {
    /// Local id.
    #[ts(type = "number")]
    pub id: i64,
    /// Practice or real.
    pub kind: WorkspaceKind,
    /// The name people see in the rail.
    pub label: String,
    /// Scheme, host and port of the server; `"practice"` for the practice studio, whose port changes.
    pub origin: String,
}

/// What the page needs to know before it can choose a screen.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct AppState {
    /// All workspaces, the last used first.
    pub workspaces: Vec<WorkspaceView>,
    /// The one that is open.
    pub current: Option<WorkspaceView>,
    /// Version of the program.
    pub version: String,
    /// Where the ledger lives.
    pub data_dir: String,
    /// Things that happened at start and that a person must hear of.
    pub notices: Vec<Notice>,
}

/// Something that happened without anybody asking, told once.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Notice {
    /// Stable code; the sentence is the page's.
    pub code: crate::Code,
    /// For instance the folder a damaged file was moved to.
    pub detail: Option<String>,
}

/// How the connection to the current workspace's server is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ConnectionView {
    /// `connecting, online, offline, throttled, key_rejected, key_missing, trouble`.
    pub state: ConnectionState,
    /// Why, when it is not online.
    pub code: Option<crate::Code>,
    /// Technical detail for the curious.
    pub detail: Option<String>,
    /// When the next attempt is due (RFC 3339), where one is planned.
    pub next_try_at: Option<String>,
    /// What the key may see of the account's balance; absent for keys that may not.
    pub credits: Option<f64>,
    /// What the key may do, as far as known: false after a refused launch for lack of rights.
    pub may_launch: Option<bool>,
    /// How many results are being followed.
    pub live: u32,
}

/// See [`ConnectionView::state`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum ConnectionState {
    /// First contact is being made.
    Connecting,
    /// The last exchange worked.
    Online,
    /// The server cannot be reached; tried again by itself.
    Offline,
    /// The server asked for patience.
    Throttled,
    /// The server does not accept the key.
    KeyRejected,
    /// The key could not be had from the key store.
    KeyMissing,
    /// The server answers, but not with sense.
    Trouble,
}

/// Where the key of the current workspace is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct KeyView {
    /// `none, saved, session_only, locked, store_missing, store_failed, unreadable, slow, rejected,
    /// practice`.
    pub state: KeyStateView,
    /// The last four characters, where a key is held.
    pub last4: Option<String>,
    /// The only origin it is sent to.
    pub origin: String,
}

/// See [`KeyView::state`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum KeyStateView {
    /// No key is kept.
    None,
    /// In the system's key store.
    Saved,
    /// In memory until Linecheck closes.
    SessionOnly,
    /// The key store is locked.
    Locked,
    /// The system has no key store.
    StoreMissing,
    /// The key store failed; what it holds is not known.
    StoreFailed,
    /// The key store gave something unusable.
    Unreadable,
    /// The key store does not answer.
    Slow,
    /// Kept, but the server does not accept it.
    Rejected,
    /// The practice studio needs none.
    Practice,
}

/// What to connect to.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ConnectRequest {
    /// Server address, empty for Cekura's own.
    pub server: String,
    /// Keep the key in memory only, after the key store refused.
    pub session_only: bool,
}

/// What the API said about one field.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct FieldProblem {
    /// Our name of the field (`evaluators, agent, times, callers, profiles, name, at_once, mocks`), or empty.
    pub field: String,
    /// The API's words.
    pub message: String,
}

/// What the page shows first: it stands in the page, so that nothing has to be asked.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct FirstScreen {
    /// Decides which screen there is.
    pub state: AppState,
    /// The first page of results of the workspace that is open, if one is.
    pub results: Option<ResultsPage>,
}

/// What is under way when somebody wants to close the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum Closing {
    /// Calls, which go on without the window.
    Calls,
    /// A launch whose answer is not here yet; the window closes by itself when it is.
    Launch,
}

/// What changed: the page reads again what it shows of it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct FeedNotice {
    /// Grows by one with each notice.
    #[ts(type = "number")]
    pub seq: u64,
    /// Topic to ids; an empty list means all of that topic.
    #[ts(type = "Partial<Record<FeedTopic, Array<number>>>")]
    pub changes: BTreeMap<FeedTopic, Vec<i64>>,
    /// Somebody wants to close the window, and this is under way: the page tells and asks them.
    pub closing: Option<Closing>,
    /// The address of the screen to open: a notification was pressed.
    pub go: Option<String>,
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are the meaning")]
pub enum FeedTopic {
    Workspaces,
    Connection,
    Settings,
    Drafts,
    Launches,
    Catalogue,
    Results,
    /// Ids are those of the results whose calls changed.
    Calls,
    Plans,
    /// Ids are those of the calls whose note or human verdict changed.
    Notes,
}

/// What a person can set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(rename_all = "camelCase")]
pub struct Settings {
    /// Ask once more above this many calls. 1 to 10,000.
    pub confirm_above: u32,
    /// Ask once more above this many credits; 0 for never.
    pub confirm_credits: u32,
    /// Place at most this many calls in 24 hours; 0 for no limit.
    pub day_calls: u32,
    /// Spend at most this many credits in 24 hours, by the upper end of the estimates; 0 for no limit.
    pub day_credits: u32,
    /// Tell through the system's notifications when a result ends, stalls or needs a person.
    pub notify: bool,
}

impl Default for Settings {
    fn default() -> Self {
        // The first release's promise: more than 50 calls ask once more.
        Self { confirm_above: 50, confirm_credits: 0, day_calls: 0, day_credits: 0, notify: true }
    }
}

/// What is kept on this computer.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct UsageView {
    /// The folder.
    pub folder: String,
    /// Bytes of the journal.
    #[ts(type = "number")]
    pub journal_bytes: u64,
    /// Bytes of the archive.
    #[ts(type = "number")]
    pub archive_bytes: u64,
    /// Bytes of damaged files that were set aside.
    #[ts(type = "number")]
    pub set_aside_bytes: u64,
    /// Bytes of everything else in the folder: the practice studio's record, the log, the window.
    #[ts(type = "number")]
    pub other_bytes: u64,
    /// Results kept.
    pub results: u32,
    /// Calls kept.
    pub calls: u32,
}

/// An error as the page gets it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ErrorView {
    /// Stable code; the sentence is the page's.
    pub code: crate::Code,
    /// Technical detail for *Details*; never the key, never a body longer than a few lines.
    pub detail: Option<String>,
    /// Sentences of the API, each with the field it is about.
    pub problems: Vec<FieldProblem>,
    /// A number for the sentence: seconds to wait, calls to confirm.
    pub number: Option<f64>,
}
