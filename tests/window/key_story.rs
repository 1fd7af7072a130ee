//! The key: into the system's store and nowhere else, and found there again.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use practice::{Running, Studio, StudioConfig};
use serde_json::{Value, json};

use crate::support::{Desktop, Keyring, Shown, Start, Window, amiss};

/// Not a word of any other text, and of a real key's length.
const CANARY: &str = "k9Qf2mXw7LrT4vYb8ZpN3sHd6JgC1aEu5RiOoVtB";

/// A server whose calls take as long as in life, and what its clock is ahead by, seconds: they end
/// when a test says so.
async fn server() -> Shown<(Running, Arc<AtomicI64>)> {
    let ahead = Arc::new(AtomicI64::new(0));
    let by = Arc::clone(&ahead);
    #[allow(clippy::disallowed_methods, reason = "a test's server lives in real time")]
    let now = move || Timestamp::now() + SignedDuration::from_secs(by.load(Ordering::Relaxed));
    let mut config = StudioConfig::new(Arc::new(now));
    CANARY.clone_into(&mut config.key);
    config.speed = 1.0;
    Ok((Studio::start(config).await?, ahead))
}

/// What a reading command says.
async fn told(window: &Window, command: &str) -> Shown<Value> {
    window.invoke(command, json!({})).await?.map_err(|error| format!("{command}: {error}").into())
}

/// The canary as it might stand somewhere.
fn disguises() -> [Vec<u8>; 3] {
    [
        CANARY.as_bytes().to_vec(),
        CANARY.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        // Base64 of any text that holds the canary from a position that is a multiple of three.
        b"azlRZjJtWHc3THJUNHZZYjhacE4zc0hkNkpnQzFhRXU1UmlPb1Z0".to_vec(),
    ]
}

fn nowhere(desktop: &Desktop, window: Option<&Window>) -> Shown {
    for disguise in disguises() {
        let found = desktop.files_with(&disguise);
        if !found.is_empty() {
            return amiss(format!("the key stands in {found:?}"));
        }
        if let Some(pid) = window.and_then(Window::pid) {
            for file in ["environ", "cmdline"] {
                let bytes = std::fs::read(format!("/proc/{pid}/{file}"))?;
                if bytes.windows(disguise.len()).any(|part| part == disguise) {
                    return amiss(format!("the key stands in {file}"));
                }
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_key_is_kept_in_the_key_store_and_found_after_a_restart() -> Shown {
    let (server, ahead) = server().await?;
    let desktop = Desktop::start("key", Keyring::Unlocked)?;
    let start = Start::default();
    let window = desktop.open(&start).await?;
    window.connect(CANARY, &server.base_url).await?;
    assert_eq!(desktop.keys_kept()?, 1);
    window.tick_evaluators(2).await?;
    let placed = window.place().await?;
    nowhere(&desktop, Some(&window))?;
    let counts = window.counts().await?;
    assert!(counts.in_progress > 0, "the calls are in progress: {counts:?}");
    window.kill()?;

    let window = desktop.open(&start).await?;
    window.visit("results").await?;
    window.click("result-row").await?;
    assert!(window.counts().await?.in_progress > 0, "they still are");
    ahead.store(3600, Ordering::Relaxed);
    let counts = window.finished().await?;
    assert_eq!(counts.sum(), placed.calls, "{counts:?}");
    // The workspace is opened after the first screen; by now it has read what ended.
    assert_eq!(told(&window, "key_read").await?["state"], "saved");
    assert_eq!(told(&window, "connection_read").await?["state"], "online");
    let source = window.client().source().await?;
    assert!(!source.contains(CANARY), "the key stands in the page");
    nowhere(&desktop, Some(&window))?;
    window.close().await?;
    nowhere(&desktop, None)?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn without_a_key_store_it_is_said_and_nothing_is_written() -> Shown {
    let (server, _) = server().await?;
    let desktop = Desktop::start("no-store", Keyring::Absent)?;
    let window = desktop.open(&Start::default()).await?;
    window.try_to_connect(CANARY, &server.base_url).await?;
    window.says("connect-error", "keychain_missing").await?;
    assert!(!window.text("connect-error").await?.contains(CANARY));
    window.holds("connect-key", CANARY).await?;
    window.holds("connect-server", &server.base_url).await?;
    nowhere(&desktop, Some(&window))?;
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_wrong_key_is_said_and_what_was_typed_stays() -> Shown {
    let (server, _) = server().await?;
    let desktop = Desktop::start("wrong-key", Keyring::Unlocked)?;
    let window = desktop.open(&Start::default()).await?;
    window.try_to_connect("not-the-key", &server.base_url).await?;
    window.says("connect-error", "bad_key").await?;
    window.holds("connect-key", "not-the-key").await?;
    window.holds("connect-server", &server.base_url).await?;
    assert_eq!(desktop.keys_kept()?, 0);
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_locked_key_store_is_said_and_the_key_can_be_used_for_the_session() -> Shown {
    let (server, _) = server().await?;
    let mut desktop = Desktop::start("locked", Keyring::Locked)?;
    let start = Start::default();
    let window = desktop.open(&start).await?;
    window.try_to_connect(CANARY, &server.base_url).await?;
    window.says("connect-error", "keychain_locked").await?;
    assert!(!window.text("connect-error").await?.contains(CANARY));
    window.holds("connect-key", CANARY).await?;
    window.holds("connect-server", &server.base_url).await?;

    window.click("connect-session-only").await?;
    window.find("workspace-name").await?;
    window.visit("settings").await?;
    window.find_css(&key_state("session_only")).await?;
    assert_eq!(told(&window, "connection_read").await?["state"], "online");
    assert_eq!(desktop.keys_kept()?, 0);
    nowhere(&desktop, Some(&window))?;
    window.kill()?;

    // The session's key is gone with the session. What a store has is known while it is locked too.
    let window = desktop.open(&start).await?;
    window.visit("settings").await?;
    window.find_css(&key_state("none")).await?;
    window.click("key-replace").await?;
    window.fill("key-new", CANARY).await?;
    window.click("dialog-yes").await?;
    window.find_css("lc-dialog [data-test=error-banner][data-code=keychain_locked]").await?;
    window.holds("key-new", CANARY).await?;
    desktop.start_keyring()?;
    window.click("dialog-yes").await?;
    window.find_css(&key_state("saved")).await?;
    assert_eq!(desktop.keys_kept()?, 1);
    nowhere(&desktop, Some(&window))?;
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_key_in_a_store_that_was_locked_since_is_there_again_once_it_is_unlocked() -> Shown {
    let (server, _) = server().await?;
    let mut desktop = Desktop::start("locked-since", Keyring::Unlocked)?;
    let start = Start::default();
    let window = desktop.open(&start).await?;
    window.connect(CANARY, &server.base_url).await?;
    window.kill()?;
    desktop.lock_keyring()?;

    let window = desktop.open(&start).await?;
    window.visit("settings").await?;
    window.find_css(&key_state("locked")).await?;
    window.find_css("lc-banner[data-code=keychain_locked]").await?;
    assert_eq!(told(&window, "connection_read").await?["state"], "key_missing");
    desktop.start_keyring()?;
    window.click("key-retry").await?;
    window.find_css(&key_state("saved")).await?;
    window
        .until(
            "no banner of the key",
            "return !document.querySelector('lc-banner[data-code=keychain_locked]');",
        )
        .await?;
    assert_eq!(desktop.keys_kept()?, 1);
    nowhere(&desktop, Some(&window))?;
    window.close().await?;
    server.stop().await;
    Ok(())
}

/// What Settings say of the key.
fn key_state(state: &str) -> String {
    format!("[data-test=key-state][data-state={state}]")
}
