//! Which addresses are spoken to, and where the key is seen.

use cekura::{Client, ClientConfig, RetryPolicy};
use secrecy::SecretString;
use serde_json::json;
use url::Url;
use wiremock::ResponseTemplate;

use crate::fixtures;
use crate::support::{
    KEY, KEY_HEADER, answering, answering_json, client, config, only, query, requests,
};

#[test]
fn only_https_or_loopback_and_only_an_origin_is_taken() {
    let code =
        |address: &str| Client::new(config(address)).map_or_else(|error| error.code(), |_| "");
    for good in [
        "https://api.cekura.ai",
        "https://api.cekura.ai:8443/",
        "http://127.0.0.1:8000",
        "http://127.9.9.9",
        "http://[::1]:8000/",
        "http://localhost:8000",
        "https://10.0.0.7",
    ] {
        assert_eq!(code(good), "", "{good}");
    }
    for bad in [
        "http://api.cekura.ai",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://0.0.0.0:8000",
        "http://192.168.1.9",
        "ftp://api.cekura.ai",
        "ws://127.0.0.1",
        "file:///etc/passwd",
        "data:text/plain,hello",
        "https://user@api.cekura.ai",
        "https://user:secret@api.cekura.ai",
        "https://api.cekura.ai/v1/",
        "https://api.cekura.ai/?debug=1",
        "https://api.cekura.ai/#top",
    ] {
        assert_eq!(code(bad), "bad_address", "{bad}");
    }
}

#[test]
fn a_key_that_no_header_can_carry_is_refused_before_anything_is_sent() {
    for bad in ["", "two words", "line\nbreak", "schlüssel", "\u{0}"] {
        let config =
            ClientConfig { key: SecretString::from(bad), ..config("https://api.cekura.ai") };
        assert_eq!(Client::new(config).unwrap_err().code(), "key_bad_characters", "{bad:?}");
    }
}

#[test]
fn the_origin_is_what_the_key_is_filed_under() {
    assert_eq!(client("https://api.cekura.ai:443/").origin(), "https://api.cekura.ai");
    assert_eq!(client("https://API.cekura.ai:8443").origin(), "https://api.cekura.ai:8443");
    assert_eq!(client("http://127.0.0.1:8000").origin(), "http://127.0.0.1:8000");
}

#[test]
fn nothing_that_can_be_printed_holds_the_key() {
    let config = config("https://api.cekura.ai");
    assert!(!format!("{config:?}").contains(KEY));
    let client = Client::new(config).unwrap();
    assert!(!format!("{client:?} {:?}", client.with_retry(RetryPolicy::never())).contains(KEY));
}

#[tokio::test]
async fn every_request_carries_the_key_once_and_ends_in_a_slash() {
    let server = answering_json(json!([])).await;
    client(&server.uri()).projects().await.unwrap();
    let request = only(requests(&server).await);
    assert_eq!(request.headers.get_all(KEY_HEADER).iter().count(), 1);
    assert_eq!(request.headers[KEY_HEADER], KEY);
    assert_eq!(request.headers["user-agent"], "cekura-tests/1");
    assert!(!request.headers.contains_key("referer"));
    assert!(!request.headers.contains_key("authorization"));
    assert!(request.url.path().ends_with('/'), "{}", request.url);
}

#[tokio::test]
async fn a_key_that_the_server_echoes_is_not_passed_on() {
    let echo = json!({ "detail": format!("the key {KEY} is not known") });
    let server = answering(ResponseTemplate::new(401).set_body_json(echo)).await;
    let error = client(&server.uri()).projects().await.unwrap_err();
    assert_eq!(error.code(), "bad_key");
    assert!(!format!("{error:?} {error}").contains(KEY), "{error}");
    assert!(error.to_string().contains("[key]"), "{error}");
}

#[tokio::test]
async fn a_next_link_is_never_followed() {
    let stranger = answering_json(fixtures::page(vec![], 0)).await;
    let next = format!("{}/test_framework/v1/scenarios/?page=2", stranger.uri());
    let mut first = fixtures::page(vec![fixtures::scenario(1)], 2);
    first["next"] = json!(next);
    let second = fixtures::page(vec![fixtures::scenario(2)], 2);
    let server = crate::support::answering_in_turn(
        [first, second].map(|page| ResponseTemplate::new(200).set_body_json(page)).to_vec(),
    )
    .await;
    let listing =
        client(&server.uri()).scenarios(&cekura::ScenarioFilter::default()).await.unwrap();
    assert_eq!(listing.items.len(), 2);
    let pages: Vec<_> = requests(&server).await.iter().map(|it| query(it, "page")).collect();
    assert_eq!(pages, [Some("1".to_owned()), Some("2".to_owned())]);
    assert!(requests(&stranger).await.is_empty());
}

#[tokio::test]
async fn another_address_needs_another_client_with_its_own_key() {
    let (one, other) = (answering_json(json!([])).await, answering_json(json!([])).await);
    let first = client(&one.uri());
    let second = Client::new(ClientConfig {
        key: SecretString::from("another-key"),
        base_url: Url::parse(&other.uri()).unwrap(),
        ..config(&one.uri())
    })
    .unwrap();
    first.projects().await.unwrap();
    second.projects().await.unwrap();
    assert_eq!(only(requests(&one).await).headers[KEY_HEADER], KEY);
    assert_eq!(only(requests(&other).await).headers[KEY_HEADER], "another-key");
}
