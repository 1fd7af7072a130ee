//! What a call, an evaluator and a result mean. Pure: no clock, no input, no output.
//!
//! * [`read`] gives every call exactly one of six outcomes, and says why; [`merge`] lets a later,
//!   lighter reading of a call add to what is known without taking from it.
//! * [`group`] and [`evaluators`] put repetitions side by side, the worst first; [`flaky`] marks
//!   the ones whose judged calls disagree; [`causes`] puts identical reasons together.
//! * [`headline`] says in one breath whether the agent is fit; [`judge`] gives all of this at once.
//! * [`usual_length`], [`estimate`] and [`time_left`] tell time and credits from history.
//!
//! Deliberately absent: sentences. A reason is a code and its ingredients; the words are the page's.

mod causes;
mod ended_reason;
mod estimate;
mod facts;
mod group;
mod headline;
mod length;
mod line;
mod outcome;
mod reading;
mod why;

pub use causes::{Cause, causes};
pub use ended_reason::{EndedGroup, ended_group};
pub use estimate::{
    CALL_ASSUMED_S, CREDITS_PER_METRIC, CREDITS_PER_MINUTE, Estimate, EstimateEvaluator,
    EstimateInput, TimeLeft, TimeLeftInput, estimate, time_left,
};
pub use facts::{
    CallFacts, Criterion, MetricFacts, MetricKind, OutcomeFacts, RubricFacts, has_ended, merge,
};
pub use group::{Call, Evaluator, Group, GroupKey, evaluators, flaky, group};
pub use headline::{Fitness, Headline, Judged, ResultFacts, headline, judge};
pub use length::{Usual, usual_length};
pub use line::{JudgeLine, judge_lines};
pub use outcome::{Counts, Outcome};
pub use reading::{READING, Reading, failed_checks, read};
pub use why::{Barrier, Reason, Side, Why};
