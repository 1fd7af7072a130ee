//! The table of outcomes: one line a case, each with its reason. Values are our own; the shapes are
//! those of the API's documents, of answers that were published, and of clients that misread them.

use verdict::{
    CallFacts, Criterion, MetricFacts, MetricKind, Outcome, OutcomeFacts, Reason, RubricFacts, Why,
    failed_checks, has_ended, read,
};

#[allow(clippy::expect_used, reason = "a test that cannot go on should say so")]
#[path = "outcomes/pinned.rs"]
mod pinned;

use Outcome::{AgentFailed, InProgress, NeedsALook, NeverConnected, Passed, Stopped};

/// Facts, written so that a case fits a line.
#[derive(Clone, Default)]
struct F(CallFacts);

fn status(text: &str) -> F {
    F(CallFacts { status: Some(text.to_owned()), ..Default::default() })
}

/// A completed call in which the agent spoke.
fn done() -> F {
    status("completed").spoke(true)
}

impl F {
    fn ended(mut self, reason: &str) -> Self {
        self.0.ended_reason = Some(reason.to_owned());
        self
    }
    fn error(mut self, text: &str) -> Self {
        self.0.error_message = Some(text.to_owned());
        self
    }
    fn eval(mut self, text: &str) -> Self {
        self.0.evaluation_status = Some(text.to_owned());
        self
    }
    fn flag(mut self, success: bool) -> Self {
        self.0.success = Some(success);
        self
    }
    fn spoke(mut self, spoke: bool) -> Self {
        self.0.agent_spoke = Some(spoke);
        self
    }
    fn score(mut self, score: f64) -> Self {
        self.0.expected_outcome.get_or_insert_default().score = Some(score);
        self
    }
    fn empty_outcome(mut self) -> Self {
        self.0.expected_outcome = Some(OutcomeFacts::default());
        self
    }
    fn criterion(mut self, text: &str, met: Option<bool>) -> Self {
        self.0
            .expected_outcome
            .get_or_insert_default()
            .criteria
            .push(Criterion { text: text.to_owned(), met });
        self
    }
    fn binary(mut self, name: &str, passed: bool) -> Self {
        self.0.metrics.push(MetricFacts {
            name: name.to_owned(),
            kind: MetricKind::Binary,
            passed: Some(passed),
            ..Default::default()
        });
        self
    }
    fn metric(mut self, name: &str, kind: MetricKind, value: f64) -> Self {
        self.0.metrics.push(MetricFacts {
            name: name.to_owned(),
            kind,
            value: Some(value),
            ..Default::default()
        });
        self
    }
    fn category(mut self, name: &str, text: &str) -> Self {
        self.0.metrics.push(MetricFacts {
            name: name.to_owned(),
            kind: MetricKind::Category,
            text: Some(text.to_owned()),
            ..Default::default()
        });
        self
    }
    fn rule(mut self, name: &str, passed: Option<bool>) -> Self {
        self.0.rubric.push(RubricFacts {
            name: Some(name.to_owned()),
            passed,
            explanation: Vec::new(),
        });
        self
    }
}

type Case = (F, Outcome, &'static str, &'static str);

/// Facts, outcome, code, reason.
fn table() -> Vec<Case> {
    let mut cases = vec![
        // 1. In progress.
        (F::default(), InProgress, "working", "nothing is known, not even a status"),
        (status(""), InProgress, "working", "a blank status is none"),
        (status("in_queue"), InProgress, "waiting", "beyond the limit calls queue"),
        (status("scaling_up"), InProgress, "waiting", "capacity is being added"),
        (status("pending"), InProgress, "connecting", "the caller waits to be called"),
        (status("running"), InProgress, "connecting", "the state before any call happens"),
        (status("in_progress"), InProgress, "talking", "the call is being executed"),
        (status("evaluating"), InProgress, "judging", "the call is over, its checks are not"),
        (status("IN_PROGRESS"), InProgress, "talking", "text is compared without case"),
        (status(" In Progress "), InProgress, "talking", "and without blanks around it"),
        (
            status("passed"),
            InProgress,
            "working",
            "a status of the SDK's documents that the API never sends",
        ),
        (status("errored"), InProgress, "working", "likewise"),
        (
            status("teleporting").flag(true).score(100.0),
            InProgress,
            "working",
            "an unknown status has not ended, whatever else is there",
        ),
        (
            status("evaluating").flag(false).binary("Polite", false).spoke(true),
            InProgress,
            "judging",
            "success is false before judging",
        ),
        (
            status("pending").flag(false).eval("failure"),
            InProgress,
            "connecting",
            "a status may move backwards; a verdict before the end is none",
        ),
        (
            status("in_progress").ended("run-cancelled-by-user"),
            InProgress,
            "talking",
            "it is being ended, and has not",
        ),
        (
            status("running").error("no route"),
            InProgress,
            "connecting",
            "an error while it runs may be recovered from",
        ),
        // 2. Stopped.
        (status("cancelled"), Stopped, "stopped_by_person", "cancelled"),
        (
            status("canceled"),
            Stopped,
            "stopped_by_person",
            "with one l, as a vendor's tool accepts",
        ),
        (
            status("CANCELLED").eval("failure").score(0.0).spoke(true),
            Stopped,
            "stopped_by_person",
            "a stopped call is not blamed on the agent",
        ),
        (
            status("failed").ended("run-cancelled-by-user").spoke(false),
            Stopped,
            "stopped_by_person",
            "a person ended it, whatever status that gave",
        ),
        (
            done().ended("Run-Cancelled-By-User").eval("success").score(100.0),
            Stopped,
            "stopped_by_person",
            "ended by a person comes before any verdict",
        ),
        (
            done().ended("external-user-ended-call"),
            Stopped,
            "stopped_by_person",
            "ended from outside and not judged",
        ),
        (
            done().ended("external-user-ended-call").flag(false),
            Stopped,
            "stopped_by_person",
            "a bare false is what stands there before judging",
        ),
        (
            done().ended("external-user-ended-call").eval("success").score(100.0),
            Passed,
            "expected_outcome_met",
            "ended from outside but judged: the judgement counts",
        ),
        (
            done().ended("external-user-ended-call").eval("failure").score(20.0),
            AgentFailed,
            "expected_outcome_not_met",
            "likewise",
        ),
        (
            done().ended("external-user-ended-call").flag(false).binary("Greets", false),
            AgentFailed,
            "metric_failed",
            "false with a check beside it is a judgement",
        ),
        // 3. Never connected: by the reason alone.
        (
            status("failed").ended("Main agent-did-not-answer"),
            NeverConnected,
            "no_answer",
            "nobody answered",
        ),
        (
            status("completed").ended("Main agent-busy").eval("failure"),
            NeverConnected,
            "no_answer",
            "busy, and the API calls it a failure",
        ),
        (
            status("completed")
                .ended("Main agent-voicemail")
                .eval("failure")
                .score(0.0)
                .spoke(true),
            NeverConnected,
            "no_answer",
            "a voicemail is not the agent, even where it was judged",
        ),
        (
            status("failed").ended("Main agent-invalid-phone-number"),
            NeverConnected,
            "no_answer",
            "there is no such number",
        ),
        (
            status("failed").ended("Main agent-call-not-connected"),
            NeverConnected,
            "not_connected",
            "the vendor's word for it",
        ),
        (
            status("failed").ended("call-canceled"),
            NeverConnected,
            "not_connected",
            "cancelled by the network, not by a person",
        ),
        (status("failed").ended("call-rejected"), NeverConnected, "not_connected", "rejected"),
        (
            status("failed").ended("call-failed-unknown-error"),
            NeverConnected,
            "not_connected",
            "nobody knows why",
        ),
        (status("failed").ended("sip-call-failed"), NeverConnected, "not_connected", "the line"),
        (
            status("failed").ended("Main agent-twilio-client-error"),
            NeverConnected,
            "not_connected",
            "the agent's carrier",
        ),
        (
            status("failed").ended("Testing agent-run-not-ready"),
            NeverConnected,
            "not_connected",
            "the tester was not ready",
        ),
        (
            status("completed").ended("pipecat-agent-concurrency-limit-reached").eval("failure"),
            NeverConnected,
            "at_limit",
            "refused for lack of capacity still says failure",
        ),
        (
            status("completed")
                .ended("PIPECAT-AGENT-CONCURRENCY-LIMIT-REACHED")
                .eval("failure")
                .binary("Greets", false),
            NeverConnected,
            "at_limit",
            "real, undocumented, and never the agent's fault",
        ),
        (
            status("failed").ended("livekit-agent-limit-exceeded"),
            NeverConnected,
            "at_limit",
            "an unknown limit is matched by its words",
        ),
        (
            done().ended("Main agent-did-not-answer").eval("reviewed_failure"),
            NeverConnected,
            "no_answer",
            "comes before a review: there was nothing to review",
        ),
        // 3. Never connected: silence, and something broke.
        (
            status("failed").spoke(false),
            NeverConnected,
            "silence",
            "failed means infrastructure, and nobody spoke",
        ),
        (status("timeout").spoke(false), NeverConnected, "silence", "the agent never came"),
        (
            status("failed").spoke(false).eval("failure").score(0.0),
            NeverConnected,
            "silence",
            "judged nevertheless; there was nothing to judge",
        ),
        (
            status("failed").spoke(false).eval("success"),
            NeverConnected,
            "silence",
            "a failed call does not pass",
        ),
        (
            status("completed").spoke(false).ended("Testing agent-did-not-connect").eval("failure"),
            NeverConnected,
            "tester_broke",
            "the tester broke before a word",
        ),
        (
            status("completed")
                .spoke(false)
                .ended("Testing agent-pipeline-error")
                .eval("failure")
                .score(0.0),
            NeverConnected,
            "tester_broke",
            "likewise, scored 0 by the judge",
        ),
        (
            status("completed").spoke(false).ended("Testing agent-recording-absent"),
            NeverConnected,
            "tester_broke",
            "no recording and no word",
        ),
        (
            status("completed").spoke(false).ended("Testing agent-sip-dial-out-bot-crashed"),
            NeverConnected,
            "tester_broke",
            "the tester crashed",
        ),
        (
            status("completed")
                .spoke(false)
                .error("Room could not be created")
                .eval("failure")
                .score(0.0),
            NeverConnected,
            "silence",
            "an error message and silence: connection, not quality",
        ),
        (
            status("completed").spoke(false).error("Insufficient balance for this operation"),
            NeverConnected,
            "no_credits",
            "no credits is a limit, and not the agent's",
        ),
        (
            status("failed").spoke(false).error("Parallel call limit of your plan was reached"),
            NeverConnected,
            "account_limit",
            "nor is one of the account's",
        ),
        (
            status("failed").spoke(false).error("Agent session limit reached"),
            NeverConnected,
            "at_limit",
            "this one is the agent's",
        ),
        (
            status("completed").spoke(false).error("worker lost").flag(false),
            NeverConnected,
            "silence",
            "success is also false when it never connected",
        ),
        (
            status("completed").spoke(false).error("worker lost").eval("success").score(100.0),
            NeedsALook,
            "pass_with_error",
            "judged a pass, so silence alone does not decide",
        ),
        (
            status("timeout").spoke(false).ended("Main agent-silence-timed-out"),
            NeverConnected,
            "silence",
            "silence until the time was up",
        ),
        (
            status("timeout").spoke(false).ended("exceeded-max-duration"),
            NeverConnected,
            "silence",
            "the longest time, without a word of the agent",
        ),
        (
            status("completed").spoke(false).eval("failure").score(0.0),
            AgentFailed,
            "expected_outcome_not_met",
            "connected, nothing broke, and the agent kept silent: that is its failure",
        ),
        (
            status("completed")
                .spoke(false)
                .ended("Main agent-silence-timed-out")
                .eval("failure")
                .binary("Greets", false),
            AgentFailed,
            "metric_failed",
            "likewise: silence is what the agent did",
        ),
        // Nothing is known of who spoke.
        (
            status("failed"),
            NeedsALook,
            "speech_unknown",
            "a list row without transcripts says nothing about who spoke",
        ),
        (
            status("timeout").eval("failure").score(0.0),
            NeedsALook,
            "speech_unknown",
            "likewise, with a score",
        ),
        (
            status("completed").error("worker lost").eval("failure").score(0.0),
            NeedsALook,
            "speech_unknown",
            "not blamed on the agent before a transcript says that it spoke",
        ),
        (
            status("completed").ended("Testing agent-did-not-connect").eval("failure").score(0.0),
            NeedsALook,
            "speech_unknown",
            "likewise: the tester broke, perhaps before a word",
        ),
        (
            status("completed").eval("failure").score(40.0),
            AgentFailed,
            "expected_outcome_not_met",
            "nothing broke, so a light row is enough",
        ),
        (
            status("completed").eval("success").score(100.0),
            Passed,
            "expected_outcome_met",
            "likewise for a pass",
        ),
        // 4. Reviewed by a person.
        (
            done().eval("reviewed_success"),
            Passed,
            "reviewed_passed",
            "a person said so, and needs no score",
        ),
        (
            done().eval("reviewed_failure"),
            AgentFailed,
            "reviewed_failed",
            "a person said so, and needs no check",
        ),
        (
            done().eval("Reviewed_Success").score(0.0).error("late"),
            Passed,
            "reviewed_passed",
            "a person outranks judge and error",
        ),
        (
            done().eval("reviewed_failure").score(100.0).flag(true),
            AgentFailed,
            "reviewed_failed",
            "likewise",
        ),
        (
            status("failed").spoke(true).eval("reviewed_success"),
            Passed,
            "reviewed_passed",
            "broken off, listened to, accepted",
        ),
        // 5. Agent failed.
        (
            done().eval("failure").score(0.0),
            AgentFailed,
            "expected_outcome_not_met",
            "not met at all",
        ),
        (
            done().eval("failure").score(99.0),
            AgentFailed,
            "expected_outcome_not_met",
            "below 100 is not fully met",
        ),
        (
            done().flag(false).score(50.0),
            AgentFailed,
            "expected_outcome_not_met",
            "success false where there is no evaluation_status",
        ),
        (
            done().eval("").flag(false).score(50.0),
            AgentFailed,
            "expected_outcome_not_met",
            "a blank evaluation_status is none",
        ),
        (
            done().eval("failure").flag(true).score(50.0),
            AgentFailed,
            "expected_outcome_not_met",
            "evaluation_status decides where the two disagree",
        ),
        (
            done().eval("failure").binary("Confirms the date", false),
            AgentFailed,
            "metric_failed",
            "a yes-or-no metric says no",
        ),
        (
            done().eval("failure").rule("Tone", Some(false)),
            AgentFailed,
            "rubric_failed",
            "a rule of the rubric fails",
        ),
        (
            done().eval("failure").binary("Expected Outcome", false),
            AgentFailed,
            "expected_outcome_not_met",
            "the expected outcome as a metric",
        ),
        (
            done().eval("failure").metric("expected_outcome", MetricKind::Number, 60.0),
            AgentFailed,
            "expected_outcome_not_met",
            "likewise, spelt and scored otherwise",
        ),
        (
            done().eval("failure").criterion("Reads the address back", Some(false)),
            AgentFailed,
            "expected_outcome_not_met",
            "a criterion that is not met, without a score",
        ),
        (
            done().eval("failure").score(100.0).binary("Greets", false),
            AgentFailed,
            "metric_failed",
            "the outcome was met, another check was not",
        ),
        (
            done().eval("failure").score(0.0).error("transcriber restarted"),
            AgentFailed,
            "expected_outcome_not_met",
            "the agent spoke, was judged, and a check says why",
        ),
        (
            done().eval("FAILURE").score(0.0).ended("Main agent-ended-call"),
            AgentFailed,
            "expected_outcome_not_met",
            "a call that ran to its end",
        ),
        (
            done().eval("failure").score(0.0).ended("Testing agent-recording-failed"),
            AgentFailed,
            "expected_outcome_not_met",
            "the recording broke, the conversation did not",
        ),
        (
            done().eval("failure").score(0.0).ended("participant_disconnected"),
            AgentFailed,
            "expected_outcome_not_met",
            "a provider's word, passed through",
        ),
        // 6. Passed.
        (done().eval("success").score(100.0), Passed, "expected_outcome_met", "fully met"),
        (
            done().flag(true).score(100.0),
            Passed,
            "expected_outcome_met",
            "the older dialect: success alone",
        ),
        (
            done().eval("success").flag(false).score(100.0),
            Passed,
            "expected_outcome_met",
            "evaluation_status decides",
        ),
        (
            done().eval("success").score(99.999_999_9),
            Passed,
            "expected_outcome_met",
            "a division's last digit",
        ),
        (
            done().eval("success").binary("Expected Outcome", true),
            Passed,
            "expected_outcome_met",
            "the expected outcome as a metric",
        ),
        (
            done().eval("success").metric("Expected Outcome", MetricKind::Rating, 5.0),
            Passed,
            "expected_outcome_met",
            "likewise, on the scale of 0 to 5",
        ),
        (
            done().eval("success").rule("Tone", Some(true)).rule("Speed", None),
            Passed,
            "rubric_passed",
            "a rubric passed; a skipped rule does not count",
        ),
        (
            done().eval("success").rule("Tone", Some(true)).score(60.0),
            Passed,
            "rubric_passed",
            "the rubric is what the project judges by",
        ),
        (
            done().eval("success").score(100.0).error(" "),
            Passed,
            "expected_outcome_met",
            "a blank error message is none",
        ),
        (
            done().eval("success").score(100.0).error("None"),
            Passed,
            "expected_outcome_met",
            "nor is the word for none",
        ),
        (
            done().eval("success").score(100.0).binary("Small talk", false),
            Passed,
            "expected_outcome_met",
            "a metric without a rule never decides",
        ),
        (
            done().eval("success").score(100.0).ended("session_ended"),
            Passed,
            "expected_outcome_met",
            "seen on screenshots",
        ),
        // 7. Needs a look.
        (
            done().eval("success").score(100.0).error("stream dropped"),
            NeedsALook,
            "pass_with_error",
            "a pass with an error is no pass",
        ),
        (
            done().eval("success"),
            NeedsALook,
            "nothing_judged",
            "the call connected, and that is all it says",
        ),
        (
            done().eval("success").empty_outcome(),
            NeedsALook,
            "nothing_judged",
            "an expected outcome that is empty judges nothing",
        ),
        (
            done().flag(true).category("Topic", "billing"),
            NeedsALook,
            "nothing_judged",
            "a category judges nothing",
        ),
        (
            done().eval("success").binary("Call Pickup", true),
            NeedsALook,
            "nothing_judged",
            "neither does a metric without an expected outcome or a rule",
        ),
        (
            done().eval("success").rule("Tone", None),
            NeedsALook,
            "nothing_judged",
            "when all rules are skipped the API passes the call",
        ),
        (
            done().eval("success").rule("Tone", Some(false)).rule("Speed", Some(true)),
            NeedsALook,
            "nothing_judged",
            "a rule fails, so the rubric did not pass",
        ),
        (
            done().eval("success").criterion("Greets", Some(true)),
            NeedsALook,
            "nothing_judged",
            "criteria without a score are not enough for a pass",
        ),
        (
            done().eval("success").score(60.0),
            NeedsALook,
            "partly_met",
            "partly met, and called a pass",
        ),
        (
            done().eval("success").score(0.0),
            NeedsALook,
            "partly_met",
            "not met at all, and called a pass",
        ),
        (
            done().eval("success").metric("Expected Outcome", MetricKind::Rating, 3.33),
            NeedsALook,
            "partly_met",
            "two of three, on the scale of 0 to 5",
        ),
        (
            done().eval("success").score(f64::NAN),
            NeedsALook,
            "nothing_judged",
            "a score that is no number is none",
        ),
        (done(), NeedsALook, "no_judgement", "completed, and nobody judged it"),
        (done().score(100.0), NeedsALook, "no_judgement", "scored, but no verdict given"),
        (
            done().eval("review_required").flag(true).score(100.0),
            NeedsALook,
            "no_judgement",
            "an unknown evaluation_status is no verdict",
        ),
        (
            done().error("stream dropped"),
            NeedsALook,
            "no_judgement",
            "an error, the agent spoke, nothing was judged",
        ),
        (done().eval("failure"), NeedsALook, "failure_unexplained", "no check explains it"),
        (done().flag(false), NeedsALook, "failure_unexplained", "likewise in the older dialect"),
        (
            done().eval("failure").score(100.0),
            NeedsALook,
            "failure_unexplained",
            "fully met, and called a failure",
        ),
        (
            done().eval("failure").metric("Latency", MetricKind::Number, 8200.0),
            NeedsALook,
            "failure_unexplained",
            "a number is no yes or no",
        ),
        (
            done().eval("failure").metric("Empathy", MetricKind::Rating, 1.0),
            NeedsALook,
            "failure_unexplained",
            "nor is a rating that no rule asks for",
        ),
        (
            done().eval("failure").rule("Tone", Some(true)),
            NeedsALook,
            "failure_unexplained",
            "the rubric passed, and the call is called a failure",
        ),
        (
            status("failed").spoke(true),
            NeedsALook,
            "broke_off",
            "it broke in the middle of the conversation",
        ),
        (
            status("timeout").spoke(true).eval("failure").score(20.0),
            NeedsALook,
            "broke_off",
            "not completed, so not a failure of the agent",
        ),
        (
            status("failed").spoke(true).eval("success").score(100.0),
            NeedsALook,
            "broke_off",
            "nor a pass",
        ),
        (
            status("failed").spoke(true).ended("Testing agent-pipeline-error"),
            NeedsALook,
            "broke_off",
            "the tester broke after the agent had spoken",
        ),
    ];
    // The published launch answer, and the older dialects' completed calls.
    cases.push((
        status("running").flag(false).ended(""),
        InProgress,
        "connecting",
        "a call in a launch's answer",
    ));
    cases.push((
        done().flag(true).metric("Latency", MetricKind::Number, 3024.0),
        NeedsALook,
        "nothing_judged",
        "the older bulk answer: success with nothing but a latency",
    ));
    cases.push((
        status("completed")
            .flag(false)
            .spoke(true)
            .empty_outcome()
            .binary("workflow-adherence-check", false),
        AgentFailed,
        "metric_failed",
        "a webhook's failed result: an empty outcome and one failed check",
    ));
    cases
}

#[test]
fn every_case_of_the_table_has_its_outcome() {
    let table = table();
    assert!(table.len() >= 80, "the table has {} cases", table.len());
    let mut wrong = Vec::new();
    for (facts, outcome, code, reason) in &table {
        let reading = read(&facts.0);
        if reading.outcome != *outcome || reading.why.code() != *code {
            wrong.push(format!(
                "{reason}: {} ({}), not {} ({code})",
                reading.outcome.as_str(),
                reading.why.code(),
                outcome.as_str(),
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_reaches_every_outcome_and_every_code() {
    let table = table();
    for outcome in Outcome::ALL {
        assert!(table.iter().any(|(_, one, ..)| *one == outcome), "{}", outcome.as_str());
        assert_eq!(Outcome::parse(outcome.as_str()), Some(outcome));
    }
    for code in Why::CODES {
        assert!(table.iter().any(|(_, _, one, _)| *one == code), "{code}");
    }
    assert_eq!(Outcome::parse("from_a_later_version"), None);
}

#[test]
fn only_a_person_marks_a_call_as_reviewed() {
    for (facts, _, code, reason) in table() {
        let reviewed = matches!(code, "reviewed_passed" | "reviewed_failed");
        assert_eq!(read(&facts.0).reviewed, reviewed, "{reason}");
    }
}

#[test]
fn only_five_statuses_end_a_call() {
    for text in ["completed", "failed", "timeout", "cancelled", "canceled", "COMPLETED", " Failed "]
    {
        assert!(has_ended(Some(text)), "{text}");
    }
    for text in
        ["running", "pending", "in_progress", "evaluating", "in_queue", "scaling_up", "done", ""]
    {
        assert!(!has_ended(Some(text)), "{text}");
    }
    assert!(!has_ended(None));
}

#[test]
fn a_reason_names_the_criterion_that_was_not_met() {
    let mut facts = done().eval("failure").score(50.0).0;
    facts.expected_outcome = Some(OutcomeFacts {
        score: Some(50.0),
        criteria: vec![
            Criterion { text: "Greets by name".to_owned(), met: Some(true) },
            Criterion { text: " Reads the address back ".to_owned(), met: Some(false) },
        ],
        explanations: vec!["✅ Greeted (00:02)".to_owned(), "❌ No address (01:10)".to_owned()],
    });
    assert_eq!(
        read(&facts).why,
        Why::ExpectedOutcomeNotMet {
            score: Some(50.0),
            text: Some("Reads the address back".to_owned())
        }
    );
    if let Some(outcome) = &mut facts.expected_outcome {
        outcome.criteria.clear();
    }
    assert_eq!(
        read(&facts).why,
        Why::ExpectedOutcomeNotMet { score: Some(50.0), text: Some("No address".to_owned()) }
    );
}

#[test]
fn a_line_that_says_what_was_met_is_never_the_reason() {
    let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    let reason = |facts: &CallFacts| Reason::from(&read(facts).why).text;
    let mut facts = done().eval("failure").score(50.0).0;
    for (explanations, expected) in [
        (lines(&["✅ Greeted (00:02)", "❌ No address (01:10)."]), Some("No address")),
        (lines(&["✅ Greeted (00:02)", "It hung up at once"]), Some("It hung up at once")),
        (lines(&["✅ Greeted (00:02)"]), None),
    ] {
        facts.expected_outcome =
            Some(OutcomeFacts { score: Some(50.0), criteria: Vec::new(), explanations });
        assert_eq!(reason(&facts).as_deref(), expected);
    }
    let explanation = lines(&["✅ Calm at first (00:05)", "❌ Raised its voice (00:12, 01:40)"]);
    let mut facts = done().eval("failure").score(100.0).binary("Tone: polite", false).0;
    facts.metrics[0].explanation = explanation.clone();
    assert_eq!(reason(&facts).as_deref(), Some("Tone: polite: Raised its voice"));
    let mut facts = done().eval("failure").score(100.0).rule("Tone", Some(false)).0;
    facts.rubric[0].explanation = explanation;
    assert_eq!(reason(&facts).as_deref(), Some("Tone: Raised its voice"));
}

#[test]
fn a_metric_that_a_rule_is_about_is_named_once() {
    let facts = done()
        .eval("failure")
        .score(80.0)
        .binary("Tone", false)
        .binary("Greets", false)
        .rule("tone", Some(false))
        .0;
    let codes: Vec<&str> = failed_checks(&facts).iter().map(Why::code).collect();
    assert_eq!(codes, ["expected_outcome_not_met", "rubric_failed", "metric_failed"]);
}

#[test]
fn a_call_that_never_connected_says_whose_side_it_was_on() {
    use verdict::Side::{Agent, Limit, Network, Tester, Unknown};
    let table = [
        (status("failed").ended("Main agent-busy"), Agent, Some("Main agent-busy")),
        (
            status("failed").ended("Testing agent-run-not-ready"),
            Tester,
            Some("Testing agent-run-not-ready"),
        ),
        (status("failed").ended("sip-call-failed"), Network, Some("sip-call-failed")),
        (
            status("failed").ended("call-failed-unknown-error"),
            Unknown,
            Some("call-failed-unknown-error"),
        ),
        (
            status("failed").ended("pipecat-agent-concurrency-limit-reached"),
            Limit,
            Some("pipecat-agent-concurrency-limit-reached"),
        ),
        (status("failed").spoke(false), Unknown, None),
        (status("timeout").spoke(false), Agent, None),
        (
            status("failed").spoke(false).error("Testing agent lost its socket"),
            Tester,
            Some("Testing agent lost its socket"),
        ),
        (
            status("failed").spoke(false).error("Insufficient balance"),
            Limit,
            Some("Insufficient balance"),
        ),
        (
            status("failed").spoke(false).error("DNS lookup failed").ended("session_ended"),
            Network,
            Some("DNS lookup failed"),
        ),
        (
            status("failed").spoke(false).ended("participant_disconnected"),
            Unknown,
            Some("participant_disconnected"),
        ),
    ];
    for (facts, expected, words) in table {
        let why = read(&facts.0).why;
        match &why {
            Why::NeverConnected { side, reason, .. } => {
                assert_eq!((*side, reason.as_deref()), (expected, words), "{why:?}");
            }
            other => assert_eq!(other.code(), "", "{other:?}"),
        }
    }
}
