//! Faults on request, and what the studio remembers of them.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Door, LAUNCH, body, open, told};

async fn launches(door: &Door) -> Value {
    door.get("/__practice__/launches").await
}

async fn results(door: &Door) -> u64 {
    door.get("/test_framework/v2/results/").await["count"].as_u64().unwrap()
}

#[tokio::test]
async fn a_connection_dropped_before_leaves_nothing_behind() {
    let door = open().await;
    door.fault(
        json!({ "match": { "method": "POST", "path_contains": "pipecat" }, "kind": "drop_before" }),
    )
    .await;
    let lost = door.request(Method::POST, LAUNCH).json(&body(&[9001], 1)).send().await;
    assert!(lost.is_err(), "no answer: {lost:?}");
    assert_eq!(results(&door).await, 0);
    let seen = launches(&door).await;
    assert_eq!(seen["count"], 1, "it arrived all the same");
    assert_eq!(
        (&seen["launches"][0]["status"], &seen["launches"][0]["result"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(seen["launches"][0]["body"], body(&[9001], 1));
    assert_eq!(seen["launches"][0]["key"], true);
    door.stop().await;
}

#[tokio::test]
async fn a_connection_dropped_after_has_placed_the_calls() {
    let door = open().await;
    door.fault(
        json!({ "match": { "path_contains": "run_scenarios", "times": 1 }, "kind": "drop_after" }),
    )
    .await;
    let lost = door.request(Method::POST, LAUNCH).json(&body(&[9001, 9002], 1)).send().await;
    assert!(lost.is_err(), "no answer: {lost:?}");
    let found = door.get("/test_framework/v2/results/?search=A%20try").await;
    assert_eq!(found["count"], 1);
    assert_eq!(found["results"][0]["total_runs_count"], 2);
    let seen = launches(&door).await;
    assert_eq!(seen["launches"][0]["result"], found["results"][0]["id"]);
    let (status, _) = door.post(LAUNCH, &body(&[9001], 1)).await;
    assert_eq!(status, 200, "only once");
    door.stop().await;
}

#[tokio::test]
async fn half_an_answer_ends_in_the_middle() {
    let door = open().await;
    door.fault(json!({ "match": { "path_contains": "run_scenarios" }, "kind": "half_body" })).await;
    let response = door.request(Method::POST, LAUNCH).json(&body(&[9001], 1)).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let whole = response.content_length().unwrap();
    assert!(whole > 100);
    assert!(response.bytes().await.is_err(), "the length is not reached");
    assert_eq!(results(&door).await, 1);
    door.stop().await;
}

#[tokio::test]
async fn statuses_come_with_their_headers_and_bodies() {
    let door = open().await;
    for (code, retry, sent) in [
        (402, None, Some(json!({ "detail": "Insufficient balance for this operation" }))),
        (429, Some(7), Some(json!({ "detail": "slow down" }))),
        (500, None, None),
        (503, Some(1), None),
    ] {
        let kind = json!({ "status": { "code": code, "retry_after": retry, "body": sent } });
        door.fault(json!({ "match": { "times": 1, "path_contains": "results" }, "kind": kind }))
            .await;
        let response =
            door.request(Method::GET, "/test_framework/v2/results/").send().await.unwrap();
        assert_eq!(response.status().as_u16(), code);
        let header =
            response.headers().get("retry-after").map(|one| one.to_str().unwrap().to_owned());
        assert_eq!(header, retry.map(|seconds: i32| seconds.to_string()));
        let (_, answer) = told(response).await;
        assert_eq!(answer, sent.unwrap_or(json!("")));
        assert_eq!(results(&door).await, 0, "the next request is answered");
    }
    door.stop().await;
}

#[tokio::test]
async fn html_and_missing_ids() {
    let door = open().await;
    door.fault(json!({ "match": { "times": 1 }, "kind": { "html": {} } })).await;
    let response = door.request(Method::GET, "/user/v1/projects/").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(response.text().await.unwrap().starts_with("<!doctype html>"));
    door.fault(json!({ "match": { "times": 1 }, "kind": "no_id" })).await;
    let (status, answer) = door.post(LAUNCH, &body(&[9001], 1)).await;
    assert_eq!(status, 200);
    assert!(answer.get("id").is_none());
    assert!(answer["runs"][0]["id"].is_i64(), "only the one at the top is left out");
    assert_eq!(results(&door).await, 1);
    door.fault(json!({ "match": { "times": 1 }, "kind": { "other_agent": 7 } })).await;
    let (_, answer) = door.post(LAUNCH, &body(&[9001], 1)).await;
    assert_eq!(answer["agent"], 7);
    assert!(answer["id"].is_i64());
    door.stop().await;
}

#[tokio::test]
async fn a_late_answer_is_late_but_the_calls_are_placed_at_once() {
    let door = open().await;
    door.fault(
        json!({ "match": { "path_contains": "run_scenarios" }, "kind": { "delay_ms": 600_000 } }),
    )
    .await;
    let asking = tokio::spawn(door.request(Method::POST, LAUNCH).json(&body(&[9001], 1)).send());
    let placed = async { while results(&door).await == 0 {} };
    tokio::time::timeout(Duration::from_secs(60), placed).await.expect("calls without an answer");
    assert!(!asking.is_finished(), "the calls are there, and the answer is not");
    let stopped = tokio::time::timeout(Duration::from_secs(300), door.stop()).await;
    assert!(stopped.is_ok(), "stopping does not wait for it");
}

#[tokio::test]
async fn faults_strike_the_nth_request_and_so_many() {
    let door = open().await;
    let kind = json!({ "status": { "code": 500 } });
    door.fault(json!({ "match": { "method": "GET", "path_contains": "/runs/", "nth": 2, "times": 2 }, "kind": kind }))
        .await;
    let mut statuses = Vec::new();
    for _ in 0..5 {
        let path = "/test_framework/v2/runs/?project_id=742";
        statuses.push(door.request(Method::GET, path).send().await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [200, 500, 500, 200, 200]);
    let faults = door.get("/__practice__/faults").await;
    assert_eq!(faults[0]["match"]["nth"], 2);
    let cleared = door.request(Method::DELETE, "/__practice__/faults").send().await.unwrap();
    assert_eq!(cleared.status(), 204);
    assert_eq!(door.get("/__practice__/faults").await, json!([]));
    let (status, _) = door.post("/__practice__/faults", &json!({ "kind": "explode" })).await;
    assert_eq!(status, 400);
    door.stop().await;
}

#[tokio::test]
async fn requests_are_counted_and_keys_are_not_kept() {
    let door = open().await;
    door.get("/user/v1/projects/").await;
    door.get("/user/v1/projects/").await;
    door.bare(Method::POST, LAUNCH).body("not json").send().await.unwrap();
    let counts = door.get("/__practice__/requests").await;
    assert_eq!(counts["GET /user/v1/projects/"], 2);
    assert_eq!(counts[format!("POST {LAUNCH}")], 1);
    let seen = launches(&door).await;
    assert_eq!(seen["launches"][0]["body"], "not json");
    assert_eq!(
        (&seen["launches"][0]["key"], &seen["launches"][0]["status"]),
        (&json!(false), &json!(401))
    );
    door.post(LAUNCH, &body(&[9001], 1)).await;
    let seen = launches(&door).await.to_string();
    assert!(!seen.contains(crate::support::KEY));
    door.request(Method::DELETE, "/__practice__/everything").send().await.unwrap();
    assert_eq!(launches(&door).await["count"], 0);
    assert_eq!(results(&door).await, 0);
    door.stop().await;
}

#[tokio::test]
async fn the_clock_can_be_moved_ahead() {
    let folder = tempfile::tempdir().unwrap();
    let clock = crate::support::Clock::new();
    let here =
        |config: &mut practice::StudioConfig| config.data_dir = Some(folder.path().to_owned());
    let door = crate::support::open_with(&clock, here).await;
    let result = door.launch(&body(&[9001], 1)).await;
    let (status, answer) = door.post("/__practice__/clock", &json!({ "advance_s": 7200 })).await;
    assert_eq!((status, &answer["now"]), (200, &json!("2026-06-01T11:00:00.000000Z")));
    let path = format!("/test_framework/v2/results/{}/", result["id"]);
    let ended = door.get(&path).await;
    assert_eq!(ended["completed_runs_count"], 1);
    let (status, _) = door.post("/__practice__/clock", &json!({ "advance_s": -1 })).await;
    assert_eq!(status, 400);
    door.stop().await;
    let door = crate::support::open_with(&clock, here).await;
    assert_eq!(door.get(&path).await, ended, "and stays there");
    door.stop().await;
}

const RESULTS: &str = "/test_framework/v2/results/";
const BULK: &str = "/test_framework/v2/runs/bulk/";

/// What comes of one request while a fault is asked for.
async fn struck(door: &Door, path: &str, kind: Value) -> (u16, Vec<u8>) {
    door.fault(json!({ "match": { "times": 1 }, "kind": kind })).await;
    let response = door.request(Method::GET, path).send().await.unwrap();
    (response.status().as_u16(), response.bytes().await.unwrap().to_vec())
}

#[tokio::test]
async fn one_token_of_one_thing_is_spoilt() {
    let door = open().await;
    let launched = door.launch(&body(&[9001, 9002], 1)).await;
    let (result, run) = (launched["id"].clone(), launched["runs"][1]["id"].clone());
    let detail = format!("{RESULTS}{result}/");
    let bulk = format!("{BULK}?run_ids={},{run}", launched["runs"][0]["id"]);
    let scenarios = "/test_framework/v1/scenarios/?project_id=742";
    for (token, bytes) in [
        ("half_emoji", &b"\"Half an emoji: \\ud83d.\""[..]),
        ("nan", b"NaN"),
        ("infinity", b":Infinity"),
        ("minus_infinity", b"-Infinity"),
        ("too_large", b"1e999"),
        ("not_utf8", b"Caf\xe9"),
        ("control", b"\x01"),
        ("bad_escape", b"\\x"),
        ("too_deep", &[b'['; 300]),
    ] {
        for (path, id) in [
            (detail.as_str(), &run),
            (bulk.as_str(), &run),
            (RESULTS, &result),
            (scenarios, &json!(9002)),
            (scenarios, &Value::Null),
        ] {
            let (status, sent) =
                struck(&door, path, json!({ "token": { "id": id, "token": token } })).await;
            assert_eq!(status, 200);
            assert!(sent.windows(bytes.len()).any(|part| part == bytes), "{token} {path}");
            let read = serde_json::from_slice::<Value>(&sent);
            assert!(read.is_err(), "{token} {path}");
            assert!(read.is_err_and(|error| !error.is_eof()), "{token} {path}");
        }
    }
    door.get(&detail).await;
    door.stop().await;
}

#[tokio::test]
async fn a_body_may_be_cut_and_a_thing_be_none() {
    let door = open().await;
    let launched = door.launch(&body(&[9001, 9002], 1)).await;
    let run = launched["runs"][1]["id"].as_i64().unwrap();
    let detail = format!("{RESULTS}{}/", launched["id"]);
    let (status, sent) = struck(&door, &detail, json!("cut_body")).await;
    assert_eq!(status, 200);
    assert!(serde_json::from_slice::<Value>(&sent).is_err_and(|error| error.is_eof()));

    let (_, sent) = struck(&door, &detail, json!({ "wrong_shape": { "id": run } })).await;
    let sent: Value = serde_json::from_slice(&sent).unwrap();
    assert!(sent["runs"][run.to_string()].is_array());
    assert_eq!(sent["runs"].as_object().unwrap().values().filter(|one| one.is_object()).count(), 1);
    door.stop().await;
}

#[tokio::test]
async fn one_call_may_be_refused_wherever_it_is_asked_for() {
    let door = open().await;
    let launched = door.launch(&body(&[9001, 9002], 1)).await;
    let [first, second] = [0, 1].map(|at| launched["runs"][at]["id"].as_i64().unwrap());
    door.fault(json!({ "kind": { "fails_for": second } })).await;
    for (path, expected) in [
        (format!("{BULK}?run_ids={first}"), 200),
        (format!("{BULK}?run_ids={first},{second}"), 500),
        (format!("{BULK}?run_ids={second}"), 500),
        (format!("/test_framework/v2/runs/{first}/"), 200),
        (format!("/test_framework/v2/runs/{second}/"), 500),
        (format!("{RESULTS}{}/", launched["id"]), 200),
    ] {
        let response = door.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(response.status().as_u16(), expected, "{path}");
    }
    door.stop().await;
}

#[tokio::test]
async fn nothing_is_said_in_a_call_whose_time_ran_out() {
    let door = open().await;
    let launched = door.launch(&body(&[9001, 9002], 1)).await;
    let [first, second] = [0, 1].map(|at| launched["runs"][at]["id"].as_i64().unwrap());
    door.clock.forward(3600.0);
    door.fault(json!({ "kind": { "nothing_said": { "id": second } } })).await;
    let runs = door.get(&format!("{BULK}?run_ids={first},{second}")).await;
    assert!(runs[0]["transcript"].is_string());
    assert_eq!(
        ["status", "duration", "transcript", "transcript_object"].map(|name| &runs[1][name]),
        [&json!("timeout"), &json!("00:00"), &Value::Null, &Value::Null]
    );
    let detail = door.get(&format!("{RESULTS}{}/", launched["id"])).await;
    assert_eq!(detail["runs"][second.to_string()]["status"], "timeout");
    assert_ne!(detail["runs"][first.to_string()]["status"], "timeout");
    door.stop().await;
}
