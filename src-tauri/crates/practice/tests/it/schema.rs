//! Answers against the vendor's own document, where it is at hand.

use std::collections::{BTreeMap, BTreeSet};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Clock, Door, body, document, open_with, told};

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
            "Result/completed_runs_count is a number",
            "Result/failed_runs_count is a number",
            "Result/met_expected_outcome_count is a number",
            "Result/success_runs_count is a number",
            "Result/total_expected_outcome_count is a number",
            "Result/total_runs_count is a number",
            "Result/is_cronjob is a boolean",
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
            "MetricList/agent_names is an array",
            "MetricDetailSerializerV2/knowledge_base_files is an array",
            "MetricDetailV2/knowledge_base_files is an array",
            "Result/scenarios is an array",
            "PaginatedScenarioListList/results/*/metrics is an array",
            "PaginatedScenarioListList/results/*/metric_names is an array",
        ],
        "the same: lists and objects by their own description and the examples",
    ),
    (
        &["PaginatedResultList/results/*/runs is an array", "Result/runs is an array"],
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
            "Result/agent_version is null",
        ],
        "null where there is nothing: so in the real launch answer, in the older examples, and in the descriptions",
    ),
    (
        &[
            "PaginatedAIAgentV2List/results/*/mock_tools/*/mcp_server is null",
            "AIAgentV2/mock_tools/*/mcp_server is null",
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
            "PaginatedAIAgentList/next is null",
            "PaginatedAIAgentList/previous is null",
            "PaginatedAIAgentListList/next is null",
            "PaginatedAIAgentListList/previous is null",
            "PaginatedOrganizationList/next is null",
            "PaginatedOrganizationList/previous is null",
            "PaginatedPersonalityList/next is null",
            "PaginatedPersonalityList/previous is null",
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
        &[
            "PaginatedAIAgentV2List/results/*/provider/credentials fits none of several",
            "AIAgentV2/provider/credentials fits none of several",
        ],
        "`oneOf` of the providers' settings, none of which requires anything: a valid one fits them all",
    ),
    (
        &[
            "AIAgent/pipecat_data is an object",
            "PaginatedAIAgentList/results/*/pipecat_data is an object",
            "PaginatedAIAgentList/results/*/pipecat_data is null",
        ],
        "text by its schema; an object with a name in it by its description and by the refusal of a launch, and null where there is none",
    ),
    (
        &["Run/evaluation/metrics/*/explanation is a text"],
        "a list by the schema, which knows the second version only; in published answers of the first, a number is explained by an empty text",
    ),
    (
        &["400 is an array"],
        "an object of lists by the schema of every 400; the launch's own description has a bare list for callers who are not enabled",
    ),
];

/// Routes the studio answers and the document does not describe, and why. A route of the document
/// that is answered has to be compared with it or to stand here.
const NOT_DESCRIBED: &[(&[&str], &str)] = &[
    (
        &[
            "POST /test_framework/v1/results/{id}/end_calls/",
            "POST /test_framework/v2/results/{id}/end_calls/",
            "POST /test_framework/v1/runs/{id}/end_call/",
            "POST /test_framework/v2/runs/{id}/end_call/",
            "POST /test_framework/v1/results/{id}/regenerate_ai_summary/",
            "POST /test_framework/v2/results/{id}/regenerate_ai_summary/",
            "POST /test_framework/v1/results/bulk_delete/",
            "POST /test_framework/v2/results/bulk_delete/",
            "DELETE /test_framework/v1/results/{id}/",
            "DELETE /test_framework/v2/results/{id}/",
        ],
        NOTHING,
    ),
    (
        &["GET /test_framework/v1/scenarios/tags/"],
        "the type of whatever that part of the API shows, an evaluator; the vendor's own client reads a list of texts",
    ),
    (
        &["GET /test_framework/v1/aiagents/{id}/personalities/"],
        "the same: an agent, where callers are asked for; the second version says so",
    ),
    (
        &[
            "GET /test_framework/v1/runs/{id}/get_listen_url/",
            "GET /test_framework/v2/runs/{id}/get_listen_url/",
        ],
        "the same: a call, where an address is asked for; nobody has published one",
    ),
    (
        &[
            "POST /test_framework/v1/results/{id}/ask_about_failures/",
            "POST /test_framework/v2/results/{id}/ask_about_failures/",
        ],
        "a JSON text by its schema, a stream of plain text by its description",
    ),
];

/// The reason that can be checked.
const NOTHING: &str = "the document has no schema for the answer";

struct Document {
    whole: Value,
    validators: BTreeMap<String, Validator>,
    found: BTreeSet<String>,
    compared: BTreeSet<String>,
}

impl Document {
    fn new(whole: Value) -> Self {
        Self {
            whole,
            validators: BTreeMap::new(),
            found: BTreeSet::new(),
            compared: BTreeSet::new(),
        }
    }

    /// What the document says of one answer to `GET /path/{id}/`.
    fn schema(&self, operation: &str, status: u16) -> Option<&Value> {
        let (method, template) = operation.split_once(' ').unwrap();
        let answers = &self.whole["paths"][template][method.to_lowercase()]["responses"];
        answers[status.to_string()]["content"]["application/json"].get("schema")
    }

    /// Every operation of the document, as `GET /path/{id}/`.
    fn operations(&self) -> Vec<String> {
        let mut operations = Vec::new();
        for (template, methods) in self.whole["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                operations.push(format!("{} {template}", method.to_uppercase()));
            }
        }
        operations
    }

    /// Notes every place where an answer differs from what the document says of it.
    fn compare(&mut self, operation: &str, status: u16, answer: &Value) {
        let schema = self.schema(operation, status).cloned();
        let schema = schema.unwrap_or_else(|| panic!("{operation} has no schema for {status}"));
        if status < 300 {
            self.compared.insert(operation.to_owned());
        }
        let named = |schema: &Value| {
            let name = schema["$ref"].as_str()?.rsplit('/').next()?;
            Some(name.to_owned())
        };
        if let Some(name) = named(&schema) {
            self.differences(&name, &schema, answer);
        } else if let Some(name) = named(&schema["items"]) {
            let answers = answer.as_array().unwrap_or_else(|| panic!("{operation}: {answer}"));
            assert_eq!(answers.is_empty(), EMPTY.contains(&operation), "{operation}");
            for answer in answers {
                self.differences(&name, &schema["items"], answer);
            }
        } else if status == 200 {
            self.differences("launch", &schema, answer);
        } else {
            self.differences(&status.to_string(), &refusal(&schema), answer);
        }
    }

    fn differences(&mut self, name: &str, schema: &Value, answer: &Value) {
        if !self.validators.contains_key(name) {
            let mut root = schema.clone();
            root["components"] = self.whole["components"].clone();
            self.validators.insert(name.to_owned(), jsonschema::validator_for(&root).unwrap());
        }
        let validator = &self.validators[name];
        let notes: Vec<String> =
            validator.iter_errors(answer).map(|error| note(name, &error)).collect();
        self.found.extend(notes);
    }
}

/// Lists of which there is nothing in the studio: only that they are lists can be seen.
const EMPTY: &[&str] =
    &["GET /schedules/v1/cron-jobs/", "GET /test_framework/v1/predefined-metrics/"];

/// A refusal as the document means it: `field_name` stands for the name of any field, and what it
/// shows is there.
fn refusal(schema: &Value) -> Value {
    let properties = &schema["properties"];
    match properties.get("field_name") {
        Some(messages) => {
            json!({ "type": "object", "minProperties": 1, "additionalProperties": messages })
        }
        None => json!({ "type": "object", "properties": properties, "required": ["detail"] }),
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

/// Asks for something and compares the answer with the document.
async fn look(
    door: &Door,
    document: &mut Document,
    operation: &str,
    (id, query): (&str, &str),
    (status, body): (u16, &Value),
) -> Value {
    let (given, answer) = ask(door, operation, (id, query), body).await;
    assert_eq!(given, status, "{operation}: {answer}");
    document.compare(operation, status, &answer);
    answer
}

async fn ask(
    door: &Door,
    operation: &str,
    (id, query): (&str, &str),
    body: &Value,
) -> (u16, Value) {
    let (method, template) = operation.split_once(' ').unwrap();
    let path = format!("{}?{query}", template.replace("{id}", id));
    let request = door.request(Method::from_bytes(method.as_bytes()).unwrap(), &path);
    let request = if body.is_null() { request } else { request.json(body) };
    told(request.send().await.unwrap()).await
}

/// A thing of each kind that exists, for the `{id}` of a path. Each version may delete a result.
fn existing(template: &str) -> &'static str {
    let known = [
        ("/v1/results/", "41203"),
        ("/v2/results/", "41202"),
        ("/runs/", "3100012"),
        ("/aiagents/", "3101"),
        ("/scenarios/", "9001"),
        ("/personalities/", "693"),
        ("/metrics/", "801"),
        ("/test-profiles/", "501"),
        ("/projects/", "742"),
        ("/organizations/", "31"),
    ];
    known.iter().find(|(part, _)| template.contains(part)).map_or("1", |(_, id)| id)
}

/// Results and calls, as both versions give them.
async fn look_at_results(door: &Door, document: &mut Document, launched: &str) {
    let nothing = (200, &Value::Null);
    let ids: Vec<String> = (3_100_012..3_100_076).map(|id: i64| id.to_string()).collect();
    let bulk = format!("run_ids={}", ids.join(","));
    for version in ["v1", "v2"] {
        let of = |rest: &str| format!("GET /test_framework/{version}/{rest}");
        look(door, document, &of("results/"), ("", "page_size=5"), nothing).await;
        for result in [launched, "41204"] {
            look(door, document, &of("results/{id}/"), (result, ""), nothing).await;
        }
        let query = format!("result_id={launched}");
        look(door, document, &of("runs/"), ("", &query), nothing).await;
        look(door, document, &of("runs/"), ("", "result_id=41201&page_size=64"), nothing).await;
        look(door, document, &of("runs/{id}/"), (&ids[0], ""), nothing).await;
        look(door, document, &of("runs/bulk/"), ("", &bulk), nothing).await;
    }
}

/// What there is to choose from.
async fn look_at_catalogue(door: &Door, document: &mut Document) {
    let nothing = (200, &Value::Null);
    for (operation, query) in [
        ("GET /user/v1/projects/", ""),
        ("GET /user/v1/projects/{id}/", ""),
        ("GET /user/organizations/", ""),
        ("GET /user/v2/organizations/", ""),
        ("GET /test_framework/v1/aiagents/", ""),
        ("GET /test_framework/v1/aiagents/{id}/", ""),
        ("GET /test_framework/v1/aiagents/short_list/", ""),
        ("GET /test_framework/v2/aiagents/", ""),
        ("GET /test_framework/v2/aiagents/{id}/", ""),
        ("GET /test_framework/v2/aiagents/short_list/", ""),
        ("GET /test_framework/v2/aiagents/{id}/personalities/", ""),
        ("GET /test_framework/v1/scenarios/", "page_size=128"),
        ("GET /test_framework/v1/scenarios/{id}/", ""),
        ("GET /test_framework/v1/scenarios/folders/", ""),
        ("GET /test_framework/v1/personalities/", ""),
        ("GET /test_framework/v1/personalities/{id}/", ""),
        ("GET /test_framework/v1/test-profiles/", "project_id=742"),
        ("GET /test_framework/v1/metrics/", ""),
        ("GET /test_framework/v1/metrics/{id}/", ""),
        ("GET /test_framework/v2/metrics/", ""),
        ("GET /test_framework/v2/metrics/{id}/", ""),
        ("GET /test_framework/v1/predefined-metrics/", ""),
        ("GET /schedules/v1/cron-jobs/", ""),
        ("GET /test_framework/billing/info/", ""),
    ] {
        look(door, document, operation, (existing(operation), query), nothing).await;
    }
}

/// What is done with results and calls, and what is said to mistakes.
async fn look_at_actions(door: &Door, document: &mut Document) {
    let review = json!({ "evaluation_status": "reviewed_success", "success": true, "is_reviewed": true, "feedback": "Fine by me." });
    for version in ["v1", "v2"] {
        let to = |method: &str, rest: &str| format!("{method} /test_framework/{version}/{rest}");
        let result = ("41201", "");
        let name = json!({ "name": "Before the holidays" });
        look(door, document, &to("PATCH", "results/{id}/"), result, (200, &name)).await;
        for action in ["rerun", "evaluate_metrics", "create_shareable_link_token"] {
            let operation = to("POST", &format!("results/{{id}}/{action}/"));
            look(door, document, &operation, result, (200, &json!({}))).await;
        }
        for wrong in [json!({}), json!({ "result_ids": [] })] {
            let operation = to("POST", "results/bulk_delete/");
            look(door, document, &operation, ("", ""), (400, &wrong)).await;
        }
        let detail = door.get("/test_framework/v2/results/41201/").await;
        let calls = detail["runs"].as_object().unwrap();
        let failed = calls
            .values()
            .find(|call| call["evaluation_status"] == "failure" && call["status"] == "completed");
        let call = failed.unwrap()["id"].to_string();
        let run = (call.as_str(), "");
        let whole = door.get(&format!("/test_framework/v2/runs/{call}/")).await;
        let metric = whole["evaluation"]["metrics"][0]["id"].clone();
        let vote = json!({ "metric_id": metric, "thumbs_up": false, "expected_value": true, "feedback": "It did." });
        let operation = to("POST", "runs/{id}/mark_metric_vote/");
        look(door, document, &operation, run, (200, &vote)).await;
        look(door, document, &operation, run, (400, &json!({}))).await;
        let unknown = json!({ "metric_id": 1, "thumbs_up": true, "expected_value": null });
        look(door, document, &operation, run, (404, &unknown)).await;
        let vote = json!({ "thumbs_up": true, "feedback": "Right." });
        let operation = to("POST", "runs/{id}/mark_expected_outcome_vote/");
        look(door, document, &operation, run, (200, &vote)).await;
        look(door, document, &to("PATCH", "runs/{id}/"), run, (200, &review)).await;
    }
    let refused = [
        json!({}),
        json!([]),
        json!({ "scenarios": [], "frequency": 0, "name": 7, "concurrency_limit": 0 }),
        body(&[7], 1),
        json!({ "scenarios": [9001] }),
        json!({ "scenarios": [{ "scenario": 9001 }], "agent": 3103 }),
        json!({ "scenarios": [{ "scenario": 9001 }], "test_profile_ids": [7] }),
        json!({ "scenarios": [{ "scenario": 9001 }], "personality_ids": [7] }),
        json!("no launch at all"),
        body(&[9001], 101),
    ];
    for wrong in refused {
        look(door, document, LAUNCH_OPERATION, ("", ""), (400, &wrong)).await;
    }
}

const LAUNCH_OPERATION: &str = "POST /test_framework/v1/scenarios/run_scenarios_pipecat_v2/";

/// Finds the routes that are answered by asking for everything the document knows, and sees that
/// each has been compared, or is known not to be described.
async fn look_for_others(door: &Door, document: &mut Document) {
    let undescribed: BTreeMap<&str, &str> = NOT_DESCRIBED
        .iter()
        .flat_map(|(operations, reason)| operations.iter().map(move |one| (*one, *reason)))
        .collect();
    // What deletes comes last, so that all else finds what it asks for.
    let mut operations = document.operations();
    operations.sort_by_key(|one| one.starts_with("DELETE"));
    let mut unseen = Vec::new();
    let mut answered = BTreeSet::new();
    for operation in operations {
        // The other ways to run are refused, all with one sentence.
        if operation.contains("/run_scenarios") && operation != LAUNCH_OPERATION {
            continue;
        }
        let body = if operation.starts_with("GET") { Value::Null } else { json!({}) };
        let (status, answer) = ask(door, &operation, (existing(&operation), ""), &body).await;
        if [404, 405].contains(&status) {
            continue;
        }
        if status == 400 && document.schema(&operation, 400).is_some() {
            document.compare(&operation, 400, &answer);
        }
        if !document.compared.contains(&operation) && !undescribed.contains_key(operation.as_str())
        {
            unseen.push(operation.clone());
        }
        if operation.contains("{id}") && document.schema(&operation, 404).is_some() {
            let (status, answer) = ask(door, &operation, ("7", ""), &body).await;
            assert_eq!(status, 404, "{operation}: {answer}");
            document.compare(&operation, 404, &answer);
        }
        answered.insert(operation);
    }
    assert!(unseen.is_empty(), "answered, and not compared with the document: {unseen:#?}");
    for (operation, reason) in undescribed {
        assert!(
            answered.contains(operation),
            "{operation} is not answered, or not in the document"
        );
        let described =
            [200, 202, 204].iter().any(|status| document.schema(operation, *status).is_some());
        assert_eq!(described, reason != NOTHING, "{operation}: {reason}");
    }
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
    let mut document = Document::new(whole);
    let request = body(&[9001, 9002, 9017], 2);
    let launched = look(&door, &mut document, LAUNCH_OPERATION, ("", ""), (200, &request)).await;
    for forward in [0.0, 30.0, 3600.0] {
        door.clock.forward(forward);
        look_at_results(&door, &mut document, &launched["id"].to_string()).await;
    }
    look_at_catalogue(&door, &mut document).await;
    look_at_actions(&door, &mut document).await;
    look_for_others(&door, &mut document).await;
    door.stop().await;

    let followed: BTreeSet<&str> =
        FOLLOWED.iter().flat_map(|(places, _)| places.iter().copied()).collect();
    let found: BTreeSet<&str> = document.found.iter().map(String::as_str).collect();
    let unknown: Vec<_> = found.difference(&followed).collect();
    assert!(unknown.is_empty(), "differences nobody has written down: {unknown:#?}");
    let stale: Vec<_> = followed.difference(&found).collect();
    assert!(stale.is_empty(), "written down, but no longer so: {stale:#?}");
}
