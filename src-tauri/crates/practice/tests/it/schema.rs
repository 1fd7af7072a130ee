//! Answers against the vendor's own document, where it is at hand.

use std::collections::{BTreeMap, BTreeSet};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::{Value, json};

use crate::support::{Clock, body, document, open_with};

/// Where the document contradicts the answers that have been published, and these are followed;
/// or where it contradicts itself. Places and what is found there, and why. A place is the
/// schema's name and the way to the value, places in lists as `*`.
const FOLLOWED: &[(&[&str], &str)] = &[
    (
        &[
            "PaginatedResultList/results/*/completed_runs_count is a number",
            "PaginatedResultList/results/*/failed_runs_count is a number",
            "PaginatedResultList/results/*/met_expected_outcome_count is a number",
            "PaginatedResultList/results/*/success_runs_count is a number",
            "PaginatedResultList/results/*/total_expected_outcome_count is a number",
            "PaginatedResultList/results/*/total_runs_count is a number",
            "PaginatedResultList/results/*/is_cronjob is a boolean",
            "ResultDetailV2/completed_runs_count is a number",
            "ResultDetailV2/failed_runs_count is a number",
            "ResultDetailV2/met_expected_outcome_count is a number",
            "ResultDetailV2/success_runs_count is a number",
            "ResultDetailV2/total_expected_outcome_count is a number",
            "ResultDetailV2/total_runs_count is a number",
            "ResultDetailV2/is_cronjob is a boolean",
        ],
        "the schema calls what its generator cannot see text; the example beside it says integer and boolean, and so do real answers",
    ),
    (
        &[
            "PaginatedResultList/results/*/scenarios is an array",
            "ResultDetailV2/connected_runs is an array",
            "ResultDetailV2/not_connected_runs is an array",
            "ResultDetailV2/failed_infrastructure_runs is an array",
            "ResultDetailV2/failed_workflow_runs is an array",
            "ResultDetailV2/successful_calls is an array",
            "ResultDetailV2/critical_categories is an array",
            "ResultDetailV2/metrics is an array",
            "ResultDetailV2/performance_metrics is an array",
            "ResultDetailV2/scenarios is an array",
            "ResultDetailV2/runs_by_tags is an object",
            "ResultDetailV2/latency_data is an object",
            "PaginatedRunListList/results/*/critical_categories is an array",
            "AIAgentTestProfileList/scenarios is an array",
            "MetricListSerializerV2/agent_names is an array",
            "PaginatedScenarioListList/results/*/metrics is an array",
            "PaginatedScenarioListList/results/*/metric_names is an array",
        ],
        "the same: lists and objects by their own description and the examples",
    ),
    (
        &["PaginatedResultList/results/*/runs is an array"],
        "an object by its schema, an array by the text of both endpoints and in every published list",
    ),
    (
        &[
            "Project/elevenlabs_api_key_configured is a boolean",
            "Project/livekit_api_key_configured is a boolean",
            "Project/pipecat_api_key_configured is a boolean",
            "Project/retell_api_key_configured is a boolean",
            "Project/vapi_api_key_configured is a boolean",
        ],
        "answers to a yes-or-no question that the generator took for text",
    ),
    (
        &[
            "Run/evaluation/metrics/* lacks \"enum\"",
            "Run/evaluation/metrics/* lacks \"score\"",
            "Run/evaluation/metrics/* lacks \"value\"",
            "Run/evaluation/metrics/*/score is a boolean",
        ],
        "no published metric has all three: a binary one has a boolean score, a category no score",
    ),
    (
        &[
            "Run/expected_outcome lacks \"score\"",
            "Run/expected_outcome lacks \"explanation\"",
            "Run/expected_outcome lacks \"outcome_alignments\"",
        ],
        "an empty object where nothing was expected, as published webhooks have it",
    ),
    (
        &[
            "Run/transcript_object/* lacks \"timestamp\"",
            "Run/transcript_object/* lacks \"normalized_content\"",
            "Run/transcript_object/* lacks \"comparison_spans\"",
            "Run/transcript_object/* lacks \"content\"",
        ],
        "published turns have time, start_time and end_time, and the result of a tool has no content",
    ),
    (
        &[
            "PaginatedRunListList/results/*/evaluation_status is null",
            "Run/evaluation_status is null",
            "PaginatedRunListList/results/*/test_profile_name is null",
            "PaginatedRunListList/results/*/outbound_dial_window_opens_at is null",
            "PaginatedRunListList/results/*/outbound_dial_window_seconds is null",
            "PaginatedRunListList/results/*/outbound_dial_window_closes_at is null",
            "Run/outbound_dial_window_opens_at is null",
            "Run/outbound_dial_window_seconds is null",
            "Run/outbound_dial_window_closes_at is null",
            "Run/voice_recording_url is null",
            "PaginatedScenarioListList/results/*/test_profile_data is null",
            "PaginatedResultList/results/*/agent_version is null",
            "ResultDetailV2/agent_version is null",
        ],
        "null where there is nothing: so in the real launch answer, in the older examples, and in the descriptions",
    ),
    (
        &[
            "PaginatedAIAgentV2List/results/*/mock_tools/*/mcp_server is null",
            "ResultDetailV2/ai_summary is null",
            "ResultDetailV2/failed_reasons is null",
            "ResultDetailV2/overall_evaluation is null",
            "ResultDetailV2/path_coverage is null",
            "Run/rubric is null",
            "SchemaScenario/generated_mock_tool_entries is null",
        ],
        "`oneOf` of anything and null: null fits both, so by the letter it fits neither",
    ),
    (
        &[
            "PaginatedAIAgentV2List/next is null",
            "PaginatedAIAgentV2List/previous is null",
            "PaginatedResultList/previous is null",
            "PaginatedRunListList/next is null",
            "PaginatedRunListList/previous is null",
            "PaginatedScenarioFolderList/next is null",
            "PaginatedScenarioFolderList/previous is null",
            "PaginatedScenarioListList/next is null",
            "PaginatedScenarioListList/previous is null",
        ],
        "`nullable` means nothing in version 3.1 of the format; published pages have null at the ends",
    ),
    (
        &["PaginatedAIAgentV2List/results/*/provider/credentials fits none of several"],
        "`oneOf` of the providers' settings, none of which requires anything: a valid one fits them all",
    ),
];

struct Document {
    whole: Value,
    validators: BTreeMap<String, Validator>,
    found: BTreeSet<String>,
}

impl Document {
    /// Notes every place where an answer differs from the schema.
    fn compare(&mut self, schema: &str, answer: &Value) {
        if !self.validators.contains_key(schema) {
            let root = json!({
                "$ref": format!("#/components/schemas/{schema}"),
                "components": self.whole["components"],
            });
            self.validators.insert(schema.to_owned(), jsonschema::validator_for(&root).unwrap());
        }
        let validator = &self.validators[schema];
        let notes: Vec<String> =
            validator.iter_errors(answer).map(|error| note(schema, &error)).collect();
        self.found.extend(notes);
    }
}

fn note(schema: &str, error: &ValidationError<'_>) -> String {
    let path = error.instance_path().to_string();
    let is_place =
        |part: &str| !part.is_empty() && part.chars().all(|letter| letter.is_ascii_digit());
    let place: Vec<&str> =
        path.split('/').map(|part| if is_place(part) { "*" } else { part }).collect();
    let what = match error.kind() {
        ValidationErrorKind::Required { property } => format!("lacks {property}"),
        ValidationErrorKind::Type { .. } | ValidationErrorKind::OneOfMultipleValid { .. } => {
            let kind = match error.instance().as_ref() {
                Value::Null => "null",
                Value::Bool(_) => "a boolean",
                Value::Number(_) => "a number",
                Value::String(_) => "a text",
                Value::Array(_) => "an array",
                Value::Object(_) => "an object",
            };
            format!("is {kind}")
        }
        ValidationErrorKind::OneOfNotValid { .. } => "fits none of several".to_owned(),
        ValidationErrorKind::Enum { .. } if error.instance().is_null() => "is null".to_owned(),
        _ => error.to_string().chars().take(200).collect(),
    };
    format!("{schema}{} {what}", place.join("/"))
}

#[tokio::test]
async fn every_answer_fits_the_document() {
    let Some(whole) = document() else {
        use std::io::Write as _;
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: the vendor's openapi.json is not at hand (set LINECHECK_OPENAPI); the practice studio's answers are not checked against it"
        );
        return;
    };
    let door = open_with(&Clock::new(), |config| config.history = true).await;
    let launched = door.launch(&body(&[9001, 9002, 9017], 2)).await;
    let mut document = Document { whole, validators: BTreeMap::new(), found: BTreeSet::new() };
    let mut look = async |path: &str, schema: &str, each: bool| {
        let answer = door.get(path).await;
        let answers = if each { answer.as_array().unwrap().clone() } else { vec![answer] };
        assert!(!answers.is_empty(), "{path}");
        for answer in answers {
            document.compare(schema, &answer);
        }
    };
    for forward in [0.0, 30.0, 3600.0] {
        door.clock.forward(forward);
        look("/test_framework/v2/results/?page_size=5", "PaginatedResultList", false).await;
        look(&format!("/test_framework/v2/results/{}/", launched["id"]), "ResultDetailV2", false)
            .await;
        look("/test_framework/v2/results/41204/", "ResultDetailV2", false).await;
        look(
            &format!("/test_framework/v2/runs/?result_id={}", launched["id"]),
            "PaginatedRunListList",
            false,
        )
        .await;
        look(
            "/test_framework/v2/runs/?result_id=41201&page_size=64",
            "PaginatedRunListList",
            false,
        )
        .await;
        let ids: Vec<String> = (3_100_012..3_100_076).map(|id: i64| id.to_string()).collect();
        look(&format!("/test_framework/v2/runs/bulk/?run_ids={}", ids.join(",")), "Run", true)
            .await;
    }
    look("/user/v1/projects/", "Project", true).await;
    look("/user/organizations/", "Organization", true).await;
    look("/test_framework/v2/aiagents/", "PaginatedAIAgentV2List", false).await;
    look("/test_framework/v1/scenarios/?page_size=128", "PaginatedScenarioListList", false).await;
    look("/test_framework/v1/scenarios/9001/", "SchemaScenario", false).await;
    look("/test_framework/v1/scenarios/folders/", "PaginatedScenarioFolderList", false).await;
    look("/test_framework/v1/personalities/", "CreatePersonality", true).await;
    look("/test_framework/v1/test-profiles/?project_id=742", "AIAgentTestProfileList", true).await;
    look("/test_framework/v2/metrics/", "MetricListSerializerV2", true).await;
    look("/test_framework/billing/info/", "BillingInfo", false).await;
    let launch = &document.whole["paths"]["/test_framework/v1/scenarios/run_scenarios_pipecat_v2/"]
        ["post"]["responses"]["200"]["content"]["application/json"]["schema"];
    let launch = jsonschema::validator_for(launch).unwrap();
    document.found.extend(launch.iter_errors(&launched).map(|error| note("launch", &error)));
    door.stop().await;

    let followed: BTreeSet<&str> =
        FOLLOWED.iter().flat_map(|(places, _)| places.iter().copied()).collect();
    let found: BTreeSet<&str> = document.found.iter().map(String::as_str).collect();
    let unknown: Vec<_> = found.difference(&followed).collect();
    assert!(unknown.is_empty(), "differences nobody has written down: {unknown:#?}");
    let stale: Vec<_> = followed.difference(&found).collect();
    assert!(stale.is_empty(), "written down, but no longer so: {stale:#?}");
}
