//! Kept calls that an earlier version of the program read, read anew from their JSON.
//!
//! The outcome and the reason of a call are kept beside it, and nothing else would ever look at a
//! finished result again: without this it would keep what an older version said of it.

use std::sync::Arc;

use ledger::{CallAnew, CallMeaning, CallRecord, CallRow};
use serde_json::Value;
use tracing::{info, warn};

use crate::core::Engine;
use crate::error::Outcome;
use crate::facts::{Evidence, StoredWhy, text_of};
use crate::session::Session;
use crate::view::FeedTopic;

/// Calls written in one commit: some milliseconds, in which nothing else is written.
const BATCH: u32 = 300;

/// A call that was looked at, before anybody asked what people say of it. Without its JSON, which is
/// large.
struct Looked {
    row: CallRow,
    /// `None` if its JSON cannot be read.
    evidence: Option<Evidence>,
    /// The row knows of a person's review at the server that its JSON does not tell.
    reviewed_since: bool,
}

impl Engine {
    /// Reads the kept calls of a session's workspace anew that an earlier version read, in the
    /// background. What has been read stays read when the session is left in the middle; the next
    /// one goes on.
    pub(crate) fn reread(&self, session: Arc<Session>) {
        let engine = self.clone();
        self.inner.tasks.spawn(async move {
            let anew = tokio::select! {
                () = session.cancel.cancelled() => return,
                anew = engine.reread_all(&session) => anew,
            };
            match anew {
                Ok(0) => {}
                Ok(calls) => info!(calls, "kept calls mean something else by this version"),
                Err(error) => warn!(code = error.code.as_str(), "kept calls were not read anew"),
            }
            engine.at("reread.ended");
        });
    }

    /// Gives how many calls mean something else now.
    async fn reread_all(&self, session: &Session) -> Outcome<u32> {
        let workspace = session.workspace.id;
        let behind = || self.ledger().calls_behind(workspace, verdict::READING, BATCH);
        if behind()?.is_empty() {
            return Ok(0);
        }
        // A beat, so that the first screen does not wait for this.
        (self.inner.config.network.sleep)(session.cadence.moving).await;
        let mut changed = 0;
        loop {
            // Asked again after each batch: what is stored meanwhile has been read by this version.
            let ids = behind()?;
            if ids.is_empty() {
                break;
            }
            let mut looked = Vec::with_capacity(ids.len());
            for id in ids {
                looked.extend(self.ledger().call(workspace, id)?.map(Looked::at));
                tokio::task::yield_now().await;
            }
            changed += self.keep_anew(workspace, &looked)?;
            self.at("reread.batch");
            tokio::task::yield_now().await;
        }
        if changed > 0 {
            // Last outcomes and usual lengths stand beside the evaluators.
            self.tell(FeedTopic::Catalogue, &[]);
        }
        Ok(changed)
    }

    fn keep_anew(&self, workspace: i64, looked: &[Looked]) -> Outcome<u32> {
        let _one_at_a_time =
            self.inner.storing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let ids: Vec<i64> = looked.iter().map(|call| call.row.id).collect();
        let humans = self.ledger().humans(workspace, &ids)?;
        let anew: Vec<CallAnew> = looked
            .iter()
            .map(|call| {
                let review = humans.get(&call.row.id).and_then(|human| human.review);
                CallAnew { id: call.row.id, seq: call.row.seq, meaning: call.meaning(review) }
            })
            .collect();
        Ok(self.ledger().calls_read_anew(workspace, verdict::READING, &anew)?)
    }
}

impl Looked {
    fn at(record: CallRecord) -> Self {
        let read = |raw: &Value| cekura::Run::from_value(raw).ok();
        let full = read(&record.raw).map(|run| Evidence::of(&run));
        let evidence = match &record.update {
            Some(update) => full.zip(read(update)).map(|(full, row)| full.then(&row)),
            None => full,
        };
        // Rows that came after the full reading have not always been kept beside it.
        let told = text_of(&record.raw, "evaluation_status")
            .is_some_and(|status| status.trim().to_lowercase().starts_with("reviewed"));
        let reviewed_since =
            StoredWhy::of(&record.row.why).reviewed && !told && record.update.is_none();
        Self { row: record.row, evidence, reviewed_since }
    }

    /// What the call means, where that is something else than before.
    fn meaning(&self, review: Option<bool>) -> Option<CallMeaning> {
        let evidence = self.evidence.as_ref()?;
        let ended = verdict::has_ended(evidence.facts.status.as_deref());
        // What is known is not taken away by JSON that knows less.
        if (self.row.ended && !ended) || (self.reviewed_since && review.is_none()) {
            return None;
        }
        let (outcome, why) = evidence.meaning(review);
        let same = outcome.as_str() == self.row.outcome
            && why == StoredWhy::of(&self.row.why)
            && ended == self.row.ended;
        (!same).then(|| CallMeaning {
            outcome: outcome.as_str().to_owned(),
            why: serde_json::to_value(why).unwrap_or_default(),
            ended,
        })
    }
}
