//! A key store that fails in every way at every step, and one that does not answer.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say so")]

use std::any::Any;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use keyring_core::api::{Credential, CredentialApi, CredentialStoreApi};
use keyring_core::{CredentialStore, Entry, Error, mock};
use secrecy::{ExposeSecret, SecretString};
use vault::{KeyState, Vault};

const ORIGIN: &str = "https://api.example.test";
const CANARY: &str = "canary-7f3a9c1e-do-not-show";
/// Long enough that no test meets it by accident.
const LONG: Duration = Duration::from_secs(60);

fn key() -> SecretString {
    SecretString::from(CANARY)
}

fn open_mock() -> Arc<CredentialStore> {
    let store: Arc<CredentialStore> = mock::Store::new().unwrap();
    store
}

/// The entry under which the vault files the key of [`ORIGIN`].
fn entry(store: &Arc<CredentialStore>) -> Entry {
    store.build(&format!("test:{ORIGIN}"), "api-key", None).unwrap()
}

fn over(store: &Arc<CredentialStore>) -> Vault {
    let store = Arc::clone(store);
    Vault::with_store("test", LONG, move || Ok(Arc::clone(&store)))
}

fn fail_next(store: &Arc<CredentialStore>, error: Error) {
    let entry = entry(store);
    entry.as_any().downcast_ref::<mock::Cred>().unwrap().set_error(error);
}

/// One error of every kind there is, each carrying the key wherever it can carry anything that a
/// store would put a key into.
fn kinds() -> Vec<(&'static str, Error)> {
    let cause = || Box::new(std::io::Error::other("the daemon said no"));
    let twins = open_mock();
    entry(&twins).set_password(CANARY).unwrap();
    vec![
        ("PlatformFailure", Error::PlatformFailure(cause())),
        ("NoStorageAccess", Error::NoStorageAccess(cause())),
        ("NoEntry", Error::NoEntry),
        ("BadEncoding", Error::BadEncoding(CANARY.as_bytes().to_vec())),
        ("BadDataFormat", Error::BadDataFormat(CANARY.as_bytes().to_vec(), cause())),
        ("BadStoreFormat", Error::BadStoreFormat("a table is missing".to_owned())),
        ("TooLong", Error::TooLong("password".to_owned(), 1280)),
        ("Invalid", Error::Invalid("user".to_owned(), "cannot be empty".to_owned())),
        ("Ambiguous", Error::Ambiguous(vec![entry(&twins), entry(&twins)])),
        ("NoDefaultStore", Error::NoDefaultStore),
        ("NotSupportedByStore", Error::NotSupportedByStore("search".to_owned())),
    ]
}

/// The code of each kind at each step: open (by a read), read, write, delete.
const CODES: [(&str, [&str; 4]); 11] = [
    (
        "PlatformFailure",
        ["keychain_missing", "keychain_failed", "keychain_failed", "keychain_failed"],
    ),
    (
        "NoStorageAccess",
        ["keychain_locked", "keychain_locked", "keychain_locked", "keychain_locked"],
    ),
    ("NoEntry", ["keychain_missing", "none", "keychain_failed", "done"]),
    (
        "BadEncoding",
        ["keychain_missing", "keychain_unreadable", "keychain_unreadable", "keychain_unreadable"],
    ),
    (
        "BadDataFormat",
        ["keychain_missing", "keychain_unreadable", "keychain_unreadable", "keychain_unreadable"],
    ),
    (
        "BadStoreFormat",
        ["keychain_missing", "keychain_unreadable", "keychain_unreadable", "keychain_unreadable"],
    ),
    ("TooLong", ["keychain_missing", "keychain_failed", "key_too_long", "keychain_failed"]),
    ("Invalid", ["keychain_missing", "keychain_failed", "keychain_failed", "keychain_failed"]),
    (
        "Ambiguous",
        ["keychain_missing", "keychain_unreadable", "keychain_unreadable", "keychain_unreadable"],
    ),
    ("NoDefaultStore", ["keychain_missing", "keychain_missing", "keychain_missing", "done"]),
    (
        "NotSupportedByStore",
        ["keychain_missing", "keychain_failed", "keychain_failed", "keychain_failed"],
    ),
];

/// What came of a step, and everything it would show.
async fn step(vault: &Vault, step: usize) -> (String, String) {
    let outcome = match step {
        0 | 1 => vault.read(ORIGIN).await.map(|key| if key.is_some() { "key" } else { "none" }),
        2 => vault.save(ORIGIN, key()).await.map(|()| "done"),
        _ => vault.forget(ORIGIN).await.map(|()| "done"),
    };
    match outcome {
        Ok(what) => (what.to_owned(), String::new()),
        Err(error) => (error.code().to_owned(), format!("{error} {error:?}")),
    }
}

#[tokio::test]
async fn every_kind_of_error_at_every_step_has_its_code() {
    for (at, (name, codes)) in CODES.iter().enumerate() {
        for (number, expected) in codes.iter().enumerate() {
            let (kind, error) = kinds().swap_remove(at);
            assert_eq!(kind, *name);
            let store = open_mock();
            let vault = if number == 0 {
                let error = Mutex::new(Some(error));
                let store = Arc::clone(&store);
                Vault::with_store("test", LONG, move || {
                    error.lock().unwrap().take().map_or_else(|| Ok(Arc::clone(&store)), Err)
                })
            } else {
                fail_next(&store, error);
                over(&store)
            };
            // One that blocked would be slow, after a long time.
            let (code, shown) = step(&vault, number).await;
            assert_eq!(code, *expected, "{name}, step {number}");
            assert!(!shown.contains("canary") && !shown.contains("99, 97, 110"), "{shown}");

            // The failure is not pinned: the next request finds a store that works.
            vault.save(ORIGIN, key()).await.unwrap();
            assert_eq!(vault.status(ORIGIN).await, KeyState::Saved, "{name}, step {number}");
        }
    }
}

#[tokio::test]
async fn every_kind_of_error_has_a_state() {
    for (at, (name, codes)) in CODES.iter().enumerate() {
        let store = open_mock();
        fail_next(&store, kinds().swap_remove(at).1);
        let expected = match codes[1] {
            "keychain_locked" => KeyState::Locked,
            "keychain_missing" => KeyState::StoreMissing,
            "none" => KeyState::None,
            "keychain_unreadable" => KeyState::Unreadable,
            "keychain_failed" => KeyState::Failed,
            code => panic!("no state for {code}"),
        };
        assert_eq!(over(&store).status(ORIGIN).await, expected, "{name}");
    }
}

#[tokio::test]
async fn a_key_is_saved_read_and_forgotten() {
    let store = open_mock();
    let vault = over(&store);
    assert_eq!(vault.status(ORIGIN).await, KeyState::None);
    assert_eq!(vault.last4(ORIGIN).await, None);

    vault.save(ORIGIN, key()).await.unwrap();
    assert_eq!(vault.status(ORIGIN).await, KeyState::Saved);
    assert_eq!(vault.last4(ORIGIN).await.as_deref(), Some("show"));
    assert_eq!(entry(&store).get_password().unwrap(), CANARY);

    // Another process: what is in the store is found, and only under its own origin.
    let later = over(&store);
    assert_eq!(later.read(ORIGIN).await.unwrap().unwrap().expose_secret(), CANARY);
    assert_eq!(later.last4(ORIGIN).await.as_deref(), Some("show"));
    assert!(later.read("https://other.example.test").await.unwrap().is_none());

    vault.forget(ORIGIN).await.unwrap();
    assert_eq!(vault.status(ORIGIN).await, KeyState::None);
    assert!(matches!(entry(&store).get_password(), Err(Error::NoEntry)));
    vault.forget(ORIGIN).await.unwrap();
}

#[tokio::test]
async fn a_short_key_shows_none_of_it() {
    let vault = over(&open_mock());
    vault.save(ORIGIN, SecretString::from("elevenchars")).await.unwrap();
    assert_eq!(vault.status(ORIGIN).await, KeyState::Saved);
    assert_eq!(vault.last4(ORIGIN).await, None);
}

#[tokio::test]
async fn a_session_key_never_reaches_the_store() {
    let store = open_mock();
    let vault = over(&store);
    vault.keep_for_session(ORIGIN, key()).await;
    assert_eq!(vault.status(ORIGIN).await, KeyState::SessionOnly);
    assert_eq!(vault.read(ORIGIN).await.unwrap().unwrap().expose_secret(), CANARY);
    assert_eq!(vault.last4(ORIGIN).await.as_deref(), Some("show"));
    assert!(matches!(entry(&store).get_password(), Err(Error::NoEntry)));
    // Clones share it; another process does not have it.
    assert_eq!(vault.clone().status(ORIGIN).await, KeyState::SessionOnly);
    assert_eq!(over(&store).status(ORIGIN).await, KeyState::None);
    vault.forget(ORIGIN).await.unwrap();
    assert_eq!(vault.status(ORIGIN).await, KeyState::None);
}

#[tokio::test]
async fn without_a_store_a_session_key_works_and_can_be_forgotten() {
    let vault = Vault::with_store("test", LONG, || Err(Error::NoDefaultStore));
    assert_eq!(vault.status(ORIGIN).await, KeyState::StoreMissing);
    assert_eq!(vault.save(ORIGIN, key()).await.unwrap_err().code(), "keychain_missing");
    // Nothing was kept behind anybody's back.
    assert_eq!(vault.status(ORIGIN).await, KeyState::StoreMissing);
    vault.keep_for_session(ORIGIN, key()).await;
    assert_eq!(vault.status(ORIGIN).await, KeyState::SessionOnly);
    vault.forget(ORIGIN).await.unwrap();
    assert_eq!(vault.status(ORIGIN).await, KeyState::StoreMissing);
}

#[tokio::test]
async fn what_is_no_key_in_the_store_is_unreadable() {
    for bytes in [b"\x80\xff".as_slice(), b"", b"two words", b"header\r\ninjected"] {
        let store = open_mock();
        entry(&store).set_secret(bytes).unwrap();
        let vault = over(&store);
        assert_eq!(vault.read(ORIGIN).await.unwrap_err().code(), "keychain_unreadable");
        // A key saved over it helps.
        vault.save(ORIGIN, key()).await.unwrap();
        assert_eq!(over(&store).status(ORIGIN).await, KeyState::Saved);
    }
}

#[tokio::test]
async fn a_connection_that_died_is_nobodys_concern() {
    // As a daemon that was started anew: what was opened before knows nothing of its session.
    let stores = [open_mock(), open_mock()];
    entry(&stores[1]).set_password(CANARY).unwrap();
    let opened = Arc::new(AtomicUsize::new(0));
    let vault = {
        let (stores, opened) = (stores.clone(), Arc::clone(&opened));
        Vault::with_store("test", LONG, move || {
            let at = opened.fetch_add(1, Ordering::SeqCst);
            if at > 0 {
                fail_next(
                    &stores[0],
                    Error::PlatformFailure(Box::new(std::io::Error::other("closed"))),
                );
            }
            Ok(Arc::clone(&stores[at.min(1)]))
        })
    };
    assert!(vault.read(ORIGIN).await.unwrap().is_none());
    assert_eq!(vault.read(ORIGIN).await.unwrap().unwrap().expose_secret(), CANARY);
    assert_eq!(vault.read(ORIGIN).await.unwrap().unwrap().expose_secret(), CANARY);
    assert_eq!(opened.load(Ordering::SeqCst), 2, "a key that is held is not asked for again");
}

#[tokio::test]
async fn nothing_shows_the_key() {
    let vault = over(&open_mock());
    vault.save(ORIGIN, key()).await.unwrap();
    let shown = format!("{vault:?} {:?}", vault.read(ORIGIN).await);
    assert!(!shown.contains("canary"), "{shown}");
}

/// A store whose reads and writes wait until the test lets them through, and which remembers on
/// which thread it was called.
#[derive(Debug)]
struct Gate {
    inner: Arc<CredentialStore>,
    pass: Mutex<mpsc::Receiver<()>>,
    reached: Mutex<mpsc::Sender<String>>,
}

struct GatedStore(Arc<Gate>);

#[derive(Debug)]
struct GatedEntry {
    gate: Arc<Gate>,
    inner: Entry,
}

impl CredentialStoreApi for GatedStore {
    fn vendor(&self) -> String {
        "gate".to_owned()
    }
    fn id(&self) -> String {
        "gate".to_owned()
    }
    fn build(
        &self,
        service: &str,
        user: &str,
        modifiers: Option<&HashMap<&str, &str>>,
    ) -> keyring_core::Result<Entry> {
        let inner = self.0.inner.build(service, user, modifiers)?;
        Ok(Entry::new_with_credential(Arc::new(GatedEntry { gate: Arc::clone(&self.0), inner })))
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn debug_fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GatedStore")
    }
}

impl GatedEntry {
    fn wait(&self) {
        let thread = std::thread::current();
        let on_tokio = tokio::runtime::Handle::try_current().is_ok();
        let name =
            format!("{}{}", thread.name().unwrap_or("?"), if on_tokio { " of tokio" } else { "" });
        // Not every test looks.
        let _ = self.gate.reached.lock().unwrap().send(name);
        self.gate.pass.lock().unwrap().recv().unwrap();
    }
}

impl CredentialApi for GatedEntry {
    fn set_secret(&self, secret: &[u8]) -> keyring_core::Result<()> {
        self.wait();
        self.inner.set_secret(secret)
    }
    fn get_secret(&self) -> keyring_core::Result<Vec<u8>> {
        self.wait();
        self.inner.get_secret()
    }
    fn delete_credential(&self) -> keyring_core::Result<()> {
        self.inner.delete_credential()
    }
    fn get_credential(&self) -> keyring_core::Result<Option<Arc<Credential>>> {
        Ok(None)
    }
    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct Gated {
    vault: Vault,
    store: Arc<CredentialStore>,
    pass: mpsc::Sender<()>,
    reached: mpsc::Receiver<String>,
}

fn gated(deadline: Duration) -> Gated {
    let store = open_mock();
    let (pass, passed) = mpsc::channel();
    let (reach, reached) = mpsc::channel();
    let gate = Arc::new(Gate {
        inner: Arc::clone(&store),
        pass: Mutex::new(passed),
        reached: Mutex::new(reach),
    });
    let vault = Vault::with_store("test", deadline, move || {
        let gated: Arc<CredentialStore> = Arc::new(GatedStore(Arc::clone(&gate)));
        Ok(gated)
    });
    Gated { vault, store, pass, reached }
}

/// Asks until the store has been reached by a request that was given up. One whose turn comes after
/// that never reaches it, and on a busy machine the first may be such a one.
async fn until_reached(
    reached: &mpsc::Receiver<String>,
    ask: impl AsyncFn() -> Result<(), vault::VaultError>,
) {
    for _ in 0..200 {
        assert_eq!(ask().await.unwrap_err().code(), "keychain_slow");
        if reached.try_recv().is_ok() {
            return;
        }
    }
    panic!("the store is not reached");
}

/// Lets every request through from now on.
fn open_for_good(pass: &mpsc::Sender<()>) {
    for _ in 0..400 {
        pass.send(()).unwrap();
    }
}

/// Asks until the store answers; every other answer than "slow" ends the test.
async fn read_when_it_answers(vault: &Vault, origin: &str) -> Option<SecretString> {
    for _ in 0..200 {
        match vault.read(origin).await {
            Ok(key) => return key,
            Err(error) => assert_eq!(error.code(), "keychain_slow", "{error}"),
        }
    }
    panic!("the store does not answer");
}

/// On a runtime with a single thread, so that a store call on it could not be overlooked.
#[tokio::test(flavor = "current_thread")]
async fn the_store_is_called_on_a_thread_of_its_own() {
    let Gated { vault, pass, reached, .. } = gated(LONG);
    let asked = tokio::spawn({
        let vault = vault.clone();
        async move { vault.read(ORIGIN).await }
    });
    // The store waits for us, and this runtime goes on: this very line is the proof.
    let name = tokio::task::spawn_blocking(move || reached.recv().unwrap()).await.unwrap();
    assert_eq!(name, "key-store");
    assert!(!asked.is_finished());
    pass.send(()).unwrap();
    assert!(asked.await.unwrap().unwrap().is_none());
}

#[tokio::test(flavor = "current_thread")]
async fn a_store_that_does_not_answer_is_slow_and_works_again_when_it_does() {
    let Gated { vault, store, pass, reached } = gated(Duration::from_millis(40));
    entry(&store).set_password(CANARY).unwrap();
    until_reached(&reached, async || vault.read(ORIGIN).await.map(|_| ())).await;
    // Asking where the key is does not wait another deadline, or any time at all.
    let at_once = tokio::time::timeout(Duration::ZERO, vault.status(ORIGIN)).await;
    assert_eq!(at_once, Ok(KeyState::Slow));
    // A session key needs no store.
    vault.keep_for_session("https://another.example.test", key()).await;
    assert_eq!(vault.status("https://another.example.test").await, KeyState::SessionOnly);

    open_for_good(&pass);
    // The late answer was kept or is read again; either way without a restart.
    let found = read_when_it_answers(&vault, ORIGIN).await;
    assert_eq!(found.unwrap().expose_secret(), CANARY);
    assert_eq!(vault.status(ORIGIN).await, KeyState::Saved);
}

#[tokio::test(flavor = "current_thread")]
async fn a_key_that_reaches_the_store_too_late_does_not_stay_there() {
    let Gated { vault, store, pass, reached } = gated(Duration::from_millis(40));
    until_reached(&reached, async || vault.save(ORIGIN, key()).await).await;
    // The person chose otherwise meanwhile.
    vault.keep_for_session(ORIGIN, SecretString::from("another-key-0123")).await;
    open_for_good(&pass);
    // A request behind it is answered only after the late one has been settled.
    assert!(read_when_it_answers(&vault, "https://behind.example.test").await.is_none());
    assert!(matches!(entry(&store).get_password(), Err(Error::NoEntry)));
    assert_eq!(vault.status(ORIGIN).await, KeyState::SessionOnly);
    assert_eq!(vault.last4(ORIGIN).await.as_deref(), Some("0123"));
}

#[tokio::test(flavor = "current_thread")]
async fn a_store_whose_code_panics_fails_and_is_opened_again() {
    let store = open_mock();
    let opened = Arc::new(AtomicUsize::new(0));
    let vault = Vault::with_store("test", LONG, move || {
        assert_ne!(
            opened.fetch_add(1, Ordering::SeqCst),
            0,
            "the first opening of this test panics"
        );
        Ok(Arc::clone(&store))
    });
    assert_eq!(vault.read(ORIGIN).await.unwrap_err().code(), "keychain_failed");
    assert!(vault.read(ORIGIN).await.unwrap().is_none());
}
