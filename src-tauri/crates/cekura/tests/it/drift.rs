//! The API changes without notice: every field of every fixture dropped, renamed, nulled and given
//! another type. The item survives, or is listed as unreadable; its neighbours always survive.

use std::sync::atomic::{AtomicUsize, Ordering};

use cekura::{AgentFilter, MetricFilter, ProjectId, ResultFilter, ResultId, TestProfileScope};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::fixtures;
use crate::launch::request;
use crate::support::{answering_json, client};

/// Where a field is: keys and positions from the root.
type Place = Vec<Value>;

fn places(value: &Value, here: &Place, all: &mut Vec<Place>) {
    let children: Vec<(Value, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(key, it)| (json!(key), it)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, it)| (json!(at), it)).collect(),
        _ => return,
    };
    for (key, child) in children {
        let mut place = here.clone();
        place.push(key);
        all.push(place.clone());
        places(child, &place, all);
    }
}

fn parent<'a>(root: &'a mut Value, place: &[Value]) -> &'a mut Value {
    place[..place.len() - 1].iter().fold(root, |value, key| match key.as_str() {
        Some(key) => value.get_mut(key).unwrap(),
        None => value.get_mut(key.as_u64().unwrap() as usize).unwrap(),
    })
}

/// Every mutant of a fixture, each with the place that was changed.
fn mutants(fixture: &Value) -> Vec<(Place, Value)> {
    // None of them can be mistaken for the id of another item.
    let strangers =
        [json!("odd"), json!(""), json!(-1.5), json!(true), json!([]), json!({}), json!(["x", {}])];
    let mut all = Vec::new();
    places(fixture, &Vec::new(), &mut all);
    let mut mutants = Vec::new();
    for place in all {
        let change = |change: &dyn Fn(&mut Value, &Value)| {
            let mut mutant = fixture.clone();
            change(parent(&mut mutant, &place), place.last().unwrap());
            (place.clone(), mutant)
        };
        mutants.push(change(&|parent, key| match (parent, key) {
            (Value::Object(fields), Value::String(key)) => drop(fields.remove(key)),
            (Value::Array(items), key) => drop(items.remove(key.as_u64().unwrap() as usize)),
            _ => unreachable!("a place has a parent"),
        }));
        if place.last().unwrap().is_string() {
            mutants.push(change(&|parent, key| {
                let fields = parent.as_object_mut().unwrap();
                let key = key.as_str().unwrap();
                let value = fields.remove(key).unwrap();
                fields.insert(format!("{key}_v3"), value);
            }));
        }
        for stranger in std::iter::once(&Value::Null).chain(&strangers) {
            mutants.push(change(&|parent, key| match key.as_str() {
                Some(key) => parent[key] = stranger.clone(),
                None => parent[key.as_u64().unwrap() as usize] = stranger.clone(),
            }));
        }
    }
    mutants
}

/// Mutants with a sound neighbour after each; every one has an id of its own unless that is what
/// was changed.
struct Flock {
    members: Vec<Value>,
    mutants: usize,
    /// Mutants whose identity was changed: those may be unreadable.
    unidentified: usize,
    /// Ids of neighbours, and of mutants that must survive.
    expected: Vec<i64>,
}

fn flock(fixture: impl Fn(i64) -> Value) -> Flock {
    let mut flock =
        Flock { members: Vec::new(), mutants: 0, unidentified: 0, expected: Vec::new() };
    for (at, (place, mutant)) in mutants(&fixture(0)).into_iter().enumerate() {
        let (own, neighbour) = (1_000_000 + 2 * at as i64, 1_000_001 + 2 * at as i64);
        let mut mutant = mutant;
        if place == [json!("id")] {
            flock.unidentified += 1;
        } else {
            mutant["id"] = json!(own);
            flock.expected.push(own);
        }
        flock.members.push(mutant);
        flock.members.push(fixture(neighbour));
        flock.expected.push(neighbour);
        flock.mutants += 1;
    }
    flock
}

#[track_caller]
fn check(name: &str, flock: &Flock, read: Vec<i64>, unreadable: usize) {
    let read: std::collections::BTreeSet<i64> = read.into_iter().collect();
    for id in &flock.expected {
        assert!(read.contains(id), "{name}: {id} is missing");
    }
    assert_eq!(read.len() + unreadable, flock.members.len(), "{name}: nothing disappears");
    assert!(unreadable <= flock.unidentified, "{name}: {unreadable} of {}", flock.unidentified);
}

macro_rules! drift {
    ($total:ident, $name:literal, $fixture:expr, |$client:ident| $read:expr) => {{
        let flock = flock($fixture);
        let server =
            answering_json(fixtures::page(flock.members.clone(), flock.members.len())).await;
        let $client = client(&server.uri());
        let listing = $read.await.unwrap();
        let ids = listing.items.iter().map(|item| item.id.get()).collect();
        check($name, &flock, ids, listing.unreadable.len());
        $total += flock.mutants;
    }};
}

/// Runs are changed by themselves; inside a detail they would only make many large answers.
fn detail_without_runs(id: i64) -> Value {
    let mut detail = fixtures::result_detail(id);
    detail["runs"] = json!({});
    detail
}

#[tokio::test]
async fn items_survive_and_never_hide_their_neighbours() {
    let mut total = 0;
    let project = ProjectId::from(12);
    drift!(total, "project", fixtures::project, |client| client.projects());
    drift!(total, "agent", fixtures::agent, |client| client.agents(&AgentFilter::default()));
    drift!(total, "agent v1", fixtures::agent_v1, |client| client.agents(&AgentFilter::default()));
    drift!(total, "scenario", fixtures::scenario, |client| client
        .scenarios(&cekura::ScenarioFilter::default()));
    drift!(total, "personality", fixtures::personality, |client| client.personalities(None));
    drift!(total, "profile", fixtures::test_profile, |client| client
        .test_profiles(TestProfileScope::Project(project)));
    drift!(total, "metric", fixtures::metric, |client| client.metrics(&MetricFilter::default()));
    drift!(total, "result", fixtures::result_row, |client| client
        .results(&ResultFilter::default(), 1));
    drift!(total, "detail", detail_without_runs, |client| client
        .results(&ResultFilter::default(), 1));
    drift!(total, "run row", fixtures::run_row, |client| client.runs(ResultId::from(1), 1, 100));
    drift!(total, "run", fixtures::run_full, |client| client.runs(ResultId::from(1), 1, 100));
    drift!(total, "run v1", fixtures::run_v1, |client| client.runs(ResultId::from(1), 1, 100));
    drift!(total, "run webhook", fixtures::run_webhook, |client| client.runs(
        ResultId::from(1),
        1,
        100
    ));
    assert!(total >= 3_000, "{total} mutants");
}

#[tokio::test]
async fn runs_survive_inside_a_result_and_inside_a_launch() {
    for fixture in [fixtures::run_full, fixtures::run_v1, fixtures::run_webhook, fixtures::run_row]
    {
        let flock = flock(fixture);
        let mut detail = fixtures::result_detail(7001);
        detail["runs"] = json!(flock.members);
        let server = answering_json(&detail).await;
        let row = client(&server.uri()).result(ResultId::from(7001)).await.unwrap().row;
        let ids = row.runs.iter().map(|run| run.id.get()).collect();
        check("in a result", &flock, ids, row.unreadable.len());

        let mut answer = fixtures::launched(7001);
        answer["runs"] = json!(flock.members);
        let server = answering_json(&answer).await;
        let launched = client(&server.uri()).launch(&request()).await.unwrap();
        let ids = launched.runs.iter().map(|run| run.id.get()).collect();
        check("in a launch", &flock, ids, launched.unreadable.len());
    }
}

/// A server that answers with one mutant after the other.
async fn one_by_one(mutants: &[(Place, Value)]) -> MockServer {
    let server = MockServer::start().await;
    let bodies: Vec<Value> = mutants.iter().map(|(_, mutant)| mutant.clone()).collect();
    let turn = AtomicUsize::new(0);
    Mock::given(any())
        .respond_with(move |_: &Request| {
            let body = &bodies[turn.fetch_add(1, Ordering::SeqCst)];
            ResponseTemplate::new(200).set_body_json(body)
        })
        .mount(&server)
        .await;
    server
}

#[tokio::test]
async fn a_launch_is_known_as_long_as_its_answer_has_an_id() {
    let mutants = mutants(&fixtures::launched(7001));
    let server = one_by_one(&mutants).await;
    let client = client(&server.uri());
    for (place, mutant) in &mutants {
        let answer = client.launch(&request()).await;
        if *place == [json!("id")] {
            assert_eq!(answer.unwrap_err().fate, cekura::Fate::Unknown, "{mutant}");
        } else {
            assert_eq!(answer.unwrap().result.get(), 7001, "{place:?}");
        }
    }
    assert!(mutants.len() >= 200, "{}", mutants.len());
}

#[tokio::test]
async fn the_balance_is_read_or_left_out() {
    let mutants = mutants(&fixtures::billing());
    let server = one_by_one(&mutants).await;
    let client = client(&server.uri());
    for (place, mutant) in &mutants {
        let billing = client.billing_info().await.unwrap();
        assert_eq!(billing.raw, *mutant);
        if *place != [json!("credits_remaining")] {
            assert_eq!(billing.credits_remaining, Some(812.4), "{place:?}");
        }
    }
}

#[tokio::test]
async fn folders_survive_without_anything_but_their_path() {
    let mut members = Vec::new();
    let mut nameless = 0;
    for (at, (place, mut mutant)) in mutants(&fixtures::folder("x")).into_iter().enumerate() {
        if place == [json!("path")] {
            nameless += 1;
        } else {
            mutant["path"] = json!(format!("mutant.{at}"));
        }
        members.push(mutant);
        members.push(fixtures::folder(&format!("sound.{at}")));
    }
    let server = answering_json(fixtures::page(members.clone(), members.len())).await;
    let listing = client(&server.uri()).folders(ProjectId::from(12)).await.unwrap();
    let sound = listing.items.iter().filter(|it| it.path.starts_with("sound.")).count();
    assert_eq!(sound, members.len() / 2);
    assert!(listing.unreadable.len() <= nameless);
    assert_eq!(listing.items.len() + listing.unreadable.len(), members.len());
}
