//! The client itself.

use std::sync::{Arc, Mutex, OnceLock};

use tokio::sync::Semaphore;
use url::Url;

use crate::address;
use crate::config::{ClientConfig, Limits, Randomness, RetryPolicy};
use crate::error::{Error, ErrorKind};
use crate::key::Key;
use crate::pace::{Pace, Pacer};
use crate::retry::Budget;

/// A client of one server with one key. Cheap to clone; clones share connections and limits.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
    pub(crate) retry: RetryPolicy,
}

pub(crate) struct Shared {
    pub(crate) base: Url,
    pub(crate) origin: String,
    pub(crate) on_loopback: bool,
    pub(crate) key: Key,
    pub(crate) limits: Limits,
    pub(crate) random: Randomness,
    /// Reads, stops and edits.
    pub(crate) http: reqwest::Client,
    /// Launches, and nothing else.
    pub(crate) paid: reqwest::Client,
    /// Recordings: goes to strangers and never carries the key. Made when it is first needed,
    /// because each client reads the system's certificates.
    pub(crate) bare: OnceLock<Result<reqwest::Client, ErrorKind>>,
    pub(crate) user_agent: String,
    pub(crate) slots: Semaphore,
    pub(crate) budget: Mutex<Budget>,
    pub(crate) pacer: Mutex<Pacer>,
}

/// Connections that nothing goes over are kept this long: less than servers keep them (five seconds
/// is the shortest in common use), so that a request is not sent into one that is being closed. A
/// polling loop repeats nothing, and would report a lost connection each time.
const KEPT_IDLE: std::time::Duration = std::time::Duration::from_secs(3);

impl Client {
    /// Makes a client; nothing is sent.
    ///
    /// Fails with `bad_address` for anything but https, or http on loopback, and with
    /// `key_bad_characters` for a key that no header can carry.
    pub fn new(config: ClientConfig) -> Result<Self, Error> {
        address::check_base(&config.base_url).map_err(Error::untried)?;
        let key = Key::new(config.key, &config.base_url).map_err(Error::untried)?;
        let on_loopback = address::is_loopback(&config.base_url);
        let limits = config.limits;
        // Nothing that goes over plain HTTP needs the system's certificates, which take long to read.
        let plain = config.base_url.scheme() == "http";
        let defaults = || {
            let builder = defaults(&config.user_agent, &limits, on_loopback);
            if plain { builder.tls_certs_only([]) } else { builder }
        };
        let http = defaults()
            .read_timeout(limits.silence)
            .timeout(limits.request)
            .pool_idle_timeout(KEPT_IDLE);
        // A connection of its own for each launch: on a kept one, a reset may mean that the server
        // hung up long ago, and would leave open whether the request was read.
        let paid = defaults().pool_max_idle_per_host(0).http1_only().timeout(limits.launch);
        Ok(Self {
            shared: Arc::new(Shared {
                origin: address::origin_text(&config.base_url),
                on_loopback,
                key,
                http: build(http).map_err(Error::untried)?,
                paid: build(paid).map_err(Error::untried)?,
                bare: OnceLock::new(),
                user_agent: config.user_agent,
                slots: Semaphore::new(limits.at_once.max(1)),
                budget: Mutex::new(Budget::default()),
                pacer: Mutex::new(Pacer::new(
                    limits.walk.unwrap_or_else(|| Pace::for_server(on_loopback)),
                )),
                limits,
                random: config.random,
                base: config.base_url,
            }),
            retry: config.retry,
        })
    }

    /// Scheme, host and port the key is for, as text without the default port.
    pub fn origin(&self) -> &str {
        &self.shared.origin
    }

    /// The same client with another retry policy. A polling loop takes [`RetryPolicy::never`]: the
    /// loop is the retry, and both together are a storm.
    #[must_use]
    pub fn with_retry(&self, retry: RetryPolicy) -> Self {
        Self { shared: Arc::clone(&self.shared), retry }
    }
}

impl Shared {
    /// The client for recordings.
    pub(crate) fn bare(&self) -> Result<&reqwest::Client, ErrorKind> {
        self.bare
            .get_or_init(|| {
                let builder = defaults(&self.user_agent, &self.limits, self.on_loopback)
                    .read_timeout(self.limits.silence)
                    .timeout(self.limits.recording);
                build(builder)
            })
            .as_ref()
            .map_err(Clone::clone)
    }
}

/// What every HTTP client of this crate does: no redirects, no repetition, no referer, and nothing
/// but https where the API is not on this computer.
fn defaults(user_agent: &str, limits: &Limits, on_loopback: bool) -> reqwest::ClientBuilder {
    let builder = reqwest::Client::builder()
        .user_agent(user_agent)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .https_only(!on_loopback)
        .connect_timeout(limits.connect);
    // What runs on this computer is not to be looked for through a proxy.
    if on_loopback { builder.no_proxy() } else { builder }
}

fn build(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, ErrorKind> {
    builder.build().map_err(|error| ErrorKind::TlsUntrusted(crate::transport::story(&error)))
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("origin", &self.shared.origin)
            .field("key", &self.shared.key)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
