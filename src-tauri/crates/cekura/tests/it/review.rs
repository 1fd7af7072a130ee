//! Votes and verdicts.

use cekura::{MetricId, RunId, RunReview};
use serde_json::{Value, json};
use wiremock::{MockServer, ResponseTemplate};

use crate::support::{answering, answering_json, client, json_of, only, requests};

const RUN: i64 = 5;

async fn sent(server: &MockServer) -> (String, String, Value) {
    let request = only(requests(server).await);
    (request.method.to_string(), request.url.path().to_owned(), json_of(&request))
}

#[tokio::test]
async fn a_vote_on_a_metric() {
    let server = answering_json(json!({ "success": true })).await;
    client(&server.uri())
        .vote_metric(
            RunId::from(RUN),
            MetricId::from(71),
            Some(false),
            Some(json!(true)),
            Some("It did"),
        )
        .await
        .unwrap();
    assert_eq!(
        sent(&server).await,
        (
            "POST".to_owned(),
            "/test_framework/v2/runs/5/mark_metric_vote/".to_owned(),
            json!({ "metric_id": 71, "thumbs_up": false, "expected_value": true, "feedback": "It did" })
        )
    );
}

#[tokio::test]
async fn a_vote_taken_back_sends_the_required_fields_as_null() {
    let server = answering(ResponseTemplate::new(200)).await;
    client(&server.uri())
        .vote_metric(RunId::from(RUN), MetricId::from(71), None, None, None)
        .await
        .unwrap();
    assert_eq!(
        sent(&server).await.2,
        json!({ "metric_id": 71, "thumbs_up": null, "expected_value": null })
    );
}

#[tokio::test]
async fn a_vote_on_the_expected_outcome() {
    let server = answering_json(json!({ "id": RUN })).await;
    client(&server.uri())
        .vote_expected_outcome(RunId::from(RUN), Some(true), Some("Fair"))
        .await
        .unwrap();
    assert_eq!(
        sent(&server).await,
        (
            "POST".to_owned(),
            "/test_framework/v2/runs/5/mark_expected_outcome_vote/".to_owned(),
            json!({ "thumbs_up": true, "feedback": "Fair" })
        )
    );
}

#[tokio::test]
async fn a_vote_that_is_refused_is_an_error() {
    for answer in [
        ResponseTemplate::new(200).set_body_json(json!({ "success": false })),
        ResponseTemplate::new(400).set_body_json(json!({ "metric_id": ["Unknown."] })),
    ] {
        let server = answering(answer).await;
        let error = client(&server.uri())
            .vote_metric(RunId::from(RUN), MetricId::from(71), Some(true), None, None)
            .await
            .unwrap_err();
        assert_eq!(error.code(), "refused");
        assert_eq!(requests(&server).await.len(), 1);
    }
}

#[tokio::test]
async fn a_verdict_holds_what_was_said_and_nothing_else() {
    for (review, body) in [
        (
            RunReview::verdict(true),
            json!({ "evaluation_status": "reviewed_success", "success": true, "is_reviewed": true }),
        ),
        (
            RunReview::verdict(false),
            json!({ "evaluation_status": "reviewed_failure", "success": false, "is_reviewed": true }),
        ),
        (
            RunReview { feedback: Some("Fine".to_owned()), ..RunReview::default() },
            json!({ "feedback": "Fine" }),
        ),
    ] {
        // The answer is the run; what of it cannot be read does not undo the verdict.
        let server = answering(ResponseTemplate::new(200).set_body_string("odd")).await;
        client(&server.uri()).review_run(RunId::from(RUN), &review).await.unwrap();
        assert_eq!(
            sent(&server).await,
            ("PATCH".to_owned(), "/test_framework/v2/runs/5/".to_owned(), body)
        );
    }
}
