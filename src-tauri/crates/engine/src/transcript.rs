//! A call's conversation and judgement, as the page shows them.

use crate::explain::criterion;
use crate::view::{
    CriterionView, ExpectedView, MetricView, Speaker, ToolView, TurnView, WaveformView,
};

/// A silence longer than this is marked in the transcript: people begin to wonder whether the line
/// is dead after about three seconds.
const SILENCE_S: f64 = 3.0;

/// The pace of conversation: 150 words a minute.
const WORDS_PER_SECOND: f64 = 2.5;

/// The conversation; `None` where this reading of the call has none.
pub(crate) fn turns(run: &cekura::Run) -> Option<Vec<TurnView>> {
    let said = run.transcript.as_ref()?;
    let mut turns: Vec<TurnView> = Vec::with_capacity(said.len());
    let mut quiet_since: Option<f64> = None;
    for turn in said {
        // A tool's result belongs to its call.
        if turn.role == cekura::Role::ToolResult
            && let Some(tool) = &turn.tool
            && let Some(open) = turns.iter_mut().rev().find(|earlier| {
                earlier.tool.as_ref().is_some_and(|other| {
                    other.result.is_none()
                        && (other.id == tool.id || Some(&other.name) == tool.name.as_ref())
                })
            })
            && let Some(open_tool) = &mut open.tool
        {
            open_tool.result = tool.result.clone().or_else(|| filled(&turn.content));
            open.end = turn.end_s.or(open.end);
            continue;
        }
        let speaker = match &turn.role {
            cekura::Role::Agent => Speaker::Agent,
            cekura::Role::Caller => Speaker::Caller,
            cekura::Role::ToolCall | cekura::Role::ToolResult => Speaker::Tool,
            cekura::Role::Other(_) => Speaker::Other,
        };
        let silence = match (quiet_since, turn.start_s) {
            (Some(since), Some(start)) if start - since > SILENCE_S => Some(start - since),
            _ => None,
        };
        if let Some(end) = turn.end_s.or_else(|| likely_end(turn)) {
            quiet_since = Some(quiet_since.map_or(end, |since| since.max(end)));
        }
        turns.push(TurnView {
            speaker,
            role: role_text(&turn.role),
            at: turn.start_s,
            end: turn.end_s,
            text: turn.content.clone(),
            tool: turn.tool.as_ref().map(|tool| ToolView {
                id: tool.id.clone(),
                name: tool.name.clone().unwrap_or_default(),
                arguments: tool.arguments.clone(),
                result: tool.result.clone(),
            }),
            silence,
        });
    }
    Some(turns)
}

/// What was expected and what came; `None` where nothing was.
pub(crate) fn expected_view(run: &cekura::Run, prompt: Option<String>) -> Option<ExpectedView> {
    let expected = run.expected_outcome.as_ref();
    if expected.is_none() && prompt.is_none() {
        return None;
    }
    let mut criteria: Vec<CriterionView> = Vec::new();
    if let Some(expected) = expected {
        criteria = expected.explanation.iter().map(|line| criterion(line)).collect();
        // Lines carry the times, alignments the criteria: one list where both speak of the same.
        if criteria.len() == expected.alignments.len() {
            for (line, alignment) in criteria.iter_mut().zip(&expected.alignments) {
                line.met = line.met.or(alignment.aligned);
            }
        } else if criteria.is_empty() {
            criteria = expected
                .alignments
                .iter()
                .map(|alignment| CriterionView {
                    met: alignment.aligned,
                    ..criterion(&alignment.text)
                })
                .collect();
        }
    }
    Some(ExpectedView { score: expected.and_then(|expected| expected.score), prompt, criteria })
}

/// The metrics, those that decide the outcome first, then those that failed.
pub(crate) fn metric_views(run: &cekura::Run) -> Vec<MetricView> {
    let mut views: Vec<MetricView> =
        run.metrics.iter().map(|metric| metric_view(run, metric)).collect();
    views.sort_by_key(|view| (!view.decides, view.passed != Some(false)));
    views
}

fn metric_view(run: &cekura::Run, metric: &cekura::MetricResult) -> MetricView {
    let kind = match &metric.kind {
        cekura::MetricKind::Binary => "yes_no",
        cekura::MetricKind::Rating => "rating",
        cekura::MetricKind::Number => "number",
        cekura::MetricKind::Category => "category",
        cekura::MetricKind::Unknown(_) => "unknown",
    };
    let (passed, value, text) = match &metric.value {
        cekura::MetricValue::Yes => (Some(true), None, None),
        cekura::MetricValue::No => (Some(false), None, None),
        cekura::MetricValue::Number(number) => (None, Some(*number), None),
        cekura::MetricValue::Text(text) => (None, None, Some(text.clone())),
        cekura::MetricValue::None => (None, None, None),
    };
    // A rule of the rubric about it decides; without a rubric every yes-or-no metric does.
    let decides = if run.rubric.is_empty() {
        matches!(metric.kind, cekura::MetricKind::Binary)
    } else {
        run.rubric.iter().any(|rule| rule.metric_name.as_ref() == Some(&metric.name))
    };
    // Latencies are milliseconds on the wire (the vendor's own screens show them so).
    let latency = metric.name.to_lowercase().contains("latency");
    MetricView {
        id: metric.id.map(cekura::MetricId::get),
        name: metric.name.clone(),
        decides,
        kind: kind.to_owned(),
        passed,
        value,
        text,
        unit: (kind == "number" && latency).then(|| "ms".to_owned()),
        explanation: metric.explanation.iter().map(|line| criterion(line)).collect(),
    }
}

/// Loudness over time where the API gives it for both channels.
pub(crate) fn waveform(run: &cekura::Run) -> Option<WaveformView> {
    let waveform = run.waveform.as_ref()?;
    Some(WaveformView { agent: waveform.agent.clone(), caller: waveform.caller.clone() })
}

/// Where a turn without an end probably ends: people speak about two and a half words a second.
fn likely_end(turn: &cekura::Turn) -> Option<f64> {
    let words = turn.content.split_whitespace().count() as f64;
    turn.start_s.map(|start| start + words / WORDS_PER_SECOND)
}

fn role_text(role: &cekura::Role) -> String {
    match role {
        cekura::Role::Agent => "Main Agent".to_owned(),
        cekura::Role::Caller => "Testing Agent".to_owned(),
        cekura::Role::ToolCall => "Function Call".to_owned(),
        cekura::Role::ToolResult => "Function Call Result".to_owned(),
        cekura::Role::Other(role) => role.clone(),
    }
}

fn filled(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.trim().is_empty())
}
