//! A world for a test: a folder, a studio, an engine, and a way to wait for what they do.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use engine::view::{
    ConnectRequest, DraftBody, LaunchStateView, LaunchView, ResultView, ResultsQuery,
};
use engine::{Cadence, Engine, EngineConfig, Network, PracticeDoor, PracticeStudio, StudioFailed};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use practice::{Running, Studio, StudioConfig};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::{Notify, Semaphore, mpsc};

/// Nothing here takes as long as this; a test that waits longer has found something.
pub(crate) const PATIENCE: Duration = Duration::from_secs(300);
/// The key of the studios here.
pub(crate) const KEY: &str = "lc-test-key-0123456789abcdef";

/// How far ahead of the machine's clock a world is, in milliseconds.
#[derive(Clone, Default)]
pub(crate) struct Ahead(Arc<AtomicI64>);

impl Ahead {
    pub(crate) fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    pub(crate) fn by(&self, time: Duration) {
        self.0.fetch_add(i64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    }

    pub(crate) fn clock(&self) -> Arc<dyn Fn() -> Timestamp + Send + Sync> {
        let ahead = Arc::clone(&self.0);
        Arc::new(move || {
            Timestamp::now() + SignedDuration::from_millis(ahead.load(Ordering::SeqCst))
        })
    }
}

/// A source of chance that is the same every time.
pub(crate) fn chance(seed: u64) -> engine::Randomness {
    let state = AtomicU64::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    Arc::new(move || {
        let mut value = state.load(Ordering::SeqCst);
        value ^= value << 13;
        value ^= value >> 7;
        value ^= value << 17;
        state.store(value, Ordering::SeqCst);
        (value >> 11) as f64 / (1_u64 << 53) as f64
    })
}

/// The studio as the shell has it: inside, in the data folder.
pub(crate) struct InApp {
    folder: PathBuf,
    speed: f64,
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    running: tokio::sync::Mutex<Option<Running>>,
}

impl PracticeStudio for InApp {
    fn start(
        &self,
    ) -> Pin<Box<dyn Future<Output = Result<PracticeDoor, StudioFailed>> + Send + '_>> {
        Box::pin(async move {
            let mut running = self.running.lock().await;
            if running.is_none() {
                let mut config = StudioConfig::new(Arc::clone(&self.now));
                config.data_dir = Some(self.folder.clone());
                config.speed = self.speed;
                let studio =
                    Studio::start(config).await.map_err(|error| StudioFailed(error.to_string()))?;
                *running = Some(studio);
            }
            let studio = running.as_ref().unwrap();
            Ok(PracticeDoor {
                base_url: studio.base_url.clone(),
                key: studio.key.clone().into(),
                speed: studio.speed,
            })
        })
    }

    fn erase(&self) -> Pin<Box<dyn Future<Output = Result<(), StudioFailed>> + Send + '_>> {
        Box::pin(async move {
            if let Some(studio) = self.running.lock().await.take() {
                studio.stop().await;
            }
            let _ = std::fs::remove_dir_all(&self.folder);
            Ok(())
        })
    }
}

/// A mock key store: what the engine does with the key is the vault's own tests' matter.
pub(crate) fn mock_vault() -> vault::Vault {
    let store = keyring_core::mock::Store::new().unwrap();
    vault::Vault::with_store("linecheck-test", PATIENCE, move || Ok(store.clone()))
}

/// An engine with its folder.
pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) ahead: Ahead,
    changed: Arc<Notify>,
    pub(crate) folder: PathBuf,
    _dir: Option<TempDir>,
}

/// As the program uses the network, but on a test's scale of time: nothing is polled less often than
/// a test would like to wait.
pub(crate) fn quick() -> Network {
    let cadence = Cadence {
        moving: Duration::from_millis(100),
        unseen: Duration::from_millis(100),
        idle: Duration::from_millis(500),
        longest_pause: Duration::from_secs(1),
        reads_a_pass: 50,
    };
    Network { cadence, practice_cadence: cadence, ..Network::default() }
}

/// The engine's pauses in a test's hands: each pass of the follower ends by asking for a pause, and
/// the next one begins when the test lets it, or when the engine itself has a reason to.
pub(crate) struct Passes {
    asked: mpsc::UnboundedReceiver<Duration>,
    go: Arc<Semaphore>,
}

impl Passes {
    /// Puts the pauses of a network into a test's hands.
    pub(crate) fn of(mut network: Network) -> (Network, Self) {
        let (ask, asked) = mpsc::unbounded_channel();
        let go = Arc::new(Semaphore::new(0));
        let gate = Arc::clone(&go);
        network.sleep = Arc::new(move |time| {
            let _ = ask.send(time);
            let gate = Arc::clone(&gate);
            Box::pin(async move { gate.acquire_owned().await.unwrap().forget() })
        });
        (network, Self { asked, go })
    }

    /// Waits for the end of the pass under way: the pause that it asks for.
    pub(crate) async fn ended(&mut self) -> Duration {
        let asked = tokio::time::timeout(PATIENCE, self.asked.recv()).await;
        asked.expect("a pass that ends").unwrap()
    }

    /// Lets the pause be over.
    pub(crate) fn go(&self) {
        self.go.add_permits(1);
    }

    /// One more pass, and the pause it asks for.
    pub(crate) async fn next(&mut self) -> Duration {
        self.go();
        self.ended().await
    }
}

pub(crate) struct WorldOptions {
    pub(crate) failpoint: Option<engine::Failpoint>,
    pub(crate) network: Network,
    pub(crate) speed: f64,
    pub(crate) seed: u64,
    pub(crate) folder: Option<PathBuf>,
    pub(crate) vault: vault::Vault,
    pub(crate) ahead: Ahead,
}

impl Default for WorldOptions {
    fn default() -> Self {
        Self {
            failpoint: None,
            network: quick(),
            speed: 600.0,
            seed: 7,
            folder: None,
            vault: mock_vault(),
            ahead: Ahead::default(),
        }
    }
}

impl World {
    pub(crate) fn new(options: WorldOptions) -> Self {
        let (folder, dir) = if let Some(folder) = options.folder {
            (folder, None)
        } else {
            let dir = TempDir::new().unwrap();
            (dir.path().to_owned(), Some(dir))
        };
        let now = options.ahead.clock();
        let engine = Engine::start(EngineConfig {
            data_dir: folder.clone(),
            now: Arc::clone(&now),
            zone: Arc::new(|| TimeZone::UTC),
            random: chance(options.seed),
            vault: options.vault,
            studio: Arc::new(InApp {
                folder: folder.join("practice"),
                speed: options.speed,
                now,
                running: tokio::sync::Mutex::new(None),
            }),
            default_server: "https://unreachable.invalid".to_owned(),
            app_version: "0.0.0-test".to_owned(),
            network: options.network,
            failpoint: options.failpoint,
        })
        .unwrap();
        let changed = Arc::new(Notify::new());
        let heard = Arc::clone(&changed);
        engine.on_change(Box::new(move |_, _| heard.notify_waiters()));
        Self { engine, ahead: options.ahead, changed, folder, _dir: dir }
    }

    /// A world with the practice studio open and its catalogue read.
    pub(crate) async fn practice() -> Self {
        let world = Self::new(WorldOptions::default());
        world.engine.practice_open().await.unwrap();
        world.catalogue().await;
        world
    }

    /// A world connected to a studio at an address.
    pub(crate) async fn connected(server: &Server) -> Self {
        Self::connected_with(server, WorldOptions::default()).await
    }

    pub(crate) async fn connected_with(server: &Server, options: WorldOptions) -> Self {
        Self::connected_to(&server.base_url, options).await
    }

    /// The same at an address, such as that of a proxy before a studio.
    pub(crate) async fn connected_to(address: &str, options: WorldOptions) -> Self {
        let world = Self::new(options);
        let request = ConnectRequest { server: address.to_owned(), session_only: false };
        world.engine.workspace_connect(KEY, &request).await.unwrap();
        world.catalogue().await;
        world
    }

    /// Waits until something is so, looking again whenever the engine says that something changed.
    pub(crate) async fn until<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let waited = tokio::time::timeout(PATIENCE, async {
            loop {
                let change = self.changed.notified();
                tokio::pin!(change);
                change.as_mut().enable();
                if let Some(found) = look() {
                    return found;
                }
                // A change that comes between two looks is not lost; the clock is only for states
                // that depend on the time alone.
                let _ = tokio::time::timeout(Duration::from_millis(250), change).await;
            }
        })
        .await;
        waited.unwrap_or_else(|_| panic!("never came: {what}"))
    }

    /// Somebody calls a call failed in another program, after the list was known as it was; the list
    /// is asked for again.
    pub(crate) async fn review_elsewhere(&self, server: &Server, call: i64) {
        self.engine.results_refresh().unwrap();
        let listed = server.requests_to("/results/").await;
        // When it is asked for a second time, the first answer has been read.
        let asked = async || server.requests_to("/results/").await > listed + 1;
        self.until_async("the list", asked).await;
        let answer = reqwest::Client::builder()
            .no_proxy()
            .build()
            .unwrap()
            .patch(format!("{}/test_framework/v2/runs/{call}/", server.base_url))
            .header("X-CEKURA-API-KEY", KEY)
            .json(&serde_json::json!({ "evaluation_status": "reviewed_failure", "is_reviewed": true }))
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
        self.engine.results_refresh().unwrap();
    }

    /// The same for what only a server can tell.
    pub(crate) async fn until_async(&self, what: &str, mut look: impl AsyncFnMut() -> bool) {
        let waited = tokio::time::timeout(PATIENCE, async {
            while !look().await {
                let _ =
                    tokio::time::timeout(Duration::from_millis(100), self.changed.notified()).await;
            }
        })
        .await;
        assert!(waited.is_ok(), "never came: {what}");
    }

    pub(crate) async fn catalogue(&self) -> engine::view::CatalogueView {
        self.until("the catalogue", || {
            self.engine
                .catalogue_read()
                .ok()
                .filter(|view| view.fetched_at.is_some() && !view.agents.is_empty())
        })
        .await
    }

    /// The first agent that is set up, and some of its evaluators.
    pub(crate) async fn plan_of(&self, evaluators: usize) -> DraftBody {
        let catalogue = self.catalogue().await;
        for agent in catalogue.agents.iter().filter(|agent| agent.pipecat_ready == Some(true)) {
            let rows = self.engine.evaluators_list(Some(agent.id)).unwrap();
            if rows.len() >= evaluators {
                return DraftBody {
                    agent: Some(agent.id),
                    evaluators: rows.iter().take(evaluators).map(|row| row.id).collect(),
                    ..DraftBody::default()
                };
            }
        }
        panic!("no agent has {evaluators} evaluators");
    }

    /// Makes these choices the draft, and gives its id.
    pub(crate) fn draft(&self, body: &DraftBody) -> String {
        let draft = self.engine.draft_read().unwrap();
        self.engine.draft_save(&draft.id, body).unwrap();
        draft.id
    }

    /// Places these choices and waits for what becomes of the launch.
    pub(crate) async fn place(&self, body: &DraftBody) -> LaunchView {
        let draft = self.draft(body);
        let launch = self.engine.launch_place(&draft, None).unwrap();
        self.launch_settled(&launch.id).await
    }

    pub(crate) async fn launch_settled(&self, id: &str) -> LaunchView {
        self.until("the answer to the launch", || {
            self.engine
                .launch_read(id)
                .ok()
                .filter(|launch| launch.state != LaunchStateView::Sending)
        })
        .await
    }

    /// Waits until every call of a result has ended.
    pub(crate) async fn finished(&self, result: i64) -> ResultView {
        // The row first: a result of many calls is not read whole at every change of one.
        self.until("the end of the calls", || {
            self.results().iter().any(|row| row.id == result && row.finished).then_some(())
        })
        .await;
        self.engine.result_read(result).unwrap()
    }

    pub(crate) fn results(&self) -> Vec<engine::view::ResultRowView> {
        self.engine
            .results_list(&ResultsQuery { limit: 500, ..ResultsQuery::default() })
            .unwrap()
            .rows
    }
}

/// A studio at an address, with its test door.
pub(crate) struct Server {
    running: Running,
    pub(crate) base_url: String,
    http: reqwest::Client,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut StudioConfig)) -> Self {
        Self::ahead(&Ahead::default(), change).await
    }

    pub(crate) async fn ahead(ahead: &Ahead, change: impl FnOnce(&mut StudioConfig)) -> Self {
        let mut config = StudioConfig::new(ahead.clock());
        KEY.clone_into(&mut config.key);
        config.speed = 600.0;
        change(&mut config);
        let running = Studio::start(config).await.unwrap();
        let base_url = running.base_url.clone();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { running, base_url, http }
    }

    pub(crate) async fn stop(self) {
        self.running.stop().await;
    }

    async fn door(&self, method: reqwest::Method, path: &str, body: Option<&Value>) -> Value {
        let mut request =
            self.http.request(method, format!("{}/__practice__/{path}", self.base_url));
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null)
    }

    /// What the studio itself says of the launches that reached it.
    pub(crate) async fn launches(&self) -> Value {
        self.door(reqwest::Method::GET, "launches", None).await
    }

    pub(crate) async fn launch_count(&self) -> u64 {
        self.launches().await["count"].as_u64().expect("a count of launches")
    }

    /// How many of them the studio accepted: calls that cost money.
    pub(crate) async fn placed_count(&self) -> usize {
        let launches = self.launches().await["launches"].clone();
        launches.as_array().expect("launches").iter().filter(|one| !one["result"].is_null()).count()
    }

    /// How many requests went to paths that end so.
    pub(crate) async fn requests_to(&self, ending: &str) -> u64 {
        let seen = self.door(reqwest::Method::GET, "requests", None).await;
        seen.as_object()
            .expect("requests")
            .iter()
            .filter(|(path, _)| path.ends_with(ending))
            .filter_map(|(_, count)| count.as_u64())
            .sum()
    }

    pub(crate) async fn fault(&self, fault: Value) {
        self.door(reqwest::Method::POST, "faults", Some(&fault)).await;
    }

    pub(crate) async fn heal(&self) {
        self.door(reqwest::Method::DELETE, "faults", None).await;
    }

    /// Takes the record of launches away, after handing it over.
    pub(crate) async fn take_launches(&self) -> Vec<Value> {
        let taken = self.launches().await["launches"].as_array().unwrap().clone();
        self.door(reqwest::Method::DELETE, "records", None).await;
        taken
    }

    /// Places calls behind the engine's back, and gives the result.
    pub(crate) async fn place(&self, body: &Value) -> i64 {
        let path = "test_framework/v1/scenarios/run_scenarios_pipecat_v2/";
        let answer = self
            .http
            .post(format!("{}/{path}", self.base_url))
            .header("X-CEKURA-API-KEY", KEY)
            .json(body)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
        let answer: Value = answer.json().await.unwrap();
        answer["id"].as_i64().unwrap()
    }

    pub(crate) async fn set(&self, what: &str, body: Value) {
        self.door(reqwest::Method::POST, what, Some(&body)).await;
    }
}

/// Says a measured figure to whoever runs this with `--nocapture`.
pub(crate) fn figure(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "measured: {text}");
}

/// Whether any file under a folder holds these bytes.
pub(crate) fn folder_holds(folder: &Path, needle: &[u8]) -> Option<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = std::fs::read(&path)
                && bytes.windows(needle.len()).any(|window| window == needle)
            {
                return Some(path);
            }
        }
    }
    None
}
