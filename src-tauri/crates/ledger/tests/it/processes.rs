//! Two processes, and one that is killed in the middle of a launch.
//!
//! The test binary starts itself: the tests called `as_a_child_…` do nothing unless the variable is
//! set that names their folder.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use ledger::{LaunchEnd, LaunchState};
use serde_json::json;

use crate::given::{Clock, House, Seeded, code, new_launch, open, try_open};

const DIR: &str = "LEDGER_TEST_DIR";
const ROUND: &str = "LEDGER_TEST_ROUND";

fn child(test: &str, dir: &Path, round: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env(DIR, dir)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Says a line to the parent at once; test output proper is not for talking.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n> {line}").unwrap();
    out.flush().unwrap();
}

pub(crate) fn lines(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("> ").map(str::to_owned))
}

#[test]
fn as_a_child_that_opens() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    say(code(try_open(Path::new(&dir), &Clock::new())));
}

#[test]
fn a_second_process_is_told_that_the_folder_is_in_use() {
    let house = House::new();
    // In this process as well: the lock is on the opening, not on the process.
    assert_eq!(code(try_open(house.dir.path(), &house.clock)), "ledger_in_use");
    let mut second = child("processes::as_a_child_that_opens", house.dir.path(), 0);
    assert_eq!(lines(&mut second).collect::<Vec<_>>(), ["ledger_in_use"]);
    assert!(second.wait().unwrap().success());
    let dir = house.dir;
    drop(house.ledger);
    let mut third = child("processes::as_a_child_that_opens", dir.path(), 0);
    assert_eq!(lines(&mut third).collect::<Vec<_>>(), ["ok"]);
    assert!(third.wait().unwrap().success());
}

#[test]
fn as_a_child_that_launches() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    let round = std::env::var(ROUND).unwrap();
    let ledger = open(Path::new(&dir), &Clock::new());
    ledger.launches_sending_at_start().unwrap();
    let workspace = ledger.workspaces().unwrap()[0].id;
    for turn in 0_i64.. {
        let (draft, launch) = (format!("d-{round}-{turn}"), format!("l-{round}-{turn}"));
        ledger.draft_replace(workspace, &draft, &json!({})).unwrap();
        say(&format!("begin {launch}"));
        ledger.launch_begin(&new_launch(&ledger, workspace, &launch, &draft)).unwrap();
        say(&format!("begun {launch}"));
        let end = LaunchEnd::Launched { result: turn, agent: None, calls_placed: 1 };
        ledger.launch_end(&launch, &end).unwrap();
        say(&format!("ended {launch}"));
    }
}

#[test]
fn a_process_killed_in_the_middle_leaves_a_row_and_a_spent_draft_or_neither() {
    let house = House::new();
    let (dir, clock, workspace) = (house.dir, house.clock, house.workspace);
    drop(house.ledger);
    let mut seeded = Seeded(20_261_124);
    let mut rows_of_begun = 0;
    for round in 0..60 {
        let mut child = child("processes::as_a_child_that_launches", dir.path(), round);
        let mut said = Vec::new();
        let mut heard = lines(&mut child);
        // Up to a line chosen by chance; the child goes on while the signal is on its way.
        let until = 1 + seeded.below(12);
        said.extend(heard.by_ref().take(usize::try_from(until).unwrap()));
        for _ in 0..seeded.below(20_000) {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        said.extend(heard);
        assert!(said.len() as u64 >= until, "the child stopped by itself: {said:?}");

        let ledger = open(dir.path(), &clock);
        ledger.check().unwrap();
        assert_eq!(ledger.journal_recovery(), None);
        assert_eq!(ledger.archive_recovery(), None);
        ledger.launches_sending_at_start().unwrap();
        for line in &said {
            let (what, id) = line.split_once(' ').unwrap();
            let row = ledger.launch(id);
            let draft = ledger.draft(&id.replacen('l', "d", 1)).unwrap();
            assert_eq!(row.is_ok(), draft.spent, "{line}");
            match what {
                "begun" => {
                    assert!(row.is_ok(), "an acknowledged launch is lost: {line}");
                    rows_of_begun += 1;
                }
                "ended" => assert_eq!(row.unwrap().state, LaunchState::Launched, "{line}"),
                _ => {}
            }
        }
        let left = ledger.launches(workspace, u32::MAX).unwrap();
        assert!(left.iter().all(|one| one.state != LaunchState::Sending));
    }
    assert!(rows_of_begun > 20, "the kills came too early to show anything: {rows_of_begun}");
}
