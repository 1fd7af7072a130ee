//! Every way out: at once when nothing goes on, after a word when something does, and without one when
//! the system asks.

use std::cell::Cell;
use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;

use super::outside::Screen;
use crate::support::{
    Desktop, Ended, Keyring, Server, Shown, Start, Window, amiss, app_binary, until, wait,
};

const SOON: Duration = Duration::from_secs(60);

/// At the pace of life: the window closes on a run that is under way.
fn slowly() -> Start {
    Start { speed: "1".to_owned(), ..Start::default() }
}

/// Whether both files were closed: none is marked as open, and their logs are emptied into them.
fn files_are_closed(desktop: &Desktop) -> Shown<bool> {
    let left = fs::read_dir(desktop.data_dir(&Start::default()))?.flatten().filter(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.ends_with(".db.open") || name.ends_with("-wal")
    });
    Ok(left.count() == 0)
}

fn ends(window: &Window) -> Shown {
    wait(SOON, "the end of the app", || window.pid().is_none())
}

async fn with_calls_under_way(window: &Window) -> Shown<u32> {
    window.open_practice().await?;
    window.tick_evaluators(2).await?;
    window.place().await?;
    let counts = window.counts().await?;
    assert!(counts.in_progress > 0, "{counts:?}");
    Ok(counts.sum())
}

#[tokio::test]
async fn with_nothing_under_way_the_window_closes_at_once() -> Shown {
    let desktop = Desktop::start("closes", Keyring::Absent)?;
    let window = desktop.open(&Start::default()).await?;
    window.find("connect-practice").await?;
    assert!(!files_are_closed(&desktop)?, "not while it runs");
    Screen::of(&desktop)?.ask_to_close()?;
    ends(&window)?;
    assert!(files_are_closed(&desktop)?);
    Ok(())
}

#[tokio::test]
async fn with_calls_under_way_it_says_what_goes_on_and_stays_or_closes() -> Shown {
    let desktop = Desktop::start("closes-on-calls", Keyring::Absent)?;
    let start = slowly();
    let window = desktop.open(&start).await?;
    let calls = with_calls_under_way(&window).await?;
    let screen = Screen::of(&desktop)?;

    screen.ask_to_close()?;
    let said = window.text("closing").await?;
    for part in ["practice studio", "catches up"] {
        assert!(said.contains(part), "{part:?} is not in {said:?}");
    }
    window.shot("window", "closing").await?;
    stay(&window).await?;
    // It was heard, because commands are answered in the order they come: asked again, it says so
    // again.
    let Ok(_) = window.invoke("app_state", json!({})).await? else {
        return amiss("the app does not answer");
    };
    screen.ask_to_close()?;
    window.find("closing-close").await?;
    // The page may be gone before the driver can say that it was pressed.
    let _ = window.click("closing-close").await;
    ends(&window)?;
    drop(window);
    desktop.hours_pass(&start, 1)?;

    let window = desktop.open(&start).await?;
    window.visit("results").await?;
    window.click("result-row").await?;
    let counts = window.finished().await?;
    assert_eq!(counts.sum(), calls, "{counts:?}");
    window.close().await
}

#[tokio::test]
async fn a_page_that_does_not_answer_keeps_nobody_in() -> Shown {
    let desktop = Desktop::start("closes-anyway", Keyring::Absent)?;
    let window = desktop.open(&slowly()).await?;
    with_calls_under_way(&window).await?;
    let screen = Screen::of(&desktop)?;
    screen.ask_to_close()?;
    window.find("closing").await?;
    screen.ask_to_close()?;
    ends(&window)
}

/// Longer than the end of the program may take once the system has asked for it, with the time that
/// looking takes.
const AT_ONCE: Duration = Duration::from_millis(2500);

/// A window with a launch on its way: the server has placed the calls and holds its answer back.
async fn with_a_launch_on_its_way(name: &str, server: &Server) -> Shown<(Desktop, Window)> {
    let (desktop, window) = Desktop::connected(name, server).await?;
    window.tick_evaluators(2).await?;
    server.fault_next_launch(json!("hold")).await?;
    window.place_until("sending").await?;
    until(SOON, "the launch is at the server", async || {
        Ok(server.arrived_and_placed().await? == (1, 1))
    })
    .await?;
    Ok((desktop, window))
}

/// Presses the closing button, and waits for what is said of the launch.
async fn finishing(desktop: &Desktop, window: &Window) -> Shown<Screen> {
    let screen = Screen::of(desktop)?;
    screen.ask_to_close()?;
    window.find_css("[data-test=closing][data-state=launch]").await?;
    Ok(screen)
}

/// Presses *Stay*, which stands in the dialog's own tree.
async fn stay(window: &Window) -> Shown {
    window
        .script(
            "document.querySelector('[data-test=closing]').shadowRoot.querySelector('footer > button').click();",
        )
        .await?;
    window
        .until("the dialog is gone", "return !document.querySelector('[data-test=closing]');")
        .await
}

/// How the launches stand in the journal of a program that has ended.
fn launches(desktop: &Desktop) -> Shown<Vec<String>> {
    let journal = desktop.data_dir(&Start::default()).join("journal.db");
    let journal = rusqlite::Connection::open(journal)?;
    let mut read = journal.prepare("SELECT state FROM launches")?;
    let states = read.query_map((), |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(states)
}

/// The launch is looked for at the next start and found, and was placed once.
async fn is_found_at_the_next_start(desktop: &Desktop, server: &Server) -> Shown {
    assert_eq!(launches(desktop)?, ["sending"], "its answer was not heard");
    server.heal().await?;
    let window = desktop.open(&Start::default()).await?;
    // Older results stand in the list before the one that is looked for.
    let id = mine(&window).await?;
    window.visit("results").await?;
    window.click_css(&format!("[data-test=result-row][data-id='{id}']")).await?;
    let counts = window.finished().await?;
    assert_eq!(counts.sum(), 2, "{counts:?}");
    assert_eq!(server.arrived_and_placed().await?, (1, 1));
    window.close().await
}

#[tokio::test]
async fn a_launch_on_its_way_is_finished_first_and_the_window_closes_by_itself() -> Shown {
    let server = Server::start().await?;
    let (desktop, window) = with_a_launch_on_its_way("finishes", &server).await?;
    finishing(&desktop, &window).await?;
    let said = window.text("closing").await?;
    for part in ["closes by itself", "never placed twice"] {
        assert!(said.contains(part), "{part:?} is not in {said:?}");
    }
    window.shot("window", "finishing").await?;
    server.heal().await?;
    // The server, which lives in this test, has to be left time for its answer.
    until(SOON, "the end of the app", async || Ok(window.pid().is_none())).await?;
    assert_eq!(launches(&desktop)?, ["launched"]);
    assert_eq!(server.arrived_and_placed().await?, (1, 1));
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn who_stays_while_a_launch_is_on_its_way_sees_what_comes_of_it() -> Shown {
    let server = Server::start().await?;
    let (desktop, window) = with_a_launch_on_its_way("finishes-stays", &server).await?;
    let screen = finishing(&desktop, &window).await?;
    stay(&window).await?;
    // It was heard, because commands are answered in the order they come.
    let Ok(_) = window.invoke("app_state", json!({})).await? else {
        return amiss("the app does not answer");
    };
    server.heal().await?;
    let counts = window.finished().await?;
    assert_eq!(counts.sum(), 2, "{counts:?}");
    assert!(screen.is_shown()?);
    until(SOON, "nothing is followed any more", async || {
        let connection = window.invoke("connection_read", json!({})).await?;
        Ok(connection.is_ok_and(|connection| connection["live"] == 0))
    })
    .await?;
    // With nothing under way any more it closes at once.
    screen.ask_to_close()?;
    ends(&window)?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn who_insists_on_closing_finds_the_launch_at_the_next_start() -> Shown {
    let server = Server::start().await?;
    let (desktop, window) = with_a_launch_on_its_way("finishes-not", &server).await?;
    finishing(&desktop, &window).await?;
    // The page may be gone before the driver can say that it was pressed.
    let _ = window.click("closing-close").await;
    ends(&window)?;
    drop(window);
    is_found_at_the_next_start(&desktop, &server).await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn closing_a_second_time_insists_too() -> Shown {
    let server = Server::start().await?;
    let (desktop, window) = with_a_launch_on_its_way("finishes-twice", &server).await?;
    finishing(&desktop, &window).await?.ask_to_close()?;
    ends(&window)?;
    drop(window);
    is_found_at_the_next_start(&desktop, &server).await?;
    server.stop().await;
    Ok(())
}

/// Has the system end the program, and waits until it has, which takes two seconds at most.
fn is_ended_by(signal: &str, window: &Window) -> Shown {
    let Some(pid) = window.pid() else { return amiss("the app does not run") };
    Command::new("kill").args([signal, &pid.to_string()]).status()?;
    wait(AT_ONCE, "the end of the app", || window.pid().is_none())
}

#[tokio::test]
async fn the_system_ends_it_without_a_question_with_calls_under_way() -> Shown {
    let server = Server::with(|config| config.speed = 1.0).await?;
    let (desktop, window) = Desktop::connected("terminated", &server).await?;
    for signal in ["-TERM", "-INT", "-HUP"] {
        let window = match signal {
            "-TERM" => {
                window.tick_evaluators(2).await?;
                window.place().await?;
                &window
            }
            _ => &desktop.open(&Start::default()).await?,
        };
        window.visit("results").await?;
        window.find_css("[data-test=result-row] [data-state]:not([data-state=finished])").await?;
        is_ended_by(signal, window)?;
        assert!(files_are_closed(&desktop)?, "{signal}");
    }
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn the_system_ends_it_without_a_question_with_a_launch_on_its_way() -> Shown {
    let server = Server::start().await?;
    let (desktop, window) = with_a_launch_on_its_way("terminated-launch", &server).await?;
    is_ended_by("-TERM", &window)?;
    drop(window);
    assert!(files_are_closed(&desktop)?);
    is_found_at_the_next_start(&desktop, &server).await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn who_starts_it_again_while_it_ends_gets_a_window() -> Shown {
    let server = Server::start().await?;
    let (desktop, window) = with_a_launch_on_its_way("started-again", &server).await?;
    let screen = finishing(&desktop, &window).await?;
    // With a launch on its way the end takes a moment.
    screen.ask_to_close()?;
    wait(SOON, "the window is gone", || screen.is_shown().is_ok_and(|shown| !shown))?;
    let mut second = Ended(
        desktop
            .command(&app_binary().display().to_string())
            .env("LINECHECK_DATA_DIR", desktop.data_dir(&Start::default()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?,
    );
    wait(SOON, "a window", || {
        screen.is_shown().unwrap_or_default() || second.0.try_wait().is_ok_and(|end| end.is_some())
    })?;
    assert!(second.0.try_wait()?.is_none(), "the second is the one that runs");
    server.stop().await;
    Ok(())
}

/// The id of the result that was placed from here, once it is known.
async fn mine(window: &Window) -> Shown<i64> {
    let id = Cell::new(None);
    until(SOON, "the result of the launch", async || {
        let query = json!({ "search": "", "agent": null, "onlyFailing": false, "onlyMine": true,
            "days": 0, "offset": 0, "limit": 10 });
        let told = window.invoke("results_list", json!({ "query": query })).await?;
        id.set(told.ok().and_then(|page| page["rows"][0]["id"].as_i64()));
        Ok(id.get().is_some())
    })
    .await?;
    id.get().ok_or_else(|| "no result".into())
}
