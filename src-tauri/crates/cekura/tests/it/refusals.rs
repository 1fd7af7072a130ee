//! Every shape a refusal comes in, flattened to one.

use serde_json::json;
use wiremock::ResponseTemplate;

use crate::support::{answering, client, requests};

async fn refused(status: u16, body: &str) -> cekura::Error {
    let server = answering(ResponseTemplate::new(status).set_body_string(body)).await;
    let error = client(&server.uri()).projects().await.unwrap_err();
    assert_eq!(requests(&server).await.len(), 1, "a refusal is not asked for again");
    error
}

async fn flattened(body: &str) -> (Vec<(String, Vec<String>)>, Vec<String>) {
    let error = refused(400, body).await;
    assert_eq!(error.code(), "refused", "{body}");
    let problem = error.problem().unwrap();
    assert_eq!((problem.status, problem.raw.as_str()), (400, body));
    (
        problem.fields.iter().map(|it| (it.field.clone(), it.messages.clone())).collect(),
        problem.messages.clone(),
    )
}

fn field(name: &str, messages: &[&str]) -> (String, Vec<String>) {
    (name.to_owned(), messages.iter().map(|it| (*it).to_owned()).collect())
}

#[tokio::test]
async fn each_documented_shape_is_read() {
    let none = Vec::<String>::new();
    let cases = [
        (
            json!({ "name": ["Too long.", "Too odd."] }),
            vec![field("name", &["Too long.", "Too odd."])],
            none.clone(),
        ),
        (json!({ "name": "Too long." }), vec![field("name", &["Too long."])], none.clone()),
        (json!(["No such caller."]), vec![], vec!["No such caller.".to_owned()]),
        (json!("No such caller."), vec![], vec!["No such caller.".to_owned()]),
        (json!({ "detail": "Not today." }), vec![], vec!["Not today.".to_owned()]),
        (
            json!({ "detail": ["Not today.", "Nor tomorrow."] }),
            vec![],
            vec!["Not today.".to_owned(), "Nor tomorrow.".to_owned()],
        ),
        (json!({ "non_field_errors": ["Not today."] }), vec![], vec!["Not today.".to_owned()]),
        (json!({ "error": { "message": "Not today." } }), vec![], vec!["Not today.".to_owned()]),
        (
            json!({ "errors": { "scenarios[0].instructions": ["Wanted."], "name": "Wanted too." } }),
            vec![field("scenarios[0].instructions", &["Wanted."]), field("name", &["Wanted too."])],
            none.clone(),
        ),
        (
            json!({ "scenarios": [{}, { "scenario": ["A number is wanted."] }] }),
            vec![field("scenarios[1].scenario", &["A number is wanted."])],
            none.clone(),
        ),
        (
            json!({ "pipecat_data": { "config": ["An object is wanted."] } }),
            vec![field("pipecat_data.config", &["An object is wanted."])],
            none.clone(),
        ),
        (
            json!({ "retry": 3, "sure": false }),
            vec![field("retry", &["3"]), field("sure", &["false"])],
            none.clone(),
        ),
        (json!({}), vec![], none.clone()),
        (json!(null), vec![], none.clone()),
    ];
    for (body, fields, messages) in cases {
        assert_eq!(flattened(&body.to_string()).await, (fields, messages), "{body}");
    }
}

#[tokio::test]
async fn what_is_no_json_is_kept_as_it_came() {
    assert_eq!(flattened("").await, (vec![], vec![]));
    assert_eq!(flattened("<html><body>Back soon</body></html>").await, (vec![], vec![]));
    assert_eq!(flattened("plain words").await, (vec![], vec!["plain words".to_owned()]));
    assert_eq!(
        flattened("run_ids must be comma-separated integers").await.1,
        ["run_ids must be comma-separated integers"]
    );
}

#[tokio::test]
async fn a_page_of_markup_and_json_are_told_from_plain_words() {
    for (body, page, json) in [
        ("\n <!DOCTYPE html><p>Sign in", true, false),
        ("<?xml version=\"1.0\"?><Error/>", true, false),
        (r#"{"detail": "No."}"#, false, true),
        (r#"["No."]"#, false, true),
        // Anybody says these.
        ("{}", false, false),
        ("[]", false, false),
        ("Forbidden", false, false),
        ("", false, false),
    ] {
        let error = refused(403, body).await;
        let problem = error.problem().unwrap();
        assert_eq!((problem.is_page(), problem.is_json()), (page, json), "{body}");
    }
}

#[tokio::test]
async fn a_status_has_its_code() {
    for (status, code) in [
        (400, "refused"),
        (401, "bad_key"),
        (402, "out_of_credit"),
        (403, "forbidden"),
        (404, "not_found"),
        (405, "refused"),
        (407, "proxy_auth"),
        (409, "refused"),
        (410, "not_found"),
        (418, "refused"),
        (422, "refused"),
    ] {
        let error = refused(status, "{}").await;
        assert_eq!((error.code(), error.tries), (code, 1), "{status}");
    }
}

#[tokio::test]
async fn money_is_recognised_by_its_words_and_only_then() {
    for (status, body, code) in [
        (400, r#"{"detail": "Insufficient balance for this operation"}"#, "out_of_credit"),
        (403, r#"["INSUFFICIENT credits"]"#, "out_of_credit"),
        (400, r#"{"name": ["balance the name"]}"#, "refused"),
        (403, r#"{"detail": "you may not see the credit page"}"#, "forbidden"),
        (429, r#"{"detail": "Your balance is too low"}"#, "out_of_credit"),
    ] {
        assert_eq!(refused(status, body).await.code(), code, "{body}");
    }
}

#[tokio::test]
async fn a_flood_of_messages_is_cut() {
    let body = json!({ "name": vec!["x".repeat(10); 5_000] }).to_string();
    let error = refused(400, &body).await;
    let problem = error.problem().unwrap();
    assert!(problem.fields[0].messages.len() <= 200);
    assert!(problem.raw.chars().count() <= 4_097, "{}", problem.raw.chars().count());
    assert!(error.took < std::time::Duration::from_secs(5));
}
