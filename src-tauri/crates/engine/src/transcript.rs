//! A call's conversation and judgement, as the page shows them.

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
    // The call begins with nobody speaking.
    let mut quiet_since: Option<f64> = Some(0.0);
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
        let silence = silence_before(turn, &mut quiet_since);
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
    Some(ExpectedView {
        score: expected.and_then(|expected| expected.score),
        prompt,
        criteria: expected.map(criteria).unwrap_or_default(),
        thumbs_up: expected.and_then(|expected| expected.thumbs_up),
    })
}

/// Criterion by criterion: what was expected beside what came, and what the judge wrote. Where the
/// server gives criteria, each is a row; the judge's lines stand with them where there is one for
/// each and none says otherwise, or else as rows of their own.
fn criteria(expected: &cekura::ExpectedOutcome) -> Vec<CriterionView> {
    let lines = judged(&expected.explanation);
    if expected.alignments.is_empty() {
        return lines;
    }
    let of_each = lines.len() == expected.alignments.len()
        && lines.iter().zip(&expected.alignments).all(|(line, one)| {
            !matches!((line.met, one.aligned), (Some(line), Some(one)) if line != one)
        });
    let (with, rest) = if of_each { (lines, Vec::new()) } else { (Vec::new(), lines) };
    let mut with = with.into_iter();
    let mut rows: Vec<CriterionView> =
        expected.alignments.iter().map(|one| aligned(one, with.next())).collect();
    rows.extend(rest);
    rows
}

/// A criterion, with what the judge wrote about it.
fn aligned(one: &cekura::Alignment, line: Option<CriterionView>) -> CriterionView {
    let mut row = CriterionView::default();
    let own = judged(std::slice::from_ref(&one.text));
    row.met = one.aligned.or_else(|| own.first().and_then(|first| first.met));
    row.at = own.iter().flat_map(|part| part.at.iter().copied()).collect();
    // One of several lines is a person's own paragraph, and stays as it was written.
    row.text = match <[CriterionView; 1]>::try_from(own) {
        Ok([only]) => only.text,
        Err(_) => one.text.trim().to_owned(),
    };
    row.came = one
        .outcome
        .as_deref()
        .map(str::trim)
        .filter(|came| !came.is_empty() && *came != one.text.trim())
        .map(str::to_owned);
    let Some(line) = line else { return row };
    row.met = row.met.or(line.met);
    row.at.extend(line.at);
    if row.text.is_empty() {
        row.text = line.text;
    } else {
        // Judges like to repeat the criterion before they say what came of it.
        let more = line.text.strip_prefix(&row.text).unwrap_or(&line.text);
        let more = more.trim_start_matches([' ', ':', '-', '–', '—', '.', ',', ';']).trim_end();
        row.judge = Some(more.to_owned())
            .filter(|more| !more.is_empty())
            .filter(|more| row.came.as_deref().is_none_or(|came| says_more(more, came)));
    }
    row
}

/// Whether a judge's words are more than what came, or than a quotation of it with a word or two to
/// introduce it.
fn says_more(words: &str, came: &str) -> bool {
    const QUOTES: [char; 4] = ['"', '“', '”', '„'];
    let quoted = words.find(QUOTES).zip(words.rfind(QUOTES)).and_then(|(from, to)| {
        let inside = words.get(from..to)?.trim_matches(QUOTES);
        let around =
            words[..from].split_whitespace().count() + words[to..].split_whitespace().count() - 1;
        (!inside.is_empty() && around <= 4).then_some(inside)
    });
    !came.contains(quoted.unwrap_or(words))
}

/// What the judge wrote, a row for each line.
fn judged(explanation: &[String]) -> Vec<CriterionView> {
    verdict::judge_lines(explanation.iter().map(String::as_str))
        .into_iter()
        .map(|line| CriterionView {
            text: line.text,
            met: line.met,
            at: line.at,
            ..CriterionView::default()
        })
        .collect()
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
        explanation: judged(&metric.explanation),
        thumbs_up: metric.thumbs_up,
    }
}

/// Loudness over time where the API gives it for both channels.
pub(crate) fn waveform(run: &cekura::Run) -> Option<WaveformView> {
    let waveform = run.waveform.as_ref()?;
    Some(WaveformView { agent: waveform.agent.clone(), caller: waveform.caller.clone() })
}

/// The silence before a turn, where it is more than a few seconds. The use of a tool is not heard, and
/// nor is a turn without words: the silence goes on over them.
fn silence_before(turn: &cekura::Turn, quiet_since: &mut Option<f64>) -> Option<f64> {
    let of_a_tool = matches!(turn.role, cekura::Role::ToolCall | cekura::Role::ToolResult);
    if of_a_tool || turn.content.trim().is_empty() {
        return None;
    }
    let silence = quiet_since
        .zip(turn.start_s)
        .map(|(since, start)| start - since)
        .filter(|silence| *silence > SILENCE_S);
    // After words whose time is not known, nor is it known when the silence began.
    *quiet_since = turn
        .end_s
        .or_else(|| likely_end(turn))
        .map(|end| quiet_since.map_or(end, |since| since.max(end)));
    silence
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

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test that cannot go on should say so")]
mod tests {
    use serde_json::{Value, json};

    use super::{expected_view, metric_views, turns};
    use crate::view::CriterionView;

    fn run(fields: &Value) -> cekura::Run {
        let mut raw = json!({ "id": 1 });
        let whole = raw.as_object_mut().expect("an object");
        whole.extend(fields.as_object().expect("an object").clone());
        cekura::Run::from_value(&raw).expect("a call")
    }

    fn criteria(expected: &Value) -> Vec<CriterionView> {
        let run = run(&json!({ "expected_outcome": expected }));
        expected_view(&run, None).map(|view| view.criteria).unwrap_or_default()
    }

    fn row(text: &str, met: Option<bool>, at: &[f64]) -> CriterionView {
        CriterionView { text: text.to_owned(), met, at: at.to_vec(), ..CriterionView::default() }
    }

    #[test]
    fn what_was_expected_stands_beside_what_came() {
        let rows = criteria(&json!({
            "explanation": [
                "✅ Greets the caller (00:02)",
                "❌ Reads the address back: it went straight on (02:14 and 02:20)",
            ],
            "outcome_alignments": [
                { "prompt_part": "Greets the caller", "outcome": "It said good morning.", "aligned": true },
                { "prompt_part": "Reads the address back", "outcome": "It asked for the day.", "aligned": false },
            ],
        }));
        let greeted = CriterionView {
            came: Some("It said good morning.".to_owned()),
            ..row("Greets the caller", Some(true), &[2.0])
        };
        let address = CriterionView {
            came: Some("It asked for the day.".to_owned()),
            judge: Some("it went straight on".to_owned()),
            ..row("Reads the address back", Some(false), &[134.0, 140.0])
        };
        assert_eq!(rows, [greeted, address]);
    }

    #[test]
    fn criteria_and_lines_of_other_numbers_are_all_there() {
        let alignments = json!([
            { "prompt_part": "Greets", "aligned": true },
            { "prompt_part": "Reads back", "outcome": "Reads back", "aligned": "false" },
            { "outcome": "It said goodbye" },
        ]);
        let expected = [
            row("Greets", Some(true), &[]),
            row("Reads back", Some(false), &[]),
            row("It said goodbye", None, &[]),
        ];
        let lines = ["Two of three.", "❌ Never read back (01:10)"];
        let rows = criteria(&json!({ "explanation": lines, "outcome_alignments": alignments }));
        assert_eq!(rows[..3], expected);
        assert_eq!(
            rows[3..],
            [row("Two of three.", None, &[]), row("Never read back", Some(false), &[70.0])]
        );
        assert_eq!(criteria(&json!({ "outcome_alignments": alignments })), expected);
    }

    #[test]
    fn a_line_that_says_otherwise_is_not_taken_for_the_one_of_the_criterion() {
        let rows = criteria(&json!({
            "explanation": ["❌ Something else", "✅ Greeted"],
            "outcome_alignments": [
                { "prompt_part": "Greets", "aligned": true },
                { "prompt_part": "Reads back", "aligned": false },
            ],
        }));
        let expected = [
            row("Greets", Some(true), &[]),
            row("Reads back", Some(false), &[]),
            row("Something else", Some(false), &[]),
            row("Greeted", Some(true), &[]),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn a_judge_who_only_quotes_what_came_says_no_more() {
        let came = "The agent said: \"What day?\"";
        for (words, more) in [
            (came, false),
            ("What day?", false),
            ("Instead it says: \"What day?\"", false),
            ("Instead it says: “What day?”.", false),
            ("It goes on to the day without a word about the address: \"What day?\"", true),
            ("Instead it says: \"Which day?\"", true),
            ("\"", false),
            ("No word about the address", true),
        ] {
            assert_eq!(super::says_more(words, came), more, "{words}");
        }
    }

    #[test]
    fn one_text_of_several_lines_is_several_criteria() {
        let lines = "✅ Greeted (00:02)\n❌ Never read back [01:10]";
        let expected =
            [row("Greeted", Some(true), &[2.0]), row("Never read back", Some(false), &[70.0])];
        assert_eq!(criteria(&json!({ "explanation": lines })), expected);
        assert_eq!(criteria(&json!({ "explanation": [lines] })), expected);
        assert_eq!(criteria(&json!(lines)), expected);
        let run = run(&json!({
            "evaluation": { "metrics": [{ "id": 7, "name": "Workflow", "type": "binary", "score": false, "explanation": lines, "thumbs_up": false }] },
        }));
        let metrics = metric_views(&run);
        assert_eq!(metrics[0].explanation, expected);
        assert_eq!(metrics[0].thumbs_up, Some(false));
    }

    fn silences(transcript: &Value) -> Vec<Option<f64>> {
        turns(&run(&json!({ "transcript_object": transcript })))
            .expect("a conversation")
            .into_iter()
            .map(|turn| turn.silence)
            .collect()
    }

    #[test]
    fn silence_is_marked_from_the_start_and_over_the_use_of_tools() {
        let said = |role: &str, start: f64, end: f64| json!({ "role": role, "content": "Yes.", "start_time": start, "end_time": end });
        let used = |start: f64| json!({ "role": "Function Call", "content": "", "start_time": start, "end_time": start + 1.0, "data": { "id": "a", "name": "look_up", "arguments": "{}" } });
        let heard = silences(&json!([
            said("Main Agent", 8.0, 9.0),
            said("Testing Agent", 10.0, 11.0),
            used(12.0),
            said("Main Agent", 19.0, 20.0),
            said("Testing Agent", 23.0, 24.0),
        ]));
        assert_eq!(heard, [Some(8.0), None, None, Some(8.0), None]);
        assert_eq!(silences(&json!([said("Main Agent", 1.0, 2.0)])), [None]);
        // Where a time is missing nothing is known of the silence.
        let untimed = json!({ "role": "Main Agent", "content": "Good morning." });
        assert_eq!(silences(&json!([untimed, said("Testing Agent", 30.0, 31.0)])), [None, None]);
    }
}
