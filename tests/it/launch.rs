//! Placing calls once: presses, limits, refusals, and answers that are lost. The judge is the
//! studio's own record of what reached it.

use std::sync::{Arc, Mutex, mpsc};

use engine::Code;
use engine::view::{
    CheckCode, ConfirmReason, Confirmation, DraftBody, LaunchStateView, Settings, ToolMocks,
};
use serde_json::json;

use crate::support::{PATIENCE, Server, World, WorldOptions};

#[tokio::test(flavor = "multi_thread")]
async fn the_request_says_what_was_chosen() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let mut body = world.plan_of(2).await;
    body.name = "Before the release".to_owned();
    body.times = "3".to_owned();
    body.at_once = "2".to_owned();
    body.mocks = ToolMocks::None;
    let review = world.engine.plan_review(&body).unwrap();
    assert!(review.address.starts_with("POST http://127.0.0.1:"));
    assert!(review.curl.contains("$CEKURA_API_KEY"), "{}", review.curl);
    assert!(!review.curl.contains(crate::support::KEY));

    let launch = world.place(&body).await;
    assert_eq!(launch.state, LaunchStateView::Launched);
    let sent = server.launches().await["launches"][0]["body"].clone();
    let scenarios: Vec<_> = body.evaluators.iter().map(|id| json!({ "scenario": id })).collect();
    assert_eq!(sent["scenarios"], json!(scenarios));
    assert_eq!(sent["frequency"], 3);
    assert_eq!(sent["concurrency_limit"], 2);
    assert_eq!(sent["mock_tool_names"], json!([]), "none mocked must be said");
    assert_eq!(sent["agent"], json!(body.agent));
    let name = sent["name"].as_str().unwrap();
    assert!(name.starts_with("Before the release ·"), "{name}");
    assert_eq!(launch.name, "Before the release");

    let mut all = body.clone();
    all.mocks = ToolMocks::All;
    world.place(&all).await;
    let sent = server.launches().await["launches"][1]["body"].clone();
    assert!(sent.as_object().unwrap().contains_key("mock_tool_names"), "{sent}");
    assert!(sent["mock_tool_names"].is_null());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_press_one_launch() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let body = world.plan_of(1).await;
    let draft = world.draft(&body);
    let presses: Vec<_> = (0..20)
        .map(|_| {
            let engine = world.engine.clone();
            let draft = draft.clone();
            tokio::spawn(async move { engine.launch_place(&draft, None) })
        })
        .collect();
    let mut placed = Vec::new();
    for press in presses {
        match press.await.unwrap() {
            Ok(launch) => placed.push(launch.id),
            Err(error) => assert_eq!(error.code, Code::DraftSpent, "{error:?}"),
        }
    }
    assert_eq!(placed.len(), 1);
    world.launch_settled(&placed[0]).await;
    assert_eq!(server.launch_count().await, 1);
    server.stop().await;
}

type Press = Box<dyn FnOnce() + Send>;

/// The first press has read the draft, and the second one comes: it waits for its turn, or it would
/// place the calls of a draft that the first one believes to be its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_press_waits_until_the_first_is_written() {
    let server = Server::start().await;
    let (happened, happens) = mpsc::channel();
    let waits = happened.clone();
    let second: Arc<Mutex<Option<Press>>> = Arc::default();
    let press = Arc::clone(&second);
    let happens = Mutex::new(happens);
    let failpoint: engine::Failpoint = Arc::new(move |place| match place {
        "launch.read" => {
            let press = press.lock().unwrap().take();
            if let Some(press) = press {
                press();
                happens.lock().unwrap().recv_timeout(PATIENCE).unwrap();
            }
        }
        "launch.waits" => waits.send("waits").unwrap(),
        _ => {}
    });
    let options = WorldOptions { failpoint: Some(failpoint), ..WorldOptions::default() };
    let world = World::connected_with(&server, options).await;
    let draft = world.draft(&world.plan_of(1).await);
    let (answer, answered) = tokio::sync::oneshot::channel();
    let (engine, of) = (world.engine.clone(), draft.clone());
    *second.lock().unwrap() = Some(Box::new(move || {
        tokio::task::spawn_blocking(move || {
            let pressed = engine.launch_place(&of, None);
            if let Ok(launch) = &pressed {
                while engine.launch_read(&launch.id).unwrap().state == LaunchStateView::Sending {
                    std::thread::yield_now();
                }
            }
            let _ = happened.send("went on");
            let _ = answer.send(pressed);
        });
    }));
    let engine = world.engine.clone();
    let first = tokio::task::spawn_blocking(move || engine.launch_place(&draft, None));
    let launch = first.await.unwrap().expect("the first press places the calls");
    assert_eq!(answered.await.unwrap().unwrap_err().code, Code::DraftSpent);
    world.launch_settled(&launch.id).await;
    assert_eq!(server.launch_count().await, 1);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_calls_and_the_same_plan_ask_once_more() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let mut body = world.plan_of(3).await;
    body.times = "17".to_owned();
    let draft = world.draft(&body);
    let refused = world.engine.launch_place(&draft, None).unwrap_err();
    assert_eq!((refused.code, refused.number), (Code::ConfirmNeeded, Some(51.0)));
    let wrong = Confirmation { calls: 50, reasons: vec![ConfirmReason::ManyCalls] };
    assert_eq!(
        world.engine.launch_place(&draft, Some(&wrong)).unwrap_err().code,
        Code::ConfirmNeeded
    );
    assert_eq!(server.launch_count().await, 0);
    let yes = Confirmation { calls: 51, reasons: vec![ConfirmReason::ManyCalls] };
    let launch = world.engine.launch_place(&draft, Some(&yes)).unwrap();
    world.launch_settled(&launch.id).await;
    assert_eq!(server.launch_count().await, 1);

    // The same plan within ten minutes asks, another one does not.
    body.times = "1".to_owned();
    world.place(&body).await;
    let again = world.draft(&body);
    let view = world.engine.plan_check(&body).unwrap();
    assert_eq!(view.confirm, vec![ConfirmReason::SamePlan]);
    assert_eq!(world.engine.launch_place(&again, None).unwrap_err().code, Code::ConfirmNeeded);
    world.ahead.forward(11 * 60);
    assert!(world.engine.plan_check(&body).unwrap().confirm.is_empty());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_of_a_day_holds_in_the_backend() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    world.engine.settings_save(&Settings { day_calls: 5, ..Settings::default() }).unwrap();
    let mut body = world.plan_of(2).await;
    body.times = "2".to_owned();
    world.place(&body).await;
    body.times = "1".to_owned();
    let draft = world.draft(&body);
    let refused = world.engine.launch_place(&draft, None).unwrap_err();
    assert_eq!((refused.code, refused.number), (Code::DayLimit, Some(1.0)));
    assert_eq!(server.launch_count().await, 1);
    world.ahead.forward(25 * 3600);
    let launch = world.engine.launch_place(&draft, None).unwrap();
    world.launch_settled(&launch.id).await;
    assert_eq!(server.launch_count().await, 2);
    server.stop().await;
}

/// The limits by credits go by the upper end of the estimate, and hold in the backend too.
#[tokio::test(flavor = "multi_thread")]
async fn the_limits_by_credits_ask_and_hold() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let body = world.plan_of(2).await;
    let credits = world.engine.plan_check(&body).unwrap().estimate.unwrap().credits_high;
    assert!(credits > 2.0, "{credits}");
    let draft = world.draft(&body);

    let day = Settings { day_credits: (credits / 2.0) as u32, ..Settings::default() };
    world.engine.settings_save(&day).unwrap();
    let view = world.engine.plan_check(&body).unwrap();
    assert!(view.checks.iter().any(|check| check.code == CheckCode::DayCreditsReached));
    assert_eq!(world.engine.launch_place(&draft, None).unwrap_err().code, Code::DayLimit);

    let ask = Settings { confirm_credits: 1, ..Settings::default() };
    world.engine.settings_save(&ask).unwrap();
    assert_eq!(world.engine.plan_check(&body).unwrap().confirm, vec![ConfirmReason::ManyCredits]);
    assert_eq!(world.engine.launch_place(&draft, None).unwrap_err().code, Code::ConfirmNeeded);
    assert_eq!(server.launch_count().await, 0);
    let yes = Confirmation { calls: 2, reasons: vec![ConfirmReason::ManyCredits] };
    let launch = world.engine.launch_place(&draft, Some(&yes)).unwrap();
    world.launch_settled(&launch.id).await;
    assert_eq!(server.launch_count().await, 1);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_says_which_field_and_gives_the_choices_back() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let mut body = world.plan_of(2).await;
    body.name = "Typed with care".to_owned();
    server
        .fault(json!({
            "match": { "method": "POST", "path_contains": "run_scenarios_pipecat_v2" },
            "kind": { "status": {
                "code": 400,
                "body": { "scenarios": ["Invalid scenario IDs or scenarios not found"] },
            } },
        }))
        .await;
    let launch = world.place(&body).await;
    assert_eq!(launch.state, LaunchStateView::Refused);
    assert_eq!(launch.problems[0].field, "evaluators");
    assert!(launch.problems[0].message.contains("not found"));
    let draft = world.engine.draft_read().unwrap();
    assert_eq!(draft.body, body, "what was typed is open again");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_little_credit_offers_the_part_that_fits() {
    let server = Server::start().await;
    server.set("balance", json!({ "credits": 60.0 })).await;
    let world = World::connected(&server).await;
    world
        .until("the balance", || {
            world.engine.connection_read().ok().and_then(|connection| connection.credits)
        })
        .await;
    // What fits is reckoned from history, which must not grow between the offer and its taking.
    world
        .until("the history", || {
            let rows = world.results();
            (!rows.is_empty() && rows.iter().all(|row| row.counted)).then_some(())
        })
        .await;
    let body = world.plan_of(20).await;
    let view = world.engine.plan_check(&body).unwrap();
    assert!(view.checks.iter().any(|check| check.code == CheckCode::BalanceLow));
    let launch = world.place(&body).await;
    assert_eq!((launch.state, launch.code), (LaunchStateView::Refused, Some(Code::OutOfCredit)));
    let fits = launch.fits.expect("a part fits");
    assert!(fits.evaluators >= 1 && fits.evaluators < 20 && fits.credits <= 60.0, "{fits:?}");
    let made = world.engine.launch_fit(&launch.id).unwrap();
    assert_eq!(made.draft.body.evaluators.len(), fits.evaluators as usize);
    assert_eq!(server.launch_count().await, 1, "nothing is placed by it");
    server.stop().await;
}

/// The answer is lost after the calls started: they are found by their name, and placed once.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_found() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let body = world.plan_of(2).await;
    for kind in ["drop_after", "half_body", "no_id"] {
        server
            .fault(json!({
                "match": { "method": "POST", "path_contains": "run_scenarios_pipecat_v2", "times": 1 },
                "kind": kind,
            }))
            .await;
        let before = server.launch_count().await;
        let draft = world.draft(&DraftBody { times: format!("{}", before + 1), ..body.clone() });
        let launch = world.engine.launch_place(&draft, None).unwrap();
        let found = world
            .until("the lost launch", || {
                world
                    .engine
                    .launch_read(&launch.id)
                    .ok()
                    .filter(|launch| launch.state == LaunchStateView::Launched)
            })
            .await;
        assert!(found.adopted, "{kind}");
        assert_eq!(server.launch_count().await, before + 1, "{kind}: sent once");
        assert_eq!(server.placed_count().await as u64, before + 1, "{kind}: placed once");
        let done = world.finished(found.result_id.unwrap()).await;
        assert_eq!(u64::from(done.row.calls), 2 * (before + 1), "{kind}");
    }
    server.stop().await;
}

/// It never started: nothing is found, it stays unknown, and a person decides.
#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_start_stays_unknown_until_a_person_decides() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let body = world.plan_of(2).await;
    server
        .fault(json!({
            "match": { "method": "POST", "path_contains": "run_scenarios_pipecat_v2", "times": 1 },
            "kind": "drop_before",
        }))
        .await;
    let launch = world.place(&body).await;
    assert_eq!(launch.state, LaunchStateView::Unknown);
    assert_eq!((server.launch_count().await, server.placed_count().await), (1, 0));
    world.ahead.forward(600);
    world.engine.connection_retry().unwrap();
    let looked = world
        .until("a look", || {
            world.engine.launch_read(&launch.id).ok().filter(|launch| launch.looks >= 1)
        })
        .await;
    assert_eq!((looked.state, looked.settled), (LaunchStateView::Unknown, false));
    assert_eq!(world.engine.launches_open().unwrap().len(), 1);

    let made = world.engine.launch_not_started(&launch.id).unwrap();
    assert_eq!(made.draft.body, body);
    assert!(world.engine.launches_open().unwrap().is_empty());
    assert_eq!(server.launch_count().await, 1, "a decision sends nothing");
    let again = world.engine.launch_place(&made.draft.id, None);
    let launch = match again {
        Ok(launch) => launch,
        // The same plan moments ago: the fresh confirmation.
        Err(error) => {
            assert_eq!(error.code, Code::ConfirmNeeded);
            let yes = Confirmation { calls: 2, reasons: vec![ConfirmReason::SamePlan] };
            world.engine.launch_place(&made.draft.id, Some(&yes)).unwrap()
        }
    };
    world.launch_settled(&launch.id).await;
    assert_eq!((server.launch_count().await, server.placed_count().await), (2, 1));
    server.stop().await;
}

/// A server that cannot be reached was not sent anything: safe to press again.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_was_not_sent_anything() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let body = world.plan_of(1).await;
    server.stop().await;
    let launch = world.place(&body).await;
    assert_eq!(launch.state, LaunchStateView::NotSent);
    assert_eq!(world.engine.draft_read().unwrap().body, body);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_told_before_anything_is_sent() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let good = world.plan_of(1).await;
    let has = |body: &DraftBody, code: CheckCode| {
        let view = world.engine.plan_check(body).unwrap();
        assert!(!view.may_place, "{code:?}");
        assert!(view.checks.iter().any(|check| check.code == code), "{code:?}: {:?}", view.checks);
    };
    for times in ["0", "101", "", "two", "-1"] {
        has(&DraftBody { times: times.to_owned(), ..good.clone() }, CheckCode::TimesOutOfRange);
    }
    has(&DraftBody { at_once: "0".to_owned(), ..good.clone() }, CheckCode::AtOnceOutOfRange);
    has(&DraftBody { agent: None, ..good.clone() }, CheckCode::NoAgent);
    has(&DraftBody { agent: Some(1), ..good.clone() }, CheckCode::AgentGone);
    has(&DraftBody { evaluators: Vec::new(), ..good.clone() }, CheckCode::NoEvaluators);
    has(&DraftBody { evaluators: vec![1], ..good.clone() }, CheckCode::EvaluatorsGone);
    has(&DraftBody { name: "n".repeat(300), ..good.clone() }, CheckCode::NameTooLong);
    has(
        &DraftBody {
            messages: vec![engine::view::DraftMessage {
                evaluator: None,
                text: "{\n  \"a\": 1,\n  oops\n}".to_owned(),
            }],
            ..good.clone()
        },
        CheckCode::MessageNotJson,
    );
    let catalogue = world.catalogue().await;
    // A caller that is not enabled for one agent, which other agents have.
    let (agent, caller) = catalogue
        .agents
        .iter()
        .find_map(|agent| {
            let missing = |id: &i64| !agent.enabled_callers.contains(id);
            Some((agent.id, catalogue.callers.iter().map(|one| one.id).find(missing)?))
        })
        .unwrap();
    has(
        &DraftBody { agent: Some(agent), callers: vec![caller], ..good.clone() },
        CheckCode::CallersNotEnabled,
    );
    let unready = catalogue
        .agents
        .iter()
        .find(|agent| agent.pipecat_ready == Some(false))
        .expect("the studio has an agent that is not set up");
    has(&DraftBody { agent: Some(unready.id), ..good.clone() }, CheckCode::AgentNotSetUp);
    assert_eq!(server.launch_count().await, 0);
    server.stop().await;
}
