//! What is under way when somebody wants to close, and what the next start begins with.

use engine::UnderWay;
use serde_json::json;

use crate::support::{Server, World, WorldOptions};

#[tokio::test(flavor = "multi_thread")]
async fn a_launch_is_under_way_until_its_answer_is_written_down() {
    let server = Server::with(|config| config.speed = 1.0).await;
    let world = World::connected(&server).await;
    let engine = world.engine.clone();
    let followed = engine.under_way().unwrap().calls;
    let body = world.plan_of(1).await;
    server.fault(json!({ "match": { "method": "POST", "path_contains": "run_scenarios", "times": 1 }, "kind": "hold" })).await;
    let launch = engine.launch_place(&world.draft(&body), None).unwrap();
    assert_eq!(engine.under_way().unwrap(), UnderWay { launching: true, calls: followed });
    let settled = tokio::spawn({
        let engine = engine.clone();
        async move { engine.launches_settled().await }
    });
    world
        .until_async("the launch is at the server", async || server.placed_count().await == 1)
        .await;
    assert!(engine.is_launching() && !settled.is_finished());

    server.heal().await;
    settled.await.unwrap();
    let launched = engine.launch_read(&launch.id).unwrap();
    assert_eq!(launched.state, engine::view::LaunchStateView::Launched);
    assert_eq!(engine.under_way().unwrap(), UnderWay { launching: false, calls: followed + 1 });
    // With nothing on its way there is nothing to wait for.
    engine.launches_settled().await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_screen_is_what_the_first_two_questions_are_answered_with() {
    let fresh = World::new(WorldOptions::default());
    let first = fresh.engine.first_screen().unwrap();
    assert_eq!((first.state, first.results), (fresh.engine.app_state().unwrap(), None));
    assert_eq!(fresh.engine.under_way().unwrap(), UnderWay { launching: false, calls: 0 });

    let server = Server::start().await;
    let world = World::connected(&server).await;
    world.place(&world.plan_of(1).await).await;
    let query = engine::view::ResultsQuery { limit: 50, ..Default::default() };
    // The followed calls may change between two readings.
    world
        .until("the same", || {
            let first = world.engine.first_screen().unwrap();
            let results = world.engine.results_list(&query).unwrap();
            assert_eq!(first.state, world.engine.app_state().unwrap());
            (results.total > 0 && first.results == Some(results)).then_some(())
        })
        .await;
    server.stop().await;
}
