//! What the judge says of a call: expected outcome, metrics, rubric.

use serde_json::{Value, json};

use super::fate::{Ending, Fate};
use super::schedule::Call;
use super::talk::{Turn, Voice, clock};
use crate::chance::Chance;
use crate::world::{Kind, Metric, Scenario, World};

/// Which of the API's two ways of writing metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `binary_workflow_adherence` or `binary_qualitative`, with a score of 5 or 0.
    V1,
    /// `binary` with a boolean score.
    V2,
}

/// The expected outcome of a judged call; `{}` where nothing was expected.
pub(crate) fn expected_outcome(scenario: &Scenario, fate: &Fate, turns: &[Turn]) -> Value {
    if !scenario.has_expectation || !fate.ending.is_judged() {
        return json!({});
    }
    let criteria = scenario.script.criteria;
    let met = criteria.len() - fate.unmet.len();
    let mut explanation = Vec::new();
    let mut alignments = Vec::new();
    for (at, criterion) in criteria.iter().enumerate() {
        let aligned = !fate.unmet.contains(&at);
        let turn = turns.iter().find(|turn| turn.criterion == Some(at));
        let (when, said) = turn.map_or((String::new(), String::new()), |turn| {
            (clock(turn.start_s), turn.text.clone())
        });
        explanation.push(match (aligned, when.is_empty()) {
            (true, false) => format!("✅ {criterion} It says: \"{said}\" ({when})"),
            (true, true) => format!("✅ {criterion}"),
            (false, false) => format!("❌ {criterion} Instead it says: \"{said}\" ({when})"),
            (false, true) => format!("❌ {criterion} The call does not get that far."),
        });
        // What was found differs from call to call; what was asked for is the evaluator's own text.
        let found = match (aligned, said.is_empty()) {
            (_, false) => format!("The agent said: \"{said}\""),
            (true, true) => "The agent did so.".to_owned(),
            (false, true) => "The call does not get that far.".to_owned(),
        };
        alignments.push(json!({
            "prompt_part": criterion,
            "outcome": found,
            "aligned": aligned,
        }));
    }
    let score = (100.0 * met as f64 / criteria.len() as f64).round();
    json!({ "score": score, "explanation": explanation, "outcome_alignments": alignments })
}

/// The metrics of a judged call.
pub(crate) fn metrics(
    world: &World,
    scenario: &Scenario,
    call: &Call,
    turns: &[Turn],
    dialect: Dialect,
) -> Vec<Value> {
    if !call.fate.ending.is_judged() && call.fate.ending != Ending::TimedOut {
        return Vec::new();
    }
    let attached = scenario.metrics.iter().filter_map(|id| World::metric(*id));
    attached.map(|metric| metric_json(world, scenario, call, turns, metric, dialect)).collect()
}

/// Credits for judging a call (the expected outcome costs nothing: the vendor's list of rates).
pub(crate) fn credits(scenario: &Scenario, fate: &Fate) -> f64 {
    if !fate.ending.is_judged() && fate.ending != Ending::TimedOut {
        return 0.0;
    }
    scenario.metrics.iter().filter_map(|id| World::metric(*id)).map(|metric| metric.cost).sum()
}

fn metric_json(
    world: &World,
    scenario: &Scenario,
    call: &Call,
    turns: &[Turn],
    metric: &Metric,
    dialect: Dialect,
) -> Value {
    let mut chance = Chance::of(world.seed, &[87, call.run as u64, metric.id as u64]);
    let failed = call.fate.ending == Ending::AgentFailed;
    let (kind, score, normal, category, explanation) = match metric.kind {
        Kind::Binary => {
            let yes = call.fate.broken_metric != Some(metric.id);
            let score = match dialect {
                Dialect::V1 => json!(if yes { 5 } else { 0 }),
                Dialect::V2 => json!(yes),
            };
            let kind = match dialect {
                Dialect::V1 if metric.qualitative => "binary_qualitative",
                Dialect::V1 => "binary_workflow_adherence",
                Dialect::V2 => "binary",
            };
            (kind, score, json!(u8::from(yes)), None, binary_words(call, turns, yes))
        }
        Kind::Rating => {
            let raw = if failed { chance.between(1.5, 3.8) } else { chance.between(3.6, 5.0) };
            let raw = (raw * 10.0).round() / 10.0;
            (
                "continuous_qualitative",
                json!(raw),
                json!(raw),
                None,
                vec![rating_words(raw, turns, &mut chance)],
            )
        }
        Kind::Number => {
            let raw = number(metric, failed, &mut chance);
            ("numeric", json!(raw), json!(raw), None, Vec::new())
        }
        Kind::Category => {
            let category = match (metric.id, failed) {
                (811, true) => chance.pick(&["neutral", "upset", "upset"]),
                (811, false) => chance.pick(&["content", "content", "content", "neutral"]),
                _ => topic(scenario),
            };
            (
                "enum",
                Value::Null,
                Value::Null,
                Some(category),
                vec![format!("The transcript reads as {category}.")],
            )
        }
    };
    let mut value = json!({
        "id": metric.id,
        "name": metric.name,
        "type": kind,
        "explanation": explanation,
        "extra": {},
        "vocera_defined_metric_code": metric.code,
        "function_name": if metric.kind == Kind::Number { json!(format!("get_{}", metric.slug)) } else { Value::Null },
        "thumbs_up": null,
    });
    if let Some(category) = category {
        value["enum"] = json!(category);
    } else {
        value["score"] = score;
        if dialect == Dialect::V2 {
            value["score_normalized"] = normal;
        }
    }
    if metric.kind == Kind::Number {
        // In the older dialect the explanation of a number is an empty text.
        if dialect == Dialect::V1 {
            value["explanation"] = json!("");
        }
        value["extra"] = json!({ "percentiles": { "p50": value["score"] } });
    }
    value
}

fn binary_words(call: &Call, turns: &[Turn], yes: bool) -> Vec<String> {
    if yes {
        return vec!["Nothing in the call speaks against it.".to_owned()];
    }
    let missed =
        turns.iter().find(|turn| turn.criterion.is_some_and(|at| call.fate.unmet.contains(&at)));
    vec![match missed {
        Some(turn) => format!(
            "The agent leaves out a step it should take: \"{}\" ({})",
            turn.text,
            clock(turn.start_s)
        ),
        None => "A step the agent should take is missing.".to_owned(),
    }]
}

fn rating_words(raw: f64, turns: &[Turn], chance: &mut Chance) -> String {
    let spoken: Vec<&Turn> = turns.iter().filter(|turn| turn.voice == Voice::Agent).collect();
    let at = if spoken.is_empty() {
        String::new()
    } else {
        format!(" ({})", clock(chance.pick(&spoken).start_s))
    };
    if raw >= 4.0 {
        format!("Good throughout{at}.")
    } else if raw >= 3.0 {
        format!("Mostly good; a little hurried{at}.")
    } else {
        format!("Not what one would wish for{at}.")
    }
}

/// A number in the metric's own unit: milliseconds, times, percent.
fn number(metric: &Metric, failed: bool, chance: &mut Chance) -> f64 {
    match metric.id {
        808 => {
            (chance.between(820.0, if failed { 3900.0 } else { 2100.0 }) * 100.0).round() / 100.0
        }
        809 => chance.between(0.0, if failed { 5.0 } else { 2.5 }).floor(),
        _ => (chance.between(0.2, if failed { 6.0 } else { 2.5 }) * 100.0).round() / 100.0,
    }
}

fn topic(scenario: &Scenario) -> &'static str {
    match scenario.script.folder.split('.').next() {
        Some("Refunds") => "refund",
        Some("Delivery" | "Subscriptions") => "delivery",
        Some("Orders" | "Speech") => "order",
        _ => "other",
    }
}

/// The rubric of a call: the guard rails have one, the others are judged by what was expected.
pub(crate) fn rubric(scenario: &Scenario, call: &Call, turns: &[Turn]) -> Value {
    if scenario.script.folder != "Safety.Guard rails" || !call.fate.ending.is_judged() {
        return Value::Null;
    }
    let Some(metric) = World::metric(801) else { return Value::Null };
    let passed = call.fate.broken_metric.is_none();
    json!([{
        "metric_id": metric.id,
        "metric_name": metric.name,
        "value": if passed { 5 } else { 0 },
        "explanation": binary_words(call, turns, passed),
        "passed": passed,
        "conditions": "score gte 5",
        "expected_conditions": {
            "operator": "and",
            "conditions": [{ "field": "score", "op": "gte", "value": 5 }],
        },
    }])
}
