//! The way of a request: faults, the key, then whoever answers it.
//!
//! Paths are taken apart by hand rather than by a router: the API answers with and without the
//! trailing slash, under `v1` and `v2`, and with `-external` behind the noun, all alike, and a
//! redirect would turn a POST into a GET.

mod catalogue;
mod launch;
mod practice;
mod reply;
mod results;
mod runs;
mod sound;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use serde_json::Value;

use crate::answers::select::select;
use crate::answers::stamp;
use crate::calls::judge::Dialect;
use crate::desk::{Arrival, Desk, Rights};
use crate::faults::{Kind, strike};
use crate::line::Scissors;
use crate::studio::until_stopped;
use reply::Reply;

/// Between two looks at whether an answer is still held.
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// Largest body: an answer to 20,000 calls is not sent here, only a request for them.
const LARGEST_BODY: usize = 16 << 20;

/// Everything the studio answers.
pub(crate) fn router(desk: Arc<Desk>) -> Router {
    Router::new().fallback(any).with_state(desk)
}

/// A request, taken apart.
pub(crate) struct Asked {
    pub(crate) method: Method,
    /// The path as it came.
    pub(crate) path: String,
    /// Without version, `-external` and slashes.
    pub(crate) parts: Vec<String>,
    pub(crate) dialect: Dialect,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) rights: Rights,
}

impl Asked {
    /// A parameter of the query that is not empty.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().rev().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// A number in the query; text that is none is an error the API names by its field.
    pub(crate) fn number(&self, name: &str) -> Result<Option<i64>, Reply> {
        match self.param(name).map(str::parse) {
            None => Ok(None),
            Some(Ok(number)) => Ok(Some(number)),
            Some(Err(_)) => Err(Reply::field(name, "A valid integer is required.")),
        }
    }

    /// Numbers separated by commas.
    pub(crate) fn numbers(&self, name: &str) -> Option<Vec<i64>> {
        self.param(name)
            .map(|text| text.split(',').filter_map(|part| part.trim().parse().ok()).collect())
    }

    /// The body as JSON; an empty one is an empty object.
    pub(crate) fn json(&self) -> Result<Value, Reply> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Value::Object(serde_json::Map::new()));
        }
        serde_json::from_slice(&self.body)
            .map_err(|error| Reply::detail(400, &format!("JSON parse error - {error}")))
    }
}

async fn any(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return Reply::detail(413, "The request is too large.").into_response();
    };
    let path = head.uri.path().to_owned();
    let query = head.uri.query().map(pairs).unwrap_or_default();
    if path.starts_with("/__practice__") {
        return practice::answer(&desk, &head.method, &path, &body).into_response();
    }
    *desk.seen().requests.entry(format!("{} {path}", head.method)).or_default() += 1;
    let arrival =
        launch::is_launch(&head.method, &path).then(|| arrive(&desk, &path, &head.headers, &body));
    let fault = strike(&mut desk.faults(), head.method.as_str(), &path)
        .filter(|kind| !matches!(kind, Kind::FailsFor(run) if !asks_for(&path, &query, *run)));
    match &fault {
        Some(Kind::DropBefore) => {
            scissors.cut();
            return Response::new(Body::empty());
        }
        Some(Kind::Status { code, retry_after, body, after: false }) => {
            return answered(&desk, arrival, Reply::fault(*code, *retry_after, body.clone()))
                .into_response();
        }
        Some(Kind::FailsFor(_)) => {
            return answered(&desk, arrival, Reply::fault(500, None, None)).into_response();
        }
        Some(Kind::Html { code }) => {
            return answered(&desk, arrival, Reply::html(code.unwrap_or(200))).into_response();
        }
        _ => {}
    }
    let (parts, dialect) = taken_apart(&path);
    let asked = Asked {
        method: head.method,
        path,
        parts,
        dialect,
        query,
        headers: head.headers,
        body,
        rights: Rights::Everything,
    };
    let reply = answer(&desk, asked);
    if let (Some(at), Some(result)) = (arrival, reply.result)
        && let Some(arrival) = desk.seen().launches.get_mut(at)
    {
        arrival.result = Some(result);
    }
    match fault {
        Some(Kind::DelayMs(milliseconds)) => {
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(milliseconds)) => {}
                () = until_stopped(desk.stopping.clone()) => {}
            }
        }
        Some(Kind::Hold) => {
            while desk.holds() {
                tokio::time::sleep(BETWEEN_LOOKS).await;
            }
        }
        Some(Kind::DropAfter) => {
            scissors.cut();
            return Response::new(Body::empty());
        }
        Some(Kind::Status { code, retry_after, body, .. }) => {
            return answered(&desk, arrival, Reply::fault(code, retry_after, body)).into_response();
        }
        Some(Kind::HalfBody) => return answered(&desk, arrival, reply).into_half(scissors),
        Some(Kind::Token { id, token }) => {
            return answered(&desk, arrival, reply.with_token(id, token)).into_response();
        }
        Some(Kind::CutBody) => return answered(&desk, arrival, reply.cut()).into_response(),
        Some(Kind::WrongShape { id }) => {
            return answered(&desk, arrival, reply.with_wrong_shape(id)).into_response();
        }
        Some(Kind::NothingSaid { id }) => {
            return answered(&desk, arrival, reply.with_nothing_said(id)).into_response();
        }
        Some(Kind::NoId) => return answered(&desk, arrival, reply.without_id()).into_response(),
        Some(Kind::OtherAgent(agent)) => {
            return answered(&desk, arrival, reply.with_agent(agent)).into_response();
        }
        Some(Kind::HoldAfter(pieces)) => {
            return answered(&desk, arrival, reply).into_pieces(desk, pieces);
        }
        _ => {}
    }
    answered(&desk, arrival, reply).into_pieces(desk, usize::MAX)
}

/// Whether a request is about this call, alone or among others.
fn asks_for(path: &str, query: &[(String, String)], run: i64) -> bool {
    let run = run.to_string();
    path.contains("/runs") && path.split('/').any(|part| part == run)
        || query
            .iter()
            .filter(|(name, _)| name == "run_ids")
            .any(|(_, ids)| ids.split(',').any(|id| id.trim() == run))
}

/// Writes down that a launch has come, before anything can happen to it.
fn arrive(desk: &Desk, path: &str, headers: &HeaderMap, body: &Bytes) -> usize {
    let at = {
        let book = desk.book();
        stamp(desk.now(&book).as_millisecond())
    };
    let body = serde_json::from_slice(body)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()));
    let mut names: Vec<String> = headers.keys().map(|name| name.as_str().to_owned()).collect();
    names.sort();
    let mut seen = desk.seen();
    seen.launches.push(Arrival {
        at,
        path: path.to_owned(),
        body,
        key: headers.contains_key("x-cekura-api-key"),
        headers: names,
        status: None,
        result: None,
    });
    seen.launches.len() - 1
}

fn answered(desk: &Desk, arrival: Option<usize>, reply: Reply) -> Reply {
    if let Some(at) = arrival
        && let Some(arrival) = desk.seen().launches.get_mut(at)
    {
        arrival.status = Some(reply.status.as_u16());
    }
    reply
}

fn answer(desk: &Arc<Desk>, mut asked: Asked) -> Reply {
    let names: Vec<&str> = asked.parts.iter().map(String::as_str).collect();
    match names.as_slice() {
        ["recordings", file] => return sound::recording(desk, &asked, file),
        ["listen", run] => return sound::listen(run),
        _ => {}
    }
    let Some(rights) = desk.rights(&asked.headers) else {
        return Reply::detail(401, "Authentication credentials were not provided or are wrong.");
    };
    asked.rights = rights;
    let reads = matches!(asked.method, Method::GET | Method::HEAD);
    if rights == Rights::ReadOnly && !reads {
        return Reply::detail(403, "This API key may only read.");
    }
    if desk.config.scoped && reads && lacks_scope(&asked, &names) {
        return Reply::detail(
            400,
            "Please provide one of the required query parameter: agent_id, project_id, \
             organization_id",
        );
    }
    let reply = match names.as_slice() {
        ["test_framework", "results", rest @ ..] => results::answer(desk, &asked, rest),
        ["test_framework", "runs", rest @ ..] => runs::answer(desk, &asked, rest),
        ["test_framework", "scenarios", name] if name.starts_with("run_scenarios") => {
            launch::answer(desk, &asked, name)
        }
        ["test_framework" | "user" | "schedules", ..] => catalogue::answer(desk, &asked, &names),
        _ => Reply::not_found(),
    };
    match (reads, asked.param("ql")) {
        (true, Some(ql)) if reply.status == StatusCode::OK => {
            reply.map(|body| select(body, Some(ql)))
        }
        _ => reply,
    }
}

/// Whether a list is asked for without saying of what. The vendor's documents name the sentence and
/// "several list calls"; here it is all that take such a parameter.
fn lacks_scope(asked: &Asked, names: &[&str]) -> bool {
    let ["test_framework", noun] = names else { return false };
    ["aiagents", "metrics", "personalities", "results", "runs", "scenarios", "test-profiles"]
        .contains(noun)
        && ["agent_id", "project_id", "organization_id", "result_id"]
            .iter()
            .all(|name| asked.param(name).is_none())
}

/// `/test_framework/v2/runs-external/7/` is `test_framework`, `runs`, `7` in the newer dialect.
fn taken_apart(path: &str) -> (Vec<String>, Dialect) {
    let mut dialect = Dialect::V1;
    let mut parts = Vec::new();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        match part {
            "v1" => {}
            "v2" => dialect = Dialect::V2,
            other => parts.push(other.strip_suffix("-external").unwrap_or(other).to_owned()),
        }
    }
    (parts, dialect)
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let halves = query.split('&').filter(|part| !part.is_empty());
    halves
        .map(|part| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            (plain(key), plain(value))
        })
        .collect()
}

/// Undoes percent signs and plus signs.
fn plain(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let code = match (byte, ahead.next(), ahead.next()) {
            (b'%', Some(high), Some(low)) => {
                u8::from_str_radix(&String::from_utf8_lossy(&[high, low]), 16).ok()
            }
            _ => None,
        };
        match (byte, code) {
            (_, Some(code)) => {
                bytes.push(code);
                rest = ahead;
            }
            (b'+', None) => bytes.push(b' '),
            (other, None) => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
