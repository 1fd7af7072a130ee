//! Modes, backups, damaged files.

use std::fs;
use std::path::{Path, PathBuf};

use ledger::{LaunchState, Ledger, ResultQuery};
use serde_json::json;

use crate::given::{
    Clock, House, Seeded, add_workspace, call_put, code, new_launch, open, result_put, try_open,
};

#[cfg(unix)]
#[test]
fn the_folder_and_every_file_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    fn all(dir: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                all(&path, found);
            }
            found.push(path);
        }
    }
    let house = House::new();
    house.sending("l");
    house.ledger.backup_if_due().unwrap();
    house.ledger.result_put(house.workspace, &result_put(1)).unwrap();
    let mut found = vec![house.dir.path().to_owned()];
    all(house.dir.path(), &mut found);
    for name in ["journal.db-wal", "journal.db-shm", "archive.db-wal", "backups"] {
        assert!(found.iter().any(|path| path.ends_with(name)), "{name} is not there: {found:?}");
    }
    for path in found {
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, expected, "{}", path.display());
    }
}

#[test]
fn a_file_in_the_place_of_the_folder_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    fs::write(&path, "mine").unwrap();
    assert_eq!(code(try_open(&path, &Clock::new())), "ledger_failed");
    assert_eq!(fs::read(&path).unwrap(), b"mine");
}

fn backups(dir: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(dir.join("backups"))
        .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default();
    all.sort();
    all
}

#[test]
fn a_backup_a_day_and_seven_are_kept() {
    let mut house = House::new();
    assert_eq!(backups(house.dir.path()).len(), 1);
    house.clock.forward(23 * 3600);
    house.ledger.backup_if_due().unwrap();
    assert_eq!(backups(house.dir.path()).len(), 1);
    for _ in 0..10 {
        house.clock.forward(24 * 3600);
        house = house.again();
    }
    let kept = backups(house.dir.path());
    assert_eq!(kept.len(), 7);
    house.clock.forward(24 * 3600);
    house.sending("l");
    house
        .ledger
        .launch_end("l", &ledger::LaunchEnd::NotSent { code: "unreachable".to_owned() })
        .unwrap();
    let after = backups(house.dir.path());
    assert_eq!(after.len(), 7);
    assert_ne!(kept, after, "a launch takes a backup along when one is due");
}

fn restored_from(ledger: &Ledger) -> Option<PathBuf> {
    ledger.journal_recovery()?.restored_from
}

fn journal_set_aside(ledger: &Ledger) -> Option<PathBuf> {
    ledger.journal_recovery()?.set_aside
}

fn archive_set_aside(ledger: &Ledger) -> Option<PathBuf> {
    ledger.archive_recovery()?.set_aside
}

/// Opened and checked, as the program does once its window is there.
fn open_and_check(dir: &Path, clock: &Clock) -> Ledger {
    let ledger = open(dir, clock);
    ledger.check().unwrap();
    ledger
}

/// Writes over the middle of a file, pages of the schema included.
fn ruin(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    for byte in bytes.iter_mut().skip(100) {
        *byte = 0xA5;
    }
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_damaged_archive_is_set_aside_whole_and_refills() {
    let house = House::new();
    house.ledger.result_put(house.workspace, &result_put(1)).unwrap();
    let House { ledger, clock, workspace, dir } = house;
    drop(ledger);
    let archive = dir.path().join("archive.db");
    ruin(&archive);
    fs::write(dir.path().join("archive.db-wal"), "left by a process that was killed").unwrap();
    fs::write(dir.path().join("archive.db-shm"), "and so was this").unwrap();
    let ruined = fs::read(&archive).unwrap();

    let ledger = open(dir.path(), &clock);
    let folder = archive_set_aside(&ledger).unwrap();
    assert_eq!(fs::read(folder.join("archive.db")).unwrap(), ruined);
    assert!(folder.join("archive.db-wal").exists());
    assert_eq!(restored_from(&ledger), None);
    assert!(ledger.usage().unwrap().set_aside_bytes >= ruined.len() as u64);
    assert_eq!(ledger.result(workspace, 1).unwrap(), None);
    assert!(ledger.result_put(workspace, &result_put(1)).unwrap());
    drop(ledger);
    let ledger = open(dir.path(), &clock);
    assert_eq!(archive_set_aside(&ledger), None, "it is told once");
    assert!(ledger.result(workspace, 1).unwrap().is_some());
}

#[test]
fn a_damaged_journal_is_restored_from_the_newest_backup_that_is_good() {
    let house = House::new();
    house.ledger.draft_open(house.workspace, "old", &json!({ "n": 1 })).unwrap();
    house.ledger.result_put(house.workspace, &result_put(1)).unwrap();
    house.clock.forward(24 * 3600);
    let house = house.again();
    house.ledger.draft_save("old", &json!({ "n": 2 })).unwrap();
    house.clock.forward(24 * 3600);
    let house = house.again();
    house.ledger.draft_save("old", &json!({ "n": 3 })).unwrap();
    let House { ledger, clock, workspace, dir } = house;
    drop(ledger);
    let kept = backups(dir.path());
    assert_eq!(kept.len(), 3);
    ruin(&kept[2]);
    ruin(&dir.path().join("journal.db"));

    let ledger = open(dir.path(), &clock);
    assert_eq!(restored_from(&ledger), Some(kept[1].clone()));
    let folder = journal_set_aside(&ledger).unwrap();
    assert!(folder.join("journal.db").exists());
    assert_eq!(ledger.draft("old").unwrap().body, json!({ "n": 1 }));
    assert!(ledger.result(workspace, 1).unwrap().is_some());
    // It is a whole ledger again.
    ledger.draft_save("old", &json!({ "n": 4 })).unwrap();
    drop(ledger);
    let ledger = open(dir.path(), &clock);
    assert_eq!(restored_from(&ledger), None, "it is told once");
    assert_eq!(ledger.draft("old").unwrap().body, json!({ "n": 4 }));
}

#[test]
fn launches_since_the_backup_are_read_from_the_damaged_journal() {
    let house = House::new();
    let first = house.sending("first");
    house
        .ledger
        .launch_end("first", &ledger::LaunchEnd::Unknown { code: "timed_out".to_owned() })
        .unwrap();
    house.ledger.draft_open(house.workspace, "d", &json!({ "n": 1 })).unwrap();
    house.clock.forward(24 * 3600);
    let house = house.again();
    let other = add_workspace(&house.ledger, "https://other.example");
    house.ledger.draft_open(other, "theirs", &json!({})).unwrap();
    let theirs = new_launch(&house.ledger, other, "theirs", "theirs");
    house.ledger.launch_begin(&theirs).unwrap();
    let placed = ledger::LaunchEnd::Launched { result: 5, agent: None, calls_placed: 4 };
    let expected = house.ledger.launch_end("theirs", &placed).unwrap();
    house.ledger.launch_begin(&new_launch(&house.ledger, house.workspace, "l", "d")).unwrap();
    // Enough that the damage can spare the rest: notes fill pages of their own.
    for call in 0..2_000 {
        house.ledger.note_put(house.workspace, call, &"note ".repeat(20)).unwrap();
    }
    let House { ledger, clock, workspace, dir } = house;
    drop(ledger);
    let path = dir.path().join("journal.db");
    let mut bytes = fs::read(&path).unwrap();
    let from = bytes.len() * 3 / 4;
    bytes[from..].fill(0xA5);
    fs::write(&path, &bytes).unwrap();

    let ledger = open_and_check(dir.path(), &clock);
    assert!(restored_from(&ledger).is_some());
    let kept = journal_set_aside(&ledger).unwrap().join("journal.db");
    assert_eq!(fs::read(kept).unwrap(), bytes, "what was set aside is as it was found");
    assert_eq!(ledger.launch("theirs").unwrap(), expected);
    let events = ledger.launch_events("theirs").unwrap();
    assert_eq!(
        events.iter().map(|one| one.event.as_str()).collect::<Vec<_>>(),
        ["sending", "launched"]
    );
    assert_eq!(ledger.launch_events(&first.id).unwrap().len(), 2);
    let killed = ledger.launch("l").unwrap();
    assert_eq!((killed.state, killed.code.as_deref()), (LaunchState::Unknown, Some("killed")));
    assert_eq!(ledger.launches(workspace, 10).unwrap().len(), 2);
    let again = new_launch(&ledger, workspace, "again", "d");
    assert_eq!(code(ledger.launch_begin(&again)), "draft_spent");
}

#[test]
fn without_a_backup_the_journal_begins_anew_and_results_find_their_workspace_again() {
    let house = House::new();
    let second = add_workspace(&house.ledger, "https://second.example");
    house.ledger.result_put(second, &result_put(1)).unwrap();
    let House { ledger, clock, dir, .. } = house;
    drop(ledger);
    fs::remove_dir_all(dir.path().join("backups")).unwrap();
    ruin(&dir.path().join("journal.db"));
    let ledger = open(dir.path(), &clock);
    assert_eq!(restored_from(&ledger), None);
    assert!(journal_set_aside(&ledger).is_some());
    assert!(ledger.workspaces().unwrap().is_empty());
    // A stranger must not be shown what another origin left.
    let stranger = add_workspace(&ledger, "https://stranger.example");
    assert_eq!(ledger.result(stranger, 1).unwrap(), None);
    let again = add_workspace(&ledger, "https://second.example");
    assert!(ledger.result(again, 1).unwrap().is_some());
}

#[test]
fn damage_met_while_reading_is_looked_into_at_the_next_start() {
    let house = House::new();
    house.ledger.result_put(house.workspace, &result_put(1)).unwrap();
    let puts: Vec<_> = (0..2_000).map(|id| call_put(id, "passed")).collect();
    house.ledger.calls_put(house.workspace, 1, &puts).unwrap();
    let House { ledger, clock, workspace, dir } = house;
    drop(ledger);
    // Closed properly, so that nothing makes the start suspicious; the schema itself is left sound.
    let path = dir.path().join("archive.db");
    let mut bytes = fs::read(&path).unwrap();
    let from = bytes.len() / 2;
    bytes[from..].fill(0xA5);
    fs::write(&path, bytes).unwrap();
    let ledger = open(dir.path(), &clock);
    assert_eq!(archive_set_aside(&ledger), None);
    let read = ledger
        .calls(workspace, 1)
        .and_then(|rows| rows.iter().try_for_each(|row| ledger.call(workspace, row.id).map(drop)));
    assert_eq!(code(read), "ledger_damaged");
    drop(ledger);
    let ledger = open_and_check(dir.path(), &clock);
    assert!(archive_set_aside(&ledger).is_some());
    assert!(ledger.calls(workspace, 1).unwrap().is_empty());
}

fn read_everything(ledger: &Ledger) -> Result<(), ledger::LedgerError> {
    for workspace in ledger.workspaces()? {
        let id = workspace.id;
        ledger.draft_open(id, "fresh", &json!({}))?;
        for launch in ledger.launches(id, 100)? {
            ledger.launch_events(&launch.id)?;
        }
        let query = ResultQuery { limit: 100, ..Default::default() };
        for row in ledger.results(id, &query)?.rows {
            ledger.result(id, row.id)?;
            for call in ledger.calls(id, row.id)? {
                ledger.call(id, call.id)?;
            }
        }
        ledger.last_outcomes(id, None, 5)?;
        ledger.durations(id, None)?;
        ledger.catalogue(id)?;
    }
    let workspace = add_workspace(ledger, "https://new.example");
    ledger.result_put(workspace, &result_put(77))?;
    ledger.calls_put(workspace, 77, &[call_put(770, "passed")])?;
    Ok(())
}

#[test]
fn two_hundred_wounds_are_survived() {
    // A folder as a killed process leaves it, with its write-ahead logs.
    let house = House::new();
    for id in 1..=3 {
        house.ledger.result_put(house.workspace, &result_put(id)).unwrap();
        let puts: Vec<_> = (0..40).map(|call| call_put(id * 100 + call, "passed")).collect();
        house.ledger.calls_put(house.workspace, id, &puts).unwrap();
        let launch = format!("l{id}");
        house.sending(&launch);
        let end = ledger::LaunchEnd::Launched { result: id, agent: None, calls_placed: 40 };
        house.ledger.launch_end(&launch, &end).unwrap();
    }
    let house = house.again();
    house.sending("last");
    house.ledger.result_put(house.workspace, &result_put(9)).unwrap();
    let files = ["journal.db", "journal.db-wal", "archive.db", "archive.db-wal"];
    let sound: Vec<(&str, Vec<u8>)> = files
        .into_iter()
        .map(|name| (name, fs::read(house.dir.path().join(name)).unwrap()))
        .collect();
    let backup = backups(house.dir.path()).remove(0);

    let mut seeded = Seeded(8);
    let mut set_aside = 0;
    for wound in 0..200 {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("backups")).unwrap();
        fs::copy(&backup, dir.path().join("backups").join(backup.file_name().unwrap())).unwrap();
        let hurt = usize::try_from(seeded.below(4)).unwrap();
        for (place, (name, bytes)) in sound.iter().enumerate() {
            let mut bytes = bytes.clone();
            if place == hurt {
                match seeded.below(4) {
                    0 => bytes.truncate(usize::try_from(seeded.below(bytes.len() as u64)).unwrap()),
                    // The header is small and matters most.
                    1 => {
                        let at = usize::try_from(seeded.below(100)).unwrap();
                        bytes[at] ^= 1 << seeded.below(8);
                    }
                    _ => {
                        for _ in 0..=seeded.below(8) {
                            let at = usize::try_from(seeded.below(bytes.len() as u64)).unwrap();
                            bytes[at] ^= 1 << seeded.below(8);
                        }
                    }
                }
            }
            fs::write(dir.path().join(name), bytes).unwrap();
        }
        for mark in ["journal.db.open", "archive.db.open"] {
            fs::write(dir.path().join(mark), "").unwrap();
        }
        let ledger = try_open(dir.path(), &house.clock)
            .unwrap_or_else(|error| panic!("wound {wound} in {}: {error}", files[hurt]));
        ledger.check().unwrap_or_else(|error| panic!("wound {wound} in {}: {error}", files[hurt]));
        let told = archive_set_aside(&ledger).is_some() || journal_set_aside(&ledger).is_some();
        set_aside += u32::from(told);
        let kept = dir.path().join("set-aside").exists();
        assert_eq!(told, kept, "wound {wound}: what is set aside is told of");
        if let Err(error) = read_everything(&ledger) {
            // Met while reading: then the next start must mend it.
            assert_eq!(error.code(), "ledger_damaged", "wound {wound} in {}: {error}", files[hurt]);
            drop(ledger);
            let ledger = open_and_check(dir.path(), &house.clock);
            read_everything(&ledger)
                .unwrap_or_else(|error| panic!("wound {wound} in {}: {error}", files[hurt]));
        }
    }
    assert!(set_aside > 20, "the wounds were too light to show anything: {set_aside}");
}
