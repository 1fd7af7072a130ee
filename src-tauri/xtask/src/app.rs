//! Building the app and opening its window; the page's types.

use crate::page;
use crate::step::{Done, cargo, root, run, say};
use crate::system::{Need, ensure, has_display};

const BUILD_REMEDY: &str = "The lines above name the file. After an update of Rust or of system \
                            packages, `cargo build` repeats just this step.";

/// `cargo xtask start`.
pub(crate) fn start() -> Done {
    let display = has_display();
    ensure(if display { Need::Build } else { Need::Drive })?;
    page::build()?;
    if display {
        run(
            "Building Linecheck (about four minutes the first time)",
            &mut cargo(&["build", "--bin", "linecheck"]),
            BUILD_REMEDY,
        )?;
        return run(
            "Opening Linecheck; this ends when its window is closed",
            &mut cargo(&["run", "--quiet", "--bin", "linecheck"]),
            "The log is in the data folder, see Settings.",
        );
    }
    say(
        "\nThere is no display here, so a virtual one is started and the practice studio is played",
    );
    say("through the real window. On a machine with a display this command opens the window.");
    run(
        "Building Linecheck (about five minutes the first time)",
        &mut cargo(&["build", "--bin", "linecheck", "--example", "tour"]),
        BUILD_REMEDY,
    )?;
    let shots = root().join("target").join("demo");
    run(
        "Playing the main job in the practice studio (about a minute)",
        &mut cargo(&["run", "--quiet", "--example", "tour"]),
        "The last picture in target/demo shows how far it came.",
    )?;
    say(&format!("\nThe pictures of each step are in {}", shots.display()));
    Ok(())
}

/// `cargo xtask bindings`.
pub(crate) fn bindings() -> Done {
    run(
        "Writing ui/src/host/types.d.ts and the capability file",
        cargo(&["test", "--quiet", "--package", "linecheck", "--lib", "bindings"])
            .env("LINECHECK_WRITE_BINDINGS", "1"),
        BUILD_REMEDY,
    )
}
