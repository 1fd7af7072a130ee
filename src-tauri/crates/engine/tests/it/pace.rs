//! How often the server is asked: by whether somebody looks, and after failures.

use std::time::Duration;

use engine::Cadence;
use engine::view::ConnectionState;
use serde_json::json;
use wiremock::matchers::path;
use wiremock::{Mock, ResponseTemplate};

use crate::support::World;

const fn seconds(whole: u64) -> Duration {
    Duration::from_secs(whole)
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_followed_at_a_third_of_the_pace_while_nobody_looks() {
    let mut world = World::open(true).await;
    assert_eq!(world.pass().await, seconds(5));
    world.away().await;
    world.asked().await;
    assert_eq!(world.pass().await, seconds(15));
    assert_eq!(world.asked().await, 1, "the call is still followed");
    world.engine.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_practice_studio_is_asked_every_second_whoever_looks() {
    let mut world = World::open_at(Cadence::PRACTICE, true).await;
    assert_eq!(world.pass().await, seconds(1));
    world.away().await;
    assert_eq!(world.pass().await, seconds(1));
    world.says(ResponseTemplate::new(503)).await;
    assert_eq!(world.pass().await, Duration::from_millis(1400));
    world.engine.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_server_that_nobody_looks_at_is_asked_no_more_often_than_a_well_one() {
    let mut world = World::open(true).await;
    world.chance(0.0);
    world.away().await;
    let well = world.pass().await;
    assert_eq!(well, seconds(12));
    world.says(ResponseTemplate::new(503)).await;
    assert_eq!(world.pass().await, well);
    // Who looks again does not wait so long.
    world.engine.looked_at(true);
    assert_eq!(world.pause().await, seconds(5));
    world.engine.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_again_sees_what_is_at_most_five_seconds_old() {
    let mut world = World::open(true).await;
    world.away().await;
    assert_eq!(world.pass().await, seconds(15));
    world.asked().await;
    world.ahead(2);
    world.engine.looked_at(true);
    assert_eq!(world.pause().await, seconds(3));
    assert_eq!(world.asked().await, 0, "the last look is young");

    world.away().await;
    assert_eq!(world.pass().await, seconds(15));
    world.asked().await;
    world.ahead(6);
    world.engine.looked_at(true);
    assert_eq!(world.pause().await, seconds(5));
    assert!(world.asked().await > 0, "it was asked at once");
    world.engine.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_again_has_the_list_read_also_where_nothing_moves() {
    let mut world = World::open(false).await;
    world.away().await;
    assert_eq!(world.pass().await, seconds(60));
    world.asked().await;
    world.ahead(6);
    world.engine.looked_at(true);
    assert_eq!(world.pause().await, seconds(60));
    assert!(world.asked().await > 0);
    world.engine.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn pauses_double_with_each_failure_until_the_network_is_back() {
    let mut world = World::open(true).await;
    world.says(ResponseTemplate::new(429)).await;
    let mut pauses = Vec::new();
    for _ in 0..7 {
        pauses.push(world.pass().await.as_secs());
    }
    // Chance is in the middle.
    assert_eq!(pauses, [7, 12, 22, 42, 82, 152, 152]);
    world.engine.connection_retry().unwrap();
    assert_eq!(world.pause().await, seconds(7));
    world.pass().await;
    world.heals(true).await;
    world.pass().await;
    world.says(ResponseTemplate::new(429)).await;
    assert_eq!(world.pass().await, seconds(7), "and with a success");
    world.engine.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_failure_has_the_server_asked_more_often_than_when_all_is_well() {
    let mut world = World::open(true).await;
    world.chance(0.0);
    let well = world.pass().await;
    assert_eq!(well, seconds(4));
    world.says(ResponseTemplate::new(429)).await;
    assert_eq!(world.pass().await, well);

    // The result is told and the list is not: each pass begins anew with its first failure.
    world.heals(true).await;
    Mock::given(path("/test_framework/v2/results/"))
        .respond_with(ResponseTemplate::new(429))
        .with_priority(1)
        .mount(&world.server)
        .await;
    world.engine.results_refresh().unwrap();
    assert_eq!(world.pause().await, well);
    world.asked().await;
    for _ in 0..3 {
        assert_eq!(world.pass().await, well);
        assert_eq!(world.asked().await, 2);
    }
    world.engine.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_is_back_does_not_overrule_a_server_that_asks_to_wait() {
    for status in [429, 503] {
        let mut world = World::open(true).await;
        world.says(ResponseTemplate::new(status).insert_header("retry-after", "40")).await;
        assert_eq!(world.pass().await, seconds(40));
        world.asked().await;
        world.ahead(10);
        let before = world.engine.connection_read().unwrap();
        assert_eq!(world.engine.connection_retry().unwrap(), before);
        assert!(before.next_try_at.is_some());
        world.engine.looked_at(false);
        assert_eq!(world.pause().await, seconds(30));
        assert_eq!(world.asked().await, 0);

        world.ahead(30);
        world.engine.connection_retry().unwrap();
        world.pause().await;
        assert!(world.asked().await > 0, "the time is over");
        world.engine.close().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_again_does_not_overrule_a_server_that_asks_to_wait() {
    let mut world = World::open(true).await;
    world.away().await;
    assert_eq!(world.pass().await, seconds(15));
    world.says(ResponseTemplate::new(429).insert_header("retry-after", "40")).await;
    assert_eq!(world.pass().await, seconds(40));
    world.asked().await;
    world.ahead(10);
    world.engine.looked_at(true);
    assert_eq!(world.pause().await, seconds(30));
    assert_eq!(world.asked().await, 0);
    let view = world.engine.connection_read().unwrap();
    assert_eq!(view.state, ConnectionState::Throttled);
    world.engine.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_again_does_not_send_a_refused_key_again() {
    let mut world = World::open(true).await;
    world.away().await;
    assert_eq!(world.pass().await, seconds(15));
    let refusal = json!({ "detail": "Invalid API key." });
    world.says(ResponseTemplate::new(401).set_body_json(refusal)).await;
    assert_eq!(world.pass().await, seconds(300));
    let view = world.engine.connection_read().unwrap();
    assert_eq!(view.state, ConnectionState::KeyRejected);
    world.asked().await;
    world.ahead(10);
    world.engine.looked_at(true);
    assert_eq!(world.pause().await, seconds(290));
    assert_eq!(world.asked().await, 0);
    // A person has helped.
    world.engine.connection_retry().unwrap();
    world.pause().await;
    assert!(world.asked().await > 0);
    world.engine.close().await.unwrap();
}
