//! Connecting: what is kept, what is refused, and in which words.

use engine::Code;
use engine::view::{ConnectRequest, ConnectionState, KeyStateView};
use serde_json::{Value, json};
use wiremock::matchers::{any, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{KEY, PATIENCE, Server, World, WorldOptions, folder_holds, mock_vault};

fn to(server: &str) -> ConnectRequest {
    ConnectRequest { server: server.to_owned(), session_only: false }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_checked_kept_and_found_again() {
    let server = Server::start().await;
    let vault = mock_vault();
    let dir = tempfile::TempDir::new().unwrap();
    let options = || WorldOptions {
        folder: Some(dir.path().to_owned()),
        vault: vault.clone(),
        ..WorldOptions::default()
    };
    let world = World::connected_with(&server, options()).await;
    let key = world.engine.key_read().await.unwrap();
    assert_eq!(key.state, KeyStateView::Saved);
    assert_eq!(key.last4.as_deref(), Some("cdef"));
    assert_eq!(key.origin, server.base_url);
    world.engine.close().await.unwrap();
    drop(world);

    assert_eq!(folder_holds(dir.path(), KEY.as_bytes()), None, "the key is in a file");
    let world = World::new(options());
    world.engine.resume().await.unwrap();
    world
        .until("the connection", || {
            world
                .engine
                .connection_read()
                .ok()
                .filter(|connection| connection.state == ConnectionState::Online)
        })
        .await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_results_of_the_server_are_listed() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let rows = world
        .until("the server's own results", || Some(world.results()).filter(|rows| !rows.is_empty()))
        .await;
    assert!(rows.iter().all(|row| !row.mine));
    // Their calls are read in the background, so that counts are more than a promise.
    world.until("counts", || world.results().iter().all(|row| row.counted).then_some(())).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_has_a_code_and_nothing_is_kept() {
    let server = Server::start().await;
    let world = World::new(WorldOptions::default());
    let try_it = async |key: &str, address: &str| {
        world.engine.workspace_connect(key, &to(address)).await.unwrap_err().code
    };
    assert_eq!(try_it("", &server.base_url).await, Code::KeyEmpty);
    assert_eq!(try_it("with a blank", &server.base_url).await, Code::KeyBadCharacters);
    assert_eq!(try_it(&"k".repeat(600), &server.base_url).await, Code::KeyTooLong);
    assert_eq!(try_it("another-key", &server.base_url).await, Code::BadKey);
    assert_eq!(try_it(KEY, "http://example.com").await, Code::BadAddress);
    assert_eq!(try_it(KEY, "not an address").await, Code::BadAddress);
    // Bound, so that nobody else can be there meanwhile; and nobody listens.
    let held = tokio::net::TcpSocket::new_v4().unwrap();
    held.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let closed = format!("http://{}", held.local_addr().unwrap());
    assert_eq!(try_it(KEY, &closed).await, Code::Unreachable);

    let page = MockServer::start().await;
    Mock::given(any())
        .respond_with(
            ResponseTemplate::new(200).set_body_raw("<html><p>Welcome</p></html>", "text/html"),
        )
        .mount(&page)
        .await;
    assert_eq!(try_it(KEY, &page.uri()).await, Code::NotCekura);
    let away = MockServer::start().await;
    Mock::given(any())
        .respond_with(
            ResponseTemplate::new(302).insert_header("Location", format!("{}/x", server.base_url)),
        )
        .mount(&away)
        .await;
    assert_eq!(try_it(KEY, &away.uri()).await, Code::Redirected);

    assert!(world.engine.app_state().unwrap().workspaces.is_empty());
    assert_eq!(folder_holds(&world.folder, KEY.as_bytes()), None);
    server.stop().await;
}

/// A server that gives the same answer to whatever it is asked.
async fn saying(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_refuses_is_not_the_word_of_cekura() {
    let page = |status: u16| {
        let text = "\n<!doctype html><title>Access denied</title><p>Sign in to the network.";
        ResponseTemplate::new(status).set_body_raw(text, "text/html")
    };
    let json = |status: u16| {
        ResponseTemplate::new(status).set_body_json(json!({ "detail": "No, thank you." }))
    };
    let world = World::new(WorldOptions::default());
    for (answer, code) in [
        (page(400), Code::NotCekura),
        (page(401), Code::NotCekura),
        (page(403), Code::NotCekura),
        (page(404), Code::NotCekura),
        // Trouble is trouble, whoever has it.
        (page(503), Code::ServerTrouble),
        (json(401), Code::BadKey),
        (json(403), Code::Forbidden),
        // The form of these two is not documented: Cekura itself may say no more.
        (ResponseTemplate::new(401), Code::BadKey),
        (ResponseTemplate::new(403).set_body_string("Forbidden"), Code::Forbidden),
    ] {
        let what = format!("{answer:?}");
        let server = saying(answer).await;
        let refused = world.engine.workspace_connect(KEY, &to(&server.uri())).await.unwrap_err();
        assert_eq!(refused.code, code, "{what}");
    }
    assert!(world.engine.app_state().unwrap().workspaces.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_refuses_another_key_says_nothing_of_that_key() {
    let server = MockServer::start().await;
    let projects = json!([{ "id": 4, "name": "Desk", "organization": { "id": 2 } }]);
    Mock::given(path("/user/v1/projects/"))
        .and(wiremock::matchers::header("X-CEKURA-API-KEY", KEY))
        .respond_with(ResponseTemplate::new(200).set_body_json(projects))
        .mount(&server)
        .await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(403).set_body_raw("<html>No</html>", "text/html"))
        .with_priority(9)
        .mount(&server)
        .await;
    let world = World::new(WorldOptions::default());
    world.engine.workspace_connect(KEY, &to(&server.uri())).await.unwrap();
    let refused = world.engine.key_replace("lc-new-key-0123456789", false).await.unwrap_err();
    assert_eq!(refused.code, Code::WebPage);
    assert_eq!(world.engine.key_read().await.unwrap().last4.as_deref(), Some("cdef"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_has_nothing_for_anybody_gets_no_key() {
    let world = World::new(WorldOptions::default());
    let api_404 = ResponseTemplate::new(404).set_body_json(json!({ "detail": "Not found." }));
    let page = ResponseTemplate::new(401).set_body_raw("<html>Sign in</html>", "text/html");
    for (projects, rest) in [
        (json!([]), ResponseTemplate::new(200).set_body_json(json!([]))),
        (json!([]), ResponseTemplate::new(200).set_body_json(json!({}))),
        (json!([]), api_404),
        (json!([]), page),
        (
            json!({ "results": [] }),
            ResponseTemplate::new(200).set_body_json(json!({ "results": [] })),
        ),
        (json!([1, 2]), ResponseTemplate::new(200).set_body_json(json!([]))),
    ] {
        let what = format!("{projects} and {rest:?}");
        let server = account_without_projects(&projects, rest).await;
        let refused = world.engine.workspace_connect(KEY, &to(&server.uri())).await.unwrap_err();
        assert_eq!(refused.code, Code::NotCekura, "{what}");
    }
    // One that gives no answer has not said that it is another.
    let server = account_without_projects(&json!([]), ResponseTemplate::new(503)).await;
    let refused = world.engine.workspace_connect(KEY, &to(&server.uri())).await.unwrap_err();
    assert_eq!(refused.code, Code::ServerTrouble);
    assert!(world.engine.app_state().unwrap().workspaces.is_empty());
    assert_eq!(folder_holds(&world.folder, KEY.as_bytes()), None);
}

/// A server with this list of projects, and one answer to every other question.
async fn account_without_projects(projects: &Value, rest: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(path("/user/v1/projects/"))
        .respond_with(ResponseTemplate::new(200).set_body_json(projects))
        .mount(&server)
        .await;
    Mock::given(any()).respond_with(rest).with_priority(9).mount(&server).await;
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_account_without_a_project_is_let_in() {
    let page = json!({ "count": 0, "next": null, "previous": null, "results": [] });
    let name_one = json!(["Name a project."]);
    let not_yours = json!({ "detail": "Not with the key of a project." });
    let balance = json!({ "organization": 3, "credits_remaining": "0.00", "balance_expiry": null });
    for (status, rest) in [(200, page), (400, name_one), (403, not_yours), (200, balance)] {
        let answer = ResponseTemplate::new(status).set_body_json(&rest);
        let server = account_without_projects(&json!([]), answer).await;
        let world = World::new(WorldOptions::default());
        let connected = world.engine.workspace_connect(KEY, &to(&server.uri())).await;
        connected.unwrap_or_else(|error| panic!("{rest}: {error}"));
        assert_eq!(world.engine.key_read().await.unwrap().state, KeyStateView::Saved);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_key_store_offers_this_session_only() {
    let server = Server::start().await;
    let vault = vault::Vault::with_store("linecheck-test", PATIENCE, || {
        Err(keyring_core::Error::NoDefaultStore)
    });
    let world = World::new(WorldOptions { vault, ..WorldOptions::default() });
    let request = to(&server.base_url);
    let refused = world.engine.workspace_connect(KEY, &request).await.unwrap_err();
    assert_eq!(refused.code, Code::KeychainMissing);
    let request = ConnectRequest { session_only: true, ..request };
    world.engine.workspace_connect(KEY, &request).await.unwrap();
    assert_eq!(world.engine.key_read().await.unwrap().state, KeyStateView::SessionOnly);
    world.catalogue().await;
    assert_eq!(folder_holds(&world.folder, KEY.as_bytes()), None);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_stops_working_is_asked_for_and_the_rest_goes_on() {
    let server = Server::with(|config| config.speed = 30.0).await;
    let world = World::connected(&server).await;
    let body = world.plan_of(2).await;
    let launch = world.place(&body).await;
    let result = launch.result_id.unwrap();
    server.set("key", serde_json::json!({ "key": "lc-new-key-0123456789" })).await;
    world.engine.connection_retry().unwrap();
    world
        .until("the refusal of the key", || {
            world
                .engine
                .connection_read()
                .ok()
                .filter(|connection| connection.state == ConnectionState::KeyRejected)
        })
        .await;
    assert_eq!(world.engine.key_read().await.unwrap().state, KeyStateView::Rejected);
    assert!(world.engine.result_read(result).is_ok(), "what is kept stays readable");
    world.engine.key_replace("lc-new-key-0123456789", false).await.unwrap();
    world.ahead.forward(0);
    let done = world.finished(result).await;
    assert_eq!(done.row.calls, 2);
    server.stop().await;
}
