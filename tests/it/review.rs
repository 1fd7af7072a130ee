//! What people say of calls, and running a part again.

use engine::Code;
use engine::view::{LaunchStateView, OutcomeView, RepeatPart};

use crate::support::{Server, World};

#[tokio::test(flavor = "multi_thread")]
async fn notes_votes_and_verdicts_survive_fetching_again() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let body = world.plan_of(12).await;
    let launch = world.place(&body).await;
    let result = launch.result_id.unwrap();
    let done = world.finished(result).await;
    let call = done
        .groups
        .iter()
        .flat_map(|group| &group.calls)
        .find(|call| call.outcome == OutcomeView::Passed)
        .expect("something passes")
        .id;
    world.engine.note_save(call, "  Ask Ines about this one.  ").unwrap();
    let metric = world.engine.call_read(result, call).unwrap().metrics[0].id.unwrap().to_string();
    let human = world.engine.vote_save(call, &metric, Some(false)).await.unwrap();
    assert!(human.sent, "the server knows it");
    world.engine.vote_save(call, "expected_outcome", Some(false)).await.unwrap();
    world.engine.review_save(call, Some(false)).await.unwrap();

    let view = world.engine.call_read(result, call).unwrap();
    assert_eq!(view.row.outcome, OutcomeView::AgentFailed);
    assert!(view.row.reviewed && view.row.noted);
    assert_eq!(view.note.as_deref(), Some("  Ask Ines about this one.  "), "as it was typed");
    assert_eq!(view.human.votes.get(&metric), Some(&false));
    let after = world.engine.result_read(result).unwrap();
    assert_eq!(after.row.counts.agent_failed, done.row.counts.agent_failed + 1);

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
    let mut body = world.plan_of(45).await;
    body.at_once = "15".to_owned();
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

    assert_eq!(
        world.engine.result_repeat(parent, RepeatPart::Chosen, &[]).unwrap_err().code,
        Code::NothingToRepeat
    );
    server.stop().await;
}
