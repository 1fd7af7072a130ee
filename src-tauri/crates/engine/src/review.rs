//! What people say of calls: notes, votes on the judge, their own verdict. Kept in the journal
//! first, then told to the server; a server that is away takes nothing from it.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::code::Code;
use crate::core::Engine;
use crate::error::{EngineError, Outcome};
use crate::storing::Seen;
use crate::view::HumanView;

/// The vote on the expected outcome goes by this name among the votes on metrics.
const EXPECTED_OUTCOME: &str = "expected_outcome";
/// The verdict on the call goes by this name among what was taken back. Votes go by numbers.
const REVIEW: &str = "review";
/// A note is a few lines, not a document.
const NOTE_MAX: u16 = 10_000;
/// What the server refused is told again after this: it may be a matter of the key or of the plan,
/// which change, but not from one pass to the next.
const REFUSED_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// The two fields in which the API keeps a judgement. Some answers have only one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Judgement {
    evaluation_status: Option<String>,
    success: Option<bool>,
}

impl Judgement {
    /// None where the call has not been judged.
    fn of(raw: &Value) -> Option<Self> {
        let run = cekura::Run::from_value(raw).ok()?;
        let status = run.evaluation_status.filter(|status| !status.trim().is_empty());
        (status.is_some() || run.success.is_some())
            .then_some(Self { evaluation_status: status, success: run.success })
    }

    fn is_a_persons(&self) -> bool {
        self.evaluation_status.as_deref().is_some_and(is_reviewed)
    }

    /// What the server is told so that this stands again. A field that is left out stays as it is
    /// there, so both are named.
    fn review(&self) -> cekura::RunReview {
        let word = |passed| if passed { "success" } else { "failure" };
        let status =
            self.evaluation_status.clone().or_else(|| self.success.map(word).map(str::to_owned));
        let success =
            self.success.or_else(|| status.as_deref().map(|said| said.ends_with("success")));
        cekura::RunReview {
            success,
            evaluation_status: status,
            is_reviewed: Some(self.is_a_persons()),
            feedback: None,
        }
    }

    /// The same JSON with this in the place of a person's verdict; nothing where there is none.
    fn instead(&self, raw: &Value) -> Option<Value> {
        if !Self::of(raw)?.is_a_persons() {
            return None;
        }
        let mut raw = raw.clone();
        let fields = raw.as_object_mut()?;
        fields.insert("evaluation_status".to_owned(), self.evaluation_status.clone().into());
        fields.insert("success".to_owned(), self.success.into());
        fields.insert("is_reviewed".to_owned(), self.is_a_persons().into());
        Some(raw)
    }
}

fn is_reviewed(status: &str) -> bool {
    status.trim().to_lowercase().starts_with("reviewed")
}

impl Engine {
    /// Keeps a note with a call; an empty one takes it away. The API has no notes: it stays here.
    pub fn note_save(&self, call: i64, text: &str) -> Result<(), EngineError> {
        if text.chars().count() > NOTE_MAX.into() {
            return Err(EngineError::bad_length(NOTE_MAX));
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
        let (human, judged) = self.ledger().human_change(workspace, call, |human, judged| {
            if let Some(up) = up {
                human.votes.insert(on.to_owned(), up);
                judged.taken_back.remove(on);
            } else {
                human.votes.remove(on);
                judged.taken_back.insert(on.to_owned());
            }
            human.sent = false;
        })?;
        self.tell_server(workspace, call, &human, &judged).await
    }

    /// A person's own verdict on a call: passed, failed, or none.
    pub async fn review_save(
        &self,
        call: i64,
        passed: Option<bool>,
    ) -> Result<HumanView, EngineError> {
        let workspace = self.workspace_shown()?;
        let said = passed.is_some().then(|| self.said_before(workspace, call)).transpose()?;
        let (human, judged) = self.ledger().human_change(workspace, call, |human, judged| {
            // What stands in the place of a verdict that was here before is not the judge's word.
            if human.review.is_none()
                && let Some(said) = said.flatten()
                && (!said.is_a_persons() || judged.before.is_null())
            {
                judged.before = serde_json::to_value(said).unwrap_or_default();
            }
            match (human.review, passed) {
                (_, Some(_)) => {
                    judged.taken_back.remove(REVIEW);
                }
                (Some(_), None) => {
                    judged.taken_back.insert(REVIEW.to_owned());
                }
                (None, None) => {}
            }
            human.review = passed;
            human.sent = false;
        })?;
        self.store_again(workspace, call)?;
        if passed.is_none() {
            self.stands_again(workspace, call)?;
        }
        self.tell_server(workspace, call, &human, &judged).await
    }

    /// Tells the server what it has not heard yet. Called after a pass that worked.
    pub(crate) async fn tell_unsent(&self, workspace: i64, client: &cekura::Client) -> Outcome<()> {
        for (call, human) in self.ledger().humans_unsent(workspace)? {
            let judged = self.ledger().judged(workspace, call)?;
            let refused_at = judged.refused_at;
            if refused_at.is_some_and(|at| self.now().duration_since(at) < REFUSED_PAUSE) {
                continue;
            }
            match self.send_human(workspace, client, call, &human, &judged).await {
                Err(error) if !self.refused(workspace, call, &human, &judged, error.code)? => {
                    return Err(error);
                }
                _ => {}
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
        human: &ledger::HumanVerdict,
        judged: &ledger::Judged,
    ) -> Outcome<HumanView> {
        let sent = match self.session().and_then(|session| session.client()) {
            Ok(client) => self.send_human(workspace, &client, call, human, judged).await,
            Err(error) => Err(error),
        };
        if let Err(error) = sent {
            if !self.refused(workspace, call, human, judged, error.code)?
                && let Ok(session) = self.session()
            {
                self.failed(&session, &error);
            }
            tracing::info!(code = error.code.as_str(), "a review is kept here only");
        }
        Ok(human_view(self.ledger().human(workspace, call)?))
    }

    /// Everything a person said of a call, and what they took back. Saying it twice changes nothing
    /// at the server.
    async fn send_human(
        &self,
        workspace: i64,
        client: &cekura::Client,
        call: i64,
        human: &ledger::HumanVerdict,
        judged: &ledger::Judged,
    ) -> Outcome<()> {
        let run = cekura::RunId::from(call);
        let votes = human.votes.iter().map(|(on, up)| (on.as_str(), Some(*up)));
        let gone = judged
            .taken_back
            .iter()
            .filter(|on| *on != REVIEW && !human.votes.contains_key(on.as_str()));
        for (on, up) in votes.chain(gone.map(|on| (on.as_str(), None))) {
            match metric_of(on)? {
                Some(metric) => client.vote_metric(run, metric, up, None, None).await?,
                None => client.vote_expected_outcome(run, up, None).await?,
            }
        }
        let taken_back = judged.taken_back.contains(REVIEW);
        let review = match human.review {
            Some(passed) => Some(cekura::RunReview::verdict(passed)),
            // What had been said before stands again.
            None if taken_back => Some(before(judged).review()),
            None => None,
        };
        if let Some(review) = review {
            client.review_run(run, &review).await?;
        }
        self.ledger().human_sent(workspace, call, human, judged)?;
        if taken_back {
            self.read_again(workspace, client, call).await;
        }
        Ok(())
    }

    /// Whether the answer was about this call alone. A call that is gone there will not be asked for
    /// again; any other refusal leaves the server without what was said, and is asked again later.
    fn refused(
        &self,
        workspace: i64,
        call: i64,
        human: &ledger::HumanVerdict,
        judged: &ledger::Judged,
        code: Code,
    ) -> Outcome<bool> {
        if matches!(code, Code::NotFound | Code::Gone) {
            self.ledger().human_sent(workspace, call, human, judged)?;
            return Ok(true);
        }
        let about_it = crate::follow::is_about_one(code);
        if about_it {
            let now = self.now();
            self.ledger().human_change(workspace, call, |_, judged| {
                judged.refused_at = Some(now);
            })?;
        }
        Ok(about_it)
    }

    /// What is said of a call as it is kept.
    fn said_before(&self, workspace: i64, call: i64) -> Outcome<Option<Judgement>> {
        let Some(record) = self.ledger().call(workspace, call)? else { return Ok(None) };
        let whole = Judgement::of(&record.raw);
        // The row that came after the full reading is the later word.
        let Some(later) = record.update.as_ref().and_then(Judgement::of) else { return Ok(whole) };
        let whole = whole.unwrap_or_default();
        Ok(Some(Judgement {
            evaluation_status: later.evaluation_status.or(whole.evaluation_status),
            success: later.success.or(whole.success),
        }))
    }

    /// Takes a person's verdict out of what is kept of a call: the server may have told it back.
    fn stands_again(&self, workspace: i64, call: i64) -> Outcome<()> {
        let Some(record) = self.ledger().call(workspace, call)? else { return Ok(()) };
        let before = before(&self.ledger().judged(workspace, call)?);
        for raw in [Some(record.raw), record.update].into_iter().flatten() {
            if let Some(raw) = before.instead(&raw)
                && let Ok(run) = cekura::Run::from_value(&raw)
            {
                self.store_calls(workspace, record.row.result, &[run], &mut Seen::default())?;
            }
        }
        Ok(())
    }

    /// Reads the call from the server after it was told something. It was told, whether this works
    /// or not.
    async fn read_again(&self, workspace: i64, client: &cekura::Client, call: i64) {
        let read = client.run(cekura::RunId::from(call)).await.map_err(EngineError::from);
        let kept = read.and_then(|run| {
            let Some(record) = self.ledger().call(workspace, call)? else { return Ok(()) };
            self.store_calls(workspace, record.row.result, &[run], &mut Seen::default())
        });
        if let Err(error) = kept {
            tracing::info!(code = error.code.as_str(), "a call was not read again");
        }
    }
}

/// What had been said of a call before the first verdict of a person here covered it.
fn before(judged: &ledger::Judged) -> Judgement {
    serde_json::from_value(judged.before.clone()).unwrap_or_default()
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

pub(crate) fn human_view(human: Option<ledger::HumanVerdict>) -> HumanView {
    // Nothing said, and nothing taken back: there is nothing that the server would have to know.
    let sent = human.as_ref().is_none_or(|human| human.sent);
    let human = human.unwrap_or_default();
    HumanView { review: human.review, votes: human.votes, sent }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test that cannot go on should say so")]
mod tests {
    use serde_json::json;

    use super::Judgement;

    fn said(status: Option<&str>, success: Option<bool>) -> Judgement {
        Judgement { evaluation_status: status.map(str::to_owned), success }
    }

    #[test]
    fn a_judgement_is_read_from_either_field() {
        let of = |raw| Judgement::of(&raw);
        assert_eq!(of(json!({ "id": 1 })), None);
        assert_eq!(of(json!({ "id": 1, "evaluation_status": "" })), None);
        assert_eq!(of(json!({ "id": 1, "success": true })), Some(said(None, Some(true))));
        let both = json!({ "id": 1, "evaluation_status": "failure", "success": false });
        assert_eq!(of(both), Some(said(Some("failure"), Some(false))));
    }

    #[test]
    fn what_the_server_is_told_covers_both_fields_of_a_verdict() {
        let told = |judgement: Judgement| {
            let review = judgement.review();
            (review.evaluation_status, review.success, review.is_reviewed)
        };
        let word = |word: &str| Some(word.to_owned());
        assert_eq!(told(said(None, Some(false))), (word("failure"), Some(false), Some(false)));
        assert_eq!(told(said(None, Some(true))), (word("success"), Some(true), Some(false)));
        assert_eq!(told(said(Some("success"), None)), (word("success"), Some(true), Some(false)));
        assert_eq!(
            told(said(Some("reviewed_failure"), Some(false))),
            (word("reviewed_failure"), Some(false), Some(true)),
            "another person's verdict was there before"
        );
        assert_eq!(told(said(None, None)), (None, None, Some(false)));
    }

    #[test]
    fn only_a_persons_verdict_is_taken_out() {
        let judge = said(Some("success"), Some(true));
        assert_eq!(judge.instead(&json!({ "id": 1, "evaluation_status": "failure" })), None);
        assert_eq!(judge.instead(&json!({ "id": 1 })), None);
        let reviewed =
            json!({ "id": 1, "evaluation_status": "Reviewed_Failure", "success": false, "x": 2 });
        let raw = judge.instead(&reviewed).expect("a verdict to take out");
        assert_eq!(Judgement::of(&raw), Some(judge));
        assert_eq!((&raw["x"], &raw["is_reviewed"]), (&json!(2), &json!(false)));
        let raw = said(None, Some(true)).instead(&reviewed).expect("a verdict to take out");
        assert_eq!(Judgement::of(&raw), Some(said(None, Some(true))));
    }
}
