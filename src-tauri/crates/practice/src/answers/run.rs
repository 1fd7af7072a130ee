//! A call in its four shapes: at launch, in lists, inside a result, and whole.

use serde_json::{Value, json};

use super::{View, stamp};
use crate::calls::fate::Ending;
use crate::calls::judge;
use crate::calls::schedule::{Call, Planned, Stage};
use crate::calls::sound;
use crate::calls::talk::{self, Turn, Voice, clock};
use crate::chance::Chance;
use crate::world::{AGENTS, Profile, Scenario, World, profile_information};

/// The telephone number the tester calls from.
const TESTER_NUMBER: &str = "+441632960900";

impl View<'_> {
    /// The evaluator of a call; any other's stands in for one that is gone, without its name.
    pub(crate) fn scenario_of(&self, call: &Call) -> (&Scenario, bool) {
        match self.world.scenario(call.scenario) {
            Some(scenario) => (scenario, true),
            None => (&self.world.scenarios[0], false),
        }
    }

    /// The status word.
    pub(crate) fn status(&self, call: &Call) -> &'static str {
        match call.times.stage(self.now) {
            Stage::Launched => "running",
            Stage::Queued => "in_queue",
            Stage::ScalingUp => "scaling_up",
            Stage::Placed => "pending",
            Stage::Talking => "in_progress",
            Stage::Judging => "evaluating",
            Stage::Stopped => "cancelled",
            Stage::Over => match call.fate.ending {
                Ending::TimedOut => "timeout",
                Ending::NoAnswer | Ending::AtLimit | Ending::TesterBroke => "failed",
                _ => "completed",
            },
        }
    }

    /// Whether the judge is done with it.
    fn is_over(&self, call: &Call) -> bool {
        call.times.stage(self.now) == Stage::Over
    }

    /// The judge's word, or the person's.
    pub(crate) fn evaluation_status(&self, call: &Call) -> Option<String> {
        if let Some(reviewed) =
            self.book.reviews.get(&call.run).and_then(|review| review.evaluation_status.clone())
        {
            return Some(reviewed);
        }
        if !self.is_over(call) {
            return None;
        }
        match call.fate.ending {
            Ending::Passed | Ending::PassedWithError | Ending::PartlyMet => {
                Some("success".to_owned())
            }
            // A call turned away for lack of a place is called a failure by the real one as well.
            Ending::AgentFailed | Ending::Unexplained | Ending::AtLimit => {
                Some("failure".to_owned())
            }
            Ending::Unjudged | Ending::TimedOut | Ending::NoAnswer | Ending::TesterBroke => None,
        }
    }

    /// `success` as the API has it: false until it is known to be true.
    pub(crate) fn success(&self, call: &Call) -> bool {
        if let Some(said) = self.book.reviews.get(&call.run).and_then(|review| review.success) {
            return said;
        }
        matches!(self.evaluation_status(call).as_deref(), Some("success" | "reviewed_success"))
    }

    fn error_message(&self, call: &Call) -> String {
        if let Some(said) =
            self.book.reviews.get(&call.run).and_then(|review| review.error_message.clone())
        {
            return said;
        }
        if !self.is_over(call) {
            return String::new();
        }
        match call.fate.ending {
            Ending::NoAnswer => "The main agent did not answer the call.",
            Ending::AtLimit => "The Pipecat agent has reached its concurrency limit.",
            Ending::TesterBroke => "The testing agent stopped working during the call.",
            Ending::PassedWithError => "The last seconds of the recording could not be saved.",
            _ => "",
        }
        .to_owned()
    }

    fn ended_reason(&self, call: &Call) -> Option<&'static str> {
        let stage = call.times.stage(self.now);
        if stage == Stage::Stopped {
            return Some("run-cancelled-by-user");
        }
        if !call.times.has_ended(self.now) {
            return None;
        }
        let mut chance = Chance::of(self.world.seed, &[91, call.run as u64]);
        Some(match call.fate.ending {
            Ending::TimedOut => "exceeded-max-duration",
            Ending::NoAnswer => "Main agent-did-not-answer",
            Ending::AtLimit => "pipecat-agent-concurrency-limit-reached",
            Ending::TesterBroke => {
                chance.pick(&["Testing agent-pipeline-error", "Testing agent-dial-in-bot-crashed"])
            }
            _ => chance.pick(&[
                "Main agent-ended-call",
                "Testing agent-ended-call",
                "Main agent-ended-call",
            ]),
        })
    }

    fn metadata(&self, call: &Call) -> Value {
        match self.ended_reason(call) {
            None => json!({}),
            Some(reason) => json!({
                "ended_reason": reason,
                "ringing_duration": (call.fate.ring_s * 100.0).round() / 100.0,
            }),
        }
    }

    /// What has been said so far; the API gives it only once the call has ended.
    pub(crate) fn turns(&self, call: &Call) -> Vec<Turn> {
        if !call.times.has_ended(self.now) {
            return Vec::new();
        }
        let (scenario, _) = self.scenario_of(call);
        talk::turns(self.world, scenario, call, call.times.talked_s(&call.fate, self.now))
    }

    /// Seconds of conversation so far.
    pub(crate) fn seconds(&self, call: &Call) -> f64 {
        call.times.talked_s(&call.fate, self.now)
    }

    pub(crate) fn expected_outcome(&self, call: &Call, turns: &[Turn]) -> Value {
        if !self.is_over(call) {
            return json!({});
        }
        let (scenario, _) = self.scenario_of(call);
        let mut value = judge::expected_outcome(scenario, &call.fate, turns);
        if let (Some(vote), Some(fields)) =
            (self.book.votes.get(&(call.run, 0)), value.as_object_mut())
        {
            fields.insert("thumbs_up".to_owned(), json!(vote.thumbs_up));
            fields.insert("feedback".to_owned(), json!(vote.feedback));
        }
        value
    }

    pub(crate) fn metrics(&self, call: &Call, turns: &[Turn]) -> Vec<Value> {
        if !self.is_over(call) {
            return Vec::new();
        }
        let (scenario, _) = self.scenario_of(call);
        let mut metrics = judge::metrics(self.world, scenario, call, turns, self.dialect);
        for metric in &mut metrics {
            let id = metric["id"].as_i64().unwrap_or_default();
            if let Some(vote) = self.book.votes.get(&(call.run, id)) {
                metric["thumbs_up"] = json!(vote.thumbs_up);
                metric["expected_value"] = vote.expected_value.clone();
                metric["feedback"] = json!(vote.feedback);
            }
        }
        metrics
    }

    /// As the answer to a launch has it.
    pub(crate) fn run_at_launch(&self, planned: &Planned, call: &Call) -> Value {
        let profile = call.profile.and_then(World::profile);
        json!({
            "id": call.run,
            "status": self.status(call),
            "scenario": call.scenario,
            "number": World::agent(planned.launch.agent).map(|agent| agent.phone),
            "inbound_number": TESTER_NUMBER,
            "scenario_name": self.scenario_name(call),
            "test_profile_data": profile.map(profile_data),
            "test_profile_name": profile.map(|one| one.name),
            "outbound_dial_window_opens_at": null,
            "outbound_dial_window_seconds": null,
            "outbound_dial_window_closes_at": null,
        })
    }

    /// As the rows of the results list have it.
    pub(crate) fn run_in_row(&self, call: &Call) -> Value {
        json!({
            "id": call.run,
            "status": self.status(call),
            "scenario": call.scenario,
            "scenario_name": self.scenario_name(call),
            "success": self.success(call),
            "evaluation_status": self.evaluation_status(call),
        })
    }

    fn scenario_name(&self, call: &Call) -> String {
        match self.scenario_of(call) {
            (scenario, true) => scenario.name.clone(),
            (_, false) => "Scenario Deleted".to_owned(),
        }
    }

    /// As `GET /runs/` has it: without transcript and metrics.
    pub(crate) fn run_light(&self, planned: &Planned, call: &Call) -> Value {
        self.light(planned, call, &self.turns(call))
    }

    fn light(&self, planned: &Planned, call: &Call, turns: &[Turn]) -> Value {
        let agent = World::agent(planned.launch.agent).unwrap_or(&AGENTS[0]);
        let profile = call.profile.and_then(World::profile);
        let started = call.times.answered;
        json!({
            "id": call.run,
            "provider_call_id": provider_call_id(call.run),
            "trace_id": trace_id(self.world.seed, call.run),
            "scenario": self.world.scenario(call.scenario).map(|one| one.id),
            "scenario_name": self.scenario_name(call),
            "personality": call.caller,
            "personality_name": World::caller(call.caller).map(|one| one.name),
            "result_id": planned.launch.result,
            "agent": agent.id,
            "agent_name": agent.name,
            "duration": clock(self.seconds(call)),
            "status": self.status(call),
            "evaluation_status": self.evaluation_status(call),
            "expected_outcome": self.expected_outcome(call, turns),
            "success": self.success(call),
            "timestamp": stamp(call.times.launched),
            "executed_at": (self.now >= started && call.fate.ending.has_talk()).then(|| stamp(started)),
            "metadata": self.metadata(call),
            "outbound_number": "",
            "inbound_number": TESTER_NUMBER,
            "critical_categories": [],
            "error_message": self.error_message(call),
            "run_as_text": false,
            "test_profile": profile.map(|one| one.id),
            "test_profile_name": profile.map(|one| one.name),
            "agent_number": agent.phone,
            "run_type": "Pipecat",
            "agent_version": null,
            "outbound_dial_window_opens_at": null,
            "outbound_dial_window_seconds": null,
            "outbound_dial_window_closes_at": null,
            "is_log_present": false,
        })
    }

    /// As a result has it under the call's number: judged, but without the transcript.
    pub(crate) fn run_in_result(&self, planned: &Planned, call: &Call) -> Value {
        self.judged(planned, call, &self.turns(call))
    }

    fn judged(&self, planned: &Planned, call: &Call, turns: &[Turn]) -> Value {
        let mut value = self.light(planned, call, turns);
        let profile = call.profile.and_then(World::profile);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("evaluation".to_owned(), json!({ "metrics": self.metrics(call, turns) }));
            fields.insert("test_profile_data".to_owned(), json!(profile.map(profile_data)));
            fields.insert("is_reviewed".to_owned(), json!(self.is_reviewed(call)));
        }
        value
    }

    fn is_reviewed(&self, call: &Call) -> bool {
        self.book.reviews.get(&call.run).and_then(|review| review.is_reviewed).unwrap_or(false)
    }

    /// The whole call.
    pub(crate) fn run_full(&self, planned: &Planned, call: &Call, result_name: &str) -> Value {
        let turns = self.turns(call);
        let (scenario, known) = self.scenario_of(call);
        let seconds = self.seconds(call);
        let has_sound = call.times.has_ended(self.now) && seconds > 0.0;
        let mut value = self.judged(planned, call, &turns);
        let waveform = has_sound.then(|| sound::waveform(&turns, seconds));
        let judged = self.is_over(call);
        let agent = World::agent(planned.launch.agent).unwrap_or(&AGENTS[0]);
        let mocked: Vec<&str> = match &planned.launch.mock_tool_names {
            None => agent.tools.iter().map(|tool| tool.1).collect(),
            Some(names) => names.iter().map(String::as_str).collect(),
        };
        let feedback = self.book.reviews.get(&call.run).and_then(|review| review.feedback.clone());
        let more = json!({
            "scenario_type": if known { json!("instruction") } else { Value::Null },
            "result_name": result_name,
            "expected_outcome_prompt": scenario.expectation(),
            "scenario_instructions": scenario.instructions(),
            "rubric": if judged { judge::rubric(scenario, call, &turns) } else { Value::Null },
            "transcript": talk::as_text(&turns),
            "transcript_object": turns.iter().map(|turn| turn_json(call, turn)).collect::<Vec<_>>(),
            "voice_recording_url": has_sound.then(|| format!("http://{}/recordings/{}.wav", self.host, call.run)),
            "email_id": null,
            "feedback": feedback.unwrap_or_default(),
            "generated_mock_tool_entries": [],
            "mocked_tool_names": mocked,
            "provider_call_details": {},
            "testing_channel_index": has_sound.then_some(sound::CALLER_CHANNEL),
            "waveform": waveform.map(|[caller, agent]| json!({ "0": caller, "1": agent })),
        });
        if let (Some(fields), Value::Object(more)) = (value.as_object_mut(), more) {
            fields.extend(more);
        }
        value
    }
}

fn turn_json(call: &Call, turn: &Turn) -> Value {
    let time = clock(turn.start_s);
    match &turn.voice {
        Voice::Caller | Voice::Agent => json!({
            "role": if turn.voice == Voice::Caller { "Testing Agent" } else { "Main Agent" },
            "time": time,
            "content": turn.text,
            "start_time": turn.start_s,
            "end_time": turn.end_s,
        }),
        Voice::ToolCall(name) => json!({
            "role": "Function Call",
            "time": time,
            "content": "",
            "start_time": turn.start_s,
            "end_time": turn.end_s,
            "data": { "id": tool_call_id(call.run, name), "name": name, "arguments": turn.text },
        }),
        // The real one leaves `content` out here.
        Voice::ToolResult(name) => json!({
            "role": "Function Call Result",
            "time": time,
            "start_time": turn.start_s,
            "end_time": turn.end_s,
            "data": { "id": tool_call_id(call.run, name), "name": name, "result": turn.text },
        }),
    }
}

fn tool_call_id(run: i64, name: &str) -> String {
    let mut chance =
        Chance::of(run as u64, &[92, name.len() as u64, u64::from(name.as_bytes()[0])]);
    format!("call_{:016x}", chance.next())
}

fn provider_call_id(run: i64) -> String {
    format!("call_{:012x}", Chance::of(run as u64, &[93]).next() >> 16)
}

fn trace_id(seed: u64, run: i64) -> String {
    let mut chance = Chance::of(seed, &[94, run as u64]);
    format!("{:016x}{:016x}", chance.next(), chance.next())
}

fn profile_data(profile: &Profile) -> Value {
    json!({ "id": profile.id, "name": profile.name, "information": profile_information(profile) })
}
