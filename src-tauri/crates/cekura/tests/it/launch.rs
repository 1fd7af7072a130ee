//! A launch is sent once, whatever happens, and its fate is told apart.

use cekura::{
    AgentId, Fate, LaunchFailure, LaunchRequest, LaunchScenario, MockTools, PersonalityId,
    PipecatData, ScenarioId, TestProfileId,
};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::fixtures;
use crate::support::{
    Manner, RawServer, answering, answering_json, client, hasty, http, json_of, nobody, only,
    requests,
};

/// The smallest launch there is.
pub(crate) fn request() -> LaunchRequest {
    LaunchRequest {
        scenarios: vec![LaunchScenario {
            scenario: ScenarioId::from(9001),
            publish_data_message: None,
        }],
        name: "Morning check ·k7m2qd".to_owned(),
        frequency: 1,
        personality_ids: Vec::new(),
        test_profile_ids: Vec::new(),
        agent: AgentId::from(501),
        concurrency_limit: None,
        mock_tools: MockTools::All,
        pipecat_data: None,
    }
}

/// A launch with everything in it.
fn full_request() -> LaunchRequest {
    LaunchRequest {
        scenarios: vec![
            LaunchScenario {
                scenario: ScenarioId::from(9001),
                publish_data_message: Some(json!({ "say": "It's the captain's desk" })),
            },
            LaunchScenario { scenario: ScenarioId::from(9002), publish_data_message: None },
        ],
        name: "Morning check ·k7m2qd".to_owned(),
        frequency: 3,
        personality_ids: vec![PersonalityId::from(31), PersonalityId::from(32)],
        test_profile_ids: vec![TestProfileId::from(41)],
        agent: AgentId::from(501),
        concurrency_limit: Some(3),
        mock_tools: MockTools::Only(vec!["book_crossing".to_owned()]),
        pipecat_data: Some(PipecatData {
            pipecat_agent_name: Some("ticket-clerk-eu".to_owned()),
            config: Some(json!({ "desk": 3 })),
            room_properties: Some(json!({ "enable_recording": "cloud" })),
        }),
    }
}

#[test]
fn the_body_of_a_full_launch() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&full_request().body()).unwrap());
}

#[test]
fn the_body_of_the_smallest_launch() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&request().body()).unwrap());
}

#[test]
fn a_launch_as_a_command_line() {
    insta::assert_snapshot!(client("https://api.cekura.ai").as_curl(&full_request()));
}

#[cfg(unix)]
#[test]
fn a_shell_reads_the_command_line_as_it_is_meant() {
    let mut request = full_request();
    request.name = "it's $HOME `id` \"x\" \\ !! \n* é".to_owned();
    let command = client("https://api.cekura.ai").as_curl(&request);
    let script = format!("curl() {{ printf '%s\\0' \"$@\"; }}\n{command}");
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .env("CEKURA_API_KEY", "from-the-environment")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let words: Vec<&str> = text.trim_end_matches('\0').split('\0').collect();
    let [flag, method, url, _, key, _, kind, _, body] = words.as_slice() else {
        panic!("{words:?}");
    };
    assert_eq!((*flag, *method), ("--request", "POST"));
    assert_eq!(*url, format!("https://api.cekura.ai{}", request.path()));
    assert_eq!(*key, "X-CEKURA-API-KEY: from-the-environment");
    assert_eq!(*kind, "Content-Type: application/json");
    assert_eq!(serde_json::from_str::<Value>(body).unwrap(), request.body());
}

#[test]
fn which_tools_are_mocked_is_always_said() {
    let sent =
        |mock_tools| LaunchRequest { mock_tools, ..request() }.body()["mock_tool_names"].clone();
    let body = LaunchRequest { mock_tools: MockTools::All, ..request() }.body();
    assert!(body.as_object().unwrap().contains_key("mock_tool_names"));
    assert_eq!(sent(MockTools::All), Value::Null);
    assert_eq!(sent(MockTools::None), json!([]));
    assert_eq!(sent(MockTools::Only(vec!["a".into(), "b".into()])), json!(["a", "b"]));
}

#[test]
fn override_lists_that_are_empty_are_left_out() {
    let body = request().body();
    for absent in
        ["personality_ids", "test_profile_ids", "concurrency_limit", "pipecat_data", "agent_id"]
    {
        assert!(body.get(absent).is_none(), "{absent}");
    }
    assert_eq!(body["scenarios"], json!([{ "scenario": 9001 }]));
    let data = PipecatData { config: Some(Value::Null), ..PipecatData::default() };
    let body = LaunchRequest { pipecat_data: Some(data), ..request() }.body();
    assert_eq!(body["pipecat_data"], json!({ "config": null }), "a given null is sent");
}

#[tokio::test]
async fn a_launch_goes_out_as_written_and_its_answer_comes_back() {
    for status in [200, 201, 202] {
        let answer = ResponseTemplate::new(status).set_body_json(fixtures::launched(7001));
        let server = answering(answer).await;
        let launched = client(&server.uri()).launch(&full_request()).await.unwrap();
        assert_eq!(launched.result.get(), 7001);
        assert_eq!(launched.agent, Some(AgentId::from(501)));
        assert_eq!(launched.status.as_deref(), Some("in_progress"));
        assert_eq!(
            launched.runs.iter().map(|run| run.id.get()).collect::<Vec<_>>(),
            [70011, 70012]
        );
        assert!(launched.runs.iter().all(|run| run.transcript.is_none()));
        let sent = only(requests(&server).await);
        assert_eq!(sent.method.as_str(), "POST");
        assert_eq!(sent.url.path(), full_request().path());
        assert_eq!(sent.headers["content-type"], "application/json");
        assert_eq!(json_of(&sent), full_request().body());
    }
}

#[tokio::test]
async fn the_answers_id_may_be_text_and_its_runs_an_object_or_missing() {
    let answers = [
        json!({ "id": "7001", "agent": "501", "runs": { "1": { "status": "running" }, "2": { "id": 2 } } }),
        json!({ "id": 7001, "agent": { "id": 501 }, "runs": [{ "id": 1 }, { "id": "2" }, "odd"] }),
        json!({ "id": 7001 }),
    ];
    for (answer, (runs, unreadable)) in answers.into_iter().zip([(2, 0), (2, 1), (0, 0)]) {
        let server = answering_json(&answer).await;
        let launched = client(&server.uri()).launch(&request()).await.unwrap();
        assert_eq!(launched.result.get(), 7001);
        assert_eq!(
            (launched.runs.len(), launched.unreadable.len()),
            (runs, unreadable),
            "{answer}"
        );
    }
}

/// One row of the table of fates: an answer, and what is known after it.
struct Case(&'static str, ResponseTemplate, Fate, &'static str);

fn text(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_string(body)
}

fn html(status: u16) -> ResponseTemplate {
    let page = "<!doctype html><title>Back soon</title>";
    ResponseTemplate::new(status).set_body_raw(page, "text/html")
}

#[tokio::test]
async fn an_answer_decides_the_fate_and_nothing_is_sent_twice() {
    use Fate::{Refused, Unknown};
    let field = r#"{"scenarios": ["Invalid scenario IDs or scenarios not found"]}"#;
    let low = r#"{"detail": "Insufficient balance for this operation"}"#;
    let cases = [
        Case("a field", text(400, field), Refused, "refused"),
        Case(
            "a bare list",
            text(400, r#"["Invalid personalities provided."]"#),
            Refused,
            "refused",
        ),
        Case("no words at all", text(400, ""), Refused, "refused"),
        Case("a wrong key", text(401, r#"{"detail": "no"}"#), Refused, "bad_key"),
        Case("no credit", text(402, ""), Refused, "out_of_credit"),
        Case("no credit, as 400", text(400, low), Refused, "out_of_credit"),
        Case("no credit, as 403", text(403, low), Refused, "out_of_credit"),
        Case("a key without rights", text(403, r#"{"detail": "read-only"}"#), Refused, "forbidden"),
        Case("no such thing", text(404, r#"{"detail": "Not found."}"#), Refused, "not_found"),
        Case("a page of a firewall", html(403), Refused, "forbidden"),
        Case("a conflict", text(409, "{}"), Refused, "refused"),
        Case("too large", text(413, ""), Refused, "refused"),
        Case("not processable", text(422, field), Refused, "refused"),
        Case("too many", text(429, "{}"), Refused, "throttled"),
        Case(
            "too many of the quota",
            text(429, r#"{"detail": "quota used up"}"#),
            Refused,
            "out_of_credit",
        ),
        Case(
            "a refusal with an id",
            text(402, r#"{"id": 7001, "detail": "low"}"#),
            Unknown,
            "out_of_credit",
        ),
        Case("a refusal with a result", text(400, r#"{"result_id": "7001"}"#), Unknown, "refused"),
        Case(
            "a refusal with a nested id",
            text(400, r#"{"result": {"id": 7}}"#),
            Unknown,
            "refused",
        ),
        Case("the server waited too long", text(408, ""), Unknown, "timed_out"),
        Case("500", text(500, ""), Unknown, "server_trouble"),
        Case("502", html(502), Unknown, "server_trouble"),
        Case("503", text(503, ""), Unknown, "server_trouble"),
        Case("504", html(504), Unknown, "server_trouble"),
        Case("500 with an id", text(500, r#"{"id": 7001}"#), Unknown, "server_trouble"),
        Case("a redirect", ResponseTemplate::new(301), Unknown, "redirected"),
        Case("not modified", ResponseTemplate::new(304), Unknown, "redirected"),
        Case("a web page", html(200), Unknown, "web_page"),
        Case("nothing", text(200, ""), Unknown, "unreadable"),
        Case("no content", ResponseTemplate::new(204), Unknown, "unreadable"),
        Case("half a document", text(200, r#"{"id": 70"#), Unknown, "unreadable"),
        Case("no id", text(200, r#"{"runs": []}"#), Unknown, "unreadable"),
        Case("an id that is none", text(200, r#"{"id": null}"#), Unknown, "unreadable"),
        Case("an id that is a word", text(200, r#"{"id": "soon"}"#), Unknown, "unreadable"),
        Case("a nested id", text(200, r#"{"result": {"id": 7001}}"#), Unknown, "unreadable"),
        Case("a list", text(200, "[7001]"), Unknown, "unreadable"),
        Case("an error with 200", text(200, low), Unknown, "unreadable"),
    ];
    let server = MockServer::start().await;
    let client = client(&server.uri());
    for Case(name, answer, fate, code) in cases {
        server.reset().await;
        Mock::given(any()).respond_with(answer).mount(&server).await;
        let failure = client.launch(&request()).await.unwrap_err();
        assert_eq!((failure.fate, failure.error.code()), (fate, code), "{name}: {failure}");
        assert_eq!(failure.error.tries, 1, "{name}");
        assert_eq!(requests(&server).await.len(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_the_fate_unknown_and_is_used_once() {
    let whole = http("200 OK", &fixtures::launched(7001).to_string());
    let half = whole[..whole.len() / 2].to_vec();
    let mut chunked =
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n40\r\n{\"id\":".to_vec();
    chunked.push(b'7');
    let cases = [
        ("reset after the request", Manner::ResetAfterRequest, "connection_lost"),
        ("closed after the request", Manner::CloseAfterRequest, "connection_lost"),
        ("half a body", Manner::Says(half), "connection_lost"),
        ("half a chunk", Manner::Says(chunked), "connection_lost"),
        ("half a head", Manner::Says(b"HTTP/1.1 200 O".to_vec()), "connection_lost"),
        ("no HTTP", Manner::Says(b"220 mail.example ESMTP\r\n\r\n".to_vec()), "connection_lost"),
        (
            "half a refusal",
            Manner::Says(b"HTTP/1.1 400 Bad\r\ncontent-length: 90\r\n\r\n{\"na".to_vec()),
            "refused",
        ),
        ("no answer", Manner::Silence, "timed_out"),
        (
            "an answer without end",
            Manner::Dribbles(b"HTTP/1.1 200 OK\r\nx-x: ".to_vec()),
            "timed_out",
        ),
    ];
    for (name, manner, code) in cases {
        let server = RawServer::start(manner).await;
        let failure = hasty(&server.base_url).launch(&request()).await.unwrap_err();
        assert_eq!(failure.fate, Fate::Unknown, "{name}: {failure}");
        // An endless head may also be given up for its size.
        assert!(
            failure.error.code() == code
                || (name.contains("without end") && failure.error.code() == "connection_lost"),
            "{name}: {failure}"
        );
        assert_eq!(server.connections(), 1, "{name}");
        assert_eq!(server.requests(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_connection_closed_before_the_request_is_read_is_not_tried_again() {
    let server = RawServer::start(Manner::Hangup).await;
    let failure = hasty(&server.base_url).launch(&request()).await.unwrap_err();
    assert_eq!(failure.fate, Fate::Unknown, "{failure}");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let failure = client(&nobody().base_url).launch(&request()).await.unwrap_err();
    assert_eq!((failure.fate, failure.error.code()), (Fate::NotSent, "unreachable"), "{failure}");

    // A name that does not resolve (RFC 6761 keeps `.invalid` for that).
    let failure = client("https://nowhere.invalid").launch(&request()).await.unwrap_err();
    assert_eq!((failure.fate, failure.error.code()), (Fate::NotSent, "unreachable"), "{failure}");
}

#[tokio::test]
async fn a_frequency_out_of_range_is_not_sent() {
    let server = answering_json(fixtures::launched(7001)).await;
    let with = |frequency| LaunchRequest { frequency, ..request() };
    for frequency in [0, 101, u32::MAX] {
        let failure = client(&server.uri()).launch(&with(frequency)).await.unwrap_err();
        let LaunchFailure { fate, error } = failure;
        assert_eq!((fate, error.code(), error.tries), (Fate::NotSent, "bad_input", 0));
    }
    assert!(requests(&server).await.is_empty());
    for frequency in [1, 100] {
        client(&server.uri()).launch(&with(frequency)).await.unwrap();
    }
}

#[tokio::test]
async fn without_tls_nothing_was_sent() {
    // TLS is spoken to a server that does not speak it.
    let server = answering_json(fixtures::launched(7001)).await;
    let address = server.uri().replace("http:", "https:");
    let failure = client(&address).launch(&request()).await.unwrap_err();
    assert_eq!(failure.fate, Fate::NotSent, "{failure}");
    assert!(requests(&server).await.is_empty());
}

#[tokio::test]
async fn each_launch_has_a_connection_of_its_own() {
    let server = RawServer::start(Manner::Says(http("200 OK", r#"{"id": 1}"#))).await;
    let client = client(&server.base_url);
    for _ in 0..3 {
        client.launch(&request()).await.unwrap();
    }
    assert_eq!((server.connections(), server.requests()), (3, 3));
}
