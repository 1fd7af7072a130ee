//! What is accepted and what is refused, and with which words.

use serde_json::{Value, json};

use crate::support::{Clock, LAUNCH, ORDERS, body, open, open_with};

/// Evaluators, times, callers, profiles.
type Case = (&'static [i64], i64, &'static [i64], &'static [i64]);

fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut body = body(&[9001], 1);
    change(&mut body);
    body
}

#[tokio::test]
async fn mistakes_are_refused_by_the_name_of_their_field() {
    let door = open().await;
    let long = "n".repeat(256);
    let pk = |id: i64| format!("Invalid pk \"{id}\" - object does not exist.");
    let integer = "A valid integer is required.";
    let table: Vec<(Value, Value)> = vec![
        (
            with(|b| b["frequency"] = json!(0)),
            json!({ "frequency": ["Ensure this value is greater than or equal to 1."] }),
        ),
        (
            with(|b| b["frequency"] = json!(101)),
            json!({ "frequency": ["Ensure this value is less than or equal to 100."] }),
        ),
        (with(|b| b["frequency"] = json!("often")), json!({ "frequency": [integer] })),
        (with(|b| b["frequency"] = json!(1.5)), json!({ "frequency": [integer] })),
        (json!({ "frequency": 1 }), json!({ "scenarios": ["This field is required."] })),
        (
            with(|b| b["scenarios"] = json!([])),
            json!({ "scenarios": ["This list may not be empty."] }),
        ),
        (
            with(|b| b["scenarios"] = json!(9001)),
            json!({ "scenarios": ["Expected a list of items."] }),
        ),
        (
            with(|b| b["scenarios"] = json!([9001, 9002])),
            json!({ "scenarios": ["Invalid data. Expected a dictionary, such as {\"scenario\": 101}."] }),
        ),
        (
            with(|b| b["scenarios"] = json!([{}])),
            json!({ "scenarios": ["scenario: This field is required."] }),
        ),
        (
            with(|b| b["scenarios"] = json!([{ "scenario": "x" }])),
            json!({ "scenarios": ["scenario: A valid integer is required."] }),
        ),
        (
            with(|b| b["scenarios"] = json!([{ "scenario": 9001 }, { "scenario": 1 }])),
            json!({ "scenarios": ["Invalid scenario IDs or scenarios not found"] }),
        ),
        (with(|b| b["personality_ids"] = json!([1])), json!(["Invalid personalities provided."])),
        (
            with(|b| b["personality_ids"] = json!("all")),
            json!({ "personality_ids": ["Expected a list of items."] }),
        ),
        (with(|b| b["test_profile_ids"] = json!([1])), json!({ "test_profile_ids": [pk(1)] })),
        (with(|b| b["agent"] = json!(1)), json!({ "agent": [pk(1)] })),
        (
            with(|b| b["agent"] = json!(3103)),
            json!({ "agent": ["Agent must have Pipecat credentials configured (pipecat_data with pipecat_agent_name)."] }),
        ),
        (
            with(|b| b["concurrency_limit"] = json!(0)),
            json!({ "concurrency_limit": ["Ensure this value is greater than or equal to 1."] }),
        ),
        (
            with(|b| b["name"] = json!(long)),
            json!({ "name": ["Ensure this field has no more than 255 characters."] }),
        ),
        (
            with(|b| b["mock_tool_names"] = json!("all")),
            json!({ "mock_tool_names": ["Expected a list of items."] }),
        ),
        (
            with(|b| b["pipecat_data"] = json!(7)),
            json!({ "pipecat_data": ["Invalid data. Expected a dictionary."] }),
        ),
        (json!([1, 2]), json!({ "non_field_errors": ["Invalid data. Expected a dictionary."] })),
    ];
    for (body, expected) in table {
        let (status, answer) = door.post(LAUNCH, &body).await;
        assert_eq!((status, &answer), (400, &expected), "{body}");
    }
    let results = door.get("/test_framework/v2/results/").await;
    assert_eq!(results["count"], 0, "nothing that was refused made a result");
    door.stop().await;
}

#[tokio::test]
async fn a_caller_has_to_be_enabled_for_the_agent_that_is_called() {
    let door = open().await;
    let agents = door.get("/test_framework/v2/aiagents/").await;
    let callers = door.get("/test_framework/v1/personalities/").await;
    let ids: Vec<i64> =
        callers.as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect();
    let agents = agents["results"].as_array().unwrap();
    let enabled = |agent: &Value, id: i64| {
        agent["enabled_personalities"].as_array().unwrap().contains(&json!(id))
    };
    let (agent, caller) = agents
        .iter()
        .filter(|agent| agent["provider"]["credentials"].is_object())
        .find_map(|agent| ids.iter().find(|id| !enabled(agent, **id)).map(|id| (agent, *id)))
        .expect("a caller that is not enabled for an agent that can be called");
    let other = agents.iter().find(|other| enabled(other, caller)).unwrap();
    let ask = |agent: &Value| {
        with(|body| {
            body["agent"] = agent["id"].clone();
            body["personality_ids"] = json!([caller]);
        })
    };
    let (status, answer) = door.post(LAUNCH, &ask(agent)).await;
    assert_eq!((status, answer), (400, json!(["Invalid personalities provided."])));
    door.launch(&ask(other)).await;
    door.stop().await;
}

#[tokio::test]
async fn several_mistakes_come_back_together() {
    let door = open().await;
    let body = json!({ "scenarios": [{ "scenario": 1 }], "frequency": 0, "agent": 5 });
    let (status, answer) = door.post(LAUNCH, &body).await;
    assert_eq!(status, 400);
    let fields: Vec<&String> = answer.as_object().unwrap().keys().collect();
    for field in ["frequency", "scenarios", "agent"] {
        assert!(fields.iter().any(|one| *one == field), "{field} in {answer}");
    }
    door.stop().await;
}

#[tokio::test]
async fn calls_are_evaluators_times_callers_times_profiles() {
    let door = open().await;
    let cases: [Case; 6] = [
        (&[9001], 1, &[], &[]),
        (&[9001, 9002, 9003], 1, &[], &[]),
        (&[9001, 9002], 100, &[], &[]),
        (&[9001, 9002, 9003, 9004], 3, &[693, 702], &[]),
        (&[9001], 2, &[], &[501, 502, 503]),
        (&[9001, 9002], 2, &[693, 701, 702], &[501, 505]),
    ];
    for (scenarios, times, callers, profiles) in cases {
        let mut request = body(scenarios, times);
        request["personality_ids"] = json!(callers);
        request["test_profile_ids"] = json!(profiles);
        let answer = door.launch(&request).await;
        let calls = answer["runs"].as_array().unwrap();
        let expected =
            scenarios.len() * times as usize * callers.len().max(1) * profiles.len().max(1);
        assert_eq!(calls.len(), expected, "{request}");
        let detail = door.get(&format!("/test_framework/v2/results/{}/", answer["id"])).await;
        assert_eq!(detail["total_runs_count"], expected);
        assert_eq!(detail["runs"].as_object().unwrap().len(), expected);
        let mut seen = std::collections::BTreeMap::new();
        for call in detail["runs"].as_object().unwrap().values() {
            let key = (
                call["scenario"].to_string(),
                call["personality"].to_string(),
                call["test_profile"].to_string(),
            );
            *seen.entry(key).or_insert(0) += 1;
        }
        assert!(
            seen.values().all(|count| *count == times),
            "each combination {times} times: {seen:?}"
        );
        assert_eq!(seen.len(), expected / times as usize);
    }
    door.stop().await;
}

#[tokio::test]
async fn too_many_calls_are_refused() {
    let door = open().await;
    let all: Vec<i64> = (9001..9129).collect();
    let mut request = body(&all, 100);
    request["personality_ids"] = json!([693, 701]);
    request["agent"] = json!(ORDERS);
    let (status, answer) = door.post(LAUNCH, &request).await;
    assert_eq!(status, 400, "{answer}");
    assert!(answer["non_field_errors"][0].as_str().unwrap().contains("25600"), "{answer}");
    door.stop().await;
}

#[tokio::test]
async fn the_answer_looks_like_a_real_one() {
    let door = open().await;
    let answer = door.launch(&body(&[9001, 9002], 1)).await;
    let fields: Vec<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "id",
        "name",
        "agent",
        "status",
        "success_rate",
        "run_as_text",
        "is_cronjob",
        "runs",
        "created_at",
        "updated_at",
    ];
    assert_eq!(fields, expected);
    assert_eq!(answer["status"], "running");
    assert_eq!(answer["agent"], ORDERS);
    assert_eq!(answer["name"], "A try");
    let call = &answer["runs"][0];
    assert_eq!((call["status"].as_str(), call["scenario"].as_i64()), (Some("running"), Some(9001)));
    assert!(
        answer["created_at"].as_str().unwrap().ends_with(".000000Z"),
        "microseconds, as the real one writes them"
    );
    door.stop().await;
}

#[tokio::test]
async fn without_an_agent_the_evaluators_decide_and_must_agree() {
    let door = open().await;
    let (status, answer) = door.post(LAUNCH, &json!({ "scenarios": [{ "scenario": 9001 }] })).await;
    assert_eq!((status, &answer["agent"]), (200, &json!(ORDERS)));
    let scenarios = door.get("/test_framework/v1/scenarios/?agent_id=3102&page_size=1").await;
    let other = scenarios["results"][0]["id"].clone();
    let mixed = json!({ "scenarios": [{ "scenario": 9001 }, { "scenario": other }] });
    let (status, answer) = door.post(LAUNCH, &mixed).await;
    assert_eq!(
        (status, answer),
        (400, json!({ "scenarios": ["All scenarios must belong to the same agent."] }))
    );
    door.stop().await;
}

#[tokio::test]
async fn the_vendors_own_way_needs_a_lenient_studio() {
    let door = open_with(&Clock::new(), |config| config.lenient = true).await;
    let (status, answer) = door
        .post(LAUNCH, &json!({ "agent_id": ORDERS, "frequency": 3, "scenarios": [9001, 9002] }))
        .await;
    assert_eq!((status, answer["runs"].as_array().unwrap().len()), (200, 6));
    let (status, answer) =
        door.post(LAUNCH, &json!({ "agent_id": ORDERS, "tags": ["smoke"] })).await;
    assert_eq!(status, 200, "{answer}");
    let run = answer["runs"][0]["id"].clone();
    let runs = door.get(&format!("/test_framework/v1/runs-external/bulk?ids={run}")).await;
    assert_eq!(runs[0]["id"], run);
    door.stop().await;
}

#[tokio::test]
async fn an_empty_balance_holds_the_launch_and_only_that() {
    let door = open().await;
    let (status, _) = door.post("/__practice__/balance", &json!({ "credits": 12.5 })).await;
    assert_eq!(status, 204);
    let info = door.get("/test_framework/billing/info/").await;
    assert_eq!(info["credits_remaining"], "12.50");
    let (status, answer) = door.post(LAUNCH, &body(&[9001, 9002, 9003], 1)).await;
    assert_eq!(
        (status, answer),
        (402, json!({ "detail": "Insufficient balance for this operation" }))
    );
    let results = door.get("/test_framework/v2/results/").await;
    assert_eq!(results["count"], 0);
    let (status, _) = door.post(LAUNCH, &body(&[9001], 1)).await;
    assert_eq!(status, 200);
    door.stop().await;
}

#[tokio::test]
async fn other_ways_to_run_are_not_played() {
    let door = open().await;
    let (status, _) = door
        .post("/test_framework/v1/scenarios/run_scenarios/", &json!({ "scenarios": [9001] }))
        .await;
    assert_eq!(status, 400);
    door.stop().await;
}
