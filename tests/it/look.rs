//! Looking for a launch whose answer was lost: what is adopted, what is only shown, and the ways out
//! that are a person's.

use engine::Code;
use engine::view::{CheckCode, ConnectionState, DraftBody, LaunchStateView, LaunchView};
use serde_json::{Value, json};

use crate::proxy::{Proxy, Spoil};
use crate::support::{KEY, Passes, Server, World, WorldOptions, quick};

const LAUNCH: &str = "/run_scenarios_pipecat_v2/";
const NO_ROWS: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
                       content-length: 53\r\n\r\n\
                       {\"count\":0,\"next\":null,\"previous\":null,\"results\":[]} ";

/// A studio, a proxy before it, and an engine whose follower goes step by step.
struct Scene {
    server: Server,
    proxy: Proxy,
    world: World,
    passes: Passes,
    body: DraftBody,
}

impl Scene {
    async fn start() -> Self {
        let server = Server::start().await;
        let proxy = Proxy::before(&server.base_url).await;
        let (network, mut passes) = Passes::of(quick());
        let world = World::new(WorldOptions { network, ..WorldOptions::default() });
        let request = engine::view::ConnectRequest { server: proxy.url(), session_only: true };
        world.engine.workspace_connect(KEY, &request).await.unwrap();
        passes.ended().await;
        let body = world.plan_of(2).await;
        Self { server, proxy, world, passes, body }
    }

    /// Places calls whose answer is lost, with looking for them impossible at first. `reaches`: the
    /// studio accepts them all the same. Gives the launch and the body that was sent.
    async fn lose(&mut self, reaches: bool) -> (String, Value) {
        let kind = if reaches { "drop_after" } else { "drop_before" };
        self.server
            .fault(json!({
                "match": { "method": "POST", "path_contains": LAUNCH, "times": 1 },
                "kind": kind,
            }))
            .await;
        self.proxy.spoil("GET", "search=", Spoil::ResetBefore);
        let draft = self.world.draft(&self.body);
        let launch = self.world.engine.launch_place(&draft, None).unwrap();
        let lost = self.world.launch_settled(&launch.id).await;
        assert_eq!(lost.state, LaunchStateView::Unknown);
        self.passes.ended().await;
        assert_eq!(self.world.engine.launch_read(&launch.id).unwrap().looks, 0);
        self.proxy.heal();
        let sent = self.server.launches().await["launches"][0]["body"].clone();
        (launch.id, sent)
    }

    /// One pass, which looks for it.
    async fn look(&mut self, id: &str) -> LaunchView {
        self.passes.next().await;
        self.world.engine.launch_read(id).unwrap()
    }

    async fn only_result(&self) -> i64 {
        let launches = self.server.launches().await["launches"].clone();
        let placed: Vec<i64> =
            launches.as_array().unwrap().iter().filter_map(|one| one["result"].as_i64()).collect();
        assert_eq!(placed.len(), 1, "{launches}");
        placed[0]
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_lags_is_made_up_for_by_the_unfiltered_list() {
    let mut scene = Scene::start().await;
    let (id, _) = scene.lose(true).await;
    scene.proxy.spoil("GET", "search=", Spoil::Answer(NO_ROWS));
    let found = scene.look(&id).await;
    assert_eq!((found.state, found.adopted), (LaunchStateView::Launched, true));
    assert_eq!(found.result_id, Some(scene.only_result().await));
    assert_eq!(found.calls_placed, Some(2));
    scene.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_that_the_server_ignores_mislead_nobody() {
    let mut scene = Scene::start().await;
    // The server's own results from before are many, and none of them is the launch.
    let (id, _) = scene.lose(false).await;
    scene.proxy.spoil("GET", "search=", Spoil::NoQuery);
    let looked = scene.look(&id).await;
    assert_eq!((looked.state, looked.looks), (LaunchStateView::Unknown, 1));
    assert!(looked.found.is_empty(), "{looked:?}");
    assert!(looked.next_look_at.is_some());
    scene.server.stop().await;

    let mut scene = Scene::start().await;
    let (id, _) = scene.lose(true).await;
    scene.proxy.spoil("GET", "search=", Spoil::NoQuery);
    let found = scene.look(&id).await;
    assert_eq!(found.result_id, Some(scene.only_result().await));
    scene.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hits_are_shown_and_none_is_taken() {
    let mut scene = Scene::start().await;
    let (id, sent) = scene.lose(true).await;
    let first = scene.only_result().await;
    let second = scene.server.place(&sent).await;
    let looked = scene.look(&id).await;
    assert_eq!((looked.state, looked.result_id), (LaunchStateView::Unknown, None));
    let mut found = looked.found;
    found.sort_unstable();
    assert_eq!(found, [first, second]);

    // A person says which.
    let taken = scene.world.engine.launch_started(&id, second).await.unwrap();
    assert_eq!((taken.state, taken.result_id), (LaunchStateView::Launched, Some(second)));
    assert!(scene.world.engine.launches_open().unwrap().is_empty());
    scene.passes.ended().await;
    assert!(scene.world.engine.result_read(second).unwrap().row.mine);
    assert_eq!(scene.server.launch_count().await, 2, "it was sent once, and once behind its back");
    scene.server.stop().await;
}

/// The name is ours and the agent is not: that is shown, and the calls are not taken for ours.
#[tokio::test(flavor = "multi_thread")]
async fn a_hit_with_another_agent_is_not_taken() {
    let mut scene = Scene::start().await;
    let (id, mut sent) = scene.lose(false).await;
    let catalogue = scene.world.catalogue().await;
    let other = catalogue
        .agents
        .iter()
        .find(|agent| agent.pipecat_ready == Some(true) && Some(agent.id) != scene.body.agent)
        .expect("another agent");
    sent["agent"] = json!(other.id);
    let result = scene.server.place(&sent).await;
    let looked = scene.look(&id).await;
    assert_eq!((looked.state, looked.result_id), (LaunchStateView::Unknown, None));
    assert_eq!(looked.found, [result]);

    // Only a person may say that it is the one after all, and then its agent is pointed out.
    let taken = scene.world.engine.launch_started(&id, result).await.unwrap();
    assert_eq!(taken.other_agent.as_deref(), Some(other.name.as_str()));
    let open = scene.world.engine.launches_open().unwrap();
    assert_eq!(open.len(), 1, "the alarm stays until it is taken away");
    scene.world.engine.launch_dismiss(&id).unwrap();
    assert!(scene.world.engine.launches_open().unwrap().is_empty());
    scene.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_started_takes_the_pasted_result_and_no_other() {
    let mut scene = Scene::start().await;
    let (id, sent) = scene.lose(true).await;
    let gone = scene.world.engine.launch_started(&id, 1).await.unwrap_err();
    assert_eq!(gone.code, Code::Gone);
    assert_eq!(scene.world.engine.launch_read(&id).unwrap().state, LaunchStateView::Unknown);
    let result = scene.only_result().await;
    let taken = scene.world.engine.launch_started(&id, result).await.unwrap();
    assert_eq!((taken.state, taken.adopted), (LaunchStateView::Launched, true));
    assert!(scene.world.engine.result_read(result).unwrap().row.followed);
    // It is decided; naming another one changes nothing.
    let other = scene.server.place(&sent).await;
    let again = scene.world.engine.launch_started(&id, other).await.unwrap_err();
    assert_eq!(again.code, Code::Gone);
    assert_eq!(scene.world.engine.launch_read(&id).unwrap().result_id, Some(result));
    assert_eq!(scene.server.launch_count().await, 2, "one of them behind its back");
    scene.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_stays_unknown_and_is_not_looked_for_again() {
    let mut scene = Scene::start().await;
    let (id, _) = scene.lose(false).await;
    let looked = scene.look(&id).await;
    assert_eq!(looked.looks, 1);
    let left = scene.world.engine.launch_leave(&id).unwrap();
    assert_eq!((left.state, left.settled), (LaunchStateView::Unknown, true));
    assert!(left.next_look_at.is_none());
    assert!(scene.world.engine.launches_open().unwrap().is_empty());
    scene.world.ahead.forward(7200);
    scene.proxy.take_seen();
    assert_eq!(scene.look(&id).await.looks, 1);
    assert!(!scene.proxy.take_seen().iter().any(|one| one.contains("search=")));
    assert_eq!(scene.server.launch_count().await, 1, "and nothing is sent again");
    scene.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_for_haste_says_how_long_to_wait_and_sends_nothing_by_itself() {
    let mut scene = Scene::start().await;
    scene
        .server
        .fault(json!({
            "match": { "method": "POST", "path_contains": LAUNCH, "times": 1 },
            "kind": { "status": { "code": 429, "retry_after": 17 } },
        }))
        .await;
    let launch = scene.world.place(&scene.body).await;
    assert_eq!((launch.state, launch.code), (LaunchStateView::Refused, Some(Code::Throttled)));
    assert_eq!(launch.wait_seconds, Some(17.0));
    scene.passes.ended().await;
    let shown = scene.world.engine.connection_read().unwrap();
    assert_eq!(shown.state, ConnectionState::Online, "the refusal is about this launch");
    scene.world.ahead.forward(60);
    scene.passes.next().await;
    scene.passes.next().await;
    assert_eq!(scene.server.launch_count().await, 1, "nothing is sent by the clock");
    let draft = scene.world.engine.draft_read().unwrap();
    assert_eq!(draft.body, scene.body, "the choices are open again");
    let again = scene.world.engine.launch_place(&draft.id, None).unwrap();
    assert_eq!(scene.world.launch_settled(&again.id).await.state, LaunchStateView::Launched);
    assert_eq!(scene.server.placed_count().await, 1);
    scene.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_may_not_launch_is_known_as_such() {
    let scene = Scene::start().await;
    scene
        .server
        .fault(json!({
            "match": { "method": "POST", "path_contains": LAUNCH },
            "kind": { "status": { "code": 403, "body": { "detail": "This API key may only read." } } },
        }))
        .await;
    let launch = scene.world.place(&scene.body).await;
    assert_eq!((launch.state, launch.code), (LaunchStateView::Refused, Some(Code::Forbidden)));
    assert_eq!(scene.world.engine.connection_read().unwrap().may_launch, Some(false));
    let view = scene.world.engine.plan_check(&scene.body).unwrap();
    assert!(!view.may_place);
    assert!(view.checks.iter().any(|check| check.code == CheckCode::KeyMayNotLaunch), "{view:?}");
    let draft = scene.world.engine.draft_read().unwrap();
    let stopped = scene.world.engine.launch_place(&draft.id, None).unwrap_err();
    assert_eq!(stopped.code, Code::PlanNotReady);
    assert_eq!(scene.server.launch_count().await, 1);
    scene.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_names_another_agent_raises_the_alarm() {
    let scene = Scene::start().await;
    let catalogue = scene.world.catalogue().await;
    let other = catalogue
        .agents
        .iter()
        .find(|agent| agent.pipecat_ready == Some(true) && Some(agent.id) != scene.body.agent)
        .expect("another agent")
        .clone();
    let id = other.id;
    let swap = move |answer: &mut Value| answer["agent"] = json!(id);
    scene.proxy.spoil("POST", LAUNCH, Spoil::Edit(std::sync::Arc::new(swap)));
    let launch = scene.world.place(&scene.body).await;
    assert_eq!(launch.state, LaunchStateView::Launched);
    assert_eq!(launch.other_agent.as_deref(), Some(other.name.as_str()));
    let open = scene.world.engine.launches_open().unwrap();
    assert_eq!(open.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), [launch.id.as_str()]);
    scene.server.stop().await;
}
