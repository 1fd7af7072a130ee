//! The pictures of README, played and taken: `cargo test --test window -- --ignored pictures`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::support::{Desktop, KEY, Keyring, Server, Shown, Start, Window, first_number};

const SOON: Duration = Duration::from_secs(60);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/window/pictures")
}

async fn take(window: &Window, name: &str, dark: bool) -> Shown {
    // Without the focus ring of the last press, and with everything drawn.
    window
        .client()
        .execute_async(
            "const done = arguments[arguments.length - 1];
             document.activeElement?.blur();
             document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() => done(null))));",
            Vec::new(),
        )
        .await?;
    std::fs::create_dir_all(folder())?;
    let name = if dark { format!("{name}-dark.png") } else { format!("{name}.png") };
    let picture = tokio::time::timeout(SOON, window.client().screenshot()).await??;
    Ok(std::fs::write(folder().join(name), picture)?)
}

async fn practice_studio(dark: bool) -> Shown {
    let desktop = Desktop::start("pictures", Keyring::Absent)?;
    let start = Start { dark, speed: "30".to_owned(), ..Start::default() };
    let window = desktop.open(&start).await?;
    window.find("connect-practice").await?;
    take(&window, "welcome", dark).await?;
    window.open_practice().await?;
    let result = window.result_with("agentFailed").await?;

    // Two plans that are kept.
    window.tick_evaluators(8).await?;
    window.fill("plan-name", "Orders, every morning").await?;
    window.fill("plan-times", "3").await?;
    window.until_text("launch", SOON, |text| text.contains("24")).await?;
    window.click("plan-keep").await?;
    window.click("keep-yes").await?;
    window.gone("keep-yes").await?;
    // What the finished calls tell of the evaluators is in the list a moment after the calls are.
    window.find_css(".new-run-last .pill").await?;
    take(&window, "new-run", dark).await?;
    window.fill("plan-name", "Before a release").await?;
    window.fill("plan-times", "5").await?;
    window.click("plan-keep").await?;
    window.click("keep-yes").await?;
    window.gone("keep-yes").await?;
    window.fill("plan-name", "Orders, every morning").await?;
    window.fill("plan-times", "2").await?;
    window.until_text("launch", SOON, |text| text.contains("16")).await?;
    window.place().await?;
    window.visit("results").await?;
    window
        .until(
            "the new result with its calls",
            "return document.querySelector('[data-test=result-row]')?.textContent.includes('16') ?? false;",
        )
        .await?;
    take(&window, "results", dark).await?;

    window.open_result(result).await?;
    window.open_call(Some("agent_failed")).await?;
    window.find("player").await?;
    take(&window, "result", dark).await?;
    window.visit("plans").await?;
    window.find("plan-row").await?;
    take(&window, "plans", dark).await?;
    window.visit("settings").await?;
    window.find_css("lc-settings section").await?;
    take(&window, "settings", dark).await?;
    window.close().await
}

async fn at_a_server(dark: bool) -> Shown {
    let server = Server::with(|config| config.speed = 1.0).await?;
    let desktop = Desktop::start("pictures-server", Keyring::Unlocked)?;
    let start = Start { dark, ..Start::default() };
    let window = desktop.open(&start).await?;
    window.connect(KEY, &server.base_url).await?;
    window.result_with("passed").await?;

    // A launch whose answer was lost, and that is not to be found.
    window.tick_evaluators(8).await?;
    window.fill("plan-name", "Release 43 candidate").await?;
    window.fill("plan-times", "3").await?;
    window.until_text("launch", SOON, |text| text.contains("24")).await?;
    server.fault_next_launch(json!("drop_before")).await?;
    window.place_until("unknown").await?;
    window.visit("results").await?;
    window.find("result-row").await?;
    window.until_text("launch-state", SOON, |text| text.contains("Looked for it")).await?;
    window
        .until(
            "every result is counted",
            "return !document.querySelector('lc-results').textContent.includes('not counted yet');",
        )
        .await?;
    take(&window, "unknown", dark).await?;
    window.click("launch-leave").await?;
    window.click("dialog-yes").await?;
    window.gone("launch-state").await?;

    window.close().await?;
    server.stop().await;
    Ok(())
}

#[allow(clippy::disallowed_methods, reason = "pictures are taken in real time")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// Calls of which nothing has been heard for longer than usual.
async fn stalled(dark: bool) -> Shown {
    // A server whose clock stands still unless it is told to go on.
    let began = now();
    let server = Server::with(|config| {
        config.speed = 1.0;
        config.now = Arc::new(move || began);
    })
    .await?;
    let desktop = Desktop::start("pictures-stalled", Keyring::Unlocked)?;
    let start = Start { dark, ..Start::default() };
    let window = desktop.open(&start).await?;
    window.connect(KEY, &server.base_url).await?;
    window.result_with("passed").await?;
    window.tick_evaluators(6).await?;
    window.fill("plan-name", "Release 43 candidate").await?;
    window.fill("plan-times", "2").await?;
    window.until_text("launch", SOON, |text| text.contains("12")).await?;
    window.place().await?;
    server.set("clock", json!({ "advance_s": 420 })).await?;
    window
        .until_text("count-in-progress", SOON, |text| {
            first_number(text).is_some_and(|calls| calls > 0 && calls < 12)
        })
        .await?;
    let address = window.client().current_url().await?;
    let result: i64 =
        address.fragment().and_then(|text| text.rsplit('/').next()).unwrap().parse()?;
    // All that can be known of them is known: two looks have brought nothing new.
    crate::support::until(SOON, "silence", async || {
        let read = window.invoke("result_read", json!({ "id": result, "have": null })).await?;
        let read = read.map_err(|error| format!("result_read: {error}"))?;
        let changed: jiff::Timestamp =
            read["head"]["row"]["changedAt"].as_str().unwrap_or_default().parse()?;
        Ok(now().as_second() - changed.as_second() > 12)
    })
    .await?;
    window.close().await?;
    // Seven minutes pass: nobody waits for them.
    let archive = rusqlite::Connection::open(desktop.data_dir(&start).join("archive.db"))?;
    archive.execute(
        "UPDATE results SET changed_at = changed_at - 420000000 WHERE id = ?1",
        [result],
    )?;
    drop(archive);

    let window = desktop.open(&start).await?;
    window.open_result(result).await?;
    window.find_css("[data-test=callout][data-code=stalled]").await?;
    take(&window, "stalled", dark).await?;
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
#[ignore = "takes the pictures of README"]
async fn pictures_by_day() -> Shown {
    practice_studio(false).await?;
    at_a_server(false).await?;
    stalled(false).await
}

#[tokio::test]
#[ignore = "takes the pictures of README"]
async fn pictures_by_night() -> Shown {
    practice_studio(true).await?;
    at_a_server(true).await?;
    stalled(true).await
}
