//! Killing the program anywhere in a launch: the studio's own record against the journal.
//!
//! The child is this very test binary, started again with one test by name. It opens the engine on
//! its folder, says what it found, settles it, and places calls until it is killed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use engine::view::{
    ConfirmReason, Confirmation, ConnectRequest, DraftBody, LaunchStateView, LaunchView,
};
use ledger::{LaunchState, Ledger, LedgerConfig};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

use crate::support::{Ahead, KEY, PATIENCE, Server, World, WorldOptions, chance, mock_vault};

const FOLDER: &str = "LINECHECK_TEST_KILL_FOLDER";
const SERVER: &str = "LINECHECK_TEST_KILL_SERVER";
const PLACE: &str = "LINECHECK_TEST_KILL_PLACE";

/// Every named place, with the fault that leads there.
const PLACES: [(&str, Option<&str>); 25] = [
    ("launch.read", None),
    ("launch.checked", None),
    ("launch.written", None),
    ("send.begun", None),
    ("send.answered", None),
    ("launched.kept", None),
    ("launched.recorded", None),
    ("send.recorded", None),
    ("refused.reopened", Some("refuse")),
    ("failure.recorded", Some("refuse")),
    ("failure.recorded", Some("drop_after")),
    ("send.answered", Some("drop_after")),
    ("look.begun", Some("drop_after")),
    ("look.searched", Some("drop_after")),
    ("look.found", Some("drop_after")),
    ("look.read", Some("drop_after")),
    ("look.kept", Some("drop_after")),
    ("look.adopted", Some("drop_after")),
    ("look.counted", Some("drop_before")),
    ("follow.begun", None),
    ("follow.read", None),
    ("follow.stored", None),
    ("follow.full", None),
    ("follow.ending", None),
    ("follow.ended", None),
];

/// The program that is killed. Does nothing when it is not started by the tests below.
#[test]
#[ignore = "the child of the kill sweep, not a test by itself"]
fn child() {
    let (Ok(folder), Ok(server)) = (std::env::var(FOLDER), std::env::var(SERVER)) else { return };
    let place = std::env::var(PLACE).ok();
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(live(PathBuf::from(folder), server, place));
}

fn say(word: &str, what: &Value) {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "\nKILL {word} {what}");
    let _ = out.flush();
}

/// As sudden as the power cord: nothing is written, closed or told.
fn die() -> ! {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    std::process::abort()
}

async fn live(folder: PathBuf, server: String, place: Option<String>) {
    let vault = mock_vault();
    vault.keep_for_session(&server, KEY.into()).await;
    let failpoint: Option<engine::Failpoint> = place.map(|place| {
        let die_there: engine::Failpoint = Arc::new(move |passed| {
            if passed == place {
                die();
            }
        });
        die_there
    });
    // Tokens are drawn anew by each life.
    let seed = u64::from(std::process::id());
    let world = World::new(WorldOptions {
        folder: Some(folder),
        vault,
        failpoint,
        seed,
        ..WorldOptions::default()
    });
    let known = world.engine.app_state().unwrap().current.is_some();
    let open = if known { world.engine.launches_open().unwrap() } else { Vec::new() };
    let sending = open.iter().filter(|one| one.state == LaunchStateView::Sending).count();
    say("started", &json!({ "sending": sending, "open": open.len() }));
    if known {
        world.engine.resume().await.unwrap();
    } else {
        let request = ConnectRequest { server, session_only: true };
        world.engine.workspace_connect(KEY, &request).await.unwrap();
    }
    let lost = settle(&world).await;
    say("settled", &json!(lost.iter().map(|one| &one.name).collect::<Vec<_>>()));
    for launch in lost {
        // A person gives up on it; the tests see to it that they are right.
        world.engine.launch_leave(&launch.id).unwrap();
    }
    let body = world.plan_of(1).await;
    let yes = Confirmation { calls: 1, reasons: vec![ConfirmReason::SamePlan] };
    for number in 0.. {
        let name = format!("Life {seed}, launch {number}");
        let draft = world.draft(&DraftBody { name, ..body.clone() });
        if number == 0 {
            say("placing", &json!(null));
        }
        let launch = world.engine.launch_place(&draft, Some(&yes)).unwrap();
        world.launch_settled(&launch.id).await;
        if number == 0 {
            say("placed", &json!(null));
        }
        looked_for(&world).await;
    }
}

/// Waits until every launch that is not known was looked for, and gives those still unknown.
async fn settle(world: &World) -> Vec<LaunchView> {
    world.catalogue().await;
    looked_for(world).await
}

async fn looked_for(world: &World) -> Vec<LaunchView> {
    world
        .until("looks for what is unknown", || {
            let mut open = world.engine.launches_open().unwrap();
            open.retain(|one| {
                matches!(one.state, LaunchStateView::Unknown | LaunchStateView::Sending)
            });
            open.iter()
                .all(|one| one.state == LaunchStateView::Unknown && one.looks > 0)
                .then_some(open)
        })
        .await
}

/// Whether a signal ended it, and not a test that failed.
fn was_killed(status: std::process::ExitStatus) -> bool {
    #[cfg(unix)]
    return std::os::unix::process::ExitStatusExt::signal(&status).is_some();
    #[cfg(not(unix))]
    return !status.success();
}

/// A folder and a studio, and the lives that are led with them.
struct Lane {
    server: Server,
    dir: tempfile::TempDir,
    kills: usize,
}

/// One life, until it is killed.
struct Life {
    child: Child,
    lines: tokio::io::Lines<BufReader<ChildStdout>>,
}

impl Life {
    async fn line(&mut self, word: &str) -> Option<Value> {
        let start = format!("KILL {word} ");
        while let Ok(Some(line)) = self.lines.next_line().await {
            if let Some(what) = line.strip_prefix(&start) {
                return serde_json::from_str(what).ok();
            }
        }
        None
    }

    async fn kill(mut self) {
        // `kill` of a child is SIGKILL where there are signals.
        let _ = self.child.kill().await;
    }
}

impl Lane {
    async fn start() -> Self {
        let server = Server::with(|config| {
            config.speed = 20_000.0;
            config.evaluators = 16;
            config.history = false;
        })
        .await;
        let dir = tempfile::TempDir::new().unwrap();
        Self { server, dir, kills: 0 }
    }

    fn life(&self, place: Option<&str>) -> Life {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "kill::child", "--ignored", "--nocapture", "--test-threads=1"])
            .env(FOLDER, self.dir.path())
            .env(SERVER, &self.server.base_url)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        if let Some(place) = place {
            command.env(PLACE, place);
        }
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Life { child, lines }
    }

    /// What the next life finds after a kill.
    async fn check_start(&self, life: &mut Life) {
        let started = life.line("started").await.expect("a start");
        assert_eq!(started["sending"], 0, "rows left `sending` after a restart");
    }

    async fn check_settled(&self, life: &mut Life) {
        let settled = life.line("settled").await.expect("a settled journal");
        let unknown: Vec<&str> =
            settled.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        if unknown.is_empty() {
            return;
        }
        for (sent, _) in self.placed().await {
            let known = unknown.iter().find(|name| sent.starts_with(&format!("{name} ·")));
            assert!(known.is_none(), "{sent} was placed and is not found");
        }
    }

    /// The studio's record: the name of each launch that reached it, and its result where it was
    /// accepted. Nothing is ever taken out of it, so that nothing is missed in between.
    async fn arrived(&self) -> Vec<(String, Option<i64>)> {
        let launches = self.server.launches().await["launches"].clone();
        let launches = launches.as_array().unwrap().iter();
        launches
            .map(|one| (one["body"]["name"].as_str().unwrap().to_owned(), one["result"].as_i64()))
            .collect()
    }

    async fn placed(&self) -> Vec<(String, i64)> {
        let arrived = self.arrived().await.into_iter();
        arrived.filter_map(|(name, result)| Some((name, result?))).collect()
    }

    /// The last life goes on until all is settled; then the journal is held against the record.
    async fn judge(self) -> Verdict {
        let vault = mock_vault();
        vault.keep_for_session(&self.server.base_url, KEY.into()).await;
        let ahead = Ahead::default();
        ahead.forward(3);
        let world = World::new(WorldOptions {
            folder: Some(self.dir.path().to_owned()),
            vault,
            ahead,
            ..WorldOptions::default()
        });
        assert!(
            !world
                .engine
                .launches_open()
                .unwrap()
                .iter()
                .any(|one| one.state == LaunchStateView::Sending)
        );
        world.engine.resume().await.unwrap();
        settle(&world).await;
        world
            .until("the end of every call", || {
                world.engine.connection_read().ok().filter(|view| view.live == 0)
            })
            .await;
        let workspace = world.engine.app_state().unwrap().current.unwrap().id;
        world.engine.close().await.unwrap();
        drop(world);

        let config = LedgerConfig {
            dir: self.dir.path().to_owned(),
            now: Ahead::default().clock(),
            failpoint: None,
        };
        let ledger = Ledger::open(config).unwrap();
        let rows = ledger.launches(workspace, 100_000).unwrap();
        let mut by_name = BTreeMap::new();
        for row in &rows {
            assert!(by_name.insert(row.name.clone(), row).is_none(), "{} has two rows", row.name);
        }
        let mut verdict = Verdict { kills: self.kills, rows: rows.len(), ..Verdict::default() };
        let mut names = BTreeSet::new();
        for (name, result) in self.arrived().await {
            verdict.sent += 1;
            verdict.twice += usize::from(!names.insert(name.clone()));
            let Some(row) = by_name.get(&name) else {
                verdict.without_row += 1;
                continue;
            };
            let Some(result) = result else { continue };
            verdict.placed += 1;
            let known = row.state == LaunchState::Launched && row.result == Some(result);
            verdict.lost += usize::from(!known);
            verdict.adopted += usize::from(known && row.adopted);
            let kept = ledger.result(workspace, result).unwrap();
            let is_its_own =
                kept.is_some_and(|kept| kept.summary.launch_id.as_ref() == Some(&row.id));
            verdict.astray += usize::from(known && !is_its_own);
        }
        verdict.sending = rows.iter().filter(|row| row.state == LaunchState::Sending).count();
        self.server.stop().await;
        verdict
    }
}

/// What came of a lane.
#[derive(Debug, Default)]
struct Verdict {
    kills: usize,
    rows: usize,
    sent: usize,
    placed: usize,
    adopted: usize,
    without_row: usize,
    twice: usize,
    sending: usize,
    lost: usize,
    /// Known results that the archive does not keep as those of their launch.
    astray: usize,
}

impl Verdict {
    fn hold(&self) {
        assert_eq!(self.without_row, 0, "launches sent without a row: {self:?}");
        assert_eq!(self.twice, 0, "calls placed twice: {self:?}");
        assert_eq!(self.sending, 0, "rows left `sending`: {self:?}");
        assert_eq!(self.lost, 0, "launches the server has and the journal does not know: {self:?}");
        assert_eq!(self.astray, 0, "results that are kept as nobody's: {self:?}");
        // Or it would have missed what it is about.
        assert!(self.placed * 10 > self.kills && self.adopted > 0, "{self:?}");
        crate::support::figure(&format!(
            "{} kills, {} rows in the journal, {} launches sent, {} placed, {} of them found by looking",
            self.kills, self.rows, self.sent, self.placed, self.adopted
        ));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_each_named_place() {
    let mut lane = Lane::start().await;
    for (place, fault) in PLACES {
        lane.server.heal().await;
        if let Some(fault) = fault {
            let kind = match fault {
                "refuse" => json!({ "status": { "code": 400, "body": { "name": ["No."] } } }),
                kind => json!(kind),
            };
            let launches = json!({ "method": "POST", "path_contains": "run_scenarios_pipecat_v2" });
            lane.server.fault(json!({ "match": launches, "kind": kind })).await;
        }
        let mut life = lane.life(Some(place));
        lane.check_start(&mut life).await;
        // It may die as soon as it settles what the one before it left.
        let died = tokio::time::timeout(PATIENCE, life.child.wait()).await;
        let died = died.unwrap_or_else(|_| panic!("{place} was never passed")).unwrap();
        assert!(was_killed(died), "{place}: it ended by itself");
        lane.kills += 1;
        lane.server.heal().await;
        // The engine is started again on the same folder, and settles what was left.
        let mut life = lane.life(None);
        lane.check_start(&mut life).await;
        lane.check_settled(&mut life).await;
        life.kill().await;
        lane.kills += 1;
    }
    lane.judge().await.hold();
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random() {
    let kills = if std::env::var_os("LINECHECK_SOAK").is_some() { 2_000 } else { 300 };
    let left = Arc::new(AtomicU64::new(kills));
    // Two at a time: while one starts, the other is killed.
    let lanes = (0..2).map(|number| {
        let left = Arc::clone(&left);
        tokio::spawn(async move {
            let mut lane = Lane::start().await;
            let random = chance(11 + number);
            // How long a life has for placing calls at most. It follows the machine's pace, so that
            // about as many die before their first launch is known as after it.
            let mut longest = Duration::from_millis(40);
            let take = || {
                left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
            };
            while take().is_ok() {
                let mut life = lane.life(None);
                lane.check_start(&mut life).await;
                // One in five dies while it settles what the one before it left, the others while
                // they place calls.
                if random() < 0.2 {
                    tokio::time::sleep(Duration::from_millis((random() * 60.0) as u64)).await;
                } else {
                    lane.check_settled(&mut life).await;
                    life.line("placing").await.expect("calls to be placed");
                    let end = tokio::time::Instant::now() + longest.mul_f64(random());
                    if let Ok(placed) = tokio::time::timeout_at(end, life.line("placed")).await {
                        placed.expect("a launch that is known");
                        longest = longest.mul_f64(0.9);
                        tokio::time::sleep_until(end).await;
                    } else {
                        longest = longest.mul_f64(1.1);
                    }
                }
                life.kill().await;
                lane.kills += 1;
            }
            lane.judge().await
        })
    });
    for lane in lanes.collect::<Vec<_>>() {
        lane.await.unwrap().hold();
    }
}

/// The sweep would be worth little if it could not tell: calls placed behind the engine's back are
/// found out, once more under a name it knows and once under one it does not.
#[tokio::test(flavor = "multi_thread")]
async fn the_judge_can_tell() {
    let mut lane = Lane::start().await;
    let mut life = lane.life(None);
    lane.check_start(&mut life).await;
    life.line("placing").await.expect("calls to be placed");
    let mut sent = tokio::time::timeout(PATIENCE, async {
        loop {
            let launches = lane.server.launches().await["launches"].clone();
            if let Some(one) = launches.get(0).filter(|one| !one["result"].is_null()) {
                break one["body"].clone();
            }
        }
    })
    .await
    .expect("a launch");
    life.kill().await;
    lane.kills += 1;
    lane.server.place(&sent).await;
    sent["name"] = json!("Nobody wrote this down ·abcdef");
    lane.server.place(&sent).await;
    let verdict = lane.judge().await;
    assert_eq!((verdict.twice, verdict.without_row), (1, 1), "{verdict:?}");
    assert!(verdict.lost >= 1, "the second result of the name is not the journal's: {verdict:?}");
}

#[test]
fn the_places_are_many_and_along_the_whole_way() {
    let places: BTreeSet<&str> = PLACES.iter().map(|(place, _)| *place).collect();
    assert!(places.len() >= 12, "{places:?}");
    for part in ["launch.", "send.", "launched.", "look.", "follow."] {
        assert!(places.iter().any(|place| place.starts_with(part)), "{part}");
    }
}
