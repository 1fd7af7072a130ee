//! What is told of the key when something refuses while calls are followed.

use engine::Code;
use engine::view::{ConnectionState, KeyStateView};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::support::{RESULT, World};

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
        (page(403), ConnectionState::Trouble, Code::Unreadable),
        (json, ConnectionState::KeyRejected, Code::BadKey),
        // The form of Cekura's own is not documented: it may say no more.
        (ResponseTemplate::new(401), ConnectionState::KeyRejected, Code::BadKey),
    ] {
        // By the followed result, and by the list that a person asks for.
        for listed in [false, true] {
            world.says(answer.clone()).await;
            if listed {
                world.engine.results_refresh().unwrap();
                world.pause().await;
            } else {
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
    world.engine.shut_down().await;
}
