//! One call: read from the ledger, fetched in full where only its row is known, stopped, listened to.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use crate::code::Code;
use crate::core::Engine;
use crate::error::{EngineError, Outcome};
use crate::facts::{StoredWhy, outcome_of, outcome_view, text_of, why_of};
use crate::session::Session;
use crate::storing::Seen;
use crate::transcript::{expected_view, metric_views, turns, waveform};
use crate::view::{CallRowView, CallView, ErrorView, FeedTopic, OutcomeView};

/// An agent that needs longer than this for its first word was probably being started.
const COLD_START_S: f64 = 10.0;

/// An attempt to read a call in full.
#[derive(Debug, Clone)]
pub(crate) struct Tried {
    /// The state of its row afterwards: before that changes, it is not read again by itself.
    seq: i64,
    /// Why it failed.
    error: Option<ErrorView>,
}

/// A kept call with its reading.
pub(crate) struct KnownCall {
    /// As the verdict sees it.
    pub(crate) judged: verdict::Call,
    caller_name: Option<Arc<str>>,
    profile_name: Option<Arc<str>>,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) ended: bool,
    /// See [`ledger::CallRow::has_full`].
    pub(crate) has_full: bool,
    /// A person decided the outcome.
    reviewed: bool,
    first_word_s: Option<f64>,
    /// A note is kept with it.
    noted: bool,
    /// A person has voted on what was judged.
    voted: bool,
    /// The server has not been told what a person said, or took back.
    untold: bool,
}

/// Names that calls of a result have in common, each kept once.
#[derive(Default)]
struct Names(HashSet<Arc<str>>);

impl Names {
    fn shared(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return Arc::clone(known);
        }
        let name = Arc::<str>::from(name);
        self.0.insert(Arc::clone(&name));
        name
    }
}

impl Borrow<verdict::Call> for KnownCall {
    fn borrow(&self) -> &verdict::Call {
        &self.judged
    }
}

impl KnownCall {
    fn of(line: ledger::CallLine<'_>, names: &mut Names) -> Self {
        let StoredWhy { reason, reviewed, first_word_s } = StoredWhy::read(&line.why);
        Self {
            judged: verdict::Call {
                id: line.id,
                key: verdict::GroupKey {
                    evaluator: line.evaluator,
                    caller: line.caller,
                    profile: line.profile,
                },
                evaluator_name: names.shared(line.evaluator_name.as_deref().unwrap_or_default()),
                outcome: outcome_of(&line.outcome),
                reason,
                seconds: line.duration_s,
            },
            caller_name: line.caller_name.map(|name| names.shared(&name)),
            profile_name: line.profile_name.map(|name| names.shared(&name)),
            started_at: line.started_at,
            ended: line.ended,
            has_full: line.has_full,
            reviewed,
            first_word_s,
            noted: false,
            voted: false,
            untold: false,
        }
    }

    /// The same with what people here have said of it.
    fn said(self, noted: bool, human: Option<&ledger::HumanVerdict>) -> Self {
        Self {
            noted,
            voted: human.is_some_and(|human| !human.votes.is_empty()),
            untold: human.is_some_and(|human| !human.sent),
            ..self
        }
    }

    /// The agent took unusually long to say its first word.
    pub(crate) fn is_cold(&self) -> bool {
        self.first_word_s.is_some_and(|seconds| seconds > COLD_START_S)
    }

    /// As the page shows it: the repetition `time` of so many.
    pub(crate) fn row(self, time: u32, of: u32) -> CallRowView {
        CallRowView {
            id: self.judged.id,
            outcome: outcome_view(self.judged.outcome),
            cold: self.is_cold(),
            why: why_of(self.judged.reason),
            time,
            of,
            caller_name: self.caller_name.as_deref().map(str::to_owned),
            profile_name: self.profile_name.as_deref().map(str::to_owned),
            seconds: self.judged.seconds,
            reviewed: self.reviewed,
            noted: self.noted,
            voted: self.voted,
            untold: self.untold,
        }
    }
}

impl Engine {
    /// The kept calls of a result in the order they were placed, with what they mean.
    pub(crate) fn known_calls(&self, workspace: i64, result: i64) -> Outcome<Vec<KnownCall>> {
        let mut names = Names::default();
        let of_line = |line: ledger::CallLine<'_>| KnownCall::of(line, &mut names);
        let mut calls = self.ledger().call_lines(workspace, result, of_line)?;
        let ids: Vec<i64> = calls.iter().map(|call| call.judged.id).collect();
        let notes = self.ledger().notes(workspace, &ids)?;
        let humans = self.ledger().humans(workspace, &ids)?;
        if !(notes.is_empty() && humans.is_empty()) {
            calls = calls
                .into_iter()
                .map(|call| {
                    let id = call.judged.id;
                    call.said(notes.contains_key(&id), humans.get(&id))
                })
                .collect();
        }
        Ok(calls)
    }

    /// A call as it is kept. Where only its row is known, the rest is fetched in the background and
    /// the feed tells when it is there.
    pub fn call_read(&self, result: i64, id: i64) -> Result<CallView, EngineError> {
        let workspace = self.workspace_shown()?;
        let record = self
            .ledger()
            .call(workspace, id)?
            .filter(|record| record.row.result == result)
            .ok_or_else(|| EngineError::new(Code::Gone))?;
        let siblings = self.ledger().repetitions(workspace, id)?;
        let time = siblings.iter().position(|sibling| *sibling == id).map_or(1, |at| at + 1);
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let has_note = self.ledger().note(workspace, id)?.is_some();
        let human = self.ledger().human(workspace, id)?;
        let here =
            KnownCall::of(record.row.line(), &mut Names::default()).said(has_note, human.as_ref());
        let row = here.row(narrow(time), narrow(siblings.len()));
        let (loading, error) = if record.row.has_full {
            (false, None)
        } else {
            self.fetch_full(result, id, record.row.seq)
        };
        let view = self.call_view(workspace, row, &record)?;
        Ok(CallView { loading, error, ..view })
    }

    /// Reads a call in full again, whether that was tried before or not. The feed tells when it is
    /// over.
    pub fn call_refetch(&self, result: i64, id: i64) -> Result<(), EngineError> {
        let session = self.session()?;
        let client = session.client()?;
        let seq = self.ledger().call(session.workspace.id, id)?.map_or(0, |known| known.row.seq);
        self.begin_to_fetch(session, client, result, id, seq);
        self.tell(FeedTopic::Calls, &[result]);
        Ok(())
    }

    fn call_view(
        &self,
        workspace: i64,
        row: CallRowView,
        record: &ledger::CallRecord,
    ) -> Outcome<CallView> {
        // A call that cannot be read any more is shown as far as its row goes.
        let run = cekura::Run::from_value(&record.raw).ok();
        let run = run.as_ref();
        let prompt = match record.row.evaluator {
            Some(evaluator) => self
                .ledger()
                .evaluator(workspace, evaluator)?
                .and_then(|kept| text_of(&kept.raw, "expected_outcome_prompt")),
            None => None,
        };
        let human = self.ledger().human(workspace, row.id)?;
        Ok(CallView {
            result: record.row.result,
            evaluator_name: record.row.evaluator_name.clone().unwrap_or_default(),
            started_at: record.row.started_at.map(|at| at.to_string()),
            ended_reason: run.and_then(|run| run.ended_reason.clone()),
            error_message: run
                .and_then(|run| run.error_message.clone())
                .filter(|text| !text.trim().is_empty()),
            expected: run.and_then(|run| expected_view(run, prompt)),
            metrics: run.map(metric_views).unwrap_or_default(),
            transcript: run.and_then(turns),
            note: self.ledger().note(workspace, row.id)?,
            whole: record.row.has_full,
            loading: false,
            error: None,
            stopping: row.outcome == OutcomeView::InProgress
                && self.is_call_stopping(workspace, record.row.result, row.id)?,
            recording: run.is_some_and(|run| run.recording_url.is_some()),
            waveform: run.and_then(waveform),
            caller_channel: record
                .raw
                .get("testing_channel_index")
                .and_then(Value::as_u64)
                .and_then(|channel| u32::try_from(channel).ok()),
            human: crate::review::human_view(human),
            mocked_tools: record
                .raw
                .get("mocked_tool_names")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
            dashboard: self.dashboard(workspace, record.row.result, Some(row.id))?,
            row,
        })
    }

    /// Begins to fetch a call in full, unless this was tried since its row last changed: whether it
    /// is under way, or else why it is not there. The feed tells once when it is over.
    fn fetch_full(&self, result: i64, id: i64, seq: i64) -> (bool, Option<ErrorView>) {
        let asked = self.session().and_then(|session| Ok((session.client()?, session)));
        let (client, session) = match asked {
            Ok(asked) => asked,
            Err(error) => return (false, Some(error.view())),
        };
        let tried = session.fetched().get(&id).cloned();
        match tried.filter(|tried| tried.seq == seq) {
            Some(_) if session.fetching().contains(&id) => (true, None),
            Some(tried) => (false, tried.error),
            None => {
                self.begin_to_fetch(session, client, result, id, seq);
                (true, None)
            }
        }
    }

    /// Fetches a call in full in the background, once at a time.
    fn begin_to_fetch(
        &self,
        session: Arc<Session>,
        client: cekura::Client,
        result: i64,
        id: i64,
        seq: i64,
    ) {
        if !session.fetching().insert(id) {
            return;
        }
        let engine = self.clone();
        self.inner.tasks.spawn(async move {
            let error = match engine.read_whole(&session, &client, result, id).await {
                Ok(_) => None,
                Err(error) => {
                    engine.failed(&session, &error);
                    tracing::info!(code = error.code.as_str(), "a call could not be read in full");
                    Some(error.view())
                }
            };
            let workspace = session.workspace.id;
            let now = engine.ledger().call(workspace, id).ok().flatten().map(|call| call.row.seq);
            session.fetched().insert(id, Tried { seq: now.unwrap_or(seq), error });
            session.fetching().remove(&id);
            engine.tell(FeedTopic::Calls, &[result]);
        });
    }

    /// Reads a call in full and keeps it.
    pub(crate) async fn read_whole(
        &self,
        session: &Session,
        client: &cekura::Client,
        result: i64,
        id: i64,
    ) -> Outcome<cekura::Run> {
        let run = client.run(cekura::RunId::from(id)).await?;
        let runs = std::slice::from_ref(&run);
        self.store_calls(session.workspace.id, result, runs, &mut Seen::default())?;
        Ok(run)
    }

    /// Where a call in progress can be listened to: the API's live link, else the dashboard. The
    /// form of the API's answer is not documented; one that cannot be read leads to the dashboard,
    /// but a lost connection or a refused key is told.
    pub async fn call_listen(&self, result: i64, id: i64) -> Result<Option<String>, EngineError> {
        let session = self.session()?;
        let client = session.client()?;
        match client.listen_url(cekura::RunId::from(id)).await {
            Ok(Some(url)) => return Ok(Some(url.to_string())),
            Ok(None) => {}
            Err(error) => {
                let error = EngineError::from(error);
                if !crate::follow::is_about_one(error.code) {
                    self.failed(&session, &error);
                    return Err(error);
                }
            }
        }
        self.dashboard(session.workspace.id, result, Some(id))
    }
}
