//! Recordings: fetched without the key, from wherever they are.

use bytes::Bytes;
use http::Method;
use http::header::{CONTENT_TYPE, LOCATION};
use reqwest::{Request, Response};
use tokio::time::Instant;
use url::Url;

use crate::address::check_recording;
use crate::body;
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::transport::classify;

/// How many redirects are followed; storage services need one or two.
const MOST_REDIRECTS: u32 = 3;

/// A recording.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recording {
    /// The file.
    pub bytes: Bytes,
    /// Its type, without parameters: `audio/…` or `application/octet-stream`.
    pub content_type: String,
}

impl Client {
    /// Fetches a recording. The key is never part of it.
    ///
    /// https only, or http on loopback when the API itself is there; each redirect is checked the
    /// same way; nothing but sound, and no more of it than [`crate::Limits::recording_body`]. Not
    /// repeated by itself: it is large, and a person is there to press again.
    pub async fn recording(&self, url: &Url) -> Result<Recording, Error> {
        let started = Instant::now();
        let mut tries = 0;
        self.fetch_recording(url.clone(), &mut tries).await.map_err(|kind| Error {
            kind,
            tries,
            took: started.elapsed(),
        })
    }

    async fn fetch_recording(&self, mut url: Url, tries: &mut u32) -> Result<Recording, ErrorKind> {
        for _ in 0..=MOST_REDIRECTS {
            check_recording(&url, self.shared.on_loopback)?;
            *tries = 1;
            let request = Request::new(Method::GET, url.clone());
            let response = self
                .shared
                .bare()?
                .execute(request)
                .await
                .map_err(|error| classify(&error).kind)?;
            if !response.status().is_redirection() {
                return self.read_recording(response).await;
            }
            url = response
                .headers()
                .get(LOCATION)
                .and_then(|to| to.to_str().ok())
                .and_then(|to| url.join(to).ok())
                .ok_or(ErrorKind::Redirected { status: response.status().as_u16(), to: None })?;
        }
        Err(ErrorKind::unreadable(".", "redirected too often"))
    }

    async fn read_recording(&self, response: Response) -> Result<Recording, ErrorKind> {
        if !response.status().is_success() {
            return Err(self.refusal(response).await.0);
        }
        let content_type = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .and_then(|kind| kind.split(';').next())
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        // `binary/octet-stream` is what S3 says when nobody told it the type.
        let is_sound =
            content_type.starts_with("audio/") || content_type.ends_with("/octet-stream");
        if !is_sound {
            return Err(ErrorKind::unreadable(".", format!("no sound but {content_type:?}")));
        }
        let bytes = body::whole(response, self.shared.limits.recording_body).await?;
        Ok(Recording { bytes: bytes.into(), content_type })
    }
}
