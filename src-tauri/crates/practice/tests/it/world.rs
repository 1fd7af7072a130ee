//! The world by itself: how much of everything there is, and of how many kinds.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::{LAUNCH, ORDERS, body, open};

/// Every value of one field in a list.
fn all<'a>(rows: &'a Value, field: &str) -> Vec<&'a Value> {
    let rows = rows.as_array().unwrap();
    rows.iter().map(|row| row.get(field).unwrap_or_else(|| panic!("{field} in {row}"))).collect()
}

fn texts<'a>(values: &[&'a Value]) -> BTreeSet<&'a str> {
    values.iter().map(|value| value.as_str().unwrap()).collect()
}

#[tokio::test]
async fn one_of_three_agents_cannot_be_called() {
    let door = open().await;
    let agents = door.get("/test_framework/v2/aiagents/").await;
    let agents = agents["results"].as_array().unwrap();
    assert_eq!(agents.len(), 3);
    let (ready, not): (Vec<_>, Vec<_>) = agents.iter().partition(|agent| {
        agent["provider"]["credentials"]["config"]["pipecat_agent_name"].is_string()
    });
    assert_eq!((ready.len(), not.len()), (2, 1));
    for agent in agents {
        let id = &agent["id"];
        let path = format!("/test_framework/v1/scenarios/?agent_id={id}");
        let evaluators = door.get(&path).await;
        let own = evaluators["results"][0]["id"].as_i64().expect("every agent has evaluators");
        // With the agent named, and by its evaluators alone.
        for named in [true, false] {
            let mut request = body(&[own], 1);
            if named {
                request["agent"] = id.clone();
            } else {
                request.as_object_mut().unwrap().remove("agent");
            }
            let (status, answer) = door.post(LAUNCH, &request).await;
            if *id == not[0]["id"] {
                assert_eq!(status, 400, "{answer}");
                let message = answer["agent"][0].as_str().unwrap();
                assert!(message.contains("Pipecat credentials"), "{message}");
            } else {
                assert_eq!((status, &answer["agent"]), (200, id), "{answer}");
            }
        }
    }
    let results = door.get("/test_framework/v2/results/").await;
    assert_eq!(results["count"], 4, "what was refused made no result");
    door.stop().await;
}

#[tokio::test]
async fn there_are_eight_callers_five_profiles_and_a_dozen_metrics() {
    let door = open().await;
    for (path, count) in [
        ("/test_framework/v1/personalities/", 8),
        ("/test_framework/v1/test-profiles/?project_id=742", 5),
        ("/test_framework/v2/metrics/", 12),
    ] {
        let rows = door.get(path).await;
        assert_eq!(rows.as_array().unwrap().len(), count, "{path}");
        assert_eq!(texts(&all(&rows, "name")).len(), count, "{path}: names differ");
        let ids: BTreeSet<i64> = all(&rows, "id").iter().map(|id| id.as_i64().unwrap()).collect();
        assert_eq!(ids.len(), count, "{path}: numbers differ");
    }
    let metrics = door.get("/test_framework/v2/metrics/").await;
    let kinds = texts(&all(&metrics, "eval_type"));
    assert_eq!(kinds, BTreeSet::from(["binary", "continuous_qualitative", "numeric", "enum"]));
    door.stop().await;
}

#[tokio::test]
async fn evaluators_lie_in_folders_and_have_tags_and_languages() {
    let door = open().await;
    let page = door.get("/test_framework/v1/scenarios/?page_size=200").await;
    assert_eq!(page["count"], 128);
    let rows = &page["results"];
    let names = texts(&all(rows, "name"));
    assert_eq!(names.len(), 128, "no two have one name");

    let folders = door.get("/test_framework/v1/scenarios/folders/?page_size=200").await;
    let known = texts(&all(&folders["results"], "path"));
    let used = texts(&all(rows, "folder_path"));
    assert!(used.len() >= 8, "{used:?}");
    assert!(used.iter().any(|path| path.contains('.')), "some folders lie in others: {used:?}");
    assert!(used.is_subset(&known), "{used:?} of {known:?}");

    let told = door.get("/test_framework/v1/scenarios/tags/").await;
    let told: BTreeSet<&str> = told.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let mut tags: BTreeMap<&str, usize> = BTreeMap::new();
    for tag in all(rows, "tags").into_iter().flat_map(|tags| tags.as_array().unwrap()) {
        *tags.entry(tag.as_str().unwrap()).or_default() += 1;
    }
    assert!(tags.len() >= 5, "{tags:?}");
    assert_eq!(tags.keys().copied().collect::<BTreeSet<_>>(), told);
    assert!(tags.values().any(|times| *times < 64), "a tag that all have sorts nothing: {tags:?}");

    let languages = texts(&all(rows, "scenario_language"));
    for language in ["en", "es", "ar", "ja"] {
        assert!(languages.contains(language), "{language} in {languages:?}");
    }
    door.stop().await;
}

#[tokio::test]
async fn metrics_of_each_type_are_among_the_results_of_many_calls() {
    let door = open().await;
    let launched = door.launch(&body(&(9001..9065).collect::<Vec<_>>(), 1)).await;
    assert_eq!(launched["agent"], ORDERS);
    door.clock.forward(36_000.0);
    let ids = all(&launched["runs"], "id");
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    for (version, expected) in [
        ("v2", &["binary", "continuous_qualitative", "enum", "numeric"][..]),
        (
            "v1",
            &[
                "binary_qualitative",
                "binary_workflow_adherence",
                "continuous_qualitative",
                "enum",
                "numeric",
            ][..],
        ),
    ] {
        let path = format!("/test_framework/{version}/runs/bulk/?run_ids={}", ids.join(","));
        let calls = door.get(&path).await;
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        let mut judged: BTreeSet<i64> = BTreeSet::new();
        for call in calls.as_array().unwrap() {
            for metric in call["evaluation"]["metrics"].as_array().into_iter().flatten() {
                let kind = metric["type"].as_str().unwrap();
                *kinds.entry(kind.to_owned()).or_default() += 1;
                judged.insert(metric["id"].as_i64().unwrap());
                let fits = match kind {
                    "binary" => metric["score"].is_boolean(),
                    "binary_qualitative" | "binary_workflow_adherence" => {
                        [json!(0), json!(5)].contains(&metric["score"])
                    }
                    "enum" => metric["enum"].is_string() && metric.get("score").is_none(),
                    "continuous_qualitative" => {
                        metric["score"].as_f64().is_some_and(|score| (0.0..=5.0).contains(&score))
                    }
                    _ => metric["score"].is_number(),
                };
                assert!(fits, "{version}: {metric}");
            }
        }
        let found: Vec<&str> = kinds.keys().map(String::as_str).collect();
        assert_eq!(found, expected, "{version}: {kinds:?}");
        assert_eq!(judged.len(), 12, "{version}: every metric is used: {judged:?}");
    }
    door.stop().await;
}
