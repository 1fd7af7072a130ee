//! A call's outcome: one of six, the first that matches.

use crate::ended_reason::{limit_of, side_of, words};
use crate::facts::normal;
use crate::line;
use crate::{
    Barrier, CallFacts, EndedGroup, MetricKind, Outcome, Side, Why, ended_group, has_ended,
};

/// The version of the reading. What a call means is kept beside it with this number, and kept calls
/// with a smaller one are read anew.
///
/// Raise it by one when a call that could be kept already would get another outcome or reason: when
/// [`read`], [`merge`](crate::merge) or [`Reason`](crate::Reason) say something else of the same
/// facts, when other facts are taken from the same JSON, or when what is kept of a reading changes
/// its form. Not for a status, a reason or a field that no kept call can have had.
pub const READING: u32 = 2;

/// What a call means.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// One of six.
    pub outcome: Outcome,
    /// Why.
    pub why: Why,
    /// A person has said so.
    pub reviewed: bool,
}

/// What a call means. Never panics, whatever the facts hold, and the same facts always mean the
/// same.
///
/// The first of these that holds:
/// 1. *in progress*: the status is not one of the five that end a call;
/// 2. *stopped*: cancelled, or ended by a person;
/// 3. *never connected*: the ended reason says so, or the agent did not speak and something broke;
/// 4. what a person who reviewed it said;
/// 5. *agent failed*: completed, judged no, and some check says why;
/// 6. *passed*: completed, judged yes, no error, and something was judged that was met;
/// 7. *needs a look*: everything else.
pub fn read(facts: &CallFacts) -> Reading {
    let (outcome, why) = in_progress(facts)
        .or_else(|| stopped(facts))
        .or_else(|| never_connected(facts))
        .or_else(|| reviewed(facts))
        .or_else(|| speech_unknown(facts))
        .or_else(|| agent_failed(facts))
        .or_else(|| passed(facts))
        .unwrap_or_else(|| (Outcome::NeedsALook, doubt(facts)));
    let reviewed = matches!(why, Why::ReviewedPassed | Why::ReviewedFailed);
    Reading { outcome, why, reviewed }
}

/// What the judge said, before anybody asks whether it can be believed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Judged {
    Yes,
    No,
    Reviewed(bool),
    Not,
}

impl Judged {
    fn of(facts: &CallFacts) -> Self {
        match facts.evaluation_status.as_deref().map(normal).as_deref() {
            // Only where there is no status does the flag count: it is false before judging too.
            None | Some("") => match facts.success {
                Some(true) => Self::Yes,
                Some(false) => Self::No,
                None => Self::Not,
            },
            Some("success") => Self::Yes,
            Some("failure") => Self::No,
            Some("reviewed_success") => Self::Reviewed(true),
            Some("reviewed_failure") => Self::Reviewed(false),
            Some(_) => Self::Not,
        }
    }

    fn is_pass(self) -> bool {
        matches!(self, Self::Yes | Self::Reviewed(true))
    }
}

type Found = Option<(Outcome, Why)>;

fn in_progress(facts: &CallFacts) -> Found {
    if has_ended(facts.status.as_deref()) {
        return None;
    }
    let status = facts.status.as_deref().map(normal).unwrap_or_default();
    let why = match status.as_str() {
        "in_queue" | "scaling_up" => Why::Waiting,
        "running" | "pending" => Why::Connecting,
        "in_progress" => Why::Talking,
        "evaluating" => Why::Judging,
        _ => Why::Working { status: text(facts.status.as_deref()) },
    };
    Some((Outcome::InProgress, why))
}

fn stopped(facts: &CallFacts) -> Found {
    let cancelled = facts
        .status
        .as_deref()
        .is_some_and(|status| matches!(normal(status).as_str(), "cancelled" | "canceled"));
    let by_a_person = match group_of(facts) {
        EndedGroup::Cancelled => true,
        // A bare `false` is also what stands there before judging.
        EndedGroup::EndedFromOutside => match Judged::of(facts) {
            Judged::Yes | Judged::Reviewed(_) => false,
            Judged::No => {
                text(facts.evaluation_status.as_deref()).is_none()
                    && failed_checks(facts).is_empty()
            }
            Judged::Not => true,
        },
        _ => false,
    };
    (cancelled || by_a_person).then_some((Outcome::Stopped, Why::StoppedByPerson))
}

fn never_connected(facts: &CallFacts) -> Found {
    let group = group_of(facts);
    let reason = text(facts.ended_reason.as_deref());
    let error = error_of(facts);
    let never = |barrier, side, reason| {
        Some((Outcome::NeverConnected, Why::NeverConnected { side, barrier, reason }))
    };
    if let Some((barrier, side)) = group.barrier() {
        return never(barrier, side, reason);
    }
    if facts.agent_spoke != Some(false) {
        return None;
    }
    if group == EndedGroup::TesterBroke {
        return never(Barrier::TesterBroke, Side::Tester, reason);
    }
    let broke = went_wrong(facts) || (error.is_some() && !Judged::of(facts).is_pass());
    if !broke {
        return None;
    }
    // The error message says more than a reason that only says that it ended.
    let said = match (&error, group) {
        (Some(error), EndedGroup::RanToItsEnd | EndedGroup::Other | EndedGroup::TimedOut) => {
            Some(error.clone())
        }
        _ => reason.clone().or_else(|| error.clone()),
    };
    let named = [error.as_deref(), reason.as_deref()]
        .into_iter()
        .flatten()
        .map(|text| (text, side_of(text)))
        .find(|(_, side)| *side != Side::Unknown);
    let timeout = facts.status.as_deref().is_some_and(|status| normal(status) == "timeout");
    let (barrier, side) = match named {
        Some((text, Side::Limit)) => (limit_of(text), Side::Limit),
        Some((_, side)) => (Barrier::Silence, side),
        // The one meaning of `timeout` that is documented: the agent never came.
        None if timeout => (Barrier::Silence, Side::Agent),
        None => (Barrier::Silence, Side::Unknown),
    };
    never(barrier, side, said)
}

fn reviewed(facts: &CallFacts) -> Found {
    match Judged::of(facts) {
        Judged::Reviewed(true) => Some((Outcome::Passed, Why::ReviewedPassed)),
        Judged::Reviewed(false) => Some((Outcome::AgentFailed, Why::ReviewedFailed)),
        _ => None,
    }
}

/// Something broke, and no transcript has been read yet that would tell a failed agent from a call
/// that never connected. Such a call is not blamed on the agent before that is known.
fn speech_unknown(facts: &CallFacts) -> Found {
    let broke = went_wrong(facts)
        || group_of(facts) == EndedGroup::TesterBroke
        || (error_of(facts).is_some() && !Judged::of(facts).is_pass());
    let waits = facts.agent_spoke.is_none() && broke && !Judged::of(facts).is_pass();
    waits.then(|| (Outcome::NeedsALook, Why::SpeechUnknown { text: broke_text(facts) }))
}

fn agent_failed(facts: &CallFacts) -> Found {
    if !is_completed(facts) || Judged::of(facts) != Judged::No {
        return None;
    }
    failed_checks(facts).into_iter().next().map(|why| (Outcome::AgentFailed, why))
}

fn passed(facts: &CallFacts) -> Found {
    if !is_completed(facts) || Judged::of(facts) != Judged::Yes || error_of(facts).is_some() {
        return None;
    }
    if expected_score(facts).is_some_and(is_full) {
        Some((Outcome::Passed, Why::ExpectedOutcomeMet))
    } else if rubric_passed(facts) {
        Some((Outcome::Passed, Why::RubricPassed))
    } else {
        None
    }
}

fn doubt(facts: &CallFacts) -> Why {
    if went_wrong(facts) {
        return Why::BrokeOff { text: broke_text(facts) };
    }
    match Judged::of(facts) {
        Judged::Yes | Judged::Reviewed(_) => {
            if let Some(text) = error_of(facts) {
                Why::PassWithError { text }
            } else if let Some(score) = expected_score(facts) {
                Why::PartlyMet { score }
            } else {
                Why::NothingJudged
            }
        }
        Judged::No => Why::FailureUnexplained,
        Judged::Not => Why::NoJudgement { text: error_of(facts) },
    }
}

/// Every check that says what the agent did wrong: the expected outcome, then the rubric, which
/// decides, then the other yes-or-no metrics. A metric that a failing rule is about is named once.
pub fn failed_checks(facts: &CallFacts) -> Vec<Why> {
    let mut all = Vec::new();
    let unmet = facts
        .expected_outcome
        .as_ref()
        .is_some_and(|outcome| outcome.criteria.iter().any(|one| one.met == Some(false)));
    let score = expected_score(facts);
    let not_met = score.map_or(unmet, |score| !is_full(score));
    if not_met {
        all.push(Why::ExpectedOutcomeNotMet { score, text: expected_text(facts) });
    }
    let mut named = Vec::new();
    for rule in facts.rubric.iter().filter(|rule| rule.passed == Some(false)) {
        named.extend(rule.name.as_deref().map(normal));
        all.push(Why::RubricFailed {
            name: text(rule.name.as_deref()),
            text: line::unmet(&rule.explanation),
        });
    }
    for metric in facts.metrics.iter().filter(|metric| metric.passed == Some(false)) {
        let name = normal(&metric.name);
        if named.contains(&name) || (not_met && is_expected_outcome(&metric.name)) {
            continue;
        }
        all.push(Why::MetricFailed {
            name: metric.name.trim().to_owned(),
            text: line::unmet(&metric.explanation),
        });
    }
    all
}

/// The expected outcome in percent: the score on the call, otherwise a metric of that name.
fn expected_score(facts: &CallFacts) -> Option<f64> {
    let on_the_call = facts.expected_outcome.as_ref().and_then(|outcome| outcome.score);
    let from_metric = || {
        facts.metrics.iter().filter(|metric| is_expected_outcome(&metric.name)).find_map(|metric| {
            match (metric.passed, metric.value, metric.kind) {
                (Some(yes), _, _) => Some(if yes { 100.0 } else { 0.0 }),
                // Ratings run from 0 to 5, and the API shows them as percent.
                (None, Some(value), MetricKind::Rating) => Some(value * 20.0),
                (None, Some(value), MetricKind::Binary) => {
                    Some(if value > 0.0 { 100.0 } else { 0.0 })
                }
                (None, value, _) => value,
            }
        })
    };
    on_the_call
        .filter(|score| score.is_finite())
        .or_else(from_metric)
        .filter(|score| score.is_finite())
}

/// The criterion that was not met, because it is the same text in every call that misses it;
/// otherwise what the judge wrote about it.
fn expected_text(facts: &CallFacts) -> Option<String> {
    let outcome = facts.expected_outcome.as_ref();
    let criterion = outcome.and_then(|outcome| {
        outcome
            .criteria
            .iter()
            .filter(|one| one.met == Some(false))
            .find_map(|one| text(Some(line::mark(&one.text).1)))
    });
    let said = || outcome.and_then(|outcome| line::unmet(&outcome.explanations));
    let of_the_metric = || {
        facts
            .metrics
            .iter()
            .filter(|metric| is_expected_outcome(&metric.name))
            .find_map(|metric| line::unmet(&metric.explanation))
    };
    criterion.or_else(said).or_else(of_the_metric)
}

fn is_expected_outcome(name: &str) -> bool {
    words(name).iter().map(String::as_str).eq(["expected", "outcome"])
}

/// Fully met: 100, but for the last digit of a division.
fn is_full(score: f64) -> bool {
    score >= 100.0 - 1e-6
}

/// Some rule holds and none fails. Where every rule was skipped, nothing was judged.
fn rubric_passed(facts: &CallFacts) -> bool {
    facts.rubric.iter().any(|rule| rule.passed == Some(true))
        && facts.rubric.iter().all(|rule| rule.passed != Some(false))
}

fn is_completed(facts: &CallFacts) -> bool {
    facts.status.as_deref().is_some_and(|status| normal(status) == "completed")
}

fn went_wrong(facts: &CallFacts) -> bool {
    facts
        .status
        .as_deref()
        .is_some_and(|status| matches!(normal(status).as_str(), "failed" | "timeout"))
}

fn group_of(facts: &CallFacts) -> EndedGroup {
    facts.ended_reason.as_deref().map_or(EndedGroup::Other, ended_group)
}

/// The error message, unless it is empty or only spells out that there is none.
fn error_of(facts: &CallFacts) -> Option<String> {
    text(facts.error_message.as_deref())
        .filter(|error| !matches!(error.to_lowercase().as_str(), "none" | "null"))
}

fn broke_text(facts: &CallFacts) -> Option<String> {
    error_of(facts).or_else(|| text(facts.ended_reason.as_deref()))
}

fn text(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}
