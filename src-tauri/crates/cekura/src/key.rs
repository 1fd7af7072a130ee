//! The key, and the one function that puts it into a request.

use http::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use url::{Origin, Url};

use crate::error::ErrorKind;

/// The header of the API's `api_key` scheme.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-cekura-api-key");

/// The key with the origin it was given for.
pub(crate) struct Key {
    secret: SecretString,
    value: HeaderValue,
    origin: Origin,
}

impl Key {
    pub(crate) fn new(secret: SecretString, base_url: &Url) -> Result<Self, ErrorKind> {
        let text = secret.expose_secret();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ErrorKind::KeyBadCharacters);
        }
        let mut value =
            HeaderValue::from_str(text).map_err(|_unsent| ErrorKind::KeyBadCharacters)?;
        value.set_sensitive(true);
        Ok(Self { secret, value, origin: base_url.origin() })
    }

    /// Puts the key into the request if, and only if, it goes to the key's own origin.
    ///
    /// The only place in this crate that writes the header. Default headers of the HTTP client are
    /// not used for it, because those travel wherever a request does.
    pub(crate) fn put_into(&self, request: &mut reqwest::Request) {
        if request.url().origin() == self.origin {
            request.headers_mut().insert(HEADER, self.value.clone());
        }
    }

    /// The text without the key, should a server echo it.
    pub(crate) fn hide_in(&self, text: &str) -> String {
        text.replace(self.secret.expose_secret(), "[key]")
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[key]")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on should say so")]
mod tests {
    use http::Method;
    use proptest::prelude::*;
    use secrecy::SecretString;
    use url::Url;

    use super::{HEADER, Key};

    /// Addresses that look alike: the same few parts, put together in every way.
    fn addresses() -> impl Strategy<Value = String> {
        let scheme = prop::sample::select(vec!["https", "http", "HTTPS", "wss", "ftp"]);
        let user = prop::sample::select(vec![
            "",
            "user@",
            "user:pw@",
            "api.cekura.ai@",
            "api.cekura.ai:443@",
        ]);
        let host = prop::sample::select(vec![
            "api.cekura.ai",
            "API.Cekura.AI",
            "api.cekura.ai.",
            "cekura.ai",
            "eu.api.cekura.ai",
            "api.cekura.ai.evil.example",
            "evil.example",
            "api-cekura.ai",
            "127.0.0.1",
            "localhost",
            "[::1]",
        ]);
        let port = prop::sample::select(vec!["", ":443", ":80", ":8443", ":8000"]);
        let rest = "(/[a-z0-9@:.%]{0,8}){0,3}(\\?[a-z=&/:]{0,8})?(#[a-z]{0,4})?";
        (scheme, user, host, port, rest).prop_map(|(scheme, user, host, port, rest)| {
            format!("{scheme}://{user}{host}{port}{rest}")
        })
    }

    /// Origins compared by hand: scheme, host and port, the default port filled in.
    fn parts(url: &Url) -> (String, String, Option<u16>) {
        (
            url.scheme().to_owned(),
            url.host_str().unwrap_or_default().to_owned(),
            url.port_or_known_default(),
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn the_header_is_there_if_and_only_if_the_origin_is_the_keys(
            base in prop::sample::select(vec![
                "https://api.cekura.ai",
                "https://api.cekura.ai:8443",
                "http://127.0.0.1:8000",
                "http://[::1]:8000",
                "http://localhost:8000",
            ]),
            address in addresses(),
        ) {
            let base = Url::parse(base).unwrap();
            let key = Key::new(SecretString::from("a-key"), &base).unwrap();
            let Ok(url) = Url::parse(&address) else { return Ok(()) };
            let same = parts(&base) == parts(&url);
            let mut request = reqwest::Request::new(Method::GET, url);
            key.put_into(&mut request);
            prop_assert_eq!(request.headers().contains_key(HEADER), same, "{}", address);
            let shown = format!("{request:?}");
            prop_assert!(!shown.contains("a-key"));
        }
    }
}
