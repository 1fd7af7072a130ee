//! What outlives a restart, a switch of workspace, a lost archive: wishes to stop, answers to launches,
//! results that the journal knows.

use std::sync::Arc;

use engine::Code;
use engine::view::{DraftBody, LaunchStateView, OutcomeView, RepeatPart};
use serde_json::json;

use crate::proxy::{Gate, Proxy, Spoil};
use crate::support::{Ahead, Server, World, WorldOptions, mock_vault};

const LAUNCH: &str = "/run_scenarios_pipecat_v2/";

/// A world that speaks to a studio through a proxy.
async fn behind_a_proxy(server: &Server) -> (Proxy, World) {
    let proxy = Proxy::before(&server.base_url).await;
    let world = World::connected_to(&proxy.url(), WorldOptions::default()).await;
    (proxy, world)
}

/// Somebody wanted the calls to end; the server did not hear, and Linecheck was closed.
#[tokio::test(flavor = "multi_thread")]
async fn a_wish_to_stop_is_told_again_after_a_restart() {
    // At the pace of life: there is something to stop after the restart, too.
    let server = Server::with(|config| config.speed = 1.0).await;
    let dir = tempfile::TempDir::new().unwrap();
    let vault = mock_vault();
    let options = || WorldOptions {
        folder: Some(dir.path().to_owned()),
        vault: vault.clone(),
        ..WorldOptions::default()
    };
    let world = World::connected_with(&server, options()).await;
    let body = world.plan_of(6).await;
    let result = world.place(&body).await.result_id.unwrap();
    server
        .fault(json!({
            "match": { "method": "POST", "path_contains": "end_calls" },
            "kind": { "status": { "code": 503 } },
        }))
        .await;
    let refused = world.engine.result_stop(result).await.unwrap_err();
    assert_eq!(refused.code, Code::ServerTrouble);
    assert!(world.engine.result_read(result).unwrap().stopping);
    world.engine.close().await.unwrap();
    drop(world);

    server.heal().await;
    let world = World::new(options());
    world.engine.resume().await.unwrap();
    assert!(world.engine.result_read(result).unwrap().stopping, "the wish was forgotten");
    world.ahead.forward(15);
    world.engine.connection_retry().unwrap();
    let done = world.finished(result).await;
    assert!(done.row.counts.stopped > 0, "{:?}", done.row.counts);
    assert!(!done.stopping);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_call_is_stopped_and_the_others_go_on() {
    // At the pace of life, until the clock is moved: the call must not end before it is stopped.
    let ahead = Ahead::default();
    let server = Server::ahead(&ahead, |config| config.speed = 1.0).await;
    let options = WorldOptions { ahead: ahead.clone(), ..WorldOptions::default() };
    let world = World::connected_with(&server, options).await;
    let mut body = world.plan_of(3).await;
    body.at_once = "3".to_owned();
    let result = world.place(&body).await.result_id.unwrap();
    let call = world
        .until("a call", || {
            let view = world.engine.result_read(result).ok()?;
            view.groups.first()?.calls.first().map(|call| call.id)
        })
        .await;
    world.engine.call_stop(result, call).await.unwrap();
    ahead.forward(3600);
    let done = world.finished(result).await;
    let stopped: Vec<i64> = done
        .groups
        .iter()
        .flat_map(|group| &group.calls)
        .filter(|call| call.outcome == OutcomeView::Stopped)
        .map(|call| call.id)
        .collect();
    assert_eq!(stopped, vec![call]);
    server.stop().await;
}

/// The answer comes after the workspace was left: it is recorded where it belongs, and nothing typed
/// in the other workspace is touched.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_finds_its_launch_after_the_workspace_was_left() {
    let server = Server::start().await;
    let (proxy, world) = behind_a_proxy(&server).await;
    let body = world.plan_of(2).await;
    let gate = Gate::shut();
    proxy.spoil("POST", LAUNCH, Spoil::Held(Arc::clone(&gate)));
    let draft = world.draft(&body);
    let launch = world.engine.launch_place(&draft, None).unwrap();
    gate.arrived().await;
    assert_eq!(launch.state, LaunchStateView::Sending);
    let first = world.engine.app_state().unwrap().current.unwrap().id;
    world.engine.practice_open().await.unwrap();
    world.catalogue().await;
    let mut other = world.plan_of(1).await;
    other.name = "In the other workspace".to_owned();
    world.draft(&other);

    gate.let_go();
    let ended = world.launch_settled(&launch.id).await;
    assert_eq!(ended.state, LaunchStateView::Launched);
    assert_eq!(world.engine.draft_read().unwrap().body, other);
    world.engine.workspace_open(first).await.unwrap();
    assert_eq!(world.engine.draft_read().unwrap().body.evaluators, Vec::<i64>::new());
    world.finished(ended.result_id.unwrap()).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_comes_later_leaves_the_other_workspace_alone() {
    let server = Server::start().await;
    let (proxy, world) = behind_a_proxy(&server).await;
    let body = world.plan_of(2).await;
    let first = world.engine.app_state().unwrap().current.unwrap().id;
    server
        .fault(json!({
            "match": { "method": "POST", "path_contains": "run_scenarios_pipecat_v2" },
            "kind": { "status": { "code": 400, "body": { "frequency": ["Too many."] } } },
        }))
        .await;
    let gate = Gate::shut();
    proxy.spoil("POST", LAUNCH, Spoil::Held(Arc::clone(&gate)));
    let draft = world.draft(&body);
    let launch = world.engine.launch_place(&draft, None).unwrap();
    gate.arrived().await;
    world.engine.practice_open().await.unwrap();
    let untouched = world.engine.draft_read().unwrap();
    gate.let_go();
    let ended = world.launch_settled(&launch.id).await;
    assert_eq!(ended.state, LaunchStateView::Refused);
    assert_eq!(ended.problems[0].field, "times");
    assert_eq!(world.engine.draft_read().unwrap().id, untouched.id);
    world.engine.workspace_open(first).await.unwrap();
    assert_eq!(world.engine.draft_read().unwrap().body, body, "given back where it was typed");
    server.stop().await;
}

/// Two looks at once find the same calls, and both say so.
#[tokio::test(flavor = "multi_thread")]
async fn two_looks_at_once_agree() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let body = world.plan_of(1).await;
    server
        .fault(json!({
            "match": { "method": "POST", "path_contains": "run_scenarios_pipecat_v2", "times": 1 },
            "kind": "drop_after",
        }))
        .await;
    let launch = world.place(&body).await;
    let looks: Vec<_> = (0..4)
        .map(|_| {
            let engine = world.engine.clone();
            let id = launch.id.clone();
            tokio::spawn(async move { engine.launch_look(&id).await })
        })
        .collect();
    for look in looks {
        let seen = look.await.unwrap().expect("a look that was slower is no error");
        assert_eq!(seen.state, LaunchStateView::Launched);
    }
    assert_eq!(server.placed_count().await, 1);
    server.stop().await;
}

/// The archive is lost; the journal knows which results were launched, and they come back.
#[tokio::test(flavor = "multi_thread")]
async fn results_come_back_after_the_archive_was_lost() {
    let server = Server::start().await;
    let dir = tempfile::TempDir::new().unwrap();
    let vault = mock_vault();
    let options = || WorldOptions {
        folder: Some(dir.path().to_owned()),
        vault: vault.clone(),
        ..WorldOptions::default()
    };
    let world = World::connected_with(&server, options()).await;
    let body = world.plan_of(2).await;
    let result = world.place(&body).await.result_id.unwrap();
    world.finished(result).await;
    world.engine.close().await.unwrap();
    drop(world);
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("archive.db")) {
            std::fs::remove_file(path).unwrap();
        }
    }
    let world = World::new(options());
    world.engine.resume().await.unwrap();
    let done = world.finished(result).await;
    assert_eq!((done.row.calls, done.row.mine), (2, true));
    server.stop().await;
}

/// Only what never connected is placed again: no more times than any evaluator lacks.
#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_missing_is_placed_again() {
    let server = Server::with(|config| config.parallel_limit = 40).await;
    let world = World::connected(&server).await;
    let mut body = world.plan_of(10).await;
    body.times = "4".to_owned();
    body.at_once = "40".to_owned();
    let result = world.place(&body).await.result_id.unwrap();
    let done = world.finished(result).await;
    assert!(done.row.counts.never_connected > 0, "{:?}", done.row.counts);
    let most = done
        .groups
        .iter()
        .map(|group| {
            group.calls.iter().filter(|call| call.outcome == OutcomeView::NeverConnected).count()
        })
        .max()
        .unwrap();
    let made = world.engine.result_repeat(result, RepeatPart::NeverConnected, &[]).unwrap();
    assert_eq!(made.draft.body.times, most.to_string());
    let view = world.engine.plan_check(&made.draft.body).unwrap();
    assert!(
        view.calls < 40,
        "{} calls to make up for {}",
        view.calls,
        done.row.counts.never_connected
    );
    if done.at_limit > 0 {
        let fewer = world.engine.result_repeat(result, RepeatPart::AtLimit, &[]).unwrap();
        assert_eq!(fewer.draft.body.at_once, "20", "half as many at once");
    }
    server.stop().await;
}

/// A draft that is as it was made, and one that was only searched in, give way to what was refused.
#[tokio::test(flavor = "multi_thread")]
async fn choices_come_back_although_somebody_searched_meanwhile() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let body = world.plan_of(2).await;
    server
        .fault(json!({
            "match": { "method": "POST", "path_contains": "run_scenarios_pipecat_v2" },
            "kind": { "status": { "code": 429, "retry_after": 30 } },
        }))
        .await;
    let draft = world.draft(&body);
    let launch = world.engine.launch_place(&draft, None).unwrap();
    let fresh = world.engine.draft_read().unwrap();
    if fresh.body != body {
        let mut searched = DraftBody { agent: fresh.body.agent, ..DraftBody::default() };
        searched.filter.search = "tulips".to_owned();
        // It may be given back between the two lines; then there is nothing to search in.
        let _ = world.engine.draft_save(&fresh.id, &searched);
    }
    let ended = world.launch_settled(&launch.id).await;
    assert_eq!((ended.state, ended.wait_seconds), (LaunchStateView::Refused, Some(30.0)));
    assert_eq!(world.engine.draft_read().unwrap().body.evaluators, body.evaluators);
    let again = world.engine.launch_reopen(&launch.id).unwrap();
    assert_eq!(again.draft.body, body);
    server.stop().await;
}

/// Somebody reviews a call elsewhere, long after the result ended: it is read again by itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_finished_result_that_changes_is_read_again() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let body = world.plan_of(6).await;
    let result = world.place(&body).await.result_id.unwrap();
    let done = world.finished(result).await;
    let call = done
        .groups
        .iter()
        .flat_map(|group| &group.calls)
        .find(|call| call.outcome == OutcomeView::Passed)
        .expect("something passes")
        .id;
    world.review_elsewhere(&server, call).await;
    world
        .until("the reviewed call", || {
            let view = world.engine.result_read(result).ok()?;
            view.groups
                .iter()
                .flat_map(|group| &group.calls)
                .any(|row| {
                    row.id == call && row.outcome == OutcomeView::AgentFailed && row.reviewed
                })
                .then_some(())
        })
        .await;
    server.stop().await;
}
