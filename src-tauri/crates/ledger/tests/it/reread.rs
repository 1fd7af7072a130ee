//! Calls that an earlier version read.

use ledger::{CallAnew, CallMeaning, CallPut, Detail, OutcomeCounts, Topic};
use serde_json::json;

use crate::given::{House, call_put, listen, result_put};

/// Calls of results, all read by one version.
fn kept(house: &House, result: i64, ids: std::ops::Range<i64>, reading: u32) {
    house.ledger.result_put(house.workspace, &result_put(result)).unwrap();
    let puts: Vec<CallPut> = ids.map(|id| CallPut { reading, ..call_put(id, "passed") }).collect();
    house.ledger.calls_put(house.workspace, result, &puts).unwrap();
}

fn anew(house: &House, id: i64, outcome: Option<&str>) -> CallAnew {
    CallAnew {
        id,
        seq: house.ledger.call(house.workspace, id).unwrap().unwrap().row.seq,
        meaning: outcome.map(|outcome| CallMeaning {
            outcome: outcome.to_owned(),
            why: json!({ "code": outcome, "form": 2 }),
            ended: true,
        }),
    }
}

#[test]
fn those_of_the_newest_results_come_first_and_only_those_that_are_behind() {
    let house = House::new();
    kept(&house, 1, 10..12, 1);
    kept(&house, 2, 20..22, 2);
    kept(&house, 3, 30..32, 1);
    let behind =
        |reading, limit| house.ledger.calls_behind(house.workspace, reading, limit).unwrap();
    assert_eq!(behind(1, 9), [0; 0]);
    assert_eq!(behind(2, 9), [30, 31, 10, 11]);
    assert_eq!(behind(2, 3), [30, 31, 10]);
    assert_eq!(behind(3, 9), [20, 21], "what the last version read comes before what is older");
    assert_eq!(house.ledger.calls_behind(house.workspace + 1, 9, 9).unwrap(), [0; 0]);
}

#[test]
fn a_new_meaning_moves_the_sequence_and_the_counts_and_no_time() {
    let house = House::new();
    let ledger = &house.ledger;
    kept(&house, 1, 10..13, 1);
    kept(&house, 2, 20..21, 1);
    let before = ledger.result(house.workspace, 1).unwrap().unwrap().summary;
    let untouched = ledger.result(house.workspace, 2).unwrap().unwrap();
    let rows = ledger.calls(house.workspace, 1).unwrap();
    house.clock.forward(60);
    let heard = listen(ledger);
    let news =
        [anew(&house, 10, Some("agent_failed")), anew(&house, 11, None), anew(&house, 20, None)];
    assert_eq!(ledger.calls_read_anew(house.workspace, 2, &news).unwrap(), 1);

    let after = ledger.result(house.workspace, 1).unwrap().unwrap().summary;
    assert_eq!(after.counts, OutcomeCounts { passed: 2, agent_failed: 1, ..Default::default() });
    assert_eq!(after.changed_at, before.changed_at, "the server said nothing");
    assert!(after.seq > before.seq);
    assert_eq!(ledger.result(house.workspace, 2).unwrap().unwrap(), untouched);
    let mut changed = ledger.calls(house.workspace, 1).unwrap();
    changed.retain(|row| row.seq > rows[0].seq);
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].why, json!({ "code": "agent_failed", "form": 2 }));
    assert_eq!(changed[0].changed_at, rows[0].changed_at);
    let told: Vec<_> = heard.lock().unwrap().drain(..).map(|one| (one.topic, one.ids)).collect();
    assert_eq!(told, [(Topic::Calls, vec![1]), (Topic::Results, vec![1])]);
    assert_eq!(ledger.calls_behind(house.workspace, 2, 9).unwrap(), [12]);

    // Marked, and nothing else: nobody is told.
    assert_eq!(ledger.calls_read_anew(house.workspace, 2, &[anew(&house, 12, None)]).unwrap(), 0);
    assert!(heard.lock().unwrap().is_empty());
    assert_eq!(ledger.calls_behind(house.workspace, 2, 9).unwrap(), [0; 0]);
}

#[test]
fn what_was_stored_meanwhile_stands() {
    let house = House::new();
    let ledger = &house.ledger;
    kept(&house, 1, 10..12, 1);
    let late = [anew(&house, 10, Some("agent_failed")), anew(&house, 11, Some("agent_failed"))];
    let puts = [
        CallPut { reading: 2, ..call_put(10, "stopped") },
        // Says what it said, by the newer version.
        CallPut { reading: 2, ..call_put(11, "passed") },
    ];
    assert_eq!(ledger.calls_put(house.workspace, 1, &puts).unwrap(), 1);
    assert_eq!(ledger.calls_behind(house.workspace, 2, 9).unwrap(), [0; 0]);
    assert_eq!(ledger.calls_read_anew(house.workspace, 2, &late).unwrap(), 0);
    let outcomes: Vec<String> =
        ledger.calls(house.workspace, 1).unwrap().into_iter().map(|row| row.outcome).collect();
    assert_eq!(outcomes, ["stopped", "passed"]);
}

#[test]
fn a_row_that_says_more_than_the_full_reading_is_kept_beside_it() {
    let house = House::new();
    let ledger = &house.ledger;
    ledger.result_put(house.workspace, &result_put(1)).unwrap();
    let put = |detail, raw| {
        let put = CallPut { detail, raw, ..call_put(10, "passed") };
        ledger.calls_put(house.workspace, 1, &[put]).unwrap();
        let kept = ledger.call(house.workspace, 10).unwrap().unwrap();
        (kept.raw, kept.update)
    };
    let (full, more) = (json!({ "transcript": ["Hello"] }), json!({ "reviewed": true }));
    assert_eq!(put(Detail::Update, json!({})), (json!({}), None), "there is no full one yet");
    assert_eq!(put(Detail::Full, full.clone()), (full.clone(), None));
    assert_eq!(put(Detail::Update, more.clone()), (full.clone(), Some(more.clone())));
    let later = json!({ "reviewed": false });
    assert_eq!(put(Detail::Update, later.clone()), (full.clone(), Some(later)));
    assert_eq!(put(Detail::Light, json!({})), (full.clone(), None), "it says nothing more now");
    assert_eq!(put(Detail::Update, more.clone()), (full.clone(), Some(more)));
    assert_eq!(put(Detail::Full, full.clone()), (full, None), "the full one says all");
}
