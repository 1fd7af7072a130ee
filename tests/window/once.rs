//! One press, one launch; and what is said when the server will not have it.

use std::time::Duration;

use serde_json::json;

use crate::support::{Desktop, KEY, Keyring, Server, Shown, Start, Window, first_number};

const SOON: Duration = Duration::from_secs(60);

async fn connected(name: &str, server: &Server) -> Shown<(Desktop, Window)> {
    let desktop = Desktop::start(name, Keyring::Unlocked)?;
    let window = desktop.open(&Start::default()).await?;
    window.connect(KEY, &server.base_url).await?;
    Ok((desktop, window))
}

#[tokio::test]
async fn two_presses_in_one_turn_place_the_calls_once() -> Shown {
    let server = Server::start().await?;
    let (_desktop, window) = connected("double", &server).await?;
    window.tick_evaluators(2).await?;
    window.find_css("[data-test=launch]:not(:disabled)").await?;
    window.find("plan-check").await?;
    let Ok(draft) = window.invoke("draft_read", json!({})).await? else {
        return crate::support::amiss("the draft cannot be read");
    };
    window
        .script(
            "const button = document.querySelector('[data-test=launch]');
             button.click(); button.click();
             button.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 2 }));",
        )
        .await?;
    let counts = window.finished().await?;
    assert_eq!(counts.sum(), 2, "{counts:?}");
    // The command itself, replayed behind the page's back.
    let replayed = window
        .invoke("launch_place", json!({ "draftId": draft["id"], "confirmation": null }))
        .await?;
    assert_eq!(replayed.unwrap_err()["code"], "draft_spent");
    assert_eq!(server.arrived_and_placed().await?, (1, 1));
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn more_than_fifty_calls_are_asked_about_with_their_number() -> Shown {
    let server = Server::start().await?;
    let (_desktop, window) = connected("many", &server).await?;
    window.tick_evaluators(3).await?;
    window.fill("plan-times", "20").await?;
    window.until_text("launch", SOON, |text| text.contains("60")).await?;
    window.press_place().await?;
    let question = window.find("confirm").await?;
    let said =
        window.script("return document.querySelector('[data-test=confirm]').heading;").await?;
    assert_eq!(first_number(said.as_str().unwrap()), Some(60), "{said}");
    assert!(question.text().await?.contains("60"));
    // The focus is not on the answer that costs money.
    window.keys("\u{e007}").await?;
    window.gone("confirm").await?;
    assert_eq!(server.arrived_and_placed().await?, (0, 0));
    window.press_place().await?;
    window.click("launch-confirm").await?;
    window.find("count-in-progress").await?;
    assert_eq!(window.counts().await?.sum(), 60);
    assert_eq!(server.arrived_and_placed().await?, (1, 1));
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn what_is_refused_stands_beside_its_field_and_nothing_typed_is_lost() -> Shown {
    let server = Server::start().await?;
    let (_desktop, window) = connected("refused", &server).await?;
    window.tick_evaluators(2).await?;
    window.fill("plan-name", "Typed by hand").await?;
    window.fill("plan-times", "7").await?;
    window.fill("plan-at-once", "4").await?;
    window.until_text("launch", SOON, |text| text.contains("14")).await?;
    server
        .fault_next_launch(json!({ "status": { "code": 400, "body": { "frequency": ["Seven is one too many today."] } } }))
        .await?;
    window.place_until("refused").await?;
    window
        .until(
            "what was said, beside the field",
            "const field = document.querySelector('[data-test=plan-times]');
             const note = document.getElementById(field.getAttribute('aria-describedby'));
             return !note.hidden && note.textContent.includes('Seven is one too many today.') && field.getAttribute('aria-invalid') === 'true';",
        )
        .await?;
    let kept = window
        .script(
            "return ['plan-name', 'plan-times', 'plan-at-once'].map((name) => document.querySelector(`[data-test=${name}]`).value)
                .concat(String(document.querySelectorAll('[data-test=evaluator-row] input:checked').length));",
        )
        .await?;
    assert_eq!(kept, json!(["Typed by hand", "7", "4", "2"]));
    assert_eq!(server.arrived_and_placed().await?, (1, 0));
    // What is changed is not complained about any more, and may be placed.
    window.fill("plan-times", "1").await?;
    window.until("no complaint", "return document.getElementById('times-note').hidden;").await?;
    window.until_text("launch", SOON, |text| text.contains('2')).await?;
    window.place().await?;
    assert_eq!(server.arrived_and_placed().await?, (2, 1));
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn without_the_credits_the_part_that_fits_is_offered() -> Shown {
    let server = Server::start().await?;
    let (_desktop, window) = connected("fit", &server).await?;
    // What fits is reckoned from it, and must not change between the offer and its taking.
    window.history_known().await?;
    window.tick_evaluators(10).await?;
    window.until_text("launch", SOON, |text| text.contains("10")).await?;
    // Somebody else spends meanwhile: what this window knows of the balance is old.
    server.set("balance", json!({ "credits": 45 })).await?;
    window.place_until("refused").await?;
    // The refusal comes first and the balance after it; until then all but one seem to fit.
    crate::support::until(SOON, "the balance", async || {
        let read = window.invoke("connection_read", json!({})).await?;
        Ok(read.is_ok_and(|view| view["credits"].as_f64() == Some(45.0)))
    })
    .await?;
    let Ok(open) = window.invoke("launches_open", json!({})).await? else {
        return crate::support::amiss("the launches cannot be read");
    };
    let fits = open[0]["fits"]["calls"].as_u64().and_then(|calls| u32::try_from(calls).ok());
    let Some(fits) = fits else { return crate::support::amiss(format!("nothing fits: {open}")) };
    assert!((1..10).contains(&fits), "{open}");
    window.until_text("launch-fit", SOON, |text| first_number(text) == Some(fits)).await?;
    assert_eq!(server.arrived_and_placed().await?, (1, 0));
    window.click("launch-fit").await?;
    window.find_css(&format!("[data-test=plan-sum][data-calls='{fits}']")).await?;
    window.gone("launch-state").await?;
    assert_eq!(server.arrived_and_placed().await?, (1, 0), "nothing is sent by the offer");
    let placed = window.place().await?;
    assert_eq!(placed.calls, fits);
    assert_eq!(server.arrived_and_placed().await?, (2, 1));
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn another_agent_in_the_answer_is_an_alarm_that_stops_the_calls() -> Shown {
    // As slow as life: there is something to stop.
    let server = Server::with(|config| config.speed = 1.0).await?;
    let (_desktop, window) = connected("alarm", &server).await?;
    window.tick_evaluators(2).await?;
    let Ok(catalogue) = window.invoke("catalogue_read", json!({})).await? else {
        return crate::support::amiss("the catalogue cannot be read");
    };
    let other = &catalogue["agents"][1];
    server.fault_next_launch(json!({ "other_agent": other["id"] })).await?;
    window.place_until("launched").await?;
    let said = window.text("launch-state").await?;
    assert!(said.contains(other["name"].as_str().unwrap()), "{said:?}");
    window.click("launch-stop").await?;
    window.click("dialog-yes").await?;
    window
        .until_text("count-stopped", Duration::from_secs(60), |text| first_number(text) == Some(2))
        .await?;
    assert_eq!(server.arrived_and_placed().await?, (1, 1));
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_lost_network_is_said_once_and_mends_by_itself() -> Shown {
    // At the pace of life: the calls go on until the clock is moved.
    let server = Server::with(|config| config.speed = 1.0).await?;
    let (_desktop, window) = connected("offline", &server).await?;
    window.tick_evaluators(2).await?;
    window.place().await?;
    // Counts how often a banner appears, from now on.
    window
        .script(
            "window.banners = 0;
             new MutationObserver((changes) => {
                 for (const change of changes) for (const node of change.addedNodes) {
                     if (node instanceof Element) window.banners += node.matches('lc-banner') ? 1 : node.querySelectorAll('lc-banner').length;
                 }
             }).observe(document.body, { childList: true, subtree: true });",
        )
        .await?;
    server.fault(json!({ "kind": "drop_before" })).await?;
    window.find("error-banner").await?;
    // One more try that fails makes no second banner.
    let failed = server.requests().await?;
    let again = "[data-test=error-banner] .acts .btn";
    window.click_css(again).await?;
    crate::support::until(SOON, "one more try", async || Ok(server.requests().await? > failed))
        .await?;
    assert_eq!(window.all("error-banner").await?.len(), 1);
    server.heal().await?;
    window.gone("error-banner").await?;
    assert_eq!(window.script("return window.banners;").await?, json!(1));
    server.set("clock", json!({ "advance_s": 3600 })).await?;
    let counts = window.finished().await?;
    assert_eq!(counts.sum(), 2, "{counts:?}");
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
#[allow(clippy::disallowed_methods, reason = "pauses are told by the real clock")]
async fn back_in_the_network_the_server_is_tried_before_the_pause_is_over() -> Shown {
    let server = Server::start().await?;
    let (_desktop, window) = connected("online", &server).await?;
    server.fault(json!({ "kind": "drop_before" })).await?;
    window.find("error-banner").await?;
    // Each failure makes the pause longer; one of many seconds tells the event from the poll.
    let mut due = None;
    crate::support::until(SOON, "a long pause", async || {
        let view = window.invoke("connection_read", json!({})).await?.map_err(|e| e.to_string())?;
        let next = view["nextTryAt"].as_str().map(str::parse::<jiff::Timestamp>).transpose()?;
        due = next.filter(|at| at.duration_since(jiff::Timestamp::now()).as_secs() >= 8);
        if due.is_none() {
            let _ = window.invoke("connection_retry", json!({})).await?;
        }
        Ok(due.is_some())
    })
    .await?;
    server.heal().await?;
    window.script("dispatchEvent(new Event('online'));").await?;
    window.gone("error-banner").await?;
    assert!(
        due.is_some_and(|at| jiff::Timestamp::now() < at),
        "it waited for the end of the pause"
    );
    window.close().await?;
    server.stop().await;
    Ok(())
}
