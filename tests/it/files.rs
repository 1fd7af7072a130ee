//! The engine and its files: lost, damaged, moved while it runs, closed, erased.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use engine::Code;
use engine::view::{LaunchStateView, RepeatPart};

use crate::proxy::{Gate, Proxy, Spoil};
use crate::support::{KEY, Server, World, WorldOptions, folder_holds, mock_vault, quick};

fn options(dir: &Path) -> WorldOptions {
    WorldOptions {
        folder: Some(dir.to_owned()),
        vault: mock_vault(),
        network: quick(),
        ..WorldOptions::default()
    }
}

/// A folder in which calls were placed and have ended. Returns the name of the agent.
async fn used(dir: &Path) -> String {
    let world = World::new(options(dir));
    world.engine.practice_open().await.unwrap();
    let body = world.plan_of(1).await;
    let launch = world.place(&body).await;
    world.finished(launch.result_id.unwrap()).await;
    world.engine.close().await.unwrap();
    launch.agent_name
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_placed_once_the_folder_was_moved_away() {
    let server = Server::start().await;
    let parent = tempfile::TempDir::new().unwrap();
    let folder = parent.path().join("data");
    let world = World::connected_with(&server, options(&folder)).await;
    let draft = world.draft(&world.plan_of(1).await);
    fs::rename(&folder, parent.path().join("elsewhere")).unwrap();
    let refused = world.engine.launch_place(&draft, None).unwrap_err();
    assert_eq!(refused.code, Code::JournalMoved);
    assert_eq!(server.launch_count().await, 0);
    // Put back, it is the same journal again.
    fs::rename(parent.path().join("elsewhere"), &folder).unwrap();
    let placed = world.engine.launch_place(&draft, None).unwrap();
    assert_eq!(world.launch_settled(&placed.id).await.state, LaunchStateView::Launched);
    assert_eq!(server.launch_count().await, 1);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_journal_leaves_results_to_be_read_and_says_what_is_missing() {
    let dir = tempfile::TempDir::new().unwrap();
    let agent = used(dir.path()).await;
    fs::remove_file(dir.path().join("journal.db")).unwrap();
    fs::remove_dir_all(dir.path().join("backups")).unwrap();
    let world = World::new(options(dir.path()));
    let state = world.engine.app_state().unwrap();
    assert_eq!(state.current.expect("the studio is found again").label, "Practice studio");
    let codes: Vec<Code> = state.notices.iter().map(|notice| notice.code).collect();
    assert_eq!(codes, [Code::JournalMissing]);
    let rows = world.results();
    let row = rows.iter().find(|row| row.mine).expect("the result that was placed");
    assert_eq!(row.agent_name.as_deref(), Some(agent.as_str()));
    let engine = &world.engine;
    let result = engine.result_read(row.id).unwrap();
    assert!(result.launch_lost && result.launch.is_none());
    let call = result.groups[0].calls[0].id;
    assert!(engine.call_read(row.id, call).is_ok());
    assert!(engine.result_said(row.id).unwrap().is_empty());
    assert!(engine.result_file(row.id, "a;b").is_ok());
    assert_eq!(engine.dashboard_of(row.id, Some(call)).unwrap(), None);
    assert!(!engine.evaluators_list(None).unwrap().is_empty());
    assert!(engine.launches_open().unwrap().is_empty());
    assert!(engine.draft_read().is_ok());
    // What is known of it is enough to run its evaluators again.
    let again = engine.result_repeat(row.id, RepeatPart::Everything, &[]).unwrap();
    assert_eq!(again.draft.body.evaluators.len(), result.groups.len());
    assert!(engine.plan_check(&again.draft.body).is_ok());
    // And it is followed and counted like any other.
    engine.resume().await.unwrap();
    world.catalogue().await;
    assert!(engine.result_read(row.id).unwrap().launch_lost);
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_that_no_start_meets_is_mended_behind_the_window() {
    let dir = tempfile::TempDir::new().unwrap();
    used(dir.path()).await;
    // A page that holds nothing which a start reads.
    let path = dir.path().join("journal.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    let page: i64 = conn
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'launch_events'", [], |row| {
            row.get(0)
        })
        .unwrap();
    drop(conn);
    let mut bytes = fs::read(&path).unwrap();
    let at = usize::try_from(page - 1).unwrap() * 4096;
    bytes[at..at + 4096].fill(0xA5);
    fs::write(&path, bytes).unwrap();

    let mut world = World::new(options(dir.path()));
    assert!(world.engine.app_state().unwrap().notices.is_empty(), "nothing is checked before");
    world.engine.check_files().unwrap();
    let notices = world.engine.app_state().unwrap().notices;
    assert_eq!(
        notices.iter().map(|notice| notice.code).collect::<Vec<_>>(),
        [Code::JournalRestored]
    );
    assert!(Path::new(notices[0].detail.as_deref().unwrap()).join("journal.db").exists());
    // It is said until a person has seen it, and not after that.
    for seen in [false, true] {
        if seen {
            world.engine.notice_dismiss("journal_restored").unwrap();
        }
        world.engine.close().await.unwrap();
        world = World::new(options(dir.path()));
        world.engine.check_files().unwrap();
        assert_eq!(world.engine.app_state().unwrap().notices.is_empty(), seen);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_engine_leaves_no_log_and_no_mark_and_the_folder_is_free() {
    let dir = tempfile::TempDir::new().unwrap();
    let world = World::new(options(dir.path()));
    world.engine.practice_open().await.unwrap();
    let body = world.plan_of(2).await;
    let result = world.place(&body).await.result_id.unwrap();
    // In the middle of following, and with a clone that lives on.
    world.engine.close().await.unwrap();
    world.engine.close().await.unwrap();
    assert_eq!(world.engine.app_state().unwrap_err().code, Code::LedgerClosed);
    for file in ["journal.db", "archive.db"] {
        let length = |ending: &str| {
            fs::metadata(dir.path().join(format!("{file}{ending}"))).map(|file| file.len()).ok()
        };
        assert_eq!(length("-wal").unwrap_or(0), 0, "{file}");
        assert_eq!(length(".open"), None, "{file}");
    }
    let again = World::new(options(dir.path()));
    assert!(again.results().iter().any(|row| row.id == result));
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_leaves_nothing_though_a_read_is_in_flight() {
    let server = Server::start().await;
    let gate = Gate::shut();
    let proxy = Proxy::before(&server.base_url).await;
    let world = World::connected_to(&proxy.url(), WorldOptions::default()).await;
    let evaluator = world.plan_of(1).await.evaluators[0];
    let workspace = world.engine.app_state().unwrap().current.unwrap().id;
    let path = format!("/scenarios/{evaluator}/");
    proxy.spoil("GET", &path, Spoil::Held(Arc::clone(&gate)));
    // What is kept is given at once; what the server has is read behind that.
    world.engine.evaluator_read(evaluator).await.unwrap();
    gate.arrived().await;
    world.engine.workspace_erase(workspace).await.unwrap();
    gate.let_go();
    // Waits for what is still being read.
    world.engine.close().await.unwrap();
    let conn = rusqlite::Connection::open(world.folder.join("archive.db")).unwrap();
    for table in ["evaluators", "catalogue", "results", "calls", "call_bodies", "origins"] {
        let rows: i64 =
            conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 0, "{table}");
    }
    assert_eq!(folder_holds(&world.folder, KEY.as_bytes()), None);
    server.stop().await;
}
