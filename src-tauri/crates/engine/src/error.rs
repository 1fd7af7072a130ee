//! One error for every use-case: a stable code, and what a sentence about it needs.

use crate::code::Code;
use crate::view::{ErrorView, FieldProblem};

/// Why a use-case did not do what was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}: {}", code.as_str(), detail.as_deref().unwrap_or("no detail"))]
pub struct EngineError {
    /// The stable code.
    pub code: Code,
    /// Technical detail, never the key.
    pub detail: Option<String>,
    /// The API's sentences, each with our name of the field it is about.
    pub problems: Vec<FieldProblem>,
    /// A number for the sentence: seconds to wait, or calls to confirm.
    pub number: Option<f64>,
}

impl EngineError {
    /// An error that needs nothing but its code.
    pub fn new(code: Code) -> Self {
        Self { code, detail: None, problems: Vec::new(), number: None }
    }

    /// The same with a technical detail.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The same with a number for its sentence.
    #[must_use]
    pub fn with_number(mut self, number: f64) -> Self {
        self.number = Some(number);
        self
    }

    /// A text that is empty where it must not be, or longer than `most` characters.
    pub(crate) fn bad_length(most: u16) -> Self {
        Self::new(Code::BadLength).with_number(most.into())
    }

    /// As the page gets it.
    pub fn view(&self) -> ErrorView {
        ErrorView {
            code: self.code,
            detail: self.detail.clone(),
            problems: self.problems.clone(),
            number: self.number,
        }
    }
}

/// Our names of the fields the API complains about. An unknown field keeps the API's name in the
/// message, where nobody mistakes it for one of ours.
fn our_field(theirs: &str) -> Option<&'static str> {
    let root = theirs.split(['[', '.']).next().unwrap_or(theirs);
    Some(match root {
        "scenarios" | "scenario" => "evaluators",
        "agent" | "agent_id" | "pipecat_data" => "agent",
        "frequency" => "times",
        "personality_ids" | "personality_id" => "callers",
        "test_profile_ids" | "test_profile_id" => "profiles",
        "name" => "name",
        "concurrency_limit" => "at_once",
        "mock_tool_names" => "mocks",
        _ => return None,
    })
}

/// The API's complaint in our fields' names.
pub(crate) fn problems_of(problem: &cekura::Problem) -> Vec<FieldProblem> {
    let mut all = Vec::new();
    for field in &problem.fields {
        for message in &field.messages {
            all.push(match our_field(&field.field) {
                Some(ours) => FieldProblem { field: ours.to_owned(), message: message.clone() },
                None => FieldProblem {
                    field: String::new(),
                    message: format!("{}: {message}", field.field),
                },
            });
        }
    }
    if all.is_empty() {
        all.extend(
            problem
                .messages
                .iter()
                .map(|message| FieldProblem { field: String::new(), message: message.clone() }),
        );
    }
    all
}

impl From<cekura::Error> for EngineError {
    fn from(error: cekura::Error) -> Self {
        let number = match &error.kind {
            cekura::ErrorKind::Throttled { after, .. }
            | cekura::ErrorKind::ServerTrouble { after, .. } => {
                after.map(|wait| wait.as_secs_f64())
            }
            _ => None,
        };
        // A page of markup is the word of whatever stands in between, which knows nothing of the key.
        // Where it stands for a 401 it is about everything, as a 401 is; where for a 403, it may be
        // about this one question.
        let code = match &error.kind {
            cekura::ErrorKind::BadKey(problem) if problem.is_page() => Code::NotCekura,
            cekura::ErrorKind::Forbidden(problem) if problem.is_page() => Code::WebPage,
            _ => Code::parse(error.code()),
        };
        Self {
            code,
            detail: Some(error.to_string()),
            problems: error.problem().map(problems_of).unwrap_or_default(),
            number,
        }
    }
}

impl From<ledger::LedgerError> for EngineError {
    fn from(error: ledger::LedgerError) -> Self {
        let code = match &error {
            // A launch that has gone on since the page read it is not what the page means.
            ledger::LedgerError::NotFound | ledger::LedgerError::BadArrow => Code::Gone,
            other => Code::parse(other.code()),
        };
        Self::new(code).with_detail(error.to_string())
    }
}

impl From<vault::VaultError> for EngineError {
    fn from(error: vault::VaultError) -> Self {
        Self::new(Code::parse(error.code())).with_detail(error.to_string())
    }
}

/// What every use-case gives back.
pub(crate) type Outcome<T> = Result<T, EngineError>;
