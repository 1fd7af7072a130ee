//! What a start shows before a script has been read: the results as they were, while they still are.

use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::failure::broken_page;
use super::outside::Screen;
use crate::support::{Desktop, Server, Shown, Start, Window, seed, until, wait};

const SOON: Duration = Duration::from_secs(60);
const NAME: &str = r#"<img src=x onerror="window.hostile=1"> & “two” > 'one' &amp; ⏻"#;

/// Every text that is seen, with its place and its look. What is not known at the first drawing, and
/// what changes with the clock, is left out on both sides.
const LOOK: &str = r"
    const texts = document.createTreeWalker(document.querySelector(arguments[0]), NodeFilter.SHOW_TEXT);
    const seen = [];
    while (texts.nextNode()) {
        const text = texts.currentNode;
        const element = text.parentElement;
        if (!text.data.trim() || element.closest('.foot, .banners, .badge, .unseen, [popover], .results-stand')) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        const { x, y, width, height } = range.getBoundingClientRect();
        const { color, fontSize, fontWeight, backgroundColor } = getComputedStyle(element);
        const box = element.getBoundingClientRect();
        const lengths = [x, y, width, height, box.x, box.y, box.width, box.height];
        seen.push([text.data.trim(), lengths.map((length) => Math.round(length * 10) / 10).join(' '), color, fontSize, fontWeight, backgroundColor]);
    }
    return seen;
";

async fn look(window: &Window, root: &str) -> Shown<Vec<Value>> {
    let seen = window.client().execute(LOOK, vec![json!(root)]).await?;
    Ok(seen.as_array().cloned().unwrap_or_default())
}

/// Waits until the snapshot is there as it is seen: a window that has just been shown has its size
/// before its page knows it.
async fn laid_out(window: &Window) -> Shown {
    window
        .until(
            "the snapshot, with the rail at its side",
            "const rail = document.querySelector('.snapshot .app .rail')?.getBoundingClientRect();
             return rail && rail.width > 0 && rail.bottom > innerHeight / 2;",
        )
        .await
}

/// Waits until the list is kept as it is now: the one kept before is taken away, and the list drawn
/// anew.
async fn keep(window: &Window, file: &Path) -> Shown {
    window.find("result-row").await?;
    window
        .until(
            "all that is read from the server",
            "return document.querySelector('[data-test=results-refreshing]') === null
                && document.querySelector('.foot b') !== null;",
        )
        .await?;
    let _ = fs::remove_file(file);
    window.click("nav-plans").await?;
    window.gone("result-row").await?;
    window.click("nav-results").await?;
    window.find("result-row").await?;
    until(SOON, "the list is kept", async || Ok(file.exists())).await
}

#[tokio::test]
async fn the_results_are_there_before_a_script_is_read_while_they_are_true() -> Shown {
    let server = Server::with(|config| config.history = false).await?;
    let (desktop, window) = Desktop::connected("snapshot", &server).await?;
    let start = Start::default();
    let file = desktop.data_dir(&start).join("snapshot.json");
    window.fill("plan-name", NAME).await?;
    window.tick_evaluators(1).await?;
    window.place().await?;
    window.finished().await?;
    window.close().await?;
    seed::write(&desktop.data_dir(&start), &[6; 40])?;

    let window = desktop.open(&start).await?;
    keep(&window, &file).await?;
    let drawn = look(&window, "lc-app .app").await?;
    assert!(drawn.iter().any(|one| one[0] == NAME), "{drawn:#?}");
    assert!(drawn.len() > 100, "a screen of rows: {drawn:#?}");
    window.close().await?;

    // The app's own script never comes: what is seen is what came with the page.
    let waits = Start { program: Some(broken_page()?), waits: true, ..start.clone() };
    let window = desktop.open(&waits).await?;
    laid_out(&window).await?;
    let shown = look(&window, ".snapshot .app").await?;
    for (one, other) in shown.iter().zip(&drawn) {
        assert_eq!(one, other, "shown, drawn");
    }
    assert_eq!(shown.len(), drawn.len());
    window
        .until(
            "nothing was made of a text, and nothing takes the place of the page",
            "const shown = document.querySelector('.snapshot');
             return window.hostile === undefined && shown.inert && shown.querySelector('img, script, [href], [onerror], [data-test]') === null
                 && document.elementFromPoint(400, 400)?.closest('.snapshot') === null;",
        )
        .await?;
    window.close().await?;

    // A day later the same rows say when they were in other words, in the same places.
    let mut kept: Value = serde_json::from_slice(&fs::read(&file)?)?;
    let first = kept["when"][0].clone();
    let day: jiff::civil::Date = kept["day"].as_str().unwrap_or_default().parse()?;
    kept["day"] = json!(day.yesterday()?.to_string());
    fs::write(&file, kept.to_string())?;
    let window = desktop.open(&waits).await?;
    laid_out(&window).await?;
    let later = look(&window, ".snapshot .app").await?;
    assert_eq!(later.len(), drawn.len());
    let other: Vec<_> =
        later.iter().zip(&drawn).filter(|(one, other)| one[0] != other[0]).collect();
    assert!(
        other.iter().any(|(one, other)| one[0] == "Yesterday" && other[0] == first[0]),
        "{other:#?}"
    );
    let times: Vec<_> =
        kept["when"].as_array().into_iter().flatten().map(|texts| &texts[1]).collect();
    assert!(other.iter().all(|(one, _)| times.contains(&&one[0])), "{other:#?}");
    window.close().await?;

    // The app draws the same itself, and what stood there is gone.
    let window = desktop.open(&start).await?;
    window.find("result-row").await?;
    window
        .until("only one of them", "return document.querySelector('.snapshot') === null;")
        .await?;
    // Another name, and the list is not looked at any more: what is kept is not true.
    window.click("nav-settings").await?;
    window.gone("result-row").await?;
    let state = window.invoke("app_state", json!({})).await?.map_err(|error| error.to_string())?;
    let renamed = json!({ "id": state["current"]["id"], "label": "Another name" });
    window.invoke("workspace_rename", renamed).await?.map_err(|error| error.to_string())?;
    window.close().await?;
    assert!(file.exists());
    let window = desktop.open(&waits).await?;
    window.find_css(".first-paint").await?;
    assert!(window.all_css(".snapshot").await?.is_empty());
    window.close().await?;

    // With everything else it is erased.
    let window = desktop.open(&start).await?;
    keep(&window, &file).await?;
    window.invoke("data_erase", json!({})).await?.map_err(|error| error.to_string())?;
    assert!(!file.exists());
    window.find("connect-key").await?;
    window.close().await?;
    server.stop().await;
    Ok(())
}

/// All that the program has said about itself.
fn log(data: &Path) -> Shown<String> {
    let files = fs::read_dir(data.join("logs"))?.flatten();
    Ok(files.map(|file| fs::read_to_string(file.path())).collect::<Result<_, _>>()?)
}

/// Presses the closing button, and waits until the program has ended.
fn close(desktop: &Desktop, window: &Window) -> Shown {
    Screen::of(desktop)?.ask_to_close()?;
    wait(SOON, "the end of the app", || window.pid().is_none())
}

#[tokio::test]
async fn a_window_that_closes_on_another_screen_has_drawn_the_results() -> Shown {
    let server = Server::with(|config| config.history = false).await?;
    let (desktop, window) = Desktop::connected("snapshot-closing", &server).await?;
    let start = Start::default();
    let file = desktop.data_dir(&start).join("snapshot.json");
    window.fill("plan-name", NAME).await?;
    window.tick_evaluators(2).await?;
    window.place().await?;
    window.finished().await?;
    assert!(!file.exists(), "the list has not been on the screen");
    close(&desktop, &window)?;
    drop(window);
    assert!(file.exists());
    let log = log(&desktop.data_dir(&start))?;
    assert!(
        log.contains("started") && !log.contains("in time"),
        "it ends when the page has drawn: {log}"
    );

    let waits = Start { program: Some(broken_page()?), waits: true, ..start.clone() };
    let window = desktop.open(&waits).await?;
    laid_out(&window).await?;
    let shown = look(&window, ".snapshot .app").await?;
    assert!(shown.iter().any(|one| one[0] == NAME), "{shown:#?}");
    window.close().await?;

    // A filter, and a place further down, are not what the next start begins with.
    let window = desktop.open(&start).await?;
    window.find("result-row").await?;
    let drawn = RefCell::new(Vec::new());
    let same = until(SOON, "the list is drawn as it was shown", async || {
        drawn.replace(look(&window, "lc-app .app").await?);
        Ok(*drawn.borrow() == shown)
    });
    same.await.map_err(|error| format!("{error}: {:#?}, shown {shown:#?}", drawn.take()))?;
    window.click("results-mine").await?;
    fs::remove_file(&file)?;
    close(&desktop, &window)?;
    drop(window);
    let window = desktop.open(&waits).await?;
    laid_out(&window).await?;
    assert_eq!(look(&window, ".snapshot .app").await?, shown);
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn calls_under_way_are_there_without_what_changes_with_the_clock() -> Shown {
    let server = Server::with(|config| (config.history, config.speed) = (false, 1.0)).await?;
    let (desktop, window) = Desktop::connected("snapshot-running", &server).await?;
    let start = Start::default();
    window.fill("plan-name", NAME).await?;
    window.tick_evaluators(2).await?;
    window.place().await?;
    assert_eq!(window.counts().await?.in_progress, 2);
    Screen::of(&desktop)?.ask_to_close()?;
    window.find("closing-close").await?;
    // The page may be gone before the driver can say that it was pressed.
    let _ = window.click("closing-close").await;
    wait(SOON, "the end of the app", || window.pid().is_none())?;
    drop(window);

    let waits = Start { program: Some(broken_page()?), waits: true, ..start.clone() };
    let window = desktop.open(&waits).await?;
    laid_out(&window).await?;
    let shown = look(&window, ".snapshot .app").await?;
    assert!(shown.iter().any(|one| one[0] == NAME), "{shown:#?}");
    let stand = "return document.querySelector('.snapshot .results-stand')?.textContent;";
    assert_eq!(window.client().execute(stand, Vec::new()).await?, json!(""));
    let dialog = window.all_css(".snapshot .lc-closing, .snapshot .lc-dialog").await?;
    assert!(dialog.is_empty(), "the question before it closed is not a part of it");
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn who_starts_it_again_at_once_gets_the_window_back() -> Shown {
    let server = Server::with(|config| config.history = false).await?;
    let (desktop, window) = Desktop::connected("snapshot-again", &server).await?;
    window.close().await?;
    // Its page never draws, so that the program waits for it as long as it ever does.
    let waits = Start { program: Some(broken_page()?), waits: true, ..Start::default() };
    let window = desktop.open(&waits).await?;
    let screen = Screen::of(&desktop)?;
    screen.ask_to_close()?;
    wait(SOON, "the window is gone", || screen.is_shown().is_ok_and(|shown| !shown))?;
    desktop.bring_forward()?;
    wait(SOON, "the window is back", || screen.is_shown().is_ok_and(|shown| shown))?;
    // That it stays can only be waited for: longer than a window that was closed is kept.
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(screen.is_shown()? && window.pid().is_some(), "it ended all the same");
    // Closed again it ends, when the page has had its time.
    screen.ask_to_close()?;
    wait(SOON, "the end of the app", || window.pid().is_none())?;
    server.stop().await;
    Ok(())
}
