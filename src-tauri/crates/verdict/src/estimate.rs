//! Time and credits, before and during a launch.

use crate::length::{usable, usual_length};

/// Credits for a minute of voice (the vendor's FAQ; WebRTC costs what the telephone costs).
pub const CREDITS_PER_MINUTE: f64 = 5.0;
/// Credits for one metric on one call (the vendor's FAQ). Some metrics cost nothing, a few more.
pub const CREDITS_PER_METRIC: f64 = 0.2;
/// What a call is assumed to last before there is any history, seconds: 2 to 5 minutes. Seen in
/// public projects: 1 to 2 minutes for short calls, 3 to 5 for others.
pub const CALL_ASSUMED_S: (f64, f64) = (120.0, 300.0);

/// What a result takes on the clock beyond its calls, seconds: connecting and being judged. Seen in
/// public projects: results of calls of 3 to 5 minutes take 5 to 7.
const AROUND_S: (f64, f64) = (30.0, 120.0);
/// Calls that the API starts in a second.
const STARTS_PER_SECOND: f64 = 5.0;
/// The range is never narrower than this, as parts of its middle. It is wider below, because calls
/// that never connect cost nothing, and histories tend to lack them.
const FLOOR: (f64, f64) = (0.2, 0.1);
/// How surely the metrics of a plan cost what one metric costs: at least this part of it.
const METRICS_LOW: f64 = 0.5;
/// The spread of call lengths, as a part of the mean, where a single call is all that is known.
const SPREAD_ASSUMED: f64 = 0.4;
/// How many calls' worth the common spread weighs against an evaluator's own.
const SPREAD_WEIGHT: f64 = 4.0;

/// One evaluator of a plan.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EstimateEvaluator {
    /// Lengths of its finished calls, seconds. A call that never connected is worth a 0.
    pub seconds: Vec<f64>,
    /// Metrics that are computed on each of its calls.
    pub metrics: u32,
    /// How many calls of it the plan places: times × callers × profiles.
    pub calls: u32,
}

/// A plan, and what history knows of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EstimateInput {
    /// The evaluators of the plan.
    pub evaluators: Vec<EstimateEvaluator>,
    /// Lengths of all finished calls of the workspace, seconds: what evaluators without a history
    /// of their own go by.
    pub all_seconds: Vec<f64>,
    /// Calls at once; 0 counts as 1.
    pub at_once: u32,
    /// Seconds on the clock for one second of a call: 1, but less in practice.
    pub clock_per_second: f64,
}

/// What a plan will take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Calls, at most: the API may place fewer.
    pub calls: u32,
    /// Minutes on the clock, from.
    pub minutes_low: f64,
    /// Minutes on the clock, to.
    pub minutes_high: f64,
    /// Credits, from.
    pub credits_low: f64,
    /// Credits, to.
    pub credits_high: f64,
    /// There is no history at all, and [`CALL_ASSUMED_S`] stands in for it.
    pub assumed: bool,
    /// Evaluators without a finished call of their own.
    pub without_history: u32,
    /// How many finished calls this is learnt from.
    pub learnt_from: u32,
}

/// What a plan will take.
///
/// Lengths follow a model of two levels: calls vary within an evaluator, and evaluators vary among
/// themselves. An evaluator's mean is drawn towards the mean of the workspace by as much as its own
/// calls leave open (empirical Bayes with normal levels: Morris, 1983), so that one without any
/// history has the workspace's mean and spread. The sum of all calls then has the mean `Σ nᵢ mᵢ` and
/// the variance `Σ (nᵢ sᵢ² + nᵢ² vᵢ) + (Σ nᵢ wᵢ)² v`, with `s²` the variance of a call, `vᵢ` that of
/// the evaluator's mean, `v` that of the workspace's and `wᵢ` the part of the mean drawn from it.
/// The range is the mean ± t · √variance for 95 %, `t` by the number of calls learnt from, and never
/// narrower than a floor. On histories like real ones it holds the truth far more often than in the
/// promised 80 % (the test beside this says how often).
///
/// Minutes on the clock are those of any schedule that keeps all places busy (Graham, 1966): no less
/// than the sum over the places and than the longest call, no more than the sum over the places and
/// the longest call's rest.
pub fn estimate(input: &EstimateInput) -> Estimate {
    let calls = input.evaluators.iter().fold(0_u32, |sum, one| sum.saturating_add(one.calls));
    let history = History::of(input);
    let mut total = Total::default();
    for evaluator in &input.evaluators {
        history.add(&mut total, evaluator);
    }
    let (low_s, high_s) = history.range(&total, calls);
    let metrics: f64 = input
        .evaluators
        .iter()
        .map(|one| f64::from(one.metrics) * f64::from(one.calls) * CREDITS_PER_METRIC)
        .sum();
    let (minutes_low, minutes_high) = clock(input, calls, &total, (low_s, high_s));
    Estimate {
        calls,
        minutes_low,
        minutes_high,
        credits_low: low_s / 60.0 * CREDITS_PER_MINUTE + metrics * METRICS_LOW,
        credits_high: high_s / 60.0 * CREDITS_PER_MINUTE + metrics,
        assumed: history.n == 0,
        without_history: input
            .evaluators
            .iter()
            .filter(|one| lengths(&one.seconds).next().is_none())
            .count()
            .try_into()
            .unwrap_or(u32::MAX),
        learnt_from: u32::try_from(history.n).unwrap_or(u32::MAX),
    }
}

/// What the workspace's calls say together.
struct History {
    /// Calls known.
    n: usize,
    /// Their mean.
    mean: f64,
    /// The variance of calls within an evaluator.
    within: f64,
    /// The variance of evaluators' means among themselves.
    between: f64,
}

/// Sums over the calls of a plan, seconds.
#[derive(Default)]
struct Total {
    mean: f64,
    variance: f64,
    /// How much of the mean hangs on the workspace's mean.
    leaning: f64,
    /// The longest call that is to be expected: its mean, and its mean with two deviations.
    longest: (f64, f64),
}

impl History {
    fn of(input: &EstimateInput) -> Self {
        let own: Vec<Vec<f64>> =
            input.evaluators.iter().map(|one| lengths(&one.seconds).collect()).collect();
        let mut all: Vec<f64> = lengths(&input.all_seconds).collect();
        if all.len() < own.iter().map(Vec::len).sum() {
            all = own.iter().flatten().copied().collect();
        }
        let n = all.len();
        if n == 0 {
            let middle = f64::midpoint(CALL_ASSUMED_S.0, CALL_ASSUMED_S.1);
            return Self { n, mean: middle, within: 0.0, between: 0.0 };
        }
        let mean = mean(&all);
        let whole = if n > 1 { squares(&all, mean) / (n - 1) as f64 } else { 0.0 };
        let assumed = (mean * SPREAD_ASSUMED).powi(2);
        let whole = if n < 3 { whole.max(assumed) } else { whole };
        let repeated: Vec<&Vec<f64>> = own.iter().filter(|one| one.len() > 1).collect();
        let freedom: usize = repeated.iter().map(|one| one.len() - 1).sum();
        let within = if freedom == 0 {
            // Nothing tells the two levels apart: half each.
            whole / 2.0
        } else {
            let sum: f64 = repeated.iter().map(|one| squares(one, self::mean(one))).sum();
            sum / freedom as f64
        };
        Self { n, mean, within, between: (whole - within).max(whole * 0.05) }
    }

    fn add(&self, total: &mut Total, evaluator: &EstimateEvaluator) {
        let own: Vec<f64> = lengths(&evaluator.seconds).collect();
        let calls = f64::from(evaluator.calls);
        let known = own.len() as f64;
        // The part of the mean that comes from the workspace, and what stays open of it.
        let (drawn, open) = if self.within + known * self.between > 0.0 {
            let sum = self.within + known * self.between;
            (self.within / sum, self.within * self.between / sum)
        } else {
            (f64::from(u8::from(own.is_empty())), 0.0)
        };
        let (drawn, open) = if own.is_empty() { (1.0, self.between) } else { (drawn, open) };
        let centre =
            if own.is_empty() { self.mean } else { drawn * self.mean + (1.0 - drawn) * mean(&own) };
        let freedom = (known - 1.0).max(0.0);
        let own_squares = if own.is_empty() { 0.0 } else { squares(&own, mean(&own)) };
        let spread = (SPREAD_WEIGHT * self.within + own_squares) / (SPREAD_WEIGHT + freedom);
        total.mean += calls * centre;
        total.variance += calls * spread + calls * calls * open;
        total.leaning += calls * drawn;
        if evaluator.calls > 0 {
            total.longest.0 = total.longest.0.max(centre);
            total.longest.1 = total.longest.1.max(centre + 2.0 * (spread + open).sqrt());
        }
    }

    /// The seconds of all calls together, from and to.
    fn range(&self, total: &Total, calls: u32) -> (f64, f64) {
        let calls = f64::from(calls);
        if self.n == 0 {
            return (calls * CALL_ASSUMED_S.0, calls * CALL_ASSUMED_S.1);
        }
        let of_the_mean = (self.within + self.between) / self.n as f64;
        let variance = total.variance + total.leaning * total.leaning * of_the_mean;
        let half = student(self.n.saturating_sub(1)) * variance.sqrt();
        let low = (total.mean - half.max(total.mean * FLOOR.0)).max(0.0);
        let high = total.mean + half.max(total.mean * FLOOR.1);
        if self.n < 3 {
            // One or two calls are hardly a history.
            return (low.min(calls * CALL_ASSUMED_S.0), high.max(calls * CALL_ASSUMED_S.1));
        }
        (low, high)
    }
}

/// The calls' seconds on the clock, with so many at once, in minutes.
fn clock(input: &EstimateInput, calls: u32, total: &Total, sum: (f64, f64)) -> (f64, f64) {
    if calls == 0 {
        return (0.0, 0.0);
    }
    let places = f64::from(input.at_once.clamp(1, calls));
    let longest = if total.longest.0 > 0.0 && total.longest.1 > total.longest.0 {
        total.longest
    } else {
        (total.longest.0, CALL_ASSUMED_S.1.max(total.longest.1))
    };
    let one_low = (sum.0 / f64::from(calls)).min(longest.0);
    let low = (sum.0 / places).max(one_low);
    let high = sum.1 / places + (1.0 - 1.0 / places) * longest.1;
    let starting = f64::from(calls - 1) / STARTS_PER_SECOND / places;
    let scale = factor(input.clock_per_second) / 60.0;
    ((low + AROUND_S.0) * scale, (high + AROUND_S.1 + starting) * scale)
}

/// A result under way.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TimeLeftInput {
    /// Calls that have not started.
    pub waiting: u32,
    /// For each call that goes on, the seconds since it started, on the clock.
    pub going: Vec<f64>,
    /// Calls at once; 0 counts as 1.
    pub at_once: u32,
    /// Lengths of such calls, seconds.
    pub seconds: Vec<f64>,
    /// Seconds on the clock for one second of a call: 1, but less in practice.
    pub clock_per_second: f64,
}

/// What is left of a result under way, seconds on the clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeLeft {
    /// From.
    pub low_s: f64,
    /// To.
    pub high_s: f64,
    /// There is no history, and [`CALL_ASSUMED_S`] stands in for it.
    pub assumed: bool,
}

/// How long a result under way will still take, as [`estimate`] schedules it. A call that has
/// already lasted longer than nine in ten may end at any moment and may last as long again as the
/// middle of such calls.
pub fn time_left(input: &TimeLeftInput) -> TimeLeft {
    let usual = usual_length(&input.seconds);
    let (low, middle, high) = if let Some(usual) = usual {
        (usual.low_s, usual.median_s, usual.high_s)
    } else {
        let (low, high) = CALL_ASSUMED_S;
        (low, f64::midpoint(low, high), high)
    };
    let scale = factor(input.clock_per_second);
    let mut least = (0.0_f64, 0.0_f64);
    let mut most = (0.0_f64, 0.0_f64);
    for elapsed in &input.going {
        let elapsed = if elapsed.is_finite() { (elapsed / scale).max(0.0) } else { 0.0 };
        let soonest = (low - elapsed).max(0.0);
        let latest = if elapsed < high { high - elapsed } else { middle };
        least = (least.0 + soonest, least.1.max(soonest));
        most = (most.0 + latest, most.1.max(latest));
    }
    let waiting = f64::from(input.waiting);
    if input.waiting > 0 {
        least = (least.0 + waiting * low, least.1.max(low));
        most = (most.0 + waiting * high, most.1.max(high));
    }
    let open = input.going.len() as f64 + waiting;
    let places = f64::from(input.at_once.max(1)).min(open.max(1.0));
    let around = if open > 0.0 { AROUND_S.1 } else { 0.0 };
    TimeLeft {
        low_s: (least.0 / places).max(least.1) * scale,
        high_s: (most.0 / places + (1.0 - 1.0 / places) * most.1 + around) * scale,
        assumed: usable(&input.seconds).is_empty(),
    }
}

/// Lengths that can be: a 0 is a call that never connected.
fn lengths(seconds: &[f64]) -> impl Iterator<Item = f64> + '_ {
    seconds.iter().copied().filter(|one| one.is_finite() && *one >= 0.0)
}

fn factor(clock_per_second: f64) -> f64 {
    if clock_per_second.is_finite() && clock_per_second > 0.0 { clock_per_second } else { 1.0 }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn squares(values: &[f64], mean: f64) -> f64 {
    values.iter().map(|value| (value - mean).powi(2)).sum()
}

/// The two-sided 95 % point of Student's t, by its expansion around the normal one (Abramowitz and
/// Stegun, 26.7.5).
fn student(freedom: usize) -> f64 {
    let z: f64 = 1.959_964;
    let n = freedom.max(1) as f64;
    z + (z.powi(3) + z) / (4.0 * n)
        + (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * n * n)
        + (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / (384.0 * n.powi(3))
}
