//! What a person may type or choose on *New run* and no server takes: each is said, and nothing that
//! was typed is lost, over a restart neither.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Desktop, KEY, Keyring, Server, Shown, Start, Window, amiss, until};

/// A name that no plan has by itself.
const NAME: &str = "Friday before the fair";

/// The agent of the practice world that has no Pipecat connection.
const WITHOUT_PIPECAT: i64 = 3103;

/// The one that the first evaluators of the practice world are for.
const OF_THE_FIRST: i64 = 3101;

/// What Rust keeps of the plan.
async fn kept(window: &Window) -> Shown<Value> {
    match window.invoke("draft_read", json!({})).await? {
        Ok(draft) => Ok(draft["body"].clone()),
        Err(error) => amiss(format!("draft_read: {error}")),
    }
}

/// Waits until the plan is kept with something, and gives all of it.
async fn kept_with(window: &Window, part: &str, value: &Value) -> Shown<Value> {
    until(Duration::from_secs(60), part, async || Ok(kept(window).await?[part] == *value)).await?;
    kept(window).await
}

/// A check stands in the way, in words, and so the button does not go.
async fn stopped_by(window: &Window, code: &str) -> Shown {
    let check = format!("[data-test=plan-check][data-code={code}][data-level=stop]");
    window.until_text_css(&check, Duration::from_secs(60), |said| !said.trim().is_empty()).await?;
    window
        .until(
            "the button does not go",
            "return document.querySelector('[data-test=launch]').disabled;",
        )
        .await
}

/// Nothing of the kind stands in the way any more.
async fn mended(window: &Window, code: &str) -> Shown {
    window
        .until(
            &format!("{code} is mended"),
            &format!(
                "return !document.querySelector('[data-test=plan-check][data-code={code}]')
                     && !document.querySelector('[data-test=launch]').disabled;"
            ),
        )
        .await
}

/// The plan is there as it was, on screen and where it is kept.
async fn as_typed(window: &Window, body: &Value) -> Shown {
    window.holds("plan-name", NAME).await?;
    window.holds("plan-times", body["times"].as_str().unwrap_or_default()).await?;
    let agent = body["agent"].to_string();
    window
        .until(
            "the agent is chosen",
            &format!(
                "return document.querySelector('[data-test=agent-select]').value === '{agent}';"
            ),
        )
        .await?;
    assert_eq!(kept(window).await?, *body);
    Ok(())
}

/// Chooses an agent by its number, as one who comes to the list anew: WebKit tells of a choice only
/// when its place differs from that of the one before, and takes note of places as the list is
/// entered.
async fn choose(window: &Window, agent: i64) -> Shown {
    let list = window.find("agent-select").await?;
    window
        .script(
            "const list = document.querySelector('[data-test=agent-select]'); list.blur(); list.focus();",
        )
        .await?;
    list.select_by_value(&agent.to_string()).await?;
    kept_with(window, "agent", &json!(agent)).await.map(|_| ())
}

/// A plan with a name and two evaluators.
async fn planned(window: &Window) -> Shown {
    window.tick_evaluators(2).await?;
    window.fill("plan-name", NAME).await
}

/// The next start finds it.
async fn again(desktop: &Desktop, start: &Start, window: Window) -> Shown<Window> {
    window.kill()?;
    let window = desktop.open(start).await?;
    window.visit("new").await?;
    Ok(window)
}

#[tokio::test]
async fn times_of_nought_and_of_more_than_a_hundred_are_said() -> Shown {
    let server = Server::start().await?;
    let desktop = Desktop::start("times", Keyring::Unlocked)?;
    let start = Start::default();
    let mut window = desktop.open(&start).await?;
    window.connect(KEY, &server.base_url).await?;
    planned(&window).await?;
    for times in ["0", "101"] {
        window.fill("plan-times", times).await?;
        stopped_by(&window, "times_out_of_range").await?;
        window.find_css("[data-test=plan-times][aria-invalid=true]").await?;
        let body = kept_with(&window, "times", &json!(times)).await?;
        as_typed(&window, &body).await?;
        window = again(&desktop, &start, window).await?;
        stopped_by(&window, "times_out_of_range").await?;
        as_typed(&window, &body).await?;
    }
    window.fill("plan-times", "100").await?;
    mended(&window, "times_out_of_range").await?;
    window.find_css("[data-test=plan-sum][data-calls='200']").await?;
    assert_eq!(server.arrived_and_placed().await?, (0, 0));
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn an_agent_without_a_pipecat_connection_is_said() -> Shown {
    let server = Server::start().await?;
    let desktop = Desktop::start("not-set-up", Keyring::Unlocked)?;
    let start = Start::default();
    let window = desktop.open(&start).await?;
    window.connect(KEY, &server.base_url).await?;
    choose(&window, WITHOUT_PIPECAT).await?;
    planned(&window).await?;
    window.fill("plan-times", "3").await?;
    stopped_by(&window, "agent_not_set_up").await?;
    let body = kept_with(&window, "times", &json!("3")).await?;
    assert_eq!(body["evaluators"].as_array().map(Vec::len), Some(2), "{body}");
    as_typed(&window, &body).await?;
    let window = again(&desktop, &start, window).await?;
    stopped_by(&window, "agent_not_set_up").await?;
    as_typed(&window, &body).await?;
    assert_eq!(server.arrived_and_placed().await?, (0, 0));
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn an_evaluator_that_was_deleted_since_is_said() -> Shown {
    let server = Server::with(|config| config.evaluators = 16).await?;
    let (_, port) = server.base_url.rsplit_once(':').ok_or("no port")?;
    let port = port.parse()?;
    let desktop = Desktop::start("deleted", Keyring::Unlocked)?;
    let start = Start::default();
    let window = desktop.open(&start).await?;
    window.connect(KEY, &server.base_url).await?;
    choose(&window, OF_THE_FIRST).await?;
    window.click("evaluators-all").await?;
    window.fill("plan-name", NAME).await?;
    window.fill("plan-times", "2").await?;
    let body = kept_with(&window, "times", &json!("2")).await?;
    let ticked = body["evaluators"].as_array().map_or(0, Vec::len);
    assert!(ticked > 2, "{body}");
    mended(&window, "evaluators_gone").await?;

    // The same server with fewer evaluators.
    server.stop().await;
    let server = Server::with(|config| {
        config.port = port;
        config.evaluators = 2;
    })
    .await?;
    window.click("catalogue-refresh").await?;
    stopped_by(&window, "evaluators_gone").await?;
    as_typed(&window, &body).await?;
    let window = again(&desktop, &start, window).await?;
    stopped_by(&window, "evaluators_gone").await?;
    as_typed(&window, &body).await?;

    // It says how many, and what to do about them; and that helps.
    let left = window.all("evaluator-row").await?.len();
    let said = window.text_css("[data-test=plan-check][data-code=evaluators_gone]").await?;
    assert!(left > 0 && said.contains(&(ticked - left).to_string()), "{left} of {ticked}: {said}");
    assert!(said.contains("Untick"), "{said}");
    window.click("evaluators-untick").await?;
    mended(&window, "evaluators_gone").await?;
    assert_eq!(server.arrived_and_placed().await?, (0, 0));
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn an_agent_that_is_chosen_by_its_letter_is_the_one_of_the_plan() -> Shown {
    let server = Server::start().await?;
    let desktop = Desktop::start("by-letter", Keyring::Unlocked)?;
    let window = desktop.open(&Start::default()).await?;
    window.try_to_connect(KEY, &server.base_url).await?;
    window.find("evaluator-row").await?;
    window.script("document.querySelector('[data-test=agent-select]').focus();").await?;
    window.keys("A").await?;
    kept_with(&window, "agent", &json!(3102)).await?;
    // Letters that follow within a second are one word to the list; nothing tells of its end.
    let pause = "setTimeout(arguments[arguments.length - 1], 1500);";
    window.client().execute_async(pause, Vec::new()).await?;
    window.keys("F").await?;
    kept_with(&window, "agent", &json!(OF_THE_FIRST)).await?;
    window.close().await?;
    server.stop().await;
    Ok(())
}
