//! Asking about the failures of a result: the answer as it comes, its end, and the wait.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Desktop, Server, Shown, Window, until};

const SOON: Duration = Duration::from_secs(60);
const ESC: &str = "\u{e00c}";
/// The answer is whole.
const WHOLE: &str = "const answer = document.querySelector('[data-test=ask-answer]');
    return answer?.getAttribute('aria-busy') === 'false' && answer.textContent.includes('Not met:');";
const CLOSED: &str = "return !document.querySelector('lc-dialog[open]');";

async fn asking(name: &str, server: &Server) -> Shown<(Desktop, Window)> {
    let (desktop, window) = Desktop::connected(name, server).await?;
    let result = window.result_with("agentFailed").await?;
    window.open_result(result).await?;
    window.click("ask").await?;
    Ok((desktop, window))
}

fn on_answers(kind: &Value) -> Value {
    json!({ "match": { "path_contains": "ask_about_failures" }, "kind": kind })
}

#[tokio::test]
async fn an_answer_is_shown_as_it_comes_and_ends_when_it_is_left() -> Shown {
    let server = Server::start().await?;
    let (_desktop, window) = asking("asking", &server).await?;
    // The server keeps the rest back: what is shown now was shown before the answer was whole.
    server.fault(on_answers(&json!({ "hold_after": 2 }))).await?;
    window.click("ask-send").await?;
    let began = window.until_text("ask-answer", SOON, |text| text.contains("You asked:")).await?;
    assert!(began.contains("Cekura’s answer"), "whose answer it is: {began:?}");
    assert!(began.contains("written by a model"), "{began:?}");
    assert!(!began.contains("Not met:"), "it is not all there: {began:?}");
    window.find_css("[data-test=ask-answer][aria-busy=true]").await?;
    assert!(!window.find("ask-send").await?.is_enabled().await?, "one at a time");
    server.heal().await?;
    window.until("the whole answer", WHOLE).await?;
    assert!(window.all("ask-stop").await?.is_empty(), "nothing to stop");
    assert_eq!(server.left().await?, 0);

    // Stopped: what has come stays and is said to be a part, and the server has nobody to talk to.
    server.fault(on_answers(&json!({ "hold_after": 1 }))).await?;
    window.click("ask-send").await?;
    window.find_css("[data-test=ask-answer][aria-busy=true] lc-text").await?;
    window.click("ask-stop").await?;
    window.find("ask-stopped").await?;
    assert!(window.text("ask-answer").await?.contains("You asked:"));
    until(SOON, "the end of the request", async || Ok(server.left().await? == 1)).await?;
    window.until_text("ask-send", SOON, |text| text.starts_with("Ask ")).await?;
    // Closing the dialog is not leaving: the answer is there when it is opened again.
    window.click("ask-send").await?;
    window.find_css("[data-test=ask-answer][aria-busy=true] lc-text").await?;
    window.keys(ESC).await?;
    window.until("the dialog is closed", CLOSED).await?;
    window.click("ask").await?;
    window.find_css("[data-test=ask-answer][aria-busy=true] lc-text").await?;
    assert_eq!(server.left().await?, 1);
    // Leaving the result is.
    window.keys(ESC).await?;
    window.until("the dialog is closed", CLOSED).await?;
    window.visit("plans").await?;
    until(SOON, "the end of the request", async || Ok(server.left().await? == 2)).await?;
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_wait_is_counted_down_and_then_it_can_be_asked_again() -> Shown {
    let server = Server::start().await?;
    let (_desktop, window) = asking("patience", &server).await?;
    let patience = json!({ "status": { "code": 429, "retry_after": 4 } });
    server.fault(on_answers(&patience)).await?;
    // Every word that the button has, so that none is missed between two looks.
    window
        .script(
            "const button = document.querySelector('[data-test=ask-send]');
             globalThis.said = [];
             const note = () => said.push(`${button.textContent.trim()}${button.disabled ? '' : '!'}`);
             new MutationObserver(note).observe(button, { childList: true, characterData: true, subtree: true, attributes: true });",
        )
        .await?;
    window.click("ask-send").await?;
    let why =
        window.find_css("[data-test=error-banner][data-code=throttled]").await?.text().await?;
    assert!(why.contains("wait 4 s"), "{why:?}");
    assert!(window.all("ask-answer").await?.is_empty(), "there is no answer");
    server.heal().await?;
    window.until_text("ask-send", SOON, |text| text.starts_with("Ask ")).await?;
    let said = window.script("return [...new Set(said)];").await?;
    let waits: Vec<_> = said.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let waits: Vec<_> = waits.into_iter().filter(|text| text.starts_with("Wait")).collect();
    assert_eq!(waits, ["Wait 4 s", "Wait 3 s", "Wait 2 s", "Wait 1 s"], "{said}");
    assert!(window.all("error-banner").await?.is_empty(), "the wait is over");
    window.click("ask-send").await?;
    window.until("the whole answer", WHOLE).await?;
    window.close().await?;
    server.stop().await;
    Ok(())
}
