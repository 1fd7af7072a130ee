//! The key: whose it is, a key store that keeps one waiting, and what is said when it stays.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Instant;

use engine::Code;
use engine::view::{ConnectRequest, ConnectionState, KeyStateView, LaunchStateView};
use keyring_core::CredentialStore;
use serde_json::{Value, json};
use wiremock::matchers::{any, header, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::proxy::{Gate, Proxy, Spoil};
use crate::support::{KEY, PATIENCE, Passes, Server, World, WorldOptions, quick};

fn to(server: &str) -> ConnectRequest {
    ConnectRequest { server: server.to_owned(), session_only: false }
}

/// A key store that answers when it is let, and with a refusal when it is told so.
#[derive(Clone)]
struct Keychain {
    store: Arc<CredentialStore>,
    locked: Arc<AtomicBool>,
}

impl Keychain {
    fn new() -> Self {
        let store: Arc<CredentialStore> = keyring_core::mock::Store::new().unwrap();
        Self { store, locked: Arc::default() }
    }

    /// Another start of the program with the same key store.
    fn vault(&self) -> vault::Vault {
        let this = self.clone();
        vault::Vault::with_store("linecheck-test", PATIENCE, move || this.open())
    }

    /// The same, whose first opening waits for a person.
    fn asking(&self) -> (vault::Vault, mpsc::Sender<()>) {
        let (answer, asked) = mpsc::channel();
        let (asked, this) = (Mutex::new(asked), self.clone());
        let vault = vault::Vault::with_store("linecheck-test", PATIENCE, move || {
            let _ = asked.lock().unwrap().recv();
            this.open()
        });
        (vault, answer)
    }

    fn open(&self) -> keyring_core::Result<Arc<CredentialStore>> {
        if self.locked.load(Ordering::SeqCst) {
            return Err(keyring_core::Error::NoStorageAccess("locked".into()));
        }
        Ok(Arc::clone(&self.store))
    }
}

/// A world in a folder that lasts, with a vault.
fn world_in(folder: &std::path::Path, vault: vault::Vault) -> World {
    World::new(WorldOptions { folder: Some(folder.to_owned()), vault, ..WorldOptions::default() })
}

async fn state(world: &World, wanted: ConnectionState) {
    world
        .until("the state of the connection", || {
            (world.engine.connection_read().ok()?.state == wanted).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_store_that_asks_a_person_keeps_nobody_from_what_is_kept() {
    let server = Server::start().await;
    let dir = tempfile::TempDir::new().unwrap();
    let keychain = Keychain::new();
    let world = world_in(dir.path(), keychain.vault());
    world.engine.workspace_connect(KEY, &to(&server.base_url)).await.unwrap();
    world.catalogue().await;
    world.until("results", || (!world.results().is_empty()).then_some(())).await;
    let body = world.plan_of(1).await;
    world.engine.close().await.unwrap();
    drop(world);

    for unlocked in [true, false] {
        keychain.locked.store(false, Ordering::SeqCst);
        let (vault, answer) = keychain.asking();
        let world = world_in(dir.path(), vault);
        let began = Instant::now();
        world.engine.resume().await.unwrap();
        assert!(began.elapsed() < PATIENCE / 2, "the key was waited for");
        assert!(!world.results().is_empty());
        let connection = world.engine.connection_read().unwrap();
        assert_eq!(connection.state, ConnectionState::Connecting);
        assert_eq!(connection.code, Some(Code::KeychainWaits));
        assert_eq!(world.engine.key_read().await.unwrap().state, KeyStateView::Slow);
        world.engine.results_refresh().unwrap();
        let refused = world.engine.launch_place(&world.draft(&body), None).unwrap_err();
        assert_eq!(refused.code, Code::KeychainWaits);

        keychain.locked.store(!unlocked, Ordering::SeqCst);
        answer.send(()).unwrap();
        if unlocked {
            state(&world, ConnectionState::Online).await;
            assert_eq!(world.engine.key_read().await.unwrap().state, KeyStateView::Saved);
        } else {
            state(&world, ConnectionState::KeyMissing).await;
            let connection = world.engine.connection_read().unwrap();
            assert_eq!(connection.code, Some(Code::KeychainLocked));
        }
        world.engine.close().await.unwrap();
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_can_leave_or_give_a_key_for_the_session_while_the_key_store_asks() {
    let server = Server::start().await;
    let dir = tempfile::TempDir::new().unwrap();
    let keychain = Keychain::new();
    let world = world_in(dir.path(), keychain.vault());
    let id = world.engine.workspace_connect(KEY, &to(&server.base_url)).await.unwrap().id;
    world.engine.close().await.unwrap();
    drop(world);

    let (vault, answer) = keychain.asking();
    let world = world_in(dir.path(), vault);
    world.engine.resume().await.unwrap();
    world.engine.workspace_close().await.unwrap();
    assert!(world.engine.app_state().unwrap().current.is_none());

    world.engine.workspace_open(id).await.unwrap();
    assert_eq!(world.engine.key_replace(KEY, true).await.unwrap().state, KeyStateView::SessionOnly);
    state(&world, ConnectionState::Online).await;
    answer.send(()).unwrap();
    world.catalogue().await;
    assert_eq!(world.engine.key_read().await.unwrap().state, KeyStateView::SessionOnly);
    world.engine.close().await.unwrap();
    server.stop().await;
}

/// A server on which each key belongs to an account: the organisation and the project it shows.
async fn with_accounts(accounts: &[(&str, Value, i64)]) -> MockServer {
    let server = MockServer::start().await;
    for (key, organization, project) in accounts {
        let projects = json!([{ "id": project, "name": "Desk", "organization": organization }]);
        Mock::given(path("/user/v1/projects/"))
            .and(header("X-CEKURA-API-KEY", *key))
            .respond_with(ResponseTemplate::new(200).set_body_json(projects))
            .mount(&server)
            .await;
    }
    let empty = json!({ "count": 0, "next": null, "previous": null, "results": [] });
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_json(empty))
        .with_priority(9)
        .mount(&server)
        .await;
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_another_account_replaces_nothing() {
    let org = |id: i64| json!({ "id": id, "name": format!("Company {id}") });
    let server = with_accounts(&[
        ("key-of-the-first-0001", org(1), 10),
        ("key-of-the-first-0002", org(1), 11),
        ("key-of-the-second-003", org(2), 20),
    ])
    .await;
    let world = World::new(WorldOptions::default());
    let connect = async |key: &str| world.engine.workspace_connect(key, &to(&server.uri())).await;
    let first = connect("key-of-the-first-0001").await.unwrap();
    let refused = connect("key-of-the-second-003").await.unwrap_err();
    assert_eq!((refused.code, refused.detail.as_deref()), (Code::OtherAccount, Some("Company 1")));
    let refused = world.engine.key_replace("key-of-the-second-003", false).await.unwrap_err();
    assert_eq!(refused.code, Code::OtherAccount);
    let key = world.engine.key_read().await.unwrap();
    assert_eq!((key.state, key.last4.as_deref()), (KeyStateView::Saved, Some("0001")));

    // Another key of the same account is what a workspace is for.
    assert_eq!(connect("key-of-the-first-0002").await.unwrap().id, first.id);
    assert_eq!(world.engine.key_read().await.unwrap().last4.as_deref(), Some("0002"));
    world.engine.key_replace("key-of-the-first-0001", false).await.unwrap();

    world.engine.workspace_erase(first.id).await.unwrap();
    assert_eq!(connect("key-of-the-second-003").await.unwrap().label, "Company 2");
    world.engine.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_organisations_accounts_are_told_apart_by_their_projects() {
    let server = with_accounts(&[
        ("key-of-the-first-0001", Value::Null, 10),
        ("key-of-the-second-003", Value::Null, 20),
    ])
    .await;
    let world = World::new(WorldOptions::default());
    let connect = async |key: &str| world.engine.workspace_connect(key, &to(&server.uri())).await;
    connect("key-of-the-first-0001").await.unwrap();
    connect("key-of-the-first-0001").await.unwrap();
    assert_eq!(connect("key-of-the-second-003").await.unwrap_err().code, Code::OtherAccount);
    world.engine.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_stays_in_a_locked_key_store_is_told() {
    let server = Server::start().await;
    let dir = tempfile::TempDir::new().unwrap();
    let keychain = Keychain::new();
    for everything in [false, true] {
        keychain.locked.store(false, Ordering::SeqCst);
        let world = world_in(dir.path(), keychain.vault());
        let id = world.engine.workspace_connect(KEY, &to(&server.base_url)).await.unwrap().id;
        assert_eq!(world.engine.app_state().unwrap().notices, []);
        world.engine.close().await.unwrap();
        drop(world);

        keychain.locked.store(true, Ordering::SeqCst);
        let world = world_in(dir.path(), keychain.vault());
        world.engine.resume().await.unwrap();
        if everything {
            world.engine.data_erase().await.unwrap();
        } else {
            world.engine.workspace_erase(id).await.unwrap();
        }
        let state = world.engine.app_state().unwrap();
        assert_eq!(state.workspaces, []);
        let told: Vec<_> = state.notices.into_iter().map(|one| (one.code, one.detail)).collect();
        assert_eq!(told, [(Code::KeyStays, Some(server.base_url.clone()))]);
        world.engine.close().await.unwrap();
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_erased_while_a_launch_is_on_its_way() {
    let server = Server::start().await;
    let proxy = Proxy::before(&server.base_url).await;
    let world = World::connected_to(&proxy.url(), WorldOptions::default()).await;
    let body = world.plan_of(1).await;
    let gate = Gate::shut();
    proxy.spoil("POST", "run_scenarios", Spoil::Held(Arc::clone(&gate)));
    let launch = world.engine.launch_place(&world.draft(&body), None).unwrap();
    gate.arrived().await;
    assert_eq!(world.engine.data_erase().await.unwrap_err().code, Code::LaunchUnderWay);
    assert_eq!(world.engine.launch_read(&launch.id).unwrap().state, LaunchStateView::Sending);
    gate.let_go();
    let launch = world.launch_settled(&launch.id).await;
    assert_eq!(launch.state, LaunchStateView::Launched);
    world.engine.data_erase().await.unwrap();
    assert_eq!(world.engine.app_state().unwrap().workspaces, []);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trying_a_refused_key_again_asks_the_server() {
    let server = Server::start().await;
    let (network, mut passes) = Passes::of(quick());
    let options = WorldOptions { network, ..WorldOptions::default() };
    let world = World::connected_with(&server, options).await;
    passes.ended().await;
    server.set("key", json!({ "key": "lc-new-key-0123456789" })).await;
    passes.next().await;
    assert_eq!(world.engine.key_read().await.unwrap().state, KeyStateView::Rejected);
    server.set("key", json!({ "key": KEY })).await;
    world.engine.key_retry().await.unwrap();
    passes.ended().await;
    assert_eq!(world.engine.key_read().await.unwrap().state, KeyStateView::Saved);
    assert_eq!(world.engine.connection_read().unwrap().state, ConnectionState::Online);
    server.stop().await;
}
