//! Answers against the vendor's own document, where it is at hand.

use std::collections::BTreeSet;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::support::{Clock, body, document, open_with};

/// Where the document contradicts the answers that have been published, and these are followed.
/// Place, and why. A place is the schema's name and the way to the value, list places as `*`.
const FOLLOWED: &[(&str, &str)] = &[
    (
        "*/next",
        "paged lists: null at the end in every published page; the document's `nullable` means nothing in 3.1",
    ),
    ("*/previous", "the same"),
];

fn validator(document: &Value, schema: &str) -> Validator {
    let root = json!({
        "$ref": format!("#/components/schemas/{schema}"),
        "components": document["components"],
    });
    jsonschema::validator_for(&root).unwrap()
}

/// The places where an answer differs from the document.
fn differences(
    document: &Value,
    schema: &str,
    answer: &Value,
    found: &mut BTreeSet<(String, String)>,
) {
    let validator = validator(document, schema);
    for error in validator.iter_errors(answer) {
        let path = error.instance_path().to_string();
        let place: Vec<&str> = path
            .split('/')
            .map(|part| {
                if part.chars().all(|letter| letter.is_ascii_digit()) && !part.is_empty() {
                    "*"
                } else {
                    part
                }
            })
            .collect();
        found.insert((
            format!("{schema}{}", place.join("/")),
            error.to_string().chars().take(160).collect(),
        ));
    }
}

#[tokio::test]
async fn every_answer_fits_the_document() {
    let Some(document) = document() else {
        use std::io::Write as _;
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: the vendor's openapi.json is not at hand (set LINECHECK_OPENAPI); the practice studio's answers are not checked against it"
        );
        return;
    };
    let door = open_with(&Clock::new(), |config| config.history = true).await;
    let launched = door.launch(&body(&[9001, 9002, 9017], 2)).await;
    let mut found = BTreeSet::new();
    let mut look = async |path: &str, schema: &str, each: bool| {
        let answer = door.get(path).await;
        let answers = if each { answer.as_array().unwrap().clone() } else { vec![answer] };
        assert!(!answers.is_empty(), "{path}");
        for answer in answers {
            differences(&document, schema, &answer, &mut found);
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
    let launch = &document["paths"]["/test_framework/v1/scenarios/run_scenarios_pipecat_v2/"]["post"]
        ["responses"]["200"]["content"]["application/json"]["schema"];
    let launch = jsonschema::validator_for(launch).unwrap();
    for error in launch.iter_errors(&launched) {
        found.insert((format!("launch{}", error.instance_path()), error.to_string()));
    }
    door.stop().await;

    let known = |place: &str| {
        FOLLOWED.iter().position(|(one, _)| {
            *one == place || one.strip_prefix('*').is_some_and(|end| place.ends_with(end))
        })
    };
    let unknown: Vec<_> = found.iter().filter(|(place, _)| known(place).is_none()).collect();
    assert!(unknown.is_empty(), "differences nobody has written down: {unknown:#?}");
    let met: BTreeSet<usize> = found.iter().filter_map(|(place, _)| known(place)).collect();
    let stale: Vec<_> = FOLLOWED.iter().enumerate().filter(|(at, _)| !met.contains(at)).collect();
    assert!(stale.is_empty(), "written down, but no longer so: {stale:#?}");
}
