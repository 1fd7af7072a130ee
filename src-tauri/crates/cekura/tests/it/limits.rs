//! Answers that are too large, too slow, or not what they say.

use std::io::Write as _;

use cekura::{Client, ClientConfig, ErrorKind, Limits};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::support::{Manner, RawServer, answering, client, config, hasty, http, requests};

fn small(base_url: &str) -> Client {
    let limits = Limits { body: 64 * 1024, refusal: 1024, ..Limits::default() };
    Client::new(ClientConfig { limits, ..config(base_url) }).unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn padded(bytes: usize) -> String {
    format!("[]{}", " ".repeat(bytes - 2))
}

#[tokio::test]
async fn a_body_may_be_as_large_as_the_limit_and_no_larger() {
    for (size, fits) in [(64 * 1024, true), (64 * 1024 + 1, false)] {
        let server = answering(ResponseTemplate::new(200).set_body_string(padded(size))).await;
        let answer = small(&server.uri()).projects().await;
        match answer {
            Ok(_) => assert!(fits, "{size}"),
            Err(error) => {
                assert!(!fits, "{size}: {error}");
                assert_eq!(error.kind, ErrorKind::TooBig { limit: 64 * 1024 });
                assert_eq!(error.tries, 1, "a large answer is not asked for again");
            }
        }
    }
}

#[tokio::test]
async fn a_body_without_a_length_is_counted_as_it_comes() {
    let mut answer = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..200 {
        answer.extend_from_slice(b"400\r\n");
        answer.extend_from_slice(&[b' '; 1024]);
        answer.extend_from_slice(b"\r\n");
    }
    answer.extend_from_slice(b"0\r\n\r\n");
    let server = RawServer::start(Manner::Says(answer)).await;
    assert_eq!(small(&server.base_url).projects().await.unwrap_err().code(), "too_big");
}

#[tokio::test]
async fn a_small_answer_cannot_unfold_into_a_large_one() {
    let bomb = gzip(padded(64 * 1024 * 1024).as_bytes());
    assert!(bomb.len() < 80 * 1024, "{}", bomb.len());
    let answer =
        ResponseTemplate::new(200).insert_header("content-encoding", "gzip").set_body_bytes(bomb);
    let server = answering(answer).await;
    let error = client(&server.uri()).projects().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooBig { limit: 32 * 1024 * 1024 });

    // The same for a refusal: it is cut, and its status still says what happened.
    let bomb = gzip("x".repeat(64 * 1024 * 1024).as_bytes());
    let answer =
        ResponseTemplate::new(403).insert_header("content-encoding", "gzip").set_body_bytes(bomb);
    let server = answering(answer).await;
    assert_eq!(client(&server.uri()).projects().await.unwrap_err().code(), "forbidden");
}

#[tokio::test]
async fn gzip_is_understood() {
    let answer = ResponseTemplate::new(200)
        .insert_header("content-encoding", "gzip")
        .set_body_bytes(gzip(json!([{ "id": 7 }]).to_string().as_bytes()));
    let server = answering(answer).await;
    assert_eq!(client(&server.uri()).projects().await.unwrap().items[0].id.get(), 7);
    assert_eq!(requests(&server).await[0].headers["accept-encoding"], "gzip");
}

#[tokio::test]
async fn a_body_that_is_not_what_it_says_is_unreadable() {
    let answers = [
        ResponseTemplate::new(200)
            .insert_header("content-encoding", "gzip")
            .set_body_bytes(b"plain".to_vec()),
        ResponseTemplate::new(200).set_body_string(""),
        ResponseTemplate::new(200).set_body_string("[{\"id\": 1"),
        ResponseTemplate::new(200).set_body_string("[".repeat(200_000)),
        ResponseTemplate::new(204),
    ];
    for (case, answer) in answers.into_iter().enumerate() {
        let server = answering(answer).await;
        let error = client(&server.uri()).projects().await.unwrap_err();
        assert_eq!((error.code(), error.tries), ("unreadable", 1), "case {case}: {error}");
    }
}

#[tokio::test]
async fn markup_is_a_page_and_nothing_else_is() {
    for page in ["<!doctype html><p>Sign in</p>", " \n<html>", "\u{feff}<?xml version='1.0'?>"] {
        let answer = ResponseTemplate::new(200).set_body_raw(page, "application/json");
        let error = client(&answering(answer).await.uri()).projects().await.unwrap_err();
        assert_eq!((error.code(), error.tries), ("web_page", 1), "{page}: {error}");
    }
}

#[tokio::test]
async fn a_wrong_length_is_a_lost_connection() {
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n[]".to_vec();
    let server = RawServer::start(Manner::Says(answer)).await;
    let error = client(&server.base_url).projects().await.unwrap_err();
    assert_eq!((error.code(), error.tries), ("connection_lost", 3), "{error}");
}

#[tokio::test]
async fn a_truncated_gzip_body_is_a_lost_connection() {
    let whole = gzip(json!([{ "id": 7, "name": "x".repeat(5_000) }]).to_string().as_bytes());
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        whole.len()
    )
    .into_bytes();
    answer.extend_from_slice(&whole[..whole.len() / 2]);
    let server = RawServer::start(Manner::Says(answer)).await;
    let error = client(&server.base_url).projects().await.unwrap_err();
    assert_eq!(error.code(), "connection_lost", "{error}");
}

#[tokio::test]
async fn an_answer_that_dribbles_for_ever_is_given_up() {
    let mut answer = b"HTTP/1.1 200 OK\r\ncontent-length: 30000000\r\n\r\n".to_vec();
    answer.push(b' ');
    let server = RawServer::start(Manner::Dribbles(answer)).await;
    let error = hasty(&server.base_url).projects().await.unwrap_err();
    assert!(matches!(error.code(), "timed_out" | "connection_lost"), "{error}");
}

#[tokio::test]
async fn a_refusal_is_cut_at_its_limit() {
    let server =
        RawServer::start(Manner::Says(http("400 Bad Request", &"x".repeat(500_000)))).await;
    let error = small(&server.base_url).projects().await.unwrap_err();
    assert_eq!(error.code(), "refused");
    assert!(error.problem().unwrap().raw.len() <= 1024 + 4);
}
