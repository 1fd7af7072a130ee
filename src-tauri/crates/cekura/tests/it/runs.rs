//! Runs, in every dialect.

use cekura::{
    MetricKind, MetricValue, PersonalityId, ResultId, Role, Run, RunId, ScenarioId, TestProfileId,
};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::fixtures;
use crate::support::{answering, answering_in_turn, answering_json, client, only, query, requests};

fn run(value: &Value) -> Run {
    Run::from_value(value).unwrap()
}

#[test]
fn a_run_in_full() {
    let run = run(&fixtures::run_full(70_011));
    assert_eq!(run.id, RunId::from(70_011));
    assert_eq!(run.result, Some(ResultId::from(7001)));
    assert_eq!(run.scenario, Some(ScenarioId::from(9001)));
    assert_eq!(run.test_profile, Some(TestProfileId::from(41)));
    assert_eq!(run.test_profile_name.as_deref(), Some("Season ticket"));
    assert_eq!(run.ended_reason.as_deref(), Some("Main agent-ended-call"));
    assert_eq!(run.error_message, None, "an empty message is none");
    assert_eq!(run.duration_s, Some(92.0));
    assert_eq!(run.success, Some(false));
    assert_eq!(run.evaluation_status.as_deref(), Some("failure"));
    assert_eq!(run.recording_url.as_deref(), Some("https://recordings.example/7/9.wav"));
    let expected = run.expected_outcome.unwrap();
    assert_eq!((expected.score, expected.explanation.len()), (Some(50.0), 2));
    let met: Vec<_> = expected.alignments.iter().map(|it| (it.text.as_str(), it.aligned)).collect();
    assert_eq!(met, [("Offers the first crossing", Some(true)), ("Reads it back", Some(false))]);
    let found: Vec<_> = expected.alignments.iter().map(|it| it.outcome.as_deref()).collect();
    assert_eq!(found, [Some("A crossing was offered"), Some("The time was not read back")]);
    let metrics: Vec<_> = run.metrics.iter().map(|it| (&it.kind, &it.value)).collect();
    assert_eq!(
        metrics,
        [
            (&MetricKind::Binary, &MetricValue::No),
            (&MetricKind::Number, &MetricValue::Number(1840.5)),
            (&MetricKind::Rating, &MetricValue::Number(4.0)),
            (&MetricKind::Category, &MetricValue::Text("impatient".to_owned())),
        ]
    );
    assert_eq!(run.metrics[0].code, None);
    assert_eq!(run.metrics[1].code.as_deref(), Some("lat01"));
    assert_eq!(run.rubric[0].passed, Some(false));
    assert_eq!(run.rubric[0].metric_name.as_deref(), Some("Reads the time back"));
    let waveform = run.waveform.unwrap();
    assert_eq!((waveform.agent, waveform.caller), (vec![0.1, 0.4], vec![0.0, 0.2]));
}

#[test]
fn the_conversation_is_read_from_the_list_of_turns() {
    let turns = run(&fixtures::run_full(1)).transcript.unwrap();
    let roles: Vec<_> = turns.iter().map(|turn| turn.role.clone()).collect();
    assert_eq!(roles, [Role::Agent, Role::Caller, Role::ToolCall, Role::ToolResult]);
    assert_eq!(turns[0].content, "Harbour desk.");
    assert_eq!((turns[0].start_s, turns[0].end_s), (Some(1.0), Some(2.2)));
    assert_eq!(turns[2].start_s, Some(5.0), "clock text where there is nothing finer");
    let (call, result) = (turns[2].tool.as_ref().unwrap(), turns[3].tool.as_ref().unwrap());
    assert_eq!((call.id.as_deref(), call.name.as_deref()), (Some("tool_1"), Some("find_crossing")));
    assert_eq!(call.arguments.as_deref(), Some(r#"{"day":"tomorrow"}"#));
    assert_eq!(result.result.as_deref(), Some(r#"{"at":"06:40"}"#), "objects as text");
}

#[test]
fn the_text_is_read_where_there_is_no_list() {
    let text = "[00:01] Main Agent: Harbour desk: hello.\nsecond line\n\n[1:02:03] Testing Agent: Hi.\n[x] odd\n";
    let turns =
        run(&json!({ "id": 1, "transcript": text, "transcript_object": [] })).transcript.unwrap();
    assert_eq!(turns.len(), 2);
    assert_eq!((&turns[0].role, turns[0].start_s), (&Role::Agent, Some(1.0)));
    assert_eq!(turns[0].content, "Harbour desk: hello.\nsecond line");
    assert_eq!((&turns[1].role, turns[1].start_s), (&Role::Caller, Some(3723.0)));
    assert_eq!(turns[1].content, "Hi.\n[x] odd");
}

#[test]
fn no_transcript_is_not_an_empty_one() {
    let turns = |fields: Value| run(&fields).transcript.map(|turns| turns.len());
    assert_eq!(turns(json!({ "id": 1 })), None);
    assert_eq!(turns(json!({ "id": 1, "transcript": null, "transcript_object": null })), None);
    assert_eq!(turns(json!({ "id": 1, "transcript_object": [] })), Some(0));
    // Rows of lists carry an empty text, whoever spoke.
    assert_eq!(turns(json!({ "id": 1, "transcript": "" })), None);
    assert_eq!(
        turns(json!({ "id": 1, "transcript": "", "transcript_object": [{ "role": "x" }] })),
        Some(1)
    );
    assert_eq!(turns(json!({ "id": 1, "transcript": [{ "role": "Main Agent" }] })), Some(1));
}

#[test]
fn turns_of_another_form_keep_their_place() {
    let turns = run(&json!({ "id": 1, "transcript_object": [
        { "role": "MAIN AGENT ", "content": "a", "timestamp": null, "time": "0:07" },
        { "role": "Supervisor", "content": "b", "timestamp": 9.5 },
        "c",
        null,
        { "content": null, "data": "odd" },
    ]}))
    .transcript
    .unwrap();
    assert_eq!(turns.len(), 5);
    assert_eq!((&turns[0].role, turns[0].start_s), (&Role::Agent, Some(7.0)));
    assert_eq!(
        (&turns[1].role, turns[1].start_s),
        (&Role::Other("Supervisor".to_owned()), Some(9.5))
    );
    assert_eq!(turns[2].content, "c");
    assert_eq!(turns[4].tool, None);
    for role in [Role::Agent, Role::Caller, Role::ToolCall, Role::ToolResult] {
        let again = run(&json!({ "id": 1, "transcript_object": [{ "role": role.as_api() }] }));
        assert_eq!(again.transcript.unwrap()[0].role, role);
    }
}

#[test]
fn the_older_dialects_say_the_same() {
    let old = run(&fixtures::run_v1(1));
    assert_eq!(old.ended_reason.as_deref(), Some("exceeded-max-duration"));
    assert_eq!(old.metrics[0].kind, MetricKind::Binary);
    assert_eq!(old.metrics[0].value, MetricValue::Yes, "five of five is yes");
    assert_eq!(old.metrics[1].value, MetricValue::No);
    assert_eq!(old.metrics[0].explanation, ["Said it"]);
    assert_eq!(old.expected_outcome.unwrap().explanation, ["Offered and read back"]);

    let hook = run(&fixtures::run_webhook(1));
    assert_eq!(hook.scenario, Some(ScenarioId::from(9001)));
    assert_eq!(hook.scenario_name.as_deref(), Some("Missed the last boat"));
    assert_eq!(hook.personality, Some(PersonalityId::from(31)));
    assert_eq!(hook.personality_name.as_deref(), Some("Hurried commuter"));
    assert_eq!(hook.test_profile_name.as_deref(), Some("Season ticket"));
    assert_eq!(hook.expected_outcome, None, "an empty object says nothing");
    assert_eq!(hook.recording_url.as_deref(), Some("https://recordings.example/7/10.wav"));
    assert_eq!(hook.metrics[0].value, MetricValue::Yes);
}

#[test]
fn a_metric_has_one_value_whichever_field_it_is_in() {
    use MetricValue::{No, None, Number, Text, Yes};
    let word = |text: &str| Text(text.to_owned());
    for (metric, value) in [
        (json!({ "type": "binary", "score": true }), Yes),
        (json!({ "type": "binary", "score": "False" }), No),
        (json!({ "type": "binary", "score": 5 }), Yes),
        (json!({ "type": "binary", "score": 1 }), Yes),
        (json!({ "type": "binary", "score": 0 }), No),
        (json!({ "type": "binary", "score": 3 }), Number(3.0)),
        (json!({ "type": "binary", "score": 5, "score_normalized": "1" }), Yes),
        (json!({ "type": "binary", "score": 5, "passed": false }), No),
        (json!({ "type": "binary", "score": null }), None),
        (json!({ "eval_type": "binary", "type": "numeric", "passed": "true" }), Yes),
        (json!({ "type": "numeric", "score": "1840.5" }), Number(1840.5)),
        (json!({ "type": "numeric", "score": 1, "score_normalized": 1840.5 }), Number(1840.5)),
        (json!({ "type": "numeric", "value": 12 }), Number(12.0)),
        (json!({ "type": "numeric", "score": "fast" }), None),
        (
            json!({ "type": "continuous_qualitative", "score": 4, "score_normalized": null }),
            Number(4.0),
        ),
        (json!({ "type": "enum", "enum": "calm", "score": null }), word("calm")),
        (json!({ "type": "enum", "value": "calm" }), word("calm")),
        (json!({ "type": "enum", "score": 2 }), word("2")),
        (json!({ "type": "enum" }), None),
        (json!({ "type": "histogram", "score": 2 }), Number(2.0)),
        (json!({ "type": "histogram", "score": true }), Yes),
        (json!({ "type": "histogram", "value": "wide" }), word("wide")),
        (json!({}), None),
        (json!("odd"), None),
        (json!(null), None),
    ] {
        let run = run(&json!({ "id": 1, "evaluation": { "metrics": [&metric] } }));
        assert_eq!(run.metrics[0].value, value, "{metric}");
    }
}

#[test]
fn an_expected_outcome_may_be_many_things() {
    let score = |value: Value| {
        run(&json!({ "id": 1, "expected_outcome": value })).expected_outcome.map(|it| it.score)
    };
    assert_eq!(score(json!({ "score": "100" })), Some(Some(100.0)));
    assert_eq!(score(json!(75)), Some(Some(75.0)));
    assert_eq!(score(json!("75%")), Some(Some(75.0)));
    assert_eq!(score(json!("Met in part")), Some(None));
    assert_eq!(score(json!({ "explanation": "Met" })), Some(None));
    for nothing in
        [json!({}), json!(null), json!(""), json!([]), json!(true), json!({ "score": null })]
    {
        let said = score(nothing.clone());
        assert!(said.is_none() || nothing == json!(true), "{nothing}: {said:?}");
    }
}

#[tokio::test]
async fn a_page_of_light_rows() {
    let rows = vec![fixtures::run_row(1), fixtures::run_row(2)];
    let server = answering_json(fixtures::page(rows, 2)).await;
    let page = client(&server.uri()).runs(ResultId::from(7001), 2, 50).await.unwrap();
    assert_eq!((page.items.len(), page.count), (2, Some(2)));
    assert!(page.items.iter().all(|run| run.transcript.is_none()));
    let request = only(requests(&server).await);
    assert_eq!(request.url.path(), "/test_framework/v2/runs/");
    for (name, value) in [("result_id", "7001"), ("page", "2"), ("page_size", "50")] {
        assert_eq!(query(&request, name).as_deref(), Some(value), "{name}");
    }
}

#[tokio::test]
async fn one_run() {
    let server = answering_json(fixtures::run_full(5)).await;
    let run = client(&server.uri()).run(RunId::from(5)).await.unwrap();
    assert_eq!(run.raw, fixtures::run_full(5));
    assert_eq!(only(requests(&server).await).url.path(), "/test_framework/v2/runs/5/");
}

#[tokio::test]
async fn many_runs_are_asked_for_fifty_at_a_time() {
    let answers = [
        json!([fixtures::run_full(1), "odd"]),
        json!([fixtures::run_full(1), fixtures::run_full(60)]),
        json!([]),
    ];
    let answers = answers.map(|body| ResponseTemplate::new(200).set_body_json(body)).to_vec();
    let server = answering_in_turn(answers).await;
    let ids: Vec<RunId> = (1..=101).map(RunId::from).collect();
    let listing = client(&server.uri()).runs_bulk(&ids).await;
    assert_eq!(listing.items.iter().map(|run| run.id.get()).collect::<Vec<_>>(), [1, 60]);
    assert_eq!(listing.unreadable.len(), 1);
    assert_eq!((listing.failed, listing.unasked, listing.stopped), (vec![], vec![], None));
    let asked: Vec<_> =
        requests(&server).await.iter().map(|it| query(it, "run_ids").unwrap()).collect();
    let counts: Vec<_> = asked.iter().map(|ids| ids.split(',').count()).collect();
    assert_eq!(counts, [50, 50, 1]);
    assert_eq!(asked[2], "101");
    assert!(
        requests(&server).await.iter().all(|it| it.url.path() == "/test_framework/v2/runs/bulk/")
    );
}

#[tokio::test]
async fn no_runs_need_no_request() {
    let server = answering_json(json!([])).await;
    assert!(client(&server.uri()).runs_bulk(&[]).await.items.is_empty());
    assert!(requests(&server).await.is_empty());
}

#[tokio::test]
async fn one_call_is_ended() {
    let server = answering(ResponseTemplate::new(200)).await;
    client(&server.uri()).end_call(RunId::from(5)).await.unwrap();
    let request = only(requests(&server).await);
    assert_eq!(request.method.as_str(), "POST");
    assert_eq!(request.url.path(), "/test_framework/v2/runs/5/end_call/");
}

#[tokio::test]
async fn a_live_call_can_be_listened_to_where_the_server_names_an_address() {
    let live = "https://listen.example/r/5";
    let bodies = [
        (json!({ "url": live }).to_string(), Some(live)),
        (json!({ "listen_url": live, "id": 5 }).to_string(), Some(live)),
        (json!({ "listenUrl": live }).to_string(), Some(live)),
        (json!(live).to_string(), Some(live)),
        (live.to_owned(), Some(live)),
        (
            json!({ "url": "wss://listen.example/r/5" }).to_string(),
            Some("wss://listen.example/r/5"),
        ),
        (json!({ "url": "http://127.0.0.1:9/r/5" }).to_string(), Some("http://127.0.0.1:9/r/5")),
        (json!({ "url": "http://listen.example/r/5" }).to_string(), None),
        (json!({ "url": "javascript:alert(1)" }).to_string(), None),
        (json!({ "url": "file:///etc/passwd" }).to_string(), None),
        (fixtures::run_row(5).to_string(), None),
        (String::new(), None),
        ("null".to_owned(), None),
    ];
    for (body, expected) in bodies {
        let server = answering(ResponseTemplate::new(200).set_body_string(body.as_str())).await;
        let url = client(&server.uri()).listen_url(RunId::from(5)).await.unwrap();
        assert_eq!(url.as_ref().map(url::Url::as_str), expected, "{body}");
    }
    let server = answering(ResponseTemplate::new(404)).await;
    assert_eq!(client(&server.uri()).listen_url(RunId::from(5)).await.unwrap(), None);
}

#[test]
fn one_word_of_the_agent_in_either_form_is_enough() {
    let spoke = |fields: Value| run(&fields).agent_spoke();
    let silent = json!([{ "role": "Testing Agent", "content": "Hello?" }]);
    assert_eq!(spoke(json!({ "id": 1 })), None);
    assert_eq!(spoke(json!({ "id": 1, "transcript_object": silent })), Some(false));
    let text = "[00:01] Main Agent: Harbour desk.\n";
    assert_eq!(
        spoke(json!({ "id": 1, "transcript_object": silent, "transcript": text })),
        Some(true)
    );
    let blank = "[00:01] Main Agent:  \n";
    assert_eq!(
        spoke(json!({ "id": 1, "transcript_object": silent, "transcript": blank })),
        Some(false)
    );
}

#[test]
fn content_may_be_a_list_or_an_object_with_the_text_inside() {
    let said = "Harbour desk. Hello.";
    for content in [
        json!(said),
        json!(["Harbour desk.", "Hello."]),
        json!([{ "type": "text", "text": "Harbour desk." }, { "type": "text", "text": "Hello." }]),
        json!([{ "type": "input_audio", "transcript": "Harbour desk." }, "Hello."]),
        json!({ "text": said }),
        json!({ "type": "message", "content": [{ "type": "output_text", "text": said }] }),
        json!({ "parts": [{ "text": "Harbour desk." }, { "image": 7 }, { "text": "Hello." }] }),
        json!({ "value": said }),
    ] {
        let run = run(&json!({ "id": 1, "transcript_object": [
            { "role": "Main Agent", "content": content },
        ]}));
        assert_eq!(run.transcript.as_ref().unwrap()[0].content, said, "{content}");
        assert_eq!(run.agent_spoke(), Some(true), "{content}");
    }
    for silent in [json!(null), json!([]), json!({}), json!([{ "type": "image" }]), json!([" "])] {
        let run = run(&json!({ "id": 1, "transcript_object": [
            { "role": "Main Agent", "content": silent },
        ]}));
        assert_eq!(run.agent_spoke(), Some(false), "{silent}");
    }
}

#[test]
fn times_are_seconds_of_the_call_whatever_they_come_in() {
    let times = |duration: Value, executed_at: Value, first: [Value; 2], second: [Value; 2]| {
        let run = run(&json!({
            "id": 1, "duration": duration, "executed_at": executed_at,
            "transcript_object": [
                { "role": "Main Agent", "start_time": first[0], "end_time": first[1] },
                { "role": "Testing Agent", "start_time": second[0], "end_time": second[1] },
            ],
        }));
        let turns = run.transcript.unwrap();
        let rounded = |time: Option<f64>| time.map(|time| (time * 1e3).round() / 1e3);
        turns.iter().flat_map(|turn| [turn.start_s, turn.end_s]).map(rounded).collect::<Vec<_>>()
    };
    let pair = |first: Value, second: Value| [first, second];
    let expected = [Some(1.5), Some(4.0), Some(9.0), Some(12.25)];
    let began = json!("2026-06-01T09:00:00Z");
    for (name, duration, began, first, second) in [
        (
            "seconds",
            json!("00:20"),
            began.clone(),
            pair(json!(1.5), json!(4)),
            pair(json!("9"), json!(12.25)),
        ),
        (
            "milliseconds",
            json!("00:20"),
            json!(null),
            pair(json!(1500), json!(4000)),
            pair(json!(9000), json!(12250)),
        ),
        (
            "seconds since 1970",
            json!("00:20"),
            began.clone(),
            pair(json!(1_780_304_401.5), json!(1_780_304_404)),
            pair(json!(1_780_304_409), json!(1_780_304_412.25)),
        ),
        (
            "milliseconds since 1970",
            json!(null),
            json!("2026-06-01 09:00:00"),
            pair(json!(1_780_304_401_500_i64), json!(1_780_304_404_000_i64)),
            pair(json!(1_780_304_409_000_i64), json!(1_780_304_412_250_i64)),
        ),
        (
            "text",
            json!(null),
            json!(1_780_304_400),
            pair(json!("2026-06-01T09:00:01.5Z"), json!("2026-06-01T09:00:04")),
            pair(json!("2026-06-01T11:00:09+02:00"), json!("2026-06-01T09:00:12.250Z")),
        ),
    ] {
        assert_eq!(times(duration, began, first, second), expected, "{name}");
    }
    // Without a beginning that fits, the first word is the beginning.
    let first = pair(json!(1_780_304_401.5), json!(null));
    assert_eq!(
        times(json!(null), json!(null), first, pair(json!(1_780_304_403), json!(null))),
        [Some(0.0), None, Some(1.5), None]
    );
    // A call of an hour is not one of milliseconds.
    let long = times(
        json!("59:00"),
        json!(null),
        pair(json!(1), json!(2)),
        pair(json!(3500), json!(3530)),
    );
    assert_eq!(long, [Some(1.0), Some(2.0), Some(3500.0), Some(3530.0)]);
}
