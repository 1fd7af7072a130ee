//! Clients, servers that misbehave on purpose, and their records.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cekura::{Client, ClientConfig, Limits, RetryPolicy};
use secrecy::SecretString;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use url::Url;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// Recognisable wherever it turns up.
pub(crate) const KEY: &str = "ck_canary_5f0e7b1d9a3c4286";

/// The header of the key, spelt out so that a change in the crate is noticed.
pub(crate) const KEY_HEADER: &str = "X-CEKURA-API-KEY";

/// Pauses of no length: what is counted here is requests.
pub(crate) fn at_once() -> RetryPolicy {
    RetryPolicy { first: Duration::ZERO, longest: Duration::ZERO, ..RetryPolicy::default() }
}

pub(crate) fn config(base_url: &str) -> ClientConfig {
    ClientConfig {
        base_url: Url::parse(base_url).unwrap(),
        key: SecretString::from(KEY),
        limits: Limits::default(),
        retry: at_once(),
        random: Arc::new(|| 0.5),
        user_agent: "cekura-tests/1".to_owned(),
    }
}

pub(crate) fn client(base_url: &str) -> Client {
    Client::new(config(base_url)).unwrap()
}

/// A client that loses patience soon, for servers that never answer. Not so soon that a request may
/// not have been read by then: a busy machine does nothing at all for a tenth of a second.
pub(crate) fn hasty(base_url: &str) -> Client {
    let limit = Duration::from_secs(1);
    let limits = Limits { silence: limit, request: limit, launch: limit, ..Limits::default() };
    Client::new(ClientConfig { limits, ..config(base_url) }).unwrap()
}

/// A server that gives the same answer to everything.
pub(crate) async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

pub(crate) async fn answering_json(body: impl serde::Serialize) -> MockServer {
    answering(ResponseTemplate::new(200).set_body_json(body)).await
}

/// A server that gives these answers one after the other, and the last one from then on.
pub(crate) async fn answering_in_turn(answers: Vec<ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    let turn = AtomicUsize::new(0);
    Mock::given(any())
        .respond_with(move |_: &Request| {
            let turn = turn.fetch_add(1, Ordering::SeqCst);
            answers[turn.min(answers.len() - 1)].clone()
        })
        .mount(&server)
        .await;
    server
}

pub(crate) async fn requests(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap()
}

/// The only request that came.
#[track_caller]
pub(crate) fn only(mut requests: Vec<Request>) -> Request {
    assert_eq!(requests.len(), 1, "one request");
    requests.remove(0)
}

pub(crate) fn query(request: &Request, name: &str) -> Option<String> {
    request.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

pub(crate) fn json_of(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

/// What a raw server does with a connection.
#[derive(Debug, Clone)]
pub(crate) enum Manner {
    /// Closes at once, having read nothing.
    Hangup,
    /// Reads the whole request, then resets the connection.
    ResetAfterRequest,
    /// Reads the whole request, then closes in good order.
    CloseAfterRequest,
    /// Reads the whole request and says nothing, for good.
    Silence,
    /// Reads the whole request, then says this and closes.
    Says(Vec<u8>),
    /// Reads the whole request, then says this, a byte at a time, and goes on for ever.
    Dribbles(Vec<u8>),
}

/// A server below HTTP, with a count of connections and of whole requests read.
pub(crate) struct RawServer {
    pub(crate) base_url: String,
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl RawServer {
    pub(crate) async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let requests = Arc::new(AtomicUsize::new(0));
        let (counted, read) = (Arc::clone(&connections), Arc::clone(&requests));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, manner.clone(), Arc::clone(&read)));
            }
        });
        Self { base_url, connections, requests, task }
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, manner: Manner, requests: Arc<AtomicUsize>) {
    if matches!(manner, Manner::Hangup) {
        return;
    }
    if !read_request(&mut stream).await {
        return;
    }
    requests.fetch_add(1, Ordering::SeqCst);
    match manner {
        Manner::Hangup | Manner::CloseAfterRequest => {}
        Manner::ResetAfterRequest => {
            // Closing with a linger of zero sends RST instead of FIN.
            let _ = stream.set_zero_linger();
        }
        Manner::Silence => std::future::pending().await,
        Manner::Says(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Manner::Dribbles(bytes) => {
            for byte in bytes.iter().cycle() {
                if stream.write_all(&[*byte]).await.is_err() {
                    return;
                }
                tokio::task::yield_now().await;
            }
        }
    }
}

/// Reads a request with its body; false when the client went away before that.
async fn read_request(stream: &mut TcpStream) -> bool {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let length: usize = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .map_or(0, |length| length.trim().parse().unwrap());
            if bytes.len() >= end + 4 + length {
                return true;
            }
        }
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return false,
            Ok(read) => bytes.extend_from_slice(&piece[..read]),
        }
    }
}

/// An address on loopback where nobody listens, and nobody else can while this is held.
pub(crate) struct Nobody {
    pub(crate) base_url: String,
    _held: TcpSocket,
}

pub(crate) fn nobody() -> Nobody {
    let held = TcpSocket::new_v4().unwrap();
    held.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    Nobody { base_url: format!("http://{}", held.local_addr().unwrap()), _held: held }
}

/// `head` with a body of its length.
pub(crate) fn http(head: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}
