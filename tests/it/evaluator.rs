//! An evaluator that is opened: from the ledger at once, from the server behind it, and what becomes
//! of one that the server does not have any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use engine::Code;
use engine::view::{
    CheckCode, ConnectRequest, ConnectionState, FeedTopic, LaunchStateView, PlanCheck,
};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::proxy::{Gate, Proxy, Spoil};
use crate::support::{KEY, PATIENCE, Passes, Server, World, WorldOptions, quick};

/// A world whose follower does nothing by itself, connected through a proxy.
struct Reader {
    world: World,
    passes: Passes,
    kept: mpsc::UnboundedReceiver<()>,
}

impl Reader {
    async fn before(proxy: &Proxy) -> Self {
        let (network, mut passes) = Passes::of(quick());
        let (keep, kept) = mpsc::unbounded_channel();
        let failpoint: engine::Failpoint = Arc::new(move |place| {
            if place == "evaluator.kept" {
                let _ = keep.send(());
            }
        });
        let failpoint = Some(failpoint);
        let world = World::new(WorldOptions { failpoint, network, ..WorldOptions::default() });
        let request = ConnectRequest { server: proxy.url(), session_only: true };
        world.engine.workspace_connect(KEY, &request).await.unwrap();
        passes.ended().await;
        Self { world, passes, kept }
    }

    /// Waits until what the server has of an evaluator has been read behind an opened one.
    async fn kept(&mut self) {
        tokio::time::timeout(PATIENCE, self.kept.recv()).await.expect("a reading").unwrap();
    }

    /// Counts how often something of the catalogue is told from now on.
    fn told(&self) -> Arc<AtomicUsize> {
        let told = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&told);
        self.world.engine.on_change(Box::new(move |topic, _| {
            if topic == FeedTopic::Catalogue {
                counted.fetch_add(1, Ordering::SeqCst);
            }
        }));
        told
    }
}

fn newer(detail: &mut Value) {
    detail["instructions"] = json!("Ask for the manager.");
}

fn few(config: &mut practice::StudioConfig) {
    config.evaluators = 8;
    config.history = false;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_script_is_there_at_once_and_a_newer_one_is_told() {
    let server = Server::with(few).await;
    let proxy = Proxy::before(&server.base_url).await;
    let mut reader = Reader::before(&proxy).await;
    let id = reader.world.plan_of(1).await.evaluators[0];
    let kept = reader.world.engine.evaluator_read(id).await.unwrap();
    assert!(kept.script.as_deref().is_some_and(|script| script.len() > 20), "{kept:?}");
    reader.kept().await;

    // Nobody waits for a server that does not answer: whoever did would hear that it is not there.
    reader.world.ahead.forward(60);
    proxy.spoil("GET", &format!("/scenarios/{id}/"), Spoil::Blackhole);
    assert_eq!(reader.world.engine.evaluator_read(id).await.unwrap().script, kept.script);
    let connection = reader.world.engine.connection_read().unwrap();
    assert_eq!(connection.state, ConnectionState::Online, "no answer was waited for");

    // What the server has now is told, once, and read without asking it once more.
    let told = reader.told();
    proxy.spoil("GET", &format!("/scenarios/{id}/"), Spoil::Edit(Arc::new(newer)));
    for _ in 0..3 {
        reader.world.ahead.forward(60);
        reader.world.engine.evaluator_read(id).await.unwrap();
        reader.kept().await;
        let read = reader.world.engine.evaluator_read(id).await.unwrap();
        assert_eq!(read.script.as_deref(), Some("Ask for the manager."));
    }
    assert_eq!(told.load(Ordering::SeqCst), 1, "what is known already is no news");
    server.stop().await;
}

/// The answer to an earlier question comes after that to a later one, with what was so then.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_late_does_not_bring_the_older_script_back() {
    let server = Server::with(few).await;
    let proxy = Proxy::before(&server.base_url).await;
    let mut reader = Reader::before(&proxy).await;
    let id = reader.world.plan_of(1).await.evaluators[0];
    let told = reader.told();
    let gate = Gate::shut();
    let path = format!("/scenarios/{id}/");
    proxy.spoil("GET", &path, Spoil::Held(Arc::clone(&gate)));
    reader.world.engine.evaluator_read(id).await.unwrap();
    gate.arrived().await;
    proxy.spoil("GET", &path, Spoil::Edit(Arc::new(newer)));
    reader.world.ahead.forward(60);
    reader.world.engine.evaluator_read(id).await.unwrap();
    reader.kept().await;
    gate.let_go();
    reader.kept().await;
    let read = reader.world.engine.evaluator_read(id).await.unwrap();
    assert_eq!(read.script.as_deref(), Some("Ask for the manager."));
    assert_eq!(told.load(Ordering::SeqCst), 1, "it is told once");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_without_scripts_has_them_read_where_they_can_be() {
    let server = Server::with(few).await;
    let proxy = Proxy::before(&server.base_url).await;
    let short = |list: &mut Value| {
        for row in list["results"].as_array_mut().into_iter().flatten() {
            row.as_object_mut().unwrap().remove("instructions");
        }
    };
    proxy.spoil("GET", "/scenarios/?", Spoil::Edit(Arc::new(short)));
    let Reader { world, .. } = Reader::before(&proxy).await;
    let ids = world.plan_of(2).await.evaluators;
    let read = world.engine.evaluator_read(ids[0]).await.unwrap();
    assert!(read.script.is_some(), "waited for");

    proxy.spoil("GET", "/scenarios/", Spoil::ResetBefore);
    let read = world.engine.evaluator_read(ids[0]).await.unwrap();
    assert!(read.script.is_some(), "kept");
    let read = world.engine.evaluator_read(ids[1]).await.unwrap();
    assert!(read.script.is_none(), "what the list tells is shown all the same");
    assert_eq!(world.engine.connection_read().unwrap().state, ConnectionState::Offline);
    let unheard = world.engine.evaluator_read(999).await.unwrap_err();
    assert_ne!(unheard.code, Code::Gone, "a server that cannot be asked has not said so");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_was_deleted_is_gone_until_the_list_is_read_again() {
    let server = Server::with(few).await;
    let proxy = Proxy::before(&server.base_url).await;
    let mut reader = Reader::before(&proxy).await;
    let id = reader.world.plan_of(1).await.evaluators[0];
    reader.world.engine.evaluator_read(id).await.unwrap();
    reader.kept().await;
    let Reader { world, mut passes, .. } = reader;
    world.ahead.forward(60);
    proxy.take_seen();
    let gone = "HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}";
    proxy.spoil("GET", &format!("/scenarios/{id}/"), Spoil::Answer(gone));
    world.engine.evaluator_read(id).await.unwrap();
    // The pass that reads the list because of it: this server lists it still.
    passes.ended().await;
    let read = proxy.take_seen();
    assert!(read.iter().any(|one| one.contains("/scenarios/?")), "{read:?}");
    for _ in 0..2 {
        assert_eq!(world.engine.evaluator_read(id).await.unwrap_err().code, Code::Gone);
    }
    assert_eq!(proxy.take_seen(), [""; 0], "a server that has said so is not asked again");
    proxy.heal();
    world.engine.catalogue_refresh().unwrap();
    passes.ended().await;
    world.engine.evaluator_read(id).await.unwrap();
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_launch_refused_for_what_is_gone_says_in_the_plan_what_it_was() {
    let server = Server::with(|config| config.evaluators = 16).await;
    let port = server.base_url.rsplit_once(':').unwrap().1.parse().unwrap();
    let world = World::connected(&server).await;
    let body = world.plan_of(4).await;
    let names: Vec<String> = {
        let rows = world.engine.evaluators_list(body.agent).unwrap();
        rows.into_iter().map(|row| row.name).collect()
    };
    // The same server with fewer evaluators.
    server.stop().await;
    let server = Server::with(|config| {
        config.port = port;
        config.evaluators = 1;
    })
    .await;
    let launch = world.place(&body).await;
    assert_eq!(launch.state, LaunchStateView::Refused);
    assert!(launch.problems.iter().any(|one| one.field == "evaluators"), "{launch:?}");
    let gone: PlanCheck = world
        .until("the check that names them", || {
            let checks = world.engine.plan_check(&body).unwrap().checks;
            checks.into_iter().find(|check| check.code == CheckCode::EvaluatorsGone)
        })
        .await;
    assert!(gone.names.len() >= 3, "{gone:?}");
    assert!(gone.names.iter().all(|name| names.contains(name)), "{gone:?}");
    server.stop().await;
}
