//! The system's notifications: when they are shown, what they say, where a press leads.

use std::time::{Duration, Instant};

use serde_json::json;

use super::outside::{Notifications, Screen};
use crate::support::{Desktop, KEY, Keyring, Server, Shown, Start, Window, amiss};

/// Presses the first notification until it leads where it should, with the window in front.
async fn pressed(
    window: &Window,
    notifications: &Notifications,
    screen: &Screen,
    address: &str,
) -> Shown {
    assert!(!screen.is_in_front()?);
    let began = Instant::now();
    loop {
        // The app listens for a press from a moment after it has shown the notification.
        notifications.press(1).await?;
        let here = window.client().current_url().await?;
        if here.fragment() == Some(address) && screen.is_in_front()? {
            return Ok(());
        }
        if began.elapsed() > Duration::from_secs(60) {
            let front = screen.is_in_front()?;
            return amiss(format!("the press led to {here}, in front: {front}"));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn a_result_that_ends_while_one_is_elsewhere_is_told_once_and_opens_by_a_press() -> Shown {
    let desktop = Desktop::start("notice", Keyring::Absent)?;
    let notifications = Notifications::of(&desktop).await?;
    let window = desktop.open(&Start { speed: "120".to_owned(), ..Start::default() }).await?;
    window.open_practice().await?;
    let screen = Screen::of(&desktop)?;
    window.tick_evaluators(2).await?;
    window.fill("plan-name", "Before <b>release</b> & after").await?;
    screen.look_away()?;
    let placed = window.place().await?;
    let address = window.client().current_url().await?.fragment().unwrap_or_default().to_owned();
    if !address.starts_with("/results/") {
        return amiss(format!("placing led to {address:?}"));
    }
    window.visit("settings").await?;

    let told = notifications.first(1).await?;
    assert_eq!(told[0].title, "Practice: All calls have ended");
    let counts = told[0]
        .body
        .strip_prefix("“Before &lt;b&gt;release&lt;/b&gt; &amp; after”: ")
        .and_then(|counts| counts.strip_suffix('.'));
    let Some(counts) = counts else { return amiss(format!("{told:?}")) };
    let sum: u32 =
        counts.split(", ").filter_map(|count| count.split(' ').next()?.parse::<u32>().ok()).sum();
    assert_eq!(sum, placed.calls, "{counts}");
    assert!(!counts.contains("in progress"), "{counts}");
    assert_eq!(told[0].actions.first().map(String::as_str), Some("default"));

    pressed(&window, &notifications, &screen, &address).await?;
    assert_eq!(window.finished().await?.sum(), placed.calls);
    // That no second one comes is told by nobody: two of the page's looks long.
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert_eq!(notifications.told().len(), 1, "{:?}", notifications.told());
    window.close().await
}

/// Turns the switch of the settings, which is the other way round.
async fn switch(window: &Window, on: bool) -> Shown {
    window.click_css("#notify").await?;
    window.click("settings-save").await?;
    // The page says so too: before that it would draw what is saved over the next press.
    window.find_css("[data-test=settings-save]:not(:disabled) + .sub").await?;
    let began = Instant::now();
    loop {
        let settings = window.invoke("settings_read", json!({})).await?;
        if settings.as_ref().is_ok_and(|settings| settings["notify"] == json!(on)) {
            return Ok(());
        }
        if began.elapsed() > Duration::from_secs(60) {
            return amiss(format!("the settings are {settings:?}"));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn nothing_is_told_to_somebody_who_looks_or_does_not_want_it() -> Shown {
    let desktop = Desktop::start("no-notice", Keyring::Absent)?;
    let notifications = Notifications::of(&desktop).await?;
    let window = desktop.open(&Start::default()).await?;
    window.open_practice().await?;
    let screen = Screen::of(&desktop)?;
    window.until("the window has the keyboard", "return document.hasFocus();").await?;

    let notice = |title: &str| json!({ "title": title, "body": "", "route": "#/results" });
    assert_eq!(window.invoke("notice_show", notice("in front")).await?, Ok(json!(false)));

    screen.look_away()?;
    window.until("the window is not in front", "return !document.hasFocus();").await?;
    window.visit("settings").await?;
    switch(&window, false).await?;
    assert_eq!(window.invoke("notice_show", notice("not wanted")).await?, Ok(json!(false)));
    switch(&window, true).await?;
    let elsewhere = json!({ "title": "away", "body": "", "route": "https://example.com/" });
    let refused = window.invoke("notice_show", elsewhere).await?;
    assert_eq!(refused.map_err(|error| error["code"].clone()), Err(json!("bad_input")));
    assert_eq!(window.invoke("notice_show", notice("wanted")).await?, Ok(json!(true)));

    let told: Vec<String> =
        notifications.first(1).await?.into_iter().map(|told| told.title).collect();
    assert_eq!(told, ["wanted"]);
    window.close().await
}

#[tokio::test]
async fn a_launch_that_needs_a_person_is_told() -> Shown {
    let server = Server::start().await?;
    let desktop = Desktop::start("notice-unknown", Keyring::Unlocked)?;
    let notifications = Notifications::of(&desktop).await?;
    let window = desktop.open(&Start::default()).await?;
    window.connect(KEY, &server.base_url).await?;
    window.tick_evaluators(2).await?;
    window.fill("plan-name", "Lost").await?;
    let screen = Screen::of(&desktop)?;
    screen.look_away()?;
    server.fault_next_launch(json!("drop_before")).await?;
    window.place_until("unknown").await?;
    let told = notifications.first(1).await?;
    assert_eq!(told[0].title, "We do not know whether 2 calls started");
    assert!(told[0].body.contains("“Lost”"), "{told:?}");
    pressed(&window, &notifications, &screen, "/results").await?;
    window.card("unknown").await?;
    assert_eq!(notifications.told().len(), 1, "{:?}", notifications.told());
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_key_that_is_not_accepted_any_more_is_told() -> Shown {
    let server = Server::start().await?;
    let desktop = Desktop::start("notice-key", Keyring::Unlocked)?;
    let notifications = Notifications::of(&desktop).await?;
    let window = desktop.open(&Start::default()).await?;
    window.connect(KEY, &server.base_url).await?;
    let screen = Screen::of(&desktop)?;
    screen.look_away()?;
    server.fault(json!({ "kind": { "status": { "code": 401 } } })).await?;
    let Ok(_) = window.invoke("results_refresh", json!({})).await? else {
        return amiss("the list is not read again");
    };
    let told = notifications.first(1).await?;
    assert_eq!(told[0].title, "Key not accepted");
    pressed(&window, &notifications, &screen, "/settings?part=key").await?;
    window.find("key-state").await?;
    window.close().await?;
    server.stop().await;
    Ok(())
}
