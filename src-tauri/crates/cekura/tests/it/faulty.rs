//! Answers with faults in them: one bad thing hides none of its neighbours.

use cekura::{REPAIRED, ResultFilter, ResultId, RunId, ScenarioFilter};
use serde_json::{Value, json};
use wiremock::matchers::{any, path, query_param};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::fixtures::{self, page, project, scenario};
use crate::support::{answering, client, query, requests};

fn raw(body: impl Into<Vec<u8>>) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body.into(), "application/json")
}

/// The JSON with this text in the place of every `"SPOILT"`.
fn spoilt(body: &Value, with: &str) -> ResponseTemplate {
    raw(body.to_string().replace("\"SPOILT\"", with))
}

#[tokio::test]
async fn a_token_that_is_none_costs_no_call_no_evaluator_and_no_result() {
    for token in [r#""\ud83d""#, "NaN", "-Infinity", "1e999"] {
        let mut bad = scenario(2);
        bad["instructions"] = json!("SPOILT");
        let body = page(vec![scenario(1), bad, scenario(3)], 3);
        let server = answering(spoilt(&body, token)).await;
        let listing = client(&server.uri()).scenarios(&ScenarioFilter::default()).await.unwrap();
        assert_eq!((listing.items.len(), listing.unreadable.len()), (3, 0), "{token}");
        assert_eq!(listing.items[1].raw[REPAIRED][0]["path"], "results[1].instructions");
        assert_eq!(listing.items[0].raw, scenario(1));

        let mut body = fixtures::result_detail(7001);
        body["runs"] = json!({ "1": fixtures::run_full(1), "2": { "feedback": "SPOILT" } });
        let server = answering(spoilt(&body, token)).await;
        let row = client(&server.uri()).result(ResultId::from(7001)).await.unwrap().row;
        assert_eq!((row.runs.len(), row.unreadable.len()), (2, 0), "{token}");
        assert_eq!(row.runs[1].raw[REPAIRED][0]["path"], "runs.2.feedback");

        let server = answering(spoilt(&page(vec![body], 1), token)).await;
        let results = client(&server.uri()).results(&ResultFilter::default(), 1).await.unwrap();
        assert_eq!((results.items.len(), results.items[0].runs.len()), (1, 2), "{token}");
    }
}

#[tokio::test]
async fn a_launch_is_read_whatever_a_call_in_it_holds() {
    let body = r#"{"id": 7001, "agent": 501, "runs": [{"id": 1, "n": NaN}, {"id": 2 "a": 1}]}"#;
    let server = answering(raw(body)).await;
    let launched = client(&server.uri()).launch(&crate::launch::request()).await.unwrap();
    assert_eq!(launched.result, ResultId::from(7001));
    assert_eq!((launched.runs.len(), launched.unreadable.len()), (1, 1));
    assert_eq!(launched.unreadable[0].id, Some(2));
}

/// A list of 250 that is cut off within one row, whichever page it is on.
async fn cut_within(row: usize, path_of: &str) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(path(path_of.to_owned()))
        .respond_with(move |request: &Request| {
            let number = |name: &str| query(request, name).unwrap().parse::<usize>().unwrap();
            let (page_number, size) = (number("page"), number("page_size"));
            let first = (page_number - 1) * size;
            if first >= 250 {
                return ResponseTemplate::new(404);
            }
            let rows = (first..(first + size).min(250)).map(|row| scenario(row as i64)).collect();
            let text = page(rows, 250).to_string();
            match text.find(&format!(r#"{{"id":{row},"#)) {
                Some(at) if (first..first + size).contains(&row) => raw(&text[..at + 20]),
                _ => raw(text),
            }
        })
        .mount(&server)
        .await;
    server
}

#[tokio::test]
async fn the_rest_of_a_page_that_is_cut_off_is_read_from_smaller_pages() {
    for row in [0, 1, 24, 99, 100, 163, 249] {
        let server = cut_within(row, "/test_framework/v1/scenarios/").await;
        let listing = client(&server.uri()).scenarios(&ScenarioFilter::default()).await.unwrap();
        let ids: Vec<_> = listing.items.iter().map(|item| item.id.get()).collect();
        let others: Vec<_> = (0..250).filter(|id| *id != row as i64).collect();
        assert_eq!(ids, others, "row {row}");
        let places: Vec<_> = listing.unreadable.iter().map(|it| it.place.clone()).collect();
        assert_eq!(places, [format!("row {}", row + 1)], "counted from one");
        assert!(requests(&server).await.len() <= 3 + 14, "{}", requests(&server).await.len());
    }
}

#[tokio::test]
async fn a_list_without_pages_keeps_what_ended_and_says_that_more_is_lost() {
    let whole = json!([project(1), project(2), project(3)]).to_string();
    let server = answering(raw(&whole[..whole.len() - 40])).await;
    let listing = client(&server.uri()).projects().await.unwrap();
    assert_eq!(listing.items.iter().map(|it| it.id.get()).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(listing.unreadable.len(), 1);
    assert_eq!(listing.unreadable[0].place, "after row 2");
    assert_eq!(requests(&server).await.len(), 1);
}

#[tokio::test]
async fn the_calls_of_a_result_that_is_cut_off_are_read_from_their_list() {
    let server = MockServer::start().await;
    let mut body = fixtures::result_detail(7001);
    let runs: Vec<Value> = (1..=3).map(fixtures::run_row).collect();
    body.as_object_mut().unwrap().shift_remove("runs");
    Mock::given(query_param("ql", "{-runs}"))
        .respond_with(ResponseTemplate::new(200).set_body_json(&body))
        .mount(&server)
        .await;
    Mock::given(path("/test_framework/v2/runs/"))
        .and(query_param("result_id", "7001"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page(runs.clone(), 3)))
        .mount(&server)
        .await;
    body["runs"] = json!({ "1": runs[0], "2": runs[1], "3": runs[2] });
    let whole = body.to_string();
    Mock::given(any())
        .respond_with(raw(&whole[..whole.len() - 30]))
        .with_priority(9)
        .mount(&server)
        .await;
    let detail = client(&server.uri()).result(ResultId::from(7001)).await.unwrap();
    assert_eq!(detail.row.runs.iter().map(|run| run.id.get()).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(detail.raw["runs"].as_array().unwrap().len(), 3);
    assert_eq!(detail.row.name, fixtures::result_detail(7001)["name"].as_str().unwrap());
}

/// A server of full calls of which some cannot be had.
async fn runs_but(bad: &'static [i64], answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(move |request: &Request| {
            let joined = query(request, "run_ids");
            let ids: Vec<i64> = if let Some(ids) = &joined {
                ids.split(',').map(|id| id.parse().unwrap()).collect()
            } else {
                let mut parts = request.url.path().split('/').rev();
                vec![parts.find_map(|part| part.parse().ok()).unwrap()]
            };
            if ids.iter().any(|id| bad.contains(id)) {
                return answer.clone();
            }
            let runs: Vec<Value> = ids.into_iter().map(fixtures::run_full).collect();
            let body = if joined.is_some() { json!(runs) } else { runs[0].clone() };
            ResponseTemplate::new(200).set_body_json(body)
        })
        .mount(&server)
        .await;
    server
}

fn ids(all: std::ops::RangeInclusive<i64>) -> Vec<RunId> {
    all.map(RunId::from).collect()
}

#[tokio::test]
async fn calls_that_cannot_be_had_keep_no_others_away() {
    for answer in [
        ResponseTemplate::new(500),
        ResponseTemplate::new(400).set_body_json(json!({ "detail": "no" })),
        ResponseTemplate::new(404),
        raw("[{"),
        raw("{}"),
    ] {
        for bad in [&[1][..], &[50], &[17, 18], &[3, 77, 120], &[1, 2, 3, 4, 5, 6, 7, 8]] {
            let bad: &'static [i64] = bad.to_vec().leak();
            let server = runs_but(bad, answer.clone()).await;
            let client = client(&server.uri()).with_retry(cekura::RetryPolicy::never());
            let read = client.runs_bulk(&ids(1..=120)).await;
            let mut got: Vec<_> = read.items.iter().map(|run| run.id.get()).collect();
            got.sort_unstable();
            assert_eq!(got, (1..=120).filter(|id| !bad.contains(id)).collect::<Vec<_>>());
            let mut failed: Vec<_> = read.failed.iter().map(|(id, _)| id.get()).collect();
            failed.sort_unstable();
            assert_eq!(failed, bad);
            assert_eq!((read.unasked, read.stopped), (vec![], None));
        }
    }
}

#[tokio::test]
async fn no_call_is_asked_for_more_than_twice_over_all() {
    let server = answering(ResponseTemplate::new(500)).await;
    let client = client(&server.uri()).with_retry(cekura::RetryPolicy::never());
    for count in [1, 2, 7, 50, 51] {
        let before = requests(&server).await.len();
        let read = client.runs_bulk(&ids(1..=count)).await;
        assert_eq!(read.failed.len(), count as usize);
        let asked = requests(&server).await.len() - before;
        assert!(asked <= 2 * count as usize, "{asked} for {count}");
    }
}

#[tokio::test]
async fn what_ended_before_a_cut_is_kept_and_the_rest_asked_for_again() {
    let server = MockServer::start().await;
    Mock::given(path("/test_framework/v2/runs/bulk/"))
        .respond_with(|request: &Request| {
            let ids = query(request, "run_ids").unwrap();
            let ids = ids.split(',').map(|id| id.parse().unwrap());
            let whole = json!(ids.clone().map(fixtures::run_full).collect::<Vec<_>>()).to_string();
            // No more than three and a half calls fit.
            let most = json!(ids.take(3).map(fixtures::run_full).collect::<Vec<_>>());
            raw(&whole[..whole.len().min(most.to_string().len() + 200)])
        })
        .mount(&server)
        .await;
    let read = client(&server.uri()).runs_bulk(&ids(1..=20)).await;
    let mut got: Vec<_> = read.items.iter().map(|run| run.id.get()).collect();
    got.sort_unstable();
    assert_eq!(got, (1..=20).collect::<Vec<_>>());
    assert_eq!((read.failed, read.unreadable.len(), read.stopped), (vec![], 0, None));
    assert!(requests(&server).await.len() < 20);
}

#[tokio::test]
async fn a_call_for_patience_ends_the_asking_with_what_was_read() {
    let server = MockServer::start().await;
    let runs: Vec<Value> = (1..=50).map(fixtures::run_full).collect();
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_json(&runs))
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&server)
        .await;
    Mock::given(any()).respond_with(ResponseTemplate::new(429)).mount(&server).await;
    let client = client(&server.uri()).with_retry(cekura::RetryPolicy::never());
    let read = client.runs_bulk(&ids(1..=120)).await;
    assert_eq!((read.items.len(), read.failed.len()), (50, 0));
    assert_eq!(read.unasked, ids(51..=120));
    assert_eq!(read.stopped.unwrap().code(), "throttled");
    assert_eq!(requests(&server).await.len(), 2);
}
