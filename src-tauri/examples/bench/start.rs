//! From the start of the process to the results list on the screen, and what all of it weighs,
//! beside the bare window: in turn, so that whatever else the machine does falls on all of them.
//! Once with what the list looked like the last time still true, once after something has changed on
//! another screen and the window was closed there, and once without any look of it, as the first start
//! is, the first of a new version, and one after the program was cut off.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::clock::{median, worst};
use crate::screen::{Area, Screen, Seen};
use crate::support::{Desktop, KEY, Keyring, Server, Shown, Start, wait};
use crate::table::{Table, say};
use crate::weight::{Weight, weigh};
use crate::{lists, seed};

/// Rounds that count; the first one, which fills the system's caches, does not.
const ROUNDS: usize = 7;
/// Results in the ledger.
const RESULTS: usize = 1000;
/// Web views give back memory for a while after they start.
const REST: Duration = Duration::from_secs(3);
/// What is on the display for less than two of its frames is not seen as a flash. A window that has
/// just been shown has no colour of its own until the toolkit has drawn it for the first time.
const FLASH_MS: f64 = 34.0;

/// Where names of results stand.
const LIST: Area = Area { x: 250, y: 200, width: 60, height: 600 };
/// Where the bare window has its text.
const TEXT: Area = Area { x: 0, y: 0, width: 60, height: 600 };

struct Round {
    seen: Seen,
    weight: Weight,
}

impl std::fmt::Display for Round {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { seen, weight } = self;
        write!(
            f,
            "{:.0} ms (shown after {:.0}, painted after {:.0}, in another colour until {:.0}), {:.1} MiB ({:.1} the program, {:.1} the page)",
            seen.settled,
            seen.shown,
            seen.painted,
            seen.foreign,
            weight.all,
            weight.own,
            weight.web,
        )
    }
}

pub(crate) async fn measure(programs: &Path, table: &mut Table) -> Shown {
    let server = Server::with(|config| config.history = false).await?;
    let desktop = Desktop::start("bench-start", Keyring::Unlocked)?;
    let app = lists::start(programs, "start");
    let window = desktop.open(&app).await?;
    window.connect(KEY, &server.base_url).await?;
    window.close().await?;
    let calls: Vec<usize> = (0..RESULTS).map(|at| 6 + at % 13).collect();
    seed::write(&desktop.data_dir(&app), &calls)?;

    let screen = Screen::of(&desktop)?;
    let bare = programs.join("examples").join("bare-window");
    let snapshot = desktop.data_dir(&app).join("snapshot.json");
    let (mut ours, mut changed, mut anew, mut theirs) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let beside = once(&desktop, &screen, &bare, "bare", TEXT)?;
        let here = once(&desktop, &screen, &programs.join("linecheck"), "start", LIST)?;
        change_elsewhere(&desktop, &screen, &app, round).await?;
        let after = once(&desktop, &screen, &programs.join("linecheck"), "start", LIST)?;
        std::fs::remove_file(&snapshot)?;
        let without = once(&desktop, &screen, &programs.join("linecheck"), "start", LIST)?;
        say(&format!(
            "   start {round}: Linecheck {here}; after a change {:.0} ms; without a look {:.0} ms (shown after {:.0}); bare window {beside}",
            after.seen.settled, without.seen.settled, without.seen.shown,
        ));
        if round > 0 {
            ours.push(here);
            changed.push(after);
            anew.push(without);
            theirs.push(beside);
        }
    }
    server.stop().await;

    let of = |rounds: &[Round], figure: fn(&Round) -> f64| -> Vec<f64> {
        rounds.iter().map(figure).collect()
    };
    let settled = |round: &Round| round.seen.settled;
    table.times(
        "start to the list of 1,000 results",
        "ms",
        median(&of(&ours, settled)),
        median(&of(&theirs, settled)),
        1.3,
    );
    table.times(
        "the same after a change, closed on another screen",
        "ms",
        median(&of(&changed, settled)),
        median(&of(&theirs, settled)),
        1.3,
    );
    table.told(
        "the same for the first time",
        "ms",
        median(&of(&anew, settled)),
        Some(median(&of(&theirs, settled))),
    );
    let foreign = |round: &Round| round.seen.foreign - round.seen.shown;
    table.most(
        "in a colour that is not the page's, worst",
        "ms",
        worst(&of(&ours, foreign))
            .max(worst(&of(&changed, foreign)))
            .max(worst(&of(&anew, foreign))),
        FLASH_MS,
    );
    let bare_for = |round: &Round| round.seen.painted - round.seen.shown;
    table.told(
        "of one colour before the page is painted",
        "ms",
        median(&of(&ours, bare_for)),
        Some(median(&of(&theirs, bare_for))),
    );
    let mib = |round: &Round| round.weight.all;
    table.times(
        "memory of all processes",
        "MiB",
        median(&of(&ours, mib)),
        median(&of(&theirs, mib)),
        1.25,
    );
    Ok(())
}

/// Has something change that the list shows while another screen is open, and closes the window
/// there, as a person does.
async fn change_elsewhere(desktop: &Desktop, screen: &Screen, app: &Start, round: usize) -> Shown {
    let window = desktop.open(app).await?;
    window.visit("settings").await?;
    let state = window.invoke("app_state", json!({})).await?.map_err(|error| error.to_string())?;
    let renamed = json!({ "id": state["current"]["id"], "label": format!("Round {round}") });
    window.invoke("workspace_rename", renamed).await?.map_err(|error| error.to_string())?;
    screen.close()?;
    wait(Duration::from_secs(20), "the end of the program", || window.pid().is_none())
}

fn once(
    desktop: &Desktop,
    screen: &Screen,
    program: &Path,
    data: &str,
    area: Area,
) -> Shown<Round> {
    desktop.last_has_ended()?;
    let start = Start { data: data.to_owned(), ..Start::default() };
    let began = Instant::now();
    let running = Running(
        desktop
            .command(&program.display().to_string())
            .env("LINECHECK_DATA_DIR", desktop.data_dir(&start))
            .env("LANG", &start.lang)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?,
    );
    let seen =
        screen.watch(began, area).map_err(|error| format!("{}: {error}", program.display()))?;
    std::thread::sleep(REST);
    let weight = weigh(running.0.id())?;
    // As a person ends it: what is cut off is checked at the next start, which takes longer.
    screen.close()?;
    running.end()?;
    Ok(Round { seen, weight })
}

/// A program that ends when this is dropped.
struct Running(Child);

impl Running {
    /// Waits for its end.
    fn end(mut self) -> Shown {
        let mut gone = false;
        wait(Duration::from_secs(20), "the end of the program", || {
            gone = self.0.try_wait().is_ok_and(|status| status.is_some());
            gone
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
