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
        // Kept as typed: a blank at the end is where somebody is about to go on.
        let text = if text.trim().is_empty() { "" } else { text };
        self.ledger().note_put(workspace, call, text)?;
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
        metric_of(on)?;
        let mut human = self.ledger().human(workspace, call)?.unwrap_or_default();
        match up {
            Some(up) => human.votes.insert(on.to_owned(), up),
            None => human.votes.remove(on),
        };
        human.sent = false;
        self.ledger().human_put(workspace, call, &human)?;
        let taken_back = up.is_none().then_some(on);
        self.tell_server(workspace, call, human, taken_back).await
    }

    /// A person's own verdict on a call: passed, failed, or none.
    pub async fn review_save(
        &self,
        call: i64,
        passed: Option<bool>,
    ) -> Result<HumanView, EngineError> {
        let workspace = self.workspace_shown()?;
        let mut human = self.ledger().human(workspace, call)?.unwrap_or_default();
        if human.review.is_none() && passed.is_some() {
            self.keep_judgement(workspace, call)?;
        }
        human.review = passed;
        human.sent = false;
        self.ledger().human_put(workspace, call, &human)?;
        self.store_again(workspace, call)?;
        self.tell_server(workspace, call, human, None).await
    }

    /// Tells the server what it has not heard yet. Called after a pass that worked.
    pub(crate) async fn tell_unsent(&self, workspace: i64, client: &cekura::Client) -> Outcome<()> {
        for (call, human) in self.ledger().humans_unsent(workspace)? {
            match self.send_human(workspace, client, call, &human, None).await {
                Ok(()) => self.sent(workspace, call, &human)?,
                // A call that is gone there; it stays here.
                Err(error) if crate::follow::is_about_one(error.code) => {
                    self.sent(workspace, call, &human)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// What a person said stays said here whether the server hears it or not, and the page shows
    /// that it does not know it yet.
    async fn tell_server(
        &self,
        workspace: i64,
        call: i64,
        human: ledger::HumanVerdict,
        taken_back: Option<&str>,
    ) -> Outcome<HumanView> {
        let sent = match self.session().and_then(|session| session.client()) {
            Ok(client) => self.send_human(workspace, &client, call, &human, taken_back).await,
            Err(error) => Err(error),
        };
        match sent {
            Ok(()) => self.sent(workspace, call, &human)?,
            Err(error) => {
                if let Ok(session) = self.session() {
                    self.failed(&session, &error);
                }
                tracing::info!(code = error.code.as_str(), "a review is kept here only");
            }
        }
        Ok(human_view(&self.ledger().human(workspace, call)?.unwrap_or_default()))
    }

    /// Everything a person said of a call. Saying it twice changes nothing at the server.
    async fn send_human(
        &self,
        workspace: i64,
        client: &cekura::Client,
        call: i64,
        human: &ledger::HumanVerdict,
        taken_back: Option<&str>,
    ) -> Outcome<()> {
        let run = cekura::RunId::from(call);
        let votes = human.votes.iter().map(|(on, up)| (on.as_str(), Some(*up)));
        for (on, up) in votes.chain(taken_back.map(|on| (on, None))) {
            match metric_of(on)? {
                Some(metric) => client.vote_metric(run, metric, up, None, None).await?,
                None => client.vote_expected_outcome(run, up, None).await?,
            }
        }
        let judged = self.judgement(workspace, call)?;
        let review = match (human.review, judged) {
            (Some(passed), _) => cekura::RunReview::verdict(passed),
            // Taken back: what the judge had said stands again.
            (None, Some(judged)) => cekura::RunReview {
                success: Some(judged == "success"),
                evaluation_status: Some(judged),
                is_reviewed: Some(false),
                feedback: None,
            },
            (None, None) => return Ok(()),
        };
        client.review_run(run, &review).await?;
        Ok(())
    }

    /// The server knows; unless a person has said something else meanwhile.
    fn sent(&self, workspace: i64, call: i64, told: &ledger::HumanVerdict) -> Outcome<()> {
        let Some(mut now) = self.ledger().human(workspace, call)? else { return Ok(()) };
        if now.review == told.review && now.votes == told.votes {
            now.sent = true;
            self.ledger().human_put(workspace, call, &now)?;
        }
        Ok(())
    }

    /// Remembers what the judge had said, before the first verdict of a person covers it.
    fn keep_judgement(&self, workspace: i64, call: i64) -> Outcome<()> {
        let Some(record) = self.ledger().call(workspace, call)? else { return Ok(()) };
        let judged = crate::facts::text_of(&record.raw, "evaluation_status")
            .filter(|status| !status.starts_with("reviewed"));
        if let Some(judged) = judged {
            self.ledger().set_setting(&judgement_key(workspace, call), &judged.into())?;
        }
        Ok(())
    }

    fn judgement(&self, workspace: i64, call: i64) -> Outcome<Option<String>> {
        Ok(self
            .ledger()
            .setting(&judgement_key(workspace, call))?
            .and_then(|judged| judged.as_str().map(str::to_owned)))
    }
}

fn judgement_key(workspace: i64, call: i64) -> String {
    format!("judged/{workspace}/{call}")
}

/// The metric a vote is on; none for the expected outcome.
fn metric_of(on: &str) -> Outcome<Option<cekura::MetricId>> {
    match on {
        EXPECTED_OUTCOME => Ok(None),
        id => id
            .parse::<i64>()
            .map(|id| Some(cekura::MetricId::from(id)))
            .map_err(|_| EngineError::new(Code::BadInput)),
    }
}

pub(crate) fn human_view(human: &ledger::HumanVerdict) -> HumanView {
    HumanView { review: human.review, votes: human.votes.clone(), sent: human.sent }
}
