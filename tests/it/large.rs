//! A result of many calls: read by the page, only what changed, and shown whole.

use crate::support::{Server, World, WorldOptions};
use engine::view::{ConfirmReason, Confirmation};

#[tokio::test(flavor = "multi_thread")]
async fn a_large_result_is_read_by_the_page_and_ends() {
    let server = Server::with(|config| {
        config.speed = 6000.0;
        config.parallel_limit = 1000;
    })
    .await;
    let world = World::connected_with(&server, WorldOptions::default()).await;
    let mut body = world.plan_of(12).await;
    body.times = "50".to_owned();
    body.at_once = "600".to_owned();
    let draft = world.draft(&body);
    let yes = Confirmation { calls: 600, reasons: vec![ConfirmReason::ManyCalls] };
    let launch = world.engine.launch_place(&draft, Some(&yes)).unwrap();
    let launch = world.launch_settled(&launch.id).await;
    let result = launch.result_id.unwrap();
    let done = world.finished(result).await;
    assert_eq!((done.row.calls, done.row.counts.in_progress), (600, 0));
    assert_eq!(done.groups.iter().map(|group| group.calls.len()).sum::<usize>(), 600);
    let call = done.groups[0].calls[0].id;
    assert!(world.engine.call_read(result, call).is_ok());

    let pages = server.requests_to("/runs/").await;
    assert!(pages >= 3, "600 calls are three pages, and {pages} were read");
    let whole = server.requests_to(&format!("/results/{result}/")).await;
    assert!(whole <= 2, "the whole of it was read {whole} times");
    server.stop().await;
}
