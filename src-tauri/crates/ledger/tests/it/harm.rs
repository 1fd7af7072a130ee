//! What can become of the files, and what must be left of them.

use std::fs;
use std::path::{Path, PathBuf};

use ledger::{LaunchEnd, LaunchState, Ledger};
use serde_json::json;

use crate::given::{House, add_workspace, call_put, new_launch, open, result_put};

/// A folder as a killed process leaves it: three launches before the last backup, two after it, of
/// which one has no answer yet.
pub(crate) struct Left {
    pub(crate) house: House,
    pub(crate) files: Vec<(String, Vec<u8>)>,
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
    pub(crate) fn new() -> Self {
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
    pub(crate) fn folder(&self) -> tempfile::TempDir {
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
    pub(crate) fn judge(&self, dir: &Path, whole: bool, what: &str) -> Ledger {
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
pub(crate) enum Harm {
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

pub(crate) const HARMS: [Harm; 13] = [
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
    pub(crate) fn to(self, dir: &Path, name: &str) {
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
