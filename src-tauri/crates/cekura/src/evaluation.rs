//! How a call was judged.
//!
//! The document (`Run`, `ExpectedOutcome`, `Evaluation`) types little of this as it is sent. Where it
//! says nothing, the source is the vendor's sample of a v2 result, its page about webhooks, or the
//! older pages of v1; each is named below.

use serde_json::Value;

use crate::ids::MetricId;
use crate::loose::{Lenient, filled, lines};

/// What was expected of a call, and how far it came (`expected_outcome` of a run; the document's
/// `ExpectedOutcome`).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ExpectedOutcome {
    /// 0 to 100. The schema gives no range; that 100 is fully met is said of
    /// `met_expected_outcome_count`, which counts such runs. From where on a call is to be reviewed
    /// instead of failed is not documented.
    pub score: Option<f64>,
    /// Sentences (an array in `ExpectedOutcome`, one text in other documents), with marks and
    /// `(mm:ss)` as the server writes them.
    pub explanation: Vec<String>,
    /// Criterion by criterion (`outcome_alignments`).
    pub alignments: Vec<Alignment>,
    /// A person's vote on the judgement. `mark_expected_outcome_vote` casts it; where it is read is
    /// not documented, so it is looked for as metrics have it.
    pub thumbs_up: Option<bool>,
}

/// One criterion (the document's `OutcomeAlignment`).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alignment {
    /// What was asked for: `prompt_part`; what was found when that is missing. What was found may be
    /// the same few words for every criterion, so it does not name one.
    pub text: String,
    /// What was found (`outcome`).
    pub outcome: Option<String>,
    /// Met or not, when said (`aligned`).
    pub aligned: Option<bool>,
}

impl Lenient for ExpectedOutcome {
    // An object (`ExpectedOutcome`). The document swaps types between fields and calls it text in
    // places; the sample of a webhook has `{}`, which says nothing.
    fn lenient(value: &Value) -> Option<Self> {
        let outcome = match value {
            Value::Object(fields) => Self {
                score: fields.get("score").and_then(f64::lenient),
                explanation: lines(fields.get("explanation")),
                alignments: fields
                    .get("outcome_alignments")
                    .and_then(Vec::lenient)
                    .unwrap_or_default(),
                thumbs_up: fields.get("thumbs_up").and_then(bool::lenient),
            },
            other => {
                let score = f64::lenient(other);
                let explanation = if score.is_some() { Vec::new() } else { lines(Some(other)) };
                Self { score, explanation, alignments: Vec::new(), thumbs_up: None }
            }
        };
        let says_something = outcome.score.is_some()
            || !outcome.explanation.is_empty()
            || !outcome.alignments.is_empty()
            || outcome.thumbs_up.is_some();
        says_something.then_some(outcome)
    }
}

impl Lenient for Alignment {
    fn lenient(value: &Value) -> Option<Self> {
        let text = |name: &str| filled(value.get(name).and_then(String::lenient));
        let outcome = text("outcome");
        let criterion = text("prompt_part")
            .or_else(|| outcome.clone())
            .or_else(|| filled(value.as_str().map(str::to_owned)));
        let aligned = value.get("aligned").and_then(bool::lenient);
        (criterion.is_some() || aligned.is_some()).then(|| Self {
            text: criterion.unwrap_or_default(),
            outcome,
            aligned,
        })
    }
}

/// What one metric said of a call (`evaluation.metrics` of a run).
///
/// Read from three dialects: v1's `type` with a number as `score`; v2's `type: "binary"` with a
/// boolean as `score` beside `score_normalized` (the document's sample of a result); the webhooks'
/// `eval_type` with `passed`. The schema that should say it,
/// `CallLogListSerializerMetricsWithExplanation`, requires fields that none of the three has.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MetricResult {
    /// Its id.
    pub id: Option<MetricId>,
    /// Its name; empty when the server gives none.
    pub name: String,
    /// What sort of value it has.
    pub kind: MetricKind,
    /// Its value.
    pub value: MetricValue,
    /// Whether it passed, where the server says so beside the value (`passed`, in webhooks).
    pub passed: Option<bool>,
    /// Why: an array in the document, one text in v1.
    pub explanation: Vec<String>,
    /// The vendor's code of a metric of its own (`vocera_defined_metric_code`; empty for others in
    /// the sample of v2).
    pub code: Option<String>,
    /// A person's vote on the judgement (`thumbs_up` in the sample of v2; `mark_metric_vote` casts
    /// it).
    pub thumbs_up: Option<bool>,
}

/// What sort of value a metric has: the four words of `eval_type` (the document's
/// `MetricListSerializerV2`), and older ones of v1.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MetricKind {
    /// Yes or no (`binary`).
    Binary,
    /// 0 to 5 (`continuous_qualitative`; the scale is named by the document's example of
    /// `metrics-create`).
    Rating,
    /// A number (`numeric`). Its unit is the metric's own and is not sent. Latencies come in
    /// milliseconds, by answers that users have published; no document says so.
    Number,
    /// One of several words (`enum`).
    Category,
    /// Another word of the API; empty when it said none.
    Unknown(String),
}

/// A metric's value.
#[derive(Debug, Clone, PartialEq)]
pub enum MetricValue {
    /// Yes.
    Yes,
    /// No.
    No,
    /// A rating, or a number.
    Number(f64),
    /// A word.
    Text(String),
    /// Nothing.
    None,
}

impl MetricKind {
    fn read(word: Option<&str>) -> Self {
        let word = word.unwrap_or_default().trim();
        match word.to_ascii_lowercase().as_str() {
            "continuous_qualitative" => Self::Rating,
            "numeric" => Self::Number,
            "enum" => Self::Category,
            // `binary`, and v1's `binary_workflow_adherence` and `binary_qualitative`.
            lower if lower.starts_with("binary") => Self::Binary,
            _ => Self::Unknown(word.to_owned()),
        }
    }
}

/// The metrics of a run; an entry that is no object keeps its place without a name.
pub(crate) fn metric_results(metrics: Option<&Value>) -> Vec<MetricResult> {
    match metrics {
        Some(Value::Array(items)) => items.iter().map(read_metric).collect(),
        Some(Value::Object(items)) => items.values().map(read_metric).collect(),
        _ => Vec::new(),
    }
}

fn read_metric(metric: &Value) -> MetricResult {
    let text = |name: &str| filled(metric.get(name).and_then(String::lenient));
    let kind = MetricKind::read(text("eval_type").or_else(|| text("type")).as_deref());
    let passed = metric.get("passed").and_then(bool::lenient);
    MetricResult {
        id: metric.get("id").and_then(MetricId::lenient),
        name: text("name").unwrap_or_default(),
        value: read_value(&kind, metric, passed),
        kind,
        passed,
        explanation: lines(metric.get("explanation")),
        code: text("vocera_defined_metric_code"),
        thumbs_up: metric.get("thumbs_up").and_then(bool::lenient),
    }
}

/// The value, from the field that is clearest for the kind: `passed` (webhooks), a boolean `score`
/// (v2), `score_normalized` (v2), then `score` and `value` as numbers. A category has its word in
/// `enum` and no score (the sample of v2), or in `value` (the document's schema).
fn read_value(kind: &MetricKind, metric: &Value, passed: Option<bool>) -> MetricValue {
    let present = |name: &str| metric.get(name).filter(|value| !value.is_null());
    let number = ["score_normalized", "score", "value"]
        .iter()
        .find_map(|name| present(name).and_then(f64::lenient));
    let boolean = ["score", "value"].iter().find_map(|name| present(name).and_then(read_boolean));
    let word = ["enum", "value", "score"].iter().find_map(|name| {
        present(name).and_then(Value::as_str).map(str::to_owned).and_then(|it| filled(Some(it)))
    });
    let yes_or_no = |yes: bool| if yes { MetricValue::Yes } else { MetricValue::No };
    match kind {
        MetricKind::Binary => match (passed.or(boolean), number) {
            (Some(yes), _) => yes_or_no(yes),
            // 0 or 1 when normalised (the sample of v2), 0 or 5 in v1's pages; between them lies no
            // answer.
            (None, Some(0.0)) => MetricValue::No,
            (None, Some(1.0 | 5.0)) => MetricValue::Yes,
            (None, Some(other)) => MetricValue::Number(other),
            (None, None) => MetricValue::None,
        },
        MetricKind::Rating | MetricKind::Number => {
            number.map_or(MetricValue::None, MetricValue::Number)
        }
        MetricKind::Category => word
            .or_else(|| number.map(|number| number.to_string()))
            .map_or(MetricValue::None, MetricValue::Text),
        MetricKind::Unknown(_) => match (boolean.or(passed), number, word) {
            (Some(yes), ..) => yes_or_no(yes),
            (None, Some(number), _) => MetricValue::Number(number),
            (None, None, Some(word)) => MetricValue::Text(word),
            (None, None, None) => MetricValue::None,
        },
    }
}

/// `true`, or `"true"`; not 1, which may be a score of one.
fn read_boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// One rule of the project's rubric, applied to a call (`rubric` of the document's `Run`, whose
/// example is all there is of its shape).
///
/// A call passes when every rule does; a metric without a rule decides nothing (the vendor's page
/// about rubrics).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RubricRule {
    /// The metric it looks at.
    pub metric_id: Option<MetricId>,
    /// That metric's name.
    pub metric_name: Option<String>,
    /// Whether the call passed it.
    pub passed: Option<bool>,
    /// Why.
    pub explanation: Vec<String>,
    /// The rule itself, as text (`score gte 5`).
    pub conditions: Option<String>,
}

/// The rules of a run's rubric; null when the project has none.
pub(crate) fn rubric_rules(rubric: Option<&Value>) -> Vec<RubricRule> {
    let Some(Value::Array(items)) = rubric else { return Vec::new() };
    items
        .iter()
        .map(|rule| {
            let text = |name: &str| filled(rule.get(name).and_then(String::lenient));
            RubricRule {
                metric_id: rule.get("metric_id").and_then(MetricId::lenient),
                metric_name: text("metric_name"),
                passed: rule.get("passed").and_then(bool::lenient),
                explanation: lines(rule.get("explanation")),
                conditions: text("conditions"),
            }
        })
        .collect()
}
