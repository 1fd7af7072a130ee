//! Lists: walked by number, decoded item by item.

use std::time::{Duration, Instant};

use cekura::{Client, ClientConfig, Limits, Pace, ProjectId, ScenarioFilter};
use serde_json::{Value, json};
use wiremock::matchers::{any, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::fixtures::{page, project, scenario};
use crate::support::{answering_in_turn, answering_json, client, config, query, requests};

fn pages(pages: Vec<Value>) -> Vec<ResponseTemplate> {
    pages.into_iter().map(|page| ResponseTemplate::new(200).set_body_json(page)).collect()
}

async fn walk(answers: Vec<ResponseTemplate>) -> (cekura::Listing<cekura::Scenario>, usize) {
    let server = answering_in_turn(answers).await;
    let listing = client(&server.uri()).scenarios(&ScenarioFilter::default()).await.unwrap();
    (listing, requests(&server).await.len())
}

fn ids(listing: &cekura::Listing<cekura::Scenario>) -> Vec<i64> {
    listing.items.iter().map(|item| item.id.get()).collect()
}

#[tokio::test]
async fn pages_are_asked_for_by_number_until_the_count_is_reached() {
    let (listing, asked) = walk(pages(vec![
        page(vec![scenario(1), scenario(2)], 5),
        page(vec![scenario(3), scenario(4)], 5),
        page(vec![scenario(5)], 5),
    ]))
    .await;
    assert_eq!((ids(&listing), asked), (vec![1, 2, 3, 4, 5], 3));
    assert_eq!(listing.count, Some(5));
}

#[tokio::test]
async fn a_count_may_be_text_missing_or_wrong() {
    let (listing, asked) = walk(pages(vec![page(vec![scenario(1)], "1")])).await;
    assert_eq!((ids(&listing), asked), (vec![1], 1));

    // Without a count an empty page is the end.
    let (listing, asked) =
        walk(pages(vec![page(vec![scenario(1)], Value::Null), page(vec![], Value::Null)])).await;
    assert_eq!((ids(&listing), asked), (vec![1], 2));
    assert_eq!(listing.count, None);

    // A count that is too large ends there as well.
    let (listing, asked) = walk(pages(vec![page(vec![scenario(1)], 900), page(vec![], 900)])).await;
    assert_eq!((ids(&listing), asked), (vec![1], 2));
}

#[tokio::test]
async fn a_page_past_the_end_is_the_end() {
    let mut answers = pages(vec![page(vec![scenario(1)], Value::Null)]);
    answers.push(ResponseTemplate::new(404).set_body_json(json!({ "detail": "Invalid page." })));
    assert_eq!(ids(&walk(answers).await.0), [1]);

    let server = answering_in_turn(vec![ResponseTemplate::new(404)]).await;
    let error = client(&server.uri()).scenarios(&ScenarioFilter::default()).await.unwrap_err();
    assert_eq!(error.code(), "not_found", "the first page must be there");
}

#[tokio::test]
async fn a_server_that_ignores_the_page_is_asked_twice_at_most() {
    let (listing, asked) = walk(pages(vec![page(vec![scenario(1), scenario(2)], 900)])).await;
    assert_eq!((ids(&listing), asked), (vec![1, 2], 2));

    let (listing, asked) = walk(pages(vec![page(vec![json!("odd")], 900)])).await;
    assert_eq!((listing.unreadable.len(), asked), (1, 2));
}

#[tokio::test]
async fn rows_that_come_twice_are_kept_once() {
    let (listing, _) = walk(pages(vec![
        page(vec![scenario(1), scenario(2), scenario(2)], 5),
        page(vec![scenario(2), scenario(3)], 5),
    ]))
    .await;
    assert_eq!(ids(&listing), [1, 2, 3]);
}

#[tokio::test]
async fn a_page_of_nothing_readable_does_not_end_the_list() {
    let (listing, asked) = walk(pages(vec![
        page(vec![scenario(1)], 4),
        page(vec![json!({ "name": "no id" }), json!(null)], 4),
        page(vec![scenario(4)], 4),
    ]))
    .await;
    assert_eq!((ids(&listing), listing.unreadable.len(), asked), (vec![1, 4], 2, 3));
}

#[tokio::test]
async fn an_item_that_cannot_be_read_says_where_and_keeps_its_json() {
    let odd = json!({ "id": { "value": 7 }, "name": "odd" });
    let server =
        answering_json(json!([project(1), odd, project(3), 5, { "id": 1.5 }, ["x"]])).await;
    let listing = client(&server.uri()).projects().await.unwrap();
    assert_eq!(listing.items.iter().map(|it| it.id.get()).collect::<Vec<_>>(), [1, 3]);
    let faults: Vec<_> = listing.unreadable.iter().map(|it| (it.path.as_str(), it.id)).collect();
    assert_eq!(faults, [("id", None), (".", None), ("id", None), (".", None)]);
    assert_eq!(listing.unreadable[0].raw, odd);
    assert!(!listing.unreadable[0].message.is_empty());
}

#[tokio::test]
async fn whole_lists_may_come_in_pages_and_paged_lists_whole() {
    // Documented as an array, sent as an envelope.
    let server =
        answering_in_turn(pages(vec![page(vec![project(1)], 2), page(vec![project(2)], 2)])).await;
    assert_eq!(client(&server.uri()).projects().await.unwrap().items.len(), 2);
    let asked: Vec<_> = requests(&server).await.iter().map(|it| query(it, "page")).collect();
    assert_eq!(asked, [None, Some("2".to_owned())]);

    // Documented as an envelope, sent as an array.
    let (listing, asked) = walk(pages(vec![json!([scenario(1), scenario(2)])])).await;
    assert_eq!((ids(&listing), asked), (vec![1, 2], 1));

    // Results keyed by id.
    let keyed = json!({ "count": 1, "results": { "6": { "name": "keyed" } } });
    assert_eq!(ids(&walk(pages(vec![keyed])).await.0), [6]);
}

#[tokio::test]
async fn what_is_no_list_is_unreadable() {
    for body in [json!({}), json!("x"), json!(null), json!(7), json!({ "results": "x" })] {
        let server = answering_json(&body).await;
        let error = client(&server.uri()).projects().await.unwrap_err();
        assert_eq!(error.code(), "unreadable", "{body}");
        assert_eq!(requests(&server).await.len(), 1, "what cannot be read is not asked for again");
    }
}

#[tokio::test]
async fn pages_past_the_burst_keep_the_pace() {
    let pace = Pace { burst: 2, every: Duration::from_millis(20) };
    let answers = pages((1..=6).map(|id| page(vec![scenario(id)], 6)).collect());
    let server = answering_in_turn(answers).await;
    let limits = Limits { walk: Some(pace), ..Limits::default() };
    let client = Client::new(ClientConfig { limits, ..config(&server.uri()) }).unwrap();
    let began = Instant::now();
    let listing = client.scenarios(&ScenarioFilter::default()).await.unwrap();
    assert_eq!(listing.items.len(), 6);
    assert!(began.elapsed() >= pace.every * 4, "{:?}", began.elapsed());
}

#[tokio::test]
async fn ten_thousand_scenarios_are_read() {
    let server = MockServer::start().await;
    for number in 1..=100_i64 {
        let items = (0..100).map(|row| scenario(number * 100 + row)).collect();
        Mock::given(query_param("page", number.to_string()))
            .and(query_param("page_size", "100"))
            .respond_with(ResponseTemplate::new(200).set_body_json(page(items, 10_000)))
            .expect(1)
            .mount(&server)
            .await;
    }
    let filter = ScenarioFilter { project: Some(ProjectId::from(12)), ..ScenarioFilter::default() };
    let listing = client(&server.uri()).scenarios(&filter).await.unwrap();
    assert_eq!((listing.items.len(), listing.unreadable.len()), (10_000, 0));
}

#[tokio::test]
async fn one_refused_page_in_the_middle_is_an_error_not_a_short_list() {
    let server = MockServer::start().await;
    Mock::given(query_param("page", "1"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page(vec![scenario(1)], 3)))
        .mount(&server)
        .await;
    Mock::given(any()).respond_with(ResponseTemplate::new(403)).mount(&server).await;
    let error = client(&server.uri()).scenarios(&ScenarioFilter::default()).await.unwrap_err();
    assert_eq!(error.code(), "forbidden");
}
