//! From the API's words to the verdict's facts, and from the verdict to the page.

use serde_json::Value;

use crate::view::{CountsView, OutcomeView, WhyView};

/// What an answer tells of a call, for the verdict.
pub(crate) fn call_facts(run: &cekura::Run) -> verdict::CallFacts {
    verdict::CallFacts {
        status: run.status.clone(),
        ended_reason: run.ended_reason.clone(),
        error_message: run.error_message.clone(),
        evaluation_status: run.evaluation_status.clone(),
        success: run.success,
        agent_spoke: run.agent_spoke(),
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

/// What is kept of a call, as far as it bears on what the call means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Evidence {
    pub(crate) facts: verdict::CallFacts,
    /// See [`StoredWhy::first_word_s`].
    pub(crate) first_word_s: Option<f64>,
}

impl Evidence {
    pub(crate) fn of(run: &cekura::Run) -> Self {
        Self { facts: call_facts(run), first_word_s: first_word(run) }
    }

    /// The same after a row that came later, without the conversation.
    #[must_use]
    pub(crate) fn then(&self, row: &cekura::Run) -> Self {
        Self {
            facts: verdict::merge(&self.facts, &call_facts(row)),
            first_word_s: self.first_word_s,
        }
    }

    /// What the call means. What a person here says of an ended call counts at once, before the
    /// server knows it; but a call that was stopped or never connected says nothing about the agent,
    /// whoever says so.
    pub(crate) fn meaning(&self, review: Option<bool>) -> (verdict::Outcome, StoredWhy) {
        use verdict::{Outcome, Why};
        let mut reading = verdict::read(&self.facts);
        let says_something = !matches!(
            reading.outcome,
            Outcome::InProgress | Outcome::Stopped | Outcome::NeverConnected
        );
        if let (Some(passed), true) = (review, says_something) {
            let (outcome, why) = if passed {
                (Outcome::Passed, Why::ReviewedPassed)
            } else {
                (Outcome::AgentFailed, Why::ReviewedFailed)
            };
            reading = verdict::Reading { outcome, why, reviewed: true };
        }
        let stored = StoredWhy {
            reason: verdict::Reason::from(&reading.why),
            reviewed: reading.reviewed,
            first_word_s: self.first_word_s,
        };
        (reading.outcome, stored)
    }
}

/// Seconds that the agent needed for its first word: from the start, or from where the caller last
/// stopped before it.
pub(crate) fn first_word(run: &cekura::Run) -> Option<f64> {
    let turns = run.transcript.as_ref()?;
    let spoken = |turn: &&cekura::Turn| !turn.content.trim().is_empty();
    let at = turns.iter().position(|turn| turn.role == cekura::Role::Agent && spoken(&turn))?;
    let waited_since = turns[..at]
        .iter()
        .filter(|turn| turn.role == cekura::Role::Caller && spoken(turn))
        .filter_map(|turn| turn.end_s.or(turn.start_s))
        .fold(0.0, f64::max);
    turns[at].start_s.map(|start| (start - waited_since).max(0.0))
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

/// What is stored of a reading beside the outcome.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(crate) struct StoredWhy {
    pub(crate) reason: verdict::Reason,
    /// A person has said so.
    pub(crate) reviewed: bool,
    /// Seconds from the start to the agent's first word.
    pub(crate) first_word_s: Option<f64>,
}

impl StoredWhy {
    /// What was stored; nothing where another version stored something else.
    pub(crate) fn of(value: &Value) -> Self {
        serde::Deserialize::deserialize(value).unwrap_or_default()
    }

    /// The same from its text.
    pub(crate) fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }
}

/// The stored outcome as the verdict knows it; what cannot be read needs a look.
pub(crate) fn outcome_of(text: &str) -> verdict::Outcome {
    verdict::Outcome::parse(text).unwrap_or(verdict::Outcome::NeedsALook)
}

/// The stored outcome as the page knows it.
pub(crate) fn outcome_view(outcome: verdict::Outcome) -> OutcomeView {
    match outcome {
        verdict::Outcome::InProgress => OutcomeView::InProgress,
        verdict::Outcome::Stopped => OutcomeView::Stopped,
        verdict::Outcome::NeverConnected => OutcomeView::NeverConnected,
        verdict::Outcome::AgentFailed => OutcomeView::AgentFailed,
        verdict::Outcome::Passed => OutcomeView::Passed,
        verdict::Outcome::NeedsALook => OutcomeView::NeedsALook,
    }
}

/// The counts as the page knows them.
pub(crate) fn counts_view(counts: &ledger::OutcomeCounts) -> CountsView {
    CountsView {
        passed: counts.passed,
        agent_failed: counts.agent_failed,
        never_connected: counts.never_connected,
        needs_a_look: counts.needs_a_look,
        stopped: counts.stopped,
        in_progress: counts.in_progress,
    }
}

/// Whose side it was on, as the page knows it.
fn side_text(side: verdict::Side) -> &'static str {
    match side {
        verdict::Side::Agent => "agent",
        verdict::Side::Tester => "tester",
        verdict::Side::Network => "network",
        verdict::Side::Limit => "limit",
        verdict::Side::Unknown => "unknown",
    }
}

/// Why, as the page gets it.
pub(crate) fn why_view(reason: &verdict::Reason) -> WhyView {
    why_of(reason.clone())
}

/// The same of a reason that is not needed any more.
pub(crate) fn why_of(reason: verdict::Reason) -> WhyView {
    WhyView {
        code: reason.code.into_owned(),
        text: reason.text,
        side: reason.side.map(|side| side_text(side).to_owned()),
        number: reason.number,
    }
}

/// Whether the API is still writing its own summary of a result.
pub(crate) fn summary_pending(raw: &Value) -> bool {
    raw.get("ai_summary_status").and_then(Value::as_str) == Some("pending")
}

/// A field of raw JSON as text, without the empty ones.
pub(crate) fn text_of(raw: &Value, field: &str) -> Option<String> {
    raw.get(field).and_then(Value::as_str).map(str::to_owned).filter(|text| !text.trim().is_empty())
}
