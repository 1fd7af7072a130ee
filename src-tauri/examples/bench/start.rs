//! From the start of the process to the results list on the screen, and what all of it weighs,
//! beside the bare window: in turn, so that whatever else the machine does falls on all of them.
//! Once for the first time on this data, once after the program was killed, and once after something
//! has changed. Then the same with an archive of 4 GB, which must not be felt.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::json;

use crate::clock::median;
use crate::screen::{Area, Screen, Seen};
use crate::support::{Desktop, KEY, Keyring, Server, Shown, Start, wait};
use crate::table::{Table, say};
use crate::weight::{Weight, weigh};
use crate::{lists, seed};

/// Rounds that count; the first one, which fills the system's caches, does not.
const ROUNDS: usize = 9;
/// Results in the ledger.
const RESULTS: usize = 1000;
/// Web views give back memory for a while after they start.
const REST: Duration = Duration::from_secs(3);

/// What a start and what it weighs are about, beside the bare window. No limits.
const ABOUT_TIME: f64 = 1.5;
const ABOUT_MEMORY: f64 = 1.4;

/// Calls in the large archive, and characters of what is kept of each: 4 GB.
const LARGE: (u32, u32) = (200_000, 20_000);
/// How much longer a start with it may take, and how much more it may read before the window.
const LONGER: f64 = 1.1;
const MORE_MIB: f64 = 1.0;

/// Where names of results stand.
const LIST: Area = Area { x: 250, y: 200, width: 60, height: 600 };
/// Where the bare window has its text.
const TEXT: Area = Area { x: 0, y: 0, width: 60, height: 600 };

/// How a program is ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// As a person ends it.
    Closed,
    /// As the system ends it, without a warning.
    Killed,
}

/// A figure of a round.
type Figure = fn(&Round) -> f64;

struct Round {
    seen: Seen,
    weight: Weight,
}

impl std::fmt::Display for Round {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { seen, weight } = self;
        write!(
            f,
            "{:.0} ms (shown after {:.0}, painted after {:.0}), {:.1} MiB ({:.1} the program, {:.1} the page)",
            seen.settled, seen.shown, seen.painted, weight.all, weight.own, weight.web,
        )
    }
}

pub(crate) async fn measure(programs: &Path, table: &mut Table) -> Shown {
    let server = Server::with(|config| config.history = false).await?;
    let desktop = Desktop::start("bench-start", Keyring::Unlocked)?;
    let app = seeded(&desktop, &server, programs, "seed").await?;
    let screen = Screen::of(&desktop)?;
    let ours = programs.join("linecheck");
    let bare = programs.join("examples").join("bare-window");

    let (mut first, mut killed, mut changed, mut beside) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let theirs = once(&desktop, &screen, &bare, "bare", TEXT, End::Closed)?;
        let data = format!("start-{round}");
        let here = Start { data: data.clone(), ..app.clone() };
        copy(&desktop.data_dir(&app), &desktop.data_dir(&here))?;
        let new = once(&desktop, &screen, &ours, &data, LIST, End::Killed)?;
        let after_kill = once(&desktop, &screen, &ours, &data, LIST, End::Closed)?;
        change(&desktop, &screen, &here, round).await?;
        let after_change = once(&desktop, &screen, &ours, &data, LIST, End::Closed)?;
        say(&format!(
            "   start {round}: first {new}; after a kill {after_kill}; after a change {after_change}; bare window {theirs}"
        ));
        if round > 0 {
            first.push(new);
            killed.push(after_kill);
            changed.push(after_change);
            beside.push(theirs);
        }
    }
    server.stop().await;

    let settled = |rounds: &[Round]| middle(rounds, |round| round.seen.settled);
    let mib = |rounds: &[Round]| middle(rounds, |round| round.weight.all);
    for (what, rounds) in
        [("for the first time", &first), ("after a kill", &killed), ("after a change", &changed)]
    {
        let what = format!("start to the list of 1,000 results, {what}");
        table.about(&what, "ms", settled(rounds), settled(&beside), ABOUT_TIME);
        table.about("memory of all processes", "MiB", mib(rounds), mib(&beside), ABOUT_MEMORY);
    }
    Ok(())
}

/// The same start beside a small and a large archive, after a clean end and after a kill.
pub(crate) async fn archive(programs: &Path, table: &mut Table) -> Shown {
    let server = Server::with(|config| config.history = false).await?;
    let desktop = Desktop::start("bench-archive", Keyring::Unlocked)?;
    let small = seeded(&desktop, &server, programs, "small").await?;
    let large = Start { data: "large".to_owned(), ..small.clone() };
    copy(&desktop.data_dir(&small), &desktop.data_dir(&large))?;
    enlarge(&desktop.data_dir(&large))?;
    let screen = Screen::of(&desktop)?;
    let ours = programs.join("linecheck");

    for (what, end) in [("a clean end", End::Closed), ("a kill", End::Killed)] {
        let (mut with_large, mut with_small) = (Vec::new(), Vec::new());
        // The first start of each has what came before it, not `end`.
        for round in 0..=ROUNDS {
            let here = once(&desktop, &screen, &ours, &large.data, LIST, end)?;
            let beside = once(&desktop, &screen, &ours, &small.data, LIST, end)?;
            say(&format!(
                "   archive after {what} {round}: large {here}, {:.1} MiB read; small {beside}, {:.1} MiB read",
                here.seen.read.asked, beside.seen.read.asked
            ));
            if round > 0 {
                with_large.push(here);
                with_small.push(beside);
            }
        }
        let times: [(&str, Figure); 2] =
            [("the window", |round| round.seen.shown), ("the list", |round| round.seen.settled)];
        for (figure, of) in times {
            table.times(
                &format!("archive of 4 GB, after {what}: start to {figure}"),
                "ms",
                middle(&with_large, of),
                middle(&with_small, of),
                LONGER,
            );
        }
        let reads: [(&str, Figure); 2] = [
            ("asked for", |round| round.seen.read.asked),
            ("read from the disk", |round| round.seen.read.disk),
        ];
        for (figure, of) in reads {
            table.most(
                &format!("archive of 4 GB, after {what}: {figure} before the window, more"),
                "MiB",
                middle(&with_large, of) - middle(&with_small, of),
                MORE_MIB,
            );
        }
    }
    server.stop().await;
    Ok(())
}

/// A data folder with 1,000 results of a workspace of this server.
async fn seeded(desktop: &Desktop, server: &Server, programs: &Path, data: &str) -> Shown<Start> {
    let app = lists::start(programs, data);
    let window = desktop.open(&app).await?;
    window.connect(KEY, &server.base_url).await?;
    window.close().await?;
    let calls: Vec<usize> = (0..RESULTS).map(|at| 6 + at % 13).collect();
    seed::write(&desktop.data_dir(&app), &calls)?;
    Ok(app)
}

/// Copies a folder whose program has ended.
fn copy(from: &Path, to: &Path) -> Shown {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &place)?;
        } else if entry.file_type()?.is_file() {
            fs::copy(entry.path(), place)?;
        }
    }
    Ok(())
}

/// Adds what is kept of many long calls, all of it old, so that the list shows the same.
fn enlarge(data: &Path) -> Shown {
    say("   writing an archive of 4 GB");
    let archive = Connection::open(data.join("archive.db"))?;
    // An end in between only ends the measuring.
    archive.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF;")?;
    archive.execute(
        "WITH RECURSIVE call (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM call WHERE id < ?1)
         INSERT INTO call_bodies (workspace, id, raw)
         SELECT (SELECT min(workspace) FROM results), id,
                json_object('id', id, 'transcript', hex(zeroblob(?2 / 2)))
         FROM call",
        LARGE,
    )?;
    archive.execute_batch("PRAGMA journal_mode = WAL;")?;
    Ok(())
}

fn middle(rounds: &[Round], figure: Figure) -> f64 {
    median(&rounds.iter().map(figure).collect::<Vec<_>>())
}

/// Has something change that the screen shows, and closes the window as a person does.
async fn change(desktop: &Desktop, screen: &Screen, app: &Start, round: usize) -> Shown {
    let window = desktop.open(app).await?;
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
    end: End,
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
    let pid = running.0.id();
    let seen = screen
        .watch(began, pid, area)
        .map_err(|error| format!("{}: {error}", program.display()))?;
    std::thread::sleep(REST);
    let weight = weigh(pid)?;
    match end {
        End::Closed => {
            screen.close()?;
            running.end()?;
        }
        End::Killed => drop(running),
    }
    Ok(Round { seen, weight })
}

/// A program that is killed when this is dropped.
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
