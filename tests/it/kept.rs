//! What is kept of a result, and reading it when the journal has lost its launch.

use std::path::Path;

use engine::Engine;
use engine::view::{OutcomeView, RepeatPart, ResultsQuery};

use crate::support::{Server, World, WorldOptions, mock_vault};

fn options(dir: &Path, vault: &vault::Vault) -> WorldOptions {
    WorldOptions { folder: Some(dir.to_owned()), vault: vault.clone(), ..WorldOptions::default() }
}

fn change(file: &Path, sql: &str) {
    let conn = rusqlite::Connection::open(file).unwrap();
    conn.execute_batch(sql).unwrap();
}

/// Every view that starts from what the archive has of a result.
fn read_all(engine: &Engine, result: i64) {
    let list = engine.results_list(&ResultsQuery { limit: 50, ..ResultsQuery::default() }).unwrap();
    assert!(list.rows.iter().any(|row| row.id == result && row.mine));
    let view = engine.result_read(result).unwrap();
    assert!(view.launch_lost && view.launch.is_none() && view.mocks.is_none());
    let told = engine.result_told(result, None).unwrap();
    assert!(told.head.launch_lost);
    let calls: Vec<i64> =
        view.groups.iter().flat_map(|group| &group.calls).map(|call| call.id).collect();
    assert!(!calls.is_empty());
    for call in calls {
        assert_eq!(engine.call_read(result, call).unwrap().result, result);
        engine.note_save(call, "kept").unwrap();
        engine.dashboard_of(result, Some(call)).unwrap();
    }
    assert!(!engine.result_said(result).unwrap().is_empty());
    assert!(!engine.result_file(result, "").unwrap().is_empty());
    let made = engine.result_repeat(result, RepeatPart::Everything, &[]).unwrap();
    assert_eq!(made.draft.body.evaluators.len(), view.groups.len());
    assert_eq!(made.gone, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn results_stay_readable_when_the_journal_has_lost_their_launches() {
    let server = Server::start().await;
    let dir = tempfile::TempDir::new().unwrap();
    let vault = mock_vault();
    let world = World::connected_with(&server, options(dir.path(), &vault)).await;
    let first = world.place(&world.plan_of(3).await).await.result_id.unwrap();
    world.finished(first).await;
    let again = world.engine.result_repeat(first, RepeatPart::Everything, &[]).unwrap();
    // The same plan within ten minutes would be asked about.
    world.ahead.forward(660);
    let second = world.place(&again.draft.body).await.result_id.unwrap();
    let done = world.finished(second).await;
    assert!(done.parent.is_some() && !done.launch_lost);
    world.engine.close().await.unwrap();
    drop(world);

    let journal = dir.path().join("journal.db");
    for lost in ["DELETE FROM launches", "DELETE FROM drafts"] {
        change(&journal, &format!("PRAGMA foreign_keys = ON; {lost}"));
        let world = World::new(options(dir.path(), &vault));
        read_all(&world.engine, first);
        read_all(&world.engine, second);
        assert_eq!(world.engine.launches_open().unwrap(), []);
        world.engine.close().await.unwrap();
    }
    // One that goes on: how many calls go at once is not known any more.
    change(
        &dir.path().join("archive.db"),
        &format!(
            "UPDATE calls SET outcome = 'in_progress', ended = 0, started_at = NULL
                 WHERE result = {second};
             UPDATE results SET followed = 1, in_progress = calls, ended = 0 WHERE id = {second}"
        ),
    );
    let world = World::new(options(dir.path(), &vault));
    read_all(&world.engine, second);
    let row = world.results().into_iter().find(|row| row.id == second).unwrap();
    assert!(row.left.is_some() && row.doing.is_some(), "{row:?}");
    // And it is followed to its end.
    world.engine.resume().await.unwrap();
    let done = world.finished(second).await;
    assert!(done.launch_lost && done.row.counts.in_progress == 0);
    assert!(
        done.groups
            .iter()
            .flat_map(|group| &group.calls)
            .all(|call| call.outcome != OutcomeView::InProgress)
    );
    server.stop().await;
}

/// Calls are kept one by one, and not a second time in the result they belong to.
#[tokio::test(flavor = "multi_thread")]
async fn a_result_is_kept_without_its_calls_and_one_of_before_still_reads() {
    let server = Server::start().await;
    let dir = tempfile::TempDir::new().unwrap();
    let vault = mock_vault();
    let world = World::connected_with(&server, options(dir.path(), &vault)).await;
    let result = world.place(&world.plan_of(3).await).await.result_id.unwrap();
    world.finished(result).await;
    world.engine.close().await.unwrap();
    drop(world);
    let archive = dir.path().join("archive.db");
    let conn = rusqlite::Connection::open(&archive).unwrap();
    let (bodies, with_calls): (u32, u32) = conn
        .query_row(
            "SELECT count(*), total(json_type(raw, '$.runs') IS NOT NULL) FROM result_bodies",
            [],
            |row| Ok((row.get(0)?, row.get::<_, f64>(1)? as u32)),
        )
        .unwrap();
    assert!(bodies > 0);
    assert_eq!(with_calls, 0, "of {bodies}");
    drop(conn);
    let world = World::new(options(dir.path(), &vault));
    let before = world.engine.result_read(result).unwrap();
    assert_eq!(before.unreadable, 0);
    world.engine.close().await.unwrap();
    // As version 0.1.0 kept it: with its calls, of which one could not be read.
    change(
        &archive,
        &format!(
            "UPDATE result_bodies SET raw = json_set(raw, '$.runs', json('[1, 2, 3, 4]'))
             WHERE id = {result}"
        ),
    );
    let world = World::new(options(dir.path(), &vault));
    let after = world.engine.result_read(result).unwrap();
    assert_eq!(after, engine::view::ResultView { unreadable: 1, ..before });
    server.stop().await;
}
