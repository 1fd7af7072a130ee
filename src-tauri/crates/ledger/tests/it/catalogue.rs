//! The catalogue.

use ledger::{AgentRow, CatalogueSnapshot, EvaluatorRow, FolderRow, Named};
use serde_json::{Value, json};

use crate::given::House;

fn evaluator(id: i64, name: &str, agent: Option<i64>) -> EvaluatorRow {
    EvaluatorRow {
        id,
        name: name.to_owned(),
        agent,
        project: Some(1),
        folder: Some("a.b".to_owned()),
        tags: vec!["smoke".to_owned()],
        caller: Some(3),
        caller_name: Some("Calm".to_owned()),
        language: Some("en".to_owned()),
        profile: None,
        metrics: vec!["Latency".to_owned()],
        has_expected_outcome: true,
        updated_at: Some("2026-01-01T00:00:00Z".to_owned()),
        raw: json!({ "id": id }),
    }
}

fn snapshot(evaluators: Vec<EvaluatorRow>) -> CatalogueSnapshot {
    CatalogueSnapshot {
        projects: vec![Named { id: 1, name: "Clinic".to_owned() }],
        agents: vec![AgentRow {
            id: 7,
            name: "Front desk".to_owned(),
            project: Some(1),
            project_name: Some("Clinic".to_owned()),
            language: None,
            provider: Some("pipecat".to_owned()),
            pipecat_ready: Some(true),
            pipecat_agent_name: None,
            mock_tools: vec!["book".to_owned()],
            mock_tools_enabled: Some(false),
            enabled_callers: vec![3],
        }],
        callers: vec![],
        profiles: vec![],
        metrics: vec![],
        folders: vec![FolderRow { name: "b".to_owned(), path: "a.b".to_owned() }],
        tags: vec!["smoke".to_owned()],
        evaluators,
        unreadable: 2,
    }
}

#[test]
fn a_reading_takes_the_place_of_the_one_before() {
    let house = House::new();
    let ledger = &house.ledger;
    assert_eq!(ledger.catalogue(house.workspace).unwrap(), None);
    let first = snapshot(vec![
        evaluator(1, "refund", Some(7)),
        evaluator(2, "Booking", None),
        evaluator(3, "elsewhere", Some(8)),
    ]);
    ledger.catalogue_put(house.workspace, &first).unwrap();
    let head = ledger.catalogue(house.workspace).unwrap().unwrap();
    assert_eq!(head.agents, first.agents);
    assert_eq!((head.unreadable, head.fetched_at), (2, house.clock.now()));
    let names = |agent| {
        let rows = ledger.evaluators(house.workspace, agent, None).unwrap();
        rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
    };
    assert_eq!(names(None), ["Booking", "elsewhere", "refund"]);
    assert_eq!(names(Some(7)), ["Booking", "refund"]);
    let first_two = ledger.evaluators(house.workspace, None, Some(2)).unwrap();
    assert_eq!(first_two.iter().map(|row| row.id).collect::<Vec<_>>(), [2, 3]);
    let listed = ledger.evaluators(house.workspace, Some(7), None).unwrap();
    assert_eq!(listed[1], EvaluatorRow { raw: Value::Null, ..first.evaluators[0].clone() });
    assert_eq!(ledger.evaluator(house.workspace, 1).unwrap().as_ref(), first.evaluators.first());
    ledger.catalogue_put(house.workspace, &snapshot(vec![evaluator(2, "Booking", None)])).unwrap();
    assert_eq!(names(None), ["Booking"]);
    assert_eq!(ledger.evaluator(house.workspace, 1).unwrap(), None);
}

#[test]
fn the_list_takes_no_script_away_unless_the_evaluator_changed() {
    let house = House::new();
    let ledger = &house.ledger;
    let listed = evaluator(1, "refund", Some(7));
    ledger.catalogue_put(house.workspace, &snapshot(vec![listed.clone()])).unwrap();
    let opened = EvaluatorRow { raw: json!({ "instructions": "Ask twice." }), ..listed.clone() };
    ledger.evaluator_put(house.workspace, &opened).unwrap();
    ledger.catalogue_put(house.workspace, &snapshot(vec![listed.clone()])).unwrap();
    assert_eq!(ledger.evaluator(house.workspace, 1).unwrap().unwrap().raw, opened.raw);
    let changed = EvaluatorRow { updated_at: Some("2026-02-01T00:00:00Z".to_owned()), ..listed };
    ledger.catalogue_put(house.workspace, &snapshot(vec![changed.clone()])).unwrap();
    assert_eq!(ledger.evaluator(house.workspace, 1).unwrap().unwrap(), changed);
}

#[test]
fn a_catalogue_of_an_earlier_form_is_still_read() {
    let house = House::new();
    house.ledger.catalogue_put(house.workspace, &snapshot(vec![])).unwrap();
    let known = house.ledger.catalogue(house.workspace).unwrap().unwrap();
    // It kept every agent as it came.
    let conn = rusqlite::Connection::open(house.dir.path().join("archive.db")).unwrap();
    conn.execute(
        "UPDATE catalogue SET head = json_set(head, '$.agents[0].raw', json('{\"id\":7}'))",
        [],
    )
    .unwrap();
    drop(conn);
    assert_eq!(house.ledger.catalogue(house.workspace).unwrap().unwrap(), known);
}

#[test]
fn evaluators_are_found_by_their_ids_without_their_scripts() {
    let house = House::new();
    let all = vec![evaluator(1, "refund", Some(7)), evaluator(2, "booking", None)];
    house.ledger.catalogue_put(house.workspace, &snapshot(all.clone())).unwrap();
    let found = house.ledger.evaluators_by_id(house.workspace, &[2, 1, 99]).unwrap();
    let without = |row: &EvaluatorRow| EvaluatorRow { raw: Value::Null, ..row.clone() };
    assert_eq!(
        found.into_values().collect::<Vec<_>>(),
        all.iter().map(without).collect::<Vec<_>>()
    );
}
