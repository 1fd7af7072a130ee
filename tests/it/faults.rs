//! What a network and a server can do to a client, one after another, to each kind of request: what
//! is told of it, and how often it was sent. Launches are sent at most once, whatever happens.

use std::fmt::Write as _;
use std::time::Duration;

use engine::view::{
    ConfirmReason, Confirmation, ConnectRequest, ConnectionState, DraftBody, LaunchStateView,
    LaunchView,
};
use engine::{Code, Network};
use serde_json::{Value, json};

use crate::proxy::{Proxy, Spoil};
use crate::support::{KEY, Passes, Server, World, WorldOptions, quick};

/// Where a fault comes from.
enum Cause {
    /// Nobody listens.
    Refused,
    Proxy(Spoil),
    Studio(Value),
}

/// How long an answer may take. No cell waits for a deadline of real life; and none may meet this one
/// only because the machine is busy.
const LIMIT: Duration = Duration::from_secs(4);

/// As the program uses the network, but for that and for the pauses.
fn network() -> Network {
    Network {
        limits: cekura::Limits {
            connect: LIMIT,
            silence: LIMIT,
            request: LIMIT,
            launch: LIMIT,
            body: 1 << 20,
            ..cekura::Limits::default()
        },
        retry: cekura::RetryPolicy {
            first: Duration::from_millis(1),
            longest: Duration::from_millis(2),
            longest_after: Duration::from_millis(100),
            ..cekura::RetryPolicy::default()
        },
        ..quick()
    }
}

fn faults() -> Vec<(&'static str, Cause)> {
    let status = |code: u16| Cause::Studio(json!({ "status": { "code": code } }));
    let says = |code: u16, text: &str| {
        Cause::Studio(json!({ "status": { "code": code, "body": { "detail": text } } }))
    };
    let late = LIMIT + Duration::from_secs(2);
    vec![
        ("refused", Cause::Refused),
        ("blackhole", Cause::Proxy(Spoil::Blackhole)),
        ("reset before the request", Cause::Proxy(Spoil::ResetBefore)),
        ("reset after the request", Cause::Proxy(Spoil::ResetAfter)),
        ("reset in the body", Cause::Proxy(Spoil::ResetMidBody)),
        ("closed after the head", Cause::Proxy(Spoil::CloseAfterHead)),
        ("byte by byte", Cause::Proxy(Spoil::Dribble(LIMIT / 40))),
        ("late", Cause::Proxy(Spoil::Late(late))),
        ("cut off", Cause::Proxy(Spoil::Truncate)),
        ("wrong length", Cause::Proxy(Spoil::WrongLength)),
        ("gzip bomb", Cause::Proxy(Spoil::Bomb)),
        ("500", status(500)),
        ("502", status(502)),
        ("503, wait 7 s", Cause::Studio(json!({ "status": { "code": 503, "retry_after": 7 } }))),
        ("504", status(504)),
        ("429", status(429)),
        ("429, wait 7 s", Cause::Studio(json!({ "status": { "code": 429, "retry_after": 7 } }))),
        (
            "429, wait until the past",
            Cause::Proxy(Spoil::Answer(
                "HTTP/1.1 429 Too Many Requests\r\ndate: Tue, 24 Nov 2026 09:00:00 GMT\r\n\
                 retry-after: Tue, 24 Nov 2026 08:00:00 GMT\r\ncontent-length: 0\r\n\r\n",
            )),
        ),
        ("401", says(401, "Invalid API key.")),
        ("403", says(403, "This API key may only read.")),
        ("402", says(402, "Insufficient balance for this operation")),
        ("200 with a page", Cause::Studio(json!({ "html": {} }))),
        ("200 with nothing", Cause::Studio(json!({ "status": { "code": 200 } }))),
    ]
}

/// A studio with a proxy before it, and a fault between or behind them.
struct Way {
    server: Server,
    proxy: Proxy,
}

impl Way {
    async fn start() -> Self {
        let server = Server::with(|config| {
            // Calls that go on while the table is made.
            config.speed = 0.1;
            config.evaluators = 16;
            config.history = false;
        })
        .await;
        let proxy = Proxy::before(&server.base_url).await;
        Self { server, proxy }
    }

    async fn spoil(&mut self, cause: &Cause, method: &'static str, path: &str) {
        self.proxy.take_seen();
        match cause {
            Cause::Refused => self.proxy.close().await,
            Cause::Proxy(spoil) => self.proxy.spoil(method, path, spoil.clone()),
            Cause::Studio(kind) => {
                let only = json!({ "method": method, "path_contains": path });
                self.server.fault(json!({ "match": only, "kind": kind })).await;
            }
        }
    }

    async fn heal(&mut self, cause: &Cause) {
        match cause {
            Cause::Refused => self.proxy.open(),
            Cause::Proxy(_) => self.proxy.heal(),
            Cause::Studio(_) => self.server.heal().await,
        }
    }

    /// How many such requests came by since the fault began.
    fn count(&self, method: &str, path: &str) -> usize {
        let seen = self.proxy.take_seen();
        seen.iter().filter(|one| one.starts_with(method) && one.contains(path)).count()
    }

    fn request(&self) -> ConnectRequest {
        ConnectRequest { server: self.proxy.url(), session_only: true }
    }
}

fn cell(code: Option<Code>, number: Option<f64>, requests: usize) -> String {
    let code = code.map_or("-", Code::as_str);
    let wait = number.map(|seconds| format!(" {seconds}s")).unwrap_or_default();
    format!("{code}{wait} x{requests}")
}

/// Cells of one column, in the order of the faults.
type Column = Vec<String>;

/// A read that a person waits for: the first question to a server.
async fn reads() -> Column {
    let mut way = Way::start().await;
    let mut column = Vec::new();
    for (name, cause) in faults() {
        let (network, _passes) = Passes::of(network());
        let world = World::new(WorldOptions { network, ..WorldOptions::default() });
        way.spoil(&cause, "GET", "/user/v1/projects/").await;
        let answer = world.engine.workspace_connect(KEY, &way.request()).await;
        let requests = way.count("GET", "/user/v1/projects/");
        way.heal(&cause).await;
        let kept = world.engine.app_state().unwrap().workspaces.len();
        column.push(match answer {
            // What ended before the answer was cut off is a list of projects, of Cekura.
            Ok(_) => {
                assert_eq!((name, kept), ("wrong length", 1));
                cell(None, None, requests)
            }
            Err(error) => {
                assert_eq!(kept, 0, "{name}: nothing is kept of it");
                cell(Some(error.code), error.number, requests)
            }
        });
    }
    way.server.stop().await;
    column
}

/// A world on this way whose follower stands still, with a result that it follows.
async fn following(way: &Way) -> (World, Passes, DraftBody, i64) {
    let (network, mut passes) = Passes::of(network());
    let world = World::new(WorldOptions { network, ..WorldOptions::default() });
    world.engine.workspace_connect(KEY, &way.request()).await.unwrap();
    passes.ended().await;
    let body = world.plan_of(1).await;
    let launch = world.place(&body).await;
    assert_eq!(launch.state, LaunchStateView::Launched);
    passes.ended().await;
    (world, passes, body, launch.result_id.unwrap())
}

/// One pass of the follower.
async fn polls() -> Column {
    let mut way = Way::start().await;
    let (world, mut passes, _, result) = following(&way).await;
    let path = format!("/results/{result}/");
    let mut column = Vec::new();
    for (name, cause) in faults() {
        way.spoil(&cause, "GET", &path).await;
        let wait = passes.next().await;
        let shown = world.engine.connection_read().unwrap();
        assert_ne!(shown.state, ConnectionState::Online, "{name}");
        let asked = (wait >= Duration::from_secs(7)).then_some(7.0);
        column.push(cell(shown.code, asked, way.count("GET", &path)));
        way.heal(&cause).await;
        passes.next().await;
        let shown = world.engine.connection_read().unwrap();
        assert_eq!((shown.state, shown.code), (ConnectionState::Online, None), "{name}: recovers");
    }
    way.server.stop().await;
    column
}

async fn stops() -> Column {
    let mut way = Way::start().await;
    let (world, mut passes, _, result) = following(&way).await;
    let workspace = world.engine.app_state().unwrap().current.unwrap().id;
    let path = format!("/results/{result}/end_calls/");
    let mut column = Vec::new();
    for (_, cause) in faults() {
        // A session of its own for each, because repeats are lent and have to be earned.
        world.engine.workspace_open(workspace).await.unwrap();
        passes.ended().await;
        way.spoil(&cause, "POST", &path).await;
        let answer = world.engine.result_stop(result).await;
        let requests = way.count("POST", &path);
        column.push(match answer {
            // The answer to a stop has no body that could be spoilt.
            Ok(()) => format!("done x{requests}"),
            Err(error) => cell(Some(error.code), error.number, requests),
        });
        way.heal(&cause).await;
        // The pass that a stop asks for.
        passes.ended().await;
    }
    world.engine.workspace_open(workspace).await.unwrap();
    passes.ended().await;
    world.engine.result_stop(result).await.unwrap();
    way.server.stop().await;
    column
}

fn launch_state(launch: &LaunchView) -> &'static str {
    match launch.state {
        LaunchStateView::Sending => "sending",
        LaunchStateView::Launched if launch.adopted => "unknown, found",
        LaunchStateView::Launched => "launched",
        LaunchStateView::Refused => "refused",
        LaunchStateView::NotSent => "not sent",
        LaunchStateView::Unknown => "unknown",
    }
}

async fn launches() -> Column {
    let mut way = Way::start().await;
    let (world, mut passes, body, _) = following(&way).await;
    let workspace = world.engine.app_state().unwrap().current.unwrap().id;
    let path = "/run_scenarios_pipecat_v2/";
    let mut column = Vec::new();
    for (name, cause) in faults() {
        // A key that was refused once may not launch until it is tried afresh.
        world.engine.workspace_open(workspace).await.unwrap();
        passes.ended().await;
        let before = way.server.take_launches().await.len();
        assert!(before <= 1, "{name}");
        way.spoil(&cause, "POST", path).await;
        let draft = world.draft(&DraftBody { name: name.to_owned(), ..body.clone() });
        let again = Confirmation { calls: 1, reasons: vec![ConfirmReason::SamePlan] };
        let launch = world.engine.launch_place(&draft, Some(&again)).unwrap();
        // The answer, and the pass that looks for it where there was none.
        world.launch_settled(&launch.id).await;
        passes.ended().await;
        let requests = way.count("POST", path);
        way.heal(&cause).await;
        let launch = world.engine.launch_read(&launch.id).unwrap();
        let arrived = way.server.take_launches().await;
        let placed = arrived.iter().filter(|one| !one["result"].is_null()).count();
        assert!(requests <= 1 && arrived.len() <= 1, "{name}: sent {requests} times");
        match launch.state {
            LaunchStateView::Launched => assert_eq!(placed, 1, "{name}"),
            LaunchStateView::Unknown => {
                assert_eq!(placed, 0, "{name}: it is there and was not found");
                assert!(launch.looks >= 1, "{name}");
                world.engine.launch_leave(&launch.id).unwrap();
            }
            _ => assert_eq!(placed, 0, "{name}: nothing started"),
        }
        let code = cell(launch.code, launch.wait_seconds, requests);
        column.push(format!("{}: {code}, placed {placed}", launch_state(&launch)));
    }
    way.server.stop().await;
    column
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_has_its_code_and_its_number_of_requests() {
    // Side by side, because most of their time is waiting for deadlines.
    let under_way = [
        tokio::spawn(reads()),
        tokio::spawn(polls()),
        tokio::spawn(stops()),
        tokio::spawn(launches()),
    ];
    let mut columns = Vec::new();
    for column in under_way {
        columns.push(column.await.unwrap());
    }
    let mut table = String::new();
    for (at, (name, _)) in faults().iter().enumerate() {
        let [read, poll, stop, launch] = [0, 1, 2, 3].map(|column: usize| &columns[column][at]);
        writeln!(table, "{name:<25}| {read:<22}| {poll:<22}| {stop:<22}| {launch}").unwrap();
    }
    insta::assert_snapshot!(table);
}
