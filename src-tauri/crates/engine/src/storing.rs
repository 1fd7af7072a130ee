//! What the server says of results and calls, written into the ledger.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::Timestamp;
use ledger::{CallPut, Detail, ResultPut};
use serde_json::Value;

use crate::core::Engine;
use crate::error::Outcome;
use crate::facts::Evidence;
use crate::results::unreadable_runs;

/// The latest light reading of each call, as a fingerprint: what did not change is not written,
/// and not even looked at again.
#[derive(Default)]
pub(crate) struct Seen(HashMap<i64, u64>);

impl Seen {
    /// The fingerprint of a reading that says something new.
    fn news(&self, run: &cekura::Run) -> Option<u64> {
        let print = print(run);
        (self.0.get(&run.id.get()) != Some(&print)).then_some(print)
    }
}

/// What a reading of a result told.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    /// Calls that could not be read.
    pub(crate) unreadable: usize,
    /// Everything there is has been read.
    pub(crate) at_end: bool,
    /// Every call the result is known to have has ended.
    pub(crate) finished: bool,
    /// Ended calls of which only a light row is known.
    pub(crate) lacking: Vec<cekura::RunId>,
}

impl Engine {
    /// Writes a row of the server's list.
    pub(crate) fn store_row(
        &self,
        workspace: i64,
        row: &cekura::ResultRow,
        followed: Option<bool>,
    ) -> Outcome<()> {
        let launch = self.ledger().launch_by_result(workspace, row.id.get())?;
        self.ledger()
            .result_put(workspace, &result_put(row, launch.map(|one| one.id), followed, false))?;
        Ok(())
    }

    /// Writes a result and its calls.
    pub(crate) fn store_detail(
        &self,
        workspace: i64,
        detail: &cekura::ResultDetail,
        seen: &mut Seen,
    ) -> Outcome<Stored> {
        let id = detail.row.id.get();
        let launch = self.ledger().launch_by_result(workspace, id)?;
        let placed = launch.as_ref().and_then(|one| one.calls_placed);
        let mut put = result_put(&detail.row, launch.map(|one| one.id), None, true);
        put.raw = without_runs(&detail.raw, detail.row.unreadable.len());
        // The row goes first, so that the calls have something to belong to.
        self.ledger().result_put(workspace, &put)?;
        self.store_calls(workspace, id, &detail.row.runs, seen)?;

        let calls = self.ledger().calls(workspace, id)?;
        let expected = put.expected_calls.into_iter().chain(placed).max().unwrap_or(0) as usize;
        let all_ended = calls.iter().all(|call| call.ended);
        let none_will_come = verdict::has_ended(detail.row.status.as_deref());
        let lacking = calls
            .iter()
            .filter(|call| call.ended && !call.has_full)
            .map(|call| cekura::RunId::from(call.id))
            .collect();
        Ok(Stored {
            unreadable: detail.row.unreadable.len(),
            at_end: true,
            finished: all_ended && (calls.len() >= expected.max(1) || none_will_come),
            lacking,
        })
    }

    /// Writes what the server says of a result as a whole, and how many of its calls could not be read;
    /// without a number, that stays as it is known. What is kept of its calls stays.
    pub(crate) fn store_whole(
        &self,
        workspace: i64,
        detail: &cekura::ResultDetail,
        unreadable: Option<usize>,
    ) -> Outcome<()> {
        let id = detail.row.id.get();
        let launch = self.ledger().launch_by_result(workspace, id)?;
        let mut put = result_put(&detail.row, launch.map(|one| one.id), None, true);
        let unreadable = match unreadable {
            Some(unreadable) => unreadable,
            None => self.ledger().result(workspace, id)?.map_or(0, |before| {
                unreadable_runs(&before.raw, before.summary.calls as usize) as usize
            }),
        };
        put.raw = without_runs(&detail.raw, unreadable);
        self.ledger().result_put(workspace, &put)?;
        Ok(())
    }

    /// Writes calls, light or full.
    pub(crate) fn store_calls(
        &self,
        workspace: i64,
        result: i64,
        runs: &[cekura::Run],
        seen: &mut Seen,
    ) -> Outcome<()> {
        let _one_at_a_time =
            self.inner.storing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let news: Vec<(&cekura::Run, u64)> =
            runs.iter().filter_map(|run| Some((run, seen.news(run)?))).collect();
        let ids: Vec<i64> = news.iter().map(|(run, _)| run.id.get()).collect();
        let humans = self.ledger().humans(workspace, &ids)?;
        let mut puts = Vec::new();
        for (run, _) in &news {
            let review = humans.get(&run.id.get()).and_then(|human| human.review);
            puts.push(self.call_put(workspace, run, review)?);
        }
        if !puts.is_empty() {
            self.ledger().calls_put(workspace, result, &puts)?;
        }
        // Only after they have been written: what a full disk refused is news again.
        seen.0.extend(news.into_iter().map(|(run, print)| (run.id.get(), print)));
        Ok(())
    }

    /// Reads a kept call again, after a person said something about it.
    pub(crate) fn store_again(&self, workspace: i64, call: i64) -> Outcome<()> {
        let Some(record) = self.ledger().call(workspace, call)? else { return Ok(()) };
        // The row that came after the full reading is the later word, and takes nothing from it.
        if let Ok(run) = cekura::Run::from_value(record.update.as_ref().unwrap_or(&record.raw)) {
            self.store_calls(workspace, record.row.result, &[run], &mut Seen::default())?;
        }
        Ok(())
    }

    fn call_put(
        &self,
        workspace: i64,
        run: &cekura::Run,
        review: Option<bool>,
    ) -> Outcome<CallPut> {
        let mut evidence = Evidence::of(run);
        let mut detail = if run.transcript.is_some() { Detail::Full } else { Detail::Light };
        if detail == Detail::Light
            && let Some(record) = self.ledger().call(workspace, run.id.get())?
            && let Ok(full) = cekura::Run::from_value(&record.raw)
            && full.transcript.is_some()
        {
            let before = Evidence::of(&full);
            evidence = before.then(run);
            if evidence != before {
                detail = Detail::Update;
            }
        }
        let (outcome, why) = evidence.meaning(review);
        let evaluator = run.scenario.map(cekura::ScenarioId::get);
        let evaluator_name = match (&run.scenario_name, evaluator) {
            (Some(name), _) if !name.trim().is_empty() => Some(name.clone()),
            (_, Some(id)) => self.ledger().evaluator(workspace, id)?.map(|row| row.name),
            _ => None,
        };
        Ok(CallPut {
            id: run.id.get(),
            evaluator,
            evaluator_name,
            caller: run.personality.map(cekura::PersonalityId::get),
            caller_name: run.personality_name.clone(),
            profile: run.test_profile.map(cekura::TestProfileId::get),
            profile_name: run.test_profile_name.clone(),
            status: run.status.clone(),
            outcome: outcome.as_str().to_owned(),
            why: serde_json::to_value(why).unwrap_or_default(),
            reading: verdict::READING,
            duration_s: run.duration_s,
            started_at: timestamp(run.executed_at.as_deref())
                .or_else(|| timestamp(run.timestamp.as_deref())),
            ended: verdict::has_ended(run.status.as_deref()),
            detail,
            raw: run.raw.clone(),
        })
    }
}

fn print(run: &cekura::Run) -> u64 {
    let mut hasher = DefaultHasher::new();
    run.raw.to_string().hash(&mut hasher);
    hasher.finish()
}

/// A result as it is kept: its calls are kept by themselves, so that here only the number of those
/// stays that could not be read.
fn without_runs(raw: &Value, unreadable: usize) -> Value {
    let Some(fields) = raw.as_object() else { return raw.clone() };
    let mut kept: serde_json::Map<String, Value> = fields
        .iter()
        .filter(|(name, _)| *name != "runs")
        .map(|(name, field)| (name.clone(), field.clone()))
        .collect();
    if unreadable > 0 {
        kept.insert(crate::sweep::UNREADABLE.to_owned(), unreadable.into());
    }
    Value::Object(kept)
}

/// A time as the API writes it; what cannot be read is as good as none.
pub(crate) fn timestamp(text: Option<&str>) -> Option<Timestamp> {
    text.and_then(cekura::moment)
}

fn result_put(
    row: &cekura::ResultRow,
    launch_id: Option<String>,
    followed: Option<bool>,
    has_detail: bool,
) -> ResultPut {
    let count = |number: Option<u64>| number.and_then(|number| u32::try_from(number).ok());
    ResultPut {
        id: row.id.get(),
        name: row.name.clone(),
        agent: row.agent.map(cekura::AgentId::get),
        agent_name: row.agent_name.clone(),
        status: row.status.clone(),
        run_type: row.run_type.clone(),
        scheduled: row.is_cronjob == Some(true),
        created_at: timestamp(row.created_at.as_deref()),
        expected_calls: count(row.total_runs)
            .filter(|total| *total > 0)
            .or_else(|| u32::try_from(row.runs.len()).ok().filter(|total| *total > 0)),
        launch_id,
        followed,
        raw: without_runs(&row.raw, row.unreadable.len()),
        has_detail,
        server_passed: count(row.success_runs),
        server_failed: count(row.failed_runs),
    }
}
