//! The pictures of README, played and taken: `cargo test --test window -- --ignored pictures`.

use std::path::{Path, PathBuf};
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

/// Ticks the evaluators that a search finds.
async fn choose(window: &Window, words: &str, most: usize) -> Shown {
    window.fill("evaluator-search", words).await?;
    window
        .until(
            "the list is narrowed",
            "return document.querySelectorAll('[data-test=evaluator-row]').length > 0;",
        )
        .await?;
    window.tick_evaluators(most).await
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
    window.tick_evaluators(12).await?;
    window.fill("plan-name", "Orders, every morning").await?;
    window.fill("plan-times", "2").await?;
    window.until_text("launch", SOON, |text| text.contains("24")).await?;
    window.click("plan-keep").await?;
    window.click("keep-yes").await?;
    window.gone("keep-yes").await?;
    take(&window, "new-run", dark).await?;
    window.fill("plan-name", "Before a release").await?;
    window.fill("plan-times", "5").await?;
    window.click("plan-keep").await?;
    window.click("keep-yes").await?;
    window.gone("keep-yes").await?;
    window.fill("plan-name", "Orders, every morning").await?;
    window.fill("plan-times", "1").await?;
    window.until_text("launch", SOON, |text| text.contains("12")).await?;
    window.place().await?;
    window.click("nav-results").await?;
    window.find("result-row").await?;
    window
        .until_text("result-row", SOON, |text| text.contains("12"))
        .await?;
    take(&window, "results", dark).await?;

    window.open_result(result).await?;
    window.open_call(Some("agent_failed")).await?;
    window.find("player").await?;
    take(&window, "result", dark).await?;
    window.click("nav-plans").await?;
    window.find("plan-row").await?;
    take(&window, "plans", dark).await?;
    window.click("nav-settings").await?;
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
    window.click("nav-results").await?;
    window.find("result-row").await?;
    window.until_text("launch-state", SOON, |text| text.contains("Looked for it")).await?;
    take(&window, "unknown", dark).await?;
    window.click("launch-leave").await?;
    window.click("dialog-yes").await?;
    window.gone("launch-state").await?;

    // Calls that the server stops telling of: its answers stay as they are.
    window.click("nav-new").await?;
    window.find("evaluator-row").await?;
    window.fill("plan-name", "Aftercare, nightly").await?;
    window.place().await?;
    window.until_text("count-in-progress", SOON, |text| first_number(text) == Some(24)).await?;
    window.close().await
}

#[tokio::test]
#[ignore = "takes the pictures of README"]
async fn pictures_by_day() -> Shown {
    practice_studio(false).await?;
    at_a_server(false).await
}

#[tokio::test]
#[ignore = "takes the pictures of README"]
async fn pictures_by_night() -> Shown {
    practice_studio(true).await?;
    at_a_server(true).await
}
