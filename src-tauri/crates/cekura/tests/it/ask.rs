//! Asking about failures: text as it comes.

use cekura::{Error, ErrorKind, ResultId};
use futures_util::TryStreamExt as _;
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::support::{Manner, RawServer, answering, client, json_of, only, requests};

async fn ask(base_url: &str, question: &str) -> Result<Vec<String>, Error> {
    let answer = client(base_url).ask_about_failures(ResultId::from(7001), question).await?;
    answer.try_collect().await
}

#[tokio::test]
async fn the_answer_is_passed_on_as_text() {
    let server =
        answering(ResponseTemplate::new(200).set_body_raw("Both calls failed.", "text/plain"))
            .await;
    assert_eq!(ask(&server.uri(), "Why?").await.unwrap().concat(), "Both calls failed.");
    let request = only(requests(&server).await);
    assert_eq!(request.method.as_str(), "POST");
    assert_eq!(request.url.path(), "/test_framework/v2/results/7001/ask_about_failures/");
    assert_eq!(json_of(&request), json!({ "question": "Why?" }));
}

#[tokio::test]
async fn a_json_answer_is_unpacked() {
    let server =
        answering(ResponseTemplate::new(200).set_body_json(json!("Line one\n\"two\""))).await;
    assert_eq!(ask(&server.uri(), "Why?").await.unwrap(), ["Line one\n\"two\""]);
    let server = answering(ResponseTemplate::new(200).set_body_json(json!({ "answer": 1 }))).await;
    assert_eq!(ask(&server.uri(), "Why?").await.unwrap(), [r#"{"answer":1}"#]);
}

#[tokio::test]
async fn characters_cut_between_pieces_are_put_together() {
    let text = "é✅ 通話 fin";
    let mut answer = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for byte in text.bytes() {
        answer.extend_from_slice(&[b'1', b'\r', b'\n', byte, b'\r', b'\n']);
    }
    answer.extend_from_slice(b"0\r\n\r\n");
    let server = RawServer::start(Manner::Says(answer)).await;
    let pieces = ask(&server.base_url, "Why?").await.unwrap();
    assert_eq!(pieces.concat(), text);
}

#[tokio::test]
async fn an_answer_that_breaks_off_ends_in_an_error_after_what_came() {
    let answer = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nBoth\r\n".to_vec();
    let server = RawServer::start(Manner::Says(answer)).await;
    let answer =
        client(&server.base_url).ask_about_failures(ResultId::from(1), "Why?").await.unwrap();
    let mut answer = std::pin::pin!(answer);
    assert_eq!(answer.try_next().await.unwrap().as_deref(), Some("Both"));
    assert_eq!(answer.try_next().await.unwrap_err().code(), "connection_lost");
    assert_eq!(answer.try_next().await.unwrap(), None);
}

#[tokio::test]
async fn it_costs_so_it_is_asked_once_and_a_wait_is_told() {
    let busy = ResponseTemplate::new(429).insert_header("retry-after", "20");
    let server = answering(busy).await;
    let error = ask(&server.uri(), "Why?").await.unwrap_err();
    assert_eq!(requests(&server).await.len(), 1);
    let ErrorKind::Throttled { after, .. } = error.kind else { panic!("{error:?}") };
    assert_eq!(after, Some(std::time::Duration::from_secs(20)));

    let server = RawServer::start(Manner::ResetAfterRequest).await;
    ask(&server.base_url, "Why?").await.unwrap_err();
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_question_out_of_range_is_not_sent() {
    let server = answering(ResponseTemplate::new(200)).await;
    for question in [String::new(), "  ".to_owned(), "é".repeat(2001)] {
        let error = ask(&server.uri(), &question).await.unwrap_err();
        assert_eq!((error.code(), error.tries), ("bad_input", 0));
    }
    assert!(requests(&server).await.is_empty());
    ask(&server.uri(), &"é".repeat(2000)).await.unwrap();
}
