//! Measures Linecheck beside a bare window, in one run on one machine, and fails when a figure is
//! over its limit. `cargo xtask bench` builds both as released and calls it with their folder;
//! after the folder, parts can be named: `start`, `archive`, `kept`,
//! `evaluators`, `calls`, `sizes`.

#[cfg(target_os = "linux")]
#[path = "../../../tests/support/mod.rs"]
mod support;

#[cfg(target_os = "linux")]
mod clock;
#[cfg(target_os = "linux")]
mod kept;
#[cfg(target_os = "linux")]
mod lists;
#[cfg(target_os = "linux")]
mod page;
#[cfg(target_os = "linux")]
mod screen;
#[cfg(target_os = "linux")]
mod sizes;
#[cfg(target_os = "linux")]
mod start;
#[cfg(target_os = "linux")]
mod table;
#[cfg(target_os = "linux")]
mod weight;

#[cfg(target_os = "linux")]
use support::seed;

// The server the app talks to goes on in one thread while another looks at the screen.
#[cfg(target_os = "linux")]
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> std::process::ExitCode {
    match run().await {
        Ok(true) => std::process::ExitCode::SUCCESS,
        Ok(false) => std::process::ExitCode::FAILURE,
        Err(error) => {
            table::say(&format!("Not measured: {error}"));
            std::process::ExitCode::FAILURE
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {}

/// Measures what was asked for, prints the table, and tells whether every limit holds.
#[cfg(target_os = "linux")]
async fn run() -> support::Shown<bool> {
    let mut arguments = std::env::args().skip(1);
    let programs = arguments.next().map_or_else(|| support::target("release"), Into::into);
    let parts: Vec<String> = arguments.collect();
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|one| one == part);

    let mut table = table::Table::default();
    if wanted("start") {
        start::measure(&programs, &mut table).await?;
    }
    if wanted("archive") {
        start::archive(&programs, &mut table).await?;
    }
    if wanted("kept") {
        kept::measure(&programs, &mut table).await?;
    }
    if wanted("evaluators") {
        lists::evaluators(&programs, &mut table).await?;
    }
    if wanted("calls") {
        lists::calls(&programs, &mut table).await?;
    }
    if wanted("sizes") {
        sizes::measure(&programs, &mut table)?;
    }
    Ok(table.print())
}
