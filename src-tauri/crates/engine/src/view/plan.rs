//! The sum, the checks and the review of a plan.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    /// Why *Place* asks once more; empty when it does not.
    pub confirm: Vec<ConfirmReason>,
    /// The number of calls is the most it can be; the API may decide otherwise.
    pub up_to: bool,
}

/// Why placing asks once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum ConfirmReason {
    /// More calls than a person set as the limit for asking.
    ManyCalls,
    /// More credits than a person set as the limit for asking.
    ManyCredits,
    /// The same plan was placed moments ago.
    SamePlan,
}

/// A person's yes to what placing asks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(rename_all = "camelCase")]
pub struct Confirmation {
    /// The number of calls that was read out in the question.
    pub calls: u32,
    /// The reasons that were read out.
    pub reasons: Vec<ConfirmReason>,
}

/// The exact request, for review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct PlanReview {
    /// `POST` and the address.
    pub address: String,
    /// The body, laid out for reading.
    pub body: String,
    /// A command that sends the same, with the key left out.
    pub curl: String,
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
    /// How many finished calls it is learnt from.
    pub learnt_from: u32,
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
    /// The server answers, but not with sense.
    ServerTrouble,
    /// The server does not accept the key.
    KeyRejected,
    /// The key could not be had.
    KeyMissing,
    /// The key may not launch.
    KeyMayNotLaunch,
    /// The same plan was placed moments ago.
    PlacedMomentsAgo,
    /// The answer to an earlier launch is still awaited.
    LaunchUnderWay,
    /// A data message is not JSON: the number is the line, the names say where and what.
    MessageNotJson,
    /// Settings for this run are not JSON: the number is the line, the names say which and what.
    PipecatNotJson,
    /// Settings for this run replace the agent's own.
    PipecatReplaces,
    /// More calls at once than the account allows: the number is what it allows.
    AtOnceAbovePlan,
    /// The calls would pass the limit a person set for a day: the number is what is left.
    DayCallsReached,
    /// The credits would pass the limit a person set for a day: the number is what is left.
    DayCreditsReached,
}
