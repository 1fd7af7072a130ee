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
            status.trim().to_ascii_lowercase().as_str(),
            "completed" | "failed" | "timeout" | "cancelled" | "canceled"
        )
    })
}

/// What is known of a call after another reading of it.
pub fn merge(old: &CallFacts, new: &CallFacts) -> CallFacts {
    let _ = old;
    new.clone()
}
