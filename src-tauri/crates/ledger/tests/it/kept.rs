//! Saved plans, notes, people's verdicts.

use ledger::HumanVerdict;
use serde_json::json;

use crate::given::{House, add_workspace, call_put, code, result_put};

#[test]
fn plans_are_saved_renamed_and_deleted_and_names_are_unique() {
    let house = House::new();
    let other = add_workspace(&house.ledger, "https://other.example");
    let ledger = &house.ledger;
    let save = |workspace, id, new_id: &str, name: &str| {
        ledger.plan_save(workspace, id, new_id, name, &json!({ "n": name }))
    };
    let nightly = save(house.workspace, None, "p1", " Nightly Ü ").unwrap();
    assert_eq!(nightly.name, "Nightly Ü");
    assert_eq!(code(save(house.workspace, None, "p2", "NIGHTLY ü")), "name_taken");
    save(other, None, "p2", "nightly ü").unwrap();
    save(house.workspace, None, "p3", "Before release").unwrap();
    assert_eq!(code(save(house.workspace, Some("p3"), "-", "nightly ü")), "name_taken");
    house.clock.forward(1);
    let changed = save(house.workspace, Some("p1"), "-", "nightly ü").unwrap();
    assert_eq!(changed.created_at, nightly.created_at);
    assert_eq!(changed.changed_at, house.clock.now());
    let names: Vec<String> =
        ledger.plans(house.workspace).unwrap().into_iter().map(|plan| plan.name).collect();
    assert_eq!(names, ["Before release", "nightly ü"]);
    assert_eq!(code(save(other, Some("p1"), "-", "mine now")), "not_found");
    ledger.plan_delete("p1").unwrap();
    assert_eq!(code(ledger.plan("p1")), "not_found");
    assert_eq!(code(ledger.plan_delete("p1")), "not_found");
}

#[test]
fn notes_and_verdicts_survive_a_call_that_is_read_again() {
    let house = House::new();
    let ledger = &house.ledger;
    ledger.result_put(house.workspace, &result_put(1)).unwrap();
    ledger.calls_put(house.workspace, 1, &[call_put(10, "passed")]).unwrap();
    ledger.note_put(house.workspace, 10, "The judge is wrong: «да»").unwrap();
    let mut verdict = HumanVerdict { review: Some(false), ..Default::default() };
    verdict.votes.insert("expected_outcome".to_owned(), false);
    verdict.votes.insert("31".to_owned(), true);
    ledger.human_put(house.workspace, 10, &verdict).unwrap();
    ledger.calls_put(house.workspace, 1, &[call_put(10, "agent_failed")]).unwrap();

    let house = house.again();
    let ledger = &house.ledger;
    assert_eq!(
        ledger.note(house.workspace, 10).unwrap().as_deref(),
        Some("The judge is wrong: «да»")
    );
    assert_eq!(ledger.human(house.workspace, 10).unwrap(), Some(verdict.clone()));
    assert_eq!(ledger.humans(house.workspace, &[9, 10, 11]).unwrap().len(), 1);
    ledger.note_put(house.workspace, 11, "another").unwrap();
    assert_eq!(ledger.notes(house.workspace, &[10, 11, 12]).unwrap().len(), 2);
    assert_eq!(ledger.notes(house.workspace, &[12, 10]).unwrap().len(), 1, "11 lies between");
    assert!(ledger.notes(house.workspace, &[]).unwrap().is_empty());
    ledger.note_put(house.workspace, 10, "").unwrap();
    assert_eq!(ledger.note(house.workspace, 10).unwrap(), None);

    // Taken back, but the server does not know yet: kept until it does.
    let mut nothing = HumanVerdict::default();
    ledger.human_put(house.workspace, 10, &nothing).unwrap();
    assert_eq!(ledger.human(house.workspace, 10).unwrap(), Some(nothing.clone()));
    nothing.sent = true;
    ledger.human_put(house.workspace, 10, &nothing).unwrap();
    assert_eq!(ledger.human(house.workspace, 10).unwrap(), None);
}
