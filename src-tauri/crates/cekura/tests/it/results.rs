//! Results and ending their calls.

use cekura::{AgentId, ProjectId, ResultFilter, ResultId};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::fixtures;
use crate::support::{answering, answering_json, client, only, query, requests};

#[tokio::test]
async fn a_page_of_results() {
    let rows = vec![fixtures::result_row(7001), json!({ "id": null }), fixtures::result_row(7002)];
    let server = answering_json(fixtures::page(rows, "64")).await;
    let filter = ResultFilter {
        project: Some(ProjectId::from(12)),
        agent: Some(AgentId::from(501)),
        search: Some("·k7m2qd & co".to_owned()),
        page_size: Some(100),
    };
    let page = client(&server.uri()).results(&filter, 3).await.unwrap();
    assert_eq!((page.items.len(), page.unreadable.len(), page.count), (2, 1, Some(64)));
    let row = &page.items[0];
    assert_eq!((row.id.get(), row.name.as_str()), (7001, "Morning check"));
    assert_eq!(row.agent, Some(AgentId::from(501)));
    assert_eq!(row.agent_name.as_deref(), Some("Ticket clerk"));
    assert_eq!(row.is_cronjob, Some(false));
    assert_eq!(row.run_type.as_deref(), Some("Pipecat"));
    assert_eq!(
        (row.total_runs, row.completed_runs, row.success_runs, row.failed_runs),
        (Some(2), Some(2), Some(0), Some(2))
    );
    assert_eq!(row.runs.len(), 2);
    assert!(row.runs.iter().all(|run| run.transcript.is_none()), "a list says nothing of speech");

    let request = only(requests(&server).await);
    assert_eq!(request.url.path(), "/test_framework/v2/results/");
    for (name, value) in [
        ("project_id", "12"),
        ("agent_id", "501"),
        ("search", "·k7m2qd & co"),
        ("page", "3"),
        ("page_size", "100"),
    ] {
        assert_eq!(query(&request, name).as_deref(), Some(value), "{name}");
    }
}

#[tokio::test]
async fn rows_that_come_twice_are_kept_once() {
    let rows = vec![fixtures::result_row(1), fixtures::result_row(1), fixtures::result_row(2)];
    let server = answering_json(fixtures::page(rows, 3)).await;
    let page = client(&server.uri()).results(&ResultFilter::default(), 1).await.unwrap();
    assert_eq!(page.items.iter().map(|row| row.id.get()).collect::<Vec<_>>(), [1, 2]);
}

#[tokio::test]
async fn the_runs_of_a_result_are_an_array_or_an_object() {
    let as_object = fixtures::result_detail(7001);
    let mut as_array = as_object.clone();
    as_array["runs"] = as_object["runs"].as_object().unwrap().values().cloned().collect();
    for body in [as_object, as_array] {
        let server = answering_json(&body).await;
        let detail = client(&server.uri()).result(ResultId::from(7001)).await.unwrap();
        let ids: Vec<_> = detail.row.runs.iter().map(|run| run.id.get()).collect();
        assert_eq!(ids, [70_011, 70_012]);
        assert!(detail.row.runs.iter().all(|run| run.transcript.is_some()));
        assert_eq!(detail.raw, body);
        let request = only(requests(&server).await);
        assert_eq!(request.url.path(), "/test_framework/v2/results/7001/");
    }
}

#[tokio::test]
async fn one_bad_run_hides_none_of_its_neighbours() {
    let mut body = fixtures::result_detail(7001);
    body["runs"] = json!({
        "a": "odd",
        "70011": fixtures::run_full(70_011),
        "b": { "status": "no id anywhere" },
        "70012": { "status": "the key is the id" },
        "c": null,
        "70013": { "id": "70013", "status": 7, "evaluation": "odd", "duration": [] },
    });
    let server = answering_json(&body).await;
    let row = client(&server.uri()).result(ResultId::from(7001)).await.unwrap().row;
    assert_eq!(
        row.runs.iter().map(|run| run.id.get()).collect::<Vec<_>>(),
        [70_011, 70_012, 70_013]
    );
    assert_eq!(row.unreadable.len(), 3);
}

#[tokio::test]
async fn runs_that_are_neither_are_no_runs() {
    for runs in [Value::Null, json!("12 runs"), json!(12), json!([]), json!({})] {
        let mut body = fixtures::result_detail(7001);
        body["runs"] = runs;
        let server = answering_json(&body).await;
        let row = client(&server.uri()).result(ResultId::from(7001)).await.unwrap().row;
        assert!(row.runs.is_empty(), "{body}");
    }
}

#[tokio::test]
async fn all_calls_of_a_result_are_ended() {
    let server = answering(ResponseTemplate::new(200)).await;
    client(&server.uri()).end_calls(ResultId::from(7001)).await.unwrap();
    let request = only(requests(&server).await);
    assert_eq!(request.method.as_str(), "POST");
    assert_eq!(request.url.path(), "/test_framework/v2/results/7001/end_calls/");
    assert!(request.body.is_empty());
}

#[tokio::test]
async fn the_version_of_the_agent_may_be_an_object() {
    let version = json!({ "history_id": 812, "version_id": null, "version_name": "Ferry 3", "is_current": true });
    let mut body = fixtures::result_detail(7001);
    body["agent_version"] = version.clone();
    let mut run = fixtures::run_full(1);
    run["agent_version"] = version.clone();
    body["runs"] = json!({ "1": run });
    let server = answering_json(&body).await;
    let row = client(&server.uri()).result(ResultId::from(7001)).await.unwrap().row;
    assert_eq!((row.runs.len(), row.unreadable.len()), (1, 0));
    assert_eq!(
        (&row.raw["agent_version"], &row.runs[0].raw["agent_version"]),
        (&version, &version)
    );
}
