//! What a later reading may change, and what it may not.

use verdict::{CallFacts, MetricFacts, Outcome, OutcomeFacts, merge, read};

fn ended() -> CallFacts {
    CallFacts {
        status: Some("completed".to_owned()),
        evaluation_status: Some("failure".to_owned()),
        agent_spoke: Some(true),
        expected_outcome: Some(OutcomeFacts { score: Some(40.0), ..Default::default() }),
        ..Default::default()
    }
}

fn with_status(status: &str) -> CallFacts {
    CallFacts { status: Some(status.to_owned()), ..Default::default() }
}

#[test]
fn a_light_row_keeps_the_judgement_and_the_speech() {
    let merged = merge(&ended(), &with_status("completed"));
    assert_eq!(read(&merged).outcome, Outcome::AgentFailed);
    assert_eq!(merged.agent_spoke, Some(true));
}

#[test]
fn a_row_that_comes_late_does_not_put_a_call_back_into_progress() {
    let late = CallFacts { success: Some(false), ..with_status("evaluating") };
    assert_eq!(merge(&ended(), &late), ended());
}

#[test]
fn the_flag_of_a_call_under_way_is_not_taken_for_a_judgement_later() {
    let early = CallFacts {
        success: Some(false),
        error_message: Some("waiting for the agent".to_owned()),
        ..with_status("in_progress")
    };
    let merged = merge(&early, &with_status("completed"));
    assert_eq!((merged.success, merged.error_message), (None, None));
}

#[test]
fn silence_before_the_end_is_not_silence() {
    let early = CallFacts { agent_spoke: Some(false), ..with_status("in_progress") };
    assert_eq!(merge(&early, &with_status("failed")).agent_spoke, None);
    assert_eq!(merge(&with_status("failed"), &early).agent_spoke, None);
    let spoken = CallFacts { agent_spoke: Some(true), ..early };
    assert_eq!(merge(&spoken, &with_status("failed")).agent_spoke, Some(true));
}

#[test]
fn checks_computed_anew_turn_a_judgement() {
    let anew = CallFacts {
        evaluation_status: Some("success".to_owned()),
        expected_outcome: Some(OutcomeFacts { score: Some(100.0), ..Default::default() }),
        ..with_status("completed")
    };
    assert_eq!(read(&merge(&ended(), &anew)).outcome, Outcome::Passed);
    assert_eq!(read(&merge(&anew, &ended())).outcome, Outcome::AgentFailed);
}

#[test]
fn metrics_of_one_name_are_told_apart_by_their_order() {
    let metric = |passed| MetricFacts { name: "Tone".to_owned(), passed, ..Default::default() };
    let old = CallFacts { metrics: vec![metric(Some(true)), metric(Some(false))], ..ended() };
    let new = CallFacts { metrics: vec![metric(None), metric(Some(true))], ..ended() };
    let merged: Vec<Option<bool>> =
        merge(&old, &new).metrics.iter().map(|metric| metric.passed).collect();
    assert_eq!(merged, [Some(true), Some(true)]);
}
