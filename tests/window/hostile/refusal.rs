//! What a server says when it refuses, and what a launch that went another way is called.

use std::time::Duration;

use serde_json::json;

use super::front::{Front, Refusal};
use super::seen::{self, Seen};
use super::{ESC, press, set, visit};
use crate::support::{KEY, Server, Shown, Start, Window, until};

const SOON: Duration = Duration::from_secs(60);

/// Every way to refuse that is not tried again by itself.
const EVERY: [Refusal; 6] = [
    Refusal::Detail(400),
    Refusal::Fields,
    Refusal::Text(403),
    Refusal::Html(400),
    Refusal::Detail(403),
    Refusal::Text(400),
];

/// Waits until a request has been refused, its words are shown, and its button may be pressed again.
async fn refused(
    window: &Window,
    front: &Front,
    before: usize,
    place: &str,
    button: &str,
) -> Shown {
    until(SOON, "a refusal", async || Ok(front.refusals().len() > before)).await?;
    window
        .until(
            "its end",
            &format!("return !document.querySelector('[data-test={button}]').disabled;"),
        )
        .await?;
    // One press may ask for several things one after the other, and one refusal of them is shown.
    until(SOON, "its words", async || {
        let marks = json!(front.refusals()[before..]);
        let shown = window
            .script(&format!("return [...document.querySelectorAll('[data-test={place}]')].some((one) => {marks}.some((mark) => one.textContent.includes(mark)));"))
            .await?;
        Ok(shown == json!(true))
    })
    .await
}

#[tokio::test]
async fn hostile_text_of_a_refusal_is_text() -> Shown {
    let (behind, front, _desktop, window) = set("hostile-refusal", &Start::default()).await?;
    let mut seen = Seen::begin(&window, &front.pen).await?;
    for how in EVERY {
        front.refuse("GET", "/projects/", how);
        let before = front.refusals().len();
        window.try_to_connect(KEY, &front.base_url).await?;
        refused(&window, &front, before, "connect-error", "connect-save").await?;
        seen.look(&window).await?;
    }
    front.heal();
    window.connect(KEY, &front.base_url).await?;
    let result = window.result_with("agentFailed").await?;

    // A list that cannot be read.
    visit(&window, "results").await?;
    window.find("result-row").await?;
    for how in EVERY {
        front.refuse("GET", "/results/", how);
        let before = front.refusals().len();
        press(&window, "[data-test=results-refresh]").await?;
        refused(&window, &front, before, "error-banner", "results-refresh").await?;
        seen.look(&window).await?;
    }
    front.heal();

    // A call that cannot be read, a vote, a question.
    window.open_result(result).await?;
    front.refuse("GET", "/runs/", Refusal::Detail(403));
    press(&window, "[data-test=call-row][data-outcome=agent_failed]").await?;
    window.find_css("[data-test=not-read] [data-test=error-banner]").await?;
    seen.look(&window).await?;
    front.heal();
    press(&window, "[data-test=not-read] [data-test=error-banner] .acts button").await?;
    window.find("transcript-turn").await?;
    front.refuse("POST", "_vote/", Refusal::Fields);
    press(&window, "[data-test=vote-down]").await?;
    // It is kept here; the refusal has no words of its own.
    window.find("human-said").await?;
    seen.look(&window).await?;
    front.heal();
    window.keys(ESC).await?;
    press(&window, "[data-test=share]").await?;
    press(&window, "[data-test=ask-menu]").await?;
    for how in EVERY {
        front.refuse("POST", "ask_about_failures", how);
        let before = front.refusals().len();
        press(&window, "[data-test=ask-send]").await?;
        refused(&window, &front, before, "error-banner", "ask-send").await?;
        seen.look(&window).await?;
    }
    front.heal();
    window.keys(ESC).await?;

    launches(&window, &behind, &front, &mut seen).await?;
    window.close().await?;
    behind.stop().await;
    seen.judge(false, |field| field.of[0] == "refusal");
    Ok(())
}

/// Launches that are refused, and one that reaches another agent.
async fn launches(window: &Window, behind: &Server, front: &Front, seen: &mut Seen) -> Shown {
    visit(window, "new").await?;
    window.tick_evaluators(2).await?;
    // One that says that the key may not would close the plan.
    for how in [Refusal::Fields, Refusal::Detail(400), Refusal::Text(400), Refusal::Html(400)] {
        front.refuse("POST", "run_scenarios", how);
        window.place_until("refused").await?;
        // What is about a field stands beside it.
        seen.look(window).await?;
        visit(window, "results").await?;
        window.card("refused").await?;
        seen.look(window).await?;
        visit(window, "new").await?;
        window.find("evaluator-row").await?;
        press(window, "[data-test=launch-dismiss]").await?;
        window.gone("launch-state").await?;
    }
    front.heal();
    let agents = behind.get("test_framework/v2/aiagents/").await?;
    let list = if agents.is_array() { &agents } else { &agents["results"] };
    let other = seen::ids(list, "id").pop().unwrap_or_default();
    behind.fault_next_launch(json!({ "other_agent": other })).await?;
    window.place_until("launched").await?;
    seen.look(window).await?;
    press(window, "[data-test=launch-open]").await?;
    window.find_css("[data-test=callout][data-code=other-agent]").await?;
    seen.look(window).await
}
