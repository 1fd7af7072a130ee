//! Kept calls that an earlier version read: they mean by this version what they would mean if they
//! came today, and nobody takes that for news from the server.

use std::path::Path;
use std::sync::{Arc, Mutex};

use engine::view::{CountsView, FeedTopic, OutcomeView};
use ledger::{CallPut, Detail, Ledger, LedgerConfig, ResultPut};
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::mpsc;

use crate::support::{Ahead, PATIENCE, Server, World, WorldOptions, mock_vault};

/// A folder that worlds are opened in one after the other.
struct Place {
    dir: TempDir,
    vault: vault::Vault,
}

/// What a change is about, and the ids.
type Notice = (FeedTopic, Vec<i64>);

/// A world whose reading anew can be watched.
struct Watched {
    world: World,
    heard: Arc<Mutex<Vec<Notice>>>,
    places: mpsc::UnboundedReceiver<&'static str>,
}

impl Place {
    fn new() -> Self {
        Self { dir: TempDir::new().unwrap(), vault: mock_vault() }
    }

    fn options(&self) -> WorldOptions {
        WorldOptions {
            folder: Some(self.dir.path().to_owned()),
            vault: self.vault.clone(),
            ..WorldOptions::default()
        }
    }

    fn archive(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.dir.path().join("archive.db")).unwrap()
    }

    fn number(&self, sql: &str) -> i64 {
        self.archive().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// Opens the folder again; each batch waits for a word if there is a gate.
    fn watched(&self, gate: Option<std::sync::mpsc::Receiver<()>>) -> Watched {
        let (pass, places) = mpsc::unbounded_channel();
        let gate = gate.map(Mutex::new);
        let failpoint: engine::Failpoint = Arc::new(move |place| {
            if place.starts_with("reread.") {
                pass.send(place).unwrap();
            }
            if let ("reread.batch", Some(gate)) = (place, &gate) {
                gate.lock().unwrap().recv_timeout(PATIENCE).unwrap();
            }
        });
        let world = World::new(WorldOptions { failpoint: Some(failpoint), ..self.options() });
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ears = Arc::clone(&heard);
        world.engine.on_change(Box::new(move |topic, ids| {
            ears.lock().unwrap().push((topic, ids.to_vec()));
        }));
        Watched { world, heard, places }
    }
}

impl Watched {
    async fn passes(&mut self, place: &str) {
        let passed = tokio::time::timeout(PATIENCE, self.places.recv()).await;
        assert_eq!(passed.expect("reading anew goes on"), Some(place));
    }

    /// What was told of results and calls, by their ids: without them it is the list that was told
    /// of, which could not be read.
    fn news(&self) -> Vec<Notice> {
        let ours = |topic| matches!(topic, FeedTopic::Calls | FeedTopic::Results);
        let heard = self.heard.lock().unwrap();
        heard.iter().filter(|(topic, ids)| ours(*topic) && !ids.is_empty()).cloned().collect()
    }
}

/// A call as the page shows it: id, outcome, reason, reviewed, noted.
type Shown = (i64, OutcomeView, String, Option<String>, bool, bool);

/// What the page shows of a result and its calls, and when it last changed.
fn shown(world: &World, result: i64) -> (CountsView, String, Vec<Shown>) {
    let view = world.engine.result_read(result).unwrap();
    let mut calls: Vec<_> = view
        .groups
        .into_iter()
        .flat_map(|group| group.calls)
        .map(|call| {
            (call.id, call.outcome, call.why.code, call.why.text, call.reviewed, call.noted)
        })
        .collect();
    calls.sort_by_key(|call| call.0);
    (view.row.counts, view.row.changed_at, calls)
}

/// Leaves a result as a version would have that knew other outcomes and kept its reasons in another
/// form.
fn by_another_version(place: &Place, result: i64) {
    let sql = format!(
        "UPDATE calls SET reading = 0, outcome = 'glorious', why = '{{\"a\": 1}}'
             WHERE result = {result};
         UPDATE results SET needs_a_look = calls, passed = 0, agent_failed = 0,
             never_connected = 0, stopped = 0 WHERE id = {result};"
    );
    place.archive().execute_batch(&sql).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_of_an_earlier_version_are_read_anew_once() {
    let server = Server::start().await;
    let place = Place::new();
    let world = World::connected_with(&server, place.options()).await;
    let body = world.plan_of(12).await;
    let result = world.place(&body).await.result_id.unwrap();
    world.finished(result).await;
    let (_, _, calls) = shown(&world, result);
    let passed: Vec<i64> =
        calls.iter().filter(|call| call.1 == OutcomeView::Passed).map(|call| call.0).collect();
    let &[noted, reviewed, lost, ..] = &passed[..] else { panic!("three pass: {calls:?}") };
    world.engine.note_save(noted, "Ask Ines.").unwrap();
    world.engine.review_save(reviewed, Some(false)).await.unwrap();
    // Only then nothing is under way: a verdict is told to the server, and the call read again.
    world.engine.close().await.unwrap();
    drop(world);
    let before = shown(&place.watched(None).world, result);
    server.stop().await;

    // One of them cannot be read any more: its row is all that is left of it.
    let why = "SELECT why FROM calls WHERE id = ?1";
    let why: String = place.archive().query_row(why, [lost], |row| row.get(0)).unwrap();
    by_another_version(&place, result);
    place.archive().execute("UPDATE call_bodies SET raw = '[]' WHERE id = ?1", [lost]).unwrap();
    let row = "UPDATE calls SET outcome = 'passed', why = ?2 WHERE id = ?1";
    place.archive().execute(row, (lost, why)).unwrap();
    let seq_of_lost = format!("SELECT seq FROM calls WHERE id = {lost}");
    let seq = place.number(&seq_of_lost);

    // The server is away: there is nobody to ask.
    let mut again = place.watched(None);
    again.world.engine.resume().await.unwrap();
    again.passes("reread.batch").await;
    again.passes("reread.ended").await;
    assert_eq!(shown(&again.world, result), before);
    assert_eq!(
        again.world.engine.call_read(result, noted).unwrap().note.as_deref(),
        Some("Ask Ines.")
    );
    let news = again.news();
    assert_eq!(news, [(FeedTopic::Calls, vec![result]), (FeedTopic::Results, vec![result])]);
    again.world.engine.close().await.unwrap();
    drop(again);
    assert_eq!(
        place.number("SELECT count(*) FROM calls WHERE reading = 0"),
        0,
        "one that cannot be read is not tried for ever"
    );
    assert_eq!(place.number(&seq_of_lost), seq, "nothing of it changed");

    let sequence = "SELECT value FROM meta WHERE key = 'seq'";
    let seq = place.number(sequence);
    let mut third = place.watched(None);
    third.world.engine.resume().await.unwrap();
    third.passes("reread.ended").await;
    assert_eq!(third.news(), []);
    assert_eq!(shown(&third.world, result), before);
    third.world.engine.close().await.unwrap();
    drop(third);
    assert_eq!(place.number(sequence), seq);
}

/// Somebody reviewed a call elsewhere; only its row told, which is less than the conversation.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_later_row_said_is_not_lost_by_reading_anew() {
    let server = Server::start().await;
    let place = Place::new();
    let world = World::connected_with(&server, place.options()).await;
    let body = world.plan_of(6).await;
    let result = world.place(&body).await.result_id.unwrap();
    world.finished(result).await;
    let (_, _, calls) = shown(&world, result);
    let call = calls.iter().find(|call| call.1 == OutcomeView::Passed).expect("something passes").0;
    world.review_elsewhere(&server, call).await;
    world
        .until("the reviewed call", || {
            let (_, _, calls) = shown(&world, result);
            calls.iter().find(|one| one.0 == call && one.4).map(|_| ())
        })
        .await;
    world.engine.close().await.unwrap();
    drop(world);
    let before = shown(&place.watched(None).world, result);
    server.stop().await;

    let beside = "SELECT CAST(group_concat(id) AS INTEGER) FROM call_updates";
    assert_eq!(place.number(beside), call, "the row that says more, and no other");
    by_another_version(&place, result);
    let mut again = place.watched(None);
    again.world.engine.resume().await.unwrap();
    again.passes("reread.batch").await;
    again.passes("reread.ended").await;
    assert_eq!(shown(&again.world, result), before);
    again.world.engine.close().await.unwrap();
}

/// Two results as an earlier version kept them: every call was stopped, and it had read a pass.
fn old_results(dir: &Path, workspace: i64, calls: &[(i64, i64)]) {
    let ledger = Ledger::open(LedgerConfig {
        dir: dir.to_owned(),
        now: Ahead::default().clock(),
        failpoint: None,
    })
    .unwrap();
    for (result, count) in calls {
        let put = ResultPut {
            id: *result,
            name: format!("Nightly {result}"),
            agent: None,
            agent_name: None,
            status: Some("completed".to_owned()),
            run_type: None,
            scheduled: false,
            created_at: None,
            expected_calls: u32::try_from(*count).ok(),
            launch_id: None,
            followed: Some(false),
            raw: json!({ "id": result }),
            has_detail: true,
            server_passed: None,
            server_failed: None,
        };
        ledger.result_put(workspace, &put).unwrap();
        let puts: Vec<CallPut> = (0..*count)
            .map(|at| CallPut {
                id: result * 1_000 + at,
                evaluator: Some(1),
                evaluator_name: Some("Refund".to_owned()),
                caller: None,
                caller_name: None,
                profile: None,
                profile_name: None,
                status: Some("cancelled".to_owned()),
                outcome: "passed".to_owned(),
                why: json!({}),
                reading: 0,
                duration_s: None,
                started_at: None,
                ended: true,
                detail: Detail::Light,
                raw: json!({ "id": result * 1_000 + at, "status": "cancelled" }),
            })
            .collect();
        ledger.calls_put(workspace, *result, &puts).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_come_first_and_leaving_in_the_middle_loses_nothing() {
    let server = Server::start().await;
    let place = Place::new();
    let world = World::connected_with(&server, place.options()).await;
    let workspace = world.engine.app_state().unwrap().current.unwrap().id;
    world.engine.close().await.unwrap();
    drop(world);
    server.stop().await;
    old_results(place.dir.path(), workspace, &[(100, 400), (200, 200)]);

    let (go, gate) = std::sync::mpsc::channel();
    let mut first = place.watched(Some(gate));
    first.world.engine.resume().await.unwrap();
    first.passes("reread.batch").await;
    first.world.engine.workspace_close().await.unwrap();
    go.send(()).unwrap();
    first.world.engine.close().await.unwrap();
    drop(first);
    let left = |result: i64| {
        place.number(&format!(
            "SELECT count(*) FROM calls WHERE reading = 0 AND outcome = 'passed'
             AND result = {result}"
        ))
    };
    assert_eq!((left(200), left(100)), (0, 300), "a batch, and no more after the word to leave");

    let mut second = place.watched(None);
    second.world.engine.workspace_open(workspace).await.unwrap();
    second.passes("reread.batch").await;
    second.passes("reread.ended").await;
    let stopped = |result| second.world.engine.result_read(result).unwrap().row.counts.stopped;
    assert_eq!((stopped(200), stopped(100)), (200, 400));
    assert_eq!(
        second.news(),
        [(FeedTopic::Calls, vec![100]), (FeedTopic::Results, vec![100])],
        "once a batch"
    );
    second.world.engine.close().await.unwrap();
}
