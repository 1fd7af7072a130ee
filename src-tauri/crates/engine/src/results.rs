//! Results as the page shows them: the list, and one of them. Everything is read from the ledger.

use std::collections::{BTreeSet, HashMap};

use jiff::SignedDuration;
use serde_json::Value;

use crate::calls::KnownCall;
use crate::code::Code;
use crate::core::Engine;
use crate::error::{EngineError, Outcome};
use crate::facts::{counts_view, why_of, why_view};
use crate::launch::shown_name;
use crate::moving::Usual;
use crate::told::first_of;
use crate::tries::{self, Fixed, Try};
use crate::view::{
    CatalogueState, CauseView, ConnectionState, EvaluatorGroup, Fitness, FixedView, HeadlineView,
    RelatedView, RepeatPart, ResultRowView, ResultTold, ResultView, ResultsPage, ResultsQuery,
    SummaryView, ToolMocks,
};

/// Rows of one page at most.
const ROWS_MAX: u32 = 500;
/// Cekura's own server, the only one whose dashboard's address is known.
const CEKURA_ORIGIN: &str = "https://api.cekura.ai";

impl Engine {
    /// A page of results, the newest first.
    pub fn results_list(&self, query: &ResultsQuery) -> Result<ResultsPage, EngineError> {
        let workspace = self.workspace_shown()?;
        let since = (query.days > 0)
            .then(|| {
                self.now().checked_sub(SignedDuration::from_hours(24 * i64::from(query.days))).ok()
            })
            .flatten();
        let page = self.ledger().results(
            workspace,
            &ledger::ResultQuery {
                search: Some(query.search.trim().to_owned()).filter(|search| !search.is_empty()),
                agent: query.agent,
                offset: query.offset,
                limit: query.limit.clamp(1, ROWS_MAX),
                only_failing: query.only_failing,
                only_mine: query.only_mine,
                since,
            },
        )?;
        let mut known = Usual::default();
        let mut rows = Vec::with_capacity(page.rows.len());
        for summary in &page.rows {
            rows.push(self.result_row(workspace, summary, None, &mut known)?);
        }
        let (state, error) = self.list_state();
        Ok(ResultsPage { total: page.total, rows, state, error })
    }

    /// Asks for the server's list again.
    pub fn results_refresh(&self) -> Result<(), EngineError> {
        let session = self.session()?;
        session.wants_results.store(true, std::sync::atomic::Ordering::Release);
        session.list_asked.store(true, std::sync::atomic::Ordering::Release);
        session.connection().next_try_at = None;
        // Told before the pass may begin: a server that refuses at once would be quicker.
        self.tell(crate::view::FeedTopic::Results, &[]);
        session.nudge.notify_one();
        Ok(())
    }

    /// A result with its evaluators and calls.
    pub fn result_read(&self, id: i64) -> Result<ResultView, EngineError> {
        self.result_view(self.workspace_shown()?, id, |_| usize::MAX).map(|(view, _)| view)
    }

    /// The same for a page that has reading `have` of it. Without one it gets the first evaluators
    /// of a large result.
    pub fn result_told(&self, id: i64, have: Option<u64>) -> Result<ResultTold, EngineError> {
        let workspace = self.workspace_shown()?;
        let (view, more) = self.result_view(workspace, id, |evaluators| match have {
            Some(_) => usize::MAX,
            None => first_of(evaluators.iter().map(|one| one.calls.len())),
        })?;
        Ok(self.inner.told.result((workspace, id), have, view, more))
    }

    /// A result, and whether it has more evaluators than those that are wanted of it.
    fn result_view(
        &self,
        workspace: i64,
        id: i64,
        wanted: impl FnOnce(&[verdict::Evaluator]) -> usize,
    ) -> Outcome<(ResultView, bool)> {
        let record =
            self.ledger().result(workspace, id)?.ok_or_else(|| EngineError::new(Code::Gone))?;
        let calls = self.known_calls(workspace, id)?;
        let summary = &record.summary;
        let row = self.result_row(workspace, summary, Some(&calls), &mut Usual::default())?;
        let launch = match &summary.launch_id {
            Some(launch) => self.launch_known(launch)?,
            None => None,
        };
        let tries = self.tries(workspace, id)?;
        let fixed = tries::fixed(id, &calls, &tries);
        let repeats = tries
            .iter()
            .map(|one| self.related(workspace, one.result, one.part, &fixed, one.result))
            .filter_map(Result::transpose)
            .collect::<Outcome<_>>()?;
        let parent = match launch.as_ref().and_then(|launch| launch.parent.as_ref()) {
            Some(parent) => self.parent(workspace, parent, id, &calls)?,
            None => None,
        };
        let mut judged = verdict::judge(&verdict::ResultFacts {
            calls: &calls,
            expected_calls: summary.expected_calls,
            finished: row.finished,
        });
        let all = judged.evaluators.len();
        judged.evaluators.truncate(wanted(&judged.evaluators));
        let more = judged.evaluators.len() < all;
        let ended = verdict::has_ended(summary.status.as_deref());
        let view = ResultView {
            headline: headline_view(&judged.headline),
            causes: judged.causes.iter().map(cause_view).collect(),
            parent,
            repeats,
            again: self.again(&record, &calls)?,
            judging_after_end: if ended { row.counts.in_progress } else { 0 },
            cold_starts: count(calls.iter().filter(|call| call.is_cold())),
            nothing_judged: count(calls.iter().filter(|call| {
                matches!(&*call.judged.reason.code, "nothing_judged" | "no_judgement")
            })),
            launch_lost: summary.launch_id.is_some() && launch.is_none(),
            mocks: launch.as_ref().map(mocks_of),
            launch: launch.as_ref().map(|launch| self.launch_view(launch)).transpose()?,
            unreadable: unreadable_runs(&record.raw, calls.len()),
            at_limit: count(calls.iter().filter(|call| at_limit(&call.judged.reason))),
            summary: summary_view(&record.raw),
            dashboard: self.dashboard(workspace, id, None)?,
            stopping: self.is_stopping(workspace, id)?,
            groups: self.groups(workspace, judged.evaluators, calls, &fixed)?,
            row,
        };
        Ok((view, more))
    }

    /// Where a result, or a call of it, can be seen on the vendor's dashboard.
    pub fn dashboard_of(
        &self,
        result: i64,
        call: Option<i64>,
    ) -> Result<Option<String>, EngineError> {
        self.dashboard(self.workspace_shown()?, result, call)
    }

    pub(crate) fn dashboard(
        &self,
        workspace: i64,
        result: i64,
        call: Option<i64>,
    ) -> Outcome<Option<String>> {
        if self.ledger().workspace(workspace)?.origin != CEKURA_ORIGIN {
            return Ok(None);
        }
        let Some(summary) = self.ledger().result_summary(workspace, result)? else {
            return Ok(None);
        };
        let project = summary.agent.and_then(|agent| {
            let head = self.ledger().catalogue(workspace).ok()??;
            head.agents.iter().find(|one| one.id == agent)?.project
        });
        // The parameter is called `call_id` and takes the API's id of the run.
        Ok(project.map(|project| {
            let mut url = format!("https://dashboard.cekura.ai/{project}/results/{result}");
            if let Some(call) = call {
                use std::fmt::Write as _;
                let _ = write!(url, "?call_id={call}");
            }
            url
        }))
    }

    fn list_state(&self) -> (CatalogueState, Option<crate::view::ErrorView>) {
        let Ok(session) = self.session() else { return (CatalogueState::Loading, None) };
        let read = session.list_read.load(std::sync::atomic::Ordering::Acquire);
        let asked = session.list_asked.load(std::sync::atomic::Ordering::Acquire);
        let connection = session.connection();
        let fine =
            matches!(connection.state, ConnectionState::Online | ConnectionState::Connecting);
        match (read, connection.code) {
            (true, _) if asked => (CatalogueState::Refreshing, None),
            (true, _) => (CatalogueState::Ready, None),
            (false, Some(code)) if !fine && !asked => (
                CatalogueState::Failed,
                Some(
                    EngineError { detail: connection.detail.clone(), ..EngineError::new(code) }
                        .view(),
                ),
            ),
            (false, _) => (CatalogueState::Loading, None),
        }
    }

    fn result_row(
        &self,
        workspace: i64,
        summary: &ledger::ResultSummary,
        calls_known: Option<&[KnownCall]>,
        usual: &mut Usual,
    ) -> Outcome<ResultRowView> {
        let calls = summary.expected_calls.unwrap_or(0).max(summary.calls);
        let mut row = ResultRowView {
            id: summary.id,
            name: shown_name(&summary.name).to_owned(),
            agent_name: match (&summary.agent_name, summary.agent) {
                (Some(name), _) => Some(name.clone()),
                (None, agent) => self.agent_name(workspace, agent)?,
            },
            created_at: summary.created_at.map(|at| at.to_string()),
            counts: counts_view(&summary.counts),
            calls,
            // Read once, or all there: a call that cannot be read will not come.
            counted: summary.calls > 0 && (summary.has_detail || summary.calls >= calls),
            finished: !summary.followed
                && summary.counts.in_progress == 0
                && (verdict::has_ended(summary.status.as_deref()) || summary.calls > 0),
            followed: summary.followed,
            mine: summary.launch_id.is_some(),
            scheduled: summary.scheduled,
            credits: (summary.seconds_known > 0)
                .then(|| summary.seconds_total / 60.0 * verdict::CREDITS_PER_MINUTE),
            changed_at: summary.changed_at.to_string(),
            doing: None,
            stalled: None,
            left: None,
        };
        if summary.followed && summary.counts.in_progress + calls.saturating_sub(summary.calls) > 0
        {
            if let Some(calls) = calls_known {
                self.moving_row(workspace, calls, summary, usual, &mut row)?;
            } else {
                let calls = self.known_calls(workspace, summary.id)?;
                self.moving_row(workspace, &calls, summary, usual, &mut row)?;
            }
        }
        Ok(row)
    }

    /// Evaluators with their calls, among `calls` in the order they were placed.
    fn groups(
        &self,
        workspace: i64,
        evaluators: Vec<verdict::Evaluator>,
        calls: Vec<KnownCall>,
        fixed: &[Fixed],
    ) -> Outcome<Vec<EvaluatorGroup>> {
        let places: Vec<i64> = calls.iter().map(|call| call.judged.id).collect();
        let mut calls: Vec<Option<KnownCall>> = calls.into_iter().map(Some).collect();
        let known: Vec<i64> = evaluators.iter().filter_map(|one| one.evaluator).collect();
        let mut tags = self.ledger().tags_of(workspace, &known)?;
        let on_try: HashMap<i64, u32> =
            fixed.iter().map(|fixed| (fixed.evaluator, fixed.on_try)).collect();
        let groups = evaluators.into_iter().map(|one| {
            let of = u32::try_from(one.calls.len()).unwrap_or(u32::MAX);
            let rows = one.calls.iter().zip(1_u32..).filter_map(|(id, time)| {
                let call = calls[places.binary_search(id).ok()?].take()?;
                Some(call.row(time, of))
            });
            EvaluatorGroup {
                evaluator: one.evaluator,
                flaky: one.flaky,
                fixed_on: one.evaluator.and_then(|id| on_try.get(&id).copied()),
                tags: one.evaluator.and_then(|id| tags.remove(&id)).unwrap_or_default(),
                usual_seconds: one.usual.map(|usual| usual.median_s),
                calls: rows.collect(),
                wrong: one.reason.map(why_of),
                name: one.name,
            }
        });
        Ok(groups.collect())
    }

    /// The results that repeat a part of this one, or of one of those, the oldest first.
    fn tries(&self, workspace: i64, id: i64) -> Outcome<Vec<Try>> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::from([id]);
        let mut of = vec![id];
        while let Some(parent) = of.pop() {
            for launch in self.ledger().launches_of_parent(workspace, parent)? {
                let Some(result) = launch.result.filter(|result| seen.insert(*result)) else {
                    continue;
                };
                of.push(result);
                let part = part_of(launch.parent.as_ref());
                let calls = self.judged_calls(workspace, result)?;
                found.push((launch.started_at, Try { result, of: parent, part, calls }));
            }
        }
        found.sort_by_key(|(started_at, one)| (*started_at, one.result));
        Ok(found.into_iter().map(|(_, one)| one).collect())
    }

    fn parent(
        &self,
        workspace: i64,
        parent: &ledger::Parent,
        id: i64,
        here: &[KnownCall],
    ) -> Outcome<Option<RelatedView>> {
        let there = self.judged_calls(workspace, parent.result)?;
        let part = part_of(Some(parent));
        let this = Try { result: id, of: parent.result, part, calls: judged(here) };
        let fixed = tries::fixed(parent.result, &there, &[this]);
        self.related(workspace, parent.result, part, &fixed, id)
    }

    fn judged_calls(&self, workspace: i64, result: i64) -> Outcome<Vec<verdict::Call>> {
        Ok(judged(&self.known_calls(workspace, result)?))
    }

    /// A result beside this one, and what `by` fixed.
    fn related(
        &self,
        workspace: i64,
        result: i64,
        part: RepeatPart,
        fixed: &[Fixed],
        by: i64,
    ) -> Outcome<Option<RelatedView>> {
        let Some(summary) = self.ledger().result_summary(workspace, result)? else {
            return Ok(None);
        };
        let fixed = fixed.iter().filter(|fixed| fixed.result == by);
        Ok(Some(RelatedView {
            result,
            name: shown_name(&summary.name).to_owned(),
            part,
            counts: counts_view(&summary.counts),
            fixed: fixed
                .map(|fixed| FixedView { evaluator: fixed.evaluator, on_try: fixed.on_try })
                .collect(),
        }))
    }
}

fn judged(calls: &[KnownCall]) -> Vec<verdict::Call> {
    calls.iter().map(|call| call.judged.clone()).collect()
}

/// The part that was repeated; one that a later version names may be any.
fn part_of(parent: Option<&ledger::Parent>) -> RepeatPart {
    let reason = parent.map(|parent| parent.reason.clone()).unwrap_or_default();
    serde_json::from_value(Value::String(reason)).unwrap_or(RepeatPart::Everything)
}

fn at_limit(reason: &verdict::Reason) -> bool {
    reason.code == verdict::Barrier::AtLimit.code()
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

fn mocks_of(launch: &ledger::Launch) -> ToolMocks {
    serde_json::from_value(launch.mocks.clone()).unwrap_or(ToolMocks::All)
}

/// How many of the server's calls could not be read: what it lists, less what is kept.
pub(crate) fn unreadable_runs(raw: &Value, known: usize) -> u32 {
    if let Some(swept) = raw.get(crate::sweep::UNREADABLE).and_then(Value::as_u64) {
        return u32::try_from(swept).unwrap_or(u32::MAX);
    }
    // Kept by the first version, which had the calls in it.
    let listed = match raw.get("runs") {
        Some(Value::Array(runs)) => runs.len(),
        Some(Value::Object(runs)) => runs.len(),
        _ => 0,
    };
    u32::try_from(listed.saturating_sub(known)).unwrap_or(u32::MAX)
}

fn headline_view(headline: &verdict::Headline) -> HeadlineView {
    let count = |items: &[String]| u32::try_from(items.len()).unwrap_or(u32::MAX);
    HeadlineView {
        fitness: match headline.fitness {
            verdict::Fitness::Fit => Fitness::Fit,
            verdict::Fitness::NotFit => Fitness::NotFit,
            verdict::Fitness::TooLittle => Fitness::TooLittle,
            verdict::Fitness::Running => Fitness::Running,
        },
        judged_evaluators: headline.judged_evaluators,
        evaluators: headline.evaluators,
        failing: headline.failing,
        always_failing: count(&headline.always),
        unjudged: count(&headline.unjudged),
        flaky: headline.flaky,
        passed: headline.passed,
        judged: headline.judged,
        calls: headline.calls,
        cause: headline.cause.as_ref().map(|cause| why_view(&cause.reason)),
        one_cause: headline.one_cause,
    }
}

fn cause_view(cause: &verdict::Cause) -> CauseView {
    let mut why = why_view(&cause.reason);
    // What the judge wrote about a metric is another text in every call.
    if let (Some(name), 2..) = (&cause.reason.name, cause.calls.len()) {
        why.text = Some(name.clone());
    }
    CauseView {
        key: cause.key.clone(),
        outcome: crate::facts::outcome_view(cause.outcome),
        why,
        calls: cause.calls.clone(),
        evaluators: cause.evaluators,
    }
}

/// The API's own words about a finished result, wherever this answer keeps them.
fn summary_view(raw: &Value) -> Option<SummaryView> {
    let text = |value: &Value, field: &str| crate::facts::text_of(value, field);
    let ai = raw.get("ai_summary").cloned().unwrap_or(Value::Null);
    let titled = |item: &Value| match (text(item, "title"), text(item, "description")) {
        (Some(title), Some(more)) => Some(format!("{title}: {more}")),
        (one, other) => one.or(other).or_else(|| item.as_str().map(str::to_owned)),
    };
    let list = |value: Option<&Value>| -> Vec<String> {
        value.and_then(Value::as_array).into_iter().flatten().filter_map(titled).collect()
    };
    let reasons = match raw.get("failed_reasons") {
        Some(Value::Object(fields)) => list(fields.get("issues")),
        other => list(other),
    };
    let view = SummaryView {
        what_happened: text(&ai, "what_happened"),
        why_it_happened: text(&ai, "why_it_happened"),
        how_to_fix: text(&ai, "how_to_fix"),
        next_steps: list(raw.get("next_steps")),
        reasons,
    };
    let empty = view.what_happened.is_none()
        && view.why_it_happened.is_none()
        && view.how_to_fix.is_none()
        && view.next_steps.is_empty()
        && view.reasons.is_empty();
    (!empty).then_some(view)
}

#[cfg(test)]
mod tests {
    use verdict::{Cause, Outcome, Reason};

    use super::cause_view;

    #[test]
    fn a_metric_that_several_calls_failed_goes_by_its_name_alone() {
        let text = |calls: &[i64], name: Option<&str>| {
            let reason = Reason {
                code: "metric_failed".into(),
                text: Some("Right tool: it called another one".to_owned()),
                name: name.map(str::to_owned),
                ..Reason::default()
            };
            let cause = Cause {
                key: String::new(),
                outcome: Outcome::AgentFailed,
                reason,
                calls: calls.to_vec(),
                evaluators: 1,
            };
            cause_view(&cause).why.text.unwrap_or_default()
        };
        assert_eq!(text(&[1, 2], Some("Right tool")), "Right tool");
        assert_eq!(text(&[1], Some("Right tool")), "Right tool: it called another one");
        assert_eq!(text(&[1, 2], None), "Right tool: it called another one");
    }
}
