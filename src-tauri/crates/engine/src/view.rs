//! What crosses to the page. Every type here is exported to `ui/src/host/types.d.ts`.
//!
//! Absent on purpose: the key, in any form but its last four characters; prose (the page owns the
//! words, see [`crate::Code`]); the API's own names.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    /// `none, saved, session_only, locked, store_missing, unreadable, slow, rejected, practice`.
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

/// The agents, callers and so on that a run can be made of.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CatalogueView {
    /// `loading` (nothing yet), `ready`, `refreshing` (something old is shown), `failed` (nothing to show).
    pub state: CatalogueState,
    /// Why the last refresh failed.
    pub error: Option<ErrorView>,
    /// When it was last read in full, RFC 3339.
    pub fetched_at: Option<String>,
    /// Agents, by name.
    pub agents: Vec<AgentView>,
    /// Callers, by name.
    pub callers: Vec<NamedView>,
    /// Test profiles, by name.
    pub profiles: Vec<NamedView>,
    /// Folders in use, by path.
    pub folders: Vec<FolderView>,
    /// Tags in use.
    pub tags: Vec<String>,
    /// Entries the server sent that could not be read.
    pub unreadable: u32,
}

/// See [`CatalogueView::state`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum CatalogueState {
    /// Being read for the first time.
    Loading,
    /// Read.
    Ready,
    /// Shown from the ledger while it is read again.
    Refreshing,
    /// Never read, and the attempt failed.
    Failed,
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct AgentView {
    /// The API's id.
    #[ts(type = "number")]
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The project it belongs to.
    pub project_name: Option<String>,
    /// Whether it has its Pipecat connection; absent when the answer does not say.
    pub pipecat_ready: Option<bool>,
    /// The agent's name on Pipecat Cloud.
    pub pipecat_agent_name: Option<String>,
    /// Names of the tools that can be mocked.
    pub mock_tools: Vec<String>,
    /// Callers that may be used in place of the evaluators' own; empty means not known.
    #[ts(type = "Array<number>")]
    pub enabled_callers: Vec<i64>,
}

/// An id with a name.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct NamedView {
    /// The API's id.
    #[ts(type = "number")]
    pub id: i64,
    /// The name.
    pub name: String,
    /// A line more, where there is one.
    pub description: Option<String>,
}

/// A folder of evaluators.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct FolderView {
    /// Last part of the path.
    pub name: String,
    /// The API's dot-separated path.
    pub path: String,
}

/// A row of the evaluator list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct EvaluatorView {
    /// The API's id.
    #[ts(type = "number")]
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Dot-separated folder path.
    pub folder: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The caller it uses by itself.
    pub caller_name: Option<String>,
    /// Language code.
    pub language: Option<String>,
    /// Whether a pass can mean more than "the call connected".
    pub has_expected_outcome: bool,
    /// The last five outcomes, oldest first.
    pub last: Vec<OutcomeView>,
    /// Usual length of its calls in seconds, learnt from finished calls.
    pub usual_seconds: Option<f64>,
    /// Judged calls of the last five disagree.
    pub flaky: bool,
}

/// One evaluator, opened.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct EvaluatorDetail {
    /// The row.
    pub row: EvaluatorView,
    /// What the caller is told to do.
    pub script: Option<String>,
    /// What the caller says first.
    pub first_message: Option<String>,
    /// What a good call ends in.
    pub expected_outcome: Option<String>,
    /// Names of the metrics that judge it.
    pub metrics: Vec<String>,
    /// Its own test profile.
    pub profile_name: Option<String>,
    /// Longest allowed call, seconds.
    pub max_seconds: Option<f64>,
    /// When it was last changed, RFC 3339.
    pub updated_at: Option<String>,
}

/// The outcome of a call, as words and glyphs know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are the meaning; verdict::Outcome explains each")]
pub enum OutcomeView {
    Passed,
    AgentFailed,
    NeverConnected,
    NeedsALook,
    Stopped,
    InProgress,
}

/// Which tools are answered by mocks instead of the real thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind", content = "names")]
#[ts(rename_all = "snake_case", tag = "kind", content = "names")]
pub enum ToolMocks {
    /// Every tool the agent has a mock for.
    All,
    /// None: the agent's tools really act.
    None,
    /// Only these.
    Chosen(Vec<String>),
}

/// What a person has chosen so far on *New run*. Everything has a default, so that an older or a
/// damaged draft opens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(rename_all = "camelCase")]
pub struct DraftBody {
    /// The agent under test.
    #[ts(type = "number | null")]
    pub agent: Option<i64>,
    /// The evaluators ticked.
    #[ts(type = "Array<number>")]
    pub evaluators: Vec<i64>,
    /// The name of the run; empty means the one Linecheck proposes.
    pub name: String,
    /// Times each, as typed: 1 to 100 is checked, not enforced, so that nothing typed is lost.
    pub times: String,
    /// Calls at once, as typed.
    pub at_once: String,
    /// Callers in place of the evaluators' own; empty means their own.
    #[ts(type = "Array<number>")]
    pub callers: Vec<i64>,
    /// Test profiles in place of the evaluators' own; empty means their own.
    #[ts(type = "Array<number>")]
    pub profiles: Vec<i64>,
    /// Tools to mock.
    pub mocks: ToolMocks,
    /// The search box.
    pub search: String,
}

impl Default for DraftBody {
    fn default() -> Self {
        Self {
            agent: None,
            evaluators: Vec::new(),
            name: String::new(),
            times: "1".to_owned(),
            // The design's default: gentle to an agent with a small allowance of parallel sessions.
            at_once: "3".to_owned(),
            callers: Vec::new(),
            profiles: Vec::new(),
            mocks: ToolMocks::All,
            search: String::new(),
        }
    }
}

/// A draft: what is chosen and not yet placed.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct DraftView {
    /// Minted by the backend, good for one launch.
    pub id: String,
    /// What is chosen.
    pub body: DraftBody,
    /// The name that is used when none is typed.
    pub proposed_name: String,
}

/// The sum and the checks of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct PlanView {
    /// Calls this makes at most.
    pub calls: u32,
    /// Factors of the sum.
    pub evaluators: u32,
    /// Times each.
    pub times: u32,
    /// Callers chosen in place of the evaluators' own, 0 for none.
    pub callers: u32,
    /// Profiles chosen in place of the evaluators' own, 0 for none.
    pub profiles: u32,
    /// What it takes; absent where there is nothing to place.
    pub estimate: Option<EstimateView>,
    /// What was checked, the worst first.
    pub checks: Vec<PlanCheck>,
    /// Whether *Place* may be pressed.
    pub may_place: bool,
    /// Asks once more above this many calls.
    pub confirm_above: u32,
}

/// How long and how much.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct EstimateView {
    /// Minutes on the clock, from.
    pub minutes_low: f64,
    /// Minutes on the clock, to.
    pub minutes_high: f64,
    /// Credits, from.
    pub credits_low: f64,
    /// Credits, to.
    pub credits_high: f64,
    /// No call of this workspace has finished yet: usual lengths are assumed.
    pub assumed: bool,
    /// The balance, where the key may see it.
    pub balance: Option<f64>,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum CheckLevel {
    /// Placing is not possible.
    Stop,
    /// Placing is possible, and somebody should know this first.
    Warn,
    /// In order.
    Good,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct PlanCheck {
    /// How it came out.
    pub level: CheckLevel,
    /// Stable code; the sentence is the page's.
    pub code: CheckCode,
    /// A number for the sentence.
    pub count: Option<u32>,
    /// Names for the sentence.
    pub names: Vec<String>,
}

/// What is checked before calls are placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum CheckCode {
    /// No agent is chosen.
    NoAgent,
    /// The chosen agent is not in the catalogue any more.
    AgentGone,
    /// The agent has its Pipecat connection.
    AgentReady,
    /// The agent has none.
    AgentNotSetUp,
    /// The answer does not say whether it has.
    AgentUnknown,
    /// No evaluator is ticked.
    NoEvaluators,
    /// Ticked evaluators that are not in the catalogue any more.
    EvaluatorsGone,
    /// Evaluators without an expected outcome.
    NoExpectedOutcome,
    /// *Times each* is not 1 to 100.
    TimesOutOfRange,
    /// *Calls at once* is not a whole number of 1 or more.
    AtOnceOutOfRange,
    /// The name is longer than the API takes.
    NameTooLong,
    /// Callers that are not enabled for this agent.
    CallersNotEnabled,
    /// Callers or profiles that are gone.
    OverridesGone,
    /// The agent's tools really act.
    ToolsReal,
    /// The agent's tools are mocked.
    ToolsMocked,
    /// The balance covers the estimate.
    BalanceEnough,
    /// The balance may not cover the estimate.
    BalanceLow,
    /// The server cannot be reached.
    Offline,
    /// The key may not launch.
    KeyMayNotLaunch,
    /// The same plan was placed moments ago.
    PlacedMomentsAgo,
    /// The answer to an earlier launch is still awaited.
    LaunchUnderWay,
}

/// A launch, as its card shows it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct LaunchView {
    /// Local id.
    pub id: String,
    /// `sending, launched, refused, not_sent, unknown`.
    pub state: LaunchStateView,
    /// Name of the run.
    pub name: String,
    /// Agent asked for.
    pub agent_name: String,
    /// The agent the answer names is another one.
    pub other_agent: Option<String>,
    /// Calls the plan makes.
    pub expected_calls: u32,
    /// Calls the answer lists.
    pub calls_placed: Option<u32>,
    /// When it was sent, RFC 3339.
    pub started_at: String,
    /// The result, once known.
    #[ts(type = "number | null")]
    pub result_id: Option<i64>,
    /// Why it was refused, not sent, or is unknown.
    pub code: Option<crate::Code>,
    /// Sentences of the API, each with the field it is about.
    pub problems: Vec<FieldProblem>,
    /// How often it was looked for.
    pub looks: u32,
    /// When it was last looked for, RFC 3339.
    pub last_look_at: Option<String>,
    /// Results that may be it, when there is more than one.
    #[ts(type = "Array<number>")]
    pub found: Vec<i64>,
    /// Whether the calls were found by looking for them.
    pub adopted: bool,
}

/// See [`LaunchView::state`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "ledger::LaunchState explains each")]
pub enum LaunchStateView {
    Sending,
    Launched,
    Refused,
    NotSent,
    Unknown,
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

/// The six counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are the outcomes")]
pub struct CountsView {
    pub passed: u32,
    pub agent_failed: u32,
    pub never_connected: u32,
    pub needs_a_look: u32,
    pub stopped: u32,
    pub in_progress: u32,
}

/// A page of results.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ResultsPage {
    /// How many there are in all.
    pub total: u32,
    /// The rows asked for.
    pub rows: Vec<ResultRowView>,
    /// Whether the server's list has been read since start, and how that went.
    pub state: CatalogueState,
    /// Why the last read failed.
    pub error: Option<ErrorView>,
}

/// A row of the results list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ResultRowView {
    /// The API's id.
    #[ts(type = "number")]
    pub id: i64,
    /// Its name, or empty.
    pub name: String,
    /// The agent's name.
    pub agent_name: Option<String>,
    /// RFC 3339.
    pub created_at: Option<String>,
    /// Counted from its calls. All zero while the calls have not been read.
    pub counts: CountsView,
    /// How many calls it has, as far as known.
    pub calls: u32,
    /// The calls have been read.
    pub counted: bool,
    /// Every call has ended.
    pub finished: bool,
    /// Being followed.
    pub followed: bool,
    /// Placed from this computer.
    pub mine: bool,
    /// Started by a schedule on the server.
    pub scheduled: bool,
    /// Credits by duration, where durations are known.
    pub credits: Option<f64>,
    /// When anything last changed, RFC 3339.
    pub changed_at: String,
    /// Usual time between changes is exceeded: seconds since the last change, and the usual length.
    pub stalled: Option<StallView>,
    /// Minutes left, from and to.
    pub left: Option<RangeView>,
}

/// No change for longer than such calls usually take.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct StallView {
    /// Seconds since anything changed.
    pub seconds: f64,
    /// Seconds such calls usually take.
    pub usual_seconds: f64,
}

/// A range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RangeView {
    /// From.
    pub low: f64,
    /// To.
    pub high: f64,
}

/// A result, opened.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ResultView {
    /// The row.
    pub row: ResultRowView,
    /// Evaluators, the worst first.
    pub groups: Vec<EvaluatorGroup>,
    /// The launch it came of, when placed from this computer.
    pub launch: Option<LaunchView>,
    /// Which tools were mocked, when placed from this computer.
    pub mocks: Option<ToolMocks>,
    /// Calls the server sent that could not be read.
    pub unreadable: u32,
    /// Calls that never started because the agent was at its limit.
    pub at_limit: u32,
    /// The API's own summary, as text.
    pub summary: Option<SummaryView>,
    /// Where it can be seen on the vendor's dashboard.
    pub dashboard: Option<String>,
    /// Calls are being ended on request.
    pub stopping: bool,
}

/// The API's own words about a finished result.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are the API's headings")]
pub struct SummaryView {
    pub what_happened: Option<String>,
    pub why_it_happened: Option<String>,
    pub how_to_fix: Option<String>,
    pub next_steps: Vec<String>,
    pub reasons: Vec<String>,
}

/// One evaluator's calls side by side.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct EvaluatorGroup {
    /// The API's id; absent when the evaluator was deleted.
    #[ts(type = "number | null")]
    pub evaluator: Option<i64>,
    /// Its name.
    pub name: String,
    /// Judged calls disagree.
    pub flaky: bool,
    /// Median length in seconds.
    pub usual_seconds: Option<f64>,
    /// Its calls in the order they were placed.
    pub calls: Vec<CallRowView>,
}

/// Why a call has its outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct WhyView {
    /// Stable code, see `verdict::Why::code`.
    pub code: String,
    /// A name, a criterion or the API's reason.
    pub text: Option<String>,
    /// Whose side it was on: `agent, tester, network, limit, unknown`.
    pub side: Option<String>,
    /// A score.
    pub number: Option<f64>,
}

/// A call in a result.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CallRowView {
    /// The API's id.
    #[ts(type = "number")]
    pub id: i64,
    /// Its outcome.
    pub outcome: OutcomeView,
    /// Why.
    pub why: WhyView,
    /// Which repetition, from 1.
    pub time: u32,
    /// Of how many.
    pub of: u32,
    /// Who called.
    pub caller_name: Option<String>,
    /// What the caller carried.
    pub profile_name: Option<String>,
    /// Length in seconds.
    pub seconds: Option<f64>,
}

/// A call, opened.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CallView {
    /// The row.
    pub row: CallRowView,
    /// The result it belongs to.
    #[ts(type = "number")]
    pub result: i64,
    /// The evaluator's name.
    pub evaluator_name: String,
    /// When it began, RFC 3339.
    pub started_at: Option<String>,
    /// The API's reason for its end, as text.
    pub ended_reason: Option<String>,
    /// The API's error message.
    pub error_message: Option<String>,
    /// What was expected and what came; absent when nothing was.
    pub expected: Option<ExpectedView>,
    /// Metrics, the ones that decide first.
    pub metrics: Vec<MetricView>,
    /// The conversation; absent while it has not been read.
    pub transcript: Option<Vec<TurnView>>,
    /// A note kept here.
    pub note: Option<String>,
    /// The transcript is being fetched.
    pub loading: bool,
}

/// What was expected of a call.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ExpectedView {
    /// 0 to 100.
    pub score: Option<f64>,
    /// Criterion by criterion.
    pub criteria: Vec<CriterionView>,
}

/// One criterion.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CriterionView {
    /// The sentence, without its mark and time.
    pub text: String,
    /// Met, not met, or not said.
    pub met: Option<bool>,
    /// Where in the call, seconds.
    pub at: Vec<f64>,
}

/// One metric of a call.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct MetricView {
    /// Its name.
    pub name: String,
    /// `yes_no, rating, number, category, unknown`.
    pub kind: String,
    /// For yes or no.
    pub passed: Option<bool>,
    /// For a rating (0 to 5) or a number.
    pub value: Option<f64>,
    /// For a category.
    pub text: Option<String>,
    /// `ms` where the number is known to be milliseconds.
    pub unit: Option<String>,
    /// Why.
    pub explanation: Vec<CriterionView>,
}

/// Who speaks in a transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are the meaning")]
pub enum Speaker {
    Agent,
    Caller,
    Tool,
    Other,
}

/// One turn of the conversation; a tool's call and its result are one turn.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct TurnView {
    /// Who.
    pub speaker: Speaker,
    /// The API's role, for those Linecheck does not know.
    pub role: String,
    /// Seconds from the start.
    pub at: Option<f64>,
    /// Seconds from the start.
    pub end: Option<f64>,
    /// What was said.
    pub text: String,
    /// The tool.
    pub tool: Option<ToolView>,
    /// Seconds of silence before this turn, where it is more than a few.
    pub silence: Option<f64>,
}

/// A tool that was used.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ToolView {
    /// Its name.
    pub name: String,
    /// What it was given, as text.
    pub arguments: Option<String>,
    /// What it gave back, as text.
    pub result: Option<String>,
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
}

/// What a person can set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(rename_all = "camelCase")]
pub struct Settings {
    /// Ask once more above this many calls. 1 to 10,000.
    pub confirm_above: u32,
}

impl Default for Settings {
    fn default() -> Self {
        // The first release's promise: more than 50 calls ask once more.
        Self { confirm_above: 50 }
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
