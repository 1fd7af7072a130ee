//! The server is gone, and comes back at the same address: each screen says so once, keeps what was
//! read and what was typed, and goes on.

use serde_json::{Value, json};

use crate::support::{Desktop, KEY, Server, Shown, Window, amiss, until};

/// A name that no plan has by itself.
const NAME: &str = "Typed before";

/// What the page says of a server nobody answers at.
const BANNER: &str = "[data-test=error-banner][data-code=unreachable]";

/// Ends the server, waits until that is said, and gives its port.
async fn gone(server: Server, window: &Window) -> Shown<u16> {
    let port = server.base_url.rsplit(':').next().unwrap_or_default().parse()?;
    server.stop().await;
    window.find_css(BANNER).await?;
    one_banner(window).await?;
    Ok(port)
}

/// It is said once, what was read is said to be there, and no place that waits for the server is left.
async fn one_banner(window: &Window) -> Shown {
    window
        .until(
            "one banner, and nothing that is still being read",
            &format!(
                "const banners = [...document.querySelectorAll('lc-banner')];
                 return banners.length === 1 && banners[0].matches('{BANNER}')
                     && banners[0].innerText.includes('What was read before is shown')
                     && !document.querySelector('main .spinner');"
            ),
        )
        .await
}

/// A server at the same port, of which the page hears as a person would tell it: by *Try again*.
async fn back(port: u16, window: &Window) -> Shown<Server> {
    let server = Server::with(|config| config.port = port).await?;
    window.click_css(&format!("{BANNER} .acts .btn")).await?;
    window.gone("error-banner").await?;
    Ok(server)
}

/// How many evaluators are listed, the first of them, and those that are ticked. How many of them are
/// drawn depends on the room that the banner leaves.
async fn listed(window: &Window) -> Shown<Value> {
    window.find("evaluator-row").await?;
    window
        .script(
            "const ids = (more) => [...document.querySelectorAll(`[data-test=evaluator-row]${more}`)].map((row) => row.dataset.id);
             const of = document.querySelector('lc-evaluators [aria-rowcount]').getAttribute('aria-rowcount');
             return { of, first: ids('').slice(0, 10), ticked: ids(':has(input:checked)') };",
        )
        .await
}

/// Waits until what a reading command gives holds something.
async fn kept(window: &Window, command: &str, part: &str, value: &Value) -> Shown {
    let what = format!("{part} is {value}");
    until(std::time::Duration::from_secs(60), &what, async || {
        match window.invoke(command, json!({})).await? {
            Ok(read) => Ok(read.pointer(part) == Some(value)),
            Err(error) => amiss(format!("{command}: {error}")),
        }
    })
    .await
}

#[tokio::test]
async fn a_run_is_planned_without_the_server_and_placed_when_it_is_back() -> Shown {
    let server = Server::start().await?;
    let (_desktop, window) = Desktop::connected("offline-new", &server).await?;
    window.tick_evaluators(2).await?;
    window.fill("plan-name", NAME).await?;
    window.fill("plan-times", "3").await?;
    window.find_css("[data-test=plan-sum][data-calls='6']").await?;
    let before = listed(&window).await?;
    assert_eq!(before["ticked"].as_array().map(Vec::len), Some(2), "{before}");

    let port = gone(server, &window).await?;
    let check = "[data-test=plan-check][data-code=offline]";
    window.find_css(check).await?;
    assert_eq!(listed(&window).await?, before);
    window.holds("plan-name", NAME).await?;
    // What is typed now is kept as well, and reckoned with.
    window.fill("plan-times", "4").await?;
    window.find_css("[data-test=plan-sum][data-calls='8']").await?;
    kept(&window, "draft_read", "/body/times", &json!("4")).await?;
    // Another screen and back: what was read comes from this computer.
    window.visit("results").await?;
    one_banner(&window).await?;
    window.visit("new").await?;
    one_banner(&window).await?;
    assert_eq!(listed(&window).await?, before);
    window.holds("plan-name", NAME).await?;
    window.holds("plan-times", "4").await?;

    let server = back(port, &window).await?;
    window
        .until("the check is gone", &format!("return !document.querySelector('{check}');"))
        .await?;
    assert_eq!(listed(&window).await?, before);
    window.holds("plan-name", NAME).await?;
    assert_eq!(server.arrived_and_placed().await?, (0, 0), "nothing is placed by itself");
    let placed = window.place().await?;
    assert_eq!(placed.calls, 8);
    assert_eq!(server.arrived_and_placed().await?, (1, 1));
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn saved_plans_are_there_and_can_be_renamed_without_the_server() -> Shown {
    let server = Server::start().await?;
    let (_desktop, window) = Desktop::connected("offline-plans", &server).await?;
    window.tick_evaluators(2).await?;
    window.click("plan-keep").await?;
    window.fill("keep-name", NAME).await?;
    window.click("keep-yes").await?;
    window.gone("keep-yes").await?;

    let port = gone(server, &window).await?;
    // Opened for the first time while nobody answers.
    window.visit("plans").await?;
    let named = |name: &str| {
        format!(
            "const rows = [...document.querySelectorAll('[data-test=plan-row]')];
             return rows.length === 1 && rows[0].innerText.includes('{name}') && !rows[0].querySelector('[data-test=plan-gone]');"
        )
    };
    window.until("the plan as it was", &named(NAME)).await?;
    one_banner(&window).await?;
    window.click("plan-more").await?;
    window.click("plan-rename").await?;
    window.fill("plan-new-name", "Typed meanwhile").await?;

    // By itself this time: the question stands in front of the banner.
    let server = Server::with(|config| config.port = port).await?;
    window.script("dispatchEvent(new Event('online'));").await?;
    window.gone("error-banner").await?;
    window.holds("plan-new-name", "Typed meanwhile").await?;
    window.click("dialog-yes").await?;
    window.until("the plan's new name", &named("Typed meanwhile")).await?;

    // And once more: it is renamed, and opened, while nobody answers.
    let port = gone(server, &window).await?;
    window.click("plan-more").await?;
    window.click("plan-rename").await?;
    window.fill("plan-new-name", "Kept meanwhile").await?;
    window.click("dialog-yes").await?;
    window.until("its name by then", &named("Kept meanwhile")).await?;
    one_banner(&window).await?;
    let server = back(port, &window).await?;
    window.until("the same name", &named("Kept meanwhile")).await?;
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn settings_are_saved_without_the_server_and_a_new_key_waits_for_it() -> Shown {
    let server = Server::start().await?;
    let (_desktop, window) = Desktop::connected("offline-settings", &server).await?;
    window.visit("settings").await?;
    window.find_css("[data-test=key-state][data-state=saved]").await?;
    window.fill("setting-confirmAbove", "77").await?;

    let port = gone(server, &window).await?;
    window.find_css("[data-test=key-state][data-state=saved]").await?;
    window.holds("setting-confirmAbove", "77").await?;
    window.click("settings-save").await?;
    kept(&window, "settings_read", "/confirmAbove", &json!(77)).await?;
    one_banner(&window).await?;
    window.fill("setting-confirmAbove", "88").await?;

    // A key is replaced only when the server accepts it: it is said beside it that nobody answers.
    let in_question = format!("lc-dialog {BANNER}");
    window.click("key-replace").await?;
    window.fill("key-new", KEY).await?;
    window.click("dialog-yes").await?;
    window.find_css(&in_question).await?;
    window.holds("key-new", KEY).await?;

    let server = Server::with(|config| config.port = port).await?;
    window.click("dialog-yes").await?;
    window.gone("key-new").await?;
    window.gone("error-banner").await?;
    window.find_css("[data-test=key-state][data-state=saved]").await?;
    window.holds("setting-confirmAbove", "88").await?;
    kept(&window, "connection_read", "/state", &json!("online")).await?;
    kept(&window, "settings_read", "/confirmAbove", &json!(77)).await?;
    window.close().await?;
    server.stop().await;
    Ok(())
}
