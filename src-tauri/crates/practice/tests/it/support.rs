//! A studio whose clock the test holds, and a client that hides nothing.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use practice::{Running, Studio, StudioConfig};
use reqwest::{Method, Response};
use serde_json::{Value, json};

pub(crate) const KEY: &str = "practice-key";
pub(crate) const LAUNCH: &str = "/test_framework/v1/scenarios/run_scenarios_pipecat_v2/";
/// The agent that takes orders.
pub(crate) const ORDERS: i64 = 3101;

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub(crate) struct Clock(Arc<AtomicI64>);

impl Clock {
    pub(crate) fn new() -> Self {
        let morning: Timestamp = "2026-06-01T09:00:00Z".parse().unwrap();
        Self(Arc::new(AtomicI64::new(morning.as_millisecond())))
    }

    pub(crate) fn forward(&self, seconds: f64) {
        self.0.fetch_add((seconds * 1000.0) as i64, Ordering::SeqCst);
    }

    fn reading(&self) -> Arc<dyn Fn() -> Timestamp + Send + Sync> {
        let clock = Arc::clone(&self.0);
        Arc::new(move || Timestamp::from_millisecond(clock.load(Ordering::SeqCst)).unwrap())
    }
}

/// A running studio and the way to it.
pub(crate) struct Door {
    pub(crate) running: Running,
    pub(crate) clock: Clock,
    client: reqwest::Client,
}

/// A studio without a past, at the speed of life, in memory.
pub(crate) async fn open() -> Door {
    open_with(&Clock::new(), |_| {}).await
}

pub(crate) async fn open_with(clock: &Clock, change: impl FnOnce(&mut StudioConfig)) -> Door {
    let mut config = StudioConfig::new(clock.reading());
    config.history = false;
    config.speed = 1.0;
    change(&mut config);
    let running = Studio::start(config).await.unwrap();
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(60))
        .build()
        .unwrap();
    Door { running, clock: clock.clone(), client }
}

impl Door {
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.running.base_url))
            .header("X-CEKURA-API-KEY", KEY)
    }

    pub(crate) fn bare(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.running.base_url))
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let response = self.request(Method::GET, path).send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        told(self.request(Method::POST, path).json(body).send().await.unwrap()).await
    }

    pub(crate) async fn launch(&self, body: &Value) -> Value {
        let (status, answer) = self.post(LAUNCH, body).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    pub(crate) async fn fault(&self, fault: Value) {
        let (status, answer) = self.post("/__practice__/faults", &fault).await;
        assert_eq!(status, 204, "{answer}");
    }

    pub(crate) async fn stop(self) {
        self.running.stop().await;
    }
}

/// Status and body; a body that is no JSON as text.
pub(crate) async fn told(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// A launch of some of the order line's evaluators.
pub(crate) fn body(scenarios: &[i64], frequency: i64) -> Value {
    let scenarios: Vec<Value> = scenarios.iter().map(|id| json!({ "scenario": id })).collect();
    json!({
        "scenarios": scenarios,
        "frequency": frequency,
        "name": "A try",
        "agent": ORDERS,
        "mock_tool_names": null,
    })
}

/// The vendor's document, where it is at hand.
pub(crate) fn document() -> Option<Value> {
    let beside = || {
        let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../");
        workspace.join("../shared/reference/openapi.json")
    };
    let path = std::env::var_os("LINECHECK_OPENAPI").map_or_else(beside, PathBuf::from);
    let text = std::fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}
