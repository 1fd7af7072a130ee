//! A server between Linecheck and the practice studio that writes hostile texts in place of all
//! that people, models or a broken server wrote.
//!
//! Each stands between two marks with its number and that of its field, so that whatever is on
//! screen can be held against what was sent.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::fields::{FIELDS, Pen, place};
use crate::support::Shown;

/// A refusal of this server.
#[derive(Debug, Clone, Copy)]
pub(super) enum Refusal {
    /// `{"detail": "…"}`.
    Detail(u16),
    /// Messages of fields: those of a launch, and one that no plan has.
    Fields,
    /// Bare text.
    Text(u16),
    /// A page.
    Html(u16),
}

struct State {
    upstream: String,
    pen: Arc<Pen>,
    /// Parts of a path, and how such requests are refused.
    refused: Mutex<Vec<(&'static str, &'static str, Refusal)>>,
    /// The first mark of each that was refused so; of a page nothing is shown.
    refusals: Mutex<Vec<String>>,
    /// Calls whose status is a word nobody knows.
    unknown: Mutex<HashSet<i64>>,
}

/// See the module.
pub(super) struct Front {
    pub(super) base_url: String,
    pub(super) pen: Arc<Pen>,
    state: Arc<State>,
    serving: JoinHandle<()>,
}

impl Drop for Front {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Front {
    pub(super) async fn before(upstream: &str) -> Shown<Self> {
        let pen = Arc::new(Pen::new());
        let state = Arc::new(State {
            upstream: upstream.trim_start_matches("http://").to_owned(),
            pen: pen.clone(),
            refused: Mutex::default(),
            refusals: Mutex::default(),
            unknown: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let serving = tokio::spawn({
            let state = state.clone();
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let state = state.clone();
                    // A client that goes away is no fault of the test.
                    tokio::spawn(async move { state.serve(stream).await.ok() });
                }
            }
        });
        Ok(Self { base_url, pen, state, serving })
    }

    /// Refuses requests of a method on paths that contain a text, from now on.
    pub(super) fn refuse(&self, method: &'static str, path: &'static str, how: Refusal) {
        self.state.refused.lock().unwrap().insert(0, (method, path, how));
    }

    /// The first mark of every refusal so far; empty where nothing of it is shown.
    pub(super) fn refusals(&self) -> Vec<String> {
        self.state.refusals.lock().unwrap().clone()
    }

    /// Refuses nothing any more.
    pub(super) fn heal(&self) {
        self.state.refused.lock().unwrap().clear();
    }

    /// Gives calls a status that nobody knows.
    pub(super) fn unknown(&self, calls: impl IntoIterator<Item = i64>) {
        self.state.unknown.lock().unwrap().extend(calls);
    }
}

struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl State {
    async fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        let mut stream = BufReader::new(stream);
        let Some(request) = read(&mut stream).await? else { return Ok(()) };
        let path = request.target.split('?').next().unwrap_or_default();
        let refused = self.refused.lock().unwrap().iter().find_map(|(method, part, how)| {
            (request.method == *method && path.contains(part)).then_some(*how)
        });
        if let Some(how) = refused {
            let (status, kind, body) = self.refusal(how);
            let mark = match how {
                Refusal::Html(_) => String::new(),
                _ => body.split_once('⟦').map_or_else(String::new, |(_, rest)| {
                    format!("⟦{}:", rest.split(':').next().unwrap_or_default())
                }),
            };
            self.refusals.lock().unwrap().push(mark);
            return answer(&mut stream, status, kind, body.as_bytes()).await;
        }
        if path.contains("ask_about_failures") {
            return self.answer_piece_by_piece(&mut stream).await;
        }
        let (status, kind, mut body) = self.ask(&request).await?;
        if let (true, Ok(mut value)) = (kind.contains("json"), serde_json::from_slice(&body)) {
            let of = of(path);
            self.rewrite(of, "", "", &mut value);
            body = value.to_string().into_bytes();
        }
        answer(&mut stream, status, &kind, &body).await
    }

    fn refusal(&self, how: Refusal) -> (u16, &'static str, String) {
        let next = |name| self.pen.own("refusal", name);
        match how {
            Refusal::Detail(status) => {
                (status, "application/json", json!({ "detail": next("detail") }).to_string())
            }
            Refusal::Fields => {
                let mut fields = Map::new();
                for name in [
                    "scenarios",
                    "agent",
                    "frequency",
                    "personality_ids",
                    "name",
                    "concurrency_limit",
                    "mock_tool_names",
                    "test_profile_ids",
                    "moon",
                ] {
                    fields.insert(name.to_owned(), json!([next("field")]));
                }
                (400, "application/json", Value::Object(fields).to_string())
            }
            Refusal::Text(status) => (status, "text/plain; charset=utf-8", next("text")),
            Refusal::Html(status) => {
                let page = format!("<!doctype html><title>{0}</title><body>{0}", next("html"));
                (status, "text/html; charset=utf-8", page)
            }
        }
    }

    /// As a model answers: in pieces, which end wherever they do, also within a character.
    async fn answer_piece_by_piece(
        &self,
        stream: &mut BufReader<TcpStream>,
    ) -> std::io::Result<()> {
        let mut text = String::new();
        while text.encode_utf16().count() < 60_000 {
            text += &self.pen.own("answer", "ask");
            text += "\n";
            if text.matches('⟦').count() > self.pen.payloads.len() {
                break;
            }
        }
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n";
        stream.write_all(head.as_bytes()).await?;
        for piece in text.as_bytes().chunks(997) {
            stream.write_all(piece).await?;
            stream.flush().await?;
            // Without a pause the next piece would join this one on its way.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        stream.shutdown().await
    }

    /// Asks the practice server the same, in the simplest way there is.
    async fn ask(&self, request: &Request) -> std::io::Result<(u16, String, Vec<u8>)> {
        let mut line = TcpStream::connect(&self.upstream).await?;
        let mut head = format!(
            "{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n",
            request.method,
            request.target,
            self.upstream,
            request.body.len()
        );
        for (name, value) in &request.headers {
            if matches!(name.as_str(), "content-type" | "x-cekura-api-key" | "accept") {
                let _ = write!(head, "{name}: {value}\r\n");
            }
        }
        line.write_all(format!("{head}\r\n").as_bytes()).await?;
        line.write_all(&request.body).await?;
        let mut answer = Vec::new();
        line.read_to_end(&mut answer).await?;
        let end = answer.windows(4).position(|part| part == b"\r\n\r\n").unwrap_or(0);
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(502);
        let kind = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
            .map_or_else(|| "application/json".to_owned(), |(_, kind)| kind.to_owned());
        Ok((status, kind, answer.split_off((end + 4).min(answer.len()))))
    }

    fn rewrite(&self, of: &str, within: &str, name: &str, value: &mut Value) {
        match value {
            Value::Object(fields) => {
                self.add(name, fields);
                for (inner, value) in fields {
                    self.rewrite(of, name, inner, value);
                }
            }
            // What stands in a list stands in the same object as the list; its own fields stand in
            // what is named as the list.
            Value::Array(items) => {
                for item in items {
                    self.rewrite(of, within, name, item);
                }
            }
            Value::String(text) if !text.is_empty() => {
                if let Some(field) = place(of, within, name) {
                    *text = self.instead(field, name, text);
                }
            }
            _ => {}
        }
    }

    fn instead(&self, field: usize, name: &str, text: &str) -> String {
        let instead = || self.pen.instead(field, text);
        match name {
            // The judge's sign and times stay: they are what the page reads in it.
            "explanation" => {
                let sign: String =
                    text.chars().take_while(|letter| !letter.is_alphanumeric()).collect();
                let time = text
                    .find('(')
                    .and_then(|from| text.get(from..from + 7))
                    .filter(|time| time.ends_with(')'))
                    .unwrap_or_default();
                format!("{sign}{} {time}", instead())
            }
            // A reason that says on whose side it was goes on saying so.
            "ended_reason" if !text.ends_with("ended-call") => format!("{text} {}", instead()),
            _ => instead(),
        }
    }

    /// What the practice server never says.
    fn add(&self, name: &str, fields: &mut Map<String, Value>) {
        let id = fields.get("id").and_then(Value::as_i64);
        if id.is_some_and(|id| self.unknown.lock().unwrap().contains(&id))
            && fields.contains_key("scenario_name")
        {
            let field = place("unknown", "", "status").unwrap();
            fields.insert("status".to_owned(), json!(self.pen.instead(field, &format!("{id:?}"))));
        }
        // Some of the tester's turns are of a speaker nobody knows.
        let turn = fields.get("content").and_then(Value::as_str).map(str::to_owned);
        if let Some(said) = turn.filter(|said| said.len().is_multiple_of(2))
            && fields.get("role").and_then(Value::as_str) == Some("Testing Agent")
        {
            let field = place("unknown", "", "role").unwrap();
            fields.insert("role".to_owned(), json!(self.pen.instead(field, &said)));
        }
        if name == "run_settings" {
            let field = place("unknown", "", "setting").unwrap();
            for at in 0..12 {
                fields.insert(self.pen.instead(field, &at.to_string()), json!(1));
            }
        }
    }
}

/// What a path is about, in the API's words.
fn of(path: &str) -> &str {
    // A launch answers with a result.
    if path.contains("run_scenarios") {
        return "results";
    }
    let known = |part: &&str| FIELDS.iter().any(|field| field.of.contains(part));
    path.split('/').find(known).unwrap_or_default()
}

async fn read(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<Request>> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let mut words = line.split(' ');
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
    let (method, target) = (method.to_owned(), target.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.and_then(|(_, length)| length.parse().ok()).unwrap_or(0)];
    stream.read_exact(&mut body).await?;
    Ok(Some(Request { method, target, headers, body }))
}

async fn answer(
    stream: &mut BufReader<TcpStream>,
    status: u16,
    kind: &str,
    body: &[u8],
) -> std::io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status} So\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    stream.flush().await?;
    stream.shutdown().await
}
