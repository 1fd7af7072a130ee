//! A call that is looked at: not read yet, its recording gone, being stopped; and the keys beside it.

use std::time::Duration;

use serde_json::json;

use crate::support::{Desktop, Server, Shown, Window, until};

const SOON: Duration = Duration::from_secs(60);
const ESC: &str = "\u{e00c}";

/// The first call of a result with an outcome.
async fn call_of(window: &Window, result: i64, outcome: &str) -> Shown<i64> {
    window.open_result(result).await?;
    let row = format!("[data-test=call-row][data-outcome={outcome}]");
    Ok(window.attribute(&row, "data-id").await?.parse()?)
}

fn status(path: &str, code: u16) -> serde_json::Value {
    json!({ "match": { "path_contains": path }, "kind": { "status": { "code": code } } })
}

#[tokio::test]
async fn a_call_that_could_not_be_read_says_so_and_is_read_when_asked() -> Shown {
    let server = Server::start().await?;
    let (_desktop, window) = Desktop::connected("unread", &server).await?;
    let result = window.result_with("passed").await?;
    let call = call_of(&window, result, "passed").await?;
    server.fault(status(&format!("/runs/{call}/"), 403)).await?;
    window.click_css(&format!("[data-test=call-row][data-id='{call}']")).await?;
    window.find_css("[data-test=not-read] [data-test=error-banner][data-code=forbidden]").await?;
    assert!(window.all("no-recording").await?.is_empty(), "nobody knows whether it was recorded");
    assert!(window.all("player").await?.is_empty());
    server.heal().await?;
    window.click_css("[data-test=not-read] [data-test=error-banner] .acts button").await?;
    window.find("transcript-turn").await?;
    window.find("player").await?;
    assert!(window.all("not-read").await?.is_empty());
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_recording_that_is_gone_says_so_and_leaves_space_alone() -> Shown {
    let server = Server::start().await?;
    let (_desktop, window) = Desktop::connected("gone", &server).await?;
    let result = window.result_with("passed").await?;
    let call = call_of(&window, result, "passed").await?;
    window.click_css(&format!("[data-test=call-row][data-id='{call}']")).await?;
    window.find("player").await?;
    server.fault(status("/recordings/", 403)).await?;
    window.click("play").await?;
    window
        .until_text("recording-gone", SOON, |text| text.contains("The recording is gone"))
        .await?;
    assert!(!window.all("transcript-turn").await?.is_empty(), "what was said is still there");
    assert!(window.all("error-banner").await?.is_empty(), "it is said once, and calmly");
    // Space is not taken where nothing can be heard.
    let taken = window
        .script(
            "const heading = document.querySelector('lc-call h2');
             heading.focus();
             const press = new KeyboardEvent('keydown', { key: ' ', bubbles: true, cancelable: true });
             heading.dispatchEvent(press);
             return press.defaultPrevented;",
        )
        .await?;
    assert_eq!(taken, json!(false));
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn esc_closes_the_list_of_keys_before_the_call() -> Shown {
    let (_desktop, window) = Desktop::practice("keys").await?;
    window.open_failed_call().await?;
    window.script("document.querySelector('lc-call h2').focus();").await?;
    window.keys("?").await?;
    let open = "return document.querySelector('#result-keys').matches(':popover-open')";
    window.until("the list of keys is open", &format!("{open};")).await?;
    window.keys(ESC).await?;
    window
        .until(
            "the list is closed and the call is not",
            &format!("{open} === false && Boolean(document.querySelector('lc-call'));"),
        )
        .await?;
    window.keys(ESC).await?;
    window.until("the call is closed", "return !document.querySelector('lc-call');").await?;
    window.close().await
}

#[tokio::test]
async fn a_call_that_is_being_stopped_is_not_stopped_twice() -> Shown {
    // It does not end by itself while the test lasts.
    let server = Server::with(|config| config.speed = 0.1).await?;
    let (_desktop, window) = Desktop::connected("ending", &server).await?;
    window.tick_evaluators(1).await?;
    window.place().await?;
    window.click_css("[data-test=call-row][data-outcome=in_progress]").await?;
    // The server does not hear it, and the wish stands.
    server.fault(status("/end_call/", 503)).await?;
    window.click("call-more").await?;
    window.click("call-stop").await?;
    window.click("dialog-yes").await?;
    window.find("call-being-stopped").await?;
    window
        .until("the question is answered", "return !document.querySelector('lc-dialog[open]');")
        .await?;
    window.click("call-more").await?;
    let again = window.find("call-stopping").await?;
    assert!(!again.is_enabled().await?, "it is under way");
    assert!(window.all("call-stop").await?.is_empty());
    window.keys(ESC).await?;
    server.heal().await?;
    // The server is asked again ten seconds after the first time, and at the end of a pause.
    window
        .until_within(
            Duration::from_secs(120),
            "it has ended, and nothing is being stopped",
            "const outcome = document.querySelector('lc-call [data-test=call-outcome]').dataset.outcome;
             return outcome !== 'in_progress' && !document.querySelector('[data-test=call-being-stopped]');",
        )
        .await?;
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_question_belongs_to_its_result() -> Shown {
    let server = Server::start().await?;
    let (_desktop, window) = Desktop::connected("asked", &server).await?;
    window.result_with("agentFailed").await?;
    let query = json!({ "search": "", "agent": null, "onlyFailing": true, "onlyMine": false, "days": 0, "offset": 0, "limit": 50 });
    let failing = async || -> Shown<Vec<i64>> {
        let page = window.invoke("results_list", json!({ "query": query })).await?;
        let page = page.map_err(|error| format!("results_list: {error}"))?;
        let rows = page["rows"].as_array().into_iter().flatten();
        Ok(rows.filter_map(|row| row["id"].as_i64()).collect())
    };
    until(SOON, "two results with failures", async || Ok(failing().await?.len() > 1)).await?;
    let ids = failing().await?;
    let (one, other) = (ids[0], ids[1]);
    server
        .fault(json!({
            "match": { "path_contains": format!("/results/{one}/ask_about_failures/") },
            "kind": { "delay_ms": 60_000 },
        }))
        .await?;
    window.open_result(one).await?;
    window.click("ask").await?;
    let costs = window.text("ask-cost").await?;
    assert!(costs.contains("credits"), "{costs:?}");
    window.click("ask-send").await?;
    window.until_text("ask-send", SOON, |text| text.contains("Asking")).await?;
    window.keys(ESC).await?;
    window
        .until("the dialog is closed", "return !document.querySelector('lc-dialog[open]');")
        .await?;
    window.open_result(other).await?;
    window.click("ask").await?;
    window.until_text("ask-send", SOON, |text| text.starts_with("Ask ")).await?;
    window.click("ask-send").await?;
    window
        .until(
            "an answer about the other result",
            "return document.querySelector('[data-test=ask-answer]').getAttribute('aria-busy') === 'false'
                && document.querySelector('[data-test=ask-answer] lc-text').textContent.length > 20;",
        )
        .await?;
    window.close().await?;
    server.stop().await;
    Ok(())
}
