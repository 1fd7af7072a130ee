//! A call that is looked at: read in full, heard, stopped.

use engine::Code;
use engine::view::{CallView, OutcomeView};
use serde_json::{Value, json};

use crate::support::{Server, World};

/// A call of the days before. Such calls are kept by their rows until somebody looks at them.
async fn known_by_its_row(world: &World) -> (i64, i64) {
    world
        .until("a call of which only the row is known", || {
            let row = world.results().into_iter().find(|row| row.finished && row.counted)?;
            let view = world.engine.result_read(row.id).ok()?;
            let mut calls = view.groups.iter().flat_map(|group| &group.calls);
            calls.find(|call| call.outcome == OutcomeView::Passed).map(|call| (row.id, call.id))
        })
        .await
}

fn refusal(call: i64, code: u16) -> Value {
    json!({
        "match": { "method": "GET", "path_contains": format!("/runs/{call}/") },
        "kind": { "status": { "code": code } },
    })
}

async fn read_until(
    world: &World,
    (result, call): (i64, i64),
    what: &str,
    fits: impl Fn(&CallView) -> bool,
) -> CallView {
    world.until(what, || world.engine.call_read(result, call).ok().filter(|view| fits(view))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_not_read_says_so_and_is_read_when_asked() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let (result, call) = known_by_its_row(&world).await;
    server.fault(refusal(call, 403)).await;
    let view = world.engine.call_read(result, call).unwrap();
    assert!(view.loading && !view.whole, "it begins to be read");
    let failed =
        read_until(&world, (result, call), "the failure", |view| view.error.is_some()).await;
    assert_eq!(failed.error.map(|error| error.code), Some(Code::Forbidden));
    assert!(!failed.loading && !failed.whole && failed.transcript.is_none());
    // Looking again asks nothing; a person's word does.
    let asked = server.requests_to(&format!("/runs/{call}/")).await;
    world.engine.call_read(result, call).unwrap();
    assert_eq!(server.requests_to(&format!("/runs/{call}/")).await, asked);
    server.heal().await;
    world.engine.call_refetch(result, call).unwrap();
    let whole = read_until(&world, (result, call), "the whole call", |view| view.whole).await;
    assert!(whole.error.is_none() && !whole.loading);
    assert!(whole.transcript.is_some_and(|turns| !turns.is_empty()));
    assert!(whole.recording);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_link_to_a_recording_is_asked_for_anew_before_it_is_called_gone() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let (result, call) = known_by_its_row(&world).await;
    read_until(&world, (result, call), "the whole call", |view| view.whole).await;
    let path = format!("/recordings/{call}.wav");
    let refused = |code: u16, times: Option<u32>| {
        let only = json!({ "method": "GET", "path_contains": path, "times": times });
        json!({ "match": only, "kind": { "status": { "code": code } } })
    };
    let reads = async || server.requests_to(&format!("/runs/{call}/")).await;
    for code in [400, 401, 403, 404, 410] {
        // Once: the call is read again, and the fresh link works.
        server.fault(refused(code, Some(1))).await;
        let before = reads().await;
        let sound = world.engine.call_recording(call).await.unwrap();
        assert!(sound.starts_with(b"RIFF"), "{code}");
        assert_eq!(reads().await, before + 1, "{code}");
        server.heal().await;
        // For ever: it is gone, and was asked for twice.
        server.fault(refused(code, None)).await;
        let heard = server.requests_to(&path).await;
        let error = world.engine.call_recording(call).await.unwrap_err();
        assert_eq!(error.code, Code::RecordingGone, "{code}");
        assert_eq!(server.requests_to(&path).await, heard + 2, "{code}");
        server.heal().await;
    }
    // A storage in trouble, or one that asks to wait, has not said that it is gone.
    for (status, code) in [(500, Code::ServerTrouble), (429, Code::Throttled)] {
        server.fault(refused(status, None)).await;
        let before = reads().await;
        assert_eq!(world.engine.call_recording(call).await.unwrap_err().code, code);
        assert_eq!(reads().await, before);
        server.heal().await;
    }
    // Where the call itself is gone from the server, so is its recording.
    server.fault(refused(403, None)).await;
    server.fault(refusal(call, 404)).await;
    let error = world.engine.call_recording(call).await.unwrap_err();
    assert_eq!(error.code, Code::RecordingGone);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_being_stopped_says_so_until_it_has_ended() {
    // No call ends by itself while the test lasts.
    let server = Server::with(|config| config.speed = 0.1).await;
    let world = World::connected(&server).await;
    let mut body = world.plan_of(3).await;
    body.at_once = "3".to_owned();
    let result = world.place(&body).await.result_id.unwrap();
    let going = || {
        let view = world.engine.result_read(result).ok()?;
        let mut calls = view.groups.iter().flat_map(|group| &group.calls);
        calls.find(|call| call.outcome == OutcomeView::InProgress).map(|call| call.id)
    };
    let call = world.until("a call", going).await;
    assert!(!world.engine.call_read(result, call).unwrap().stopping);
    server
        .fault(json!({
            "match": { "method": "POST", "path_contains": "end_call" },
            "kind": { "status": { "code": 503 } },
        }))
        .await;
    let refused = world.engine.call_stop(result, call).await.unwrap_err();
    assert_eq!(refused.code, Code::ServerTrouble);
    let view = world.engine.call_read(result, call).unwrap();
    assert!(view.stopping, "the wish stands: {:?}", view.row);
    server.heal().await;
    world.ahead.forward(15);
    let ended = read_until(&world, (result, call), "its end", |view| {
        view.row.outcome != OutcomeView::InProgress
    })
    .await;
    assert_eq!(ended.row.outcome, OutcomeView::Stopped);
    assert!(!ended.stopping);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_is_made_lighter_only_where_it_is_too_large_to_play() {
    let server = Server::with(|config| config.sound_rate = 96_000).await;
    let world = World::connected(&server).await;
    let (result, call) = known_by_its_row(&world).await;
    read_until(&world, (result, call), "the whole call", |view| view.whole).await;
    let whole = world.engine.call_recording(call).await.unwrap();
    let rate = |sound: &[u8]| u32::from_le_bytes(sound[24..28].try_into().unwrap());
    assert_eq!(rate(&whole), 96_000);
    assert_eq!(world.engine.call_sound(call, whole.len()).await.unwrap(), whole);
    let light = world.engine.call_sound(call, whole.len() - 1).await.unwrap();
    assert_eq!(rate(&light), 16_000);
    // As long as before, to the sample.
    assert_eq!((light.len() - 44) / 4, (whole.len() - 44) / 4 / 6);
    // What does not become light enough is refused, and what is saved is what came.
    assert_eq!(world.engine.call_sound(call, 1000).await.unwrap_err().code, Code::TooBig);
    assert_eq!(world.engine.call_recording(call).await.unwrap(), whole);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_listened_to_where_the_server_says_or_on_the_dashboard() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let (result, call) = known_by_its_row(&world).await;
    let path = format!("/runs/{call}/get_listen_url/");
    let answers = async |code: u16, body: Value| {
        server.heal().await;
        let kind = json!({ "status": { "code": code, "body": body } });
        server.fault(json!({ "match": { "path_contains": path }, "kind": kind })).await;
        world.engine.call_listen(result, call).await
    };
    let live = "https://live.example/room/7?token=a%2Fb";
    for body in [
        json!(live),
        json!({ "url": live }),
        json!({ "listen_url": live }),
        json!({ "listenUrl": live, "expires_in": 60 }),
    ] {
        assert_eq!(answers(200, body.clone()).await.unwrap().as_deref(), Some(live), "{body}");
    }
    let other = [
        (200, json!({ "id": call, "status": "in_progress" })),
        (200, json!({ "url": "" })),
        (200, json!({ "url": "javascript:alert(1)" })),
        (200, json!({ "listen_url": "http://live.example/7" })),
        (200, json!([])),
        (400, json!({ "detail": "The call is not in progress." })),
        (403, Value::Null),
        (404, Value::Null),
        (500, Value::Null),
    ];
    // A server of one's own has no dashboard.
    for (code, body) in other.clone() {
        assert_eq!(answers(code, body.clone()).await.unwrap(), None, "{code} {body}");
    }
    // The same workspace, were it one of Cekura's: its calls have a page there.
    let journal = rusqlite::Connection::open(world.folder.join("journal.db")).unwrap();
    journal.execute("UPDATE workspaces SET origin = 'https://api.cekura.ai'", []).unwrap();
    let page = world.engine.dashboard_of(result, Some(call)).unwrap().expect("a page");
    assert!(page.starts_with("https://dashboard.cekura.ai/"), "{page}");
    assert!(page.ends_with(&format!("/results/{result}?call_id={call}")), "{page}");
    for (code, body) in other {
        let led = answers(code, body.clone()).await.unwrap();
        assert_eq!(led.as_deref(), Some(page.as_str()), "{code} {body}");
    }
    assert_eq!(answers(200, json!({ "url": live })).await.unwrap().as_deref(), Some(live));
    // A refused key and a lost connection are told: the dashboard would hide them.
    assert_eq!(answers(401, Value::Null).await.unwrap_err().code, Code::BadKey);
    server.stop().await;
    let lost = world.engine.call_listen(result, call).await;
    assert!(lost.is_err(), "{lost:?}");
}
