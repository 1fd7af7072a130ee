//! Two hundred results are followed and the server goes away for ten minutes: few requests, one
//! state on the screen, and everything by itself afterwards.
//!
//! The engine's pauses are in the test's hands and move the clock of both sides, so that ten minutes
//! pass as fast as the passes run. (Tokio's paused clock would not do: it runs ahead whenever every
//! task waits for the network, and each request would seem to time out.)

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::Network;
use engine::view::{ConnectRequest, ConnectionState, FeedTopic};
use ledger::{Ledger, LedgerConfig, ResultPut};
use serde_json::json;

use crate::proxy::{Proxy, Spoil};
use crate::support::{Ahead, KEY, Passes, Server, World, WorldOptions, mock_vault};

const FOLLOWED: usize = 200;
const AWAY: Duration = Duration::from_secs(600);

const MAINTENANCE: &str = "HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/html\r\n\
                           content-length: 26\r\n\r\n<html>Back shortly.</html>";
const BUSY: &str = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 30\r\ncontent-length: 0\r\n\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_is_not_stormed() {
    let ahead = Ahead::default();
    let server = Server::ahead(&ahead, |config| {
        // Calls that outlast three times ten minutes.
        config.speed = 0.02;
        config.parallel_limit = 1000;
        config.evaluators = 16;
        config.history = false;
    })
    .await;
    let proxy = Proxy::before(&server.base_url).await;
    let dir = tempfile::TempDir::new().unwrap();
    let vault = mock_vault();
    let options = |network| WorldOptions {
        network,
        folder: Some(dir.path().to_owned()),
        vault: vault.clone(),
        ahead: ahead.clone(),
        ..WorldOptions::default()
    };

    // The pace of the program itself: this is what is measured.
    let (network, mut passes) = Passes::of(Network::default());
    let world = World::new(options(network));
    let request = ConnectRequest { server: proxy.url(), session_only: false };
    world.engine.workspace_connect(KEY, &request).await.unwrap();
    passes.ended().await;
    let workspace = world.engine.app_state().unwrap().current.unwrap().id;
    let body = world.plan_of(1).await;
    world.engine.close().await.unwrap();
    drop(world);
    follow_many(
        &server,
        dir.path(),
        &ahead,
        workspace,
        &json!({
            "scenarios": [{ "scenario": body.evaluators[0] }],
            "agent": body.agent,
            "mock_tool_names": null,
        }),
    )
    .await;

    let (network, mut passes) = Passes::of(Network::default());
    let world = World::new(options(network));
    let heard: Arc<Mutex<BTreeSet<FeedTopic>>> = Arc::default();
    let ear = Arc::clone(&heard);
    world.engine.on_change(Box::new(move |topic, _| {
        ear.lock().unwrap().insert(topic);
    }));
    world.engine.resume().await.unwrap();
    let mut pause = passes.ended().await;
    assert_eq!(world.engine.connection_read().unwrap().live as usize, FOLLOWED);

    let weathers = [
        (Spoil::ResetBefore, ConnectionState::Offline, 60),
        (Spoil::Answer(MAINTENANCE), ConnectionState::Trouble, 60),
        // Each answer asks for half a minute.
        (Spoil::Answer(BUSY), ConnectionState::Throttled, 20),
    ];
    for (spoil, state, most) in weathers {
        proxy.spoil("GET", "/", spoil);
        proxy.take_seen();
        heard.lock().unwrap().clear();
        let mut away = Duration::ZERO;
        let mut shown = BTreeSet::new();
        while away < AWAY {
            ahead.by(pause);
            away += pause;
            pause = passes.next().await;
            let view = world.engine.connection_read().unwrap();
            shown.insert(format!("{:?} {:?}", view.state, view.code));
            assert_eq!(view.state, state, "{view:?}");
            assert!(view.next_try_at.is_some(), "it says when it tries again");
        }
        assert_eq!(shown.len(), 1, "one state throughout: {shown:?}");
        let topics: Vec<FeedTopic> = heard.lock().unwrap().iter().copied().collect();
        assert_eq!(topics, [FeedTopic::Connection], "nothing is told beside the banner");
        let asked = proxy.take_seen().len();
        assert!((5..=most).contains(&asked), "{state:?}: {asked} requests in ten minutes");
        crate::support::figure(&format!("{state:?}: {asked} requests in ten minutes"));

        proxy.heal();
        ahead.by(pause);
        pause = passes.next().await;
        let view = world.engine.connection_read().unwrap();
        assert_eq!((view.state, view.code), (ConnectionState::Online, None), "by itself");
        // A few calls that never connect may have ended by now.
        assert!(view.live as usize >= FOLLOWED * 9 / 10, "{view:?}");
    }

    // And every one of them is followed to its end.
    ahead.forward(24 * 3600);
    for _ in 0..200 {
        if world.engine.connection_read().unwrap().live == 0 {
            break;
        }
        ahead.by(pause);
        pause = passes.next().await;
    }
    let view = world.engine.connection_read().unwrap();
    assert_eq!((view.state, view.live), (ConnectionState::Online, 0));
    let rows = world.results();
    assert_eq!(rows.iter().filter(|row| row.finished).count(), FOLLOWED);
    server.stop().await;
}

/// Places calls behind the engine's back and has them followed.
async fn follow_many(
    server: &Server,
    folder: &std::path::Path,
    ahead: &Ahead,
    workspace: i64,
    body: &serde_json::Value,
) {
    let mut ids = Vec::with_capacity(FOLLOWED);
    for _ in 0..FOLLOWED {
        ids.push(server.place(body).await);
    }
    let ledger =
        Ledger::open(LedgerConfig { dir: folder.to_owned(), now: ahead.clock(), failpoint: None })
            .unwrap();
    for id in ids {
        let put = ResultPut {
            id,
            name: format!("Followed {id}"),
            agent: None,
            agent_name: None,
            status: Some("running".to_owned()),
            run_type: None,
            scheduled: false,
            created_at: Some((ahead.clock())()),
            expected_calls: Some(1),
            launch_id: None,
            followed: Some(true),
            raw: json!({ "id": id }),
            has_detail: false,
            server_passed: None,
            server_failed: None,
        };
        ledger.result_put(workspace, &put).unwrap();
    }
}
