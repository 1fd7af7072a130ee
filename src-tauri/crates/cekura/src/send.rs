//! Sending a launch: once, and with a plain word about what became of it.

use serde_json::Value;
use tokio::time::Instant;

use crate::body::{self, Beginning};
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::ids::{AgentId, ResultId};
use crate::launch::{LaunchRequest, Launched};
use crate::listing::{decode_all, entries};
use crate::loose::{Lenient, Reference, whole};
use crate::transport::{Call, classify, parse};

/// How often a scenario can be called in one launch.
const FREQUENCIES: std::ops::RangeInclusive<u32> = 1..=100;

/// What is known of a launch that brought no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// The server refused it: any 4xx but 408 whose body names no id. Nothing was placed.
    Refused,
    /// It never left: no address, no connection, no TLS. Nothing was placed.
    NotSent,
    /// Calls may have been placed. Everything else: timeouts, resets, 5xx, 3xx, 408, an answer that
    /// cannot be read or that holds no id.
    Unknown,
}

/// A launch that brought no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{error}")]
pub struct LaunchFailure {
    /// Whether calls may have been placed.
    pub fate: Fate,
    /// Why.
    pub error: Error,
}

impl Client {
    /// Places the calls: one request, never repeated, on a connection of its own.
    ///
    /// A frequency out of range is `bad_input`, and is not sent.
    ///
    /// The future must not be dropped while it runs: the request may have left, and its answer
    /// would be lost. Whoever calls this writes down first that they are about to.
    pub async fn launch(&self, request: &LaunchRequest) -> Result<Launched, LaunchFailure> {
        let started = Instant::now();
        self.send_launch(request).await.map_err(|(fate, kind)| {
            let tries = u32::from(
                fate != Fate::NotSent
                    || matches!(
                        kind,
                        ErrorKind::Unreachable(_)
                            | ErrorKind::TlsUntrusted(_)
                            | ErrorKind::ProxyAuth(_)
                    ),
            );
            LaunchFailure { fate, error: Error { kind, tries, took: started.elapsed() } }
        })
    }

    async fn send_launch(&self, request: &LaunchRequest) -> Result<Launched, (Fate, ErrorKind)> {
        if !FREQUENCIES.contains(&request.frequency) {
            let kind = ErrorKind::BadInput(format!("a frequency of {}", request.frequency));
            return Err((Fate::NotSent, kind));
        }
        let call = Call::edit(http::Method::POST, request.path(), request.body());
        let request = self.request(&call).map_err(|failed| (Fate::NotSent, failed.kind))?;
        let response = self.shared.paid.execute(request).await.map_err(|error| {
            let failed = classify(&error);
            (if failed.unsent { Fate::NotSent } else { Fate::Unknown }, failed.kind)
        })?;
        let status = response.status();
        if !status.is_success() {
            let (kind, beginning) = self.refusal(response).await;
            let refused = status.is_client_error()
                && status != http::StatusCode::REQUEST_TIMEOUT
                && beginning.is_some_and(|beginning| !may_name_an_id(&beginning));
            return Err((if refused { Fate::Refused } else { Fate::Unknown }, kind));
        }
        let unknown = |kind| (Fate::Unknown, kind);
        let body = body::whole(response, self.shared.limits.body).await.map_err(unknown)?;
        Launched::read(parse(&body).map_err(unknown)?).map_err(unknown)
    }
}

/// Whether a refusal names an id after all, under any of the names the documents use for it. Half a
/// document may; half a web page may not.
fn may_name_an_id(refusal: &Beginning) -> bool {
    if refusal.text.trim_start().starts_with('<') {
        return false;
    }
    if !refusal.complete {
        return true;
    }
    let Ok(body) = serde_json::from_str::<Value>(&refusal.text) else { return false };
    let holds = |value: Option<&Value>| value.is_some_and(|value| whole(value).is_some());
    holds(body.get("id")) || holds(body.get("result_id")) || holds(body.pointer("/result/id"))
}

impl Launched {
    /// The answer to a launch. "The response is the result itself — read its top-level id" (the
    /// newest document); an answer without one cannot be followed and is no launch we know of.
    fn read(raw: Value) -> Result<Self, ErrorKind> {
        let id = raw
            .get("id")
            .and_then(whole)
            .ok_or_else(|| ErrorKind::unreadable("id", "the answer to a launch holds no id"))?;
        let (runs, unreadable) = decode_all(
            raw.get("runs").cloned().map(|runs| entries(runs, "runs")).unwrap_or_default(),
        );
        Ok(Self {
            result: ResultId::from(id),
            agent: raw
                .get("agent")
                .and_then(Reference::lenient)
                .and_then(|agent| agent.id)
                .map(AgentId::from),
            status: raw.get("status").and_then(String::lenient),
            runs,
            unreadable,
            raw,
        })
    }
}
