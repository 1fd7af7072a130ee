//! What people say of calls, and the model's own words.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Clock, Door, LAUNCH, body, open, open_with, told};

/// A failed call of the past, and its result.
async fn failed(door: &Door) -> (i64, i64) {
    let detail = door.get("/test_framework/v2/results/41201/").await;
    let runs = detail["runs"].as_object().unwrap();
    let call = runs
        .values()
        .find(|call| call["evaluation_status"] == "failure" && call["status"] == "completed");
    (call.unwrap()["id"].as_i64().unwrap(), 41201)
}

async fn with_past(clock: &Clock, folder: &std::path::Path) -> Door {
    open_with(clock, |config| {
        config.history = true;
        config.data_dir = Some(folder.to_owned());
    })
    .await
}

#[tokio::test]
async fn votes_and_reviews_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::new();
    let door = with_past(&clock, folder.path()).await;
    let (id, result) = failed(&door).await;
    let path = format!("/test_framework/v2/runs/{id}/");
    let before = door.get(&path).await;
    assert_eq!(before["is_reviewed"], false);
    let metric = before["evaluation"]["metrics"][0]["id"].clone();
    let vote = json!({ "metric_id": metric, "thumbs_up": false, "expected_value": true, "feedback": "It did." });
    let (status, answer) = door.post(&format!("{path}mark_metric_vote/"), &vote).await;
    assert_eq!((status, answer), (200, json!({ "success": true })));
    let vote = json!({ "thumbs_up": true, "feedback": "Right." });
    let (status, _) = door.post(&format!("{path}mark_expected_outcome_vote/"), &vote).await;
    assert_eq!(status, 200);
    let review = json!({ "evaluation_status": "reviewed_success", "success": true, "is_reviewed": true, "feedback": "Fine by me." });
    let change = door.request(Method::PATCH, &path).json(&review).send().await.unwrap();
    let (status, answer) = told(change).await;
    assert_eq!((status, &answer["evaluation_status"]), (200, &json!("reviewed_success")));
    let counted =
        door.get(&format!("/test_framework/v2/results/{result}/")).await["success_runs_count"]
            .clone();
    door.stop().await;

    let door = with_past(&clock, folder.path()).await;
    let after = door.get(&path).await;
    assert_eq!(after["evaluation_status"], "reviewed_success");
    assert_eq!((&after["success"], &after["is_reviewed"]), (&json!(true), &json!(true)));
    assert_eq!(after["feedback"], "Fine by me.");
    assert_eq!(after["evaluation"]["metrics"][0]["thumbs_up"], false);
    assert_eq!(after["evaluation"]["metrics"][0]["expected_value"], true);
    assert_eq!(after["expected_outcome"]["thumbs_up"], true);
    let detail = door.get(&format!("/test_framework/v2/results/{result}/")).await;
    assert_eq!(detail["runs"][id.to_string()]["evaluation_status"], "reviewed_success");
    assert_eq!(detail["success_runs_count"], counted);
    let bulk = door.get(&format!("/test_framework/v2/runs/bulk/?run_ids={id}")).await;
    assert_eq!(bulk[0]["evaluation"]["metrics"][0]["thumbs_up"], false);
    door.stop().await;
}

#[tokio::test]
async fn votes_that_make_no_sense_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let door = with_past(&Clock::new(), folder.path()).await;
    let (id, _) = failed(&door).await;
    let path = format!("/test_framework/v2/runs/{id}/mark_metric_vote/");
    for (vote, status, field) in [
        (json!({ "thumbs_up": true, "expected_value": null }), 400, "metric_id"),
        (json!({ "metric_id": 801, "expected_value": null }), 400, "thumbs_up"),
        (json!({ "metric_id": 801, "thumbs_up": true }), 400, "expected_value"),
        (json!({ "metric_id": 1, "thumbs_up": true, "expected_value": null }), 404, "detail"),
    ] {
        let (given, answer) = door.post(&path, &vote).await;
        assert_eq!(given, status, "{answer}");
        assert!(answer.get(field).is_some(), "{field} in {answer}");
    }
    let path = format!("/test_framework/v2/runs/{id}/");
    let change = door.request(Method::PATCH, &path).json(&json!({ "evaluation_status": "great" }));
    assert_eq!(change.send().await.unwrap().status(), 400);
    let nobody = door.request(Method::GET, "/test_framework/v2/runs/7/").send().await.unwrap();
    assert_eq!(told(nobody).await, (404, json!({ "detail": "Not found." })));
    door.stop().await;
}

#[tokio::test]
async fn names_change_and_results_go() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::new();
    let door = with_past(&clock, folder.path()).await;
    let path = "/test_framework/v2/results/41201/";
    let change = door
        .request(Method::PATCH, path)
        .json(&json!({ "name": "Before the holidays" }))
        .send()
        .await
        .unwrap();
    assert_eq!(told(change).await.1["name"], "Before the holidays");
    assert_eq!(
        door.request(Method::DELETE, "/test_framework/v2/results/41200/")
            .send()
            .await
            .unwrap()
            .status(),
        204
    );
    door.stop().await;
    let door = with_past(&clock, folder.path()).await;
    let rows = door.get("/test_framework/v2/results/?search=holidays").await;
    assert_eq!((&rows["count"], &rows["results"][0]["id"]), (&json!(1), &json!(41201)));
    let gone = door.request(Method::GET, "/test_framework/v2/results/41200/").send().await.unwrap();
    assert_eq!(gone.status(), 404);
    door.stop().await;
}

#[tokio::test]
async fn the_summary_comes_a_little_later() {
    let door = open().await;
    let result = door.launch(&body(&(9001..9065).collect::<Vec<_>>(), 1)).await;
    let path = format!("/test_framework/v2/results/{}/", result["id"]);
    assert_eq!(door.get(&path).await["ai_summary_status"], "pending");
    let mut waited = 0;
    loop {
        door.clock.forward(5.0);
        let now = door.get(&path).await;
        if now["completed_runs_count"] == now["total_runs_count"] {
            assert_eq!(now["ai_summary_status"], "pending", "not at once");
            break;
        }
        waited += 1;
        assert!(waited < 2000);
    }
    door.clock.forward(60.0);
    let now = door.get(&path).await;
    assert_eq!(now["ai_summary_status"], "completed");
    assert!(now["ai_summary"]["what_happened"].as_str().unwrap().contains("of 64 calls"));
    assert!(!now["next_steps"].as_array().unwrap().is_empty());
    let mut blamed: Vec<i64> = Vec::new();
    for issue in now["failed_reasons"]["issues"].as_array().unwrap() {
        assert_eq!(issue["affected_count"], issue["run_ids"].as_array().unwrap().len());
        blamed.extend(issue["run_ids"].as_array().unwrap().iter().map(|id| id.as_i64().unwrap()));
    }
    blamed.sort_unstable();
    blamed.dedup();
    assert_eq!(now["failed_reasons"]["total_failed_runs"], blamed.len());
    door.stop().await;
}

#[tokio::test]
async fn a_result_without_failures_gets_no_summary() {
    let door = open().await;
    let mut quiet = None;
    for scenario in 9001..9030 {
        let result = door.launch(&body(&[scenario], 1)).await;
        door.clock.forward(900.0);
        let now = door.get(&format!("/test_framework/v2/results/{}/", result["id"])).await;
        if now["success_runs_count"] == 1 && now["met_expected_outcome_count"] == 1 {
            quiet = Some(now);
            break;
        }
    }
    let quiet = quiet.expect("one of thirty passes");
    assert_eq!(
        (&quiet["ai_summary_status"], &quiet["ai_summary"]),
        (&json!("skipped_no_failures"), &Value::Null)
    );
    door.stop().await;
}

#[tokio::test]
async fn questions_about_failures_are_answered_in_pieces() {
    let door = open_with(&Clock::new(), |config| config.history = true).await;
    let path = "/test_framework/v2/results/41201/ask_about_failures/";
    let mut response = door
        .request(Method::POST, path)
        .json(&json!({ "question": "Why so many?" }))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    let mut pieces = Vec::new();
    while let Some(piece) = response.chunk().await.unwrap() {
        pieces.push(piece);
    }
    assert!(pieces.len() > 3, "{}", pieces.len());
    let text = String::from_utf8(pieces.concat()).unwrap();
    assert!(text.starts_with("You asked: Why so many?"), "{text}");
    assert!(text.contains("Not met:"), "{text}");
    for wrong in [json!({}), json!({ "question": "  " }), json!({ "question": "x".repeat(2001) })] {
        assert_eq!(door.post(path, &wrong).await.0, 400);
    }
    door.stop().await;
}

#[tokio::test]
async fn again_places_every_evaluator_once() {
    let door = open().await;
    let mut request = body(&[9001, 9002], 3);
    request["personality_ids"] = json!([693, 701]);
    let first = door.launch(&request).await;
    let (status, again) =
        door.post(&format!("/test_framework/v2/results/{}/rerun/", first["id"]), &json!({})).await;
    assert_eq!(status, 200);
    assert_eq!(again["id"].as_i64().unwrap(), first["id"].as_i64().unwrap() + 1);
    assert_eq!(again["total_runs_count"], 2);
    let seen = door.get("/__practice__/launches").await;
    assert_eq!(seen["count"], 2, "it costs money too");
    door.stop().await;
}

#[tokio::test]
async fn one_can_listen_while_a_call_goes_on() {
    let door = open().await;
    let answer = door.launch(&body(&[9001], 1)).await;
    let path = format!("/test_framework/v2/runs/{}/get_listen_url/", answer["runs"][0]["id"]);
    let early = door.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(early.status(), 400);
    door.clock.forward(40.0);
    let link = door.get(&path).await;
    let link = link["listen_url"].as_str().unwrap();
    let heard = door
        .bare(Method::GET, link.strip_prefix(&door.running.base_url).unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(heard.status(), 200, "without the key");
    door.clock.forward(900.0);
    assert_eq!(door.request(Method::GET, &path).send().await.unwrap().status(), 400);
    door.stop().await;
}

#[tokio::test]
async fn the_settings_of_a_launch_can_be_read_again() {
    let door = open().await;
    let mut request = body(&[9001], 2);
    request["concurrency_limit"] = json!(4);
    request["personality_ids"] = json!([693]);
    request["mock_tool_names"] = json!([]);
    let (_, answer) = door.post(LAUNCH, &request).await;
    let detail = door.get(&format!("/test_framework/v2/results/{}/", answer["id"])).await;
    let expected = json!({ "frequency": 2, "concurrency_limit": 4, "personality_ids": [693], "mock_tool_names": [] });
    assert_eq!(detail["run_settings"], expected);
    let run = door.get(&format!("/test_framework/v2/runs/{}/", answer["runs"][0]["id"])).await;
    assert_eq!(run["mocked_tool_names"], json!([]));
    door.stop().await;
}
