//! No redirect is followed: 5 statuses × 2 methods × 7 places to be sent to.

use cekura::ErrorKind;
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::launch::request;
use crate::support::{answering, answering_json, client, requests};

#[tokio::test]
async fn of_seventy_redirects_none_is_followed() {
    let stranger = answering_json(json!([])).await;
    let port = stranger.address().port();
    let server = answering_json(json!([])).await;
    let client = client(&server.uri());
    let own = server.address();
    let mut cases = 0;
    for status in [301_u16, 302, 303, 307, 308] {
        for place in 0..7 {
            for post in [false, true] {
                let (location, origin) = match place {
                    0 => {
                        (format!("http://localhost:{port}/x/"), format!("http://localhost:{port}"))
                    }
                    1 => {
                        (format!("http://127.0.0.1:{port}/x/"), format!("http://127.0.0.1:{port}"))
                    }
                    2 => (
                        format!("http://api.localhost:{port}/x/"),
                        format!("http://api.localhost:{port}"),
                    ),
                    // Down from whatever the server speaks to plain http at the default port.
                    3 => ("http://127.0.0.1/x/".to_owned(), "http://127.0.0.1".to_owned()),
                    4 => (
                        format!("http://{own}@127.0.0.1:{port}/"),
                        format!("http://127.0.0.1:{port}"),
                    ),
                    5 => (format!("//127.0.0.1:{port}/x/"), format!("http://127.0.0.1:{port}")),
                    _ => ("/elsewhere/".to_owned(), format!("http://{own}")),
                };
                server.reset().await;
                let answer =
                    ResponseTemplate::new(status).insert_header("location", location.as_str());
                wiremock::Mock::given(wiremock::matchers::any())
                    .respond_with(answer)
                    .mount(&server)
                    .await;
                let error = if post {
                    let failure = client.launch(&request()).await.unwrap_err();
                    assert_eq!(failure.fate, cekura::Fate::Unknown, "{status} {location}");
                    failure.error
                } else {
                    client.projects().await.unwrap_err()
                };
                assert_eq!(
                    error.kind,
                    ErrorKind::Redirected { status, to: Some(origin) },
                    "{status} {location}"
                );
                assert_eq!(error.tries, 1);
                assert_eq!(requests(&server).await.len(), 1, "{status} {location}");
                cases += 1;
            }
        }
    }
    assert_eq!(cases, 70);
    assert!(requests(&stranger).await.is_empty(), "nothing reached another place");
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_told_as_one() {
    for answer in [
        ResponseTemplate::new(302),
        ResponseTemplate::new(302).insert_header("location", "http://["),
        ResponseTemplate::new(304),
        ResponseTemplate::new(300),
    ] {
        let server = answering(answer).await;
        let error = client(&server.uri()).billing_info().await.unwrap_err();
        assert_eq!(error.code(), "redirected");
        assert!(matches!(error.kind, ErrorKind::Redirected { to: None, .. }), "{error:?}");
    }
}
