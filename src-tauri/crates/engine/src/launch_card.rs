//! What the card of a launch shows: where it stands, why it was refused, and the part of it that
//! the balance would cover.

use serde_json::{Value, json};

use crate::code::Code;
use crate::core::Engine;
use crate::drafts::{draft_body, to_json};
use crate::error::{EngineError, Outcome, problems_of};
use crate::launch::shown_name;
use crate::session::Session;
use crate::view::{DraftBody, FieldProblem, FitView, LaunchStateView, LaunchView};

/// What a launch row remembers of a refusal, beside its code.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
struct Refusal {
    fields: Vec<(String, String)>,
    detail: Option<String>,
    wait_seconds: Option<f64>,
    /// The part that the balance covered when the launch was refused.
    fit: Option<FitView>,
}

/// What is written down of a refusal.
pub(crate) fn refusal(
    failure: &cekura::LaunchFailure,
    error: &EngineError,
    fit: Option<FitView>,
) -> Value {
    let fields = failure
        .error
        .problem()
        .map(problems_of)
        .unwrap_or_default()
        .into_iter()
        .map(|problem| (problem.field, problem.message))
        .collect();
    let refusal = Refusal {
        fields,
        detail: error.detail.clone(),
        wait_seconds: (error.code == Code::Throttled).then_some(error.number).flatten(),
        fit,
    };
    serde_json::to_value(refusal).unwrap_or_else(|_| json!({}))
}

impl Engine {
    pub(crate) fn launch_view(&self, launch: &ledger::Launch) -> Outcome<LaunchView> {
        let refusal: Refusal = serde_json::from_value(launch.problems.clone()).unwrap_or_default();
        let code = launch.code.as_deref().map(Code::parse);
        let other = launch.answer_agent.filter(|answered| *answered != launch.agent);
        let other_agent = match other {
            Some(id) => {
                Some(self.agent_name(launch.workspace, Some(id))?.unwrap_or_else(|| id.to_string()))
            }
            None => None,
        };
        let fits = match code {
            Some(Code::OutOfCredit) => refusal.fit,
            _ => None,
        };
        Ok(LaunchView {
            id: launch.id.clone(),
            state: match launch.state {
                ledger::LaunchState::Sending => LaunchStateView::Sending,
                ledger::LaunchState::Launched => LaunchStateView::Launched,
                ledger::LaunchState::Refused => LaunchStateView::Refused,
                ledger::LaunchState::NotSent => LaunchStateView::NotSent,
                ledger::LaunchState::Unknown => LaunchStateView::Unknown,
            },
            name: shown_name(&launch.name).to_owned(),
            agent_name: launch.agent_name.clone(),
            other_agent,
            expected_calls: launch.expected_calls,
            calls_placed: launch.calls_placed,
            started_at: launch.started_at.to_string(),
            result_id: launch.result,
            code,
            problems: refusal
                .fields
                .into_iter()
                .map(|(field, message)| FieldProblem { field, message })
                .collect(),
            looks: launch.looks,
            last_look_at: launch.last_look_at.map(|at| at.to_string()),
            found: launch.found.clone(),
            adopted: launch.adopted,
            settled: launch.dismissed || launch.decision.is_some(),
            next_look_at: crate::look::next_look(launch).map(|at| at.to_string()),
            wait_seconds: refusal.wait_seconds,
            fits,
        })
    }

    /// Works out anew which part of a refused plan the balance covers, and keeps it with the refusal: to
    /// try that many plans is too much for each look at the card.
    pub(crate) fn keep_fit(&self, session: &Session, id: &str) -> Outcome<()> {
        let launch = self.ledger().launch(id)?;
        // None, too: what fitted the balance as it was thought to be need not fit this one.
        let fit = self.fit(session, &launch)?.map(|(fit, _)| fit);
        let mut refusal: Refusal =
            serde_json::from_value(launch.problems.clone()).unwrap_or_default();
        if refusal.fit == fit {
            return Ok(());
        }
        refusal.fit = fit;
        self.ledger().launch_problems(id, &to_json(&refusal)?)?;
        Ok(())
    }

    /// The largest part of a refused plan that the balance covers by the upper end of the estimate:
    /// fewer of its evaluators, in their order, or all of them fewer times; whichever is more calls.
    pub(crate) fn fit(
        &self,
        session: &Session,
        launch: &ledger::Launch,
    ) -> Outcome<Option<(FitView, DraftBody)>> {
        let Some(balance) = session.connection().credits else { return Ok(None) };
        let whole = draft_body(&self.ledger().draft(&launch.draft)?);
        let times: usize = whole.times.trim().parse().unwrap_or(1);
        let fewer = self.largest(launch, balance, whole.evaluators.len(), |evaluators| {
            let mut part = whole.clone();
            part.evaluators.truncate(evaluators);
            part
        })?;
        let seldomer = self.largest(launch, balance, times, |times| DraftBody {
            times: times.to_string(),
            ..whole.clone()
        })?;
        Ok([fewer, seldomer].into_iter().flatten().max_by_key(|(fit, _)| fit.calls))
    }

    /// The largest of the parts 1 to `whole` less one that the balance covers. The whole was
    /// refused: whatever the balance was thought to be, all of it does not fit.
    fn largest(
        &self,
        launch: &ledger::Launch,
        balance: f64,
        whole: usize,
        part_of: impl Fn(usize) -> DraftBody,
    ) -> Outcome<Option<(FitView, DraftBody)>> {
        let (mut low, mut high) = (0, whole.saturating_sub(1));
        let mut best = None;
        while low < high {
            let middle = (low + high).div_ceil(2);
            let part = part_of(middle);
            let view = self.plan(launch.workspace, &part)?.view;
            let credits = view.estimate.as_ref().map_or(0.0, |estimate| estimate.credits_high);
            if credits <= balance && view.calls > 0 {
                best = Some((
                    FitView { evaluators: view.evaluators, calls: view.calls, credits },
                    part,
                ));
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        Ok(best)
    }
}
