//! The key: into the system's store and nowhere else, and found there again.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

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
    let said = window
        .until_text("connect-error", Duration::from_secs(90), |text| !text.is_empty())
        .await?;
    assert!(!said.contains(CANARY));
    nowhere(&desktop, Some(&window))?;
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_wrong_key_is_said_and_the_address_stays() -> Shown {
    let (server, _) = server().await?;
    let desktop = Desktop::start("wrong-key", Keyring::Unlocked)?;
    let window = desktop.open(&Start::default()).await?;
    window.try_to_connect("not-the-key", &server.base_url).await?;
    window.until_text("connect-error", Duration::from_secs(60), |text| !text.is_empty()).await?;
    let field = window
        .find_css("[data-test=connect-server]:is(input), [data-test=connect-server] input")
        .await?;
    assert_eq!(field.prop("value").await?.as_deref(), Some(server.base_url.as_str()));
    assert_eq!(desktop.keys_kept()?, 0);
    window.close().await?;
    server.stop().await;
    Ok(())
}
