//! Runs: one call each.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::evaluation::{ExpectedOutcome, MetricResult, RubricRule, metric_results, rubric_rules};
use crate::ids::{AgentId, PersonalityId, ResultId, RunId, ScenarioId, TestProfileId};
use crate::json::Fault;
use crate::listing::{Item, Page, Sieve, Unreadable, decode, decode_all, keep_pace, one_page};
use crate::loose::{Lenient, Loose, Reference, Seconds, filled};
use crate::transcript::{Turn, read_transcript};
use crate::transport::{Call, is_openable, path};
use crate::waveform::Waveform;

const ROOT: &str = "/test_framework/v2/runs/";

/// Ids in one request of [`Client::runs_bulk`].
const CHUNK: usize = 50;

/// One call, in any of the shapes the API sends one in: the row of a list, the run inside a result,
/// the full run, and the dialects of v1, v2 and the webhooks.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// The result it belongs to.
    pub result: Option<ResultId>,
    /// The agent called.
    pub agent: Option<AgentId>,
    /// The scenario; none once that was deleted.
    pub scenario: Option<ScenarioId>,
    /// The scenario's name.
    pub scenario_name: Option<String>,
    /// Who the tester pretended to be.
    pub personality: Option<PersonalityId>,
    /// That personality's name.
    pub personality_name: Option<String>,
    /// The test profile.
    pub test_profile: Option<TestProfileId>,
    /// That profile's name.
    pub test_profile_name: Option<String>,
    /// One of ten documented words, or another one; it can move backwards.
    pub status: Option<String>,
    /// `success`, `failure`, `reviewed_success`, `reviewed_failure`.
    pub evaluation_status: Option<String>,
    /// The verdict. Also false before it was judged and when the call never connected.
    pub success: Option<bool>,
    /// A person has looked at it.
    pub is_reviewed: Option<bool>,
    /// What that person wrote.
    pub feedback: Option<String>,
    /// Why the call ended: free text.
    pub ended_reason: Option<String>,
    /// What went wrong with the call itself.
    pub error_message: Option<String>,
    /// Seconds.
    pub duration_s: Option<f64>,
    /// When the call began, as the server writes it.
    pub executed_at: Option<String>,
    /// When it was placed, as the server writes it.
    pub timestamp: Option<String>,
    /// What was expected and what came.
    pub expected_outcome: Option<ExpectedOutcome>,
    /// What it was measured by.
    pub metrics: Vec<MetricResult>,
    /// Rules of the project's rubric.
    pub rubric: Vec<RubricRule>,
    /// The conversation; `None` when the answer holds none, as in the rows of a list.
    pub transcript: Option<Vec<Turn>>,
    /// Where the recording is, as the server writes it. How long it works is not documented.
    pub recording_url: Option<String>,
    /// How loud either side is, where the server says so and whose is whose.
    pub waveform: Option<Waveform>,
    /// Which channel of the recording is the tester's.
    pub tester_channel: Option<u32>,
    /// As it came.
    pub raw: Value,
}

#[derive(Deserialize)]
pub(crate) struct RunWire {
    id: RunId,
    result_id: Loose<ResultId>,
    result: Loose<Reference>,
    agent: Loose<Reference>,
    scenario: Loose<Reference>,
    scenario_name: Loose<String>,
    personality: Loose<Reference>,
    personality_name: Loose<String>,
    test_profile: Loose<Reference>,
    test_profile_data: Loose<Reference>,
    test_profile_name: Loose<String>,
    status: Loose<String>,
    evaluation_status: Loose<String>,
    success: Loose<bool>,
    is_reviewed: Loose<bool>,
    feedback: Loose<String>,
    metadata: Loose<Value>,
    call_ended_reason: Loose<String>,
    ended_reason: Loose<String>,
    error_message: Loose<String>,
    duration: Loose<Seconds>,
    executed_at: Loose<String>,
    timestamp: Loose<String>,
    expected_outcome: Loose<ExpectedOutcome>,
    evaluation: Loose<Value>,
    metrics: Loose<Value>,
    rubric: Loose<Value>,
    voice_recording_url: Loose<String>,
    voice_recording: Loose<String>,
    waveform: Loose<Value>,
    testing_channel_index: Loose<u32>,
}

impl Item for Run {
    type Wire = RunWire;

    fn from_wire(wire: RunWire, raw: Value) -> Self {
        let scenario = wire.scenario.0.unwrap_or_default();
        let personality = wire.personality.0.unwrap_or_default();
        let profile = wire.test_profile.0.unwrap_or_default();
        let profile_data = wire.test_profile_data.0.unwrap_or_default();
        let ended_reason = wire
            .metadata
            .0
            .as_ref()
            .and_then(|metadata| metadata.get("ended_reason"))
            .and_then(String::lenient);
        let metrics = wire
            .evaluation
            .0
            .as_ref()
            .and_then(|evaluation| evaluation.get("metrics"))
            .or(wire.metrics.0.as_ref());
        let tester_channel = wire.testing_channel_index.0;
        Self {
            id: wire.id,
            result: wire.result_id.0.or(wire
                .result
                .0
                .and_then(|result| result.id)
                .map(ResultId::from)),
            agent: wire.agent.0.and_then(|agent| agent.id).map(AgentId::from),
            scenario: scenario.id.map(ScenarioId::from),
            scenario_name: filled(wire.scenario_name.0).or(filled(scenario.name.clone())),
            personality: personality.id.map(PersonalityId::from),
            personality_name: filled(wire.personality_name.0)
                .or(filled(personality.name))
                .or(filled(scenario.text("personality_name"))),
            test_profile: profile.id.or(profile_data.id).map(TestProfileId::from),
            test_profile_name: filled(wire.test_profile_name.0)
                .or(filled(profile_data.name))
                .or(filled(profile.name)),
            status: wire.status.0,
            evaluation_status: filled(wire.evaluation_status.0),
            success: wire.success.0,
            is_reviewed: wire.is_reviewed.0,
            feedback: filled(wire.feedback.0),
            ended_reason: filled(ended_reason)
                .or(filled(wire.call_ended_reason.0))
                .or(filled(wire.ended_reason.0)),
            error_message: filled(wire.error_message.0),
            duration_s: wire.duration.0.map(|span| span.0),
            executed_at: filled(wire.executed_at.0),
            timestamp: filled(wire.timestamp.0),
            expected_outcome: wire.expected_outcome.0,
            metrics: metric_results(metrics),
            rubric: rubric_rules(wire.rubric.0.as_ref()),
            transcript: read_transcript(&raw),
            recording_url: filled(wire.voice_recording_url.0).or(filled(wire.voice_recording.0)),
            waveform: wire
                .waveform
                .0
                .as_ref()
                .and_then(|waveform| Waveform::read(waveform, tester_channel)),
            tester_channel,
            raw,
        }
    }

    fn identity(&self) -> String {
        self.id.to_string()
    }
}

impl Run {
    /// Whether the agent under test says anything in either form of the conversation; `None` where
    /// this answer holds none.
    pub fn agent_spoke(&self) -> Option<bool> {
        crate::transcript::agent_spoke(self.transcript.as_deref(), &self.raw)
    }

    /// Reads a run that was kept as JSON.
    pub fn from_value(value: &Value) -> Result<Self, Error> {
        decode(value.clone())
            .map_err(|fault| Error::untried(ErrorKind::unreadable(fault.path, fault.message)))
    }
}

/// What came of asking for many runs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunsRead {
    /// What could be read.
    pub items: Vec<Run>,
    /// What came and could not be read.
    pub unreadable: Vec<Unreadable>,
    /// Runs that the server would not give even when asked for alone, and why.
    pub failed: Vec<(RunId, Error)>,
    /// Runs that were not settled when `stopped` ended the asking.
    pub unasked: Vec<RunId>,
    /// What ended the asking: something that is not about these runs, such as a lost connection or a
    /// call for patience.
    pub stopped: Option<Error>,
}

/// Whether a failure may lie with some of the runs that were asked for.
fn may_be_about_some(kind: &ErrorKind) -> bool {
    match kind {
        ErrorKind::ServerTrouble { after, .. } => after.is_none(),
        ErrorKind::Unreadable { .. }
        | ErrorKind::TooBig { .. }
        | ErrorKind::Refused { .. }
        | ErrorKind::NotFound(_) => true,
        _ => false,
    }
}

impl Client {
    /// One page of a result's runs, counted from 1, without transcripts.
    pub async fn runs(
        &self,
        result: ResultId,
        page: u32,
        page_size: u32,
    ) -> Result<Page<Run>, Error> {
        let call = Call::get(ROOT)
            .with("result_id", Some(result))
            .with("page", Some(page))
            .with("page_size", Some(page_size));
        one_page(self, call).await
    }

    /// One run in full.
    pub async fn run(&self, id: RunId) -> Result<Run, Error> {
        self.one(&Call::get(path(ROOT, id, ""))).await
    }

    /// Many runs in full, fifty to a request. Runs the server does not give are missing from the
    /// answer.
    ///
    /// Where a request fails and the runs it asks for may be why, they are asked for in halves, and
    /// at last one by one; so is what follows where an answer can no longer be told apart. No more
    /// than two requests for each run are made.
    pub async fn runs_bulk(&self, ids: &[RunId]) -> RunsRead {
        let mut read = RunsRead::default();
        let mut sieve = Sieve::default();
        let mut seen = HashSet::new();
        let ids: Vec<RunId> = ids.iter().copied().filter(|id| seen.insert(*id)).collect();
        let mut open: VecDeque<(Vec<RunId>, bool)> =
            ids.chunks(CHUNK).map(|chunk| (chunk.to_vec(), false)).collect();
        while let Some((chunk, again)) = open.pop_front() {
            if again {
                keep_pace(self).await;
            }
            let answer = match chunk.as_slice() {
                [id] if again => self.run(*id).await.map(|run| (vec![run], Vec::new(), None)),
                chunk => self.some_runs(chunk).await,
            };
            let (rest, error) = match answer {
                Err(error) => (chunk, error),
                Ok((items, unreadable, lost)) => {
                    let told = |id: &RunId| {
                        items.iter().any(|run| run.id == *id)
                            || unreadable.iter().any(|fault| fault.id == Some(id.get()))
                    };
                    let rest: Vec<RunId> = chunk.into_iter().filter(|id| !told(id)).collect();
                    let new = items.into_iter().filter(|run| sieve.is_new(run.identity()));
                    read.items.extend(new);
                    read.unreadable.extend(unreadable);
                    let Some(lost) = lost else { continue };
                    (rest, Error { kind: lost.kind(), tries: 1, took: Duration::ZERO })
                }
            };
            if !may_be_about_some(&error.kind) {
                read.unasked = rest;
                read.unasked.extend(open.into_iter().flat_map(|(chunk, _)| chunk));
                read.stopped = Some(error);
                break;
            }
            match rest.as_slice() {
                [] => {}
                [id] if again => read.failed.push((*id, error)),
                [_] => open.push_back((rest, true)),
                ids => {
                    let (first, second) = ids.split_at(ids.len() / 2);
                    open.extend([(first.to_vec(), true), (second.to_vec(), true)]);
                }
            }
        }
        read
    }

    /// Some runs in full; what could not be told apart is missing.
    async fn some_runs(
        &self,
        ids: &[RunId],
    ) -> Result<(Vec<Run>, Vec<Unreadable>, Option<Fault>), Error> {
        // A bare list with commas: an array gets 400, and `ids`, which the SDK sends, nothing.
        let joined = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let call = Call::get(format!("{ROOT}bulk/")).with("run_ids", Some(joined));
        let rows = self.rows(&call).await?;
        let (items, unreadable) = decode_all(rows.entries);
        Ok((items, unreadable, rows.lost))
    }

    /// Ends one call.
    pub async fn end_call(&self, id: RunId) -> Result<(), Error> {
        self.done(&Call::stop(path(ROOT, id, "end_call/"))).await
    }

    /// Where a call can be listened to while it runs; `None` where the server names no address that
    /// may be opened. The answer's shape is not documented: text, or `url`, `listen_url`,
    /// `listenUrl` of an object.
    pub async fn listen_url(&self, id: RunId) -> Result<Option<Url>, Error> {
        let call = Call::get(path(ROOT, id, "get_listen_url/"));
        let text = match self.text(&call).await {
            Ok(text) => text,
            Err(error) if matches!(error.kind, ErrorKind::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
        let named = ["url", "listen_url", "listenUrl"].iter().find_map(|name| value.get(name));
        Ok(Url::lenient(named.unwrap_or(&value)).filter(is_openable))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on should say so")]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::Run;

    const FIELDS: [&str; 16] = [
        "scenario",
        "personality",
        "test_profile",
        "test_profile_data",
        "status",
        "success",
        "metadata",
        "duration",
        "expected_outcome",
        "evaluation",
        "metrics",
        "rubric",
        "transcript",
        "transcript_object",
        "voice_recording_url",
        "waveform",
    ];
    const KEYS: [&str; 14] = [
        "id",
        "name",
        "score",
        "explanation",
        "outcome_alignments",
        "aligned",
        "metrics",
        "passed",
        "role",
        "time",
        "content",
        "data",
        "ended_reason",
        "testing_channel_index",
    ];

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(|number| json!(number)),
            prop_oneof![".{0,8}", "[0-9:]{0,8}", "\\[[0-9:]{0,5}\\] Main Agent: .{0,8}"]
                .prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            let key = prop::sample::select(KEYS.to_vec()).prop_map(str::to_owned);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec((key, inner), 0..5)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_run_with_an_id_is_read_whatever_else_it_holds(
            fields in prop::collection::vec((prop::sample::select(FIELDS.to_vec()), value()), 0..8),
        ) {
            let mut raw = json!({ "id": "77" });
            for (name, value) in fields {
                raw[name] = value;
            }
            let run = Run::from_value(&raw).unwrap();
            prop_assert_eq!(run.id.get(), 77);
            prop_assert_eq!(&run.raw, &raw);
            // Read again from what was kept, it is the same run.
            prop_assert_eq!(Run::from_value(&run.raw).unwrap(), run);
        }

        #[test]
        fn anything_else_is_refused_without_a_panic(raw in value()) {
            let has_id = raw.get("id").and_then(crate::loose::whole).is_some();
            prop_assert_eq!(Run::from_value(&raw).is_ok(), has_id && raw.is_object());
        }
    }
}
