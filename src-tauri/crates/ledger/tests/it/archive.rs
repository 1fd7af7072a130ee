//! Results and calls: what is new, what is fuller, what is listed.

use std::collections::HashMap;

use jiff::Timestamp;
use ledger::{Detail, OutcomeCounts, ResultPut, ResultQuery, Topic};
use proptest::prelude::*;
use serde_json::json;

use crate::given::{House, call_put, code, listen, result_put};

#[test]
fn a_row_of_the_list_takes_nothing_from_the_whole_result() {
    let house = House::new();
    let ledger = &house.ledger;
    let whole = ResultPut {
        has_detail: true,
        raw: json!({ "id": 1, "runs": [1, 2, 3] }),
        expected_calls: Some(3),
        launch_id: Some("l".to_owned()),
        run_type: Some("pipecat".to_owned()),
        server_passed: Some(2),
        ..result_put(1)
    };
    assert!(ledger.result_put(house.workspace, &whole).unwrap());
    let before = ledger.result(house.workspace, 1).unwrap().unwrap();
    house.clock.forward(60);
    let light = ResultPut {
        agent_name: None,
        expected_calls: Some(1),
        raw: json!({ "id": 1, "short": true }),
        ..result_put(1)
    };
    assert!(!ledger.result_put(house.workspace, &light).unwrap());
    assert_eq!(ledger.result(house.workspace, 1).unwrap().unwrap(), before);

    let moved = ResultPut { status: Some("completed".to_owned()), ..light };
    assert!(ledger.result_put(house.workspace, &moved).unwrap());
    let after = ledger.result(house.workspace, 1).unwrap().unwrap();
    assert_eq!(after.raw, whole.raw);
    assert_eq!(after.summary.status.as_deref(), Some("completed"));
    assert_eq!(after.summary.agent_name.as_deref(), Some("Front desk"));
    assert_eq!(after.summary.expected_calls, Some(3));
    assert_eq!(after.summary.launch_id.as_deref(), Some("l"));
    assert!(after.summary.has_detail);
    assert_eq!(after.summary.changed_at, house.clock.now());
}

#[test]
fn a_light_reading_takes_nothing_from_a_full_one() {
    let house = House::new();
    let ledger = &house.ledger;
    ledger.result_put(house.workspace, &result_put(1)).unwrap();
    let full = ledger::CallPut {
        detail: Detail::Full,
        raw: json!({ "id": 10, "transcript": [{ "content": "Hello" }] }),
        caller_name: Some("Impatient".to_owned()),
        started_at: Timestamp::from_second(1_780_000_100).ok(),
        ..call_put(10, "passed")
    };
    assert_eq!(ledger.calls_put(house.workspace, 1, std::slice::from_ref(&full)).unwrap(), 1);
    let before = ledger.call(house.workspace, 10).unwrap().unwrap();
    assert!(before.row.has_full);
    house.clock.forward(60);
    let light = ledger::CallPut { duration_s: None, ..call_put(10, "passed") };
    assert_eq!(ledger.calls_put(house.workspace, 1, std::slice::from_ref(&light)).unwrap(), 0);
    assert_eq!(ledger.call(house.workspace, 10).unwrap().unwrap(), before);

    let judged_anew = ledger::CallPut { outcome: "agent_failed".to_owned(), ..light };
    assert_eq!(ledger.calls_put(house.workspace, 1, &[judged_anew]).unwrap(), 1);
    let after = ledger.call(house.workspace, 10).unwrap().unwrap();
    assert_eq!(after.raw, full.raw);
    assert!(after.row.has_full);
    assert_eq!(after.row.outcome, "agent_failed");
    assert_eq!(after.row.caller_name.as_deref(), Some("Impatient"));
    assert_eq!(after.row.duration_s, Some(60.0));
    assert_eq!(after.row.changed_at, house.clock.now());
}

#[test]
fn what_was_read_in_full_before_the_end_is_read_again_after_it() {
    let house = House::new();
    let ledger = &house.ledger;
    ledger.result_put(house.workspace, &result_put(1)).unwrap();
    let half = ledger::CallPut {
        detail: Detail::Full,
        raw: json!({ "transcript": ["half"] }),
        ..call_put(10, "in_progress")
    };
    ledger.calls_put(house.workspace, 1, &[half]).unwrap();
    assert!(ledger.call(house.workspace, 10).unwrap().unwrap().row.has_full);
    ledger.calls_put(house.workspace, 1, &[call_put(10, "passed")]).unwrap();
    let ended = ledger.call(house.workspace, 10).unwrap().unwrap();
    assert!(!ended.row.has_full);
    assert_eq!(ended.raw, json!({ "transcript": ["half"] }));
    let whole = ledger::CallPut {
        detail: Detail::Full,
        raw: json!({ "transcript": ["half", "whole"] }),
        ..call_put(10, "passed")
    };
    ledger.calls_put(house.workspace, 1, &[whole]).unwrap();
    let read = ledger.call(house.workspace, 10).unwrap().unwrap();
    assert!(read.row.has_full);
    assert_eq!(read.raw, json!({ "transcript": ["half", "whole"] }));
}

#[test]
fn only_news_moves_the_clock_and_the_sequence() {
    let house = House::new();
    let ledger = &house.ledger;
    ledger.result_put(house.workspace, &result_put(1)).unwrap();
    let puts: Vec<_> = (10..15).map(|id| call_put(id, "in_progress")).collect();
    assert_eq!(ledger.calls_put(house.workspace, 1, &puts).unwrap(), 5);
    let first = ledger.result(house.workspace, 1).unwrap().unwrap().summary;
    let seq = ledger.calls(house.workspace, 1).unwrap().iter().map(|row| row.seq).max().unwrap();

    house.clock.forward(60);
    let heard = listen(ledger);
    assert_eq!(ledger.calls_put(house.workspace, 1, &puts).unwrap(), 0);
    assert!(!ledger.result_put(house.workspace, &result_put(1)).unwrap());
    assert_eq!(ledger.result(house.workspace, 1).unwrap().unwrap().summary, first);
    assert!(ledger.calls(house.workspace, 1).unwrap().iter().all(|row| row.seq <= seq));
    assert!(heard.lock().unwrap().is_empty());

    // A link that was signed anew is kept, and no news.
    let link = |signature: &str| ledger::CallPut {
        raw: json!({ "recording": format!("https://store.example/10.wav?sig={signature}") }),
        ..call_put(10, "in_progress")
    };
    assert_eq!(ledger.calls_put(house.workspace, 1, &[link("a")]).unwrap(), 1);
    house.clock.forward(60);
    assert_eq!(ledger.calls_put(house.workspace, 1, &[link("b")]).unwrap(), 0);
    assert_eq!(ledger.call(house.workspace, 10).unwrap().unwrap().raw, link("b").raw);

    let seq = ledger.result(house.workspace, 1).unwrap().unwrap().summary.seq;
    heard.lock().unwrap().clear();
    let mixed = [call_put(11, "passed"), call_put(12, "in_progress"), call_put(15, "stopped")];
    assert_eq!(ledger.calls_put(house.workspace, 1, &mixed).unwrap(), 2);
    let mut news = ledger.calls(house.workspace, 1).unwrap();
    news.retain(|row| row.seq > seq);
    assert_eq!(news.iter().map(|row| row.id).collect::<Vec<_>>(), [11, 15]);
    assert!(news.iter().all(|row| row.changed_at == house.clock.now()));
    assert_eq!(
        ledger.result(house.workspace, 1).unwrap().unwrap().summary.changed_at,
        house.clock.now()
    );
    let topics: Vec<_> =
        heard.lock().unwrap().iter().map(|one| (one.topic, one.ids.clone())).collect();
    assert_eq!(topics, [(Topic::Calls, vec![1]), (Topic::Results, vec![1])]);
}

#[test]
fn following_is_ours_and_no_change_of_the_result() {
    let house = House::new();
    let ledger = &house.ledger;
    ledger.result_put(house.workspace, &result_put(1)).unwrap();
    ledger
        .result_put(house.workspace, &ResultPut { followed: Some(true), ..result_put(2) })
        .unwrap();
    let first = house.clock.now();
    house.clock.forward(60);
    ledger
        .result_put(house.workspace, &ResultPut { followed: Some(true), ..result_put(1) })
        .unwrap();
    assert_eq!(ledger.results_followed(house.workspace).unwrap(), [1, 2]);
    assert_eq!(ledger.result(house.workspace, 1).unwrap().unwrap().summary.changed_at, first);
    // A reading that does not say leaves it.
    ledger.result_put(house.workspace, &result_put(1)).unwrap();
    ledger.result_follow(house.workspace, 2, false).unwrap();
    let house = house.again();
    assert_eq!(house.ledger.results_followed(house.workspace).unwrap(), [1]);
    assert_eq!(code(house.ledger.result_follow(house.workspace, 9, true)), "not_found");
    assert_eq!(
        code(house.ledger.calls_put(house.workspace, 9, &[call_put(1, "passed")])),
        "not_found"
    );
}

#[test]
fn results_are_listed_newest_first_and_found_by_words() {
    let house = House::new();
    let ledger = &house.ledger;
    for id in 1..=9 {
        let mut put = result_put(id);
        put.agent = Some(id % 2);
        put.launch_id = (id == 4).then(|| "l".to_owned());
        put.name = if id == 3 { "Ночной ПРОГОН".to_owned() } else { put.name };
        ledger.result_put(house.workspace, &put).unwrap();
    }
    ledger.calls_put(house.workspace, 6, &[call_put(60, "agent_failed")]).unwrap();
    ledger.calls_put(house.workspace, 7, &[call_put(70, "never_connected")]).unwrap();
    let ids = |query: ResultQuery| {
        let page = ledger.results(house.workspace, &query).unwrap();
        (page.total, page.rows.iter().map(|row| row.id).collect::<Vec<_>>())
    };
    let all = || ResultQuery { limit: 100, ..Default::default() };
    assert_eq!(ids(all()), (9, vec![9, 8, 7, 6, 5, 4, 3, 2, 1]));
    assert_eq!(ids(ResultQuery { limit: 2, offset: 3, ..all() }), (9, vec![6, 5]));
    assert_eq!(ids(ResultQuery { agent: Some(1), ..all() }), (5, vec![9, 7, 5, 3, 1]));
    assert_eq!(ids(ResultQuery { only_mine: true, ..all() }), (1, vec![4]));
    assert_eq!(ids(ResultQuery { only_failing: true, ..all() }), (1, vec![6]));
    let since = Timestamp::from_second(1_780_000_008).ok();
    assert_eq!(ids(ResultQuery { since, ..all() }), (2, vec![9, 8]));
    let search = |text: &str| ids(ResultQuery { search: Some(text.to_owned()), ..all() });
    assert_eq!(search("прогон ночной"), (1, vec![3]));
    assert_eq!(search("DESK run 5"), (1, vec![5]));
    assert_eq!(search("  "), (9, vec![9, 8, 7, 6, 5, 4, 3, 2, 1]));
    assert_eq!(search("100%_'\""), (0, vec![]));
    let nowhere = ledger.results(house.workspace + 1, &all()).unwrap();
    assert_eq!((nowhere.total, nowhere.rows.len()), (0, 0));
}

#[test]
fn last_outcomes_and_lengths_come_from_calls_that_say_something() {
    let house = House::new();
    let ledger = &house.ledger;
    ledger.result_put(house.workspace, &result_put(1)).unwrap();
    let outcomes =
        ["passed", "agent_failed", "stopped", "never_connected", "needs_a_look", "in_progress"];
    let puts: Vec<_> = outcomes
        .iter()
        .zip(1..)
        .map(|(outcome, place)| ledger::CallPut {
            evaluator: Some(5),
            duration_s: Some(f64::from(place)),
            ..call_put(i64::from(place), outcome)
        })
        .collect();
    ledger.calls_put(house.workspace, 1, &puts).unwrap();
    let orphan = ledger::CallPut { evaluator: None, ..call_put(100, "passed") };
    ledger.calls_put(house.workspace, 1, &[orphan]).unwrap();
    let last = ledger.last_outcomes(house.workspace, None, 3).unwrap();
    assert_eq!(
        last,
        HashMap::from([(
            5,
            ["stopped", "never_connected", "needs_a_look"].map(str::to_owned).to_vec()
        )])
    );
    let lengths = ledger.durations(house.workspace, None).unwrap();
    assert_eq!(lengths, HashMap::from([(5, vec![5.0, 2.0, 1.0])]));
    let other = ledger::CallPut { evaluator: Some(6), ..call_put(101, "passed") };
    ledger.calls_put(house.workspace, 1, &[other]).unwrap();
    assert_eq!(ledger.last_outcomes(house.workspace, Some(&[5]), 3).unwrap(), last);
    assert_eq!(ledger.durations(house.workspace, Some(&[5])).unwrap(), lengths);
    assert_eq!(ledger.last_outcomes(house.workspace, None, 3).unwrap().len(), 2);
    assert!(ledger.durations(house.workspace, Some(&[])).unwrap().is_empty());
}

#[test]
fn lengths_come_from_the_newest_calls_and_no_more_of_them_than_are_worth_it() {
    let house = House::new();
    let ledger = &house.ledger;
    ledger.result_put(house.workspace, &result_put(1)).unwrap();
    let put = |id: i32, outcome| ledger::CallPut {
        evaluator: Some(5),
        duration_s: Some(f64::from(id)),
        ..call_put(i64::from(id), outcome)
    };
    let spoke: Vec<_> = (1..=60).map(|id| put(id, "passed")).collect();
    ledger.calls_put(house.workspace, 1, &spoke).unwrap();
    let fifty: Vec<f64> = (11..=60).rev().map(f64::from).collect();
    let of = |evaluator| ledger.durations(house.workspace, Some(&[evaluator])).unwrap();
    assert_eq!(of(5), HashMap::from([(5, fifty)]));
    assert_eq!(ledger.durations_lately(house.workspace, 2).unwrap(), [60.0, 59.0]);
    // Nothing has connected for long: what came before it says nothing any more.
    let lost: Vec<_> = (61..=560).map(|id| put(id, "never_connected")).collect();
    ledger.calls_put(house.workspace, 1, &lost).unwrap();
    assert!(of(5).is_empty());
    assert!(ledger.durations_lately(house.workspace, 500).unwrap().is_empty());
    assert_eq!(ledger.durations_lately(house.workspace, 501).unwrap(), [60.0]);
}

#[test]
fn repetitions_are_the_calls_of_one_evaluator_in_one_result() {
    let house = House::new();
    let ledger = &house.ledger;
    for id in 1..3 {
        ledger.result_put(house.workspace, &result_put(id)).unwrap();
    }
    let of = |id: i64, evaluator: Option<i64>| ledger::CallPut {
        evaluator,
        evaluator_name: Some("Refund".to_owned()),
        ..call_put(id, "passed")
    };
    let puts = [of(3, Some(5)), of(1, Some(5)), of(2, Some(6)), of(4, None), of(5, None)];
    ledger.calls_put(house.workspace, 1, &puts).unwrap();
    ledger.calls_put(house.workspace, 2, &[of(9, Some(5))]).unwrap();
    assert_eq!(ledger.repetitions(house.workspace, 3).unwrap(), [1, 3]);
    assert_eq!(ledger.repetitions(house.workspace, 5).unwrap(), [4, 5], "deleted, the same name");
    assert_eq!(ledger.repetitions(house.workspace, 77).unwrap(), Vec::<i64>::new());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn counts_add_up_whatever_order_readings_come_in(
        readings in prop::collection::vec((0_i64..12, 1_i64..3, 0_usize..7, any::<bool>()), 1..60)
    ) {
        const OUTCOMES: [&str; 7] = ["passed", "agent_failed", "never_connected", "needs_a_look",
            "stopped", "in_progress", "from_a_later_version"];
        let house = House::new();
        let ledger = &house.ledger;
        for id in 1..3 {
            ledger.result_put(house.workspace, &result_put(id)).unwrap();
        }
        let mut known: HashMap<i64, (i64, usize)> = HashMap::new();
        for (call, result, outcome, full) in readings {
            let mut put = call_put(call, OUTCOMES[outcome]);
            put.detail = if full { Detail::Full } else { Detail::Light };
            ledger.calls_put(house.workspace, result, &[put]).unwrap();
            known.insert(call, (result, outcome));
        }
        for id in 1..3 {
            let mut expected = OutcomeCounts::default();
            for (_, outcome) in known.values().filter(|(result, _)| *result == id) {
                *match outcome {
                    0 => &mut expected.passed,
                    1 => &mut expected.agent_failed,
                    2 => &mut expected.never_connected,
                    4 => &mut expected.stopped,
                    5 => &mut expected.in_progress,
                    _ => &mut expected.needs_a_look,
                } += 1;
            }
            let summary = ledger.result(house.workspace, id).unwrap().unwrap().summary;
            prop_assert_eq!(summary.counts, expected);
            prop_assert_eq!(summary.counts.total(), summary.calls);
            prop_assert_eq!(summary.ended, summary.calls - expected.in_progress);
            prop_assert_eq!(ledger.calls(house.workspace, id).unwrap().len(), summary.calls as usize);
            prop_assert!((summary.seconds_total - 60.0 * f64::from(summary.calls)).abs() < 1e-6);
        }
    }
}

#[test]
fn the_lines_of_a_result_are_its_calls_however_they_stand_among_others() {
    let house = House::new();
    let (ledger, at) = (&house.ledger, house.workspace);
    // Side by side; in turn with another's; and far apart, with others in between.
    let ids: [&[i64]; 4] = [&[10, 11, 12], &[20, 22, 24, 26], &[21, 23, 25], &[1, 90]];
    for (result, ids) in (1..).zip(ids) {
        ledger.result_put(at, &result_put(result)).unwrap();
        let puts: Vec<_> = ids.iter().map(|id| call_put(*id, "passed")).collect();
        ledger.calls_put(at, result, &puts).unwrap();
    }
    for (result, ids) in (1..).zip(ids) {
        let rows = ledger.calls(at, result).unwrap();
        assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), ids);
        let lines = ledger.call_lines(at, result, |line| format!("{line:?}")).unwrap();
        let same: Vec<_> = rows.iter().map(|row| format!("{:?}", row.line())).collect();
        assert_eq!(lines, same);
    }
    assert!(ledger.call_lines(at, 5, |line| line.id).unwrap().is_empty());
}
