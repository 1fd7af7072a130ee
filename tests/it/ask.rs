//! Questions about the failures of a result: the answer as it comes, its end, and the wait.

use engine::{Code, EngineError};
use serde_json::json;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::support::{PATIENCE, Server, World};

const PATH: &str = "ask_about_failures/";

/// A question under way, and what is heard of its answer.
struct Asked {
    asking: JoinHandle<Result<(), EngineError>>,
    pieces: mpsc::UnboundedReceiver<String>,
}

impl Asked {
    fn about(world: &World, result: i64) -> Self {
        let (hear, pieces) = mpsc::unbounded_channel();
        let engine = world.engine.clone();
        let asking = tokio::spawn(async move {
            engine.failures_ask(result, " Why? ", move |piece| hear.send(piece).unwrap()).await
        });
        Self { asking, pieces }
    }

    async fn piece(&mut self) -> String {
        timeout(PATIENCE, self.pieces.recv()).await.expect("a piece in time").expect("a piece")
    }

    async fn end(self) -> Result<(), EngineError> {
        timeout(PATIENCE, self.asking).await.expect("an end in time").unwrap()
    }
}

/// A result of the days before in which something went wrong.
async fn one_that_failed(world: &World) -> i64 {
    world
        .until("a result with failures", || {
            let mut rows = world.results().into_iter();
            rows.find(|row| row.finished && row.counts.agent_failed > 0).map(|row| row.id)
        })
        .await
}

/// From now on answers stop after so many pieces, until the server is mended.
async fn hold_after(server: &Server, pieces: usize) {
    server
        .fault(json!({ "match": { "path_contains": PATH }, "kind": { "hold_after": pieces } }))
        .await;
}

/// How many answers nobody heard to their end.
async fn left(server: &Server) -> u64 {
    let path = format!("{}/__practice__/left", server.base_url);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    http.get(path).send().await.unwrap().json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_told_as_it_comes() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let result = one_that_failed(&world).await;
    hold_after(&server, 2).await;
    let mut asked = Asked::about(&world, result);
    // The server keeps the rest back, so that this was told before there was a whole answer.
    let mut text = asked.piece().await;
    assert!(text.starts_with("You asked: Why?"), "{text:?}");
    assert!(!asked.asking.is_finished());
    server.heal().await;
    while let Some(piece) = asked.pieces.recv().await {
        text.push_str(&piece);
    }
    assert!(text.contains("Not met:") && text.ends_with('\n'), "{text:?}");
    asked.end().await.unwrap();
    assert_eq!(left(&server).await, 0);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_left_ends_its_request() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let result = one_that_failed(&world).await;
    hold_after(&server, 1).await;
    let mut first = Asked::about(&world, result);
    first.piece().await;
    world.engine.failures_leave(result).unwrap();
    first.end().await.unwrap();
    world.until_async("the end of the first", async || left(&server).await == 1).await;
    // A later question takes the place of the one before.
    let mut second = Asked::about(&world, result);
    second.piece().await;
    let mut third = Asked::about(&world, result);
    second.end().await.unwrap();
    world.until_async("the end of the second", async || left(&server).await == 2).await;
    // Leaving another result, or one that was left, ends nothing.
    world.engine.failures_leave(result + 1).unwrap();
    third.piece().await;
    server.heal().await;
    third.end().await.unwrap();
    world.engine.failures_leave(result).unwrap();
    // The workspace is closed under the last one.
    hold_after(&server, 1).await;
    let mut last = Asked::about(&world, result);
    last.piece().await;
    world.engine.workspace_close().await.unwrap();
    last.end().await.unwrap();
    let gone = async || left(&server).await == 3;
    world.until_async("the end of the last", gone).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_for_patience_is_asked_once_and_its_wait_is_told() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let result = one_that_failed(&world).await;
    server
        .fault(json!({
            "match": { "path_contains": PATH },
            "kind": { "status": { "code": 429, "retry_after": 7 } },
        }))
        .await;
    let error = Asked::about(&world, result).end().await.unwrap_err();
    assert_eq!((error.code, error.number), (Code::Throttled, Some(7.0)));
    assert_eq!(server.requests_to(PATH).await, 1, "an answer costs credits");
    for question in [String::new(), " \n".to_owned(), "x".repeat(2001)] {
        let told = world.engine.failures_ask(result, &question, |_| ()).await;
        assert_eq!(told.unwrap_err().code, Code::BadLength);
    }
    assert_eq!(server.requests_to(PATH).await, 1);
    server.stop().await;
}
