//! A launch whose answer was lost: every way out, with the server's own record as the judge.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Desktop, KEY, Keyring, Server, Shown, Start, Window, first_number};

/// How long something that should happen may take.
const SOON: Duration = Duration::from_secs(60);

/// A window connected to a server, with two evaluators ticked and a name given.
async fn planned(name: &str, server: &Server) -> Shown<(Desktop, Window)> {
    let desktop = Desktop::start(name, Keyring::Unlocked)?;
    let window = desktop.open(&Start::default()).await?;
    window.connect(KEY, &server.base_url).await?;
    window.fill("plan-name", "Lost and found").await?;
    window.tick_evaluators(2).await?;
    Ok((desktop, window))
}

/// A launch that never reached the server's books: nothing was placed, and nobody knows.
async fn lost(name: &str, server: &Server) -> Shown<(Desktop, Window)> {
    let (desktop, window) = planned(name, server).await?;
    server.fault_next_launch(json!("drop_before")).await?;
    window.place_until("unknown").await?;
    assert_eq!(server.arrived_and_placed().await?, (1, 0));
    Ok((desktop, window))
}

/// The same two evaluators under another name, placed by somebody else.
async fn placed_by_another(server: &Server) -> Shown<i64> {
    let mut body = server.launches().await?[0]["body"].clone();
    body["name"] = json!("Placed from elsewhere");
    let path = "test_framework/v1/scenarios/run_scenarios_pipecat_v2/";
    let answer = server.post(path, &body).await?;
    Ok(answer["id"].as_i64().unwrap())
}

#[tokio::test]
async fn it_started_and_its_number_is_pasted() -> Shown {
    let server = Server::start().await?;
    let (_desktop, window) = lost("unknown-paste", &server).await?;
    let result = placed_by_another(&server).await?;
    window.click("launch-started").await?;
    window.fill("launch-paste", "no number here").await?;
    assert!(!window.find("dialog-yes").await?.is_enabled().await?);
    let link = format!("https://dashboard.cekura.ai/results/{result}?tab=runs");
    window.fill("launch-paste", &link).await?;
    window.click("dialog-yes").await?;
    let counts = window.finished().await?;
    assert_eq!(counts.sum(), 2, "{counts:?}");
    window.visit("results").await?;
    window.find_css(&format!("[data-test=result-row][data-id='{result}']")).await?;
    window.gone("launch-state").await?;
    // The one of the person and the one from elsewhere: nothing was sent by Linecheck again.
    assert_eq!(server.arrived_and_placed().await?, (2, 1));
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn it_started_and_the_result_is_chosen() -> Shown {
    let server = Server::start().await?;
    let (_desktop, window) = lost("unknown-choose", &server).await?;
    let result = placed_by_another(&server).await?;
    window.visit("results").await?;
    window.click("results-refresh").await?;
    window.find_css(&format!("[data-test=result-row][data-id='{result}']")).await?;
    window.click("launch-started").await?;
    window
        .until(
            "the result among the choices",
            "const choice = [...document.querySelectorAll('.launch-choice')].find((one) => one.textContent.includes('Placed from elsewhere'));
             choice?.querySelector('input').click();
             return Boolean(choice);",
        )
        .await?;
    window.click("dialog-yes").await?;
    let counts = window.finished().await?;
    assert_eq!(counts.sum(), 2, "{counts:?}");
    assert!(window.client().current_url().await?.fragment().unwrap().contains(&result.to_string()));
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn it_did_not_and_is_placed_again_by_a_person() -> Shown {
    let server = Server::start().await?;
    let (_desktop, window) = lost("unknown-again", &server).await?;
    window.click("launch-not-started").await?;
    window.click("dialog-yes").await?;
    window.gone("launch-state").await?;
    // Nothing is sent by the answer: the plan is there again, and a person presses.
    window.find_css("[data-test=plan-sum][data-calls='2']").await?;
    assert_eq!(server.arrived_and_placed().await?, (1, 0));
    window.press_place().await?;
    window.find("launch-confirm").await?;
    assert_eq!(server.arrived_and_placed().await?, (1, 0), "before the question is answered");
    window.click("launch-confirm").await?;
    let counts = window.finished().await?;
    assert_eq!(counts.sum(), 2, "{counts:?}");
    assert_eq!(server.arrived_and_placed().await?, (2, 1));
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn it_is_left_and_stays_left() -> Shown {
    let server = Server::start().await?;
    let (desktop, window) = lost("unknown-leave", &server).await?;
    window.click("launch-leave").await?;
    window.click("dialog-yes").await?;
    window.gone("launch-state").await?;
    window.kill()?;
    let window = desktop.open(&Start::default()).await?;
    window.visit("results").await?;
    window.find("result-row").await?;
    assert!(window.all("launch-state").await?.is_empty());
    assert_eq!(server.arrived_and_placed().await?, (1, 0));
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn looking_once_more_finds_it() -> Shown {
    let server = Server::start().await?;
    let (_desktop, window) = planned("unknown-look", &server).await?;
    server.fault_next_launch(json!("drop_after")).await?;
    // A list that lags behind: it is there, and does not show.
    let nothing: Value = json!({ "count": 0, "next": null, "previous": null, "results": [] });
    server
        .fault(json!({
            "match": { "method": "GET", "path_contains": "results" },
            "kind": { "status": { "code": 200, "body": nothing } },
        }))
        .await?;
    window.place_until("unknown").await?;
    let mut looks = 0;
    while looks < 4 {
        window.click("launch-look").await?;
        let said = window
            .until_text("launch-state", SOON, |text| {
                looked(text).is_some_and(|times| times > looks)
            })
            .await?;
        looks = looked(&said).unwrap();
    }
    server.heal().await?;
    // A look by itself may be quicker than the press: then there is nothing left to press.
    window
        .script("document.querySelector('[data-test=launch-look]:not(:disabled)')?.click();")
        .await?;
    window.gone("launch-state").await?;
    window.visit("results").await?;
    window
        .until(
            "the result in the list",
            "return [...document.querySelectorAll('[data-test=result-row]')].some((row) => row.textContent.includes('Lost and found'));",
        )
        .await?;
    assert_eq!(server.arrived_and_placed().await?, (1, 1));
    window.close().await?;
    server.stop().await;
    Ok(())
}

/// How often it has been looked for, as the card says.
fn looked(text: &str) -> Option<u32> {
    let (_, rest) = text.split_once("Looked for it ")?;
    if rest.starts_with("once") { Some(1) } else { first_number(rest) }
}

#[tokio::test]
async fn a_kill_in_the_middle_of_a_launch_loses_and_repeats_nothing() -> Shown {
    let server = Server::start().await?;
    let (desktop, window) = planned("kill-launch", &server).await?;
    // The calls are placed at once, and the answer would come in ten minutes.
    server.fault_next_launch(json!({ "delay_ms": 600_000 })).await?;
    window.place_until("sending").await?;
    crate::support::until(SOON, "the launch at the server", async || {
        Ok(server.arrived_and_placed().await? == (1, 1))
    })
    .await?;
    window.kill()?;

    let window = desktop.open(&Start::default()).await?;
    window.visit("results").await?;
    window
        .until(
            "the calls that were placed",
            "const row = [...document.querySelectorAll('[data-test=result-row]')].find((one) => one.textContent.includes('Lost and found'));
             row?.click();
             return Boolean(row);",
        )
        .await?;
    let counts = window.finished().await?;
    assert_eq!(counts.sum(), 2, "{counts:?}");
    assert!(window.all("launch-state").await?.is_empty());
    assert_eq!(server.arrived_and_placed().await?, (1, 1));
    window.close().await?;
    server.stop().await;
    Ok(())
}
