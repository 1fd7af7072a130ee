//! Slashes, names and pages.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Clock, ORDERS, body, open, open_with, told};

#[tokio::test]
async fn both_slash_forms_and_all_names_answer_alike() {
    let door = open_with(&Clock::new(), |config| config.history = true).await;
    let groups: [&[&str]; 9] = [
        &["/user/v1/projects/", "/user/v1/projects", "/user/v1/projects-external/"],
        &["/test_framework/v2/aiagents/?page_size=2", "/test_framework/v2/aiagents?page_size=2"],
        &[
            "/test_framework/v1/scenarios/9001/",
            "/test_framework/v1/scenarios/9001",
            "/test_framework/v1/scenarios-external/9001",
            "/test_framework/v2/scenarios/9001/",
        ],
        &["/test_framework/v1/personalities/", "/test_framework/v1/personalities-external"],
        &[
            "/test_framework/v1/test-profiles/?project_id=742",
            "/test_framework/v1/test-profiles-external?agent_id=3101",
        ],
        &[
            "/test_framework/v2/metrics/",
            "/test_framework/v1/metrics",
            "/test_framework/v1/metrics-external/",
        ],
        &["/test_framework/billing/info/", "/test_framework/billing/info"],
        &["/test_framework/v2/results/41201/", "/test_framework/v2/results-external/41201"],
        &["/schedules/v1/cron-jobs/", "/schedules/v1/cron-jobs-external?project_id=742"],
    ];
    for group in groups {
        let first = door.get(group[0]).await;
        for path in &group[1..] {
            assert_eq!(without_links(door.get(path).await), without_links(first.clone()), "{path}");
        }
    }
    door.stop().await;
}

fn without_links(mut value: Value) -> Value {
    if let Some(fields) = value.as_object_mut() {
        fields.remove("next");
        fields.remove("previous");
    }
    value
}

#[tokio::test]
async fn a_post_is_never_redirected() {
    let door = open().await;
    for path in [
        "/test_framework/v1/scenarios/run_scenarios_pipecat_v2/",
        "/test_framework/v1/scenarios/run_scenarios_pipecat_v2",
        "/test_framework/v1/scenarios-external/run_scenarios_pipecat_v2",
        "/test_framework/v2/scenarios/run_scenarios_pipecat_v2/",
    ] {
        let (status, answer) = door.post(path, &body(&[9001], 1)).await;
        assert_eq!(status, 200, "{path}");
        assert!(answer["id"].is_i64(), "{path}");
    }
    let launches = door.get("/__practice__/launches").await;
    assert_eq!(launches["count"], 4);
    door.stop().await;
}

#[tokio::test]
async fn lists_have_the_shape_the_api_gives_them() {
    let door = open().await;
    for path in [
        "/user/v1/projects/",
        "/user/organizations/",
        "/test_framework/v1/personalities/",
        "/test_framework/v1/test-profiles/?project_id=742",
        "/test_framework/v2/metrics/",
        "/test_framework/v1/predefined-metrics/",
        "/test_framework/v1/scenarios/tags/",
        "/schedules/v1/cron-jobs/",
    ] {
        assert!(door.get(path).await.is_array(), "{path}");
    }
    for path in [
        "/test_framework/v2/aiagents/",
        "/test_framework/v1/scenarios/",
        "/test_framework/v1/scenarios/folders/",
        "/test_framework/v2/results/",
        "/test_framework/v2/runs/?project_id=742",
        "/user/v2/organizations/",
    ] {
        let page = door.get(path).await;
        assert!(page["count"].is_u64() && page["results"].is_array(), "{path}");
    }
    door.stop().await;
}

#[tokio::test]
async fn pages_cover_the_list_once() {
    let door = open().await;
    let mut seen = Vec::new();
    let mut next = Some(format!(
        "{}/test_framework/v1/scenarios/?page_size=50&tag_filter_type=or",
        door.running.base_url
    ));
    while let Some(address) = next {
        let path = address
            .strip_prefix(&door.running.base_url)
            .expect("next is built from the request's host");
        let page = door.get(path).await;
        assert_eq!(page["count"], 128);
        seen.extend(
            page["results"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()),
        );
        next = page["next"].as_str().map(str::to_owned);
    }
    assert_eq!(seen, (9001..9129).collect::<Vec<_>>());
    let (status, _) = told(
        door.request(Method::GET, "/test_framework/v1/scenarios/?page=9").send().await.unwrap(),
    )
    .await;
    assert_eq!(status, 404);
    door.stop().await;
}

#[tokio::test]
async fn lists_are_filtered() {
    let door = open_with(&Clock::new(), |config| config.history = true).await;
    let count = async |path: &str| door.get(path).await["count"].as_u64().unwrap();
    assert_eq!(count("/test_framework/v1/scenarios/?agent_id=3103").await, 8);
    assert_eq!(count("/test_framework/v1/scenarios/?project_id=742").await, 120);
    assert_eq!(count("/test_framework/v1/scenarios/?folder_path=Orders.Edge%20cases").await, 8);
    assert_eq!(count("/test_framework/v1/scenarios/?folder_path=Orders").await, 48);
    assert!(
        count("/test_framework/v1/scenarios/?tags=smoke,orders&tag_filter_type=and").await < 16
    );
    assert_eq!(count("/test_framework/v2/results/?search=release%2041").await, 1);
    assert_eq!(count("/test_framework/v2/results/?agent_id=3102").await, 2);
    assert_eq!(
        count("/test_framework/v2/results/?agent=3102&name=x").await,
        6,
        "unknown parameters are ignored"
    );
    assert_eq!(count("/test_framework/v2/runs/?result_id=41200").await, 12);
    let folders =
        door.get("/test_framework/v1/scenarios/folders/?project_id=742&page_size=100").await;
    let paths: Vec<&str> = folders["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["path"].as_str().unwrap())
        .collect();
    assert!(
        paths.contains(&"default")
            && paths.contains(&"Orders")
            && paths.contains(&"Orders.Edge cases")
    );
    door.stop().await;
}

#[tokio::test]
async fn ql_chooses_keys_and_never_fails() {
    let door = open_with(&Clock::new(), |config| config.history = true).await;
    let page = door
        .get("/test_framework/v2/runs/?result_id=41200&ql={id,status,metadata{ended_reason}}")
        .await;
    let row = page["results"][0].as_object().unwrap();
    assert_eq!(row.keys().collect::<Vec<_>>(), ["id", "status", "metadata"]);
    assert_eq!(row["metadata"].as_object().unwrap().keys().collect::<Vec<_>>(), ["ended_reason"]);
    let detail = door.get("/test_framework/v2/results/41200/?ql={-runs}").await;
    assert!(detail.get("runs").is_none() && detail.get("status").is_some());
    let detail = door.get("/test_framework/v2/results/41200/?ql={id,").await;
    assert!(detail.get("runs").is_some(), "what cannot be read selects everything");
    door.stop().await;
}

#[tokio::test]
async fn keys_open_what_they_may() {
    let door = open().await;
    let ask = async |key: Option<&str>, method: Method, path: &str| {
        let request = door.bare(method, path).json(&body(&[9001], 1));
        let request = match key {
            Some(key) => request.header("X-CEKURA-API-KEY", key),
            None => request,
        };
        request.send().await.unwrap().status().as_u16()
    };
    let launch = crate::support::LAUNCH;
    let billing = "/test_framework/billing/info/";
    assert_eq!(ask(None, Method::GET, "/user/v1/projects/").await, 401);
    assert_eq!(ask(Some("wrong"), Method::GET, "/user/v1/projects/").await, 401);
    assert_eq!(ask(Some("readonly-1"), Method::GET, "/user/v1/projects/").await, 200);
    assert_eq!(ask(Some("readonly-1"), Method::POST, launch).await, 403);
    assert_eq!(ask(Some("project-1"), Method::GET, billing).await, 403);
    assert_eq!(ask(Some("project-1"), Method::POST, launch).await, 200);
    let (status, _) = door.post("/__practice__/key", &json!({ "key": "another" })).await;
    assert_eq!(status, 204);
    assert_eq!(ask(Some(crate::support::KEY), Method::GET, billing).await, 401);
    assert_eq!(ask(Some("another"), Method::GET, billing).await, 200);
    door.stop().await;
}

#[tokio::test]
async fn a_large_world_has_many_different_names() {
    let door = open_with(&Clock::new(), |config| config.evaluators = 10_000).await;
    let mut names = std::collections::BTreeSet::new();
    for page in 1..=50 {
        let rows =
            door.get(&format!("/test_framework/v1/scenarios/?page_size=200&page={page}")).await;
        assert_eq!(rows["count"], 10_000);
        for row in rows["results"].as_array().unwrap() {
            let name = row["name"].as_str().unwrap();
            assert!(name.chars().count() <= 80, "{name}");
            names.insert(name.to_owned());
        }
    }
    assert_eq!(names.len(), 10_000, "no two have the same name");
    let small = open().await;
    let first = small.get("/test_framework/v1/scenarios/9001/").await;
    assert_eq!(
        door.get("/test_framework/v1/scenarios/9001/").await,
        first,
        "the first ones stay the same"
    );
    door.stop().await;
}

#[tokio::test]
async fn bulk_wants_plain_numbers() {
    let door = open_with(&Clock::new(), |config| config.history = true).await;
    let runs = door.get("/test_framework/v2/runs/bulk/?run_ids=3100000,3100001,7").await;
    assert_eq!(runs.as_array().unwrap().len(), 2, "numbers nobody has are left out");
    for path in
        ["/test_framework/v2/runs/bulk/?run_ids=[1,2]", "/test_framework/v2/runs/bulk/?ids=3100000"]
    {
        let status = door.request(Method::GET, path).send().await.unwrap().status();
        assert_eq!(status, 400, "{path}");
    }
    let status =
        door.request(Method::GET, "/test_framework/v2/runs/").send().await.unwrap().status();
    assert_eq!(status, 400, "a list of calls needs to know whose");
    let agents = door.get("/test_framework/v2/aiagents/").await;
    assert_eq!(agents["results"][0]["id"], ORDERS);
    door.stop().await;
}
