//! Closing the window: at once when nothing goes on, after a word when something does.

use std::cell::Cell;
use std::time::Duration;

use serde_json::json;

use super::outside::Screen;
use crate::support::{Desktop, KEY, Keyring, Server, Shown, Start, Window, amiss, until, wait};

/// At the pace of life: the window closes on a run that is under way.
fn slowly() -> Start {
    Start { speed: "1".to_owned(), ..Start::default() }
}

fn ends(window: &Window) -> Shown {
    wait(Duration::from_secs(60), "the end of the app", || window.pid().is_none())
}

async fn with_calls_under_way(window: &Window) -> Shown<u32> {
    window.open_practice().await?;
    window.tick_evaluators(2).await?;
    window.place().await?;
    let counts = window.counts().await?;
    assert!(counts.in_progress > 0, "{counts:?}");
    Ok(counts.sum())
}

#[tokio::test]
async fn with_nothing_under_way_the_window_closes_at_once() -> Shown {
    let desktop = Desktop::start("closes", Keyring::Absent)?;
    let window = desktop.open(&Start::default()).await?;
    window.find("connect-practice").await?;
    Screen::of(&desktop)?.ask_to_close()?;
    ends(&window)
}

#[tokio::test]
async fn with_calls_under_way_it_says_what_goes_on_and_stays_or_closes() -> Shown {
    let desktop = Desktop::start("closes-on-calls", Keyring::Absent)?;
    let start = slowly();
    let window = desktop.open(&start).await?;
    let calls = with_calls_under_way(&window).await?;
    let screen = Screen::of(&desktop)?;

    screen.ask_to_close()?;
    let said = window.text("closing").await?;
    for part in ["practice studio", "catches up"] {
        assert!(said.contains(part), "{part:?} is not in {said:?}");
    }
    window.shot("window", "closing").await?;
    // *Stay*, which stands in the dialog's own tree.
    window
        .client()
        .execute(
            "document.querySelector('[data-test=closing]').shadowRoot.querySelector('footer > button').click();",
            Vec::new(),
        )
        .await?;
    window
        .until("the dialog is gone", "return !document.querySelector('[data-test=closing]');")
        .await?;
    // It was heard, because commands are answered in the order they come: asked again, it says so
    // again.
    let Ok(_) = window.invoke("app_state", json!({})).await? else {
        return amiss("the app does not answer");
    };
    screen.ask_to_close()?;
    window.find("closing-close").await?;
    // The page may be gone before the driver can say that it was pressed.
    let _ = window.click("closing-close").await;
    ends(&window)?;
    drop(window);
    desktop.hours_pass(&start, 1)?;

    let window = desktop.open(&start).await?;
    window.visit("results").await?;
    window.click("result-row").await?;
    let counts = window.finished().await?;
    assert_eq!(counts.sum(), calls, "{counts:?}");
    window.close().await
}

#[tokio::test]
async fn a_page_that_does_not_answer_keeps_nobody_in() -> Shown {
    let desktop = Desktop::start("closes-anyway", Keyring::Absent)?;
    let window = desktop.open(&slowly()).await?;
    with_calls_under_way(&window).await?;
    let screen = Screen::of(&desktop)?;
    screen.ask_to_close()?;
    window.find("closing").await?;
    screen.ask_to_close()?;
    ends(&window)
}

#[tokio::test]
async fn while_a_launch_is_sent_it_says_so_and_the_calls_are_placed_once() -> Shown {
    let server = Server::start().await?;
    let desktop = Desktop::start("closes-on-launch", Keyring::Unlocked)?;
    let window = desktop.open(&Start::default()).await?;
    window.connect(KEY, &server.base_url).await?;
    window.tick_evaluators(2).await?;
    server.fault_next_launch(json!({ "delay_ms": 600_000 })).await?;
    window.place_until("sending").await?;
    let screen = Screen::of(&desktop)?;
    screen.ask_to_close()?;
    let said = window
        .until_text("closing", Duration::from_secs(60), |text| text.contains("being sent"))
        .await?;
    assert!(said.contains("never sends them twice"), "{said:?}");
    window.find("closing-close").await?;
    let _ = window.click("closing-close").await;
    ends(&window)?;
    drop(window);

    let window = desktop.open(&Start::default()).await?;
    // Older results stand in the list before the one that is looked for.
    let id = mine(&window).await?;
    window.visit("results").await?;
    window.click_css(&format!("[data-test=result-row][data-id='{id}']")).await?;
    let counts = window.finished().await?;
    assert_eq!(counts.sum(), 2, "{counts:?}");
    assert_eq!(server.arrived_and_placed().await?, (1, 1));
    window.close().await?;
    server.stop().await;
    Ok(())
}

/// The id of the result that was placed from here, once it is known.
async fn mine(window: &Window) -> Shown<i64> {
    let id = Cell::new(None);
    until(Duration::from_secs(60), "the result of the launch", async || {
        let query = json!({ "search": "", "agent": null, "onlyFailing": false, "onlyMine": true,
            "days": 0, "offset": 0, "limit": 10 });
        let told = window.invoke("results_list", json!({ "query": query })).await?;
        id.set(told.ok().and_then(|page| page["rows"][0]["id"].as_i64()));
        Ok(id.get().is_some())
    })
    .await?;
    id.get().ok_or_else(|| "no result".into())
}
