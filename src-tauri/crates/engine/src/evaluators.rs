//! Evaluators: the list of them with what calls tell of each, and one that is opened.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use jiff::{SignedDuration, Timestamp};
use ledger::EvaluatorRow;
use tracing::debug;

use crate::catalogue::evaluator_row;
use crate::code::Code;
use crate::core::Engine;
use crate::error::{EngineError, Outcome};
use crate::facts::{outcome_of, outcome_view, text_of};
use crate::follow::is_about_one;
use crate::session::Session;
use crate::view::{EvaluatorDetail, EvaluatorView, EvaluatorsTold, FeedTopic, OutcomeView};

/// Evaluators told at first: more than the highest screen has room for.
const FIRST_EVALUATORS: u32 = 100;
/// How many of the latest outcomes are shown beside an evaluator.
const LAST: u32 = 5;
/// An evaluator that was read from the server so recently is not read again: it is opened anew with
/// everything the feed tells of the catalogue.
const FRESH: SignedDuration = SignedDuration::from_secs(10);

/// An evaluator that was opened in this session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opened {
    /// Last asked for at this time.
    At(Timestamp),
    /// The server does not have it any more.
    Gone,
}

/// The readings of evaluators in this session, in the order in which they began.
#[derive(Default)]
pub(crate) struct Readings {
    begun: u64,
    /// The latest that was kept, by evaluator.
    kept: BTreeMap<i64, u64>,
}

impl Readings {
    fn begin(&mut self) -> u64 {
        self.begun += 1;
        self.begun
    }

    /// Whether what a later one brought is kept already.
    fn is_older(&self, evaluator: i64, reading: u64) -> bool {
        self.kept.get(&evaluator).is_some_and(|kept| *kept > reading)
    }
}

impl Engine {
    /// The evaluators that can be run against an agent: its own and those of no agent; all of them
    /// without one.
    pub fn evaluators_list(&self, agent: Option<i64>) -> Result<Vec<EvaluatorView>, EngineError> {
        let workspace = self.workspace_shown()?;
        self.evaluator_views(workspace, &self.ledger().evaluators(workspace, agent, None)?, None)
    }

    /// The same for a page that has reading `have` of it. Without one it gets the first rows of a
    /// long list.
    pub fn evaluators_told(
        &self,
        agent: Option<i64>,
        have: Option<u64>,
    ) -> Result<EvaluatorsTold, EngineError> {
        let workspace = self.workspace_shown()?;
        // One more than is told, to know whether there are more.
        let limit = have.is_none().then_some(FIRST_EVALUATORS + 1);
        let mut rows = self.ledger().evaluators(workspace, agent, limit)?;
        let first = FIRST_EVALUATORS as usize;
        let more = limit.is_some() && rows.len() > first;
        let mut of = None;
        if limit.is_some() {
            rows.truncate(first);
            of = Some(rows.iter().map(|row| row.id).collect::<Vec<_>>());
        }
        let views = self.evaluator_views(workspace, &rows, of.as_deref())?;
        Ok(self.inner.told.evaluators((workspace, agent), have, views, more))
    }

    /// Rows with what calls tell of them; `of` are their ids, where they are few.
    fn evaluator_views(
        &self,
        workspace: i64,
        rows: &[EvaluatorRow],
        of: Option<&[i64]>,
    ) -> Outcome<Vec<EvaluatorView>> {
        let last = self.ledger().last_outcomes(workspace, of, LAST)?;
        let durations = self.ledger().durations(workspace, of)?;
        let view = |row: &EvaluatorRow| {
            evaluator_view(
                row,
                last.get(&row.id).map_or(&[], Vec::as_slice),
                durations.get(&row.id).map_or(&[], Vec::as_slice),
            )
        };
        Ok(rows.iter().map(view).collect())
    }

    /// One evaluator with its script, as the ledger has it; what the server has is read behind that,
    /// and told when it is different. The server is waited for only where no script is kept.
    pub async fn evaluator_read(&self, id: i64) -> Result<EvaluatorDetail, EngineError> {
        let workspace = self.workspace_shown()?;
        let mut row = self.ledger().evaluator(workspace, id)?;
        if let Ok(session) = self.session()
            && let Ok(client) = session.client()
        {
            let opened = session.opened().get(&id).copied();
            if opened == Some(Opened::Gone) {
                return Err(EngineError::new(Code::Gone));
            }
            if row.as_ref().is_some_and(has_script) {
                let fresh = matches!(opened, Some(Opened::At(at))
                    if self.now().duration_since(at) < FRESH);
                if !fresh {
                    self.evaluator_refresh(session, &client, id);
                }
            } else {
                let read = self.evaluator_fetch(&session, &client, id).await;
                match (read, &row) {
                    (Err(error), _) if error.code == Code::Gone => return Err(error),
                    (Err(error), None) => return Err(error),
                    _ => row = self.ledger().evaluator(workspace, id)?,
                }
            }
        }
        let row = row.ok_or_else(|| EngineError::new(Code::Gone))?;
        let views = self.evaluator_views(workspace, std::slice::from_ref(&row), Some(&[id]))?;
        let view = views.into_iter().next().ok_or_else(|| EngineError::new(Code::Gone))?;
        Ok(EvaluatorDetail {
            script: text_of(&row.raw, "instructions"),
            first_message: text_of(&row.raw, "first_message"),
            expected_outcome: text_of(&row.raw, "expected_outcome_prompt"),
            metrics: row.metrics.clone(),
            profile_name: row.raw.get("test_profile_data").and_then(|data| text_of(data, "name")),
            max_seconds: row.raw.get("max_duration").and_then(serde_json::Value::as_f64),
            updated_at: row.updated_at.clone(),
            row: view,
        })
    }

    /// Reads an evaluator again without anybody waiting for it.
    fn evaluator_refresh(&self, session: Arc<Session>, client: &cekura::Client, id: i64) {
        let (engine, client) = (self.clone(), client.with_retry(cekura::RetryPolicy::never()));
        self.inner.tasks.spawn(async move {
            let read = async {
                if let Err(error) = engine.evaluator_fetch(&session, &client, id).await {
                    debug!(id, code = error.code.as_str(), "an evaluator was not read again");
                }
            };
            tokio::select! {
                () = session.cancel.cancelled() => {}
                () = read => {}
            }
        });
    }

    /// Reads an evaluator from the server into the ledger, which tells of it when it is different.
    /// Of several readings under way, what the latest brought stays, however late the others come.
    async fn evaluator_fetch(
        &self,
        session: &Session,
        client: &cekura::Client,
        id: i64,
    ) -> Outcome<()> {
        session.opened().insert(id, Opened::At(self.now()));
        let reading = session.readings().begin();
        match client.scenario(cekura::ScenarioId::from(id)).await {
            Ok(scenario) => {
                self.came_through(session);
                let kept = self.evaluator_keep(session, reading, evaluator_row(&scenario));
                self.at("evaluator.kept");
                kept
            }
            Err(error) => {
                let error = EngineError::from(error);
                if error.code == Code::NotFound {
                    // Deleted since: the list that still has it is out of date.
                    session.opened().insert(id, Opened::Gone);
                    session.wants_catalogue.store(true, Ordering::Release);
                    session.nudge.notify_one();
                    self.tell(FeedTopic::Catalogue, &[]);
                    return Err(EngineError::new(Code::Gone));
                }
                if !is_about_one(error.code) {
                    self.failed(session, &error);
                }
                Err(error)
            }
        }
    }

    fn evaluator_keep(
        &self,
        session: &Session,
        reading: u64,
        mut row: EvaluatorRow,
    ) -> Outcome<()> {
        let workspace = session.workspace.id;
        // Held until it is written: two readings of the same news would both be told.
        let mut readings = session.readings();
        if readings.is_older(row.id, reading) {
            return Ok(());
        }
        let old = self.ledger().evaluator(workspace, row.id)?;
        // A list row carries the folder; the detail of some servers does not.
        row.folder = row.folder.or_else(|| old.as_ref().and_then(|old| old.folder.clone()));
        // What is known already is no news: whoever shows it would read it again for that.
        if old.as_ref() != Some(&row) {
            self.ledger().evaluator_put(workspace, &row)?;
        }
        readings.kept.insert(row.id, reading);
        Ok(())
    }
}

/// Whether a kept evaluator has all that is shown of an opened one. Rows of the list may come without
/// the script, which itself is empty for some kinds; the longest duration stands in the detail only.
fn has_script(row: &EvaluatorRow) -> bool {
    text_of(&row.raw, "instructions").is_some() || row.raw.get("max_duration").is_some()
}

fn evaluator_view(row: &EvaluatorRow, outcomes: &[String], durations: &[f64]) -> EvaluatorView {
    let last: Vec<OutcomeView> =
        outcomes.iter().map(|text| outcome_view(outcome_of(text))).collect();
    EvaluatorView {
        id: row.id,
        name: row.name.clone(),
        folder: row.folder.clone(),
        tags: row.tags.clone(),
        caller_name: row.caller_name.clone(),
        language: row.language.clone(),
        has_expected_outcome: row.has_expected_outcome,
        flaky: last.contains(&OutcomeView::Passed) && last.contains(&OutcomeView::AgentFailed),
        usual_seconds: verdict::usual_length(durations).map(|usual| usual.median_s),
        last,
    }
}
