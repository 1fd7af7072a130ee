//! Results as people read them: repetitions side by side, causes, and the one sentence.

use verdict::{
    Call, Fitness, GroupKey, Headline, Outcome, Reason, ResultFacts, Side, causes, evaluators,
    flaky, group, headline,
};

use Outcome::{AgentFailed, InProgress, NeedsALook, NeverConnected, Passed, Stopped};

fn call(id: i64, evaluator: i64, name: &str, outcome: Outcome) -> Call {
    Call {
        id,
        key: GroupKey { evaluator: Some(evaluator), caller: Some(1), profile: None },
        evaluator_name: name.into(),
        outcome,
        reason: match outcome {
            AgentFailed => reason("expected_outcome_not_met", "Reads the address back", None),
            NeverConnected => reason("no_answer", "Main agent-busy", Some(Side::Agent)),
            _ => Reason::default(),
        },
        seconds: None,
    }
}

fn reason(code: &str, text: &str, side: Option<Side>) -> Reason {
    Reason { code: code.to_owned().into(), text: Some(text.to_owned()), side, ..Reason::default() }
}

/// As a metric or a rule of the rubric gives it.
fn named(code: &str, name: &str, text: &str) -> Reason {
    Reason { name: Some(name.to_owned()), ..reason(code, &format!("{name}: {text}"), None) }
}

fn calls(rows: &[(i64, &str, &[Outcome])]) -> Vec<Call> {
    let mut all: Vec<Call> = Vec::new();
    for (evaluator, name, outcomes) in rows {
        for outcome in *outcomes {
            all.push(call(all.len() as i64 + 1, *evaluator, name, *outcome));
        }
    }
    all
}

fn said(calls: &[Call]) -> Headline {
    headline(&ResultFacts { calls, expected_calls: None, finished: false })
}

#[test]
fn flaky_is_both_kinds_among_the_judged() {
    assert!(flaky(&[Passed, AgentFailed]));
    assert!(flaky(&[NeverConnected, AgentFailed, Stopped, Passed]));
    assert!(!flaky(&[Passed, Passed, NeverConnected, NeedsALook, Stopped, InProgress]));
    assert!(!flaky(&[AgentFailed, NeedsALook]));
    assert!(!flaky(&[]));
}

#[test]
fn callers_and_profiles_are_groups_of_their_own() {
    let mut all = calls(&[(1, "Refund", &[Passed, AgentFailed, Passed, Passed])]);
    all[1].key.caller = Some(2);
    all[3].key.profile = Some(7);
    let groups = group(&all);
    let ids: Vec<Vec<i64>> = groups.iter().map(|one| one.calls.clone()).collect();
    assert_eq!(ids, [vec![2], vec![1, 3], vec![4]]);
    assert!(groups.iter().all(|one| !one.flaky), "callers that fare differently are no flakiness");
    let rows = evaluators(&all);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].calls, [1, 2, 3, 4]);
    assert!(!rows[0].flaky);
}

#[test]
fn the_worst_comes_first() {
    let all = calls(&[
        (1, "All well", &[Passed, Passed]),
        (2, "Always fails", &[AgentFailed, AgentFailed]),
        (3, "Sometimes fails", &[Passed, AgentFailed, Passed]),
        (4, "Never connected", &[NeverConnected, NeverConnected]),
        (5, "Needs a look", &[NeedsALook, Passed]),
        (6, "Fails once judged", &[NeverConnected, AgentFailed]),
        (7, "Under way", &[InProgress]),
        (8, "Stopped", &[Stopped]),
    ]);
    let names: Vec<String> = evaluators(&all).into_iter().map(|row| row.name).collect();
    assert_eq!(
        names,
        [
            "Always fails",
            "Fails once judged",
            "Sometimes fails",
            "Never connected",
            "Needs a look",
            "Stopped",
            "Under way",
            "All well",
        ]
    );
}

#[test]
fn a_renamed_evaluator_stays_one_and_deleted_ones_are_told_apart_by_name() {
    let mut all = calls(&[(1, "Old name", &[Passed]), (1, "New name", &[Passed])]);
    all.extend(calls(&[(0, "Scenario Deleted", &[Passed]), (0, "Another", &[Passed])]));
    for (id, call) in (1..).zip(&mut all) {
        call.id = id;
    }
    for call in &mut all[2..] {
        call.key.evaluator = None;
    }
    let names: Vec<String> = evaluators(&all).into_iter().map(|row| row.name).collect();
    assert_eq!(names, ["Another", "New name", "Scenario Deleted"]);
}

#[test]
fn identical_reasons_are_one_cause_and_sides_are_kept_apart() {
    let mut all = calls(&[
        (1, "A", &[AgentFailed, AgentFailed]),
        (2, "B", &[AgentFailed, NeverConnected, NeverConnected]),
        (3, "C", &[NeedsALook, Passed, Stopped, InProgress]),
    ]);
    all[0].reason = named("metric_failed", "Tone", "raised its voice at (00:12)");
    all[1].reason = reason("expected_outcome_not_met", "Reads  the ADDRESS back (01:02).", None);
    all[4].reason = reason("no_answer", "Main agent-busy", Some(Side::Tester));
    let found: Vec<(String, Vec<i64>, u32)> = causes(&all)
        .into_iter()
        .map(|cause| (cause.reason.code.into_owned(), cause.calls, cause.evaluators))
        .collect();
    assert_eq!(
        found,
        [
            ("expected_outcome_not_met".to_owned(), vec![2, 3], 2),
            ("metric_failed".to_owned(), vec![1], 1),
            ("no_answer".to_owned(), vec![4], 1),
            ("no_answer".to_owned(), vec![5], 1),
            (String::new(), vec![6], 1),
        ]
    );
}

#[test]
fn a_metric_is_one_cause_whatever_the_judge_wrote_about_it() {
    let mut all = calls(&[(1, "A", &[AgentFailed, AgentFailed, AgentFailed])]);
    all[0].reason = named("metric_failed", "Tone", "raised its voice");
    all[1].reason = named("metric_failed", "tone ", "sounded bored");
    all[2].reason = named("rubric_failed", "Tone", "sounded bored");
    let held = |all: &[Call]| -> Vec<Vec<i64>> {
        causes(all).into_iter().map(|cause| cause.calls).collect()
    };
    assert_eq!(held(&all), [vec![1, 2], vec![3]]);
    // A colon in a name does not end it.
    all[0].reason = named("metric_failed", "Tone: polite", "was short");
    all[1].reason = named("metric_failed", "Tone: calm", "was short");
    all[2].reason = named("metric_failed", "Tone: calm", "shouted");
    assert_eq!(held(&all), [vec![2, 3], vec![1]]);
}

#[test]
fn everything_judged_and_passed_is_fit() {
    let said = said(&calls(&[(1, "A", &[Passed, Passed]), (2, "B", &[Passed])]));
    assert_eq!(said.fitness, Fitness::Fit);
    assert_eq!((said.passed, said.judged, said.calls), (3, 3, 3));
    assert_eq!((said.evaluators, said.judged_evaluators, said.failing), (2, 2, 0));
    assert_eq!(said.cause, None);
}

#[test]
fn evaluators_that_fail_every_time_are_named_with_their_one_cause() {
    let said = said(&calls(&[
        (1, "Refund", &[AgentFailed, AgentFailed, NeverConnected]),
        (2, "Address", &[AgentFailed]),
        (3, "Opening hours", &[Passed, AgentFailed]),
        (4, "Greeting", &[Passed, Passed]),
    ]));
    assert_eq!(said.fitness, Fitness::NotFit);
    assert_eq!(said.always, ["Address", "Refund"]);
    assert_eq!((said.failing, said.flaky, said.evaluators), (3, 1, 4));
    assert!(said.one_cause);
    assert_eq!(
        said.cause.and_then(|cause| cause.reason.text).as_deref(),
        Some("Reads the address back")
    );
}

#[test]
fn a_cause_is_named_only_where_most_failures_share_it() {
    let mut all = calls(&[(1, "A", &[AgentFailed, AgentFailed, AgentFailed])]);
    all[2].reason = named("metric_failed", "Tone", "was short");
    let most = said(&all);
    assert!(most.cause.is_some() && !most.one_cause);
    all[1].reason = named("metric_failed", "Pace", "was slow");
    assert_eq!(said(&all).cause, None);
}

#[test]
fn the_cause_of_a_headline_is_what_its_calls_share() {
    let mut all = calls(&[(1, "A", &[AgentFailed, AgentFailed])]);
    for (code, texts) in [
        ("metric_failed", ["raised its voice", "sounded bored"]),
        ("rubric_failed", ["4 is below 5", "3 is below 5"]),
    ] {
        for (call, text) in all.iter_mut().zip(texts) {
            call.reason = named(code, "Tone: polite", text);
        }
        let said = said(&all);
        assert!(said.one_cause);
        assert_eq!(
            said.cause.and_then(|cause| cause.reason.text).as_deref(),
            Some("Tone: polite"),
            "what the judge wrote of one call is not what they share"
        );
    }
}

#[test]
fn one_failure_is_not_fit_even_while_it_runs() {
    let all = calls(&[(1, "A", &[Passed, AgentFailed, InProgress])]);
    assert_eq!(said(&all).fitness, Fitness::NotFit);
}

#[test]
fn what_is_under_way_or_to_come_is_running() {
    let all = calls(&[(1, "A", &[Passed, InProgress])]);
    assert_eq!(said(&all).fitness, Fitness::Running);
    assert_eq!(said(&[]).fitness, Fitness::Running);
    let all = calls(&[(1, "A", &[Passed])]);
    let partly = ResultFacts { calls: &all, expected_calls: Some(2), finished: false };
    assert_eq!(headline(&partly).fitness, Fitness::Running);
    // No more will come: the one that is missing was not judged, so half of what was meant was.
    let ended = headline(&ResultFacts { finished: true, ..partly });
    assert_eq!(ended.fitness, Fitness::TooLittle);
    assert_eq!((ended.judged, ended.calls), (1, 2));
}

#[test]
fn what_was_meant_to_be_placed_counts_whatever_became_of_it() {
    let passed = |known: usize, expected| {
        let all = calls(&[(1, "A", &vec![Passed; known])]);
        let facts = ResultFacts { calls: &all, expected_calls: Some(expected), finished: true };
        let said = headline(&facts);
        assert_eq!(said.calls, expected.max(u32::try_from(known).unwrap_or(u32::MAX)));
        said.fitness
    };
    assert_eq!(passed(8, 12), Fitness::TooLittle, "the four unread ones may have failed");
    assert_eq!(passed(9, 12), Fitness::TooLittle);
    assert_eq!(passed(10, 12), Fitness::Fit);
    assert_eq!(passed(12, 12), Fitness::Fit);
    assert_eq!(passed(12, 3), Fitness::Fit, "more than expected is no lack");
    let mut outcomes = vec![Stopped; 23];
    outcomes.push(Passed);
    let all = calls(&[(1, "A", &outcomes)]);
    let facts = ResultFacts { calls: &all, expected_calls: Some(24), finished: true };
    assert_eq!(headline(&facts).fitness, Fitness::TooLittle, "one call is no proof of 24");
}

#[test]
fn too_little_is_said_where_too_little_was_judged() {
    let finished = |calls: &[Call]| {
        headline(&ResultFacts { calls, expected_calls: None, finished: true }).fitness
    };
    // No call at all.
    assert_eq!(finished(&[]), Fitness::TooLittle);
    // An evaluator without a judged call.
    assert_eq!(
        finished(&calls(&[(1, "A", &[Passed; 9]), (2, "B", &[NeverConnected])])),
        Fitness::TooLittle
    );
    // Fewer than four in five.
    assert_eq!(
        finished(&calls(&[(1, "A", &[Passed, Passed, Passed, NeedsALook])])),
        Fitness::TooLittle
    );
    assert_eq!(
        finished(&calls(&[(1, "A", &[Passed, Passed, Passed, Passed, NeedsALook])])),
        Fitness::Fit
    );
    // What a person stopped was meant to tell something, and did not.
    assert_eq!(finished(&calls(&[(1, "A", &[Passed, Stopped, Stopped])])), Fitness::TooLittle);
    assert_eq!(
        finished(&calls(&[(1, "A", &[Passed, Passed, Passed, Passed, Stopped])])),
        Fitness::Fit
    );
    let said = headline(&ResultFacts {
        calls: &calls(&[(1, "B", &[NeverConnected]), (2, "A", &[Stopped])]),
        expected_calls: None,
        finished: true,
    });
    assert_eq!(said.unjudged, ["A", "B"]);
}

#[test]
fn ten_thousand_calls_are_grouped_at_once() {
    let mut all = Vec::new();
    for id in 0..10_000_i64 {
        let outcome = Outcome::ALL[(id * 7 % 6) as usize];
        all.push(call(id, id % 128, "An evaluator", outcome));
    }
    let started = std::time::Instant::now();
    let rows = evaluators(&all);
    let said = said(&all);
    let found = causes(&all);
    assert_eq!(rows.len(), 128);
    assert_eq!(said.calls, 10_000);
    let wrong = said.counts.agent_failed + said.counts.never_connected + said.counts.needs_a_look;
    assert_eq!(found.iter().map(|cause| cause.calls.len()).sum::<usize>(), wrong as usize);
    // Generous: an unoptimised build on a busy machine. A quadratic way would take minutes.
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}
