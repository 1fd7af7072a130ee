//! Settings of the files, full disks, panics, and who waits for whom.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;

use super::{Ledger, LedgerConfig};
use crate::{NewLaunch, NewWorkspace, WorkspaceKind};

fn house() -> (tempfile::TempDir, Ledger, NewLaunch) {
    let dir = tempfile::tempdir().unwrap();
    let now = Arc::new(|| Timestamp::from_second(1_790_000_000).unwrap());
    let ledger =
        Ledger::open(LedgerConfig { dir: dir.path().to_owned(), now, failpoint: None }).unwrap();
    let (origin, label) = ("https://api.example".to_owned(), "Clinic".to_owned());
    let workspace = ledger
        .workspace_add(&NewWorkspace { kind: WorkspaceKind::Cekura, origin, label })
        .unwrap()
        .id;
    let draft = ledger.draft_open(workspace, "d", &json!({})).unwrap();
    let new = NewLaunch {
        id: "l".to_owned(),
        draft: "d".to_owned(),
        workspace,
        name: String::new(),
        token: String::new(),
        agent: 1,
        agent_name: String::new(),
        body: json!("x".repeat(100_000)),
        body_hash: String::new(),
        endpoint: String::new(),
        expected_calls: 1,
        credits_low: None,
        credits_high: None,
        mocks: json!(null),
        parent: None,
        app_version: String::new(),
        draft_seen: draft.changed_at,
    };
    (dir, ledger, new)
}

fn pragma(ledger: &Ledger, text: &str) {
    ledger.journal(|conn| Ok(conn.execute_batch(text)?)).unwrap();
}

#[test]
fn a_full_disk_refuses_the_launch_and_leaves_the_draft() {
    let (_dir, ledger, new) = house();
    // As full as a disk gets: not one page more.
    pragma(&ledger, "PRAGMA max_page_count = 1");
    assert_eq!(ledger.launch_begin(&new).unwrap_err().code(), "disk_full");
    assert!(!ledger.draft("d").unwrap().spent);
    assert!(ledger.launches(new.workspace, 9).unwrap().is_empty());
    pragma(&ledger, "PRAGMA max_page_count = 1000000");
    ledger.launch_begin(&new).unwrap();
}

#[test]
fn a_disk_that_cannot_be_written_refuses_the_launch_and_leaves_the_draft() {
    let (_dir, ledger, new) = house();
    pragma(&ledger, "PRAGMA query_only = ON");
    assert_eq!(ledger.launch_begin(&new).unwrap_err().code(), "disk_read_only");
    assert!(!ledger.draft("d").unwrap().spent);
    pragma(&ledger, "PRAGMA query_only = OFF");
    ledger.launch_begin(&new).unwrap();
}

#[test]
fn both_files_are_opened_with_the_settings_they_need() {
    let (_dir, ledger, _) = house();
    let names = [
        "journal_mode",
        "synchronous",
        "foreign_keys",
        "trusted_schema",
        "cell_size_check",
        "secure_delete",
        "busy_timeout",
        "fullfsync",
        "checkpoint_fullfsync",
        "temp_store",
        "cache_size",
    ];
    let read = |conn: &rusqlite::Connection| {
        names
            .iter()
            .map(|name| {
                Ok(conn.query_row(&format!("PRAGMA {name}"), [], |row| {
                    Ok(match row.get_ref(0)? {
                        rusqlite::types::ValueRef::Text(text) => {
                            String::from_utf8_lossy(text).into_owned()
                        }
                        _ => row.get::<_, i64>(0)?.to_string(),
                    })
                })?)
            })
            .collect::<crate::Result<Vec<String>>>()
    };
    let journal = ledger.journal(read).unwrap();
    assert_eq!(journal, ["wal", "2", "1", "0", "1", "1", "5000", "1", "1", "2", "-256"]);
    let expected = ["wal", "1", "1", "0", "1", "1", "5000", "0", "0", "2", "-256"];
    assert_eq!(ledger.archive(read).unwrap(), expected);
    assert_eq!(ledger.archive_write(read).unwrap(), expected);
}

#[test]
fn history_is_only_added_to() {
    let (_dir, ledger, new) = house();
    ledger.launch_begin(&new).unwrap();
    let rewritten =
        ledger.journal(|conn| Ok(conn.execute("UPDATE launch_events SET event = 'launched'", [])?));
    assert_eq!(rewritten.unwrap_err().code(), "ledger_failed");
    assert_eq!(ledger.launch_events("l").unwrap()[0].event, "sending");
}

#[test]
fn reads_that_wait_for_the_disk_hold_up_no_other_task() {
    let (_dir, ledger, _) = house();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    // As many as there are threads, each in the middle of a read.
    let (inside, both_inside) = std::sync::mpsc::channel();
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let wait = Arc::new(std::sync::Mutex::new(wait));
    for _ in 0..2 {
        let (ledger, inside, wait) = (ledger.clone(), inside.clone(), Arc::clone(&wait));
        runtime.spawn(async move {
            ledger
                .archive(|_| {
                    inside.send(()).unwrap();
                    let _ = wait.lock().unwrap().recv();
                    Ok(())
                })
                .unwrap();
        });
    }
    let patience = std::time::Duration::from_secs(20);
    for _ in 0..2 {
        both_inside.recv_timeout(patience).unwrap();
    }
    let (ran, others) = std::sync::mpsc::channel();
    runtime.spawn(async move { ran.send(()).unwrap() });
    let other = others.recv_timeout(patience);
    drop(release);
    other.expect("another task waits for the reads");
}

#[test]
fn a_panic_in_the_middle_of_a_commit_leaves_nothing_of_it() {
    let (_dir, ledger, new) = house();
    let inside = ledger.clone();
    let thread = std::thread::spawn(move || {
        let _: crate::Result<()> = inside.journal_write(|conn| {
            conn.execute("UPDATE drafts SET spent = 1", [])?;
            panic!("in the middle")
        });
    });
    assert!(thread.join().is_err());
    assert!(!ledger.draft("d").unwrap().spent);
    ledger.launch_begin(&new).unwrap();
}
