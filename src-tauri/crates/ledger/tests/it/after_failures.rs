//! Faults that follow one another: a failure inside a recovery, an erasing beside one, a start after a
//! start that failed.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use ledger::{Failpoint, LaunchEnd, LaunchState, Ledger, LedgerConfig, Stop};
use serde_json::json;

use crate::given::{Clock, House, add_workspace, code, new_launch, open, result_put, try_open};

fn with(dir: &Path, clock: &Clock, failpoint: Failpoint) -> Ledger {
    let clock = clock.clone();
    let now = Arc::new(move || clock.now());
    Ledger::open(LedgerConfig { dir: dir.to_owned(), now, failpoint: Some(failpoint) }).unwrap()
}

fn fails_at(step: &'static str) -> Failpoint {
    Arc::new(
        move |passed| {
            if passed == step { Err(std::io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        },
    )
}

/// What a kill leaves: the folder as it is while the ledger is open.
fn killed(dir: &Path) -> tempfile::TempDir {
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            let to = to.join(path.file_name().unwrap());
            if path.is_dir() {
                copy(&path, &to);
            } else if !path.ends_with("ledger.lock") {
                fs::copy(&path, &to).unwrap();
            }
        }
    }
    let to = tempfile::tempdir().unwrap();
    copy(dir, to.path());
    to
}

#[test]
fn a_start_that_fails_after_a_kill_leaves_the_logs_to_the_next_one() {
    let house = House::new();
    house.sending("l");
    let dir = killed(house.dir.path());
    let archive = dir.path().join("archive.db");
    fs::rename(&archive, dir.path().join("elsewhere")).unwrap();
    fs::create_dir(&archive).unwrap();
    assert!(try_open(dir.path(), &house.clock).is_err());
    fs::remove_dir(&archive).unwrap();
    fs::rename(dir.path().join("elsewhere"), &archive).unwrap();
    let ledger = open(dir.path(), &house.clock);
    assert_eq!((ledger.journal_recovery(), ledger.archive_recovery()), (None, None));
}

#[test]
fn a_cut_off_restore_keeps_what_stands_in_the_log() {
    let house = House::new();
    house.ledger.note_put(house.workspace, 1, "old").unwrap();
    house.clock.forward(24 * 3600);
    let house = house.again();
    house.ledger.note_put(house.workspace, 1, "new").unwrap();
    house.ledger.set_setting("day_limit", &json!(5)).unwrap();
    for steps in [
        ["restore.marked"; 2],
        ["restore.kept"; 2],
        ["restore.copied"; 2],
        ["restore.salvaged"; 2],
        ["restore.flushed"; 2],
        ["restore.cleared"; 2],
        ["restore.cleared", "restore.kept"],
        ["restore.cleared", "restore.flushed"],
        ["restore.renamed"; 2],
    ] {
        let dir = killed(house.dir.path());
        fs::write(dir.path().join("journal.db.open"), "replaced").unwrap();
        for step in steps {
            let clock = house.clock.clone();
            let now = Arc::new(move || clock.now());
            let failpoint = Some(fails_at(step));
            drop(Ledger::open(LedgerConfig { dir: dir.path().to_owned(), now, failpoint }));
        }
        let ledger = open(dir.path(), &house.clock);
        ledger.check().unwrap();
        assert_eq!(ledger.note(house.workspace, 1).unwrap().as_deref(), Some("new"), "{steps:?}");
    }
}

#[test]
fn a_clock_set_back_leaves_copies() {
    let mut house = House::new();
    for _ in 0..8 {
        house.clock.forward(24 * 3600);
        house = house.again();
    }
    house.clock.forward(-30 * 24 * 3600);
    let mut house = house.again();
    house.sending("l");
    house.ledger.launches_sending_at_start().unwrap();
    for _ in 0..3 {
        house.clock.forward(24 * 3600);
        house = house.again();
    }
    let dir = house.dir;
    drop(house.ledger);
    fs::remove_file(dir.path().join("journal.db")).unwrap();
    let ledger = open(dir.path(), &house.clock);
    assert!(ledger.launch("l").is_ok(), "three days of starts and no copy of it");
}

#[test]
fn what_an_earlier_version_wrote_is_brought_up_to_date() {
    let house = House::new();
    let workspace = house.workspace;
    house
        .ledger
        .stop_put(workspace, &Stop { result: 9, call: None, told_at: house.clock.now() })
        .unwrap();
    house.sending("l");
    let dir = house.dir;
    drop(house.ledger);
    // As version 2 would have it.
    let path = dir.path().join("journal.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute_batch(
        "DROP TABLE stops; DROP TABLE accounts; DROP TABLE judged; DROP TABLE erasures;
         DROP INDEX launches_unsettled; DROP INDEX launches_parent;
         UPDATE about SET version = 2; PRAGMA user_version = 2;
         INSERT INTO settings VALUES ('stops/1', '{\"results\":{\"9\":\"2026-01-01T00:00:00Z\"},\"calls\":{}}');
         UPDATE launches SET body = '{\"headers\":{\"apiKey\":\"sesame\"}}';
         CREATE TABLE filler (a); 
         INSERT INTO filler SELECT randomblob(3000) FROM generate_series(1, 20);",
    )
    .or_else(|_| conn.execute_batch("INSERT INTO filler SELECT randomblob(3000) FROM launches"))
    .unwrap();
    let root: i64 = conn
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'notes'", [], |row| row.get(0))
        .unwrap();
    conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(conn);
    // One page of it is damaged.
    let mut bytes = fs::read(&path).unwrap();
    let at = (root as usize - 1) * 4096;
    bytes[at..at + 4096].fill(0xA5);
    fs::write(&path, bytes).unwrap();
    let ledger = open(dir.path(), &house.clock);
    ledger.check().unwrap();
    assert!(ledger.journal_recovery().is_some());
    let body = ledger.launch("l").unwrap().body.to_string();
    let stops = ledger.stops(workspace).unwrap().len();
    assert!(!body.contains("sesame") && stops == 1, "{body}, {stops} stops");
}

#[test]
fn a_check_while_a_workspace_is_erased_brings_nothing_back() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::new();
    let shared: Arc<OnceLock<Ledger>> = Arc::default();
    let inside = Arc::clone(&shared);
    let said: Arc<Mutex<Vec<&str>>> = Arc::default();
    let sayer = Arc::clone(&said);
    {
        let ledger = open(dir.path(), &clock);
        let workspace = add_workspace(&ledger, "https://erased.example");
        add_workspace(&ledger, "https://other.example");
        ledger.draft_replace(workspace, "d", &json!({})).unwrap();
        ledger.launch_begin(&new_launch(&ledger, workspace, "l", "d")).unwrap();
        ledger.launch_end("l", &LaunchEnd::NotSent { code: "x".to_owned() }).unwrap();
        clock.forward(2 * 24 * 3600);
    }
    let ledger = with(
        dir.path(),
        &clock,
        Arc::new(move |step| {
            if step == "erase.marked" {
                let ledger = inside.get().unwrap();
                sayer.lock().unwrap().push(code(ledger.check()));
            }
            Ok(())
        }),
    );
    shared.set(ledger.clone()).unwrap();
    let outcome = code(ledger.workspace_erase(1));
    let left: Vec<_> = ledger.workspaces().unwrap().into_iter().map(|one| one.origin).collect();
    assert_eq!(left, ["https://other.example"], "{outcome} {:?}", said.lock().unwrap());
    assert!(ledger.launch("l").is_err());
}

#[test]
fn a_restore_goes_on_with_an_erasing_that_was_cut_off() {
    let house = House::new();
    add_workspace(&house.ledger, "https://other.example");
    house.sending("l");
    house.clock.forward(2 * 24 * 3600);
    let House { ledger, clock, dir, workspace } = house;
    drop(ledger);
    let ledger = with(dir.path(), &clock, fails_at("erase.marked"));
    assert!(ledger.workspace_erase(workspace).is_err());
    ledger.close().unwrap();
    drop(ledger);
    fs::write(dir.path().join("journal.db.open"), "replaced").unwrap();
    let ledger = open(dir.path(), &clock);
    ledger.check().unwrap();
    assert!(ledger.launch("l").is_err(), "an erased launch is back");
    ledger.erase_rest().unwrap();
    assert_eq!(ledger.workspaces().unwrap().len(), 1);
}

#[test]
fn a_workspace_added_while_another_is_erased_leaves_no_origin() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::new();
    let shared: Arc<OnceLock<Ledger>> = Arc::default();
    let inside = Arc::clone(&shared);
    let ledger = with(
        dir.path(),
        &clock,
        Arc::new(move |step| {
            if step == "erase.begun" {
                add_workspace(inside.get().unwrap(), "https://new.example");
            }
            Ok(())
        }),
    );
    shared.set(ledger.clone()).unwrap();
    let workspace = add_workspace(&ledger, "https://erased.example");
    ledger.result_put(workspace, &result_put(1)).unwrap();
    ledger.workspace_erase(workspace).unwrap();
    // A read that was in flight.
    let late = code(ledger.result_put(workspace, &result_put(2)));
    assert_eq!(late, "not_found");
    assert!(ledger.origins_without_workspace().unwrap().is_empty());
}

#[test]
fn a_draft_that_was_discarded_stays_so() {
    let house = House::new();
    for day in 0..4 {
        house.ledger.draft_replace(house.workspace, &format!("d{day}"), &json!({})).unwrap();
        house.clock.forward(24 * 3600);
        house.ledger.backup_if_due().unwrap();
    }
    house.ledger.launch_begin(&new_launch(&house.ledger, house.workspace, "l", "d3")).unwrap();
    house
        .ledger
        .launch_end("l", &LaunchEnd::Launched { result: 1, agent: None, calls_placed: 1 })
        .unwrap();
    let House { ledger, clock, dir, workspace } = house;
    drop(ledger);
    fs::write(dir.path().join("journal.db.open"), "replaced").unwrap();
    let ledger = open(dir.path(), &clock);
    assert_eq!(ledger.draft_open(workspace, "fresh", &json!({})).unwrap().id, "fresh");
}

#[test]
fn an_erasing_after_a_restore_that_failed_leaves_nothing() {
    let house = House::new();
    house.sending("l");
    house.ledger.note_put(house.workspace, 1, "a confidential note").unwrap();
    house.clock.forward(2 * 24 * 3600);
    let House { ledger, clock, dir, .. } = house;
    drop(ledger);
    drop(open(dir.path(), &clock));
    // An older journal.
    let conn = rusqlite::Connection::open(dir.path().join("journal.db")).unwrap();
    conn.execute_batch(
        "DROP TRIGGER launch_events_stay; DELETE FROM launches; DELETE FROM launch_events",
    )
    .unwrap();
    drop(conn);
    let ledger = with(dir.path(), &clock, fails_at("restore.salvaged"));
    assert_eq!(code(ledger.check()), "disk_full");
    ledger.erase_all().unwrap();
    ledger.close().unwrap();
    for entry in fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = fs::read(&path).unwrap();
            let needle = b"a confidential note";
            assert!(!bytes.windows(needle.len()).any(|part| part == needle), "{path:?}");
        }
    }
    drop(ledger);
    let ledger = open(dir.path(), &clock);
    assert!(ledger.workspaces().unwrap().is_empty());
    assert_eq!(ledger.journal_recovery(), None);
}

#[test]
fn a_file_in_the_place_of_the_copies_keeps_nobody_from_placing() {
    let house = House::new();
    let House { ledger, clock, dir, workspace } = house;
    drop(ledger);
    fs::remove_dir_all(dir.path().join("backups")).unwrap();
    fs::write(dir.path().join("backups"), "x").unwrap();
    let ledger = open(dir.path(), &clock);
    ledger.draft_replace(workspace, "d", &json!({})).unwrap();
    assert_eq!(code(ledger.launch_begin(&new_launch(&ledger, workspace, "l", "d"))), "ok");
}

fn fail_to_replace_the_archive_at(step: &'static str) {
    let house = House::new();
    for id in 0..300 {
        house.ledger.result_put(house.workspace, &result_put(id)).unwrap();
    }
    let House { ledger, clock, dir, workspace } = house;
    drop(ledger);
    let path = dir.path().join("archive.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    let page: u32 = conn
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'calls'", [], |row| row.get(0))
        .unwrap();
    drop(conn);
    let mut bytes = fs::read(&path).unwrap();
    let end = page as usize * 4096;
    bytes[end - 4096..end].fill(0xA5);
    fs::write(&path, bytes).unwrap();
    fs::write(dir.path().join("archive.db.suspect"), "").unwrap();
    let ledger = with(dir.path(), &clock, fails_at(step));
    let _ = code(ledger.check());
    let put = code(ledger.result_put(workspace, &result_put(900)));
    let read = code(ledger.result(workspace, 1));
    let first = ledger.archive_recovery().is_some();
    ledger.close().unwrap();
    drop(ledger);
    let ledger = open(dir.path(), &clock);
    let checked = code(ledger.check());
    let told = first || ledger.archive_recovery().is_some();
    let there = ledger.result(workspace, 1).unwrap().is_some();
    assert_eq!((put, read, told || there), ("ok", "ok", true), "{step} {checked}");
}

#[test]
fn a_restore_that_fails_leaves_the_journal_in_use() {
    for step in [
        "restore.begun",
        "restore.kept",
        "restore.copied",
        "restore.salvaged",
        "restore.flushed",
        "restore.cleared",
        "restore.renamed",
    ] {
        let house = House::new();
        house.sending("l");
        house.clock.forward(2 * 24 * 3600);
        let House { ledger, clock, dir, workspace } = house;
        drop(ledger);
        drop(open(dir.path(), &clock));
        let conn = rusqlite::Connection::open(dir.path().join("journal.db")).unwrap();
        conn.execute_batch(
            "DROP TRIGGER launch_events_stay; DELETE FROM launches; DELETE FROM launch_events",
        )
        .unwrap();
        drop(conn);
        let ledger = with(dir.path(), &clock, fails_at(step));
        ledger.note_put(workspace, 1, "before").unwrap();
        assert_eq!(code(ledger.check()), "disk_full", "{step}");
        ledger.note_put(workspace, 2, "after").unwrap();
        ledger.note_put(workspace, 1, "changed").unwrap();
        let open_now = ledger.note(workspace, 1).unwrap();
        ledger.close().unwrap();
        drop(ledger);
        let ledger = open(dir.path(), &clock);
        ledger.check().unwrap();
        assert!(ledger.launch("l").is_ok(), "{step}");
        assert_eq!(ledger.launch("l").unwrap().state, LaunchState::Unknown);
        assert_eq!(ledger.note(workspace, 2).unwrap().as_deref(), Some("after"), "{step}");
        assert_eq!(
            ledger.note(workspace, 1).unwrap().as_deref(),
            Some("changed"),
            "{step} {open_now:?}"
        );
    }
}

#[test]
fn events_that_cannot_be_read_make_no_launch_older() {
    let house = House::new();
    house.sending("l");
    house.clock.forward(2 * 24 * 3600);
    house.ledger.backup_if_due().unwrap();
    house
        .ledger
        .launch_end("l", &LaunchEnd::Launched { result: 5, agent: None, calls_placed: 1 })
        .unwrap();
    let House { ledger, clock, dir, .. } = house;
    drop(ledger);
    let path = dir.path().join("journal.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    let page: u32 = conn
        .query_row(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'launch_events_launch'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    drop(conn);
    let mut bytes = fs::read(&path).unwrap();
    let end = page as usize * 4096;
    bytes[end - 4096..end].fill(0xA5);
    fs::write(&path, bytes).unwrap();
    let ledger = open(dir.path(), &clock);
    ledger.check().unwrap();
    assert_eq!(ledger.launch("l").unwrap().state, LaunchState::Launched);
}

#[test]
fn an_erasing_goes_on_where_no_copy_can_be_made() {
    let house = House::new();
    house.ledger.result_put(house.workspace, &result_put(1)).unwrap();
    let House { ledger, clock, dir, workspace } = house;
    drop(ledger);
    let ledger = with(dir.path(), &clock, fails_at("backup.begun"));
    let first = code(ledger.workspace_erase(workspace));
    let second = code(ledger.workspace_erase(workspace));
    assert!(!ledger.has_to_erase().unwrap(), "{first}, {second}");
}

#[test]
fn what_was_deleted_does_not_come_back_from_a_journal_set_aside_long_ago() {
    let house = House::new();
    house.sending("l");
    house.ledger.note_put(house.workspace, 1, "to be deleted").unwrap();
    let House { ledger, clock, dir, workspace } = house;
    drop(ledger);
    fs::write(dir.path().join("journal.db.open"), "replaced").unwrap();
    let ledger = open(dir.path(), &clock);
    assert!(ledger.journal_recovery().is_some());
    ledger.note_put(workspace, 1, "").unwrap();
    assert_eq!(ledger.note(workspace, 1).unwrap(), None);
    clock.forward(40 * 24 * 3600);
    ledger.backup_if_due().unwrap();
    drop(ledger);
    fs::remove_file(dir.path().join("journal.db")).unwrap();
    let ledger = open(dir.path(), &clock);
    ledger.check().unwrap();
    assert!(ledger.launch("l").is_ok());
    assert_eq!(ledger.note(workspace, 1).unwrap(), None);
}

#[test]
fn an_archive_whose_replacing_fails_is_in_use_and_told_of() {
    for step in ["archive.begun", "archive.moving", "archive.moved"] {
        fail_to_replace_the_archive_at(step);
    }
}
