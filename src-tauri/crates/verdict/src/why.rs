//! Why a call has its outcome: a stable code, and what a sentence about it needs.

use std::borrow::Cow;
use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};

/// Whose side it was on that a call never connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The agent under test, or the number or room it is reached by.
    Agent,
    /// Cekura's caller.
    Tester,
    /// What lies between them.
    Network,
    /// A limit: calls at once, credits, a plan.
    Limit,
    /// The API does not say.
    Unknown,
}

/// What stood in the way of a call that never connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Barrier {
    /// No place was free: the agent was at its limit.
    AtLimit,
    /// A limit of the account or its plan was reached.
    AccountLimit,
    /// There were no credits left.
    NoCredits,
    /// The agent did not answer, was busy, or was no number at all.
    NoAnswer,
    /// The connection was refused, cancelled or broke before a word.
    NotConnected,
    /// Cekura's caller failed.
    TesterBroke,
    /// It failed or ran out of time, and the agent had not said a word.
    Silence,
}

/// Why a call has its outcome.
#[derive(Debug, Clone, PartialEq)]
pub enum Why {
    /// In progress: waiting for a free place.
    Waiting,
    /// In progress: being connected.
    Connecting,
    /// In progress: the conversation goes on.
    Talking,
    /// In progress: the conversation is over, the checks are being computed.
    Judging,
    /// In progress: a state this version does not know, or none.
    Working {
        /// The API's word for it.
        status: Option<String>,
    },
    /// Stopped: by a person or with the whole result.
    StoppedByPerson,
    /// Never connected.
    NeverConnected {
        /// Whose side it was on.
        side: Side,
        /// What stood in the way.
        barrier: Barrier,
        /// The API's own words: its ended reason, otherwise its error message.
        reason: Option<String>,
    },
    /// A person reviewed it as passed.
    ReviewedPassed,
    /// A person reviewed it as failed.
    ReviewedFailed,
    /// Agent failed: the expected outcome was not fully met.
    ExpectedOutcomeNotMet {
        /// Percent, where there is a score.
        score: Option<f64>,
        /// The first criterion that was not met, or the line of an explanation that says so.
        text: Option<String>,
    },
    /// Agent failed: a rule of the project's rubric.
    RubricFailed {
        /// The metric the rule is about.
        name: Option<String>,
        /// The line of its explanation that says what went wrong.
        text: Option<String>,
    },
    /// Agent failed: a yes-or-no metric said no.
    MetricFailed {
        /// The metric.
        name: String,
        /// The line of its explanation that says what went wrong.
        text: Option<String>,
    },
    /// Passed: the expected outcome was fully met.
    ExpectedOutcomeMet,
    /// Passed: the project's rubric.
    RubricPassed,
    /// Needs a look: judged a pass, and there is an error message.
    PassWithError {
        /// The error message.
        text: String,
    },
    /// Needs a look: judged a pass although the expected outcome was not fully met.
    PartlyMet {
        /// Percent.
        score: f64,
    },
    /// Needs a look: called a pass, but nothing was judged; it only means that the call connected.
    NothingJudged,
    /// Needs a look: completed without a judgement.
    NoJudgement {
        /// The error message, where there is one.
        text: Option<String>,
    },
    /// Needs a look: judged a failure, and no check says why.
    FailureUnexplained,
    /// Needs a look: it failed or ran out of time in the middle of the conversation.
    BrokeOff {
        /// The ended reason or the error message.
        text: Option<String>,
    },
    /// Needs a look: it went wrong, and the transcript that would say whether the agent ever spoke
    /// is not known yet.
    SpeechUnknown {
        /// The ended reason or the error message.
        text: Option<String>,
    },
}

impl Why {
    /// Every code, for the table of sentences and its test.
    pub const CODES: [&'static str; 27] = [
        "waiting",
        "connecting",
        "talking",
        "judging",
        "working",
        "stopped_by_person",
        "at_limit",
        "account_limit",
        "no_credits",
        "no_answer",
        "not_connected",
        "tester_broke",
        "silence",
        "reviewed_passed",
        "reviewed_failed",
        "expected_outcome_not_met",
        "rubric_failed",
        "metric_failed",
        "expected_outcome_met",
        "rubric_passed",
        "pass_with_error",
        "partly_met",
        "nothing_judged",
        "no_judgement",
        "failure_unexplained",
        "broke_off",
        "speech_unknown",
    ];

    /// The stable code, one of [`Self::CODES`]. A call that never connected goes by its barrier.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Connecting => "connecting",
            Self::Talking => "talking",
            Self::Judging => "judging",
            Self::Working { .. } => "working",
            Self::StoppedByPerson => "stopped_by_person",
            Self::NeverConnected { barrier, .. } => barrier.code(),
            Self::ReviewedPassed => "reviewed_passed",
            Self::ReviewedFailed => "reviewed_failed",
            Self::ExpectedOutcomeNotMet { .. } => "expected_outcome_not_met",
            Self::RubricFailed { .. } => "rubric_failed",
            Self::MetricFailed { .. } => "metric_failed",
            Self::ExpectedOutcomeMet => "expected_outcome_met",
            Self::RubricPassed => "rubric_passed",
            Self::PassWithError { .. } => "pass_with_error",
            Self::PartlyMet { .. } => "partly_met",
            Self::NothingJudged => "nothing_judged",
            Self::NoJudgement { .. } => "no_judgement",
            Self::FailureUnexplained => "failure_unexplained",
            Self::BrokeOff { .. } => "broke_off",
            Self::SpeechUnknown { .. } => "speech_unknown",
        }
    }
}

impl Barrier {
    /// The stable code, one of [`Why::CODES`].
    pub const fn code(self) -> &'static str {
        match self {
            Self::AtLimit => "at_limit",
            Self::AccountLimit => "account_limit",
            Self::NoCredits => "no_credits",
            Self::NoAnswer => "no_answer",
            Self::NotConnected => "not_connected",
            Self::TesterBroke => "tester_broke",
            Self::Silence => "silence",
        }
    }
}

/// A reason as it is stored and shown: the code of a [`Why`] with the ingredients of its sentence.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Reason {
    /// One of [`Why::CODES`], or a code of a later version.
    #[serde(deserialize_with = "code")]
    pub code: Cow<'static, str>,
    /// A name, a criterion or the API's words. Where a name and its explanation both are known, the
    /// name comes first and a colon and a blank stand between them.
    pub text: Option<String>,
    /// The name alone, for a metric or a rule that has one: what calls that failed it have in
    /// common. Absent in what versions before this one stored.
    #[serde(default)]
    pub name: Option<String>,
    /// Whose side it was on, for a call that never connected.
    pub side: Option<Side>,
    /// Percent, where there is a score.
    pub number: Option<f64>,
}

/// A code; one that is known is not copied.
fn code<'de, D: Deserializer<'de>>(from: D) -> Result<Cow<'static, str>, D::Error> {
    struct Code;
    impl Visitor<'_> for Code {
        type Value = Cow<'static, str>;

        fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
            to.write_str("a code")
        }

        fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
            let known = Why::CODES.into_iter().find(|code| *code == text);
            Ok(known.map_or_else(|| Cow::Owned(text.to_owned()), Cow::Borrowed))
        }
    }
    from.deserialize_str(Code)
}

impl From<&Why> for Reason {
    fn from(why: &Why) -> Self {
        let (text, side, number) = match why {
            Why::NeverConnected { side, reason, .. } => (reason.clone(), Some(*side), None),
            Why::ExpectedOutcomeNotMet { score, text } => (text.clone(), None, *score),
            Why::RubricFailed { name, text } => {
                (named(name.as_deref(), text.as_deref()), None, None)
            }
            Why::MetricFailed { name, text } => (named(Some(name), text.as_deref()), None, None),
            Why::PassWithError { text } => (Some(text.clone()), None, None),
            Why::PartlyMet { score } => (None, None, Some(*score)),
            Why::Working { status: text }
            | Why::NoJudgement { text }
            | Why::BrokeOff { text }
            | Why::SpeechUnknown { text } => (text.clone(), None, None),
            Why::Waiting
            | Why::Connecting
            | Why::Talking
            | Why::Judging
            | Why::StoppedByPerson
            | Why::ReviewedPassed
            | Why::ReviewedFailed
            | Why::ExpectedOutcomeMet
            | Why::RubricPassed
            | Why::NothingJudged
            | Why::FailureUnexplained => (None, None, None),
        };
        let name = match why {
            Why::RubricFailed { name, .. } => name.clone(),
            Why::MetricFailed { name, .. } => Some(name.clone()),
            _ => None,
        };
        let name = name.filter(|name| !name.trim().is_empty());
        Self { code: Cow::Borrowed(why.code()), text, name, side, number }
    }
}

fn named(name: Option<&str>, text: Option<&str>) -> Option<String> {
    match (name.filter(|name| !name.trim().is_empty()), text) {
        (Some(name), Some(text)) => Some(format!("{name}: {text}")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}
