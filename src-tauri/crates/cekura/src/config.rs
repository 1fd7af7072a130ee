//! What a client is made of.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::pace::Pace;

/// Where jitter comes from: 0 (inclusive) to 1 (exclusive).
pub type Randomness = Arc<dyn Fn() -> f64 + Send + Sync>;

/// What a client is made of. `Debug` never shows the key.
#[derive(Clone)]
pub struct ClientConfig {
    /// The server's address: https, or http on loopback (for a practice server). Without a path, a
    /// query or a sign-in. The vendor's is `https://api.cekura.ai`; regions have their own.
    pub base_url: Url,
    /// The API key, sent as `X-CEKURA-API-KEY` to the origin of `base_url` and nowhere else.
    pub key: SecretString,
    /// Time and size limits.
    pub limits: Limits,
    /// How often reads are repeated.
    pub retry: RetryPolicy,
    /// Where jitter comes from.
    pub random: Randomness,
    /// `User-Agent`.
    pub user_agent: String,
}

impl std::fmt::Debug for ClientConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientConfig")
            .field("base_url", &self.base_url.as_str())
            .field("key", &"[key]")
            .field("limits", &self.limits)
            .field("retry", &self.retry)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}

/// Time and size limits.
///
/// # Defaults
///
/// Connect 10 s; 30 s between two pieces of an answer; 60 s for a whole read; 120 s for a launch,
/// because the server may wait up to 30 s for each of three calls of a customer's webhook before it
/// answers; bodies 32 MiB, bodies of refusals 64 KiB, recordings 200 MiB; four requests at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Until a connection, with its TLS, stands.
    pub connect: Duration,
    /// Between two pieces of an answer, the first included.
    pub silence: Duration,
    /// A whole request that is not a launch, for each attempt.
    pub request: Duration,
    /// A whole launch.
    pub launch: Duration,
    /// A whole recording, for each attempt.
    pub recording: Duration,
    /// The largest answer, in bytes after decompression.
    pub body: u64,
    /// The most that is read of a refusal; the rest is cut off.
    pub refusal: u64,
    /// The largest recording, in bytes.
    pub recording_body: u64,
    /// Requests in flight at a time, launches and recordings aside.
    pub at_once: usize,
    /// How fast pages of lists are asked for; `None` for the defaults of [`Pace`].
    pub walk: Option<Pace>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            silence: Duration::from_secs(30),
            request: Duration::from_secs(60),
            launch: Duration::from_secs(120),
            recording: Duration::from_secs(300),
            body: 32 * 1024 * 1024,
            refusal: 64 * 1024,
            recording_body: 200 * 1024 * 1024,
            at_once: 4,
            walk: None,
        }
    }
}

/// How often a request that may be repeated is repeated. Launches never are.
///
/// # Defaults
///
/// Three attempts in all, pauses of `random × min(8 s, 0.5 s × 2ⁿ)` (full jitter, the numbers of
/// AWS's standard mode), `Retry-After` honoured up to 120 s; beyond that the error carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in all, at least 1.
    pub attempts: u32,
    /// The first pause, before jitter.
    pub first: Duration,
    /// The longest pause, before jitter.
    pub longest: Duration,
    /// The longest `Retry-After` that is waited for.
    pub longest_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 3,
            first: Duration::from_millis(500),
            longest: Duration::from_secs(8),
            longest_after: Duration::from_secs(120),
        }
    }
}

impl RetryPolicy {
    /// One attempt: for callers that come back by themselves, such as a polling loop.
    pub fn never() -> Self {
        Self { attempts: 1, ..Self::default() }
    }
}
