//! Running a program as a named step: what it does is said before, how long it took after.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

/// A step that failed: which, and what can be done.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) what: String,
    pub(crate) remedy: String,
}

impl Failed {
    pub(crate) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }
}

/// What a chore gives back.
pub(crate) type Done<T = ()> = Result<T, Failed>;

/// A line for the person at the terminal.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map_or(here.clone(), PathBuf::from)
}

/// Cargo, as it was called.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// Whether a program can be called at all; its output is not shown.
pub(crate) fn answers(program: &str, arguments: &[&str]) -> bool {
    output(program, arguments).is_some()
}

/// What a program says, when it can be called and succeeds.
pub(crate) fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let said = Command::new(program).args(arguments).stderr(Stdio::null()).output().ok()?;
    said.status.success().then(|| String::from_utf8_lossy(&said.stdout).into_owned())
}

/// Runs a step, its output going straight to the terminal.
pub(crate) fn run(doing: &str, command: &mut Command, remedy: &str) -> Done {
    say(&format!("\n== {doing}"));
    let began = Instant::now();
    let status = command
        .status()
        .map_err(|error| Failed::new(format!("{doing}: {error}"), remedy.to_owned()))?;
    if status.success() {
        say(&format!("   done in {} s", began.elapsed().as_secs()));
        Ok(())
    } else {
        Err(Failed::new(doing, remedy))
    }
}

/// Runs a step whose output is looked at line by line on its way to the terminal.
pub(crate) fn watch(doing: &str, command: &mut Command, mut look: impl FnMut(&str)) -> Done {
    say(&format!("\n== {doing}"));
    let began = Instant::now();
    let broken = |error: std::io::Error| Failed::new(format!("{doing}: {error}"), "");
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(broken)?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line.map_err(broken)?;
            let line = String::from_utf8_lossy(&line);
            say(&line);
            look(&line);
        }
    }
    let status = child.wait().map_err(broken)?;
    say(&format!("   {} s", began.elapsed().as_secs()));
    if status.success() { Ok(()) } else { Err(Failed::new(doing, "")) }
}
