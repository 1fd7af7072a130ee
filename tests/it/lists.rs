//! The list of results: how much of the server's is read, with which keys, and what is said meanwhile.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::view::{
    CatalogueState, ConnectRequest, ConnectionState, FeedTopic, ResultsPage, ResultsQuery,
};
use engine::{Code, Engine, Network};
use serde_json::{Value, json};
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::{KEY, PATIENCE, Passes, Server, World, WorldOptions, quick};

fn page(engine: &Engine) -> ResultsPage {
    engine.results_list(&ResultsQuery { limit: 500, ..ResultsQuery::default() }).unwrap()
}

/// The state of the list, and why it could not be read.
type Said = (CatalogueState, Option<Code>);

/// What the list is said to be, each time the feed names the results: all that a page ever sees.
struct Told(Arc<Mutex<Vec<Said>>>);

impl Told {
    fn by(world: &World) -> Self {
        let told = Arc::new(Mutex::new(Vec::new()));
        let (kept, engine) = (Arc::clone(&told), world.engine.clone());
        world.engine.on_change(Box::new(move |topic, _| {
            if topic == FeedTopic::Results
                && let Ok(page) = engine.results_list(&ResultsQuery::default())
            {
                let now = (page.state, page.error.map(|error| error.code));
                let mut all = kept.lock().unwrap();
                if all.last() != Some(&now) {
                    all.push(now);
                }
            }
        }));
        Self(told)
    }

    fn take(&self) -> Vec<Said> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

async fn connect(world: &World, server: &str) {
    let request = ConnectRequest { server: server.to_owned(), session_only: true };
    world.engine.workspace_connect(KEY, &request).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_without_results_is_told_to_be_read() {
    let server = Server::with(|config| config.history = false).await;
    let (network, mut passes) = Passes::of(quick());
    let world = World::new(WorldOptions { network, ..WorldOptions::default() });
    let told = Told::by(&world);
    server.fault(json!({ "match": { "path_contains": "/results/" }, "kind": { "status": { "code": 500 } } })).await;
    connect(&world, &server.base_url).await;
    passes.ended().await;
    let failed = (CatalogueState::Failed, Some(Code::ServerTrouble));
    assert_eq!(told.take().last(), Some(&failed), "why it is not read");

    server.heal().await;
    passes.next().await;
    assert_eq!(told.take().last(), Some(&(CatalogueState::Ready, None)), "that it is empty");
    assert_eq!(page(&world.engine).total, 0);

    passes.next().await;
    assert_eq!(told.take(), [], "what stays as it is, is told once");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_again_is_told_at_both_ends_whatever_comes_of_it() {
    let server = Server::with(|config| config.history = false).await;
    let (network, mut passes) = Passes::of(quick());
    let world = World::new(WorldOptions { network, ..WorldOptions::default() });
    connect(&world, &server.base_url).await;
    passes.ended().await;
    let told = Told::by(&world);
    let both = [(CatalogueState::Refreshing, None), (CatalogueState::Ready, None)];

    world.engine.results_refresh().unwrap();
    passes.ended().await;
    assert_eq!(told.take(), both);

    server.stop().await;
    world.engine.results_refresh().unwrap();
    passes.ended().await;
    assert_eq!(told.take(), both, "without the server, too");
    assert_eq!(world.engine.connection_read().unwrap().state, ConnectionState::Offline);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_a_whole_organisation_has_its_results_after_the_first_pass() {
    for history in [true, false] {
        let server = Server::with(|config| {
            config.scoped = true;
            config.history = history;
        })
        .await;
        let (network, mut passes) = Passes::of(quick());
        let world = World::new(WorldOptions { network, ..WorldOptions::default() });
        connect(&world, &server.base_url).await;
        passes.ended().await;
        let page = page(&world.engine);
        assert_eq!(page.state, CatalogueState::Ready);
        assert_eq!(page.rows.is_empty(), !history);
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_one_question_is_about_ends_no_pass() {
    // Only an answer that does not come is not waited for so long as in life.
    let hasty = cekura::Limits { request: Duration::from_secs(3), ..cekura::Limits::default() };
    let troubles = [
        (json!({ "status": { "code": 500 } }), cekura::Limits::default()),
        (json!({ "status": { "code": 503 } }), cekura::Limits::default()),
        (json!({ "html": {} }), cekura::Limits::default()),
        (json!({ "delay_ms": 600_000 }), hasty),
    ];
    for (trouble, limits) in troubles {
        for question in
            ["/billing/info/", "/personalities/", "/metrics/", "/test-profiles/", "/folders/"]
        {
            let server = Server::with(|config| config.evaluators = 8).await;
            let (network, mut passes) = Passes::of(Network { limits: limits.clone(), ..quick() });
            let world = World::new(WorldOptions { network, ..WorldOptions::default() });
            let only = json!({ "method": "GET", "path_contains": question });
            server.fault(json!({ "match": only, "kind": trouble })).await;
            connect(&world, &server.base_url).await;
            passes.ended().await;
            let catalogue = world.engine.catalogue_read().unwrap();
            assert_eq!(catalogue.agents.len(), 3, "{question}: {trouble}");
            assert_eq!(catalogue.callers.is_empty(), question == "/personalities/", "{trouble}");
            let connection = world.engine.connection_read().unwrap();
            assert_eq!(connection.state, ConnectionState::Online, "{question}: {trouble}");
            assert_eq!(connection.credits.is_none(), question == "/billing/info/", "{trouble}");
            server.stop().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_again_stays_known_and_a_lost_connection_still_counts() {
    let server = Server::with(|config| config.evaluators = 8).await;
    let (network, mut passes) = Passes::of(quick());
    let world = World::new(WorldOptions { network, ..WorldOptions::default() });
    connect(&world, &server.base_url).await;
    passes.ended().await;
    let before = world.engine.catalogue_read().unwrap();
    assert!(!before.callers.is_empty() && !before.profiles.is_empty());
    // Neither a server in trouble nor a page of something on the way withholds a list.
    for trouble in [
        json!({ "status": { "code": 502 } }),
        json!({ "html": { "code": 400 } }),
        json!({ "html": { "code": 403 } }),
        json!({ "html": { "code": 404 } }),
    ] {
        server.heal().await;
        for question in ["/personalities/", "/test-profiles/", "/folders/"] {
            let only = json!({ "method": "GET", "path_contains": question });
            server.fault(json!({ "match": only, "kind": trouble })).await;
        }
        let known = world.engine.catalogue_read().unwrap();
        world.engine.catalogue_refresh().unwrap();
        passes.ended().await;
        let after = world.engine.catalogue_read().unwrap();
        assert_ne!(after.fetched_at, known.fetched_at);
        assert_eq!((&after.callers, &after.profiles), (&before.callers, &before.profiles));
        assert_eq!(after.folders, before.folders, "{trouble}");
    }
    server.heal().await;
    let only = json!({ "method": "GET", "path_contains": "/personalities/" });
    let withheld = json!({ "status": { "code": 403, "body": { "detail": "Not allowed." } } });
    server.fault(json!({ "match": only, "kind": withheld })).await;
    world.engine.catalogue_refresh().unwrap();
    passes.ended().await;
    let after = world.engine.catalogue_read().unwrap();
    assert!(after.callers.is_empty(), "this key may not see them any more");
    assert_eq!(after.profiles, before.profiles);

    server.heal().await;
    let only = json!({ "method": "GET", "path_contains": "/billing/info/" });
    server.fault(json!({ "match": only, "kind": "drop_before" })).await;
    world.engine.results_refresh().unwrap();
    passes.ended().await;
    assert_eq!(world.engine.connection_read().unwrap().state, ConnectionState::Offline);
    server.stop().await;
}

/// A server that puts at most thirty results on a page, whatever it is asked for.
async fn thirty_a_page(results: usize, says_how_many: bool) -> MockServer {
    let server = MockServer::start().await;
    let list = move |request: &Request| {
        let page = request.url.query_pairs().find(|(name, _)| name == "page");
        let page: usize = page.map_or(1, |(_, value)| value.parse().unwrap());
        let rows: Vec<Value> = (0..results)
            .skip((page - 1) * 30)
            .take(30)
            .map(|at| json!({ "id": 9_000 - at, "name": format!("Run {at}"), "status": "completed" }))
            .collect();
        if rows.is_empty() {
            return ResponseTemplate::new(404).set_body_json(json!({ "detail": "Invalid page." }));
        }
        let mut answer = json!({ "next": null, "previous": null, "results": rows });
        if says_how_many {
            answer["count"] = json!(results);
        }
        ResponseTemplate::new(200).set_body_json(answer)
    };
    let at = |place: &str| Mock::given(method("GET")).and(path(place.to_owned()));
    at("/test_framework/v2/results/").respond_with(list).mount(&server).await;
    at("/user/v1/projects/")
        .respond_with(
            ResponseTemplate::new(200).set_body_json(json!([{ "id": 4, "name": "Desk" }])),
        )
        .mount(&server)
        .await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(404).set_body_json(json!({ "detail": "Not found." })))
        .with_priority(9)
        .mount(&server)
        .await;
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_hundred_are_read_however_few_stand_on_a_page() {
    // How many there are, whether that is said, how many are known then, and the pages it takes.
    for (results, says, known, pages) in [
        (70, true, 70, 3),
        (70, false, 70, 4),
        (250, true, 120, 4),
        (250, false, 120, 4),
        (1, true, 1, 1),
    ] {
        let server = thirty_a_page(results, says).await;
        let (network, mut passes) = Passes::of(quick());
        let world = World::new(WorldOptions { network, ..WorldOptions::default() });
        connect(&world, &server.uri()).await;
        tokio::time::timeout(PATIENCE, passes.ended()).await.unwrap();
        assert_eq!(page(&world.engine).total, known, "{results} results");
        let asked = server.received_requests().await.unwrap();
        let asked = asked.iter().filter(|one| one.url.path() == "/test_framework/v2/results/");
        assert_eq!(asked.count(), pages, "{results} results, said: {says}");
    }
}
