//! What is known of a call, and how a later reading adds to it.

/// What is known of a call. Every field may be absent: the API's dialects agree on none of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CallFacts {
    /// The status, as the API spells it.
    pub status: Option<String>,
    /// Why the call ended, free text.
    pub ended_reason: Option<String>,
    /// The error message, free text.
    pub error_message: Option<String>,
    /// `success`, `failure`, `reviewed_success`, `reviewed_failure`, or something newer.
    pub evaluation_status: Option<String>,
    /// The API's flag. It is also `false` before judging, so it counts only where there is no
    /// `evaluation_status`.
    pub success: Option<bool>,
    /// Whether the agent said anything; `None` when no transcript has been read.
    pub agent_spoke: Option<bool>,
    /// The expected outcome's judgement.
    pub expected_outcome: Option<OutcomeFacts>,
    /// The metrics.
    pub metrics: Vec<MetricFacts>,
    /// The rules of the project's rubric.
    pub rubric: Vec<RubricFacts>,
}

/// How well the expected outcome was met.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OutcomeFacts {
    /// Percent; 100 is fully met.
    pub score: Option<f64>,
    /// Its parts.
    pub criteria: Vec<Criterion>,
    /// The judge's lines.
    pub explanations: Vec<String>,
}

/// A part of the expected outcome.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Criterion {
    /// What was expected.
    pub text: String,
    /// Whether it came; `None` when the judge does not say.
    pub met: Option<bool>,
}

/// What a metric measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MetricKind {
    /// Yes or no.
    Binary,
    /// 0 to 5.
    Rating,
    /// A number with a unit of its own.
    Number,
    /// One of some names.
    Category,
    /// A kind this version does not know.
    #[default]
    Unknown,
}

/// A metric's value on one call.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MetricFacts {
    /// Its name.
    pub name: String,
    /// What it measures.
    pub kind: MetricKind,
    /// Yes or no, where it is that.
    pub passed: Option<bool>,
    /// A number, where it is one.
    pub value: Option<f64>,
    /// A category, where it is one.
    pub text: Option<String>,
    /// The judge's lines.
    pub explanation: Vec<String>,
}

/// A rule of the project's rubric on one call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RubricFacts {
    /// The metric the rule is about.
    pub name: Option<String>,
    /// Whether the rule holds; `None` when it was skipped.
    pub passed: Option<bool>,
    /// The judge's lines.
    pub explanation: Vec<String>,
}

/// Whether a call or a result with this status has ended. An unknown status has not, nor has none.
pub fn has_ended(status: Option<&str>) -> bool {
    status.is_some_and(|status| {
        matches!(
            normal(status).as_str(),
            "completed" | "failed" | "timeout" | "cancelled" | "canceled"
        )
    })
}

/// What is known of a call after another reading of it.
///
/// A light row, a row that arrives late, or a call that is being judged again must not take away
/// what a fuller reading told. So:
/// * an ended call stays ended, and what a reading before the end says of judgement, ended reason
///   and error is not believed (the API's `success` is false before judging), whichever came first;
/// * an absent or blank field, an empty list, a metric without a value say nothing, and leave what
///   was known;
/// * where two readings of the ended call say different things, the later one decides: a person may
///   have reviewed it, or its checks been computed anew. That is the only way back for a judgement;
/// * an agent that has spoken has spoken, and silence counts only once the call has ended.
///
/// Merging a reading with itself changes nothing.
#[must_use]
pub fn merge(old: &CallFacts, new: &CallFacts) -> CallFacts {
    let ended = |facts: &CallFacts| has_ended(facts.status.as_deref());
    // `over` decides where both speak; `base` fills its gaps.
    let (base, over) = if ended(old) && !ended(new) { (new, old) } else { (old, new) };
    let final_base = ended(base) || !ended(over);
    let settled = |pick: fn(&CallFacts) -> Option<&str>| {
        said(pick(over)).or_else(|| said(pick(base).filter(|_| final_base)))
    };
    let spoke = match (over.agent_spoke, base.agent_spoke) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (None, told) => told.filter(|_| final_base),
        (told, _) => told,
    };
    CallFacts {
        status: said(over.status.as_deref()).or_else(|| said(base.status.as_deref())),
        ended_reason: settled(|facts| facts.ended_reason.as_deref()),
        error_message: settled(|facts| facts.error_message.as_deref()),
        evaluation_status: settled(|facts| facts.evaluation_status.as_deref()),
        success: over.success.or(base.success.filter(|_| final_base)),
        agent_spoke: spoke,
        expected_outcome: match (&base.expected_outcome, &over.expected_outcome) {
            (Some(base), Some(over)) => Some(OutcomeFacts {
                score: over.score.or(base.score),
                criteria: longer_known(&base.criteria, &over.criteria),
                explanations: longer_known(&base.explanations, &over.explanations),
            }),
            (base, over) => over.clone().or_else(|| base.clone()),
        },
        metrics: layered(
            &base.metrics,
            &over.metrics,
            |metric| Some(metric.name.as_str()),
            |metric| metric.passed.is_none() && metric.value.is_none() && metric.text.is_none(),
        ),
        rubric: layered(
            &base.rubric,
            &over.rubric,
            |rule| rule.name.as_deref(),
            |rule| rule.passed.is_none(),
        ),
    }
}

/// The API's words without case, and with one sign between them.
pub(crate) fn normal(text: &str) -> String {
    text.trim().to_lowercase().replace([' ', '-'], "_")
}

fn said(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

fn longer_known<T: Clone>(base: &[T], over: &[T]) -> Vec<T> {
    if over.is_empty() { base.to_vec() } else { over.to_vec() }
}

/// `over` laid upon `base`: entries are the same when they have the same name and are the same in
/// order among those of that name; an entry that says nothing leaves what lies below it.
fn layered<T: Clone>(
    base: &[T],
    over: &[T],
    name: impl Fn(&T) -> Option<&str>,
    says_nothing: impl Fn(&T) -> bool,
) -> Vec<T> {
    let mut merged = base.to_vec();
    let mut taken = vec![false; merged.len()];
    for entry in over {
        let below = (0..taken.len())
            .find(|at| !taken[*at] && merged.get(*at).is_some_and(|one| name(one) == name(entry)));
        match below {
            Some(at) => {
                taken[at] = true;
                if !says_nothing(entry) {
                    merged[at] = entry.clone();
                }
            }
            None => merged.push(entry.clone()),
        }
    }
    merged
}
