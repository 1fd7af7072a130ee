//! Questions that must not take longer the more calls are kept: asked in the page, through its own
//! door, with 200,000 calls and with 1,000.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::clock::median;
use crate::support::{Desktop, KEY, Keyring, Server, Shown, amiss, until};
use crate::table::{Table, say};
use crate::{lists, page, seed};

/// Calls of a result, and results with that many calls, many and few.
const CALLS: usize = 100;
const MANY: usize = 2000;
const FEW: usize = 10;
/// Times each question is asked; the first, which fills caches, does not count.
const ROUNDS: usize = 9;
/// Evaluators of the plan that is checked and of the launch that is refused.
const CHOSEN: usize = 20;

const PLAN_MS: f64 = 10.0;
/// As quick: what two measurements of one thing differ by, and the millisecond that the page's clock
/// is rounded to.
const SAME: f64 = 1.2;
const TICK_MS: f64 = 1.0;

pub(crate) async fn measure(programs: &Path, table: &mut Table) -> Shown {
    let few = ask(programs, FEW).await?;
    let many = ask(programs, MANY).await?;
    for ((what, many), (_, few)) in many.iter().zip(&few) {
        let what = format!("200,000 calls kept, beside 1,000: {what}");
        let (many, few) = (median(many), median(few));
        if what.ends_with("plan_check") {
            // A millisecond or two: what the clock is rounded to would decide whether they are alike.
            table.most(&what, "ms", many, PLAN_MS);
        } else {
            table.within(&what, "ms", many, few, (few + TICK_MS) * SAME - TICK_MS);
        }
    }
    Ok(())
}

/// The questions, with how many milliseconds each took.
async fn ask(programs: &Path, results: usize) -> Shown<Vec<(&'static str, Vec<f64>)>> {
    let server = Server::with(|config| config.history = false).await?;
    let desktop = Desktop::start("bench-kept", Keyring::Unlocked)?;
    let app = lists::start(programs, "kept");
    let window = desktop.open(&app).await?;
    window.connect(KEY, &server.base_url).await?;
    window.close().await?;
    say(&format!("   writing {} calls", results * CALLS));
    seed::write(&desktop.data_dir(&app), &vec![CALLS; results])?;

    let window = desktop.open(&app).await?;
    window.find("workspace-name").await?;
    let invoke = async |command: &str, arguments: Value| -> Shown<Value> {
        window
            .invoke(command, arguments)
            .await?
            .map_err(|error| format!("{command}: {error}").into())
    };
    let catalogue = invoke("catalogue_read", json!({})).await?;
    let agent = catalogue["agents"][0]["id"].clone();
    let told = invoke("evaluators_list", json!({ "agent": agent, "have": null })).await?;
    let rows = told["rows"].as_array().map(Vec::as_slice).unwrap_or_default();
    let chosen: Vec<&Value> = rows.iter().take(CHOSEN).map(|row| &row["id"]).collect();
    if chosen.len() != CHOSEN || chosen.iter().any(|id| !id.is_i64()) {
        return amiss(format!("the plan would have the evaluators {chosen:?}"));
    }
    let draft = invoke("draft_read", json!({})).await?;
    let mut body = draft["body"].clone();
    body["agent"] = agent;
    body["evaluators"] = json!(chosen);
    invoke("draft_save", json!({ "id": draft["id"], "body": body })).await?;
    // The workspace is opened once the first screen has been painted.
    until(Duration::from_secs(30), "the connection", async || {
        let connection = window.invoke("connection_read", json!({})).await?;
        Ok(connection.is_ok_and(|connection| connection["state"] == "online"))
    })
    .await?;
    // Whatever it costs, it is refused.
    let refusal = json!({ "status": { "code": 402, "body": { "detail": "Insufficient balance for this operation" } } });
    server.fault_next_launch(refusal).await?;
    invoke("launch_place", json!({ "draftId": draft["id"], "confirmation": null })).await?;
    until(Duration::from_secs(30), "the refusal", async || {
        let open = window.invoke("launches_open", json!({})).await?;
        Ok(open.is_ok_and(|open| open[0]["state"] == "refused"))
    })
    .await?;

    let questions = [
        ("plan_check", json!({ "body": body })),
        ("evaluators_list", json!({ "agent": null, "have": null })),
        ("launches_open", json!({})),
        ("result_read", json!({ "id": seed::NEWEST, "have": null })),
    ];
    let mut asked = Vec::new();
    for (command, arguments) in questions {
        let mut took = Vec::new();
        for round in 0..=ROUNDS {
            let ms = page::ask(&window, command, &arguments).await?;
            if round > 0 {
                took.push(ms);
            }
        }
        say(&format!("   kept {}: {command} {took:.0?} ms", results * CALLS));
        asked.push((command, took));
    }
    window.close().await?;
    server.stop().await;
    Ok(asked)
}
