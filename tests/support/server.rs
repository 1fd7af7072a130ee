//! A practice studio at an address, with the door through which tests ask it and break it.

use std::sync::Arc;

use practice::{Running, Studio, StudioConfig};
use serde_json::{Value, json};

use super::{Shown, amiss};

/// The key of the server; no word of any other text.
pub const KEY: &str = "pW4tZc8LqY2mVn6RxB9sKd3HfJ7gTa5E";

/// Where launches go.
pub const LAUNCH: &str = "run_scenarios_pipecat_v2";

/// See the module.
pub struct Server {
    running: Running,
    /// Without a slash at the end.
    pub base_url: String,
    http: reqwest::Client,
}

impl Server {
    /// A server whose calls take under a second.
    pub async fn start() -> Shown<Self> {
        Self::with(|_| {}).await
    }

    /// The same, changed.
    pub async fn with(change: impl FnOnce(&mut StudioConfig)) -> Shown<Self> {
        #[allow(clippy::disallowed_methods, reason = "a test's server lives in real time")]
        let mut config = StudioConfig::new(Arc::new(jiff::Timestamp::now));
        KEY.clone_into(&mut config.key);
        config.speed = 600.0;
        change(&mut config);
        let running = Studio::start(config).await?;
        let base_url = running.base_url.clone();
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { running, base_url, http })
    }

    /// Ends it.
    pub async fn stop(self) {
        self.running.stop().await;
    }

    async fn door(
        &self,
        method: reqwest::Method,
        path: &str,
        body: Option<&Value>,
    ) -> Shown<Value> {
        let mut request =
            self.http.request(method, format!("{}/__practice__/{path}", self.base_url));
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        if !answer.status().is_success() {
            return amiss(format!("{path} was answered with {}", answer.status()));
        }
        Ok(serde_json::from_str(&answer.text().await?).unwrap_or(Value::Null))
    }

    /// The launches that arrived, as the server wrote them down.
    pub async fn launches(&self) -> Shown<Vec<Value>> {
        let told = self.door(reqwest::Method::GET, "launches", None).await?;
        Ok(told["launches"].as_array().cloned().unwrap_or_default())
    }

    /// How many launches arrived, and how many of them were accepted.
    pub async fn arrived_and_placed(&self) -> Shown<(usize, usize)> {
        let launches = self.launches().await?;
        let placed = launches.iter().filter(|one| !one["result"].is_null()).count();
        Ok((launches.len(), placed))
    }

    /// Breaks something from now on.
    pub async fn fault(&self, fault: Value) -> Shown {
        self.door(reqwest::Method::POST, "faults", Some(&fault)).await.map(|_| ())
    }

    /// Breaks the next launch.
    pub async fn fault_next_launch(&self, kind: Value) -> Shown {
        let matches = json!({ "method": "POST", "path_contains": LAUNCH, "times": 1 });
        self.fault(json!({ "match": matches, "kind": kind })).await
    }

    /// Mends everything.
    pub async fn heal(&self) -> Shown {
        self.door(reqwest::Method::DELETE, "faults", None).await.map(|_| ())
    }

    /// Sets something of the server, such as its balance.
    pub async fn set(&self, what: &str, body: Value) -> Shown {
        self.door(reqwest::Method::POST, what, Some(&body)).await.map(|_| ())
    }

    /// How many requests have arrived.
    pub async fn requests(&self) -> Shown<u64> {
        let told = self.door(reqwest::Method::GET, "requests", None).await?;
        Ok(told.as_object().into_iter().flatten().filter_map(|(_, count)| count.as_u64()).sum())
    }

    /// How many answers that came in pieces were not heard to their end.
    pub async fn left(&self) -> Shown<u64> {
        let told = self.door(reqwest::Method::GET, "left", None).await?;
        told.as_u64().ok_or_else(|| "no number of answers".into())
    }

    /// Does something behind Linecheck's back.
    pub async fn post(&self, path: &str, body: &Value) -> Shown<Value> {
        let request = self.http.post(format!("{}/{path}", self.base_url)).json(body);
        Ok(request.header("X-CEKURA-API-KEY", KEY).send().await?.error_for_status()?.json().await?)
    }

    /// Asks as a client does.
    pub async fn get(&self, path: &str) -> Shown<Value> {
        let request = self.http.get(format!("{}/{path}", self.base_url));
        Ok(request.header("X-CEKURA-API-KEY", KEY).send().await?.json().await?)
    }
}
