//! What is told of the key when something refuses while calls are followed.

use std::time::Duration;

use engine::Code;
use engine::view::{ConnectionState, KeyStateView};
use serde_json::json;
use wiremock::matchers::path;
use wiremock::{Mock, ResponseTemplate};

use crate::support::{CALL, RESULT, World};

fn page(status: u16) -> ResponseTemplate {
    let text = "\n<!doctype html><title>Access denied</title><p>Sign in to the network.";
    ResponseTemplate::new(status).set_body_raw(text, "text/html")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_refuses_while_calls_are_followed_says_nothing_of_the_key() {
    let mut world = World::open(true).await;
    let json = ResponseTemplate::new(401).set_body_json(json!({ "detail": "Invalid API key." }));
    for (answer, state, code) in [
        (page(401), ConnectionState::Trouble, Code::NotCekura),
        (page(403), ConnectionState::Trouble, Code::WebPage),
        (json, ConnectionState::KeyRejected, Code::BadKey),
        // The form of Cekura's own is not documented: it may say no more.
        (ResponseTemplate::new(401), ConnectionState::KeyRejected, Code::BadKey),
    ] {
        // By everything, of which the followed result is asked first, and by the list alone that a
        // person asks for.
        for listed in [false, true] {
            if listed {
                Mock::given(path("/test_framework/v2/results/"))
                    .respond_with(answer.clone())
                    .with_priority(1)
                    .expect(1)
                    .mount(&world.server)
                    .await;
                world.engine.results_refresh().unwrap();
                world.pause().await;
                world.server.verify().await;
            } else {
                world.says(answer.clone()).await;
                world.pass().await;
            }
            let view = world.engine.connection_read().unwrap();
            assert_eq!((view.state, view.code), (state, Some(code)), "{answer:?}, {listed}");
            assert_eq!(view.next_try_at.is_some(), state == ConnectionState::Trouble);
            assert_eq!(view.live, 1, "it is followed on");

            world.heals(true).await;
            world.pass().await;
            assert_eq!(world.engine.connection_read().unwrap().state, ConnectionState::Online);
        }
    }
    assert!(world.engine.result_read(RESULT).is_ok());
    assert_eq!(world.engine.key_read().await.unwrap().state, KeyStateView::Practice);
    world.engine.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_refuses_the_end_of_calls_keeps_nothing_else_from_being_read() {
    let mut world = World::open(true).await;
    for end in [format!("results/{RESULT}/end_calls/"), format!("runs/{CALL}/end_call/")] {
        Mock::given(path(format!("/test_framework/v2/{end}")))
            .respond_with(page(403))
            .with_priority(1)
            .mount(&world.server)
            .await;
    }
    assert_eq!(world.engine.call_stop(RESULT, CALL).await.unwrap_err().code, Code::WebPage);
    world.pause().await;
    assert_eq!(world.engine.result_stop(RESULT).await.unwrap_err().code, Code::WebPage);
    world.pause().await;
    world.asked().await;
    for _ in 0..3 {
        world.ahead(11);
        assert_eq!(world.pass().await, Duration::from_secs(5), "as when all is well");
        assert_eq!(world.engine.connection_read().unwrap().state, ConnectionState::Online);
        assert_eq!(world.asked().await, 3, "the result, and both ends again");
        world.pass().await;
        assert_eq!(world.asked().await, 1, "not at once");
    }
    assert!(world.engine.result_read(RESULT).unwrap().stopping, "the wish is kept");
    world.engine.close().await.unwrap();
}
