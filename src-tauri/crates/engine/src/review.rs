//! What people say of calls: notes, votes on the judge, their own verdict. Kept in the journal
//! first, then told to the server; a server that is away takes nothing from it.

use crate::code::Code;
use crate::core::Engine;
use crate::error::{EngineError, Outcome};
use crate::view::HumanView;

/// The vote on the expected outcome goes by this name among the votes on metrics.
const EXPECTED_OUTCOME: &str = "expected_outcome";
/// A note is a few lines, not a document.
const NOTE_MAX: usize = 10_000;

impl Engine {
    /// Keeps a note with a call; an empty one takes it away. The API has no notes: it stays here.
    pub fn note_save(&self, call: i64, text: &str) -> Result<(), EngineError> {
        if text.chars().count() > NOTE_MAX {
            return Err(
                EngineError::new(Code::BadInput).with_detail("a note has up to 10,000 characters")
            );
        }
        let workspace = self.workspace_shown()?;
        self.ledger().note_put(workspace, call, text.trim())?;
        Ok(())
    }

    /// Says whether the judge was right about a metric (by its id) or the expected outcome.
    pub async fn vote_save(
        &self,
        call: i64,
        on: &str,
        up: Option<bool>,
    ) -> Result<HumanView, EngineError> {
        let workspace = self.workspace_shown()?;
        let metric = match on {
            EXPECTED_OUTCOME => None,
            id => Some(id.parse::<i64>().map_err(|_| EngineError::new(Code::BadInput))?),
        };
        let mut human = self.ledger().human(workspace, call)?.unwrap_or_default();
        match up {
            Some(up) => human.votes.insert(on.to_owned(), up),
            None => human.votes.remove(on),
        };
        human.sent = false;
        self.ledger().human_put(workspace, call, &human)?;
        let run = cekura::RunId::from(call);
        let sent = match self.session().and_then(|session| session.client()) {
            Ok(client) => match metric {
                Some(metric) => {
                    client.vote_metric(run, cekura::MetricId::from(metric), up, None, None).await
                }
                None => client.vote_expected_outcome(run, up, None).await,
            }
            .map_err(EngineError::from),
            Err(error) => Err(error),
        };
        self.told(workspace, call, human, sent)
    }

    /// A person's own verdict on a call: passed, failed, or none.
    pub async fn review_save(
        &self,
        call: i64,
        passed: Option<bool>,
    ) -> Result<HumanView, EngineError> {
        let workspace = self.workspace_shown()?;
        let mut human = self.ledger().human(workspace, call)?.unwrap_or_default();
        human.review = passed;
        human.sent = false;
        self.ledger().human_put(workspace, call, &human)?;
        self.store_again(workspace, call)?;
        let review = cekura::RunReview {
            evaluation_status: passed.map(|passed| {
                if passed { "reviewed_success".to_owned() } else { "reviewed_failure".to_owned() }
            }),
            success: passed,
            is_reviewed: Some(passed.is_some()),
            feedback: None,
        };
        let sent = match self.session().and_then(|session| session.client()) {
            Ok(client) => client
                .review_run(cekura::RunId::from(call), &review)
                .await
                .map_err(EngineError::from),
            Err(error) => Err(error),
        };
        self.told(workspace, call, human, sent)
    }

    /// Remembers whether the server has heard. What a person said stays said here either way, and
    /// the page shows that the server does not know it yet.
    fn told(
        &self,
        workspace: i64,
        call: i64,
        mut human: ledger::HumanVerdict,
        sent: Outcome<()>,
    ) -> Outcome<HumanView> {
        match sent {
            Ok(()) => {
                human.sent = true;
                self.ledger().human_put(workspace, call, &human)?;
            }
            Err(error) => {
                if let Ok(session) = self.session() {
                    self.failed(&session, &error);
                }
                tracing::info!(code = error.code.as_str(), "a review is kept here only");
            }
        }
        Ok(human_view(&human))
    }
}

pub(crate) fn human_view(human: &ledger::HumanVerdict) -> HumanView {
    HumanView { review: human.review, votes: human.votes.clone(), sent: human.sent }
}
