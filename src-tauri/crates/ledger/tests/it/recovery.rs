//! Files that are damaged, emptied, gone, older, without their logs, replaced under the open ledger:
//! what a copy still holds is never lost, and what is missing is told.

use std::fs;
use std::path::Path;

use ledger::LaunchState;
use serde_json::json;

use crate::given::{Clock, House, code, new_launch, open, result_put};
use crate::harm::{HARMS, Harm, Left};

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
