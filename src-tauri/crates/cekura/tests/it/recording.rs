//! Recordings: without the key, and nothing but sound.

use cekura::{Client, ClientConfig, ErrorKind, Limits};
use url::Url;
use wiremock::ResponseTemplate;

use crate::support::{
    KEY, KEY_HEADER, answering, answering_in_turn, client, config, only, requests,
};

fn sound(bytes: &[u8]) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(bytes, "audio/wav; codecs=1")
}

fn address(server: &wiremock::MockServer) -> Url {
    Url::parse(&format!("{}/rec/9.wav?sig=abc", server.uri())).unwrap()
}

fn to(location: &str) -> ResponseTemplate {
    ResponseTemplate::new(302).insert_header("location", location)
}

#[tokio::test]
async fn a_recording_is_fetched_without_the_key_even_from_the_api_itself() {
    for kind in ["audio/wav", "audio/mpeg", "application/octet-stream", "binary/octet-stream"] {
        let server = answering(ResponseTemplate::new(200).set_body_raw(&b"RIFF"[..], kind)).await;
        let recording = client(&server.uri()).recording(&address(&server)).await.unwrap();
        assert_eq!((&recording.bytes[..], recording.content_type.as_str()), (&b"RIFF"[..], kind));
        let request = only(requests(&server).await);
        assert!(!request.headers.contains_key(KEY_HEADER));
        assert!(!format!("{:?}{}", request.headers, request.url).contains(KEY));
        assert_eq!(request.url.query(), Some("sig=abc"));
    }
}

#[tokio::test]
async fn three_redirects_are_followed_each_without_the_key() {
    let end = answering(sound(b"RIFF")).await;
    let there = address(&end);
    let server = answering_in_turn(vec![to("/two/"), to("../three/"), to(there.as_str())]).await;
    let recording = client(&server.uri()).recording(&address(&server)).await.unwrap();
    assert_eq!(recording.content_type, "audio/wav");
    assert_eq!(requests(&server).await.len(), 3);
    for request in requests(&server).await.iter().chain(&requests(&end).await) {
        assert!(!request.headers.contains_key(KEY_HEADER));
        assert!(!request.headers.contains_key("referer"));
    }

    let server = answering(to("/again/")).await;
    let error = client(&server.uri()).recording(&address(&server)).await.unwrap_err();
    assert_eq!(error.code(), "unreadable");
    assert_eq!(requests(&server).await.len(), 4);
}

#[tokio::test]
async fn a_redirect_is_checked_like_the_address() {
    for place in [
        "http://recordings.example/9.wav",
        "file:///etc/passwd",
        "ftp://127.0.0.1/9.wav",
        "//user:pw@127.0.0.1/9.wav",
    ] {
        let server = answering(to(place)).await;
        let error = client(&server.uri()).recording(&address(&server)).await.unwrap_err();
        assert_eq!(error.code(), "bad_address", "{place}");
        assert_eq!(requests(&server).await.len(), 1, "{place}");
    }
    let server = answering(ResponseTemplate::new(302)).await;
    let error = client(&server.uri()).recording(&address(&server)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Redirected { status: 302, to: None });
}

#[tokio::test]
async fn loopback_is_for_an_api_on_loopback_only() {
    let server = answering(sound(b"RIFF")).await;
    let error = client("https://api.cekura.ai").recording(&address(&server)).await.unwrap_err();
    assert_eq!((error.code(), error.tries), ("bad_address", 0));
    assert!(requests(&server).await.is_empty());
}

#[tokio::test]
async fn what_is_no_sound_is_not_taken_for_one() {
    for kind in ["text/html", "application/json", "video/mp4", "image/svg+xml", ""] {
        let server = answering(ResponseTemplate::new(200).set_body_raw(&b"<p>"[..], kind)).await;
        let error = client(&server.uri()).recording(&address(&server)).await.unwrap_err();
        assert_eq!(error.code(), "unreadable", "{kind}");
    }
    for (status, code) in
        [(403, "forbidden"), (404, "not_found"), (410, "not_found"), (500, "server_trouble")]
    {
        let server = answering(ResponseTemplate::new(status)).await;
        let error = client(&server.uri()).recording(&address(&server)).await.unwrap_err();
        assert_eq!((error.code(), requests(&server).await.len()), (code, 1));
    }
}

#[tokio::test]
async fn a_recording_has_a_largest_size() {
    let server = answering(sound(&[0; 4097])).await;
    let limits = Limits { recording_body: 4096, ..Limits::default() };
    let client = Client::new(ClientConfig { limits, ..config(&server.uri()) }).unwrap();
    let error = client.recording(&address(&server)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooBig { limit: 4096 });
}
