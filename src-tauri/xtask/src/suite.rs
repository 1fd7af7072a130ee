//! Every check and every test, one after another, counted together at the end.

use std::path::Path;
use std::process::Command;

use crate::page;
use crate::step::{Done, Failed, answers, cargo, root, say, watch};
use crate::system::{Need, ensure};

/// Passed and failed so far, and the steps that failed.
#[derive(Default)]
pub(crate) struct Tally {
    passed: u32,
    failed: u32,
    steps: Vec<FailedStep>,
}

/// A step that failed, and the command that repeats it alone.
struct FailedStep {
    what: String,
    command: String,
}

impl Tally {
    /// Runs a step; what it says of tests is counted, and a step that fails without a failed test
    /// counts as one. The suite goes on either way, so that one call shows everything.
    pub(crate) fn step(&mut self, doing: &str, command: &mut Command) {
        let mut counted = (0, 0);
        let done = watch(doing, command, |line| {
            if let Some((passed, failed)) = counts(line) {
                counted.0 += passed;
                counted.1 += failed;
            }
        });
        self.passed += counted.0;
        self.failed += counted.1;
        if let Err(failed) = done {
            self.steps.push(FailedStep { what: failed.what, command: by_hand(command) });
            if counted.1 == 0 {
                self.failed += 1;
            }
        }
    }

    pub(crate) fn finish(self) -> Done {
        if !self.steps.is_empty() {
            say("\nFailed steps, each with the command that repeats it alone:");
        }
        for FailedStep { what, command } in &self.steps {
            say(&format!("  {what}\n    {command}"));
        }
        say(&format!("\n{} passed, {} failed", self.passed, self.failed));
        if self.failed == 0 && self.steps.is_empty() {
            Ok(())
        } else {
            Err(Failed::new("the suite", "The commands of the failed steps stand above."))
        }
    }
}

/// A command as a person types it in the folder of the workspace.
fn by_hand(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = Vec::new();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            words.push(format!("{}={}", name.to_string_lossy(), value.to_string_lossy()));
        }
    }
    words.push(program.file_stem().unwrap_or_default().to_string_lossy().into_owned());
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    let line = words.join(" ");
    let folder = command.get_current_dir().and_then(|folder| folder.strip_prefix(root()).ok());
    match folder.filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => format!("(cd {} && {line})", folder.display()),
        None => line,
    }
}

/// What a line of a test runner says of passed and failed tests: Cargo's `test result: ok. 5 passed;
/// 0 failed; ...`, and Node's `# pass 5` and `# fail 0` (with another mark in front of them in its
/// other report).
fn counts(line: &str) -> Option<(u32, u32)> {
    let line = line.trim();
    if let Some(rest) = line.strip_prefix("test result: ") {
        let (_, rest) = rest.split_once(". ")?;
        let mut parts = rest.split("; ");
        let passed = parts.next()?.strip_suffix(" passed")?.parse().ok()?;
        let failed = parts.next()?.strip_suffix(" failed")?.parse().ok()?;
        return Some((passed, failed));
    }
    let mut words = line.split(' ');
    if !matches!(words.next(), Some("#" | "ℹ")) {
        return None;
    }
    let (kind, number) = (words.next()?, words.next()?.parse().ok()?);
    match kind {
        "pass" => Some((number, 0)),
        "fail" => Some((0, number)),
        _ => None,
    }
}

/// `cargo xtask test`.
pub(crate) fn test() -> Done {
    ensure(Need::Drive)?;
    page::build()?;
    let mut tally = Tally::default();
    tally.step("Formatting", &mut cargo(&["fmt", "--all", "--check"]));
    tally.step(
        "Lints",
        &mut cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]),
    );
    tally.step("Types of the page", &mut page::page(&["run", "--silent", "check"]));
    tally.step("Tests of the page", &mut page::page(&["run", "--silent", "test"]));
    tally.step(
        "Tests of the crates, of the whole through its front door, and of the real window",
        &mut cargo(&["test", "--workspace", "--no-fail-fast"]),
    );
    if answers("cargo-deny", &["--version"]) {
        tally.step(
            "Licences, sources and banned crates",
            &mut cargo(&["deny", "check", "bans", "licenses", "sources"]),
        );
    } else {
        say(
            "\n== cargo-deny is not installed: licences, sources and banned crates are not checked",
        );
    }
    tally.finish()
}

/// `cargo xtask soak`: the same tests with the numbers of a release, or those whose names hold a text.
pub(crate) fn soak(filter: Option<&str>) -> Done {
    ensure(Need::Drive)?;
    page::build()?;
    let mut tally = Tally::default();
    tally.step("Kills, faults and long runs (all of them take hours)", &mut long(filter));
    if tally.passed == 0 && tally.failed == 0 {
        return Err(Failed::new(
            format!("no test has `{}` in its name", filter.unwrap_or_default()),
            "`cargo test --workspace -- --list` names them all.",
        ));
    }
    tally.finish()
}

/// The tests with the numbers of a release.
fn long(filter: Option<&str>) -> Command {
    let mut command = cargo(&["test", "--workspace", "--no-fail-fast"]);
    command.args(filter).env("LINECHECK_SOAK", "1").env("PROPTEST_CASES", "20000");
    command
}

#[cfg(test)]
mod tests {
    use super::{by_hand, counts, long};
    use crate::page::page;
    use crate::step::cargo;

    #[test]
    fn a_command_is_shown_as_it_is_typed() {
        assert_eq!(by_hand(&cargo(&["fmt", "--all", "--check"])), "cargo fmt --all --check");
        assert_eq!(
            by_hand(cargo(&["test", "--workspace"]).env("LINECHECK_SOAK", "1")),
            "LINECHECK_SOAK=1 cargo test --workspace"
        );
        assert_eq!(by_hand(&page(&["run", "check"])), "(cd ui && npm run check)");
    }

    #[test]
    fn long_runs_are_all_of_them_or_those_with_a_name() {
        let all = "LINECHECK_SOAK=1 PROPTEST_CASES=20000 cargo test --workspace --no-fail-fast";
        assert_eq!(by_hand(&long(None)), all);
        assert_eq!(by_hand(&long(Some("kill"))), format!("{all} kill"));
    }

    #[test]
    fn the_runners_lines_are_understood() {
        let cargo =
            "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(counts(cargo), Some((12, 3)));
        assert_eq!(counts("# pass 41"), Some((41, 0)));
        assert_eq!(counts("ℹ fail 2"), Some((0, 2)));
        assert_eq!(counts("# duration_ms 12.5"), None);
        assert_eq!(counts("test engine::pass 3 ... ok"), None);
        assert_eq!(counts(""), None);
    }
}
