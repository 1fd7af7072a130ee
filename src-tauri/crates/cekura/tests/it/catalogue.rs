//! Projects, agents, scenarios, personalities, profiles, metrics, the balance.

use cekura::{
    AgentFilter, AgentId, MetricFilter, MetricId, PersonalityId, ProjectId, ScenarioFilter,
    ScenarioId, TestProfileId, TestProfileScope,
};
use serde_json::json;
use wiremock::{MockServer, ResponseTemplate};

use crate::fixtures;
use crate::support::{answering, answering_in_turn, answering_json, client, only, query, requests};

const PROJECT: Option<i64> = Some(12);

fn twelve() -> ProjectId {
    ProjectId::from(12)
}

#[track_caller]
fn asked(request: &wiremock::Request, path: &str, queries: &[(&str, &str)]) {
    assert_eq!((request.method.as_str(), request.url.path()), ("GET", path));
    for (name, value) in queries {
        assert_eq!(query(request, name).as_deref(), Some(*value), "{name} of {}", request.url);
    }
}

async fn paged(item: serde_json::Value) -> MockServer {
    answering_json(fixtures::page(vec![item], 1)).await
}

#[tokio::test]
async fn projects() {
    let server = answering_json(json!([fixtures::project(12), { "id": "13" }])).await;
    let listing = client(&server.uri()).projects().await.unwrap();
    assert_eq!(listing.items[0].name, "Harbour desk");
    assert_eq!(listing.items[0].organization_name.as_deref(), Some("Saltmarsh Ferries"));
    assert_eq!(listing.items[0].raw, fixtures::project(12));
    assert_eq!((listing.items[1].id.get(), listing.items[1].name.as_str()), (13, ""));
    asked(&only(requests(&server).await), "/user/v1/projects/", &[]);
}

#[tokio::test]
async fn agents_of_both_versions() {
    let items = vec![fixtures::agent(501), fixtures::agent_v1(502)];
    let server = answering_json(fixtures::page(items, 2)).await;
    let filter = AgentFilter { project: Some(twelve()) };
    let listing = client(&server.uri()).agents(&filter).await.unwrap();
    for agent in &listing.items {
        assert_eq!(agent.name, "Ticket clerk");
        assert_eq!(agent.project.map(ProjectId::get), PROJECT);
        assert_eq!(agent.provider_type.as_deref(), Some("pipecat"));
        assert_eq!(agent.pipecat_agent_name.as_deref(), Some("ticket-clerk-eu"));
    }
    let [new, old] = listing.items.as_slice() else { panic!("{listing:?}") };
    assert_eq!((new.tracing_enabled, old.tracing_enabled), (Some(false), Some(true)));
    assert_eq!((new.mock_tools_enabled, old.mock_tools_enabled), (Some(true), None));
    assert_eq!(new.enabled_personalities, [PersonalityId::from(31), PersonalityId::from(32)]);
    assert!(old.enabled_personalities.is_empty());
    let tools: Vec<_> = new.mock_tools.iter().map(|tool| tool.name.as_str()).collect();
    assert_eq!(tools, ["find_crossing", "book_crossing"]);
    assert_eq!(new.mock_tools[0].description.as_deref(), Some("Looks up a crossing"));
    asked(
        &only(requests(&server).await),
        "/test_framework/v2/aiagents/",
        &[("project_id", "12"), ("page", "1"), ("page_size", "100")],
    );
}

#[tokio::test]
async fn an_agent_without_pipecat_says_so_by_what_is_missing() {
    let agents = json!([
        { "id": 1, "provider": null },
        { "id": 2, "provider": { "type": "vapi", "credentials": null } },
        { "id": 3, "provider": { "type": "pipecat", "credentials": { "config": { "pipecat_agent_name": " " } } } },
    ]);
    let server = answering_json(agents).await;
    let listing = client(&server.uri()).agents(&AgentFilter::default()).await.unwrap();
    let types: Vec<_> = listing.items.iter().map(|it| it.provider_type.as_deref()).collect();
    assert_eq!(types, [None, Some("vapi"), Some("pipecat")]);
    assert!(listing.items.iter().all(|agent| agent.pipecat_agent_name.is_none()));
}

#[tokio::test]
async fn scenarios() {
    let server = paged(fixtures::scenario(9001)).await;
    let filter = ScenarioFilter {
        project: Some(twelve()),
        agent: Some(AgentId::from(501)),
        folder_path: Some(String::new()),
        tags: vec!["smoke".to_owned(), "a&b".to_owned()],
    };
    let listing = client(&server.uri()).scenarios(&filter).await.unwrap();
    let scenario = &listing.items[0];
    assert_eq!(scenario.id, ScenarioId::from(9001));
    assert_eq!(scenario.agent, Some(AgentId::from(501)));
    assert_eq!(scenario.personality, Some(PersonalityId::from(31)));
    assert_eq!(scenario.personality_name.as_deref(), Some("Hurried commuter"));
    assert_eq!(scenario.test_profile, Some(TestProfileId::from(41)));
    assert_eq!(scenario.folder_path.as_deref(), Some("bookings.missed"));
    assert_eq!(scenario.tags, ["smoke", "rebooking"]);
    assert_eq!(scenario.metric_names, ["Reads the time back", "Latency"]);
    assert_eq!(scenario.language.as_deref(), Some("en"));
    assert!(scenario.expected_outcome_prompt.as_deref().unwrap().starts_with("Offers"));
    assert_eq!(scenario.updated_at.as_deref(), Some("2026-10-02T08:00:00Z"));
    asked(
        &only(requests(&server).await),
        "/test_framework/v1/scenarios/",
        &[("project_id", "12"), ("agent_id", "501"), ("folder_path", ""), ("tags", "smoke,a&b")],
    );
}

#[tokio::test]
async fn one_scenario() {
    let server = answering_json(fixtures::scenario(9001)).await;
    let scenario = client(&server.uri()).scenario(ScenarioId::from(9001)).await.unwrap();
    assert_eq!(scenario.name, "Missed the last boat");
    asked(&only(requests(&server).await), "/test_framework/v1/scenarios/9001/", &[]);

    let server =
        answering(ResponseTemplate::new(404).set_body_json(json!({ "detail": "Not found." })))
            .await;
    let error = client(&server.uri()).scenario(ScenarioId::from(9001)).await.unwrap_err();
    assert_eq!(error.code(), "not_found");

    let server = answering_json(json!({ "name": "no id" })).await;
    let error = client(&server.uri()).scenario(ScenarioId::from(9001)).await.unwrap_err();
    assert_eq!(error.code(), "unreadable");
}

#[tokio::test]
async fn folders_are_told_apart_by_their_path() {
    let items = vec![
        fixtures::folder("bookings"),
        json!({ "path": "bookings.missed", "name": null }),
        json!({ "name": "no path" }),
        fixtures::folder("bookings"),
    ];
    let server = answering_json(fixtures::page(items, 4)).await;
    let listing = client(&server.uri()).folders(twelve()).await.unwrap();
    let folders: Vec<_> =
        listing.items.iter().map(|it| (it.name.as_str(), it.path.as_str())).collect();
    assert_eq!(folders, [("bookings", "bookings"), ("missed", "bookings.missed")]);
    assert_eq!(listing.unreadable.len(), 1);
    asked(
        &only(requests(&server).await),
        "/test_framework/v1/scenarios/folders/",
        &[("project_id", "12")],
    );
}

#[tokio::test]
async fn tags_are_text_or_have_a_name() {
    for body in [
        json!(["smoke", { "name": "rebooking" }, "smoke", 7]),
        fixtures::page(vec![json!("smoke"), json!("rebooking"), json!(7)], 3),
    ] {
        let server = answering_json(body).await;
        let listing = client(&server.uri()).tags(Some(twelve())).await.unwrap();
        assert_eq!(listing.items, ["smoke", "rebooking"]);
        assert_eq!(listing.unreadable.len(), 1);
        asked(&only(requests(&server).await), "/test_framework/v1/scenarios/tags/", &[]);
    }
}

#[tokio::test]
async fn personalities() {
    let server = answering_json(json!([fixtures::personality(31)])).await;
    let listing = client(&server.uri()).personalities(Some(twelve())).await.unwrap();
    let one = &listing.items[0];
    assert_eq!((one.id.get(), one.name.as_str()), (31, "Hurried commuter"));
    assert_eq!(one.description.as_deref(), Some("Talks fast"));
    assert_eq!(one.language.as_deref(), Some("en"));
    asked(
        &only(requests(&server).await),
        "/test_framework/v1/personalities/",
        &[("project_id", "12")],
    );
}

#[tokio::test]
async fn test_profiles() {
    for (scope, name, value) in [
        (TestProfileScope::Project(twelve()), "project_id", "12"),
        (TestProfileScope::Agent(AgentId::from(501)), "agent_id", "501"),
    ] {
        let server = answering_json(json!([fixtures::test_profile(41)])).await;
        let listing = client(&server.uri()).test_profiles(scope).await.unwrap();
        let one = &listing.items[0];
        assert_eq!((one.id.get(), one.name.as_str()), (41, "Season ticket"));
        assert_eq!(
            (one.agent.map(AgentId::get), one.project.map(ProjectId::get)),
            (Some(501), PROJECT)
        );
        asked(
            &only(requests(&server).await),
            "/test_framework/v1/test-profiles/",
            &[(name, value), ("page", "1"), ("page_size", "100")],
        );
    }
}

#[tokio::test]
async fn test_profiles_may_come_in_pages_and_in_pages_of_pages() {
    let scope = TestProfileScope::Project(twelve());
    for wrap in [false, true] {
        let page = |id: i64| {
            let page = fixtures::page(vec![fixtures::test_profile(id)], 2);
            let page = if wrap { fixtures::page(vec![page], 1) } else { page };
            ResponseTemplate::new(200).set_body_json(page)
        };
        let server = answering_in_turn(vec![page(41), page(42)]).await;
        let listing = client(&server.uri()).test_profiles(scope).await.unwrap();
        let ids: Vec<_> = listing.items.iter().map(|item| item.id.get()).collect();
        assert_eq!((ids, listing.unreadable.len(), listing.count), (vec![41, 42], 0, Some(2)));
    }
}

#[tokio::test]
async fn metrics() {
    let server = answering_json(json!([fixtures::metric(71)])).await;
    let filter = MetricFilter { project: Some(twelve()), agent: None };
    let listing = client(&server.uri()).metrics(&filter).await.unwrap();
    let one = &listing.items[0];
    assert_eq!((one.id, one.name.as_str()), (MetricId::from(71), "Reads the time back"));
    assert_eq!(one.eval_type.as_deref(), Some("binary"));
    assert_eq!((one.cost, one.simulation_enabled), (Some(0.2), Some(true)));
    asked(&only(requests(&server).await), "/test_framework/v2/metrics/", &[("project_id", "12")]);
}

#[tokio::test]
async fn the_balance_is_text_on_the_wire() {
    let server = answering_json(fixtures::billing()).await;
    let billing = client(&server.uri()).billing_info().await.unwrap();
    assert_eq!((billing.credits_remaining, billing.credits_used), (Some(812.4), Some(187.6)));
    assert_eq!(billing.max_concurrent_runs, Some(25));
    asked(&only(requests(&server).await), "/test_framework/billing/info/", &[]);

    let server = answering_json(json!({ "subscription_status": null })).await;
    let billing = client(&server.uri()).billing_info().await.unwrap();
    assert_eq!((billing.credits_remaining, billing.max_concurrent_runs), (None, None));

    // A key of a project may not see it.
    let refused = json!({ "detail": "Project-scoped API keys are not allowed" });
    let server = answering(ResponseTemplate::new(403).set_body_json(refused)).await;
    assert_eq!(client(&server.uri()).billing_info().await.unwrap_err().code(), "forbidden");
}
