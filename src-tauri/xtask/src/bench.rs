//! `cargo xtask bench`: the figures of speed and weight, beside those of a bare window in one run.

use std::fs;

use crate::page;
use crate::step::{Done, cargo, root, run, say};
use crate::system::{Need, ensure};

/// Builds the release, then has the `bench` example measure it.
pub(crate) fn bench() -> Done {
    ensure(Need::Drive)?;
    page::build()?;
    run(
        "Building the release (about ten minutes the first time)",
        &mut cargo(&[
            "build",
            "--release",
            "--bin",
            "linecheck",
            "--example",
            "bare-window",
            "--example",
            "bench",
        ]),
        "The lines above name the file.",
    )?;
    let binary = root().join("target/release/linecheck");
    let bytes = fs::metadata(&binary).map(|file| file.len()).unwrap_or_default();
    say(&format!("\nrelease binary: {:.1} MB (at most 16)", bytes as f64 / 1e6));
    run(
        "Measuring, side by side with a bare window",
        &mut cargo(&["run", "--release", "--quiet", "--example", "bench"]),
        "Nothing else should be running on the machine.",
    )
}
