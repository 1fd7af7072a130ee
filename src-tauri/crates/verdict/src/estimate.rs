//! Time and credits before and during a launch.

/// Credits for a minute of voice. The vendor's FAQ; WebRTC costs as much as the telephone.
pub const CREDITS_PER_MINUTE: f64 = 5.0;
/// Credits for one metric on one call. The vendor's FAQ; some metrics cost less or more.
pub const CREDITS_PER_METRIC: f64 = 0.2;
/// What a call is assumed to last before there is any history, seconds: 2 to 5 minutes.
pub const CALL_ASSUMED_S: (f64, f64) = (120.0, 300.0);

/// One evaluator of a plan.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EvaluatorPlan {
    /// Lengths of its finished calls, seconds.
    pub seconds: Vec<f64>,
    /// Metrics that are computed on each call; `None` when not known.
    pub metrics: Option<u32>,
    /// The longest a call may last, seconds.
    pub max_seconds: Option<f64>,
}

/// A plan, and what history knows.
#[derive(Debug, Clone, PartialEq)]
pub struct EstimateInput {
    /// The evaluators of the plan.
    pub evaluators: Vec<EvaluatorPlan>,
    /// Lengths of the workspace's other finished calls, one list an evaluator, seconds.
    pub others: Vec<Vec<f64>>,
    /// Times each.
    pub times: u32,
    /// Callers in place of the evaluators' own; 0 and 1 are the same.
    pub callers: u32,
    /// Test profiles in place of the evaluators' own; 0 and 1 are the same.
    pub profiles: u32,
    /// Calls at once; `None` is all of them.
    pub at_once: Option<u32>,
    /// Seconds by which calls took longer on the clock than their length, from history.
    pub overheads_s: Vec<f64>,
    /// How many times faster than life the calls go; 1 but for practice.
    pub clock_factor: f64,
}

/// What a plan will take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Calls, at most.
    pub calls: u32,
    /// Minutes on the clock, at least.
    pub minutes_low: f64,
    /// Minutes on the clock, at most.
    pub minutes_high: f64,
    /// Credits, at least.
    pub credits_low: f64,
    /// Credits, at most.
    pub credits_high: f64,
    /// There is no history at all: lengths are assumed, see [`CALL_ASSUMED_S`].
    pub assumed: bool,
    /// Evaluators that have no finished call of their own.
    pub without_history: u32,
    /// How many finished calls this is learnt from.
    pub learnt_from: usize,
}

/// What a plan will take.
pub fn estimate(input: &EstimateInput) -> Estimate {
    let _ = input;
    Estimate {
        calls: 0,
        minutes_low: 0.0,
        minutes_high: 0.0,
        credits_low: 0.0,
        credits_high: 0.0,
        assumed: true,
        without_history: 0,
        learnt_from: 0,
    }
}

/// A result under way.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeLeftInput {
    /// Calls that have not started.
    pub waiting: u32,
    /// For each call that goes on, the seconds since it started, on the clock.
    pub going: Vec<f64>,
    /// Calls at once; `None` is all of them.
    pub at_once: Option<u32>,
    /// Lengths of such calls, seconds.
    pub seconds: Vec<f64>,
    /// How many times faster than life the calls go; 1 but for practice.
    pub clock_factor: f64,
}

/// What is left of a result under way, seconds on the clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeLeft {
    /// At least.
    pub low_s: f64,
    /// At most.
    pub high_s: f64,
    /// There is no history: lengths are assumed.
    pub assumed: bool,
}

/// How long a result under way will still take.
pub fn time_left(input: &TimeLeftInput) -> TimeLeft {
    let _ = input;
    TimeLeft { low_s: 0.0, high_s: 0.0, assumed: true }
}
