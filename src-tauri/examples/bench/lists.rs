//! Long lists in the real window: 10,000 evaluators, and 10,000 calls in one result.

use std::path::Path;
use std::time::Duration;

use crate::clock::{at, mean, median, worst};
use crate::support::{Desktop, KEY, Keyring, Server, Shown, Start, Window, amiss, until};
use crate::table::{Table, say};
use crate::weight::weigh;
use crate::{page, seed};

/// Evaluators of the server, and calls in the large results.
const MANY: usize = 10_000;
/// Calls in the small ones.
const FEW: usize = 100;
/// Times the app is started to open the list of evaluators, and results of each kind.
const ROUNDS: usize = 5;
/// Letters typed into a search.
const LETTERS: usize = 10;
/// Until the memory of something that was closed has been given back.
const REST: Duration = Duration::from_secs(3);

/// A list has been opened at once when it is there before a person has finished pressing.
const OPEN_MS: f64 = 150.0;
const KEY_MS: f64 = 30.0;
/// As smooth: the same but for what two measurements of one thing differ by.
const SMOOTH: f64 = 1.1;
/// What a result of 10,000 calls may add to the page's process. It is read in one piece, and some
/// of it is kept: 1 kB a call, ten times.
const GROWTH_MIB: f64 = 100.0;

/// The app from a folder of programs, with the renderer it chooses by itself.
pub(crate) fn start(programs: &Path, data: &str) -> Start {
    Start {
        program: Some(programs.join("linecheck")),
        data: data.to_owned(),
        own_renderer: true,
        ..Start::default()
    }
}

const EVALUATORS: &str = "lc-evaluators .rows";

pub(crate) async fn evaluators(programs: &Path, table: &mut Table) -> Shown {
    let server = Server::with(|config| {
        config.history = false;
        config.evaluators = MANY;
    })
    .await?;
    let desktop = Desktop::start("bench-evaluators", Keyring::Unlocked)?;
    let app = start(programs, "evaluators");
    let window = desktop.open(&app).await?;
    window.try_to_connect(KEY, &server.base_url).await?;
    window.find("workspace-name").await?;
    all_there(&window).await?;
    window.close().await?;

    let mut opened = Vec::new();
    for round in 0..ROUNDS {
        let window = desktop.open(&app).await?;
        window.find("nav-new").await?;
        // Read again from the server at every start; what is measured begins when that is over.
        until(Duration::from_secs(180), "the catalogue", async || {
            let told = window.invoke("catalogue_read", serde_json::json!({})).await?;
            Ok(told.is_ok_and(|catalogue| catalogue["state"] == "ready"))
        })
        .await?;
        opened.push(page::open(&window, "#/new", "[data-test=evaluator-row]").await?);
        say(&format!("   evaluators {round}: open {:.0} ms", opened[round]));
        if round + 1 < ROUNDS {
            window.close().await?;
            continue;
        }
        all_there(&window).await?;
        let name = a_name(&window).await?;
        let strokes =
            page::type_in(&window, "[data-test=evaluator-search]", EVALUATORS, &name).await?;
        let fewest = strokes.iter().map(|(_, rows)| *rows).min().unwrap_or_default();
        if fewest == 0 || fewest as usize >= MANY {
            return amiss(format!("searching for {name:?} leaves {fewest} evaluators"));
        }
        let strokes: Vec<f64> = strokes.into_iter().map(|(took, _)| took).collect();
        say(&format!("   evaluators: keys {strokes:.0?}"));
        let ours = page::scroll(&window, EVALUATORS).await?;
        page::make_static(&window, EVALUATORS, MANY).await?;
        let plain = page::scroll(&window, "#bench-static").await?;
        say(&format!(
            "   evaluators: frames {:.1} ms, worst {:.0}; static page {:.1} ms, worst {:.0}",
            mean(&ours.frames),
            worst(&ours.frames),
            mean(&plain.frames),
            worst(&plain.frames),
        ));
        table.most("10,000 evaluators: open", "ms", median(&opened), OPEN_MS);
        table.most(
            "10,000 evaluators: a key in the search, median",
            "ms",
            median(&strokes),
            KEY_MS,
        );
        table.most("10,000 evaluators: a key in the search, worst", "ms", worst(&strokes), KEY_MS);
        table.times(
            "10,000 evaluators: a frame while scrolling, beside a static page, mean",
            "ms",
            mean(&ours.frames),
            mean(&plain.frames),
            SMOOTH,
        );
        table.told(
            "the same, slowest of a hundred",
            "ms",
            at(&ours.frames, 0.99),
            Some(at(&plain.frames, 0.99)),
        );
        table.most("frames without a row in the middle", "", ours.empty as f64, 0.0);
        window.close().await?;
    }
    server.stop().await;
    Ok(())
}

/// Waits until the catalogue has been read to its end.
async fn all_there(window: &Window) -> Shown {
    let script = format!(
        "return location.hash.startsWith('#/new')
            && Number(document.querySelector('{EVALUATORS}')?.getAttribute('aria-rowcount') ?? 0) > {MANY};"
    );
    window
        .until(
            "New run",
            "if (!location.hash.startsWith('#/new')) location.hash = '#/new'; return true;",
        )
        .await?;
    window.until_within(Duration::from_secs(180), "10,000 evaluators", &script).await
}

/// The first letters of an evaluator's name that few others share.
async fn a_name(window: &Window) -> Shown<String> {
    let listed = window
        .invoke("evaluators_list", serde_json::json!({ "agent": null, "have": null }))
        .await?
        .map_err(|error| error.to_string())?;
    let name = listed["rows"][50]["name"].as_str().unwrap_or_default();
    Ok(name.chars().take(LETTERS).collect())
}

/// What was measured of results of one size.
#[derive(Default)]
struct Results {
    opened: Vec<f64>,
    strokes: Vec<f64>,
    frames: Vec<f64>,
    empty: u64,
    /// MiB that opening the first of them, and all of them, added to the page's process.
    first: f64,
    all: f64,
}

pub(crate) async fn calls(programs: &Path, table: &mut Table) -> Shown {
    let server = Server::with(|config| config.history = false).await?;
    let desktop = Desktop::start("bench-calls", Keyring::Unlocked)?;
    let app = start(programs, "calls");
    let window = desktop.open(&app).await?;
    window.connect(KEY, &server.base_url).await?;
    window.close().await?;
    let mut sizes = vec![FEW; ROUNDS];
    sizes.extend([MANY; ROUNDS]);
    let names = seed::write(&desktop.data_dir(&app), &sizes)?;
    let name: String =
        names.get(8).map(|name| name.chars().take(LETTERS).collect()).unwrap_or_default();

    let window = desktop.open(&app).await?;
    window.find("result-row").await?;
    // The first result draws what all of them share.
    page::open(&window, &address(0), "[data-test=evaluator-group]").await?;
    let few = results(&window, 1..ROUNDS, &name).await?;
    let many = results(&window, ROUNDS..2 * ROUNDS, &name).await?;
    window.close().await?;
    server.stop().await;

    for (what, ours, beside) in [
        ("open", &many.opened, &few.opened),
        ("a key in the search", &many.strokes, &few.strokes),
        ("a frame while scrolling", &many.frames, &few.frames),
    ] {
        say(&format!("   calls: {what}: 10,000: {:.0?}", ours.iter().take(20).collect::<Vec<_>>()));
        say(&format!(
            "   calls: {what}:    100: {:.0?}",
            beside.iter().take(20).collect::<Vec<_>>()
        ));
    }
    table.told(
        "10,000 calls: open, beside 100",
        "ms",
        median(&many.opened),
        Some(median(&few.opened)),
    );
    table.most("10,000 calls: open", "ms", median(&many.opened), OPEN_MS);
    table.told(
        "10,000 calls: a key in the search, beside 100, median",
        "ms",
        median(&many.strokes),
        Some(median(&few.strokes)),
    );
    table.most("10,000 calls: a key in the search, median", "ms", median(&many.strokes), KEY_MS);
    table.most("10,000 calls: a key in the search, worst", "ms", worst(&many.strokes), KEY_MS);
    table.times(
        "10,000 calls: a frame while scrolling, beside 100, mean",
        "ms",
        mean(&many.frames),
        mean(&few.frames),
        SMOOTH,
    );
    table.most("frames without a row in the middle", "", many.empty as f64, 0.0);
    table.most("10,000 calls: more memory of the page, the first", "MiB", many.first, GROWTH_MIB);
    table.told("the same, five of them one after another", "MiB", many.all, None);
    Ok(())
}

fn address(place: usize) -> String {
    format!("#/results/{}", seed::NEWEST - place as i64)
}

async fn results(window: &Window, places: std::ops::Range<usize>, name: &str) -> Shown<Results> {
    let mut told = Results::default();
    let Some(pid) = window.pid() else { return amiss("the app does not run") };
    page::open(window, "#/results", "[data-test=result-row]").await?;
    tokio::time::sleep(REST).await;
    let before = weigh(pid)?.web;
    for place in places {
        told.opened.push(
            page::open(window, &address(place), "lc-result [data-test=evaluator-group]").await?,
        );
        if told.first == 0.0 {
            window.click("view-calls").await?;
            window.find_css("lc-result .rows [data-test=call-row]").await?;
            let list = "lc-result .result-table .rows";
            let strokes = page::type_in(window, "[data-test=call-search]", list, name).await?;
            let fewest = strokes.iter().map(|(_, rows)| *rows).min().unwrap_or_default();
            if fewest == 0 {
                return amiss(format!("searching for {name:?} leaves no call"));
            }
            told.strokes = strokes.into_iter().map(|(took, _)| took).collect();
            let scroll = page::scroll(window, list).await?;
            (told.frames, told.empty) = (scroll.frames, scroll.empty);
            tokio::time::sleep(REST).await;
            told.first = weigh(pid)?.web - before;
        }
        page::open(window, "#/results", "[data-test=result-row]").await?;
    }
    tokio::time::sleep(REST).await;
    told.all = weigh(pid)?.web - before;
    Ok(told)
}
