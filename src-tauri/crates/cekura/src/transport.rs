//! Requests and answers: the only code that speaks HTTP for reads, stops and edits.

use std::sync::PoisonError;

use http::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, Method, StatusCode};
use reqwest::{Request, Response};
use serde_json::Value;
use tokio::time::Instant;
use url::Url;

use crate::address::origin_text;
use crate::body::{self, Beginning};
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::json::{self, Body};
use crate::listing::{PAGE_SIZE, Rows};
use crate::problem::Problem;
use crate::retry::{pause, retry_after};

/// A request in the API's terms.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// With its trailing slash, always: without it some paths answer 301, and a redirected POST
    /// loses its body.
    pub(crate) path: String,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) body: Option<Value>,
    pub(crate) repeat: Repeat,
    /// Pages of this list have a size that can be asked for.
    pub(crate) sized: bool,
}

/// When a request may be sent again without being asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// Sending it twice ends in the same state: reads, and ending calls.
    Safe,
    /// Only if it provably never left.
    Unsent,
}

impl Call {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path.into(), None, Repeat::Safe)
    }

    /// A request that changes something, the same way however often it comes.
    pub(crate) fn stop(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path.into(), None, Repeat::Safe)
    }

    /// A request that changes something.
    pub(crate) fn edit(method: Method, path: impl Into<String>, body: Value) -> Self {
        Self::new(method, path.into(), Some(body), Repeat::Unsent)
    }

    fn new(method: Method, mut path: String, body: Option<Value>, repeat: Repeat) -> Self {
        if !path.ends_with('/') {
            path.push('/');
        }
        Self { method, path, query: Vec::new(), body, repeat, sized: false }
    }

    pub(crate) fn with(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        if let Some(value) = value {
            self.query.push((name, value.to_string()));
        }
        self
    }

    /// The list is documented as paged: ask for pages of a size.
    pub(crate) fn paged(mut self) -> Self {
        self.sized = true;
        self
    }

    /// The same on a page. Lists documented as whole are asked for without a page first.
    pub(crate) fn on_page(self, page: u32) -> Self {
        let size = self.sized.then_some(PAGE_SIZE);
        let page = (self.sized || page > 1).then_some(page);
        self.with("page", page).with("page_size", size)
    }

    /// The same on a page of this size, whatever page it was on.
    pub(crate) fn on_page_of(mut self, page: u32, size: u32) -> Self {
        self.query.retain(|(name, _)| !matches!(*name, "page" | "page_size"));
        self.with("page", Some(page)).with("page_size", Some(size))
    }

    /// A number of the query.
    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        self.query.iter().find(|(one, _)| *one == name).and_then(|(_, text)| text.parse().ok())
    }
}

/// A request that failed.
pub(crate) struct Failed {
    pub(crate) kind: ErrorKind,
    /// No byte of the request left this computer for the server.
    pub(crate) unsent: bool,
}

impl Failed {
    fn answered(kind: ErrorKind) -> Self {
        Self { kind, unsent: false }
    }
}

impl Client {
    /// Sends, and gives what can be read of the answer.
    pub(crate) async fn body(&self, call: &Call) -> Result<Body, Error> {
        self.repeat(call, async |client, call| {
            let response = client.attempt(call).await?;
            let body =
                body::whole(response, client.shared.limits.body).await.map_err(Failed::answered)?;
            json::read(&body).map_err(Failed::answered)
        })
        .await
    }

    /// Sends, and gives the JSON of the answer, which is to be there as a whole.
    pub(crate) async fn json(&self, call: &Call) -> Result<Value, Error> {
        let started = Instant::now();
        let body = self.body(call).await?;
        whole_of(body).map_err(|kind| Error { kind, tries: 1, took: started.elapsed() })
    }

    /// Sends, and gives the rows of the list in the answer.
    pub(crate) async fn rows(&self, call: &Call) -> Result<Rows, Error> {
        let started = Instant::now();
        let body = self.body(call).await?;
        Rows::read(body).map_err(|kind| Error { kind, tries: 1, took: started.elapsed() })
    }

    /// Sends, and gives the answer as text.
    pub(crate) async fn text(&self, call: &Call) -> Result<String, Error> {
        self.repeat(call, async |client, call| {
            let response = client.attempt(call).await?;
            let body =
                body::whole(response, client.shared.limits.body).await.map_err(Failed::answered)?;
            Ok(String::from_utf8_lossy(&body).into_owned())
        })
        .await
    }

    /// Sends; the answer's status is all that matters.
    pub(crate) async fn done(&self, call: &Call) -> Result<(), Error> {
        self.repeat(call, async |client, call| {
            let response = client.attempt(call).await?;
            body::whole(response, client.shared.limits.body)
                .await
                .map(drop)
                .map_err(Failed::answered)
        })
        .await
    }

    /// Sends once or more, by the call's own rule.
    pub(crate) async fn repeat<T>(
        &self,
        call: &Call,
        attempt: impl AsyncFn(&Self, &Call) -> Result<T, Failed>,
    ) -> Result<T, Error> {
        let started = Instant::now();
        self.budget().earn();
        let mut tries = 0;
        loop {
            let outcome = {
                let _slot = self.shared.slots.acquire().await;
                attempt(self, call).await
            };
            tries += 1;
            let failed = match outcome {
                Ok(value) => return Ok(value),
                Err(failed) => failed,
            };
            let wait = self.wait_after(call.repeat, &failed, tries);
            tracing::debug!(
                method = %call.method,
                code = failed.kind.code(),
                tries,
                again = wait.is_some(),
                "a request failed"
            );
            let Some(wait) = wait else {
                return Err(Error { kind: failed.kind, tries, took: started.elapsed() });
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// The pause before the next attempt; `None` when there is to be none.
    fn wait_after(
        &self,
        repeat: Repeat,
        failed: &Failed,
        tries: u32,
    ) -> Option<std::time::Duration> {
        let asked = match &failed.kind {
            ErrorKind::Throttled { after, .. } | ErrorKind::ServerTrouble { after, .. } => *after,
            _ => None,
        };
        let again = match repeat {
            Repeat::Safe => is_passing(&failed.kind),
            Repeat::Unsent => failed.unsent && is_passing(&failed.kind),
        };
        if !again
            || tries >= self.retry.attempts
            || asked.is_some_and(|wait| wait > self.retry.longest_after)
            || !self.budget().spend()
        {
            return None;
        }
        let jitter = pause(&self.retry, tries - 1, (self.shared.random)());
        Some(asked.unwrap_or_default().max(jitter))
    }

    fn budget(&self) -> std::sync::MutexGuard<'_, crate::retry::Budget> {
        self.shared.budget.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends once; an answer that is not 2xx is a failure.
    pub(crate) async fn attempt(&self, call: &Call) -> Result<Response, Failed> {
        let request = self.request(call)?;
        let response = self.shared.http.execute(request).await.map_err(|error| classify(&error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        Err(Failed::answered(self.refusal(response).await.0))
    }

    /// The request of a call, with the key.
    pub(crate) fn request(&self, call: &Call) -> Result<Request, Failed> {
        let unsent = |kind| Failed { kind, unsent: true };
        let mut url = self
            .shared
            .base
            .join(&call.path)
            .map_err(|error| unsent(ErrorKind::BadAddress(error.to_string())))?;
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let mut request = Request::new(call.method.clone(), url);
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(body) = &call.body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Some(body.to_string().into());
        }
        self.shared.key.put_into(&mut request);
        Ok(request)
    }

    /// What an answer that is not 2xx means, and what it says; a redirect's body is not read.
    pub(crate) async fn refusal(&self, response: Response) -> (ErrorKind, Option<Beginning>) {
        let status = response.status();
        if status.is_redirection() {
            let to = response
                .headers()
                .get(LOCATION)
                .and_then(|to| to.to_str().ok())
                .and_then(|to| response.url().join(to).ok())
                .map(|to| origin_text(&to));
            return (ErrorKind::Redirected { status: status.as_u16(), to }, None);
        }
        let after = retry_after(response.headers());
        let mut beginning = body::beginning(response, self.shared.limits.refusal).await;
        beginning.text = self.shared.key.hide_in(&beginning.text);
        let problem = Box::new(Problem::read(status.as_u16(), &beginning.text));
        (refusal_kind(status, after, problem), Some(beginning))
    }
}

fn refusal_kind(
    status: StatusCode,
    after: Option<std::time::Duration>,
    problem: Box<Problem>,
) -> ErrorKind {
    if problem.is_about_credit() {
        return ErrorKind::OutOfCredit(problem);
    }
    match status.as_u16() {
        401 => ErrorKind::BadKey(problem),
        403 => ErrorKind::Forbidden(problem),
        404 | 410 => ErrorKind::NotFound(problem),
        407 => ErrorKind::ProxyAuth(problem.to_string()),
        408 => ErrorKind::TimedOut(problem.to_string()),
        429 => ErrorKind::Throttled { after, problem },
        status @ 400..=499 => ErrorKind::Refused { status, problem },
        status => ErrorKind::ServerTrouble { status, after, problem },
    }
}

/// Whether the same request may well succeed in a moment.
fn is_passing(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Unreachable(_)
            | ErrorKind::TimedOut(_)
            | ErrorKind::ConnectionLost(_)
            | ErrorKind::Throttled { .. }
            | ErrorKind::ServerTrouble { .. }
    )
}

/// JSON of a body that should be JSON, and there as a whole.
pub(crate) fn parse(body: &[u8]) -> Result<Value, ErrorKind> {
    json::read(body).and_then(whole_of)
}

fn whole_of(body: Body) -> Result<Value, ErrorKind> {
    match body.lost {
        None => Ok(body.value),
        Some(fault) => Err(fault.kind()),
    }
}

/// What a failure of the HTTP client means.
pub(crate) fn classify(error: &reqwest::Error) -> Failed {
    let story = story(error);
    let says = |words: &[&str]| {
        let story = story.to_lowercase();
        words.iter().any(|word| story.contains(word))
    };
    if error.is_builder() {
        return Failed { kind: ErrorKind::BadAddress(story), unsent: true };
    }
    if error.is_connect() {
        let kind = if says(&["proxy auth", "407"]) {
            ErrorKind::ProxyAuth(story)
        } else if says(&["certificate", "unknownissuer", "self-signed", "self signed"]) {
            ErrorKind::TlsUntrusted(story)
        } else {
            ErrorKind::Unreachable(story)
        };
        return Failed { kind, unsent: true };
    }
    let kind = if error.is_timeout() {
        ErrorKind::TimedOut(story)
    } else if error.is_decode() && !has_broken_connection(error) {
        ErrorKind::unreadable(".", story)
    } else {
        ErrorKind::ConnectionLost(story)
    };
    Failed { kind, unsent: false }
}

/// A body that did not come whole is wrapped as a fault of decompression; the cause tells.
fn has_broken_connection(error: &reqwest::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if error.downcast_ref::<std::io::Error>().is_some_and(|error| {
            matches!(
                error.kind(),
                std::io::ErrorKind::ConnectionReset
                    | std::io::ErrorKind::ConnectionAborted
                    | std::io::ErrorKind::BrokenPipe
                    | std::io::ErrorKind::UnexpectedEof
            )
        }) {
            return true;
        }
        let text = error.to_string();
        if text.contains("end of file") || text.contains("connection") {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The error with its causes, outermost first, without the address: it may hold what a log must
/// not.
pub(crate) fn story(error: &reqwest::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let Some(kind) = error_kind_text(error) {
        parts.push(kind.to_owned());
    }
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let text = error.to_string();
        if parts.last() != Some(&text) {
            parts.push(text);
        }
        cause = error.source();
    }
    parts.join(": ")
}

fn error_kind_text(error: &reqwest::Error) -> Option<&'static str> {
    if error.is_connect() {
        Some("no connection")
    } else if error.is_timeout() {
        Some("no answer in time")
    } else if error.is_builder() {
        Some("the request could not be made")
    } else if error.is_body() || error.is_decode() {
        Some("the answer broke off")
    } else {
        None
    }
}

/// A segment of a path that holds an id.
pub(crate) fn path(before: &str, id: impl std::fmt::Display, after: &str) -> String {
    format!("{before}{id}/{after}")
}

/// Whether an address may be opened: https or wss, or their plain forms on this computer.
pub(crate) fn is_openable(url: &Url) -> bool {
    match url.scheme() {
        "https" | "wss" => true,
        "http" | "ws" => crate::address::is_loopback(url),
        _ => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on should say so")]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use secrecy::SecretString;

    use super::{Failed, Repeat};
    use crate::problem::Problem;
    use crate::{Client, ClientConfig, ErrorKind, Limits, RetryPolicy};

    fn client(random: f64) -> Client {
        Client::new(ClientConfig {
            base_url: "http://127.0.0.1:9".parse().unwrap(),
            key: SecretString::from("a-key"),
            limits: Limits::default(),
            retry: RetryPolicy::default(),
            random: Arc::new(move || random),
            user_agent: "tests".to_owned(),
        })
        .unwrap()
    }

    fn throttled(after: Option<u64>) -> Failed {
        let kind = ErrorKind::Throttled {
            after: after.map(Duration::from_secs),
            problem: Box::new(Problem::default()),
        };
        Failed { kind, unsent: false }
    }

    #[test]
    fn the_pause_is_jittered_and_never_shorter_than_what_the_server_asks() {
        let wait = |random, after, tries| {
            client(random).wait_after(Repeat::Safe, &throttled(after), tries)
        };
        assert_eq!(wait(1.0, None, 1), Some(Duration::from_millis(500)));
        assert_eq!(wait(0.5, None, 2), Some(Duration::from_millis(500)));
        assert_eq!(wait(0.0, None, 1), Some(Duration::ZERO));
        assert_eq!(wait(0.0, Some(7), 1), Some(Duration::from_secs(7)));
        assert_eq!(wait(1.0, Some(0), 2), Some(Duration::from_secs(1)));
        assert_eq!(wait(0.0, Some(120), 1), Some(Duration::from_secs(120)));
        assert_eq!(wait(0.0, Some(121), 1), None);
        assert_eq!(wait(0.0, None, 3), None, "three attempts in all");
    }

    #[test]
    fn an_edit_waits_for_nothing_but_a_connection() {
        let lost = |unsent| Failed { kind: ErrorKind::Unreachable(String::new()), unsent };
        let client = client(0.0);
        assert!(client.wait_after(Repeat::Unsent, &lost(true), 1).is_some());
        assert!(client.wait_after(Repeat::Unsent, &lost(false), 1).is_none());
        assert!(client.wait_after(Repeat::Unsent, &throttled(None), 1).is_none());
        let untrusted = Failed { kind: ErrorKind::TlsUntrusted(String::new()), unsent: true };
        assert!(client.wait_after(Repeat::Unsent, &untrusted, 1).is_none());
        assert!(client.wait_after(Repeat::Safe, &untrusted, 1).is_none());
    }
}
