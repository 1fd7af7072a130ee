//! Workspaces, settings, drafts.

use ledger::{Change, NewWorkspace, Topic, WorkspaceKind};
use serde_json::json;

use crate::given::{House, add_workspace, code, listen};

#[test]
fn workspaces_are_one_for_each_origin_and_the_last_used_comes_first() {
    let house = House::new();
    let other = add_workspace(&house.ledger, "https://other.example");
    assert_eq!(add_workspace(&house.ledger, "https://api.example"), house.workspace);
    assert_eq!(house.ledger.workspace_current().unwrap(), None);
    house.clock.forward(1);
    house.ledger.workspace_touch(house.workspace).unwrap();
    house.clock.forward(1);
    house.ledger.workspace_touch(other).unwrap();
    assert_eq!(house.ledger.workspace_current().unwrap().unwrap().id, other);
    let ids: Vec<i64> = house.ledger.workspaces().unwrap().iter().map(|one| one.id).collect();
    assert_eq!(ids, [other, house.workspace]);

    let house = house.again();
    assert_eq!(house.ledger.workspace_current().unwrap().unwrap().id, other);
    house.ledger.workspace_close().unwrap();
    assert_eq!(house.ledger.workspace_current().unwrap(), None);
    assert_eq!(code(house.ledger.workspace(999)), "not_found");
    assert_eq!(code(house.ledger.workspace_touch(999)), "not_found");
    assert_eq!(code(house.ledger.workspace_rename(999, "x")), "not_found");
    assert_eq!(code(house.ledger.workspace_erase(999)), "not_found");
}

#[test]
fn a_name_a_person_chose_is_not_taken_away() {
    let house = House::new();
    let add = |label: &str| {
        house
            .ledger
            .workspace_add(&NewWorkspace {
                kind: WorkspaceKind::Cekura,
                origin: "https://api.example".to_owned(),
                label: label.to_owned(),
            })
            .unwrap()
            .label
    };
    assert_eq!(add("From the server"), "From the server");
    house.ledger.workspace_rename(house.workspace, "Mine").unwrap();
    assert_eq!(add("From the server"), "Mine");
}

#[test]
fn an_id_is_never_given_to_another_origin() {
    let house = House::new();
    let second = add_workspace(&house.ledger, "https://second.example");
    house.ledger.workspace_erase(second).unwrap();
    let third = add_workspace(&house.ledger, "https://third.example");
    assert!(third > second);
}

#[test]
fn settings_are_kept() {
    let house = House::new();
    assert_eq!(house.ledger.setting("s").unwrap(), None);
    house.ledger.set_setting("s", &json!({ "confirmAbove": 50 })).unwrap();
    house.ledger.set_setting("s", &json!({ "confirmAbove": 60 })).unwrap();
    let house = house.again();
    assert_eq!(house.ledger.setting("s").unwrap(), Some(json!({ "confirmAbove": 60 })));
}

#[test]
fn an_open_draft_is_found_again_and_a_spent_one_is_not() {
    let house = House::new();
    let made = house.ledger.draft_open(house.workspace, "d1", &json!({ "name": "" })).unwrap();
    assert_eq!(made.id, "d1");
    house.clock.forward(5);
    let saved = house.ledger.draft_save("d1", &json!({ "name": "typed" })).unwrap();
    assert_eq!(saved.changed_at, house.clock.now());
    house.clock.forward(5);
    assert_eq!(house.ledger.draft_save("d1", &json!({ "name": "typed" })).unwrap(), saved);

    let house = house.again();
    assert_eq!(house.ledger.draft_open(house.workspace, "d2", &json!({})).unwrap(), saved);
    let other = add_workspace(&house.ledger, "https://other.example");
    assert_eq!(house.ledger.draft_open(other, "theirs", &json!({})).unwrap().id, "theirs");

    let new = crate::given::new_launch(&house.ledger, house.workspace, "l", "d1");
    house.ledger.launch_begin(&new).unwrap();
    assert_eq!(code(house.ledger.draft_save("d1", &json!({}))), "draft_spent");
    assert_eq!(house.ledger.draft_open(house.workspace, "d2", &json!({})).unwrap().id, "d2");
    house.ledger.draft_replace(house.workspace, "d3", &json!({ "name": "again" })).unwrap();
    assert_eq!(code(house.ledger.draft("d2")), "not_found");
    assert_eq!(house.ledger.draft_open(house.workspace, "d4", &json!({})).unwrap().id, "d3");
    // The spent one stays, with what was chosen.
    assert_eq!(house.ledger.draft("d1").unwrap().body, json!({ "name": "typed" }));
}

#[test]
fn the_listener_hears_after_the_commit_and_may_read() {
    let house = House::new();
    let reader = house.ledger.clone();
    let workspace = house.workspace;
    house.ledger.on_change(Box::new(move |change| {
        assert_eq!(change.topic, Topic::Drafts);
        assert_eq!(reader.draft_open(workspace, "other", &json!({})).unwrap().id, "d");
    }));
    house.ledger.draft_open(house.workspace, "d", &json!({})).unwrap();
    let heard = listen(&house.ledger);
    house.ledger.draft_open(house.workspace, "other", &json!({})).unwrap();
    house.ledger.draft_save("d", &json!({})).unwrap();
    assert!(heard.lock().unwrap().is_empty());
    house.ledger.set_setting("a", &json!(1)).unwrap();
    house.ledger.note_put(house.workspace, 4, "late").unwrap();
    assert_eq!(
        *heard.lock().unwrap(),
        [
            Change { topic: Topic::Settings, ids: vec![] },
            Change { topic: Topic::Notes, ids: vec![4] }
        ]
    );
}
