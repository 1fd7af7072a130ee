//! A result of many calls: read from the server page by page, and told to the window in pieces: the
//! first rows, the rest, and from then on only what changed.

use crate::support::{Ahead, Server, World, WorldOptions};
use engine::view::{ConfirmReason, Confirmation, EvaluatorGroup, Piece, ResultTold};
use serde_json::json;

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

    // The same before and after it is told: what the server adds at the end may come in between.
    let (done, first) = loop {
        let before = world.engine.result_read(result).unwrap();
        let first = world.engine.result_told(result, None).unwrap();
        if world.engine.result_read(result).unwrap() == before {
            break (before, first);
        }
    };
    assert!(first.more, "a screenful first");
    assert_eq!(first.head, engine::view::ResultView { groups: Vec::new(), ..done.clone() });
    let shown = put_together(&first, &[]);
    assert!(shown.iter().map(|group| group.calls.len()).sum::<usize>() < 600);
    assert_eq!(shown, done.groups[..shown.len()]);
    let rest = world.engine.result_told(result, Some(first.reading)).unwrap();
    assert!(!rest.more);
    assert_eq!(rest.groups[0], Piece::Kept(0, u32::try_from(shown.len()).unwrap()));
    let whole = put_together(&rest, &shown);
    assert_eq!(whole, done.groups);
    // One call changes in a way the server knows nothing of.
    world.engine.note_save(call, "Read the address again.").unwrap();
    let changed = world.engine.result_told(result, Some(rest.reading)).unwrap();
    let told: Vec<_> = changed.groups.iter().filter_map(new).collect();
    let [group] = told.as_slice() else { panic!("{} evaluators told anew", told.len()) };
    let calls: Vec<i64> = group.calls.iter().filter_map(new).map(|call| call.id).collect();
    assert_eq!(calls, [call]);
    assert!(put_together(&changed, &whole)[0].calls[0].noted);

    let pages = server.requests_to("/runs/").await;
    assert!(pages >= 3, "600 calls are three pages, and {pages} were read");
    let whole = server.requests_to(&format!("/results/{result}/")).await;
    assert!(whole <= 2, "the whole of it was read {whole} times");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_in_the_way_does_not_cost_a_large_result_what_the_server_says_of_it() {
    // At the pace of life, until the clock is moved: what follows must be there before the end.
    let ahead = Ahead::default();
    let server = Server::ahead(&ahead, |config| {
        config.speed = 1.0;
        config.parallel_limit = 1000;
    })
    .await;
    let options = WorldOptions { ahead: ahead.clone(), ..WorldOptions::default() };
    let world = World::connected_with(&server, options).await;
    let mut body = world.plan_of(12).await;
    body.times = "42".to_owned();
    body.at_once = "504".to_owned();
    let draft = world.draft(&body);
    let yes = Confirmation { calls: 504, reasons: vec![ConfirmReason::ManyCalls] };
    let launch = world.engine.launch_place(&draft, Some(&yes)).unwrap();
    let result = world.launch_settled(&launch.id).await.result_id.unwrap();
    // Twice: when it has ended, and when it is tried again.
    let path = format!("/results/{result}/");
    let whole = json!({ "method": "GET", "path_contains": path, "times": 2 });
    server.fault(json!({ "match": whole, "kind": { "html": { "code": 403 } } })).await;
    ahead.forward(3600);
    world.until("the server's own words", || world.engine.result_read(result).ok()?.summary).await;
    assert!(server.requests_to(&path).await > 2);
    server.stop().await;
}

fn new<T>(piece: &Piece<T>) -> Option<&T> {
    match piece {
        Piece::New(row) => Some(row),
        Piece::Kept(..) => None,
    }
}

/// The evaluators as the page has them, when it had `had` before.
fn put_together(told: &ResultTold, had: &[EvaluatorGroup]) -> Vec<EvaluatorGroup> {
    fn rows<T: Clone, U>(pieces: &[Piece<U>], had: &[T], new: impl Fn(&U) -> T) -> Vec<T> {
        let mut rows = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Kept(from, count) => {
                    rows.extend_from_slice(&had[*from as usize..(*from + *count) as usize]);
                }
                Piece::New(row) => rows.push(new(row)),
            }
        }
        rows
    }
    rows(&told.groups, had, |group| {
        let calls = group.was.map_or(&[][..], |at| &had[at as usize].calls);
        let calls = rows(&group.calls, calls, Clone::clone);
        EvaluatorGroup { calls, ..group.head.clone() }
    })
}
