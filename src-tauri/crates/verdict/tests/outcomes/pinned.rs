//! What the rules say of the table, pinned beside the number of the rules. Kept calls are read anew
//! only when that number rises, so no case may change its outcome without it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use verdict::{CallFacts, READING, Reason, read};

use crate::table;

/// `READING`, then a line a case: its facts, an arrow, its outcome and its reason.
const PINNED: &str = include_str!("pinned.txt");
const ARROW: &str = " -> ";
/// Set to write the file anew.
const WRITE: &str = "LINECHECK_PIN_READINGS";

/// The facts in one line; those that say nothing are left out, so that a new kind of fact moves no
/// case that is without it.
fn facts_of(facts: &CallFacts) -> String {
    let CallFacts {
        status,
        ended_reason,
        error_message,
        evaluation_status,
        success,
        agent_spoke,
        expected_outcome,
        metrics,
        rubric,
    } = facts;
    let mut line = String::new();
    let mut say = |name: &str, said: Option<String>| {
        if let Some(said) = said {
            write!(line, "{name}={said} ").expect("a line grows");
        }
    };
    let text = |text: &Option<String>| text.as_ref().map(|text| format!("{text:?}"));
    say("status", text(status));
    say("ended", text(ended_reason));
    say("error", text(error_message));
    say("judged", text(evaluation_status));
    say("success", success.map(|yes| yes.to_string()));
    say("spoke", agent_spoke.map(|yes| yes.to_string()));
    if let Some(outcome) = expected_outcome {
        say(
            "score",
            outcome.score.map_or(Some("none".to_owned()), |score| Some(score.to_string())),
        );
        for one in &outcome.criteria {
            say("criterion", Some(format!("{:?}:{:?}", one.text, one.met)));
        }
        say("lines", Some(outcome.explanations.join("|")).filter(|lines| !lines.is_empty()));
    }
    for one in metrics {
        let value = (one.passed, one.value, one.text.as_deref(), one.explanation.as_slice());
        say("metric", Some(format!("{:?}:{:?}:{value:?}", one.name, one.kind)));
    }
    for one in rubric {
        say("rule", Some(format!("{:?}:{:?}:{:?}", one.name, one.passed, one.explanation)));
    }
    line.trim_end().to_owned()
}

/// The outcome, and the whole reason as it is kept.
fn meaning_of(facts: &CallFacts) -> String {
    let reading = read(facts);
    let Reason { code, text, name, side, number } = Reason::from(&reading.why);
    let mut line = format!("{} {code}", reading.outcome.as_str());
    for (what, said) in [
        ("text", text.map(|text| format!("{text:?}"))),
        ("name", name.map(|name| format!("{name:?}"))),
        ("side", side.map(|side| format!("{side:?}"))),
        ("number", number.map(|number| number.to_string())),
    ] {
        if let Some(said) = said {
            write!(line, " {what}={said}").expect("a line grows");
        }
    }
    line
}

#[test]
fn no_case_changes_its_meaning_without_a_new_number() {
    let mut lines = PINNED.lines();
    let pinned: u32 = lines.next().expect("a number").parse().expect("a number");
    let before: BTreeMap<&str, &str> =
        lines.map(|line| line.rsplit_once(ARROW).expect("an arrow")).collect();
    let mut now = BTreeMap::new();
    for (facts, ..) in table() {
        now.insert(facts_of(&facts.0), meaning_of(&facts.0));
    }
    let changed: Vec<String> = now
        .iter()
        .filter_map(|(facts, meaning)| {
            let old = before.get(facts.as_str()).filter(|old| *old != meaning)?;
            Some(format!("{facts}\n    was {old}\n    is  {meaning}"))
        })
        .collect();
    assert!(
        changed.is_empty() || READING > pinned,
        "these facts mean something else than by version {pinned} of the reading. Kept calls would \
         keep what they meant: raise READING in src/reading.rs.\n{}",
        changed.join("\n")
    );
    assert!(READING >= pinned, "READING is {READING}; version {pinned} has been given out");

    let mut fresh = format!("{READING}\n");
    for (facts, meaning) in &now {
        writeln!(fresh, "{facts}{ARROW}{meaning}").expect("a text grows");
    }
    if std::env::var_os(WRITE).is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/outcomes/pinned.txt");
        std::fs::write(path, &fresh).expect("the file of pinned readings");
    } else {
        // Compared by lines: a checkout may end them in its own way.
        assert!(
            fresh.lines().eq(PINNED.lines()),
            "the table has other cases than tests/outcomes/pinned.txt, or READING has risen. Write \
             it anew: {WRITE}=1 cargo test -p verdict --test outcomes"
        );
    }
}
