//! The thread that owns the key store.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};

use keyring::Error as StoreError;
use keyring_core::{CredentialStore, Entry};
use secrecy::zeroize::Zeroize;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::oneshot;

use crate::VaultError;

/// The user under which every key is filed; the service tells them apart.
const USER: &str = "api-key";

/// Opens the store; called for every request. A key is asked for once in a run of the program: an
/// open connection would only be memory and threads, and die with the daemon.
pub(crate) type Open = Box<dyn Fn() -> keyring_core::Result<Arc<CredentialStore>> + Send>;

/// A key that is in memory.
#[derive(Clone)]
pub(crate) struct Held {
    pub(crate) key: SecretString,
    /// It is in the store as well.
    pub(crate) saved: bool,
}

/// What the thread and the callers share.
#[derive(Default)]
pub(crate) struct Shared {
    held: Mutex<HashMap<String, Held>>,
    /// A request is being served.
    pub(crate) serving: AtomicBool,
    /// A caller has given up since the last request was served.
    pub(crate) slow: AtomicBool,
}

impl Shared {
    pub(crate) fn held(&self) -> MutexGuard<'_, HashMap<String, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) enum Ask {
    Read,
    Write(SecretString),
    Delete,
}

pub(crate) type Answer = Result<Option<SecretString>, VaultError>;

pub(crate) struct Request {
    pub(crate) origin: String,
    pub(crate) ask: Ask,
    pub(crate) answer: oneshot::Sender<Answer>,
}

/// The thread's own state.
pub(crate) struct Store {
    /// What stands before the origin in the name of a service.
    pub(crate) namespace: String,
    pub(crate) modifiers: &'static [(&'static str, &'static str)],
    pub(crate) open: Open,
    pub(crate) shared: Arc<Shared>,
}

impl Store {
    /// Serves requests in their order until nobody can send any more.
    pub(crate) fn run(self, requests: &mpsc::Receiver<Request>) {
        while let Ok(request) = requests.recv() {
            let Request { origin, ask, answer } = request;
            // Nobody waits for it any more. What was asked to be forgotten is, all the same.
            if answer.is_closed() && !matches!(ask, Ask::Delete) {
                continue;
            }
            self.shared.serving.store(true, Ordering::Release);
            let served = self.serve(&origin, &ask);
            self.shared.serving.store(false, Ordering::Release);
            self.shared.slow.store(false, Ordering::Release);
            match ask {
                Ask::Read => {
                    if let Ok(Some(key)) = &served {
                        self.shared
                            .held()
                            .entry(origin)
                            .or_insert_with(|| Held { key: key.clone(), saved: true });
                    }
                    let _ = answer.send(served);
                }
                Ask::Write(key) => self.settle_write(&origin, key, served, answer),
                Ask::Delete => {
                    // A key kept for the session since then is another one.
                    let mut held = self.shared.held();
                    if held.get(&origin).is_some_and(|one| one.saved) {
                        held.remove(&origin);
                    }
                    drop(held);
                    let _ = answer.send(served);
                }
            }
        }
    }

    /// A written key is held, unless its caller has given up: it was told that the key is not kept,
    /// so the key does not stay.
    fn settle_write(
        &self,
        origin: &str,
        key: SecretString,
        served: Answer,
        answer: oneshot::Sender<Answer>,
    ) {
        if served.is_err() {
            let _ = answer.send(served);
            return;
        }
        let before = (!answer.is_closed())
            .then(|| self.shared.held().insert(origin.to_owned(), Held { key, saved: true }));
        if before.is_some() && answer.send(served).is_ok() {
            return;
        }
        if let Some(before) = before {
            let mut held = self.shared.held();
            if held.get(origin).is_some_and(|one| one.saved) {
                held.remove(origin);
                held.extend(before.map(|one| (origin.to_owned(), one)));
            }
        }
        if let Err(error) = self.serve(origin, &Ask::Delete) {
            tracing::warn!(code = error.code(), "a key saved too late stays in the store");
        }
    }

    /// Code that panics fails as a store does.
    fn serve(&self, origin: &str, ask: &Ask) -> Answer {
        let served = catch_unwind(AssertUnwindSafe(|| self.attempt(origin, ask)))
            .unwrap_or_else(|_| Err(VaultError::Failed("its code panicked".to_owned())));
        if let Err(error) = &served {
            tracing::debug!(code = error.code(), "the key store");
        }
        served
    }

    fn attempt(&self, origin: &str, ask: &Ask) -> Answer {
        let store = (self.open)().map_err(|error| VaultError::on_opening(&error))?;
        let entry = self.entry(&store, origin).map_err(|error| without_key(&error))?;
        match ask {
            Ask::Read => match entry.get_secret() {
                Ok(bytes) => key_of(bytes).map(Some),
                Err(StoreError::NoEntry) => Ok(None),
                Err(error) => Err(without_key(&error)),
            },
            Ask::Write(key) => entry
                .set_password(key.expose_secret())
                .map(|()| None)
                .map_err(|error| VaultError::on_use(&error)),
            Ask::Delete => match entry.delete_credential() {
                Ok(()) | Err(StoreError::NoEntry) => Ok(None),
                Err(error) => Err(without_key(&error)),
            },
        }
    }

    fn entry(&self, store: &Arc<CredentialStore>, origin: &str) -> keyring_core::Result<Entry> {
        let modifiers: HashMap<&str, &str> = self.modifiers.iter().copied().collect();
        store.build(
            &format!("{}:{origin}", self.namespace),
            USER,
            (!modifiers.is_empty()).then_some(&modifiers),
        )
    }
}

/// An error of a step that takes no key: what is too long there is a name.
fn without_key(error: &StoreError) -> VaultError {
    match VaultError::on_use(error) {
        VaultError::TooLong => VaultError::Failed("the name of the entry is too long".to_owned()),
        other => other,
    }
}

/// What the store gave, as a key; the bytes are wiped. Something that could not go into a header
/// is none, whoever put it there.
fn key_of(mut bytes: Vec<u8>) -> Result<SecretString, VaultError> {
    let key = std::str::from_utf8(&bytes)
        .map_err(|_| VaultError::Unreadable("not text".to_owned()))
        .and_then(|text| {
            crate::check_key_text(text).map_err(|error| VaultError::Unreadable(error.to_string()))
        });
    bytes.zeroize();
    key
}
