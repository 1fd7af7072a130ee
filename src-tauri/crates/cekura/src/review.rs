//! What a person says of a judgement. Sent again only if it provably never left.

use http::Method;
use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::ids::{MetricId, RunId};
use crate::loose::Lenient;
use crate::problem::Problem;
use crate::transport::{Call, parse, path};

const ROOT: &str = "/test_framework/v2/runs/";

/// What a person decided about a run; what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunReview {
    /// `reviewed_success` or `reviewed_failure`.
    pub evaluation_status: Option<String>,
    /// The verdict.
    pub success: Option<bool>,
    /// A person has looked at it.
    pub is_reviewed: Option<bool>,
    /// What they wrote.
    pub feedback: Option<String>,
}

impl RunReview {
    /// A person's verdict, with the fields the API keeps it in.
    pub fn verdict(passed: bool) -> Self {
        let word = if passed { "reviewed_success" } else { "reviewed_failure" };
        Self {
            evaluation_status: Some(word.to_owned()),
            success: Some(passed),
            is_reviewed: Some(true),
            feedback: None,
        }
    }
}

impl Client {
    /// Votes on what a metric said of a run, which also marks the run as reviewed. `None` takes the
    /// vote back.
    pub async fn vote_metric(
        &self,
        run: RunId,
        metric: MetricId,
        thumbs_up: Option<bool>,
        expected_value: Option<Value>,
        feedback: Option<&str>,
    ) -> Result<(), Error> {
        // The document requires the first three, null or not.
        let mut body = json!({
            "metric_id": metric,
            "thumbs_up": thumbs_up,
            "expected_value": expected_value,
        });
        if let (Some(feedback), Some(fields)) = (feedback, body.as_object_mut()) {
            fields.insert("feedback".to_owned(), feedback.into());
        }
        self.vote(run, "mark_metric_vote/", body).await
    }

    /// Votes on the judgement of a run's expected outcome.
    ///
    /// The endpoint is documented, its body is not (the document shows a placeholder): the fields
    /// are those of the metric vote, without the metric. A server that wants others answers 400.
    pub async fn vote_expected_outcome(
        &self,
        run: RunId,
        thumbs_up: Option<bool>,
        feedback: Option<&str>,
    ) -> Result<(), Error> {
        let mut body = json!({ "thumbs_up": thumbs_up });
        if let (Some(feedback), Some(fields)) = (feedback, body.as_object_mut()) {
            fields.insert("feedback".to_owned(), feedback.into());
        }
        self.vote(run, "mark_expected_outcome_vote/", body).await
    }

    /// Writes a person's verdict on a run. The answer's body is not looked at: read the run again.
    pub async fn review_run(&self, run: RunId, review: &RunReview) -> Result<(), Error> {
        let mut body = Map::new();
        if let Some(status) = &review.evaluation_status {
            body.insert("evaluation_status".to_owned(), status.clone().into());
        }
        if let Some(success) = review.success {
            body.insert("success".to_owned(), success.into());
        }
        if let Some(reviewed) = review.is_reviewed {
            body.insert("is_reviewed".to_owned(), reviewed.into());
        }
        if let Some(feedback) = &review.feedback {
            body.insert("feedback".to_owned(), feedback.clone().into());
        }
        self.done(&Call::edit(Method::PATCH, path(ROOT, run, ""), Value::Object(body))).await
    }

    async fn vote(&self, run: RunId, action: &str, body: Value) -> Result<(), Error> {
        let text = self.text(&Call::edit(Method::POST, path(ROOT, run, action), body)).await?;
        // `{"success": false}` with 200 is a refusal; anything else with 2xx is a vote.
        let refused = parse(text.as_bytes())
            .ok()
            .and_then(|answer| answer.get("success").and_then(bool::lenient))
            == Some(false);
        if refused {
            let problem = Box::new(Problem::read(200, &text));
            let kind = ErrorKind::Refused { status: 200, problem };
            return Err(Error { kind, tries: 1, took: std::time::Duration::ZERO });
        }
        Ok(())
    }
}
