//! What is tried again, how often, and what never is.

use std::time::Duration;

use cekura::{Client, ClientConfig, ErrorKind, Limits, ResultId, RetryPolicy, RunId, RunReview};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::support::{
    Manner, RawServer, answering, answering_in_turn, client, config, hasty, nobody, requests,
};

fn status(code: u16) -> ResponseTemplate {
    ResponseTemplate::new(code)
}

fn fine() -> ResponseTemplate {
    status(200).set_body_json(json!([]))
}

#[tokio::test]
async fn reads_are_tried_three_times_where_a_moment_may_help() {
    for code in [408, 429, 500, 502, 503, 504] {
        let server = answering(status(code)).await;
        let error = client(&server.uri()).projects().await.unwrap_err();
        assert_eq!(error.tries, 3, "{code}: {error}");
        assert_eq!(requests(&server).await.len(), 3, "{code}");

        let server = answering_in_turn(vec![status(code), status(code), fine()]).await;
        client(&server.uri()).projects().await.unwrap();
    }
}

#[tokio::test]
async fn ending_calls_is_tried_like_a_read() {
    let server = answering_in_turn(vec![status(500), status(503), status(200)]).await;
    client(&server.uri()).end_calls(ResultId::from(1)).await.unwrap();
    assert_eq!(requests(&server).await.len(), 3);

    let server = RawServer::start(Manner::ResetAfterRequest).await;
    let error = client(&server.base_url).end_call(RunId::from(1)).await.unwrap_err();
    assert_eq!((error.code(), error.tries, server.requests()), ("connection_lost", 3, 3));
}

#[tokio::test]
async fn what_will_not_change_is_asked_once() {
    let html = status(200).set_body_raw("<html></html>", "text/html");
    for answer in
        [status(400), status(401), status(402), status(403), status(404), status(301), html]
    {
        let server = answering(answer).await;
        let error = client(&server.uri()).projects().await.unwrap_err();
        assert_eq!((error.tries, requests(&server).await.len()), (1, 1), "{error}");
    }
    // An empty account is final, whatever status it comes with.
    let low = json!({ "detail": "Your balance is used up" });
    let server = answering(status(429).set_body_json(low)).await;
    let error = client(&server.uri()).projects().await.unwrap_err();
    assert_eq!((error.code(), requests(&server).await.len()), ("out_of_credit", 1));
}

#[tokio::test]
async fn broken_and_missing_connections_are_tried_again() {
    let error = client(&nobody().base_url).projects().await.unwrap_err();
    assert_eq!((error.code(), error.tries), ("unreachable", 3));

    for manner in [Manner::Hangup, Manner::ResetAfterRequest, Manner::CloseAfterRequest] {
        let server = RawServer::start(manner.clone()).await;
        let error = client(&server.base_url).projects().await.unwrap_err();
        assert_eq!((error.code(), error.tries), ("connection_lost", 3), "{manner:?}");
        assert_eq!(server.connections(), 3, "{manner:?}");
    }

    let server = RawServer::start(Manner::Silence).await;
    let error = hasty(&server.base_url).projects().await.unwrap_err();
    assert_eq!((error.code(), error.tries, server.requests()), ("timed_out", 3, 3));
    assert!(error.took >= Duration::from_secs(2), "{:?}", error.took);
}

#[tokio::test]
async fn edits_are_tried_again_only_when_they_never_left() {
    let review = RunReview::verdict(true);
    for manner in [Manner::ResetAfterRequest, Manner::CloseAfterRequest, Manner::Silence] {
        let server = RawServer::start(manner.clone()).await;
        let error = hasty(&server.base_url).review_run(RunId::from(1), &review).await.unwrap_err();
        assert_eq!((error.tries, server.requests()), (1, 1), "{manner:?}");
    }
    for code in [429, 500, 503] {
        let server = answering(status(code)).await;
        let error = client(&server.uri()).review_run(RunId::from(1), &review).await.unwrap_err();
        assert_eq!((error.tries, requests(&server).await.len()), (1, 1), "{code}");
    }
    let error = client(&nobody().base_url).review_run(RunId::from(1), &review).await.unwrap_err();
    assert_eq!((error.code(), error.tries), ("unreachable", 3));
}

#[tokio::test]
async fn a_wait_that_the_server_asks_for_is_told_when_it_is_too_long_to_wait() {
    for (header, seconds) in [("121", Some(121)), ("86400", Some(86_400))] {
        let server = answering(status(429).insert_header("retry-after", header)).await;
        let error = client(&server.uri()).projects().await.unwrap_err();
        assert_eq!(requests(&server).await.len(), 1, "not waited for, so not asked again");
        let ErrorKind::Throttled { after, .. } = error.kind else { panic!("{error:?}") };
        assert_eq!(after, seconds.map(Duration::from_secs));
    }
}

#[tokio::test]
async fn a_wait_may_be_a_date_and_may_be_over() {
    let dated = |after: &str| {
        status(503)
            .insert_header("date", "Tue, 06 Oct 2026 08:00:00 GMT")
            .insert_header("retry-after", after)
    };
    // Over already: tried again at once.
    let over = dated("Tue, 06 Oct 2026 07:00:00 GMT");
    let server = answering_in_turn(vec![over, fine()]).await;
    client(&server.uri()).projects().await.unwrap();
    assert_eq!(requests(&server).await.len(), 2);
    // An hour from the server's own now: told, not waited for.
    let server = answering(dated("Tue, 06 Oct 2026 09:00:00 GMT")).await;
    let error = client(&server.uri()).projects().await.unwrap_err();
    assert_eq!(requests(&server).await.len(), 1);
    let ErrorKind::ServerTrouble { after, .. } = error.kind else { panic!("{error:?}") };
    assert_eq!(after, Some(Duration::from_secs(3600)));
}

#[tokio::test]
async fn a_short_wait_is_kept() {
    let wait = status(429).insert_header("retry-after", "1");
    let server = answering_in_turn(vec![wait, fine()]).await;
    let started = std::time::Instant::now();
    client(&server.uri()).projects().await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_loop_that_comes_back_by_itself_asks_once() {
    let server = answering(status(500)).await;
    let client = client(&server.uri()).with_retry(RetryPolicy::never());
    assert_eq!(client.projects().await.unwrap_err().tries, 1);
    assert_eq!(requests(&server).await.len(), 1);
}

#[tokio::test]
async fn many_failures_at_once_are_no_storm() {
    let server = answering(status(500)).await;
    let client = client(&server.uri());
    for _ in 0..100 {
        client.projects().await.unwrap_err();
    }
    let sent = requests(&server).await.len();
    assert!(
        (100..=130).contains(&sent),
        "100 requests, ten repetitions lent, a fifth earned: {sent}"
    );
}

#[tokio::test]
async fn four_requests_are_in_flight_at_most() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let (open, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (now, record) = (Arc::clone(&open), Arc::clone(&most));
    let server = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (now, record) = (Arc::clone(&now), Arc::clone(&record));
            tokio::spawn(async move {
                let mut head = [0; 2048];
                let _ = stream.read(&mut head).await;
                record.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                // Long enough for the others to come in if anything let them.
                for _ in 0..2_000 {
                    tokio::task::yield_now().await;
                }
                now.fetch_sub(1, Ordering::SeqCst);
                let _ = stream
                    .write_all(
                        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n[]",
                    )
                    .await;
            });
        }
    });
    let client =
        Client::new(ClientConfig { limits: Limits::default(), ..config(&base_url) }).unwrap();
    let all = (0..24).map(|_| client.projects());
    for answer in futures_util::future::join_all(all).await {
        answer.unwrap();
    }
    server.abort();
    let most = most.load(Ordering::SeqCst);
    assert!((2..=4).contains(&most), "{most} at once");
}
