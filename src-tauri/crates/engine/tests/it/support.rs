//! An engine whose clock and pauses are in a test's hands, and the server that it asks.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::{Cadence, Engine, EngineConfig, Network, PracticeDoor, PracticeStudio, StudioFailed};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::{Semaphore, mpsc};
use wiremock::matchers::{any, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Longer than anything takes that comes at all.
const PATIENCE: Duration = Duration::from_secs(60);
/// The followed result.
pub(crate) const RESULT: i64 = 7;
/// Its call.
pub(crate) const CALL: i64 = 70;

/// The server as the engine's practice studio: its key needs no key store.
struct Door(String);

impl PracticeStudio for Door {
    fn start(
        &self,
    ) -> Pin<Box<dyn Future<Output = Result<PracticeDoor, StudioFailed>> + Send + '_>> {
        let door = PracticeDoor {
            base_url: self.0.clone(),
            key: "lc-test-key-0123456789".to_owned().into(),
            speed: 1.0,
        };
        Box::pin(async move { Ok(door) })
    }

    fn erase(&self) -> Pin<Box<dyn Future<Output = Result<(), StudioFailed>> + Send + '_>> {
        Box::pin(async { Ok(()) })
    }
}

pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) server: MockServer,
    now: Arc<Mutex<Timestamp>>,
    chance: Arc<Mutex<f64>>,
    seen: AtomicUsize,
    asked: mpsc::UnboundedReceiver<Duration>,
    go: Arc<Semaphore>,
    _dir: TempDir,
}

impl World {
    /// The program's own pace, with chance in the middle; the first pass is over.
    ///
    /// `moving`: one call is under way.
    pub(crate) async fn open(moving: bool) -> Self {
        Self::open_at(Cadence::REAL, moving).await
    }

    /// The same at a pace.
    pub(crate) async fn open_at(cadence: Cadence, moving: bool) -> Self {
        let server = MockServer::start().await;
        healthy(&server, moving).await;
        let now: Timestamp = "2026-03-02T10:00:00Z".parse().unwrap();
        let now = Arc::new(Mutex::new(now));
        let chance = Arc::new(Mutex::new(0.5));
        let (ask, asked) = mpsc::unbounded_channel();
        let go = Arc::new(Semaphore::new(0));
        let gate = Arc::clone(&go);
        let network = Network {
            cadence,
            practice_cadence: cadence,
            sleep: Arc::new(move |time| {
                let _ = ask.send(time);
                let gate = Arc::clone(&gate);
                Box::pin(async move { gate.acquire_owned().await.unwrap().forget() })
            }),
            ..Network::default()
        };
        let dir = TempDir::new().unwrap();
        let clock = Arc::clone(&now);
        let drawn = Arc::clone(&chance);
        let engine = Engine::start(EngineConfig {
            data_dir: dir.path().to_owned(),
            now: Arc::new(move || *clock.lock().unwrap()),
            zone: Arc::new(|| TimeZone::UTC),
            random: Arc::new(move || *drawn.lock().unwrap()),
            vault: vault::Vault::with_store("linecheck-test", PATIENCE, || {
                unreachable!("no key is kept")
            }),
            studio: Arc::new(Door(server.uri())),
            default_server: "https://unreachable.invalid".to_owned(),
            app_version: "0.0.0-test".to_owned(),
            network,
            failpoint: None,
        })
        .unwrap();
        engine.practice_open().await.unwrap();
        let mut world =
            Self { engine, server, now, chance, seen: AtomicUsize::new(0), asked, go, _dir: dir };
        world.pause().await;
        // What the first pass found is followed from the second one on.
        if moving {
            world.pass().await;
        }
        world.asked().await;
        world
    }

    /// The next pause that is asked for.
    pub(crate) async fn pause(&mut self) -> Duration {
        tokio::time::timeout(PATIENCE, self.asked.recv()).await.expect("a pause").unwrap()
    }

    /// Lets the pause be over; the one after the pass that follows.
    pub(crate) async fn pass(&mut self) -> Duration {
        self.go.add_permits(1);
        self.pause().await
    }

    /// Nobody looks any more; the pause under way goes on.
    pub(crate) async fn away(&mut self) {
        self.engine.looked_at(false);
        self.pause().await;
    }

    pub(crate) fn ahead(&self, seconds: i64) {
        let mut now = self.now.lock().unwrap();
        *now = now.checked_add(SignedDuration::from_secs(seconds)).unwrap();
    }

    /// What chance gives from now on, in `[0, 1)`.
    pub(crate) fn chance(&self, drawn: f64) {
        *self.chance.lock().unwrap() = drawn;
    }

    /// How many requests came since the last time this was asked.
    pub(crate) async fn asked(&self) -> usize {
        let count = self.server.received_requests().await.unwrap().len();
        count - self.seen.swap(count, Ordering::SeqCst)
    }

    /// From now on the server says this to everything.
    pub(crate) async fn says(&self, answer: ResponseTemplate) {
        self.server.reset().await;
        self.seen.store(0, Ordering::SeqCst);
        Mock::given(any()).respond_with(answer).mount(&self.server).await;
    }

    /// From now on it is well again.
    pub(crate) async fn heals(&self, moving: bool) {
        self.server.reset().await;
        self.seen.store(0, Ordering::SeqCst);
        healthy(&self.server, moving).await;
    }
}

async fn healthy(server: &MockServer, moving: bool) {
    let row = json!({
        "id": RESULT, "name": "Nightly", "status": "running",
        "created_at": "2026-03-02T09:59:00Z", "total_runs_count": 1,
    });
    let mut whole = row.clone();
    whole["runs"] = json!({ "70": { "id": CALL, "status": "in_progress", "result": RESULT } });
    let list = |rows: Value| json!({ "count": rows.as_array().map(Vec::len), "next": null, "previous": null, "results": rows });
    let says = |body: Value| ResponseTemplate::new(200).set_body_json(body);
    if moving {
        Mock::given(path("/test_framework/v2/results/"))
            .respond_with(says(list(json!([row]))))
            .mount(server)
            .await;
        Mock::given(path(format!("/test_framework/v2/results/{RESULT}/")))
            .respond_with(says(whole))
            .mount(server)
            .await;
    }
    Mock::given(any()).respond_with(says(list(json!([])))).with_priority(9).mount(server).await;
}
