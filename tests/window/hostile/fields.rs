//! The fields that are shown, and what is written into them.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::payloads::{order, payloads};

/// Characters of a name; the page shows 300 at most, of some fewer.
const SHORT: usize = 280;
/// Characters of a sentence.
const LONG: usize = 900;

/// A field that is shown.
pub(super) struct Field {
    /// Of what in the API's words, in which object of it, its name.
    pub(super) of: &'static [&'static str],
    pub(super) within: &'static [&'static str],
    pub(super) name: &'static str,
    /// UTF-16 units put into it.
    room: usize,
    /// How many of the payloads its test shows in it at the least; nought where another does.
    pub(super) least: usize,
}

/// Fields that take no more than their room, in characters; others are cut when they are shown.
const NARROW: [&str; 2] = ["plan name", "workspace"];

const fn at(
    of: &'static [&'static str],
    within: &'static [&'static str],
    name: &'static str,
    room: usize,
    least: usize,
) -> Field {
    Field { of, within, name, room, least }
}

const EVALUATOR: &[&str] = &["scenarios"];
const AGENT: &[&str] = &["aiagents"];
const RUN: &[&str] = &["results", "runs"];
const RESULT: &[&str] = &["results"];
const ANY: &[&str] = &[];

/// All of them, the narrower before the wider.
pub(super) const FIELDS: &[Field] = &[
    at(&["projects"], &["organization"], "name", SHORT, 1),
    at(&["projects"], ANY, "name", SHORT, 4),
    at(AGENT, &["mock_tools"], "name", 110, 4),
    at(AGENT, &["", "results"], "name", SHORT, 4),
    at(AGENT, ANY, "pipecat_agent_name", SHORT, 4),
    at(&["personalities"], &["", "results"], "name", SHORT, 16),
    at(&["personalities"], ANY, "prompt", SHORT, 16),
    at(&["test-profiles"], &["", "results"], "name", SHORT, 8),
    at(EVALUATOR, &["test_profile_data"], "name", SHORT, 4),
    at(EVALUATOR, &["", "results"], "name", SHORT, 200),
    at(EVALUATOR, ANY, "personality_name", SHORT, 20),
    at(EVALUATOR, ANY, "folder_path", SHORT, 40),
    at(EVALUATOR, ANY, "scenario_language", SHORT, 4),
    at(EVALUATOR, ANY, "tags", SHORT, 80),
    at(EVALUATOR, ANY, "metric_names", SHORT, 40),
    at(EVALUATOR, ANY, "first_message", LONG, 20),
    at(EVALUATOR, ANY, "instructions", LONG, 80),
    at(EVALUATOR, ANY, "expected_outcome_prompt", LONG, 150),
    at(RESULT, &["scenarios"], "name", SHORT, 0),
    at(RUN, ANY, "scenario_name", SHORT, 200),
    at(RUN, ANY, "personality_name", SHORT, 20),
    at(RUN, ANY, "test_profile_name", SHORT, 6),
    at(RUN, ANY, "ended_reason", 220, 5),
    at(RUN, ANY, "error_message", LONG, 8),
    at(RUN, &["expected_outcome"], "explanation", LONG, 200),
    at(RUN, ANY, "prompt_part", LONG, 200),
    at(RUN, &["outcome_alignments"], "outcome", LONG, 200),
    at(RUN, &["metrics"], "name", SHORT, 40),
    at(RUN, &["metrics"], "enum", 50, 4),
    at(RUN, &["metrics"], "explanation", LONG, 200),
    at(RUN, &["rubric"], "metric_name", SHORT, 0),
    at(RUN, &["rubric"], "explanation", LONG, 0),
    at(RUN, &["transcript_object"], "content", LONG, 200),
    at(RUN, &["data"], "name", 110, 8),
    at(RUN, &["data"], "arguments", LONG, 200),
    at(RUN, &["data"], "result", LONG, 200),
    at(RUN, ANY, "mocked_tool_names", SHORT, 10),
    at(RUN, ANY, "expected_outcome_prompt", LONG, 0),
    at(RESULT, &["", "results"], "name", SHORT, 10),
    at(RESULT, &["", "results"], "agent_name", SHORT, 4),
    at(RESULT, &["ai_summary"], "what_happened", LONG, 100),
    at(RESULT, &["ai_summary"], "why_it_happened", LONG, 100),
    at(RESULT, &["ai_summary"], "how_to_fix", LONG, 6),
    at(RESULT, &["next_steps"], "title", SHORT, 40),
    at(RESULT, &["next_steps"], "description", SHORT, 60),
    at(RESULT, &["issues"], "description", LONG, 100),
    at(RESULT, ANY, "run_type", 50, 1),
    // What the server that stands between has of its own.
    at(&["unknown"], ANY, "status", 140, 12),
    at(&["unknown"], ANY, "role", 50, 20),
    at(&["unknown"], ANY, "setting", 110, 15),
    at(&["answer"], ANY, "ask", LONG, 200),
    at(&["refusal"], ANY, "detail", 380, 30),
    at(&["refusal"], ANY, "field", 380, 100),
    at(&["refusal"], ANY, "text", 380, 20),
    at(&["refusal"], ANY, "html", LONG, 0),
    // What a plan file holds.
    at(&["file"], ANY, "plan name", 118, 10),
    at(&["file"], ANY, "evaluator", SHORT, 100),
    at(&["file"], ANY, "tool", 110, 15),
    at(&["file"], ANY, "message", LONG, 150),
    at(&["file"], ANY, "pipecat name", SHORT, 8),
    at(&["file"], ANY, "config", LONG, 80),
    at(&["file"], ANY, "room", LONG, 80),
    at(&["file"], ANY, "times", SHORT, 8),
    at(&["file"], ANY, "at once", SHORT, 8),
    // What a person writes.
    at(&["person"], ANY, "note", LONG, 200),
    at(&["person"], ANY, "workspace", 80, 8),
];

/// The place of a field in the table.
pub(super) fn place(of: &str, within: &str, name: &str) -> Option<usize> {
    FIELDS.iter().position(|field| {
        field.of.contains(&of)
            && (field.within.is_empty() || field.within.contains(&within))
            && field.name == name
    })
}

/// Writes the hostile texts.
pub(super) struct Pen {
    pub(super) payloads: Vec<String>,
    order: Vec<usize>,
    written: Mutex<Written>,
}

/// The same text is answered with the same one every time.
#[derive(Default)]
struct Written {
    of: HashMap<(usize, String), String>,
    next: HashMap<usize, usize>,
}

impl Pen {
    pub(super) fn new() -> Self {
        let payloads = payloads();
        let order = order(&payloads);
        Self { payloads, order, written: Mutex::default() }
    }

    /// One payload between the marks of a field.
    fn marked(&self, field: usize, number: usize) -> String {
        format!("⟦{number}-{field}:{}:{number}-{field}⟧", self.payloads[number])
    }

    /// The next payloads of a field, as many as it has room for.
    pub(super) fn next(&self, field: usize) -> String {
        let mut written = self.written.lock().unwrap();
        let next = written.next.entry(field).or_default();
        let mut text = String::new();
        loop {
            let piece = self.marked(field, self.order[*next % self.order.len()]);
            let narrow = NARROW.contains(&FIELDS[field].name);
            let long = |text: &str| {
                if narrow { text.chars().count() } else { text.encode_utf16().count() }
            };
            let fits = long(&text) + long(&piece) <= FIELDS[field].room;
            if !fits && !text.is_empty() {
                return text;
            }
            *next += 1;
            if fits || !narrow {
                text.push_str(&piece);
            }
        }
    }

    /// The text that stands in place of another, always the same.
    pub(super) fn instead(&self, field: usize, original: &str) -> String {
        let key = (field, original.to_owned());
        if let Some(text) = self.written.lock().unwrap().of.get(&key) {
            return text.clone();
        }
        let text = self.next(field);
        self.written.lock().unwrap().of.insert(key, text.clone());
        text
    }

    /// The next payloads of a field of the test's own.
    pub(super) fn own(&self, of: &str, name: &str) -> String {
        self.next(place(of, "", name).unwrap())
    }
}
