//! What people say and ask for: two of them at once lose nothing of each other.

use std::sync::{Arc, Barrier};

use ledger::{HumanVerdict, Stop};
use serde_json::json;

use crate::given::House;

#[test]
fn votes_of_one_call_given_at_once_are_all_kept() {
    let house = House::new();
    let both = Arc::new(Barrier::new(8));
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (ledger, both) = (house.ledger.clone(), Arc::clone(&both));
            scope.spawn(move || {
                both.wait();
                for vote in 0..20 {
                    ledger
                        .human_change(house.workspace, 5, |human, judged| {
                            human.votes.insert(format!("{thread}-{vote}"), true);
                            judged.taken_back.insert(format!("{thread}-{vote}"));
                        })
                        .unwrap();
                }
            });
        }
    });
    let human = house.ledger.human(house.workspace, 5).unwrap().unwrap();
    assert_eq!(human.votes.len(), 160);
    assert_eq!(house.ledger.judged(house.workspace, 5).unwrap().taken_back.len(), 160);
}

#[test]
fn what_was_said_since_the_server_was_told_still_has_to_be_told() {
    let house = House::new();
    let say = |passed| {
        house
            .ledger
            .human_change(house.workspace, 5, |human, judged| {
                human.review = Some(passed);
                human.sent = false;
                judged.before = json!({ "success": false });
            })
            .unwrap()
    };
    let (human, judged) = say(true);
    // Another verdict, while the first is on its way.
    say(false);
    assert!(!house.ledger.human_sent(house.workspace, 5, &human, &judged).unwrap());
    let now = house.ledger.human(house.workspace, 5).unwrap().unwrap();
    assert_eq!(now, HumanVerdict { review: Some(false), sent: false, ..HumanVerdict::default() });
    let (human, judged) = say(false);
    assert!(house.ledger.human_sent(house.workspace, 5, &human, &judged).unwrap());
    assert!(house.ledger.human(house.workspace, 5).unwrap().unwrap().sent);
}

#[test]
fn wishes_given_at_once_are_all_kept_and_one_taken_back_stays_so() {
    let house = House::new();
    let stop = |result: i64, call| Stop { result, call, told_at: house.clock.now() };
    std::thread::scope(|scope| {
        for result in 1..=8 {
            let (ledger, stop) = (house.ledger.clone(), stop(result, None));
            scope.spawn(move || ledger.stop_put(house.workspace, &stop).unwrap());
        }
    });
    assert_eq!(house.ledger.stops(house.workspace).unwrap().len(), 8);
    house.ledger.stop_put(house.workspace, &stop(1, Some(10))).unwrap();
    house.ledger.stop_remove(house.workspace, &stop(1, None)).unwrap();
    // The server was told of it while a person took it back.
    house.ledger.stop_told(house.workspace, &stop(1, None)).unwrap();
    let of_first: Vec<Stop> = house
        .ledger
        .stops(house.workspace)
        .unwrap()
        .into_iter()
        .filter(|stop| stop.result == 1)
        .collect();
    assert_eq!(of_first, [stop(1, Some(10))]);
    house.ledger.stops_remove(house.workspace, 1).unwrap();
    let house = house.again();
    assert_eq!(house.ledger.stops(house.workspace).unwrap().len(), 7);
}
