//! Recovery that is cut off by a kill or a full disk, and recovery of that: nothing is lost by it.
//!
//! The test binary starts itself, as in `processes.rs`.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use jiff::Timestamp;
use ledger::{Failpoint, Ledger, LedgerConfig, LedgerError};

use crate::given::{Clock, House, code, open};
use crate::harm::{HARMS, Harm, Left};
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
    ["cut_off::as_a_child_that_recovers", "--exact", "--nocapture", "--test-threads=1"];

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
