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
