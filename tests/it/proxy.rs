//! A TCP proxy that spoils answers on purpose, one request a connection, and counts what came.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

/// What is done to a request or to its answer.
#[derive(Clone)]
pub(crate) enum Spoil {
    /// Nothing.
    Nothing,
    /// The connection is reset before the request is read.
    ResetBefore,
    /// The request is read, and nothing happens any more.
    Blackhole,
    /// The request is passed on, and the connection is reset instead of an answer.
    ResetAfter,
    /// The connection is reset in the middle of the body.
    ResetMidBody,
    /// The connection is closed after the head of the answer.
    CloseAfterHead,
    /// The answer comes byte by byte, so long apart.
    Dribble(Duration),
    /// The answer comes after so long.
    Late(Duration),
    /// The answer comes when it is let go.
    Held(Arc<Gate>),
    /// The connection is closed in the middle of the body.
    Truncate,
    /// The head promises half of the body.
    WrongLength,
    /// A few bytes that become a thousand times as many.
    Bomb,
    /// The request is not passed on; this is the answer, head and body.
    Answer(&'static str),
    /// The request is passed on without its query.
    NoQuery,
    /// The answer's JSON is changed.
    Edit(Arc<dyn Fn(&mut Value) + Send + Sync>),
}

/// Where an answer waits, after the server has given it.
pub(crate) struct Gate {
    arrived: Semaphore,
    open: Semaphore,
}

impl Gate {
    pub(crate) fn shut() -> Arc<Self> {
        Arc::new(Self { arrived: Semaphore::new(0), open: Semaphore::new(0) })
    }

    /// Waits for an answer that waits here.
    pub(crate) async fn arrived(&self) {
        let arrived = tokio::time::timeout(crate::support::PATIENCE, self.arrived.acquire()).await;
        arrived.expect("an answer").unwrap().forget();
    }

    /// Lets one answer go.
    pub(crate) fn let_go(&self) {
        self.open.add_permits(1);
    }

    async fn pass(&self) {
        self.arrived.add_permits(1);
        self.open.acquire().await.unwrap().forget();
    }
}

#[derive(Clone)]
struct Rule {
    method: &'static str,
    /// A part of the path with its query.
    path: String,
    spoil: Spoil,
}

struct Shared {
    upstream: String,
    rule: Mutex<Option<Rule>>,
    seen: Mutex<Vec<String>>,
}

/// The proxy. Dropping it ends it.
pub(crate) struct Proxy {
    address: SocketAddr,
    /// While it is closed: keeps others from its address, and does not listen.
    held: Option<TcpSocket>,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    pub(crate) async fn before(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            upstream: server.trim_start_matches("http://").to_owned(),
            rule: Mutex::new(None),
            seen: Mutex::new(Vec::new()),
        });
        BOMB.get_or_init(bomb);
        let task = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self { address, held: None, shared, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on requests of this method whose path and query hold this are spoilt so.
    pub(crate) fn spoil(&self, method: &'static str, path: &str, spoil: Spoil) {
        let rule = Rule { method, path: path.to_owned(), spoil };
        *self.shared.rule.lock().unwrap() = Some(rule);
    }

    pub(crate) fn heal(&self) {
        *self.shared.rule.lock().unwrap() = None;
    }

    /// Requests that came since this was last asked, each as `METHOD path?query`.
    pub(crate) fn take_seen(&self) -> Vec<String> {
        std::mem::take(&mut *self.shared.seen.lock().unwrap())
    }

    /// Stops listening: connections are refused.
    pub(crate) async fn close(&mut self) {
        self.task.abort();
        let _ = (&mut self.task).await;
        let held = TcpSocket::new_v4().unwrap();
        held.set_reuseaddr(true).unwrap();
        held.bind(self.address).unwrap();
        self.held = Some(held);
    }

    /// Listens again.
    pub(crate) fn open(&mut self) {
        let held = self.held.take().expect("a closed proxy");
        let listener = held.listen(1024).unwrap();
        self.task = tokio::spawn(accept(listener, Arc::clone(&self.shared)));
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let _ = stream.set_nodelay(true);
        let shared = Arc::clone(&shared);
        // A side that hangs up is what this is about.
        tokio::spawn(async move { serve(stream, &shared).await.unwrap_or(()) });
    }
}

async fn serve(mut client: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let line = first_line(&client).await?;
    let mut words = line.split(' ');
    let (method, path) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    shared.seen.lock().unwrap().push(format!("{method} {path}"));
    let rule = shared.rule.lock().unwrap().clone();
    let spoil = rule
        .filter(|rule| rule.method == method && path.contains(&rule.path))
        .map_or(Spoil::Nothing, |rule| rule.spoil);
    if matches!(spoil, Spoil::ResetBefore) {
        return client.set_zero_linger();
    }
    let mut request = read_message(&mut client).await?;
    match spoil {
        Spoil::Blackhole => {
            // Until the other side has had enough.
            while client.read(&mut [0; 64]).await? > 0 {}
            return Ok(());
        }
        Spoil::Answer(answer) => {
            return client.write_all(closing(answer).as_bytes()).await;
        }
        Spoil::Bomb => return client.write_all(BOMB.get_or_init(bomb)).await,
        Spoil::NoQuery => {
            let bare = path.split('?').next().unwrap_or("").to_owned();
            request.head = request.head.replacen(path, &bare, 1);
        }
        _ => {}
    }
    let mut server = TcpStream::connect(&shared.upstream).await?;
    server.write_all(closing(&request.head).as_bytes()).await?;
    server.write_all(&request.body).await?;
    let mut answer = read_message(&mut server).await?;
    let half = answer.body.len() / 2;
    match spoil {
        Spoil::ResetAfter => return client.set_zero_linger(),
        Spoil::ResetMidBody => {
            client.write_all(answer.head.as_bytes()).await?;
            client.write_all(&answer.body[..half]).await?;
            return client.set_zero_linger();
        }
        Spoil::CloseAfterHead => answer.body.clear(),
        Spoil::Truncate => answer.body.truncate(half),
        Spoil::Late(time) => tokio::time::sleep(time).await,
        Spoil::Held(gate) => gate.pass().await,
        Spoil::Dribble(time) => {
            for byte in answer.head.bytes().chain(answer.body) {
                client.write_all(&[byte]).await?;
                tokio::time::sleep(time).await;
            }
            return Ok(());
        }
        Spoil::WrongLength => answer.promise(half),
        Spoil::Edit(edit) => {
            let mut json = serde_json::from_slice(&answer.body)?;
            edit(&mut json);
            answer.body = json.to_string().into_bytes();
            answer.promise(answer.body.len());
        }
        _ => {}
    }
    client.write_all(answer.head.as_bytes()).await?;
    client.write_all(&answer.body).await?;
    client.shutdown().await
}

/// The same head, saying that the connection ends with it: one request a connection, so that what
/// is done to one does nothing to the next.
fn closing(head: &str) -> String {
    head.replacen("\r\n", "\r\nconnection: close\r\n", 1)
}

/// The request's first line, left where it is.
async fn first_line(stream: &TcpStream) -> std::io::Result<String> {
    let mut buffer = [0; 4096];
    loop {
        let got = stream.peek(&mut buffer).await?;
        let text = String::from_utf8_lossy(&buffer[..got]);
        if let Some((line, _)) = text.split_once("\r\n") {
            return Ok(line.to_owned());
        }
        if got == 0 || got == buffer.len() {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        tokio::task::yield_now().await;
    }
}

struct Message {
    head: String,
    body: Vec<u8>,
}

impl Message {
    fn length(&self) -> Option<usize> {
        self.head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
        })
    }

    fn promise(&mut self, length: usize) {
        let lines = self.head.trim_end().split("\r\n").map(|line| {
            let is_length = line.to_ascii_lowercase().starts_with("content-length:");
            if is_length { format!("content-length: {length}") } else { line.to_owned() }
        });
        self.head = format!("{}\r\n\r\n", lines.collect::<Vec<_>>().join("\r\n"));
    }
}

/// A request or an answer: its head, and as much body as it promises, or all there is.
async fn read_message(stream: &mut TcpStream) -> std::io::Result<Message> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    };
    let body = bytes.split_off(end);
    let mut message = Message { head: String::from_utf8_lossy(&bytes).into_owned(), body };
    let is_answer = message.head.starts_with("HTTP/");
    let length = message.length().or((!is_answer).then_some(0));
    while length.is_none_or(|length| message.body.len() < length) {
        if stream.read_buf(&mut message.body).await? == 0 {
            break;
        }
    }
    Ok(message)
}

/// Made once: packing it takes longer than the deadlines here.
static BOMB: OnceLock<Vec<u8>> = OnceLock::new();

/// Sixteen mebibytes of noughts, packed a thousand to one.
fn bomb() -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![b'0'; 16 << 20]).unwrap();
    let packed = packed.finish().unwrap();
    assert!(packed.len() < (16 << 20) / 900, "{}", packed.len());
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n";
    let head = format!("{head}content-length: {}\r\n\r\n", packed.len());
    let mut answer = closing(&head).into_bytes();
    answer.extend(packed);
    answer
}
