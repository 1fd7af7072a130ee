//! The keys of all origins.

use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use keyring_core::CredentialStore;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::oneshot;

use crate::VaultError;
use crate::store::{Ask, Held, Open, Request, Shared, Store};
use crate::system;

/// How long the system's store may take: it may be asking a person for a password.
const DEADLINE: Duration = Duration::from_secs(60);
/// Four characters of a key shorter than this would say too much of it.
const SHOWS_LAST4: usize = 12;

/// Where the key of an origin is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// In the system's key store.
    Saved,
    /// In memory until the program ends.
    SessionOnly,
    /// No key is kept.
    None,
    /// The key store is locked.
    Locked,
    /// The system has no key store.
    StoreMissing,
    /// The key store gave something that is no key, or more than one.
    Unreadable,
    /// The key store failed; what it holds is not known.
    Failed,
    /// The key store does not answer.
    Slow,
}

/// The keys of all origins. Clones share everything.
#[derive(Clone)]
pub struct Vault {
    shared: Arc<Shared>,
    requests: mpsc::Sender<Request>,
    deadline: Duration,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}

impl Vault {
    /// The system's own key store: the Secret Service on Linux, the Credential Manager on Windows,
    /// the keychain on macOS. Keys are filed under the service `<namespace>:<origin>`. Nothing is
    /// opened before the first request.
    pub fn system(namespace: &str) -> Self {
        Self::start(namespace, DEADLINE, system::MODIFIERS, Box::new(system::open))
    }

    /// The same with a deadline of its own, for tests against a real store.
    pub fn system_within(namespace: &str, deadline: Duration) -> Self {
        Self::start(namespace, deadline, system::MODIFIERS, Box::new(system::open))
    }

    /// Another store, for tests. `open` runs on the vault's thread, once for each request.
    pub fn with_store<F>(namespace: &str, deadline: Duration, open: F) -> Self
    where
        F: Fn() -> keyring_core::Result<Arc<CredentialStore>> + Send + 'static,
    {
        Self::start(namespace, deadline, &[], Box::new(open))
    }

    fn start(
        namespace: &str,
        deadline: Duration,
        modifiers: &'static [(&'static str, &'static str)],
        open: Open,
    ) -> Self {
        let shared = Arc::new(Shared::default());
        let (requests, inbox) = mpsc::channel();
        let namespace = namespace.to_owned();
        let store = Store { namespace, modifiers, open, shared: Arc::clone(&shared) };
        // Where no thread can be started the inbox is dropped, and every request fails by that.
        if let Err(error) = std::thread::Builder::new()
            .name("key-store".to_owned())
            .spawn(move || store.run(&inbox))
        {
            tracing::error!(%error, "the thread of the key store did not start");
        }
        Self { shared, requests, deadline }
    }

    /// Where the key of this origin is; never the key. While the store keeps another caller
    /// waiting beyond the deadline, this says so at once instead of waiting as well.
    pub async fn status(&self, origin: &str) -> KeyState {
        if let Some(held) = self.held(origin) {
            return if held.saved { KeyState::Saved } else { KeyState::SessionOnly };
        }
        if self.shared.serving.load(Ordering::Acquire) && self.shared.slow.load(Ordering::Acquire) {
            return KeyState::Slow;
        }
        match self.read(origin).await {
            Ok(Some(_)) => KeyState::Saved,
            Ok(None) => KeyState::None,
            Err(VaultError::Missing(_)) => KeyState::StoreMissing,
            Err(VaultError::Locked(_)) => KeyState::Locked,
            Err(VaultError::Slow) => KeyState::Slow,
            Err(VaultError::Unreadable(_)) => KeyState::Unreadable,
            Err(_) => KeyState::Failed,
        }
    }

    /// The key of this origin: the one that is held, otherwise the one in the store. `None` where
    /// no key is kept.
    pub async fn read(&self, origin: &str) -> Result<Option<SecretString>, VaultError> {
        if let Some(held) = self.held(origin) {
            return Ok(Some(held.key));
        }
        self.ask(origin, Ask::Read).await
    }

    /// Keeps a key in the store, in place of any other of this origin. After an error what was
    /// held in memory is held still; a key that reaches the store after the deadline is taken out
    /// again.
    pub async fn save(&self, origin: &str, key: SecretString) -> Result<(), VaultError> {
        self.ask(origin, Ask::Write(key)).await.map(|_| ())
    }

    /// Keeps a key in memory until the program ends, in place of any other of this origin. What is
    /// in the store stays there and is not used until then.
    #[allow(clippy::unused_async, reason = "one way of calling for all that touches a key")]
    pub async fn keep_for_session(&self, origin: &str, key: SecretString) {
        self.shared.held().insert(origin.to_owned(), Held { key, saved: false });
    }

    /// Forgets the key of this origin, in memory and in the store. Memory forgets in any case; an
    /// error says that the store may still hold it. Where there is no store there is nothing to
    /// forget in it, and that is no error: nobody should be kept from erasing a workspace by it.
    pub async fn forget(&self, origin: &str) -> Result<(), VaultError> {
        self.shared.held().remove(origin);
        match self.ask(origin, Ask::Delete).await {
            Ok(_) | Err(VaultError::Missing(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The last four characters of the key that is held, so that a person can tell which one it
    /// is. Asks no store; `None` for a key so short that four characters would give it away.
    #[allow(clippy::unused_async, reason = "one way of calling for all that touches a key")]
    pub async fn last4(&self, origin: &str) -> Option<String> {
        let held = self.held(origin)?;
        let key = held.key.expose_secret();
        // Keys are ASCII; one that is not has no such place to cut.
        (key.len() >= SHOWS_LAST4).then(|| key.get(key.len() - 4..).map(str::to_owned))?
    }

    fn held(&self, origin: &str) -> Option<Held> {
        self.shared.held().get(origin).cloned()
    }

    async fn ask(&self, origin: &str, ask: Ask) -> Result<Option<SecretString>, VaultError> {
        let gone = || VaultError::Failed("its thread is gone".to_owned());
        let (answer, wait) = oneshot::channel();
        self.requests
            .send(Request { origin: origin.to_owned(), ask, answer })
            .map_err(|_| gone())?;
        if let Ok(answered) = tokio::time::timeout(self.deadline, wait).await {
            answered.map_err(|_| gone())?
        } else {
            self.shared.slow.store(true, Ordering::Release);
            Err(VaultError::Slow)
        }
    }
}
