//! The journal of launches: every arrow, allowed and refused.

use std::sync::{Arc, Barrier};

use jiff::SignedDuration;
use ledger::{Decision, Launch, LaunchEnd, LaunchState, LedgerError};
use serde_json::json;

use crate::given::{House, add_workspace, code, new_launch};

/// What can be asked of a launch.
#[derive(Debug, Clone, Copy)]
enum Ask {
    EndLaunched,
    EndRefused,
    EndNotSent,
    EndUnknown,
    Adopt,
    AdoptAnothers,
    Look,
    DecideNotStarted,
    DecideLeft,
    Dismiss,
    SpendAgain,
}

/// Where a launch can stand.
#[derive(Debug, Clone, Copy)]
enum From {
    Sending,
    Launched,
    Adopted,
    Refused,
    Dismissed,
    NotSent,
    Unknown,
    UnknownNotStarted,
    UnknownLeft,
}

const FROM: [From; 9] = [
    From::Sending,
    From::Launched,
    From::Adopted,
    From::Refused,
    From::Dismissed,
    From::NotSent,
    From::Unknown,
    From::UnknownNotStarted,
    From::UnknownLeft,
];

fn launched(result: i64) -> LaunchEnd {
    LaunchEnd::Launched { result, agent: Some(7), calls_placed: 4 }
}

fn refused() -> LaunchEnd {
    LaunchEnd::Refused { code: "refused".to_owned(), problems: json!([{ "field": "name" }]) }
}

fn not_sent() -> LaunchEnd {
    LaunchEnd::NotSent { code: "unreachable".to_owned() }
}

fn unknown() -> LaunchEnd {
    LaunchEnd::Unknown { code: "timed_out".to_owned() }
}

fn bring(house: &House, from: From) {
    let ledger = &house.ledger;
    // Another launch holds result 99, so that it cannot be adopted twice.
    house.sending("other");
    ledger.launch_end("other", &launched(99)).unwrap();
    house.sending("it");
    let end = match from {
        From::Sending => return,
        From::Launched => launched(5),
        From::Refused | From::Dismissed => refused(),
        From::NotSent => not_sent(),
        _ => unknown(),
    };
    ledger.launch_end("it", &end).unwrap();
    match from {
        From::Adopted => drop(ledger.launch_adopt("it", 5, None, 3).unwrap()),
        From::Dismissed => drop(ledger.launch_dismiss("it").unwrap()),
        From::UnknownNotStarted => {
            drop(ledger.launch_decide("it", Decision::NotStarted).unwrap());
        }
        From::UnknownLeft => drop(ledger.launch_decide("it", Decision::Left).unwrap()),
        _ => {}
    }
}

fn ask(house: &House, ask: Ask) -> Result<Launch, LedgerError> {
    let ledger = &house.ledger;
    match ask {
        Ask::EndLaunched => ledger.launch_end("it", &launched(5)),
        Ask::EndRefused => ledger.launch_end("it", &refused()),
        Ask::EndNotSent => ledger.launch_end("it", &not_sent()),
        Ask::EndUnknown => ledger.launch_end("it", &unknown()),
        Ask::Adopt => ledger.launch_adopt("it", 6, Some(8), 2),
        Ask::AdoptAnothers => ledger.launch_adopt("it", 99, None, 2),
        Ask::Look => ledger.launch_look("it", &[6, 7]),
        Ask::DecideNotStarted => ledger.launch_decide("it", Decision::NotStarted),
        Ask::DecideLeft => ledger.launch_decide("it", Decision::Left),
        Ask::Dismiss => ledger.launch_dismiss("it"),
        Ask::SpendAgain => {
            ledger.launch_begin(&new_launch(&house.ledger, house.workspace, "again", "draft-of-it"))
        }
    }
}

#[test]
fn every_arrow_of_the_journal_is_allowed_or_refused() {
    use LaunchState as S;
    // The state after the arrow, or none where it is refused; in the order of FROM.
    let table: [(Ask, [Option<LaunchState>; 9]); 10] = [
        (Ask::EndLaunched, [Some(S::Launched), None, None, None, None, None, None, None, None]),
        (Ask::EndRefused, [Some(S::Refused), None, None, None, None, None, None, None, None]),
        (Ask::EndNotSent, [Some(S::NotSent), None, None, None, None, None, None, None, None]),
        (Ask::EndUnknown, [Some(S::Unknown), None, None, None, None, None, None, None, None]),
        (
            Ask::Adopt,
            [
                None,
                None,
                None,
                None,
                None,
                None,
                Some(S::Launched),
                Some(S::Launched),
                Some(S::Launched),
            ],
        ),
        (Ask::AdoptAnothers, [None; 9]),
        (
            Ask::Look,
            [
                None,
                None,
                None,
                None,
                None,
                None,
                Some(S::Unknown),
                Some(S::Unknown),
                Some(S::Unknown),
            ],
        ),
        (
            Ask::DecideNotStarted,
            [
                None,
                None,
                None,
                None,
                None,
                None,
                Some(S::Unknown),
                Some(S::Unknown),
                Some(S::Unknown),
            ],
        ),
        (
            Ask::DecideLeft,
            [None, None, None, None, None, None, Some(S::Unknown), None, Some(S::Unknown)],
        ),
        (
            Ask::Dismiss,
            [
                None,
                Some(S::Launched),
                Some(S::Launched),
                Some(S::Refused),
                Some(S::Refused),
                Some(S::NotSent),
                None,
                None,
                None,
            ],
        ),
    ];
    for (asked, expected) in table {
        for (from, expected) in FROM.into_iter().zip(expected) {
            let house = House::new();
            bring(&house, from);
            let before = house.ledger.launch("it").unwrap();
            let events = house.ledger.launch_events("it").unwrap().len();
            let outcome = ask(&house, asked);
            let after = house.ledger.launch("it").unwrap();
            if let Some(state) = expected {
                assert_eq!(outcome.unwrap(), after, "{from:?} {asked:?}");
                assert_eq!(after.state, state, "{from:?} {asked:?}");
                continue;
            }
            assert_eq!(code(outcome), "bad_arrow", "{from:?} {asked:?}");
            assert_eq!(before, after, "{from:?} {asked:?}");
            let events_after = house.ledger.launch_events("it").unwrap().len();
            assert_eq!(events_after, events, "{from:?} {asked:?}");
        }
    }
}

#[test]
fn a_spent_draft_cannot_be_launched_from_any_state() {
    for from in FROM {
        let house = House::new();
        bring(&house, from);
        assert_eq!(code(ask(&house, Ask::SpendAgain)), "draft_spent", "{from:?}");
        assert_eq!(house.ledger.launches(house.workspace, 10).unwrap().len(), 2);
    }
}

#[test]
fn a_launch_keeps_what_it_was_given_and_how_it_ended() {
    let house = House::new();
    house.ledger.draft_open(house.workspace, "d", &json!({ "times": "3" })).unwrap();
    let mut new = new_launch(&house.ledger, house.workspace, "l", "d");
    new.parent = Some(ledger::Parent { result: 12, reason: "never_connected".to_owned() });
    let begun = house.ledger.launch_begin(&new).unwrap();
    assert_eq!(begun.state, LaunchState::Sending);
    assert_eq!(begun.body, new.body);
    assert_eq!(begun.parent, new.parent);
    assert_eq!(begun.started_at, house.clock.now());
    assert_eq!(begun.ended_at, None);
    let draft = house.ledger.draft("d").unwrap();
    assert!(draft.spent);
    assert_eq!(draft.body, json!({ "times": "3" }));

    house.clock.forward(3);
    house.ledger.launch_end("l", &unknown()).unwrap();
    house.clock.forward(3);
    house.ledger.launch_look("l", &[]).unwrap();
    let looked = house.ledger.launch_look("l", &[41, 42]).unwrap();
    assert_eq!((looked.looks, looked.last_look_at), (2, Some(house.clock.now())));
    assert_eq!(looked.found, [41, 42]);
    let adopted = house.ledger.launch_adopt("l", 41, Some(8), 4).unwrap();
    assert!(adopted.adopted);
    assert_eq!(adopted.result, Some(41));
    assert_eq!(adopted.answer_agent, Some(8));
    assert_eq!(adopted.calls_placed, Some(4));
    assert_eq!(adopted.code.as_deref(), Some("timed_out"));

    let house = house.again();
    assert_eq!(house.ledger.launch("l").unwrap(), adopted);
    assert_eq!(house.ledger.launch_by_result(house.workspace, 41).unwrap(), Some(adopted));
    assert_eq!(house.ledger.launch_by_result(house.workspace, 42).unwrap(), None);
    let events: Vec<String> =
        house.ledger.launch_events("l").unwrap().into_iter().map(|one| one.event).collect();
    assert_eq!(events, ["sending", "unknown", "look", "look", "adopted"]);
}

#[test]
fn one_launch_at_a_time_in_a_workspace() {
    let house = House::new();
    let other = add_workspace(&house.ledger, "https://other.example");
    house.sending("one");
    house.ledger.draft_open(house.workspace, "two", &json!({})).unwrap();
    let two = new_launch(&house.ledger, house.workspace, "two", "two");
    assert_eq!(code(house.ledger.launch_begin(&two)), "launch_under_way");
    assert!(!house.ledger.draft("two").unwrap().spent);
    // Another workspace is another matter, but not with this workspace's draft.
    assert_eq!(
        code(house.ledger.launch_begin(&new_launch(&house.ledger, other, "x", "two"))),
        "not_found"
    );
    house.ledger.draft_open(other, "theirs", &json!({})).unwrap();
    house.ledger.launch_begin(&new_launch(&house.ledger, other, "theirs", "theirs")).unwrap();
    house.ledger.launch_end("one", &unknown()).unwrap();
    house.ledger.launch_begin(&two).unwrap();
    assert_eq!(
        code(house.ledger.launch_begin(&new_launch(&house.ledger, other, "y", "nowhere"))),
        "not_found"
    );
}

#[test]
fn two_threads_spend_a_draft_once() {
    for _ in 0..20 {
        let house = House::new();
        house.ledger.draft_open(house.workspace, "d", &json!({})).unwrap();
        let start = Arc::new(Barrier::new(2));
        let racers: Vec<_> = ["a", "b"]
            .into_iter()
            .map(|id| {
                let (ledger, start) = (house.ledger.clone(), Arc::clone(&start));
                let new = new_launch(&house.ledger, house.workspace, id, "d");
                std::thread::spawn(move || {
                    start.wait();
                    let begun = ledger.launch_begin(&new);
                    if begun.is_ok() {
                        ledger.launch_end(id, &launched(1)).unwrap();
                    }
                    code(begun)
                })
            })
            .collect();
        let mut codes: Vec<_> = racers.into_iter().map(|racer| racer.join().unwrap()).collect();
        codes.sort_unstable();
        assert_eq!(codes, ["draft_spent", "ok"]);
        assert_eq!(house.ledger.launches(house.workspace, 10).unwrap().len(), 1);
    }
}

#[test]
fn what_was_being_sent_at_the_end_is_unknown_at_the_next_start() {
    let house = House::new();
    house.sending("l");
    let house = house.again();
    let killed = house.ledger.launches_sending_at_start().unwrap();
    assert_eq!(killed.len(), 1);
    let launch = house.ledger.launch("l").unwrap();
    assert_eq!(launch.state, LaunchState::Unknown);
    assert_eq!(launch.code.as_deref(), Some("killed"));
    assert!(house.ledger.launches_sending_at_start().unwrap().is_empty());
}

#[test]
fn unsettled_launches_are_those_that_wait_for_something() {
    let expected = [true, false, false, true, false, true, true, false, false];
    for (from, expected) in FROM.into_iter().zip(expected) {
        let house = House::new();
        bring(&house, from);
        let waiting = house.ledger.launches_unsettled(house.workspace).unwrap();
        assert_eq!(waiting.iter().any(|one| one.id == "it"), expected, "{from:?}");
        assert!(waiting.iter().all(|one| one.id == "it"), "{from:?}");
    }
}

#[test]
fn what_counts_as_placed_counts_against_limits() {
    let expected = [4, 4, 3, 0, 0, 0, 4, 0, 4];
    for (from, expected) in FROM.into_iter().zip(expected) {
        let house = House::new();
        let start = house.clock.now();
        bring(&house, from);
        let placed = house.ledger.placed_since(house.workspace, start).unwrap();
        // The other launch of `bring` placed four.
        assert_eq!(placed.calls, 4 + expected, "{from:?}");
        let launches = if expected == 0 { 1.0 } else { 2.0 };
        assert!((placed.credits_high - 20.5 * launches).abs() < 1e-9, "{from:?}");
        let later = start + SignedDuration::from_secs(1);
        assert_eq!(house.ledger.placed_since(house.workspace, later).unwrap().calls, 0);

        let same = house.ledger.launch_same_since(house.workspace, "hash", start).unwrap().unwrap();
        let nothing_came = matches!(from, From::Refused | From::Dismissed | From::NotSent);
        assert_eq!(same.id, if nothing_came { "other" } else { "it" }, "{from:?}");
        assert_eq!(house.ledger.launch_same_since(house.workspace, "hash", later).unwrap(), None);
        assert_eq!(house.ledger.launch_same_since(house.workspace, "else", start).unwrap(), None);
    }
}

#[test]
fn a_draft_that_changed_since_it_was_read_is_not_launched() {
    let house = House::new();
    house.ledger.draft_replace(house.workspace, "d", &json!({ "n": 1 })).unwrap();
    let read = new_launch(&house.ledger, house.workspace, "l", "d");
    house.clock.forward(1);
    house.ledger.draft_save("d", &json!({ "n": 2 })).unwrap();
    assert_eq!(code(house.ledger.launch_begin(&read)), "plan_changed");
    assert!(!house.ledger.draft("d").unwrap().spent);
    assert!(house.ledger.launches(house.workspace, 10).unwrap().is_empty());
    let again = new_launch(&house.ledger, house.workspace, "l", "d");
    house.ledger.launch_begin(&again).unwrap();
}
