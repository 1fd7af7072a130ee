//! What people say of calls, and running a part again.

use engine::Code;
use engine::view::{CallRowView, LaunchStateView, OutcomeView, RepeatPart};

use serde_json::{Value, json};

use crate::support::{KEY, PATIENCE, Passes, Server, World, WorldOptions, quick};

/// What the server itself says of a call.
async fn at_server(server: &Server, call: i64) -> Value {
    let answer = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .get(format!("{}/test_framework/v2/runs/{call}/", server.base_url))
        .header("X-CEKURA-API-KEY", KEY)
        .send()
        .await
        .unwrap();
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}

/// Places some calls and gives the result and one call that passed.
async fn one_that_passed(world: &World) -> (i64, i64) {
    let body = world.plan_of(12).await;
    let result = world.place(&body).await.result_id.unwrap();
    let done = world.finished(result).await;
    let mut calls = done.groups.iter().flat_map(|group| &group.calls);
    let call = calls.find(|call| call.outcome == OutcomeView::Passed).expect("something passes");
    (result, call.id)
}

fn metric_of(world: &World, result: i64, call: i64) -> String {
    world.engine.call_read(result, call).unwrap().metrics[0].id.unwrap().to_string()
}

/// The row of a call in its result.
fn row_of(world: &World, result: i64, call: i64) -> CallRowView {
    let view = world.engine.result_read(result).unwrap();
    let mut calls = view.groups.into_iter().flat_map(|group| group.calls);
    calls.find(|one| one.id == call).expect("its row")
}

/// The vote on a metric as the server has it.
async fn vote_at_server(server: &Server, call: i64, metric: &str) -> Value {
    let run = at_server(server, call).await;
    let metrics = run["evaluation"]["metrics"].as_array().expect("metrics").clone();
    let found =
        metrics.iter().find(|one| one["id"].as_i64() == metric.parse().ok()).expect("the metric");
    found["thumbs_up"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_votes_and_verdicts_survive_fetching_again() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let (result, call) = one_that_passed(&world).await;
    let done = world.engine.result_read(result).unwrap();
    world.engine.note_save(call, "  Ask Ines about this one.  ").unwrap();
    let metric = world.engine.call_read(result, call).unwrap().metrics[0].id.unwrap().to_string();
    let human = world.engine.vote_save(call, &metric, Some(false)).await.unwrap();
    assert!(human.sent, "the server knows it");
    world.engine.vote_save(call, "expected_outcome", Some(false)).await.unwrap();
    world.engine.review_save(call, Some(false)).await.unwrap();

    let view = world.engine.call_read(result, call).unwrap();
    assert_eq!(view.row.outcome, OutcomeView::AgentFailed);
    assert!(view.row.reviewed && view.row.noted && view.row.voted);
    assert_eq!(view.note.as_deref(), Some("  Ask Ines about this one.  "), "as it was typed");
    assert_eq!(view.human.votes.get(&metric), Some(&false));
    let after = world.engine.result_read(result).unwrap();
    let mut rows = after.groups.iter().flat_map(|group| &group.calls);
    let row = rows.find(|row| row.id == call).expect("its row");
    assert!(row.reviewed && row.noted && row.voted, "the result shows them too");
    assert_eq!(after.row.counts.agent_failed, done.row.counts.agent_failed + 1);

    // It goes into a file of the result, whatever the result is called.
    let said = world.engine.result_said(result).unwrap();
    assert_eq!(said.len(), 1, "only what was said");
    assert_eq!((said[0].call, said[0].review), (call, Some(false)));
    assert_eq!(said[0].note.as_deref(), Some("  Ask Ines about this one.  "));
    let file = world.engine.result_file(result, "a,b").unwrap();
    assert!(file.strip_suffix(".csv").is_some() && !file.contains(['/', '\\', ':']), "{file}");
    assert_eq!(world.engine.result_file(result + 1000, "").unwrap_err().code, Code::Gone);
    let large = "x".repeat(33 * 1024 * 1024);
    assert_eq!(world.engine.result_file(result, &large).unwrap_err().code, Code::BadInput);

    // A server that is away takes nothing from it.
    let base = server.base_url.clone();
    server.stop().await;
    let human = world.engine.review_save(call, Some(true)).await.unwrap();
    assert!(!human.sent, "{base} is away");
    let view = world.engine.call_read(result, call).unwrap();
    assert_eq!((view.row.outcome, view.human.review), (OutcomeView::Passed, Some(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_is_run_again_and_the_parent_knows() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let mut body = world.plan_of(24).await;
    body.at_once = "30".to_owned();
    let callers = world.catalogue().await.callers;
    body.callers = callers.iter().take(2).map(|caller| caller.id).collect();
    let launch = world.place(&body).await;
    let parent = launch.result_id.unwrap();
    let done = world.finished(parent).await;
    let failed: Vec<i64> = done
        .groups
        .iter()
        .filter(|group| group.calls.iter().any(|call| call.outcome == OutcomeView::AgentFailed))
        .filter_map(|group| group.evaluator)
        .collect();
    assert!(!failed.is_empty(), "some evaluator fails: {:?}", done.row.counts);
    let made = world.engine.result_repeat(parent, RepeatPart::AgentFailed, &[]).unwrap();
    let mut chosen = made.draft.body.evaluators.clone();
    chosen.sort_unstable();
    let mut expected = failed.clone();
    expected.sort_unstable();
    assert_eq!(chosen, expected);
    assert_eq!(made.draft.body.agent, body.agent);
    assert_eq!((made.run_type, made.settings, made.unnamed), (None, Vec::new(), 0));
    // As few as make up for them, and as many as the menu said.
    let part = done.again.agent_failed;
    assert_eq!(part.calls, done.row.counts.agent_failed);
    assert_eq!(part.evaluators as usize, failed.len());
    let placed = world.engine.plan_check(&made.draft.body).unwrap().calls;
    assert_eq!(placed, part.up_to);
    assert!((part.calls..=part.evaluators * 2).contains(&placed), "{part:?}");
    assert_eq!(done.again.everything.up_to, 48);
    assert_eq!(done.again.each, 2);
    assert_eq!(server.launch_count().await, 1, "nothing is placed by it");
    let launch = world.engine.launch_place(&made.draft.id, None).unwrap();
    let launch = world.launch_settled(&launch.id).await;
    assert_eq!(launch.state, LaunchStateView::Launched);
    let child = launch.result_id.unwrap();
    let later = world.finished(child).await;
    assert_eq!(later.parent.as_ref().map(|parent| parent.result), Some(parent));
    let parent_view = world.engine.result_read(parent).unwrap();
    assert_eq!(parent_view.repeats.len(), 1);
    assert_eq!(parent_view.repeats[0].result, child);
    // Fixed is what failed there and only passes now; nothing else went wrong with it there.
    for fixed in &parent_view.repeats[0].fixed {
        assert_eq!(fixed.on_try, 2);
        let of = |view: &engine::view::ResultView| {
            let mut groups = view.groups.clone().into_iter();
            groups.find(|group| group.evaluator == Some(fixed.evaluator)).expect("the evaluator")
        };
        assert!(of(&later).calls.iter().all(|call| call.outcome == OutcomeView::Passed));
        assert_eq!(of(&parent_view).fixed_on, Some(2));
        assert!(of(&done).calls.iter().all(|call| call.outcome != OutcomeView::NeverConnected));
    }
    assert_eq!(later.parent.expect("its parent").fixed, parent_view.repeats[0].fixed);

    assert_eq!(
        world.engine.result_repeat(parent, RepeatPart::Chosen, &[]).unwrap_err().code,
        Code::NothingToRepeat
    );
    server.stop().await;
}

/// The server has told the verdict back, so that it stands in what is kept of the call; it goes from
/// there the moment it is taken back, whether the server can be told or not.
#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_that_is_taken_back_is_gone_at_once() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let (result, call) = one_that_passed(&world).await;
    let counts = world.engine.result_read(result).unwrap().row.counts;
    world.engine.review_save(call, Some(false)).await.unwrap();
    assert_eq!(at_server(&server, call).await["evaluation_status"], "reviewed_failure");
    // The server tells it back: it is read, and the pass after that has ended.
    let reads = async || server.requests_to(&format!("/results/{result}/")).await;
    let before = reads().await;
    world.engine.results_refresh().unwrap();
    world.until_async("the result read again", async || reads().await > before).await;
    let lists = async || server.requests_to("/v2/results/").await;
    let before = lists().await;
    world.until_async("the next passes", async || lists().await > before + 1).await;
    // Another computer finds it there, and no judgement of its own before it.
    let other = World::connected(&server).await;
    let there = other
        .until("the verdict on another computer", || {
            let view = other.engine.result_read(result).ok()?;
            let mut calls = view.groups.into_iter().flat_map(|group| group.calls);
            calls.find(|one| one.id == call && one.reviewed)
        })
        .await;
    assert_eq!(there.outcome, OutcomeView::AgentFailed);

    let path = format!("runs/{call}/");
    let edits = json!({ "method": "PATCH", "path_contains": path });
    server.fault(json!({ "match": edits, "kind": "drop_before" })).await;
    world.engine.review_save(call, None).await.unwrap();
    let view = world.engine.call_read(result, call).unwrap();
    assert_eq!((view.row.outcome, view.row.reviewed), (OutcomeView::Passed, false));
    assert_eq!(world.engine.result_read(result).unwrap().row.counts, counts);
    assert_eq!(at_server(&server, call).await["evaluation_status"], "reviewed_failure");
    server.heal().await;
    world
        .until_async("the judge's word at the server", async || {
            let run = at_server(&server, call).await;
            run["evaluation_status"] == "success" && run["success"] == true
        })
        .await;
    let view = world.engine.call_read(result, call).unwrap();
    assert_eq!((view.row.outcome, view.row.reviewed), (OutcomeView::Passed, false));

    // The other one has the verdict in what it keeps, says the opposite, and takes that back.
    other.engine.review_save(call, Some(true)).await.unwrap();
    server.stop().await;
    other.engine.review_save(call, None).await.unwrap();
    let view = other.engine.call_read(result, call).unwrap();
    assert_eq!(
        (view.row.outcome, view.row.reviewed),
        (OutcomeView::AgentFailed, true),
        "what had been there before stands again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_that_is_taken_back_offline_is_told_later() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let (result, call) = one_that_passed(&world).await;
    let metric = metric_of(&world, result, call);
    world.engine.vote_save(call, &metric, Some(false)).await.unwrap();
    assert_eq!(vote_at_server(&server, call, &metric).await, json!(false));
    let path = format!("runs/{call}/mark_metric_vote/");
    server.fault(json!({ "match": { "path_contains": path }, "kind": "drop_before" })).await;
    let row = || row_of(&world, result, call);
    assert!(!row().untold, "the server knows the vote");
    world.engine.vote_save(call, &metric, None).await.unwrap();
    assert_eq!(vote_at_server(&server, call, &metric).await, json!(false), "it has not heard");
    assert!(row().untold && !row().voted, "what was taken back waits to be told");
    server.heal().await;
    world
        .until_async("the vote gone from the server", async || {
            vote_at_server(&server, call, &metric).await.is_null()
        })
        .await;
    assert!(world.engine.call_read(result, call).unwrap().human.votes.is_empty());
    world.until("a row with nothing to tell", || (!row().untold).then_some(())).await;
    assert!(world.engine.call_read(result, call).unwrap().human.sent, "nothing is left to tell");
    server.stop().await;
}

/// A refusal is not the same as not knowing the call: it stays unsaid there, is shown so, and is
/// tried again, but not with every look.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_refuses_stays_unsent_and_is_told_again_later() {
    let server = Server::start().await;
    let (network, mut passes) = Passes::of(quick());
    let options = WorldOptions { network, ..WorldOptions::default() };
    let world = World::new(options);
    let request =
        engine::view::ConnectRequest { server: server.base_url.clone(), session_only: false };
    world.engine.workspace_connect(KEY, &request).await.unwrap();
    passes.ended().await;
    for _ in 0..3 {
        passes.next().await;
    }
    let body = world.plan_of(3).await;
    let result = world.place(&body).await.result_id.unwrap();
    let began = std::time::Instant::now();
    while !world.engine.result_read(result).is_ok_and(|view| view.row.finished) {
        assert!(began.elapsed() < PATIENCE, "the calls end");
        passes.next().await;
    }
    let call = world.engine.result_read(result).unwrap().groups[0].calls[0].id;
    let metric = metric_of(&world, result, call);
    let path = format!("runs/{call}/mark_metric_vote/");
    server
        .fault(json!({ "match": { "path_contains": path }, "kind": { "status": { "code": 403 } } }))
        .await;
    let human = world.engine.vote_save(call, &metric, Some(true)).await.unwrap();
    assert!(!human.sent, "it was refused");
    let asked = server.requests_to(&path).await;
    for _ in 0..3 {
        passes.next().await;
    }
    assert_eq!(server.requests_to(&path).await, asked, "not again with every look");
    assert!(!world.engine.call_read(result, call).unwrap().human.sent, "and still not known there");

    server.heal().await;
    world.ahead.forward(3700);
    let mut turns = 0;
    while !world.engine.call_read(result, call).unwrap().human.sent {
        turns += 1;
        assert!(turns < 20, "it is told again after a while");
        passes.next().await;
    }
    assert_eq!(vote_at_server(&server, call, &metric).await, json!(true));

    // A call that is gone there will not be asked for again.
    server
        .fault(json!({ "match": { "path_contains": path }, "kind": { "status": { "code": 404 } } }))
        .await;
    assert!(world.engine.vote_save(call, &metric, Some(false)).await.unwrap().sent);
    server.stop().await;
}
