//! Asking the API about the failures of a result.

use futures_util::{Stream, StreamExt, stream};
use http::Method;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::body;
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::ids::ResultId;
use crate::transport::{Call, Failed, classify, path};

/// The longest question the API takes, in characters.
const LONGEST_QUESTION: usize = 2000;

impl Client {
    /// Asks about the failures of a result; the answer comes piece by piece, as text.
    ///
    /// Costs credits, so it is sent again only if it provably never left. The document types the
    /// answer as a JSON string and calls it a stream: text is passed on as it comes, a JSON answer
    /// is read whole.
    pub async fn ask_about_failures(
        &self,
        result: ResultId,
        question: &str,
    ) -> Result<impl Stream<Item = Result<String, Error>> + Send + use<>, Error> {
        let length = question.chars().count();
        if question.trim().is_empty() || length > LONGEST_QUESTION {
            return Err(Error::untried(ErrorKind::BadInput(format!(
                "a question has 1 to {LONGEST_QUESTION} characters, not {length}"
            ))));
        }
        let call = Call::edit(
            Method::POST,
            path("/test_framework/v2/results/", result, "ask_about_failures/"),
            json!({ "question": question }),
        );
        let response = self.repeat(&call, async |client, call| client.attempt(call).await).await?;
        let is_json = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/json"));
        let limit = self.shared.limits.body;
        if is_json {
            let bytes = body::whole(response, limit).await.map_err(failed)?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let text = match serde_json::from_str(&text) {
                Ok(Value::String(inner)) => inner,
                _ => text,
            };
            return Ok(stream::iter([Ok(text)]).left_stream());
        }
        let state = Some((response, Pieces { pending: Vec::new(), left: limit }));
        Ok(stream::unfold(state, next_piece).right_stream())
    }
}

/// Text out of bytes that may be cut in the middle of a character.
struct Pieces {
    pending: Vec<u8>,
    left: u64,
}

impl Pieces {
    fn take(&mut self, bytes: &[u8]) -> String {
        self.pending.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.pending) {
            // Cut in the middle of a character; a fault anywhere else is not waited for.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => self.pending.len(),
        };
        let rest = self.pending.split_off(whole);
        let piece = String::from_utf8_lossy(&self.pending).into_owned();
        self.pending = rest;
        piece
    }
}

type Piece = (Result<String, Error>, Option<(reqwest::Response, Pieces)>);

async fn next_piece(state: Option<(reqwest::Response, Pieces)>) -> Option<Piece> {
    let (mut response, mut pieces) = state?;
    loop {
        match response.chunk().await {
            Ok(Some(bytes)) => {
                let Some(left) = pieces.left.checked_sub(bytes.len() as u64) else {
                    return Some((Err(failed(ErrorKind::TooBig { limit: 0 })), None));
                };
                pieces.left = left;
                let piece = pieces.take(&bytes);
                if !piece.is_empty() {
                    return Some((Ok(piece), Some((response, pieces))));
                }
            }
            Ok(None) if pieces.pending.is_empty() => return None,
            Ok(None) => {
                return Some((Ok(String::from_utf8_lossy(&pieces.pending).into_owned()), None));
            }
            Err(error) => {
                let Failed { kind, .. } = classify(&error);
                return Some((Err(failed(kind)), None));
            }
        }
    }
}

fn failed(kind: ErrorKind) -> Error {
    Error { kind, tries: 1, took: std::time::Duration::ZERO }
}
