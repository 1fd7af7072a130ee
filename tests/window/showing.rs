//! The window is hidden until its page has drawn something, and is shown whatever becomes of it.

use std::fs;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::json;

use super::failure::broken_page;
use super::outside::Screen;
use crate::support::{Desktop, Keyring, Shown, Start, amiss, wait};

/// Ended when it is dropped, if it has not ended by itself.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn a_page_that_never_comes_up_is_shown_all_the_same() -> Shown {
    let desktop = Desktop::start("never-up", Keyring::Absent)?;
    let mut app = Running(
        desktop
            .command(&broken_page()?.display().to_string())
            .env("LINECHECK_DATA_DIR", desktop.home().join("data"))
            .env("LINECHECK_BROKEN_FILE", "boot.js")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?,
    );
    // Waits until it is on the display.
    Screen::of(&desktop)?.ask_to_close()?;
    wait(Duration::from_secs(60), "the end of the app", || {
        app.0.try_wait().is_ok_and(|status| status.is_some())
    })
}

#[tokio::test]
async fn where_the_engine_does_not_start_the_window_says_why() -> Shown {
    let desktop = Desktop::start("no-engine", Keyring::Absent)?;
    let start = Start::default();
    // The journal cannot be opened: a folder stands in its place.
    fs::create_dir_all(desktop.data_dir(&start).join("journal.db"))?;
    let window = desktop.open(&start).await?;
    window.find("error-banner").await?;
    Screen::of(&desktop)?;
    window.close().await
}

#[tokio::test]
async fn a_page_that_is_loaded_again_reads_afresh_and_hears_what_changes() -> Shown {
    let desktop = Desktop::start("afresh", Keyring::Absent)?;
    let window = desktop.open(&Start::default()).await?;
    window.open_practice().await?;
    let state = window.invoke("app_state", json!({})).await?.map_err(|error| error.to_string())?;
    let Some(id) = state["current"]["id"].as_i64() else { return amiss("no workspace is open") };
    window.script("document.body.dataset.old = 'yes'; location.reload();").await?;
    window.until("the page was loaded anew", "return !document.body.dataset.old;").await?;
    window.find("workspace-name").await?;
    // What it asks of the feed waits, and does not keep it from being loaded.
    window
        .until(
            "the page is loaded",
            "return performance.getEntriesByType('navigation')[0].loadEventEnd > 0;",
        )
        .await?;
    Screen::of(&desktop)?;
    for label in ["The first floor", "The second floor"] {
        let renamed =
            window.invoke("workspace_rename", json!({ "id": id, "label": label })).await?;
        if let Err(error) = renamed {
            return amiss(error.to_string());
        }
        window.until_text("workspace-name", Duration::from_secs(60), |text| text == label).await?;
        window.script("document.body.dataset.old = 'yes'; location.reload();").await?;
        window.until("the page was loaded anew", "return !document.body.dataset.old;").await?;
        window.until_text("workspace-name", Duration::from_secs(60), |text| text == label).await?;
    }
    window.close().await
}

#[tokio::test]
async fn while_the_ledger_waits_for_its_disk_the_window_answers_and_closes() -> Shown {
    let (desktop, window) = Desktop::practice("busy").await?;
    let state = window.invoke("app_state", json!({})).await?.map_err(|error| error.to_string())?;
    let screen = Screen::of(&desktop)?;
    // Whoever writes into the journal now waits for five seconds. More commands do than there are
    // processors.
    let journal = desktop.data_dir(&Start::default()).join("journal.db");
    let journal = rusqlite::Connection::open(journal)?;
    journal.execute_batch("BEGIN IMMEDIATE")?;
    let rename = json!({ "id": state["current"]["id"], "label": "Later" });
    window
        .script(&format!(
            "window.waiting = 12;
             for (let at = 0; at < 12; at++)
                 window.__TAURI_INTERNALS__.invoke('workspace_rename', {rename}).catch(() => 0).then(() => window.waiting--);"
        ))
        .await?;
    let answered = window.invoke("window_stay", json!({})).await?;
    assert_eq!(answered, Ok(json!(null)));
    assert_eq!(window.script("return window.waiting;").await?, json!(12), "all of them wait");
    screen.ask_to_close()?;
    wait(Duration::from_secs(4), "the end of the app", || window.pid().is_none())
}
