//! Every check and every test, one after another, counted together at the end.

use crate::page;
use crate::step::{Done, Failed, answers, cargo, say, watch};
use crate::system::{Need, ensure};

/// Passed and failed so far, and the steps that failed without saying how many tests did.
#[derive(Default)]
struct Tally {
    passed: u32,
    failed: u32,
    steps: Vec<String>,
}

impl Tally {
    /// Runs a step; what it says of tests is counted, and a step that fails without a failed test
    /// counts as one. The suite goes on either way, so that one call shows everything.
    fn step(&mut self, doing: &str, command: &mut std::process::Command) {
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
            self.steps.push(failed.what);
            if counted.1 == 0 {
                self.failed += 1;
            }
        }
    }

    fn finish(self) -> Done {
        if !self.steps.is_empty() {
            say(&format!("\nFailed steps: {}", self.steps.join("; ")));
        }
        say(&format!("\n{} passed, {} failed", self.passed, self.failed));
        if self.failed == 0 && self.steps.is_empty() {
            Ok(())
        } else {
            Err(Failed::new("the suite", "Each failed step above can be called by itself."))
        }
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

/// `cargo xtask soak`: the same tests with the numbers of a release.
pub(crate) fn soak() -> Done {
    ensure(Need::Drive)?;
    page::build()?;
    let mut tally = Tally::default();
    tally.step(
        "Kills, faults and long runs (this takes hours)",
        cargo(&["test", "--workspace", "--no-fail-fast"])
            .env("LINECHECK_SOAK", "1")
            .env("PROPTEST_CASES", "20000"),
    );
    tally.finish()
}

#[cfg(test)]
mod tests {
    use super::counts;

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
