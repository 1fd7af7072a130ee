//! `cargo xtask bench`: the figures of speed and weight, beside those of a bare window in one run.

use std::process::Command;

use crate::page;
use crate::step::{Done, cargo, root, run};
use crate::system::{Need, ensure};

/// The packager. Not among the page's packages: it comes as a program for each platform, and those who
/// do not package need none of them.
const PACKAGER: &str = "@tauri-apps/cli@2.12.5";

/// The name npx goes by.
fn npx() -> &'static str {
    if cfg!(windows) { "npx.cmd" } else { "npx" }
}

/// Builds the release and its package, then has the `bench` example measure them.
pub(crate) fn bench() -> Done {
    ensure(Need::Drive)?;
    page::build()?;
    // By itself, as it is shipped: with an example come the features that only tests ask for.
    run(
        "Building the release (about ten minutes the first time)",
        &mut cargo(&["build", "--release", "--bin", "linecheck"]),
        "The lines above name the file.",
    )?;
    run(
        "Building the bare window beside it (about as long the first time)",
        &mut cargo(&["build", "--release", "--example", "bare-window"]),
        "The lines above name the file.",
    )?;
    // Of what was just built: the packager would build it a second time.
    run(
        "Making the package",
        Command::new(npx())
            .args(["--yes", PACKAGER, "bundle", "--bundles", "deb"])
            .current_dir(root()),
        "Is the package registry reachable? The packager is fetched when it is first used.",
    )?;
    // What measures is no part of what is measured, and shares its build with the tests.
    run(
        "Building what measures it",
        &mut cargo(&["build", "--example", "bench"]),
        "The lines above name the file.",
    )?;
    let programs = root().join("target").join("release");
    run(
        "Measuring, side by side with a bare window (this takes a while)",
        cargo(&["run", "--quiet", "--example", "bench", "--"]).arg(programs),
        "The lines above name what is over its limit. Nothing else should be running on the machine.",
    )
}
