//! What tests start from.

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use ledger::{
    CallPut, Change, Detail, Ledger, LedgerConfig, LedgerError, NewLaunch, NewWorkspace, ResultPut,
    WorkspaceKind,
};
use serde_json::{Value, json};

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub(crate) struct Clock(Arc<AtomicI64>);

impl Clock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(1_790_000_000_000_000)))
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap()
    }

    pub(crate) fn forward(&self, seconds: i64) -> Timestamp {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
        self.now()
    }
}

pub(crate) fn try_open(dir: &Path, clock: &Clock) -> Result<Ledger, LedgerError> {
    let clock = clock.clone();
    let now = Arc::new(move || clock.now());
    Ledger::open(LedgerConfig { dir: dir.to_owned(), now, failpoint: None })
}

pub(crate) fn open(dir: &Path, clock: &Clock) -> Ledger {
    try_open(dir, clock).unwrap()
}

/// An open ledger in a folder of its own, with one workspace.
pub(crate) struct House {
    pub(crate) ledger: Ledger,
    pub(crate) clock: Clock,
    pub(crate) workspace: i64,
    pub(crate) dir: tempfile::TempDir,
}

impl House {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::new();
        let ledger = open(dir.path(), &clock);
        let workspace = add_workspace(&ledger, "https://api.example");
        Self { ledger, clock, workspace, dir }
    }

    /// Closes the ledger and opens it again.
    pub(crate) fn again(self) -> Self {
        let Self { ledger, clock, workspace, dir } = self;
        drop(ledger);
        let ledger = open(dir.path(), &clock);
        Self { ledger, clock, workspace, dir }
    }

    /// A launch that is being sent, of a draft of its own.
    pub(crate) fn sending(&self, id: &str) -> ledger::Launch {
        let draft = format!("draft-of-{id}");
        self.ledger.draft_replace(self.workspace, &draft, &json!({})).unwrap();
        self.ledger.launch_begin(&new_launch(&self.ledger, self.workspace, id, &draft)).unwrap()
    }
}

pub(crate) fn add_workspace(ledger: &Ledger, origin: &str) -> i64 {
    let kind = WorkspaceKind::Cekura;
    let new = NewWorkspace { kind, origin: origin.to_owned(), label: format!("at {origin}") };
    ledger.workspace_add(&new).unwrap().id
}

/// A launch of a draft as it stands now; of a draft that is not there, at no time.
pub(crate) fn new_launch(ledger: &Ledger, workspace: i64, id: &str, draft: &str) -> NewLaunch {
    let seen = ledger.draft(draft).map_or(Timestamp::UNIX_EPOCH, |draft| draft.changed_at);
    NewLaunch {
        id: id.to_owned(),
        draft: draft.to_owned(),
        workspace,
        name: format!("Nightly · {id}"),
        token: format!("t{id}"),
        agent: 7,
        agent_name: "Front desk".to_owned(),
        body: json!({ "agent": 7, "scenarios": [{ "scenario": 1 }] }),
        body_hash: "hash".to_owned(),
        endpoint: "/run/".to_owned(),
        expected_calls: 4,
        credits_low: Some(10.0),
        credits_high: Some(20.5),
        mocks: json!({ "kind": "all" }),
        parent: None,
        app_version: "0.1.0".to_owned(),
        draft_seen: seen,
    }
}

pub(crate) fn result_put(id: i64) -> ResultPut {
    ResultPut {
        id,
        name: format!("Run {id}"),
        agent: Some(7),
        agent_name: Some("Front desk".to_owned()),
        status: Some("running".to_owned()),
        run_type: None,
        scheduled: false,
        created_at: Timestamp::from_second(1_780_000_000 + id).ok(),
        expected_calls: Some(2),
        launch_id: None,
        followed: None,
        raw: json!({ "id": id }),
        has_detail: false,
        server_passed: None,
        server_failed: None,
    }
}

pub(crate) fn call_put(id: i64, outcome: &str) -> CallPut {
    CallPut {
        id,
        evaluator: Some(id % 3),
        evaluator_name: Some(format!("Evaluator {}", id % 3)),
        caller: None,
        caller_name: None,
        profile: None,
        profile_name: None,
        status: Some("completed".to_owned()),
        outcome: outcome.to_owned(),
        why: json!({ "code": outcome }),
        reading: 1,
        duration_s: Some(60.0),
        started_at: None,
        ended: outcome != "in_progress",
        detail: Detail::Light,
        raw: json!({ "id": id, "outcome": outcome }),
    }
}

/// Collects what the listener hears.
pub(crate) fn listen(ledger: &Ledger) -> Arc<Mutex<Vec<Change>>> {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&heard);
    ledger.on_change(Box::new(move |change| ears.lock().unwrap().push(change)));
    heard
}

pub(crate) fn code<T>(outcome: Result<T, LedgerError>) -> &'static str {
    match outcome {
        Ok(_) => "ok",
        Err(error) => error.code(),
    }
}

/// Numbers that look random and are the same in every run (splitmix64, Vigna 2015).
pub(crate) struct Seeded(pub(crate) u64);

impl Seeded {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }
}

pub(crate) fn text(value: &str) -> Value {
    Value::String(value.to_owned())
}
