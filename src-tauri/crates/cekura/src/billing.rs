//! The balance.

use serde::Deserialize;
use serde_json::Value;

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::loose::{Lenient, Loose};
use crate::transport::Call;

/// What the organisation has left (`GET /test_framework/billing/info/`).
///
/// Keys of a project get 403 here, which says nothing against the key. The numbers lag by up to 30
/// minutes (the document's own words).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Billing {
    /// Credits left. Text on the wire.
    pub credits_remaining: Option<f64>,
    /// Credits used in this cycle.
    pub credits_used: Option<f64>,
    /// Calls at once that the plan allows.
    pub max_concurrent_runs: Option<u32>,
    /// As it came.
    pub raw: Value,
}

#[derive(Deserialize)]
struct BillingWire {
    credits_remaining: Loose<f64>,
    credits_used: Loose<f64>,
}

impl Client {
    /// The balance and the plan's limits.
    pub async fn billing_info(&self) -> Result<Billing, Error> {
        let raw = self.json(&Call::get("/test_framework/billing/info/")).await?;
        let wire: BillingWire = serde_path_to_error::deserialize(&raw).map_err(|error| Error {
            kind: ErrorKind::unreadable(error.path().to_string(), error.inner().to_string()),
            tries: 1,
            took: std::time::Duration::ZERO,
        })?;
        let limit = raw
            .pointer("/subscription_status/pack/max_concurrent_runs_limit")
            .and_then(u32::lenient);
        Ok(Billing {
            credits_remaining: wire.credits_remaining.0,
            credits_used: wire.credits_used.0,
            max_concurrent_runs: limit,
            raw,
        })
    }
}
