//! From the API's words to the verdict's facts, and from the verdict to the page.

use serde_json::Value;

use crate::view::{OutcomeView, WhyView};

/// What is known of a call, for the verdict.
///
/// `spoke` is what an earlier, fuller reading said of the agent's speaking: a light row says
/// nothing about it and must not take that knowledge away.
pub(crate) fn call_facts(run: &cekura::Run, spoke: Option<bool>) -> verdict::CallFacts {
    verdict::CallFacts {
        status: run.status.clone(),
        ended_reason: run.ended_reason.clone(),
        error_message: run.error_message.clone(),
        evaluation_status: run.evaluation_status.clone(),
        success: run.success,
        agent_spoke: agent_spoke(run).or(spoke),
        expected_outcome: run.expected_outcome.as_ref().map(|expected| verdict::OutcomeFacts {
            score: expected.score,
            criteria: expected
                .alignments
                .iter()
                .map(|one| verdict::Criterion { text: one.text.clone(), met: one.aligned })
                .collect(),
            explanations: expected.explanation.clone(),
        }),
        metrics: run.metrics.iter().map(metric_facts).collect(),
        rubric: run
            .rubric
            .iter()
            .map(|rule| verdict::RubricFacts {
                name: rule.metric_name.clone(),
                passed: rule.passed,
                explanation: rule.explanation.clone(),
            })
            .collect(),
    }
}

/// Whether the transcript holds a non-empty turn of the agent; `None` when there is no transcript
/// in the answer at all.
pub(crate) fn agent_spoke(run: &cekura::Run) -> Option<bool> {
    run.transcript.as_ref().map(|turns| {
        turns
            .iter()
            .any(|turn| turn.role == cekura::Role::Agent && !turn.content.trim().is_empty())
    })
}

fn metric_facts(metric: &cekura::MetricResult) -> verdict::MetricFacts {
    let (passed, value, text) = match &metric.value {
        cekura::MetricValue::Yes => (Some(true), None, None),
        cekura::MetricValue::No => (Some(false), None, None),
        cekura::MetricValue::Number(number) => (None, Some(*number), None),
        cekura::MetricValue::Text(text) => (None, None, Some(text.clone())),
        cekura::MetricValue::None => (None, None, None),
    };
    verdict::MetricFacts {
        name: metric.name.clone(),
        kind: match &metric.kind {
            cekura::MetricKind::Binary => verdict::MetricKind::Binary,
            cekura::MetricKind::Rating => verdict::MetricKind::Rating,
            cekura::MetricKind::Number => verdict::MetricKind::Number,
            cekura::MetricKind::Category => verdict::MetricKind::Category,
            cekura::MetricKind::Unknown(_) => verdict::MetricKind::Unknown,
        },
        passed,
        value,
        text,
        explanation: metric.explanation.clone(),
    }
}

/// The outcome as it is stored.
pub(crate) fn outcome_text(outcome: verdict::Outcome) -> &'static str {
    match outcome {
        verdict::Outcome::InProgress => "in_progress",
        verdict::Outcome::Stopped => "stopped",
        verdict::Outcome::NeverConnected => "never_connected",
        verdict::Outcome::AgentFailed => "agent_failed",
        verdict::Outcome::Passed => "passed",
        verdict::Outcome::NeedsALook => "needs_a_look",
    }
}

/// The stored outcome as the verdict knows it; what cannot be read needs a look.
pub(crate) fn outcome_of(text: &str) -> verdict::Outcome {
    match text {
        "in_progress" => verdict::Outcome::InProgress,
        "stopped" => verdict::Outcome::Stopped,
        "never_connected" => verdict::Outcome::NeverConnected,
        "agent_failed" => verdict::Outcome::AgentFailed,
        "passed" => verdict::Outcome::Passed,
        _ => verdict::Outcome::NeedsALook,
    }
}

/// The stored outcome as the page knows it.
pub(crate) fn outcome_view(text: &str) -> OutcomeView {
    match outcome_of(text) {
        verdict::Outcome::InProgress => OutcomeView::InProgress,
        verdict::Outcome::Stopped => OutcomeView::Stopped,
        verdict::Outcome::NeverConnected => OutcomeView::NeverConnected,
        verdict::Outcome::AgentFailed => OutcomeView::AgentFailed,
        verdict::Outcome::Passed => OutcomeView::Passed,
        verdict::Outcome::NeedsALook => OutcomeView::NeedsALook,
    }
}

/// Why, as the page gets it and as it is stored.
pub(crate) fn why_view(why: &verdict::Why) -> WhyView {
    let mut view = WhyView { code: why.code().to_owned(), text: None, side: None, number: None };
    match why {
        verdict::Why::NeverConnected { side, reason, .. } => {
            view.side = Some(
                match side {
                    verdict::Side::Agent => "agent",
                    verdict::Side::Tester => "tester",
                    verdict::Side::Network => "network",
                    verdict::Side::Limit => "limit",
                    verdict::Side::Unknown => "unknown",
                }
                .to_owned(),
            );
            view.text.clone_from(reason);
        }
        verdict::Why::ExpectedOutcomeNotMet { score, text } => {
            view.number = *score;
            view.text.clone_from(text);
        }
        verdict::Why::MetricFailed { name, text } => {
            view.text = Some(match text {
                Some(text) => format!("{name}: {text}"),
                None => name.clone(),
            });
        }
        verdict::Why::RubricFailed { name, text } => {
            view.text = match (name, text) {
                (Some(name), Some(text)) => Some(format!("{name}: {text}")),
                (one, other) => one.clone().or_else(|| other.clone()),
            };
        }
        verdict::Why::PassWithError { text } => view.text = Some(text.clone()),
        verdict::Why::PartlyMet { score } => view.number = Some(*score),
        _ => {}
    }
    view
}

/// A field of raw JSON as text, without the empty ones.
pub(crate) fn text_of(raw: &Value, field: &str) -> Option<String> {
    raw.get(field)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .filter(|text| !text.trim().is_empty())
}
