//! The whole way through: practice, plan, launch, follow, read; and again after a restart.

use engine::view::{LaunchStateView, OutcomeView, Speaker};

use crate::support::{Ahead, World, WorldOptions, mock_vault};

#[tokio::test(flavor = "multi_thread")]
async fn practice_calls_are_placed_followed_and_read() {
    let world = World::practice().await;
    let mut body = world.plan_of(6).await;
    body.times = "2".to_owned();
    let view = world.engine.plan_check(&body).unwrap();
    assert_eq!((view.calls, view.may_place), (12, true), "{:?}", view.checks);

    let launch = world.place(&body).await;
    assert_eq!(launch.state, LaunchStateView::Launched);
    assert_eq!(launch.calls_placed, Some(12));
    let result = launch.result_id.unwrap();

    let done = world.finished(result).await;
    let counts = done.row.counts;
    let sum = counts.passed
        + counts.agent_failed
        + counts.never_connected
        + counts.needs_a_look
        + counts.stopped
        + counts.in_progress;
    assert_eq!((sum, done.row.calls, counts.in_progress), (12, 12, 0));
    assert!(done.row.mine && done.row.finished && !done.row.followed);
    assert_eq!(done.groups.iter().map(|group| group.calls.len()).sum::<usize>(), 12);

    // Every call that connected can be read, with its conversation and its judgement.
    let mut conversations = 0;
    for group in &done.groups {
        for call in &group.calls {
            let view = world.engine.call_read(result, call.id).unwrap();
            assert_eq!(view.row.outcome, call.outcome);
            if matches!(call.outcome, OutcomeView::Passed | OutcomeView::AgentFailed) {
                let turns = view.transcript.expect("a judged call has its conversation");
                assert!(turns.iter().any(|turn| turn.speaker == Speaker::Agent));
                assert!(turns.iter().any(|turn| turn.speaker == Speaker::Caller));
                conversations += 1;
            }
        }
    }
    assert!(conversations > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_in_the_middle_goes_on_following() {
    let dir = tempfile::TempDir::new().unwrap();
    let options = |ahead: &Ahead| WorldOptions {
        // At the pace of life: nothing has ended before the restart.
        speed: 1.0,
        folder: Some(dir.path().to_owned()),
        vault: mock_vault(),
        ahead: ahead.clone(),
        ..WorldOptions::default()
    };
    let ahead = Ahead::default();
    let world = World::new(options(&ahead));
    world.engine.practice_open().await.unwrap();
    let body = world.plan_of(3).await;
    let launch = world.place(&body).await;
    let result = launch.result_id.unwrap();
    let before = world.engine.result_read(result).unwrap();
    assert!(before.row.followed, "{before:?}");
    world.engine.close().await.unwrap();
    drop(world);

    // While it is closed the calls go on: an hour passes.
    ahead.forward(3600);
    let world = World::new(options(&ahead));
    let shown = world.engine.result_read(result).expect("readable before anything is fetched");
    assert!(shown.row.followed);
    world.engine.resume().await.unwrap();
    let done = world.finished(result).await;
    assert_eq!(done.row.counts.in_progress, 0);
    assert_eq!(done.row.calls, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_ends_what_has_not_ended() {
    let world = World::new(WorldOptions { speed: 1.0, ..WorldOptions::default() });
    world.engine.practice_open().await.unwrap();
    let body = world.plan_of(8).await;
    let launch = world.place(&body).await;
    let result = launch.result_id.unwrap();
    world.engine.result_stop(result).await.unwrap();
    let done = world.finished(result).await;
    assert_eq!(done.row.counts.in_progress, 0);
    assert!(done.row.counts.stopped > 0, "{:?}", done.row.counts);
}
