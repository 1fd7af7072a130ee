//! Laws of outcomes, counts, groups and merging, over inputs nobody thought of.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use verdict::{
    Call, CallFacts, Counts, Criterion, Estimate, EstimateEvaluator, EstimateInput, GroupKey,
    MetricFacts, MetricKind, Outcome, OutcomeFacts, Reason, ResultFacts, RubricFacts,
    TimeLeftInput, Why, causes, ended_group, estimate, evaluators, group, has_ended, headline,
    merge, read, time_left, usual_length,
};

/// Words the API uses, spelt in its ways, and anything else.
fn words(known: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    option::of(prop_oneof![
        4 => select(known).prop_map(str::to_owned),
        1 => select(known).prop_map(str::to_uppercase),
        1 => any::<String>(),
    ])
}

const STATUSES: &[&str] = &[
    "running",
    "completed",
    "failed",
    "pending",
    "in_progress",
    "evaluating",
    "in_queue",
    "timeout",
    "cancelled",
    "canceled",
    "scaling_up",
    "passed",
    "errored",
    "",
];
const REASONS: &[&str] = &[
    "Main agent-ended-call",
    "Testing agent-ended-call",
    "Main agent-did-not-answer",
    "Main agent-busy",
    "exceeded-max-duration",
    "run-cancelled-by-user",
    "external-user-ended-call",
    "call-rejected",
    "Testing agent-pipeline-error",
    "pipecat-agent-concurrency-limit-reached",
    "participant_disconnected",
    "",
];
const VERDICTS: &[&str] =
    &["success", "failure", "reviewed_success", "reviewed_failure", "review_required", ""];
const ERRORS: &[&str] = &["worker lost", "Insufficient balance", "", " ", "None"];
const NAMES: &[&str] = &["Expected Outcome", "Tone", "Latency", ""];

fn numbers() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(100.0), 0.0..100.0, any::<f64>()]
}

fn outcome_facts() -> impl Strategy<Value = OutcomeFacts> {
    let criterion =
        (".{0,8}", option::of(any::<bool>())).prop_map(|(text, met)| Criterion { text, met });
    (option::of(numbers()), vec(criterion, 0..3), vec(".{0,8}", 0..3))
        .prop_map(|(score, criteria, explanations)| OutcomeFacts { score, criteria, explanations })
}

fn metric() -> impl Strategy<Value = MetricFacts> {
    let kinds = select(&[
        MetricKind::Binary,
        MetricKind::Rating,
        MetricKind::Number,
        MetricKind::Category,
        MetricKind::Unknown,
    ]);
    (
        select(NAMES),
        kinds,
        option::of(any::<bool>()),
        option::of(numbers()),
        option::of(".{0,8}"),
        vec(".{0,8}", 0..2),
    )
        .prop_map(|(name, kind, passed, value, text, explanation)| MetricFacts {
            name: name.to_owned(),
            kind,
            passed,
            value,
            text,
            explanation,
        })
}

fn rule() -> impl Strategy<Value = RubricFacts> {
    (option::of(select(NAMES)), option::of(any::<bool>())).prop_map(|(name, passed)| RubricFacts {
        name: name.map(str::to_owned),
        passed,
        explanation: Vec::new(),
    })
}

fn facts() -> impl Strategy<Value = CallFacts> {
    (
        words(STATUSES),
        words(REASONS),
        words(ERRORS),
        words(VERDICTS),
        option::of(any::<bool>()),
        option::of(any::<bool>()),
        option::of(outcome_facts()),
        vec(metric(), 0..4),
        vec(rule(), 0..3),
    )
        .prop_map(
            |(
                status,
                ended_reason,
                error_message,
                evaluation_status,
                success,
                agent_spoke,
                expected_outcome,
                metrics,
                rubric,
            )| CallFacts {
                status,
                ended_reason,
                error_message,
                evaluation_status,
                success,
                agent_spoke,
                expected_outcome,
                metrics,
                rubric,
            },
        )
}

fn ended_facts() -> impl Strategy<Value = CallFacts> {
    (facts(), select(&["completed", "completed", "failed", "timeout"])).prop_map(
        |(mut facts, status)| {
            facts.status = Some(status.to_owned());
            facts
        },
    )
}

/// What a lighter reading leaves out.
#[derive(Debug, Clone)]
struct Left {
    reason: bool,
    error: bool,
    verdict: bool,
    success: bool,
    speech: bool,
    outcome: bool,
    metrics: usize,
    values: bool,
    rubric: bool,
    /// A status before the end stands in for the last one.
    before: Option<&'static str>,
}

fn left() -> impl Strategy<Value = Left> {
    (
        any::<[bool; 8]>(),
        0_usize..4,
        option::of(select(&["running", "pending", "evaluating", "in_progress", "warp", ""])),
    )
        .prop_map(|(flags, metrics, before)| Left {
            reason: flags[0],
            error: flags[1],
            verdict: flags[2],
            success: flags[3],
            speech: flags[4],
            outcome: flags[5],
            metrics,
            values: flags[6],
            rubric: flags[7],
            before,
        })
}

/// A reading of the same call that says less.
fn lighter(truth: &CallFacts, left: &Left) -> CallFacts {
    let mut light = truth.clone();
    if left.reason {
        light.ended_reason = Some(" ".to_owned());
    }
    if left.error {
        light.error_message = None;
    }
    if left.verdict {
        light.evaluation_status = Some(String::new());
    }
    if left.success {
        light.success = None;
    }
    if left.speech {
        light.agent_spoke = None;
    }
    if left.outcome {
        light.expected_outcome = Some(OutcomeFacts::default());
    }
    if left.values {
        for metric in &mut light.metrics {
            (metric.passed, metric.value, metric.text) = (None, None, None);
        }
    }
    light.metrics.truncate(left.metrics);
    if left.rubric {
        light.rubric.clear();
    }
    if let Some(status) = left.before {
        light.status = Some(status.to_owned());
        // Before the end nothing is decided: the flag is false, and who has spoken may yet speak.
        light.success = Some(false);
        light.evaluation_status = None;
        light.agent_spoke = light.agent_spoke.map(|_| false);
    }
    light
}

fn reason() -> impl Strategy<Value = Reason> {
    let codes = select(Why::CODES.as_slice());
    let texts = option::of(select(&["One (01:02)", "one", "Two: three", ""]));
    let names = option::of(select(&["Two", "two: three"]));
    (codes, texts, names).prop_map(|(code, text, name)| Reason {
        code: code.to_owned().into(),
        text: text.map(str::to_owned),
        name: name.map(str::to_owned),
        ..Default::default()
    })
}

fn call() -> impl Strategy<Value = Call> {
    (
        option::of(1_i64..4),
        option::of(1_i64..3),
        option::of(1_i64..3),
        select(&["", "Address", "Refund"]),
        select(Outcome::ALL.as_slice()),
        reason(),
        option::of(any::<f64>()),
    )
        .prop_map(|(evaluator, caller, profile, name, outcome, reason, seconds)| Call {
            id: 0,
            key: GroupKey { evaluator, caller, profile },
            evaluator_name: name.into(),
            outcome,
            reason,
            seconds,
        })
}

/// Calls with ids of their own, and the same in another order.
fn calls() -> impl Strategy<Value = (Vec<Call>, Vec<Call>)> {
    vec(call(), 0..24).prop_flat_map(|mut calls| {
        for (id, call) in (1_i64..).zip(&mut calls) {
            call.id = id;
        }
        (Just(calls.clone()), Just(calls).prop_shuffle())
    })
}

fn in_order(estimate: &Estimate) -> bool {
    estimate.minutes_low <= estimate.minutes_high
        && estimate.credits_low <= estimate.credits_high
        && estimate.minutes_low >= 0.0
        && estimate.credits_low >= 0.0
        && estimate.minutes_high.is_finite()
        && estimate.credits_high.is_finite()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Exactly one outcome, whatever the input: the reading counts once, and its code is known.
    #[test]
    fn every_call_has_exactly_one_outcome(facts in facts()) {
        let reading = read(&facts);
        let counts: Counts = [reading.outcome].into_iter().collect();
        prop_assert_eq!(counts.total(), 1);
        prop_assert_eq!(counts.of(reading.outcome), 1);
        prop_assert!(Why::CODES.contains(&reading.why.code()));
        prop_assert_eq!(Reason::from(&reading.why).code, reading.why.code());
        prop_assert_eq!(reading.outcome == Outcome::InProgress, !has_ended(facts.status.as_deref()));
    }

    /// No pass without something judged and met, unless a person said so.
    #[test]
    fn a_pass_is_never_only_a_connection(mut facts in facts()) {
        facts.expected_outcome = None;
        facts.metrics.retain(|metric| metric.name != "Expected Outcome");
        facts.rubric.clear();
        let reading = read(&facts);
        prop_assert!(reading.outcome != Outcome::Passed || reading.reviewed);
    }

    /// A call in which the agent did not speak and something broke is never the agent's failure,
    /// nor is one of which that is not known.
    #[test]
    fn what_broke_before_a_word_is_not_blamed(mut facts in ended_facts(), spoke in select(&[Some(false), None])) {
        facts.agent_spoke = spoke;
        facts.error_message = Some("worker lost".to_owned());
        let reading = read(&facts);
        prop_assert!(reading.outcome != Outcome::AgentFailed || reading.reviewed);
    }

    #[test]
    fn any_text_has_a_group(text in any::<String>()) {
        let _ = ended_group(&text);
    }

    #[test]
    fn a_reading_merged_with_itself_means_the_same(facts in facts()) {
        let merged = merge(&facts, &facts);
        prop_assert_eq!(read(&merged).outcome, read(&facts).outcome);
    }

    /// A later reading that says less takes nothing away, however much it leaves out.
    #[test]
    fn a_lighter_reading_never_turns_a_call_back(truth in ended_facts(), left in left()) {
        let merged = merge(&truth, &lighter(&truth, &left));
        prop_assert_eq!(read(&merged), read(&truth));
    }

    /// Lighter readings, early ones among them, and the whole truth, in any order: the same meaning.
    #[test]
    fn order_of_readings_does_not_matter(
        truth in ended_facts(),
        lefts in vec(left(), 1..4),
        at in any::<prop::sample::Index>(),
    ) {
        let mut readings: Vec<CallFacts> = lefts.iter().map(|left| lighter(&truth, left)).collect();
        let at = at.index(readings.len() + 1);
        readings.insert(at, truth.clone());
        let merged = readings.iter().fold(CallFacts::default(), |known, new| merge(&known, new));
        prop_assert_eq!(read(&merged).outcome, read(&truth).outcome);
    }

    /// A person's review, or checks computed anew, are a cause to turn a judgement.
    #[test]
    fn a_review_turns_a_judgement(truth in ended_facts()) {
        let reviewed = CallFacts {
            status: truth.status.clone(),
            evaluation_status: Some("reviewed_failure".to_owned()),
            ..Default::default()
        };
        let merged = read(&merge(&truth, &reviewed));
        let apart = matches!(merged.outcome, Outcome::Stopped | Outcome::NeverConnected);
        prop_assert!(apart || (merged.outcome == Outcome::AgentFailed && merged.reviewed));
    }

    /// Sums add up: over all calls, over groups, over evaluators.
    #[test]
    fn counts_always_add_up((calls, _) in calls()) {
        let total = u32::try_from(calls.len()).unwrap_or(u32::MAX);
        let counts: Counts = calls.iter().map(|call| call.outcome).collect();
        prop_assert_eq!(counts.total(), total);
        for (name, all) in [
            ("groups", group(&calls).iter().map(|one| one.counts).collect::<Vec<_>>()),
            ("evaluators", evaluators(&calls).iter().map(|one| one.counts).collect()),
        ] {
            prop_assert_eq!(all.iter().map(Counts::total).sum::<u32>(), total, "{}", name);
            for outcome in Outcome::ALL {
                let sum: u32 = all.iter().map(|one| one.of(outcome)).sum();
                prop_assert_eq!(sum, counts.of(outcome), "{}", name);
            }
        }
        let mut ids: Vec<i64> = group(&calls).into_iter().flat_map(|one| one.calls).collect();
        ids.sort_unstable();
        let expected: Vec<i64> = (1..=i64::from(total)).collect();
        prop_assert_eq!(ids, expected);
    }

    /// Every call that went wrong is in exactly one cause.
    #[test]
    fn causes_hold_every_call_that_went_wrong_once((calls, _) in calls()) {
        let mut held: Vec<i64> = causes(&calls).into_iter().flat_map(|one| one.calls).collect();
        held.sort_unstable();
        let wrong: Vec<i64> = calls
            .iter()
            .filter(|call| matches!(
                call.outcome,
                Outcome::AgentFailed | Outcome::NeverConnected | Outcome::NeedsALook
            ))
            .map(|call| call.id)
            .collect();
        prop_assert_eq!(held, wrong);
    }

    /// What went wrong most often with an evaluator is the first cause of its own calls.
    #[test]
    fn the_reason_of_an_evaluator_is_that_of_its_calls_alone((calls, _) in calls()) {
        for one in evaluators(&calls) {
            let own: Vec<&Call> = calls.iter().filter(|call| one.calls.contains(&call.id)).collect();
            let first = causes(&own).into_iter().next().map(|cause| cause.reason);
            prop_assert_eq!(format!("{:?}", one.reason), format!("{first:?}"));
        }
    }

    /// The order in which calls arrive changes nothing that is shown.
    #[test]
    fn order_of_arrival_does_not_matter((calls, shuffled) in calls(), expected in option::of(0_u32..30)) {
        // Debug text, because a NaN among the lengths is not equal to itself.
        let shown = |calls: &[Call]| {
            let facts = ResultFacts { calls, expected_calls: expected, finished: false };
            format!("{:?}{:?}{:?}{:?}", group(calls), evaluators(calls), causes(calls), headline(&facts))
        };
        prop_assert_eq!(shown(&calls), shown(&shuffled));
    }

    #[test]
    fn a_usual_length_lies_within_its_range(seconds in vec(any::<f64>(), 0..40)) {
        if let Some(usual) = usual_length(&seconds) {
            prop_assert!(usual.low_s <= usual.median_s && usual.median_s <= usual.high_s);
            prop_assert!(usual.low_s > 0.0);
        }
    }

    #[test]
    fn a_range_is_a_range_whatever_the_history(
        seconds in vec(vec(prop_oneof![0.0..900.0, Just(f64::NAN), Just(-1.0)], 0..6), 0..6),
        others in vec(0.0..900.0, 0..30),
        calls in 0_u32..400,
        metrics in 0_u32..20,
        at_once in 0_u32..50,
        clock in prop_oneof![Just(1.0), 0.001..2.0, Just(0.0), Just(f64::NAN)],
    ) {
        let estimate = estimate(&EstimateInput {
            evaluators: seconds
                .into_iter()
                .map(|seconds| EstimateEvaluator { seconds, metrics, calls })
                .collect(),
            all_seconds: others,
            at_once,
            clock_per_second: clock,
        });
        prop_assert!(in_order(&estimate), "{:?}", estimate);
    }

    #[test]
    fn time_left_is_a_range_and_ends_with_the_calls(
        waiting in 0_u32..200,
        going in vec(prop_oneof![0.0..2000.0, Just(f64::NAN)], 0..20),
        at_once in 0_u32..20,
        seconds in vec(1.0..900.0, 0..20),
    ) {
        let nothing = waiting == 0 && going.is_empty();
        let left = time_left(&TimeLeftInput { waiting, going, at_once, seconds, clock_per_second: 1.0 });
        prop_assert!(left.low_s >= 0.0 && left.low_s <= left.high_s && left.high_s.is_finite());
        prop_assert_eq!(nothing, left.high_s == 0.0);
    }
}
