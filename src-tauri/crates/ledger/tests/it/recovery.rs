//! Files that are damaged, emptied, gone, older, without their logs: what a copy still holds is never
//! lost, and a recovery can be cut off anywhere, also one that follows one that was cut off.
//!
//! The test binary starts itself, as in `processes.rs`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use jiff::Timestamp;
use ledger::{Failpoint, LaunchEnd, LaunchState, Ledger, LedgerConfig, LedgerError};
use serde_json::json;

use crate::given::{Clock, House, add_workspace, call_put, code, new_launch, open, result_put};
use crate::processes::{lines, say};

const DIR: &str = "LEDGER_TEST_RECOVERY_DIR";
const STEP: &str = "LEDGER_TEST_RECOVERY_STEP";

/// Every named step of a restore, of setting the archive aside, and of a backup.
const RESTORE: [&str; 8] = [
    "restore.begun",
    "restore.marked",
    "restore.kept",
    "restore.copied",
    "restore.salvaged",
    "restore.flushed",
    "restore.cleared",
    "restore.renamed",
];
const ARCHIVE: [&str; 3] = ["archive.begun", "archive.moving", "archive.moved"];
const BACKUP: [&str; 5] =
    ["backup.begun", "backup.copied", "backup.checked", "backup.renamed", "backup.pruned"];

/// A folder as a killed process leaves it: three launches before the last backup, two after it, of
/// which one has no answer yet.
struct Left {
    house: House,
    files: Vec<(String, Vec<u8>)>,
}

fn launched(ledger: &Ledger, workspace: i64, launch: &str, draft: &str, result: i64) {
    ledger.launch_begin(&new_launch(ledger, workspace, launch, draft)).unwrap();
    ledger.result_put(workspace, &result_put(result)).unwrap();
    ledger.result_came_of(workspace, result, draft).unwrap();
    ledger.calls_put(workspace, result, &[call_put(result * 10, "passed")]).unwrap();
    let end = LaunchEnd::Launched { result, agent: None, calls_placed: 1 };
    ledger.launch_end(launch, &end).unwrap();
}

impl Left {
    fn new() -> Self {
        let house = House::new();
        let (ledger, workspace) = (&house.ledger, house.workspace);
        // Enough that harm to one page leaves others.
        for call in 1_000..1_400 {
            ledger.note_put(workspace, call, &"note ".repeat(20)).unwrap();
        }
        for number in 1..=3 {
            let draft = format!("d{number}");
            ledger.draft_replace(workspace, &draft, &json!({ "n": number })).unwrap();
            launched(ledger, workspace, &format!("l{number}"), &draft, number);
        }
        ledger.note_put(workspace, 10, "An early note").unwrap();
        // Open when the backup is made, and launched after it.
        ledger.draft_replace(workspace, "d4", &json!({ "n": 4 })).unwrap();
        let other = add_workspace(ledger, "https://other.example");
        house.clock.forward(24 * 3600);
        ledger.backup_if_due().unwrap();
        // What comes from here on is in the logs alone.
        let house = house.again();
        let ledger = &house.ledger;
        launched(ledger, workspace, "l4", "d4", 4);
        ledger.draft_replace(other, "d5", &json!({ "n": 5 })).unwrap();
        ledger.launch_begin(&new_launch(ledger, other, "l5", "d5")).unwrap();
        ledger.note_put(workspace, 20, "A late note").unwrap();
        ledger.plan_save(workspace, None, "p", "Nightly", &json!({})).unwrap();
        let mut files = Vec::new();
        collect(house.dir.path(), house.dir.path(), &mut files);
        Self { house, files }
    }

    /// Another folder with the same in it.
    fn folder(&self) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in &self.files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        dir
    }

    /// Opened and checked, with no launch lost that a copy holds, no launched draft open again, and a
    /// word about what was done where something was.
    fn judge(&self, dir: &Path, whole: bool, what: &str) -> Ledger {
        let ledger = open(dir, &self.house.clock);
        ledger.check().unwrap_or_else(|error| panic!("{what}: {error}"));
        self.judge_open(&ledger, whole, what);
        ledger
    }

    fn judge_open(&self, ledger: &Ledger, whole: bool, what: &str) {
        ledger.launches_sending_at_start().unwrap();
        let workspaces = ledger.workspaces().unwrap();
        assert!(!workspaces.is_empty(), "{what}: the journal begins anew");
        let kept: &[&str] =
            if whole { &["l1", "l2", "l3", "l4", "l5"] } else { &["l1", "l2", "l3"] };
        for launch in kept {
            let found = ledger.launch(launch);
            assert!(found.is_ok(), "{what}: {launch} is lost");
            assert!(ledger.draft(&found.unwrap().draft).unwrap().spent, "{what}: {launch}");
            assert!(!ledger.launch_events(launch).unwrap().is_empty(), "{what}: {launch}");
        }
        for launch in ["l1", "l2", "l3"] {
            assert_eq!(ledger.launch(launch).unwrap().state, LaunchState::Launched, "{what}");
        }
        for workspace in workspaces {
            let rows = ledger.launches(workspace.id, 100).unwrap();
            assert!(rows.iter().all(|one| one.state != LaunchState::Sending), "{what}");
        }
        let note = ledger.note(self.house.workspace, 10).unwrap();
        assert_eq!(note.as_deref(), Some("An early note"), "{what}");
    }
}

fn collect(root: &Path, dir: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else if !path.ends_with("ledger.lock") {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            files.push((name, fs::read(&path).unwrap()));
        }
    }
}

/// What can become of a file while nobody has it open.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Harm {
    Ruined,
    HeaderGone,
    Halved,
    Emptied,
    EmptiedWithItsLog,
    Gone,
    GoneButItsLog,
    WithoutLog,
    LogRuined,
    LogHalved,
    NoDatabase,
    NoTables,
    Older,
}

const HARMS: [Harm; 13] = [
    Harm::Ruined,
    Harm::HeaderGone,
    Harm::Halved,
    Harm::Emptied,
    Harm::EmptiedWithItsLog,
    Harm::Gone,
    Harm::GoneButItsLog,
    Harm::WithoutLog,
    Harm::LogRuined,
    Harm::LogHalved,
    Harm::NoDatabase,
    Harm::NoTables,
    Harm::Older,
];

impl Harm {
    fn to(self, dir: &Path, name: &str) {
        let path = dir.join(name);
        let log = dir.join(format!("{name}-wal"));
        let without_log = || {
            for ending in ["wal", "shm"] {
                let _ = fs::remove_file(dir.join(format!("{name}-{ending}")));
            }
        };
        let change = |path: &Path, change: &dyn Fn(&mut Vec<u8>)| {
            let mut bytes = fs::read(path).unwrap();
            change(&mut bytes);
            fs::write(path, bytes).unwrap();
        };
        match self {
            Self::Ruined => change(&path, &|bytes| bytes[100..].fill(0xA5)),
            Self::HeaderGone => change(&path, &|bytes| bytes[..100].fill(0)),
            Self::Halved => change(&path, &|bytes| bytes.truncate(bytes.len() / 2)),
            Self::Emptied => {
                without_log();
                fs::write(&path, "").unwrap();
            }
            Self::EmptiedWithItsLog => fs::write(&path, "").unwrap(),
            Self::Gone => {
                without_log();
                fs::remove_file(&path).unwrap();
            }
            Self::GoneButItsLog => fs::remove_file(&path).unwrap(),
            Self::WithoutLog => without_log(),
            Self::LogRuined => change(&log, &|bytes| bytes.fill(0xA5)),
            Self::LogHalved => change(&log, &|bytes| bytes.truncate(bytes.len() / 2)),
            Self::NoDatabase => {
                without_log();
                fs::write(&path, "This is a text and no database. ".repeat(300)).unwrap();
            }
            Self::NoTables => {
                without_log();
                fs::remove_file(&path).unwrap();
                let conn = rusqlite::Connection::open(&path).unwrap();
                conn.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE a (b); DROP TABLE a")
                    .unwrap();
            }
            Self::Older => {
                without_log();
                let mut copies: Vec<PathBuf> = fs::read_dir(dir.join("backups"))
                    .unwrap()
                    .map(|entry| entry.unwrap().path())
                    .collect();
                copies.sort();
                // The first copy was made when nothing was in it.
                if name == "journal.db" {
                    fs::copy(&copies[0], &path).unwrap();
                }
            }
        }
    }
}

#[test]
fn whatever_becomes_of_the_journal_no_launch_is_lost_that_a_copy_holds() {
    let left = Left::new();
    for harm in HARMS {
        let dir = left.folder();
        harm.to(dir.path(), "journal.db");
        let what = format!("journal {harm:?}");
        let ledger = left.judge(dir.path(), false, &what);
        // A log that was cut reads as far as it goes, and nobody can tell.
        let seen = !matches!(harm, Harm::LogRuined | Harm::LogHalved);
        assert_eq!(
            ledger.journal_recovery().is_some(),
            seen || ledger.launch("l4").is_err(),
            "{what}"
        );
        // It was launched after the copy was made: the archive knows.
        if let Ok(draft) = ledger.draft("d4") {
            assert!(draft.spent, "{what}: a launched draft is open again");
        }
        assert!(ledger.result(left.house.workspace, 4).unwrap().is_some(), "{what}");
        drop(ledger);
        let ledger = left.judge(dir.path(), false, &format!("{what}, once more"));
        assert_eq!(ledger.journal_recovery(), None, "{what}: it is told once");
    }
}

#[test]
fn whatever_becomes_of_the_archive_the_journal_is_whole_and_it_is_told() {
    let left = Left::new();
    for harm in HARMS {
        let dir = left.folder();
        harm.to(dir.path(), "archive.db");
        let what = format!("archive {harm:?}");
        let ledger = left.judge(dir.path(), true, &what);
        assert_eq!(ledger.journal_recovery(), None, "{what}");
        // A log that was cut reads as far as it goes, and nobody can tell.
        let seen = harm != Harm::LogHalved;
        let lost = ledger.result(left.house.workspace, 4).unwrap().is_none();
        assert_eq!(ledger.archive_recovery().is_some(), lost && seen, "{what}");
        assert!(ledger.result_put(left.house.workspace, &result_put(77)).unwrap(), "{what}");
        drop(ledger);
        let ledger = left.judge(dir.path(), true, &format!("{what}, once more"));
        assert_eq!(ledger.archive_recovery(), None, "{what}: it is told once");
        assert!(ledger.result(left.house.workspace, 77).unwrap().is_some(), "{what}");
    }
}

#[test]
fn both_files_may_be_harmed_at_once() {
    let left = Left::new();
    for journal in HARMS {
        for archive in HARMS {
            let dir = left.folder();
            journal.to(dir.path(), "journal.db");
            archive.to(dir.path(), "archive.db");
            left.judge(dir.path(), false, &format!("journal {journal:?}, archive {archive:?}"));
        }
    }
}

#[test]
fn without_any_copy_the_journal_begins_anew_and_says_so() {
    let left = Left::new();
    for harm in [Harm::Emptied, Harm::Gone, Harm::NoTables, Harm::NoDatabase] {
        let dir = left.folder();
        fs::remove_dir_all(dir.path().join("backups")).unwrap();
        harm.to(dir.path(), "journal.db");
        let ledger = open(dir.path(), &left.house.clock);
        ledger.check().unwrap();
        let recovery = ledger.journal_recovery().unwrap_or_else(|| panic!("{harm:?} is not told"));
        assert_eq!(recovery.restored_from, None, "{harm:?}");
        assert_eq!(recovery.set_aside.is_some(), harm != Harm::Gone, "{harm:?}");
        let known = ["https://api.example", "https://other.example"];
        assert_eq!(ledger.origins_without_workspace().unwrap(), known, "{harm:?}");
    }
    // And where there is nothing at all, nothing was lost.
    let dir = tempfile::tempdir().unwrap();
    let ledger = open(dir.path(), &Clock::new());
    ledger.check().unwrap();
    assert_eq!((ledger.journal_recovery(), ledger.archive_recovery()), (None, None));
}

#[test]
fn a_schema_that_reads_otherwise_is_no_damage() {
    let left = Left::new();
    for file in ["journal.db", "archive.db"] {
        let dir = left.folder();
        drop(left.judge(dir.path(), true, file));
        let conn = rusqlite::Connection::open(dir.path().join(file)).unwrap();
        conn.execute_batch(
            "ANALYZE; PRAGMA optimize;
             CREATE VIRTUAL TABLE words USING fts5(text);
             CREATE TABLE added (by_another INTEGER);
             CREATE INDEX another ON added (by_another);",
        )
        .unwrap();
        drop(conn);
        let ledger = left.judge(dir.path(), true, file);
        assert_eq!((ledger.journal_recovery(), ledger.archive_recovery()), (None, None), "{file}");
    }
}

#[test]
fn seven_days_of_a_poorer_journal_push_no_fuller_copy_out() {
    let house = House::new();
    house.sending("l");
    house.clock.forward(24 * 3600);
    let mut house = house.again();
    let copies = |dir: &Path| {
        let mut names: Vec<_> = fs::read_dir(dir.join("backups"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    let fuller = copies(house.dir.path()).pop().unwrap();
    // Somebody empties the tables with a tool: no check finds that, and no start restores it by
    // itself while it is not checked.
    let conn = rusqlite::Connection::open(house.dir.path().join("journal.db")).unwrap();
    conn.execute_batch("PRAGMA foreign_keys = ON; DELETE FROM workspaces").unwrap();
    drop(conn);
    for _ in 0..10 {
        house.clock.forward(24 * 3600);
        house = house.again();
    }
    assert!(copies(house.dir.path()).contains(&fuller), "the only copy with the launch is gone");
    assert!(house.ledger.launch("l").is_err());
    house.ledger.check().unwrap();
    assert!(house.ledger.launch("l").is_ok());
    assert!(house.ledger.draft("draft-of-l").unwrap().spent);
}

#[test]
fn two_launches_of_one_draft_are_both_kept() {
    let left = Left::new();
    let dir = left.folder();
    Harm::Older.to(dir.path(), "journal.db");
    // An older journal in which everything was open again, used by a version that did not look.
    let conn = rusqlite::Connection::open(dir.path().join("journal.db")).unwrap();
    conn.execute_batch(
        "INSERT OR IGNORE INTO workspaces (id, kind, origin, label, created_at, used_at)
             VALUES (1, 'cekura', 'https://api.example', 'x', 1, 1);
         INSERT INTO drafts (id, workspace, body, created_at, changed_at, spent)
             VALUES ('d1', 1, '{}', 1, 1, 1);
         INSERT INTO launches (id, draft, workspace, name, token, agent, agent_name, body, body_hash,
             endpoint, expected_calls, mocks, app_version, state, started_at)
             VALUES ('again', 'd1', 1, 'n', 't', 7, 'a', '{}', 'h', '/', 3, 'null', '0', 'launched', 9);
         INSERT INTO launch_events (launch, at, event, detail)
             VALUES ('again', 9, 'launched', 'null');",
    )
    .unwrap();
    drop(conn);
    let ledger = left.judge(dir.path(), false, "a draft that was launched twice");
    assert_eq!(ledger.launch("again").unwrap().state, LaunchState::Launched);
}

#[test]
fn a_journal_that_is_swapped_or_gone_under_the_open_ledger_places_nothing() {
    type Swap = fn(&Path, &Path);
    let moved: Swap = |dir, other| fs::rename(dir.join("journal.db"), other.join("moved")).unwrap();
    let gone: Swap = |dir, _| fs::remove_file(dir.join("journal.db")).unwrap();
    let swapped: Swap = |dir, other| {
        fs::copy(dir.join("journal.db"), other.join("copy")).unwrap();
        fs::rename(other.join("copy"), dir.join("journal.db")).unwrap();
    };
    let folder: Swap = |dir, _| {
        fs::rename(dir, dir.with_extension("moved")).unwrap();
        fs::create_dir(dir).unwrap();
    };
    // Windows lets nobody move a file that is open.
    if cfg!(windows) {
        return;
    }
    for (what, swap) in [("moved", moved), ("gone", gone), ("swapped", swapped), ("folder", folder)]
    {
        let house = House::new();
        let elsewhere = tempfile::tempdir_in(house.dir.path().parent().unwrap()).unwrap();
        house.ledger.draft_open(house.workspace, "d", &json!({})).unwrap();
        house.ledger.check().unwrap();
        let launch = new_launch(&house.ledger, house.workspace, "l", "d");
        swap(house.dir.path(), elsewhere.path());
        assert_eq!(code(house.ledger.launch_begin(&launch)), "journal_moved", "{what}");
        assert!(!house.ledger.draft("d").unwrap().spent, "{what}");
        let _ = fs::remove_dir_all(house.dir.path().with_extension("moved"));
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_is_swapped_under_the_open_ledger_is_told_of_by_the_next_start() {
    let left = Left::new();
    for file in ["journal.db", "archive.db"] {
        let dir = left.folder();
        let ledger = open(dir.path(), &left.house.clock);
        ledger.check().unwrap();
        let workspace = left.house.workspace;
        // As it was before, put there by something that keeps copies.
        let (name, bytes) = left.files.iter().find(|(name, _)| name == file).unwrap();
        fs::write(dir.path().join("copy"), bytes).unwrap();
        fs::rename(dir.path().join("copy"), dir.path().join(name)).unwrap();
        ledger.result_put(workspace, &result_put(90)).unwrap();
        ledger.note_put(workspace, 90, "into the file that is gone").unwrap();
        ledger.close().unwrap();
        drop(ledger);
        let ledger = left.judge(dir.path(), file == "archive.db", file);
        let told = (ledger.journal_recovery().is_some(), ledger.archive_recovery().is_some());
        assert_eq!(told, (file == "journal.db", file == "archive.db"), "{file}");
    }
}

#[test]
fn a_paid_request_waits_for_the_check() {
    let left = Left::new();
    let dir = left.folder();
    Harm::Older.to(dir.path(), "journal.db");
    let ledger = open(dir.path(), &left.house.clock);
    // The older journal knows nothing of this draft; the copy knows that it was launched.
    let mut launch = new_launch(&ledger, left.house.workspace, "twice", "d1");
    launch.workspace = left.house.workspace;
    assert_eq!(code(ledger.launch_begin(&launch)), "draft_spent");
    assert!(ledger.journal_recovery().is_some());
}

#[test]
fn a_closed_ledger_says_so_and_leaves_its_files_whole() {
    let house = House::new();
    house.sending("l");
    house.ledger.result_put(house.workspace, &result_put(1)).unwrap();
    let before = Instants::of(house.dir.path());
    assert!(before.open.iter().all(|open| *open), "the files are marked as open");
    house.ledger.close().unwrap();
    house.ledger.close().unwrap();
    let after = Instants::of(house.dir.path());
    assert!(!after.open.iter().any(|open| *open), "the marks are gone");
    assert!(after.logs.iter().all(|length| *length == 0), "the logs are empty: {:?}", after.logs);
    assert_eq!(code(house.ledger.launch("l")), "ledger_closed");
    assert_eq!(code(house.ledger.result(house.workspace, 1)), "ledger_closed");
    assert_eq!(code(house.ledger.result_put(house.workspace, &result_put(2))), "ledger_closed");
    assert_eq!(code(house.ledger.check()), "ledger_closed");
    // While the closed one still exists.
    let again = open(house.dir.path(), &house.clock);
    assert!(again.launch("l").is_ok());
}

#[test]
fn a_check_that_was_not_made_is_made_up_for_by_the_next_start() {
    let left = Left::new();
    let dir = left.folder();
    // After a kill, and closed before anything was checked.
    drop(open(dir.path(), &left.house.clock));
    // A page that no start reads.
    let elsewhere = left.folder();
    let conn = rusqlite::Connection::open(elsewhere.path().join("archive.db")).unwrap();
    let page: u32 = conn
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'calls'", [], |row| row.get(0))
        .unwrap();
    let path = dir.path().join("archive.db");
    let mut bytes = fs::read(&path).unwrap();
    let end = page as usize * 4096;
    bytes[end - 4096..end].fill(0xA5);
    fs::write(&path, bytes).unwrap();
    let ledger = open(dir.path(), &left.house.clock);
    assert_eq!(ledger.archive_recovery(), None);
    assert!(ledger.check().unwrap());
    assert!(ledger.archive_recovery().unwrap().set_aside.is_some());
    drop(ledger);
    // Once it has been made, a clean end needs no other.
    let ledger = open(dir.path(), &left.house.clock);
    ledger.check().unwrap();
    drop(ledger);
    assert!(!Instants::of(dir.path()).open.iter().any(|open| *open));
}

/// What says that files are open.
struct Instants {
    open: [bool; 2],
    logs: [u64; 2],
}

impl Instants {
    fn of(dir: &Path) -> Self {
        let files = ["journal.db", "archive.db"];
        Self {
            open: files.map(|file| dir.join(format!("{file}.open")).exists()),
            logs: files.map(|file| {
                fs::metadata(dir.join(format!("{file}-wal"))).map_or(0, |log| log.len())
            }),
        }
    }
}

/// Dies, or fails as a full disk does, at one step.
fn open_with(dir: &Path, now: Timestamp, failpoint: Failpoint) -> Result<Ledger, LedgerError> {
    let now = Arc::new(move || now);
    let failpoint = Some(failpoint);
    Ledger::open(LedgerConfig { dir: dir.to_owned(), now, failpoint })
}

fn a_life(dir: &Path, now: Timestamp, failpoint: Failpoint) -> Result<(), LedgerError> {
    let ledger = open_with(dir, now, failpoint)?;
    ledger.check()?;
    ledger.launches_sending_at_start()?;
    ledger.backup_if_due()
}

/// A day after the folder was left, so that a backup is due.
fn a_day_later() -> Timestamp {
    Clock::new().forward(2 * 24 * 3600 + 3600)
}

#[test]
fn as_a_child_that_recovers() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    let step = std::env::var(STEP).unwrap_or_default();
    let die: Failpoint = Arc::new(move |passed| {
        if passed == step {
            // As sudden as the power cord: nothing is written, closed or told.
            std::process::abort();
        }
        Ok(())
    });
    say(code(a_life(Path::new(&dir), a_day_later(), die)));
}

/// The arguments by which this binary becomes the child.
const CHILD: [&str; 4] =
    ["recovery::as_a_child_that_recovers", "--exact", "--nocapture", "--test-threads=1"];

/// Leads a life in a process of its own. Returns the code it ended with; `None` if it was cut off.
fn life(mut command: Command, dir: &Path, what: &str) -> Option<String> {
    command.env(DIR, dir).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let said = lines(&mut child).last();
    let status = child.wait().unwrap();
    assert_ne!(status.code(), Some(101), "{what}: a panic");
    said
}

/// Leads a life that dies at the step. Returns whether it did.
fn dies_at(dir: &Path, step: &str) -> bool {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(CHILD).env(STEP, step);
    let ended = life(command, dir, step);
    assert!(ended.as_deref().is_none_or(|code| code == "ok"), "a life failed at {step}: {ended:?}");
    ended.is_none()
}

#[test]
fn a_recovery_and_a_backup_may_be_cut_off_anywhere() {
    let left = Left::new();
    let mut kills = 0;
    let mut places = std::collections::BTreeSet::new();
    let kinds: [(&[Harm], &str, &[&str]); 3] = [
        (&[Harm::Ruined, Harm::Gone, Harm::WithoutLog], "journal.db", &RESTORE),
        (&[Harm::Ruined], "archive.db", &ARCHIVE),
        (&[], "journal.db", &BACKUP),
    ];
    for (harms, file, steps) in kinds {
        for harm in harms.iter().copied().map(Some).chain(harms.is_empty().then_some(None)) {
            for step in steps {
                let dir = left.folder();
                if let Some(harm) = harm {
                    harm.to(dir.path(), file);
                }
                assert!(dies_at(dir.path(), step), "{harm:?} of {file} does not pass {step}");
                kills += 1;
                places.insert(*step);
                let whole = file == "archive.db" || harm.is_none();
                left.judge(dir.path(), whole, &format!("{harm:?} of {file}, killed at {step}"));
            }
        }
    }
    assert!(places.len() >= 12, "{places:?}");
    assert!(kills >= 32, "{kills}");
}

#[test]
fn a_recovery_of_a_recovery_may_be_cut_off_as_well() {
    let left = Left::new();
    let soak = std::env::var_os("LINECHECK_SOAK").is_some();
    let harms: &[Harm] = if soak { &HARMS } else { &[Harm::LogRuined, Harm::Ruined] };
    for harm in harms {
        for first in RESTORE {
            for second in RESTORE {
                let dir = left.folder();
                harm.to(dir.path(), "journal.db");
                let what = format!("{harm:?}, killed at {first} and {second}");
                // A log that is only cut needs no restore.
                dies_at(dir.path(), first);
                dies_at(dir.path(), second);
                left.judge(dir.path(), false, &what);
            }
        }
    }
}

#[test]
fn a_disk_that_is_full_at_any_step_loses_nothing() {
    let left = Left::new();
    for (harm, file) in [
        (Some(Harm::Ruined), "journal.db"),
        (Some(Harm::Gone), "journal.db"),
        (Some(Harm::Ruined), "archive.db"),
        (None, "journal.db"),
    ] {
        for step in RESTORE.into_iter().chain(ARCHIVE).chain(BACKUP) {
            let dir = left.folder();
            if let Some(harm) = harm {
                harm.to(dir.path(), file);
            }
            let full: Failpoint = Arc::new(move |passed| {
                if passed == step { Err(std::io::ErrorKind::StorageFull.into()) } else { Ok(()) }
            });
            let what = format!("{harm:?} of {file}, full at {step}");
            if let Err(error) = a_life(dir.path(), a_day_later(), full) {
                assert_eq!(error.code(), "disk_full", "{what}");
            }
            let whole = file == "archive.db" || harm.is_none();
            left.judge(dir.path(), whole, &what);
        }
    }
}

#[test]
fn a_start_that_fails_halfway_makes_the_next_one_no_recovery() {
    let house = House::new();
    house.sending("l");
    let House { ledger, clock, dir, .. } = house;
    drop(ledger);
    // The archive cannot be opened: a folder is in its place.
    fs::rename(dir.path().join("archive.db"), dir.path().join("archive.elsewhere")).unwrap();
    fs::create_dir(dir.path().join("archive.db")).unwrap();
    assert!(crate::given::try_open(dir.path(), &clock).is_err());
    fs::remove_dir(dir.path().join("archive.db")).unwrap();
    fs::rename(dir.path().join("archive.elsewhere"), dir.path().join("archive.db")).unwrap();
    let ledger = open(dir.path(), &clock);
    ledger.check().unwrap();
    assert_eq!((ledger.journal_recovery(), ledger.archive_recovery()), (None, None));
    assert!(ledger.launch("l").is_ok());
}

/// A real limit on the size of files, in a child: every write beyond it fails.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_takes_only_so_much_loses_nothing() {
    let left = Left::new();
    let soak = std::env::var_os("LINECHECK_SOAK").is_some();
    let largest = left.files.iter().map(|(_, bytes)| bytes.len()).max().unwrap() / 512 + 200;
    let steps = if soak { 400 } else { 24 };
    let mut failed = 0;
    for harm in [None, Some(Harm::Ruined), Some(Harm::Gone), Some(Harm::Older)] {
        for step in 0..=steps {
            let dir = left.folder();
            if let Some(harm) = harm {
                harm.to(dir.path(), "journal.db");
            }
            let blocks = largest * step / steps;
            // The signal that comes with it is ignored, so that a write says what is wrong.
            let mut command = Command::new("sh");
            command
                .args(["-c", "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"", "sh"])
                .arg(blocks.to_string())
                .arg(std::env::current_exe().unwrap())
                .args(CHILD);
            let what = format!("{harm:?}, at most {blocks} blocks of 512 bytes a file");
            let ended = life(command, dir.path(), &what);
            failed += u32::from(ended.expect("nothing ends it") != "ok");
            left.judge(dir.path(), harm.is_none(), &what);
        }
    }
    assert!(failed > 20, "the limits were too wide to show anything: {failed}");
}
