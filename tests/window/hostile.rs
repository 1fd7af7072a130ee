//! Hostile text in every field that is shown.
//!
//! `fields::FIELDS` is the table of the fields and of how many of the payloads each must show. Which
//! test feeds what:
//!
//! | shown | fed in |
//! |---|---|
//! | agents, projects, tools, callers, profiles; evaluators with their folder, tags, language, script, first message, expected outcome and metrics | `wherever_it_is_shown` |
//! | results: name, agent, summary, next steps, reasons, way of connecting and settings when run again | `wherever_it_is_shown` |
//! | calls: evaluator, caller, profile, unknown status, ended reason, error, what was expected and what came, metrics, unknown speakers, turns, tools, notes; in all three views, callouts and lists | `wherever_it_is_shown` |
//! | the answer to a question about failures, as it comes | `wherever_it_is_shown` |
//! | refusals: `detail`, messages of fields, bare text, pages; on the welcome screen, a list, a launch, a call, a vote, a question | `of_a_refusal` |
//! | names in the cards of launches, and the agent that was called instead | `of_a_refusal` |
//! | a plan file: its name, evaluators that are gone, tools, messages, settings, numbers; a workspace's name | `of_a_plan_file` |
//!
//! Never text, whatever the API sends: dates, lengths, scores and the status of a result are read in
//! Rust, and addresses are not shown.

mod fields;
mod front;
mod plan_file;
mod refusal;
mod seen;

use serde_json::{Value, json};

use self::front::Front;
use self::seen::Seen;
use crate::support::{Desktop, KEY, Keyring, Server, Shown, Start, Window};

const ESC: &str = "\u{e00c}";
/// A result of the practice studio's past with a dozen calls.
const DOZEN: i64 = 41_200;

/// A practice studio, the server in front of it, and a window that stands before both.
async fn set(name: &str, start: &Start) -> Shown<(Server, Front, Desktop, Window)> {
    let behind = Server::with(|config| config.evaluators = 160).await?;
    let front = Front::before(&behind.base_url).await?;
    let desktop = Desktop::start(name, Keyring::Unlocked)?;
    let window = desktop.open(start).await?;
    window.find("connect-key").await?;
    Ok((behind, front, desktop, window))
}

/// Presses, as soon as it can be pressed, what may stand beneath something else: with such texts the
/// page is as crowded as it gets.
async fn press(window: &Window, selector: &str) -> Shown {
    let press = format!(
        "const one = document.querySelector({});
         if (!one || one.matches(':disabled')) return false;
         one.click();
         return true;",
        json!(selector)
    );
    window.until(selector, &press).await
}

/// Goes to a screen in the same way, and waits until it is the one that is shown.
async fn visit(window: &Window, screen: &str) -> Shown {
    press(window, &format!("[data-test=nav-{screen}]")).await?;
    window.shows(screen).await
}

async fn open_all(window: &Window, within: &str) -> Shown {
    let all = format!(
        "for (const one of document.querySelectorAll('{within} details')) one.open = true;"
    );
    window.script(&all).await.map(|_| ())
}

#[tokio::test]
async fn hostile_text_is_text_wherever_it_is_shown() -> Shown {
    let (behind, front, desktop, window) =
        set("hostile", &Start { any_size: true, ..Start::default() }).await?;
    assert!(front.pen.payloads.len() >= 200, "{}", front.pen.payloads.len());
    let dozen = behind.get(&format!("test_framework/v2/results/{DOZEN}/")).await?;
    let calls: Vec<i64> = dozen["runs"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(id, _)| id.parse().ok())
        .collect();
    assert!(calls.len() >= 12, "{dozen}");
    front.unknown(calls.iter().copied().take(8));
    let mut seen = Seen::begin(&window, &front.pen).await?;
    window.connect(KEY, &front.base_url).await?;

    // New run: the list in both widths, evaluators opened, every list of choices, the checks.
    press(&window, "[data-test=evaluator-row] input[type=checkbox]").await?;
    seen.scroll(&window, "lc-evaluators .rows").await?;
    seen.lists(&window, "lc-new-run").await?;
    press(&window, "[data-test=plan-messages]").await?;
    window.find("messages-done").await?;
    seen.lists(&window, "lc-messages").await?;
    press(&window, "[data-test=messages-done]").await?;
    for id in different(&behind).await? {
        window.script(&format!("document.querySelector('lc-evaluators').openId = {id};")).await?;
        window
            .until(
                "the script of it",
                "return document.querySelector('lc-dialog[open] .new-run-texts')?.textContent.includes('\\u27e6') ?? false;",
            )
            .await?;
        seen.look(&window).await?;
        window.keys(ESC).await?;
        window.gone("evaluator-open").await?;
    }
    // Every agent, with what it has of its own.
    let agents = window.all_css("[data-test=agent-select] option:not([disabled])").await?.len();
    for agent in (0..agents).rev() {
        window
            .script(&format!(
                "const select = document.querySelector('[data-test=agent-select]');
                 select.value = select.querySelectorAll('option:not([disabled])')[{agent}].value;
                 select.dispatchEvent(new Event('change'));"
            ))
            .await?;
        window.find("plan-check").await?;
        // All of its own, not the first of them; or that there are none.
        window
            .find_css("lc-evaluators [data-test=evaluators-chosen], lc-evaluators .state-empty")
            .await?;
        seen.scroll(&window, "lc-evaluators .rows").await?;
    }
    desktop.resize(&window, 480, 820).await?;
    window
        .until(
            "the narrow list",
            "return document.querySelector('.new-run-rows.small, .new-run-rows.middle') !== null;",
        )
        .await?;
    seen.scroll(&window, "lc-evaluators .rows").await?;
    desktop.resize(&window, 1280, 820).await?;
    results(&window, &front, &mut seen).await?;
    ask(&window, &mut seen).await?;
    again(&window, &mut seen).await?;
    window.close().await?;
    behind.stop().await;
    seen.judge(true, |field| {
        !matches!(field.of[0], "refusal" | "file") && field.name != "workspace"
    });
    Ok(())
}

/// Evaluators that differ in their profile or their language, and some more.
async fn different(behind: &Server) -> Shown<Vec<i64>> {
    let list = behind.get("test_framework/v1/scenarios/?page_size=200").await?;
    let rows = list["results"].as_array().or(list.as_array()).cloned().unwrap_or_default();
    let mut known = std::collections::BTreeSet::new();
    let mut ids = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let is_new = ["test_profile", "scenario_language"]
            .map(|name| known.insert((name, row[name].to_string())));
        if is_new.contains(&true) || at % 16 == 0 {
            ids.extend(row["id"].as_i64());
        }
    }
    assert!(ids.len() >= 8, "{list}");
    Ok(ids)
}

/// Results, and their calls in every form; the calls that went wrong one by one.
async fn results(window: &Window, front: &Front, seen: &mut Seen) -> Shown {
    let first = window.result_with("agentFailed").await?;
    visit(window, "results").await?;
    window.find("result-row").await?;
    seen.scroll(window, "lc-results .rows").await?;
    seen.lists(window, "lc-results").await?;
    let rows = window
        .script("return [...document.querySelectorAll('[data-test=result-row]')].map((row) => Number(row.dataset.id));")
        .await?;
    let mut ids: Vec<i64> =
        rows.as_array().into_iter().flatten().filter_map(Value::as_i64).collect();
    ids.retain(|id| *id != first && *id != DOZEN);
    // Enough for every text to have been in every field: which calls need attention changes with the time.
    ids.truncate(4);
    ids.insert(0, first);
    ids.push(DOZEN);
    for id in ids {
        window.open_result(id).await?;
        open_all(window, "lc-result").await?;
        for view in ["view-causes", "view-calls", "view-evaluators"] {
            press(window, &format!("[data-test={view}]")).await?;
            seen.scroll(window, ".result-table .rows").await?;
        }
        seen.lists(window, "lc-result .result-filters").await?;
        for _ in 0..5 {
            window.keys("n").await?;
            one_call(window, front, seen).await?;
        }
        window.keys(ESC).await?;
    }
    // Calls whose status nobody knows are in progress.
    press(window, "[data-test=view-calls]").await?;
    for key in ["j", "j", "j"] {
        window.keys(key).await?;
        opened(window).await?;
        seen.look(window).await?;
    }
    window.keys(ESC).await
}

async fn opened(window: &Window) -> Shown {
    window
        .until(
            "the call of the address",
            "const one = document.querySelector('lc-call'); return one !== null && String(one.call) === location.hash.split('/').pop();",
        )
        .await?;
    window.find("call-outcome").await.map(|_| ())
}

/// A call with a note of its own.
async fn one_call(window: &Window, front: &Front, seen: &mut Seen) -> Shown {
    opened(window).await?;
    window.find("transcript-turn").await?;
    let text = front.pen.own("person", "note").replace('\r', "\n");
    let first = text.chars().take_while(|letter| *letter != ':').collect::<String>();
    let call = window.client().current_url().await?;
    let call: i64 = call.fragment().unwrap().rsplit('/').next().unwrap().parse()?;
    let saved = window.invoke("note_save", json!({ "call": call, "text": text })).await?;
    assert!(saved.is_ok(), "{saved:?}");
    window
        .until(
            "this note is shown",
            // Not that of the call before, which stands there until this one is drawn.
            &format!(
                "return document.querySelector('[data-test=note]').value.includes('{first}:');"
            ),
        )
        .await?;
    open_all(window, "lc-call").await?;
    // Of the conversation, whatever is not far below the window is in the page.
    seen.look(window).await
}

/// A question about the failures, answered in pieces.
async fn ask(window: &Window, seen: &mut Seen) -> Shown {
    let result = window.result_with("agentFailed").await?;
    window.open_result(result).await?;
    press(window, "[data-test=share]").await?;
    press(window, "[data-test=ask-menu]").await?;
    press(window, "[data-test=ask-send]").await?;
    window.find_css("[data-test=ask-answer] bdi").await?;
    // While it comes the last text may end anywhere.
    window
        .until(
            "the whole answer",
            "return document.querySelector('[data-test=ask-answer][aria-busy=false] bdi') !== null;",
        )
        .await?;
    seen.look(window).await?;
    window.keys(ESC).await?;
    window
        .until("the dialog closed", "return document.querySelector('lc-dialog[open]') === null;")
        .await
}

/// A part of a result that was not placed from here is run again, and what came of it is opened.
async fn again(window: &Window, seen: &mut Seen) -> Shown {
    press(window, "[data-test=run-again]").await?;
    press(window, "[data-test=run-again-agent-failed]").await?;
    press(window, "[data-test=replace-yes]").await?;
    window.find("gone").await?;
    seen.look(window).await?;
    press(window, "[data-test=gone] .acts button").await?;
    // A name may be longer than the server takes for a new one.
    window.fill("plan-name", "Once more").await?;
    window.place().await?;
    window.finished().await?;
    window.find("callout").await?;
    seen.look(window).await?;
    press(window, "[data-test=callout][data-code=parent] button").await?;
    window.find_css("[data-test=callout][data-code=repeat]").await?;
    seen.look(window).await
}
