//! A result: what came of a launch.

use serde_json::{Map, Value, json};

use super::{View, stamp};
use crate::calls::schedule::{Call, Planned, Stage};
use crate::calls::talk::clock;
use crate::world::{AGENTS, World};

/// Calls of a result by where they stand.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Tally {
    pub(crate) total: usize,
    /// Ended in whatever way.
    pub(crate) terminal: usize,
    pub(crate) completed: usize,
    /// Completed and judged a success.
    pub(crate) success: usize,
    /// Completed and judged a failure; neither errors nor timeouts nor stopped calls.
    pub(crate) failed: usize,
    pub(crate) met: usize,
    pub(crate) expected: usize,
    talking: usize,
    judging: usize,
    placed: usize,
    queued: usize,
    timeout: usize,
    cancelled: usize,
}

/// The three shapes in which the API writes a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The answer to a launch.
    Launched,
    /// A row of the list.
    Row,
    /// The whole.
    Detail,
}

impl View<'_> {
    pub(crate) fn result(&self, planned: &Planned, shape: Shape) -> Value {
        match shape {
            Shape::Launched => self.launched(planned),
            Shape::Row => self.result_row(planned),
            Shape::Detail => self.result_detail(planned),
        }
    }

    pub(crate) fn tally(&self, planned: &Planned) -> Tally {
        let mut tally = Tally { total: planned.calls.len(), ..Tally::default() };
        for call in &planned.calls {
            match call.times.stage(self.now) {
                Stage::Talking => tally.talking += 1,
                Stage::Judging => tally.judging += 1,
                Stage::Placed => tally.placed += 1,
                Stage::Queued | Stage::ScalingUp => tally.queued += 1,
                Stage::Launched => {}
                Stage::Stopped => {
                    tally.cancelled += 1;
                    tally.terminal += 1;
                }
                Stage::Over => self.count_over(call, &mut tally),
            }
        }
        tally
    }

    fn count_over(&self, call: &Call, tally: &mut Tally) {
        tally.terminal += 1;
        match self.status(call) {
            "completed" => tally.completed += 1,
            "timeout" => tally.timeout += 1,
            _ => {}
        }
        if self.status(call) == "completed" {
            match self.evaluation_status(call).as_deref() {
                Some("success" | "reviewed_success") => tally.success += 1,
                Some("failure" | "reviewed_failure") => tally.failed += 1,
                _ => {}
            }
        }
        let (scenario, _) = self.scenario_of(call);
        if scenario.has_expectation && call.fate.ending.is_judged() {
            tally.expected += 1;
            tally.met += usize::from(call.fate.unmet.is_empty());
        }
    }

    /// The result's own word. It says `completed` as soon as every conversation is over and one
    /// call is judged, although others may still be with the judge: so does the real one.
    pub(crate) fn result_status(tally: &Tally) -> &'static str {
        if tally.terminal + tally.judging == tally.total && tally.completed > 0 {
            return "completed";
        }
        if tally.terminal == tally.total {
            return if tally.timeout > 0 {
                "timeout"
            } else if tally.cancelled == tally.total && tally.total > 0 {
                "cancelled"
            } else {
                "failed"
            };
        }
        if tally.talking > 0 || tally.terminal > 0 {
            "in_progress"
        } else if tally.judging > 0 {
            "evaluating"
        } else if tally.placed > 0 {
            "pending"
        } else if tally.queued == tally.total {
            "in_queue"
        } else {
            "running"
        }
    }

    pub(crate) fn result_name(&self, planned: &Planned) -> String {
        self.book.names.get(&planned.launch.result).unwrap_or(&planned.launch.name).clone()
    }

    /// When it last changed, as far as the calls tell.
    pub(crate) fn updated_at(&self, planned: &Planned) -> i64 {
        let moments = planned.calls.iter().flat_map(|call| {
            let times = &call.times;
            let own = [times.placed, times.answered, times.ended, times.judged];
            let until = times.stopped.unwrap_or(i64::MAX);
            own.into_iter().filter(move |at| *at <= until).chain(times.stopped)
        });
        moments.filter(|at| *at <= self.now).max().unwrap_or(planned.launch.at.as_millisecond())
    }

    fn scenarios_of(&self, planned: &Planned) -> Vec<Value> {
        let mut seen = std::collections::BTreeSet::new();
        let launched = planned.launch.scenarios.iter().filter(|id| seen.insert(**id));
        launched
            .map(|id| {
                let name =
                    self.world.scenario(*id).map_or("Scenario Deleted", |one| one.name.as_str());
                json!({ "id": id, "name": name })
            })
            .collect()
    }

    /// The answer to a launch.
    fn launched(&self, planned: &Planned) -> Value {
        json!({
            "id": planned.launch.result,
            "name": self.result_name(planned),
            "agent": planned.launch.agent,
            "status": Self::result_status(&self.tally(planned)),
            "success_rate": 0.0,
            "run_as_text": false,
            "is_cronjob": false,
            "runs": planned.calls.iter().map(|call| self.run_at_launch(planned, call)).collect::<Vec<_>>(),
            "created_at": stamp(planned.launch.at.as_millisecond()),
            "updated_at": stamp(self.updated_at(planned)),
        })
    }

    /// A row of the list; its `runs` is an array.
    fn result_row(&self, planned: &Planned) -> Value {
        let tally = self.tally(planned);
        let mut row = self.result_common(planned, &tally);
        row.insert(
            "runs".to_owned(),
            planned.calls.iter().map(|call| self.run_in_row(call)).collect::<Vec<_>>().into(),
        );
        Value::Object(row)
    }

    fn result_common(&self, planned: &Planned, tally: &Tally) -> Map<String, Value> {
        let agent = World::agent(planned.launch.agent).unwrap_or(&AGENTS[0]);
        // Percent, whatever the list's schema says: every published answer has it so.
        let rate =
            if tally.total == 0 { 0.0 } else { 100.0 * tally.success as f64 / tally.total as f64 };
        let value = json!({
            "id": planned.launch.result,
            "name": self.result_name(planned),
            "agent": agent.id,
            "agent_name": agent.name,
            "agent_inbound": true,
            "agent_version": null,
            "status": Self::result_status(tally),
            "success_rate": (rate * 100.0).round() / 100.0,
            "run_as_text": false,
            "is_cronjob": false,
            "met_expected_outcome_count": tally.met,
            "total_expected_outcome_count": tally.expected,
            "total_runs_count": tally.total,
            "completed_runs_count": tally.terminal,
            "success_runs_count": tally.success,
            "failed_runs_count": tally.failed,
            "scenarios": self.scenarios_of(planned),
            "run_type": "Pipecat",
            "created_at": stamp(planned.launch.at.as_millisecond()),
            "updated_at": stamp(self.updated_at(planned)),
        });
        match value {
            Value::Object(fields) => fields,
            _ => Map::new(),
        }
    }

    /// The whole result; its `runs` is an object keyed by the call's number.
    fn result_detail(&self, planned: &Planned) -> Value {
        let tally = self.tally(planned);
        let mut detail = self.result_common(planned, &tally);
        let mut runs = Map::new();
        let (mut connected, mut not_connected, mut successful) =
            (Vec::new(), Vec::new(), Vec::new());
        let mut failed_workflow = Vec::new();
        let mut seconds = 0.0;
        for call in &planned.calls {
            runs.insert(call.run.to_string(), self.run_in_result(planned, call));
            seconds += self.seconds(call);
            if call.times.has_ended(self.now) {
                let talked = self.seconds(call) > 0.0;
                if talked { connected.push(call.run) } else { not_connected.push(call.run) }
            }
            if call.times.stage(self.now) == Stage::Over {
                if self.success(call) {
                    successful.push(call.run);
                } else if !call.fate.unmet.is_empty() {
                    failed_workflow.push(call.run);
                }
            }
        }
        let summary = self.summary(planned, &tally);
        let more = json!({
            "runs": runs,
            "overall_evaluation": null,
            "total_duration": clock(seconds),
            "connected_runs": connected,
            "not_connected_runs": not_connected,
            "failed_infrastructure_runs": [],
            "failed_workflow_runs": failed_workflow,
            "successful_calls": successful,
            "critical_categories": [],
            "metrics": [],
            "runs_by_tags": {},
            "latency_data": {},
            "failed_reasons": summary.failed_reasons,
            "ai_summary": summary.text,
            "ai_summary_status": summary.status,
            "next_steps": summary.next_steps,
            "path_coverage": null,
            "performance_metrics": [],
            "run_settings": planned.launch.settings,
        });
        if let Value::Object(more) = more {
            detail.extend(more);
        }
        Value::Object(detail)
    }
}
