//! Answers and refusals.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::faults::Token;
use crate::line::Scissors;

/// Pause between the pieces of a streamed answer.
const BETWEEN_PIECES: Duration = Duration::from_millis(40);
/// Time for the first half of an answer to leave before the connection ends.
const FIRST_HALF: Duration = Duration::from_millis(50);

/// What is sent back.
pub(crate) enum Content {
    Json(Value),
    Bytes(&'static str, Vec<u8>),
    /// Sent one after the other, with pauses.
    Pieces(Vec<String>),
    Nothing,
}

/// Counts an answer in pieces that is dropped before its end: whoever asked has left.
struct Heard {
    desk: Arc<Desk>,
    whole: bool,
}

impl Heard {
    fn end(mut self) {
        self.whole = true;
    }
}

impl Drop for Heard {
    fn drop(&mut self) {
        if !self.whole {
            self.desk.seen().left += 1;
        }
    }
}

/// Stands where a token will be spoilt.
const SPOILT: &str = "a token to be spoilt";

/// A thing of an answer: of its lists the first, or the one with this id.
fn thing(body: &mut Value, id: Option<i64>) -> Option<&mut Value> {
    let is_it = |thing: &Value| id.is_none_or(|id| thing["id"] == id);
    let holds_list = |body: &Value, name: &str| {
        body.get(name).is_some_and(|list| list.is_array() || list.is_object())
    };
    let name = ["results", "runs"].into_iter().find(|name| holds_list(body, name));
    if body.is_object() && id.is_some() && is_it(body) {
        return Some(body);
    }
    match name {
        Some(name) => thing(&mut body[name], id),
        None if body.is_array() => body.as_array_mut()?.iter_mut().find(|one| is_it(one)),
        None if body.get("id").is_none() => {
            body.as_object_mut()?.values_mut().find(|one| one.is_object() && is_it(one))
        }
        None => Some(body).filter(|body| is_it(body)),
    }
}

/// Makes calls say nothing, wherever they stand.
fn silence(body: &mut Value, id: Option<i64>) {
    if let Value::Object(fields) = body {
        let is_call = fields.contains_key("scenario") && fields.contains_key("duration");
        if is_call && id.is_none_or(|id| fields["id"] == id) {
            for (name, value) in [
                ("status", json!("timeout")),
                ("success", json!(false)),
                ("duration", json!("00:00")),
                ("error_message", json!("Main agent did not answer")),
                ("metadata", json!({ "ended_reason": "Main agent-did-not-answer" })),
                ("expected_outcome", Value::Null),
                ("voice_recording_url", Value::Null),
                ("waveform", Value::Null),
                ("transcript", Value::Null),
                ("transcript_object", Value::Null),
            ] {
                if let Some(field) = fields.get_mut(name) {
                    *field = value;
                }
            }
        }
    }
    match body {
        Value::Array(items) => items.iter_mut().for_each(|item| silence(item, id)),
        Value::Object(fields) => fields.values_mut().for_each(|field| silence(field, id)),
        _ => {}
    }
}

/// An answer that is not on the wire yet.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) content: Content,
    retry_after: Option<u64>,
    /// The result a launch made.
    pub(crate) result: Option<i64>,
}

impl Reply {
    fn new(status: u16, content: Content) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, content, retry_after: None, result: None }
    }

    pub(crate) fn json(body: impl Into<Value>) -> Self {
        Self::new(200, Content::Json(body.into()))
    }

    pub(crate) fn with_status(status: u16, body: impl Into<Value>) -> Self {
        Self::new(status, Content::Json(body.into()))
    }

    pub(crate) fn nothing(status: u16) -> Self {
        Self::new(status, Content::Nothing)
    }

    pub(crate) fn bytes(kind: &'static str, bytes: Vec<u8>) -> Self {
        Self::new(200, Content::Bytes(kind, bytes))
    }

    pub(crate) fn pieces(pieces: Vec<String>) -> Self {
        Self::new(200, Content::Pieces(pieces))
    }

    pub(crate) fn detail(status: u16, text: &str) -> Self {
        Self::with_status(status, json!({ "detail": text }))
    }

    pub(crate) fn field(name: &str, message: &str) -> Self {
        Self::with_status(400, json!({ name: [message] }))
    }

    pub(crate) fn not_found() -> Self {
        Self::detail(404, "Not found.")
    }

    pub(crate) fn not_allowed(method: &str) -> Self {
        Self::detail(405, &format!("Method \"{method}\" not allowed."))
    }

    /// A page of a list; past the last one there is nothing.
    pub(crate) fn page(page: Option<Value>) -> Self {
        page.map_or_else(|| Self::detail(404, "Invalid page."), Self::json)
    }

    pub(crate) fn fault(status: u16, retry_after: Option<u64>, body: Option<Value>) -> Self {
        let content = body.map_or(Content::Nothing, Content::Json);
        Self { retry_after, ..Self::new(status, content) }
    }

    pub(crate) fn html(status: u16) -> Self {
        let page = "<!doctype html><html><head><title>Back soon</title></head><body><h1>We are being updated</h1></body></html>";
        Self::new(status, Content::Bytes("text/html; charset=utf-8", page.as_bytes().to_vec()))
    }

    pub(crate) fn map(mut self, change: impl FnOnce(Value) -> Value) -> Self {
        if let Content::Json(body) = self.content {
            self.content = Content::Json(change(body));
        }
        self
    }

    pub(crate) fn without_id(self) -> Self {
        self.map(|mut body| {
            if let Some(fields) = body.as_object_mut() {
                fields.shift_remove("id");
            }
            body
        })
    }

    /// The same with one token of a thing spoilt. The thing is looked for in the lists of the answer
    /// first, then it is the answer itself.
    pub(crate) fn with_token(mut self, id: Option<i64>, token: Token) -> Self {
        let Content::Json(mut body) = self.content else { return self };
        if let Some(fields) = thing(&mut body, id).and_then(Value::as_object_mut) {
            fields.insert(token.field().to_owned(), json!(SPOILT));
        }
        let text = body.to_string();
        let mark = json!(SPOILT).to_string();
        let bytes = match text.split_once(&mark) {
            Some((before, after)) => [before.as_bytes(), &token.bytes(), after.as_bytes()].concat(),
            None => text.into_bytes(),
        };
        self.content = Content::Bytes("application/json", bytes);
        self
    }

    /// The same with a list where a thing belongs.
    pub(crate) fn with_wrong_shape(self, id: Option<i64>) -> Self {
        self.map(|mut body| {
            if let Some(thing) = thing(&mut body, id) {
                *thing = json!(["no", "thing"]);
            }
            body
        })
    }

    /// The same where nothing was said in a call whose time ran out.
    pub(crate) fn with_nothing_said(self, id: Option<i64>) -> Self {
        self.map(|mut body| {
            silence(&mut body, id);
            body
        })
    }

    /// The first half, as a whole.
    pub(crate) fn cut(mut self) -> Self {
        let (kind, mut bytes) = Self::into_bytes(self.content);
        bytes.truncate(bytes.len() / 2);
        self.content = Content::Bytes(kind.unwrap_or("application/json"), bytes);
        self
    }

    pub(crate) fn with_agent(self, agent: i64) -> Self {
        self.map(|mut body| {
            if let Some(fields) = body.as_object_mut() {
                fields.insert("agent".to_owned(), json!(agent));
            }
            body
        })
    }

    fn into_bytes(content: Content) -> (Option<&'static str>, Vec<u8>) {
        match content {
            Content::Json(body) => (Some("application/json"), body.to_string().into_bytes()),
            Content::Bytes(kind, bytes) => (Some(kind), bytes),
            Content::Pieces(pieces) => {
                (Some("text/plain; charset=utf-8"), pieces.concat().into_bytes())
            }
            Content::Nothing => (None, Vec::new()),
        }
    }

    fn dressed(
        status: StatusCode,
        kind: Option<&'static str>,
        retry_after: Option<u64>,
        body: Body,
    ) -> Response {
        let mut response = Response::new(body);
        *response.status_mut() = status;
        if let Some(kind) = kind {
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    /// An answer that comes in pieces sends them one after the other. After `hold_after` of them it
    /// waits until no fault asks for that any more.
    pub(crate) fn into_pieces(self, desk: Arc<Desk>, hold_after: usize) -> Response {
        let Content::Pieces(pieces) = self.content else { return self.into_response() };
        let heard = Heard { desk, whole: false };
        let rest = pieces.into_iter().enumerate();
        let body = stream::unfold((rest, heard), move |(mut rest, heard)| async move {
            let Some((at, piece)) = rest.next() else {
                heard.end();
                return None;
            };
            tokio::time::sleep(BETWEEN_PIECES).await;
            while at >= hold_after && heard.desk.holds() {
                tokio::time::sleep(BETWEEN_PIECES).await;
            }
            Some((Ok::<_, std::io::Error>(Bytes::from(piece)), (rest, heard)))
        });
        let kind = Some("text/plain; charset=utf-8");
        Self::dressed(self.status, kind, self.retry_after, Body::from_stream(body))
    }

    pub(crate) fn into_response(self) -> Response {
        let (kind, bytes) = Self::into_bytes(self.content);
        Self::dressed(self.status, kind, self.retry_after, Body::from(bytes))
    }

    /// Promises the whole answer, sends half of it, and ends the connection.
    pub(crate) fn into_half(self, scissors: Scissors) -> Response {
        let (kind, mut bytes) = Self::into_bytes(self.content);
        let whole = bytes.len();
        bytes.truncate(whole / 2);
        let body = stream::unfold((Some(bytes), scissors), |(half, scissors)| async move {
            if let Some(half) = half {
                return Some((Ok(Bytes::from(half)), (None, scissors)));
            }
            tokio::time::sleep(FIRST_HALF).await;
            scissors.cut();
            let error = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
            Some((Err(error), (None, scissors)))
        });
        let mut response =
            Self::dressed(self.status, kind, self.retry_after, Body::from_stream(body));
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(whole));
        response
    }
}
