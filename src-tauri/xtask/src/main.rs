//! Project chores: `cargo xtask start`, `test`, `bench`, `bindings`, `soak`,
//! `windows`. Depends on nothing but the standard library, so that it is built in seconds on a machine
//! that has only Rust.

mod app;
mod bench;
mod page;
mod stamp;
mod step;
mod suite;
mod system;
mod windows;

use std::process::ExitCode;

use step::{Failed, say};

const HELP: &str = "\
cargo xtask start     install what is missing, build, and open the window
cargo xtask test      the same set-up, then every check and test
cargo xtask bench     the figures of speed and weight, beside those of a bare window
cargo xtask bindings  write the page's types from the list of commands
cargo xtask soak      the long runs: kills and faults, many more of them than in `test`; after it a
                      part of the names of tests, to run only those
cargo xtask windows   builds the crates without a window for Windows and runs their tests under
                      Wine, on Debian; after it the names of crates, to run only those";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let chore = arguments.next();
    let rest: Vec<String> = arguments.collect();
    let done = match chore.as_deref() {
        Some("start") => app::start(),
        Some("test") => suite::test(),
        Some("bench") => bench::bench(),
        Some("bindings") => app::bindings(),
        Some("soak") => suite::soak(rest.first().map(String::as_str)),
        Some("windows") => windows::windows(&rest),
        Some("help" | "--help" | "-h") | None => {
            say(HELP);
            Ok(())
        }
        Some(other) => Err(Failed::new(format!("there is no `{other}`"), HELP)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            say(&format!("\nFailed: {}\n{}", failed.what, failed.remedy));
            ExitCode::FAILURE
        }
    }
}
