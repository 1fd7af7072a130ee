//! What becomes of calls: statuses, order, endings, sums, and that all of it can be repeated.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::{Clock, Door, body, open, open_with};

/// What an ending is called, and how to know it.
type Kind<'a> = (&'static str, &'a dyn Fn(&Value) -> bool);

const ENDED: [&str; 4] = ["completed", "failed", "timeout", "cancelled"];

async fn detail(door: &Door, id: &Value) -> Value {
    door.get(&format!("/test_framework/v2/results/{id}/")).await
}

fn calls(detail: &Value) -> Vec<&Value> {
    detail["runs"].as_object().unwrap().values().collect()
}

#[tokio::test]
async fn statuses_move_as_real_ones_do() {
    let door = open().await;
    let result = door.launch(&body(&(9001..9033).collect::<Vec<_>>(), 1)).await;
    let mut paths: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut completed_early = false;
    for _ in 0..3000 {
        let now = detail(&door, &result["id"]).await;
        let mut open_calls = 0;
        for call in calls(&now) {
            let path = paths.entry(call["id"].to_string()).or_default();
            let status = call["status"].as_str().unwrap();
            if path.last().is_none_or(|last| last != status) {
                path.push(status.to_owned());
            }
            open_calls += usize::from(!ENDED.contains(&status));
            if !ENDED.contains(&status) {
                assert_eq!(call["success"], false, "false until judged");
                assert_eq!(call["evaluation_status"], Value::Null);
            }
        }
        completed_early |= now["status"] == "completed" && open_calls > 0;
        if open_calls == 0 {
            break;
        }
        door.clock.forward(2.0);
    }
    let last: BTreeSet<&str> = paths.values().map(|path| path.last().unwrap().as_str()).collect();
    assert!(last.iter().all(|status| ENDED.contains(status)), "{last:?}");
    let usual = ["running", "pending", "in_progress", "evaluating", "completed"];
    assert!(paths.values().any(|path| path == &usual), "the usual way is among them");
    assert!(paths.values().any(|path| path.contains(&"in_queue".to_owned())), "the queue is");
    assert!(
        paths.values().any(|path| path.windows(2).any(|two| two == ["in_progress", "pending"])),
        "and so is a step back"
    );
    assert!(completed_early, "a result says completed while calls are still being judged");
    door.stop().await;
}

#[tokio::test]
async fn no_more_calls_at_once_than_allowed() {
    for (parallel, limit, expected) in [(10, None, 10), (10, Some(3), 3), (2, Some(5), 2)] {
        let door = open_with(&Clock::new(), |config| config.parallel_limit = parallel).await;
        let mut request = body(&(9001..9041).collect::<Vec<_>>(), 1);
        request["concurrency_limit"] = json!(limit);
        let result = door.launch(&request).await;
        let mut most = 0;
        for _ in 0..60 {
            door.clock.forward(10.0);
            let now = detail(&door, &result["id"]).await;
            let live = calls(&now)
                .iter()
                .filter(|call| {
                    ["pending", "in_progress"].contains(&call["status"].as_str().unwrap())
                })
                .count();
            most = most.max(live);
        }
        assert_eq!(most, expected, "{parallel} in the organisation, {limit:?} in the launch");
        door.stop().await;
    }
}

#[tokio::test]
async fn every_kind_of_ending_is_there_in_believable_numbers() {
    let door = open().await;
    let orders: Vec<i64> = (9001..9065).chain(9121..9129).collect();
    let first = door.launch(&body(&orders, 3)).await;
    let mut care = body(&(9065..9113).collect::<Vec<_>>(), 3);
    care["agent"] = json!(3102);
    let second = door.launch(&care).await;
    door.clock.forward(86_400.0);
    let (one, two) = (detail(&door, &first["id"]).await, detail(&door, &second["id"]).await);
    let all: Vec<&Value> = calls(&one).into_iter().chain(calls(&two)).collect();
    let share = |test: &dyn Fn(&Value) -> bool| {
        all.iter().filter(|call| test(call)).count() as f64 / all.len() as f64
    };
    let reason =
        |call: &Value| call["metadata"]["ended_reason"].as_str().unwrap_or_default().to_owned();
    let score = |call: &Value| call["expected_outcome"]["score"].as_f64();
    let is = |call: &Value, field: &str, value: &str| call[field] == value;
    let passed = share(&|call| {
        is(call, "evaluation_status", "success")
            && score(call) == Some(100.0)
            && call["error_message"] == ""
    });
    assert!((0.6..0.9).contains(&passed), "passed: {passed}");
    let failed =
        share(&|call| is(call, "evaluation_status", "failure") && is(call, "status", "completed"));
    assert!((0.05..0.25).contains(&failed), "agent failed: {failed}");
    let kinds: [Kind<'_>; 8] = [
        ("at the agent's limit", &|call| reason(call) == "pipecat-agent-concurrency-limit-reached"),
        ("did not answer", &|call| reason(call) == "Main agent-did-not-answer"),
        ("the tester broke", &|call| {
            ["Testing agent-pipeline-error", "Testing agent-dial-in-bot-crashed"]
                .contains(&reason(call).as_str())
        }),
        ("a pass with an error", &|call| {
            is(call, "evaluation_status", "success") && call["error_message"] != ""
        }),
        ("completed, no judgement", &|call| {
            is(call, "status", "completed") && call["evaluation_status"].is_null()
        }),
        ("partly met", &|call| {
            is(call, "evaluation_status", "success")
                && score(call).is_some_and(|score| score < 100.0)
        }),
        ("timeout", &|call| {
            is(call, "status", "timeout") && reason(call) == "exceeded-max-duration"
        }),
        ("a pass without expectation", &|call| {
            is(call, "evaluation_status", "success") && score(call).is_none()
        }),
    ];
    for (name, test) in kinds {
        let found = share(test);
        assert!(found > 0.0 && found < 0.12, "{name}: {found}");
    }
    // Flaky: both kinds of judgement among one evaluator's calls.
    let mut words: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for call in all.iter().filter(|call| is(call, "status", "completed")) {
        words
            .entry(call["scenario"].to_string())
            .or_default()
            .insert(call["evaluation_status"].to_string());
    }
    let flaky = words
        .values()
        .filter(|set| set.contains("\"success\"") && set.contains("\"failure\""))
        .count();
    let broken = words.values().filter(|set| set.len() == 1 && set.contains("\"failure\"")).count();
    assert!((3..=25).contains(&flaky), "flaky evaluators: {flaky}");
    assert!((2..=15).contains(&broken), "evaluators that always fail: {broken}");
    for call in &all {
        if let Some(duration) =
            call["duration"].as_str().filter(|_| is(call, "status", "completed"))
        {
            let (minutes, seconds) = duration.split_once(':').unwrap();
            let seconds = minutes.parse::<u32>().unwrap() * 60 + seconds.parse::<u32>().unwrap();
            assert!((75..=300).contains(&seconds), "{duration}");
        }
    }
    door.stop().await;
}

#[tokio::test]
async fn counts_come_from_the_calls() {
    let door = open().await;
    let result = door.launch(&body(&(9001..9065).collect::<Vec<_>>(), 2)).await;
    for _ in 0..12 {
        door.clock.forward(180.0);
        let now = detail(&door, &result["id"]).await;
        let count = |test: &dyn Fn(&Value) -> bool| {
            calls(&now).into_iter().filter(|call| test(call)).count()
        };
        let ended = |call: &Value| ENDED.contains(&call["status"].as_str().unwrap());
        let completed = |call: &Value| call["status"] == "completed";
        assert_eq!(now["total_runs_count"], calls(&now).len());
        assert_eq!(now["completed_runs_count"], count(&ended));
        assert_eq!(
            now["success_runs_count"],
            count(&|call| completed(call) && call["evaluation_status"] == "success")
        );
        assert_eq!(
            now["failed_runs_count"],
            count(&|call| completed(call) && call["evaluation_status"] == "failure")
        );
        assert_eq!(
            now["met_expected_outcome_count"],
            count(&|call| call["expected_outcome"]["score"] == 100.0)
        );
        let rows = door.get("/test_framework/v2/results/").await;
        let row = &rows["results"][0];
        assert!(row["runs"].is_array(), "an array in the list, an object in the detail");
        for field in [
            "status",
            "success_runs_count",
            "failed_runs_count",
            "total_runs_count",
            "success_rate",
        ] {
            assert_eq!(row[field], now[field]);
        }
    }
    door.stop().await;
}

#[tokio::test]
async fn the_same_seed_launch_and_time_give_the_same_bytes() {
    let mut answers = Vec::new();
    for _ in 0..2 {
        let door = open_with(&Clock::new(), |config| config.history = true).await;
        let result = door.launch(&body(&[9001, 9017, 9058, 9121], 3)).await;
        let mut bytes = String::new();
        for _ in 0..8 {
            door.clock.forward(77.0);
            bytes.push_str(&detail(&door, &result["id"]).await.to_string());
            let rows = door.get("/test_framework/v2/results/").await.to_string();
            bytes.push_str(&rows.replace(&door.running.base_url, ""));
            let call = result["runs"][5]["id"].clone();
            let call = door.get(&format!("/test_framework/v2/runs/{call}/")).await.to_string();
            bytes.push_str(&call.replace(&door.running.base_url, ""));
        }
        answers.push(bytes);
        door.stop().await;
    }
    assert!(answers[0] == answers[1]);
    let other = open_with(&Clock::new(), |config| config.seed = 2).await;
    let mine = open().await;
    let names = |value: Value| value["results"][0]["instructions"].to_string();
    assert_ne!(
        names(other.get("/test_framework/v1/scenarios/").await),
        names(mine.get("/test_framework/v1/scenarios/").await)
    );
}

#[tokio::test]
async fn everything_goes_on_while_the_studio_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::new();
    let here =
        |config: &mut practice::StudioConfig| config.data_dir = Some(folder.path().to_owned());
    let door = open_with(&clock, here).await;
    let result = door.launch(&body(&(9001..9021).collect::<Vec<_>>(), 1)).await;
    clock.forward(60.0);
    let before = detail(&door, &result["id"]).await;
    door.stop().await;

    // Another speed does not rewrite what was launched before.
    let door = open_with(&clock, |config| {
        here(config);
        config.speed = 500.0;
    })
    .await;
    assert_eq!(detail(&door, &result["id"]).await, before, "the same moment, the same answer");
    clock.forward(3600.0);
    let after = detail(&door, &result["id"]).await;
    assert!(calls(&after).iter().all(|call| ENDED.contains(&call["status"].as_str().unwrap())));
    let next = door.launch(&body(&[9001], 1)).await;
    assert_eq!(
        next["id"].as_i64().unwrap(),
        result["id"].as_i64().unwrap() + 1,
        "numbers are not given twice"
    );
    door.stop().await;
}

#[tokio::test]
async fn a_damaged_line_is_skipped() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::new();
    let here =
        |config: &mut practice::StudioConfig| config.data_dir = Some(folder.path().to_owned());
    let door = open_with(&clock, here).await;
    let first = door.launch(&body(&[9001], 1)).await;
    door.stop().await;
    let file = folder.path().join("practice.jsonl");
    let mut text = std::fs::read_to_string(&file).unwrap();
    text.push_str("not json\n{\"what\":\"launch\",\"result\":");
    std::fs::write(&file, text).unwrap();
    let door = open_with(&clock, here).await;
    assert_eq!(detail(&door, &first["id"]).await["name"], "A try");
    let second = door.launch(&body(&[9002], 1)).await;
    door.stop().await;
    let door = open_with(&clock, here).await;
    assert_eq!(
        detail(&door, &second["id"]).await["scenarios"][0]["id"],
        9002,
        "what came after the damage is kept"
    );
    door.stop().await;
}

#[tokio::test]
async fn stopping_cancels_what_has_not_ended() {
    let door = open().await;
    let result = door.launch(&body(&(9001..9031).collect::<Vec<_>>(), 1)).await;
    door.clock.forward(330.0);
    let before = detail(&door, &result["id"]).await;
    let (status, _) = door
        .post(&format!("/test_framework/v2/results/{}/end_calls/", result["id"]), &json!({}))
        .await;
    assert_eq!(status, 200);
    door.clock.forward(120.0);
    let after = detail(&door, &result["id"]).await;
    let mut stopped = 0;
    for (id, call) in after["runs"].as_object().unwrap() {
        let was = before["runs"][id]["status"].as_str().unwrap();
        let is = call["status"].as_str().unwrap();
        if ENDED.contains(&was) {
            assert_eq!(was, is);
        } else if was == "evaluating" {
            assert!(is == "completed" || is == "failed" || is == "timeout", "{was} then {is}");
        } else {
            stopped += 1;
            assert_eq!(is, "cancelled");
            assert_eq!(call["metadata"]["ended_reason"], "run-cancelled-by-user");
            assert_eq!(call["evaluation_status"], Value::Null);
        }
    }
    assert!(stopped > 10, "{stopped}");
    assert!(ENDED.contains(&after["status"].as_str().unwrap()));
    door.stop().await;
}

#[tokio::test]
async fn one_call_can_be_stopped_alone() {
    let door = open().await;
    let result = door.launch(&body(&[9001, 9002], 1)).await;
    door.clock.forward(30.0);
    let id = result["runs"][0]["id"].clone();
    let (status, _) =
        door.post(&format!("/test_framework/v2/runs/{id}/end_call/"), &json!({})).await;
    assert_eq!(status, 200);
    let now = detail(&door, &result["id"]).await;
    assert_eq!(now["runs"][id.to_string()]["status"], "cancelled");
    let other = result["runs"][1]["id"].to_string();
    assert_ne!(now["runs"][other]["status"], "cancelled");
    door.stop().await;
}

#[tokio::test]
async fn the_balance_falls_with_minutes_and_metrics() {
    let door = open().await;
    let credits =
        |info: &Value| info["credits_remaining"].as_str().unwrap().parse::<f64>().unwrap();
    let before = credits(&door.get("/test_framework/billing/info/").await);
    let result = door.launch(&body(&[9001, 9002, 9003, 9004], 2)).await;
    assert!(
        (credits(&door.get("/test_framework/billing/info/").await) - before).abs() < 0.001,
        "not yet"
    );
    door.clock.forward(86_400.0);
    let after = credits(&door.get("/test_framework/billing/info/").await);
    let now = detail(&door, &result["id"]).await;
    let metrics = door.get("/test_framework/v2/metrics/").await;
    let mut low = 0.0;
    let mut count = 0.0;
    for call in calls(&now) {
        let (minutes, seconds) = call["duration"].as_str().unwrap().split_once(':').unwrap();
        low += 5.0 * (minutes.parse::<f64>().unwrap() + seconds.parse::<f64>().unwrap() / 60.0);
        for metric in call["evaluation"]["metrics"].as_array().unwrap() {
            let own =
                metrics.as_array().unwrap().iter().find(|one| one["id"] == metric["id"]).unwrap();
            low += own["metric_cost"].as_f64().unwrap();
        }
        count += 1.0;
    }
    // The durations are cut to whole seconds: up to 5/60 of a credit each.
    let used = before - after;
    assert!(used >= low - 0.02 && used <= low + count * 5.0 / 60.0 + 0.02, "{used} against {low}");
    door.stop().await;
}

#[tokio::test]
async fn the_past_is_there_and_over() {
    let door = open_with(&Clock::new(), |config| config.history = true).await;
    let rows = door.get("/test_framework/v2/results/").await;
    assert_eq!(rows["count"], 6);
    let ids: Vec<i64> =
        rows["results"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect();
    assert!(ids.windows(2).all(|two| two[0] > two[1]), "newest first");
    for row in rows["results"].as_array().unwrap() {
        assert!(ENDED.contains(&row["status"].as_str().unwrap()));
        assert_eq!(row["total_runs_count"], row["completed_runs_count"]);
        assert!(row["created_at"].as_str().unwrap() < "2026-06-01");
    }
    door.stop().await;
}
