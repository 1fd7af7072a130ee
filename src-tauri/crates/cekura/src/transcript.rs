//! The conversation of a call.
//!
//! It comes twice in a run: as text (`transcript`) and as a list of turns (`transcript_object`, the
//! document's `RunListTranscriptObject`). The list's schema knows neither tools nor ends of turns;
//! those are from the vendor's page about the format of transcripts and from its published answers of
//! runs and webhooks.

use serde_json::Value;

use crate::loose::{Lenient, Seconds, filled};
use crate::moment::{moment, units_in_a_second};

/// One turn.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Turn {
    /// Who (`role`).
    pub role: Role,
    /// What was said (`content`; text by the schema, and where it is a list or an object, the text
    /// inside). Empty for the use of a tool, and absent from its result, in the
    /// published answers.
    pub content: String,
    /// Seconds from the start of the call: `start_time` where there is one, else the schema's
    /// `timestamp`, which may be null, else `time`, which is text (`00:01`). The schema names no
    /// unit; that it is seconds shows where `time` stands beside it. Milliseconds and times since
    /// 1970 are recognised by their size.
    pub start_s: Option<f64>,
    /// Seconds from the start of the call: `end_time`, which only published answers have.
    pub end_s: Option<f64>,
    /// The tool, when the turn is about one (`data`).
    pub tool: Option<ToolUse>,
}

/// Who speaks. The schema leaves the word open. The first two stand in its example of `transcript`,
/// the other two are the values of `role` in its `ApiChatTurn`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Role {
    /// The agent under test (`Main Agent`).
    Agent,
    /// The tester (`Testing Agent`).
    Caller,
    /// The agent uses a tool (`Function Call`).
    ToolCall,
    /// What the tool gave back (`Function Call Result`).
    ToolResult,
    /// Another word of the API.
    Other(String),
}

/// The use of a tool: `data` of a turn. Which fields a call has and which its result is said of `data`
/// in the document's `ApiChatTurn`; published answers name the tool in the result as well.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToolUse {
    /// Ties a call to its result: both have the same.
    pub id: Option<String>,
    /// The tool's name.
    pub name: Option<String>,
    /// What it was given: JSON as text in published answers; JSON itself is made into text.
    pub arguments: Option<String>,
    /// What it gave back, as text. Stands in the turn of the result only.
    pub result: Option<String>,
}

impl Role {
    fn read(text: &str) -> Self {
        match text.trim().to_lowercase().as_str() {
            "main agent" => Self::Agent,
            "testing agent" => Self::Caller,
            "function call" => Self::ToolCall,
            "function call result" => Self::ToolResult,
            _ => Self::Other(text.trim().to_owned()),
        }
    }

    /// The API's word.
    pub fn as_api(&self) -> &str {
        match self {
            Self::Agent => "Main Agent",
            Self::Caller => "Testing Agent",
            Self::ToolCall => "Function Call",
            Self::ToolResult => "Function Call Result",
            Self::Other(word) => word,
        }
    }
}

/// The conversation of a run, from the list of turns where that has any, else from the text.
///
/// `None` when there is neither, or only null, or only an empty text: that says nothing, for rows
/// of lists carry one. An empty list says that nobody spoke.
pub(crate) fn read_transcript(run: &Value) -> Option<Vec<Turn>> {
    let turns = run.get("transcript_object").and_then(Value::as_array);
    let text = run.get("transcript").and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    match (turns, text) {
        (Some(turns), _) if !turns.is_empty() => Some(read_turns(turns, run)),
        (_, Some(text)) => Some(read_lines(text)),
        // Some answers put the list where the text belongs.
        (None, None) => Some(read_turns(run.get("transcript")?.as_array()?, run)),
        (Some(_), None) => Some(Vec::new()),
    }
}

/// Whether the agent says anything in either form of the conversation; `None` where there is none.
/// The two forms of one call can disagree, and one word is enough.
pub(crate) fn agent_spoke(transcript: Option<&[Turn]>, run: &Value) -> Option<bool> {
    let says = |turns: &[Turn]| {
        turns.iter().any(|turn| turn.role == Role::Agent && !turn.content.trim().is_empty())
    };
    let turns = transcript?;
    let text = run.get("transcript").and_then(Value::as_str);
    Some(says(turns) || text.is_some_and(|text| says(&read_lines(text))))
}

fn read_turns(turns: &[Value], run: &Value) -> Vec<Turn> {
    in_seconds(turns.iter().map(read_turn).collect(), run)
}

fn read_turn(turn: &Value) -> Turn {
    let text = |name: &str| turn.get(name).and_then(String::lenient);
    let time = |names: &[&str]| names.iter().find_map(|name| turn.get(*name).and_then(clock));
    if !turn.is_object() {
        // Not a turn as we know it; shown all the same.
        let content = String::lenient(turn).unwrap_or_else(|| turn.to_string());
        return Turn {
            role: Role::Other(String::new()),
            content,
            start_s: None,
            end_s: None,
            tool: None,
        };
    }
    Turn {
        role: Role::read(&text("role").unwrap_or_default()),
        content: turn.get("content").or_else(|| turn.get("text")).map(text_in).unwrap_or_default(),
        start_s: time(&["start_time", "timestamp", "time"]),
        end_s: time(&["end_time"]),
        tool: turn.get("data").filter(|data| data.is_object()).map(read_tool),
    }
}

/// What is said in content of any form: text, a list of pieces, or an object with the text inside.
fn text_in(content: &Value) -> String {
    match content {
        Value::Array(pieces) => {
            let pieces = pieces.iter().map(text_in).filter(|piece| !piece.trim().is_empty());
            pieces.collect::<Vec<_>>().join(" ")
        }
        Value::Object(fields) => SAID
            .iter()
            .filter_map(|name| fields.get(*name))
            .map(text_in)
            .find(|text| !text.trim().is_empty())
            .unwrap_or_default(),
        other => String::lenient(other).unwrap_or_default(),
    }
}

/// Where an object of content holds what is said.
const SAID: [&str; 8] =
    ["text", "content", "transcript", "value", "message", "parts", "input_text", "output_text"];

/// Seconds, or a moment in the unit it came in.
fn clock(value: &Value) -> Option<f64> {
    Seconds::lenient(value).map(|span| span.0).or_else(|| {
        let moment = moment(value.as_str()?)?;
        Some(moment.as_millisecond() as f64 / 1e3)
    })
}

/// A call is not longer than an hour (`max_duration` of an evaluator), so that times far beyond are
/// in another unit.
const LONGEST_CALL_S: f64 = 3.0 * 3600.0;

/// Turns in seconds from the start of the call, whatever its server counts in.
fn in_seconds(mut turns: Vec<Turn>, run: &Value) -> Vec<Turn> {
    let times = |turns: &[Turn]| -> Vec<f64> {
        turns.iter().flat_map(|turn| [turn.start_s, turn.end_s]).flatten().collect()
    };
    let change = |turns: &mut Vec<Turn>, of: &dyn Fn(f64) -> f64| {
        for time in turns.iter_mut().flat_map(|turn| [&mut turn.start_s, &mut turn.end_s]) {
            *time = time.map(of);
        }
    };
    // Since 1970.
    let since = |time: f64| units_in_a_second(time).map(|units| time / units);
    if let Some(first) = times(&turns).into_iter().filter_map(since).reduce(f64::min) {
        let began = ["executed_at", "timestamp"]
            .iter()
            .filter_map(|name| run.get(*name).and_then(String::lenient))
            .find_map(|text| moment(&text))
            .map(|began| began.as_millisecond() as f64 / 1e3)
            .filter(|began| (0.0..=LONGEST_CALL_S).contains(&(first - began)));
        let start = began.unwrap_or(first);
        change(&mut turns, &|time| since(time).map_or(time, |time| (time - start).max(0.0)));
        return turns;
    }
    // In milliseconds: far beyond how long the call was, or may be.
    let Some(last) = times(&turns).into_iter().reduce(f64::max) else { return turns };
    let duration = run.get("duration").and_then(Seconds::lenient).map(|span| span.0);
    let beyond = match duration.filter(|duration| *duration > 0.0) {
        Some(duration) => last > 20.0 * duration.max(1.0) && last / 1e3 < 3.0 * duration + 60.0,
        None => last > LONGEST_CALL_S,
    };
    if beyond {
        change(&mut turns, &|time| time / 1e3);
    }
    turns
}

fn read_tool(data: &Value) -> ToolUse {
    let whole = |name: &str| match data.get(name) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(other) => Some(other.to_string()),
    };
    ToolUse {
        id: filled(whole("id")),
        name: filled(whole("name")),
        arguments: whole("arguments"),
        result: whole("result"),
    }
}

/// Lines of the form `[00:01] Testing Agent: Hello.` (the example of `transcript` in the document's
/// `Run`); other lines go on where the one before ended.
fn read_lines(text: &str) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for line in text.lines() {
        match (read_line(line), turns.last_mut()) {
            (Some(turn), _) => turns.push(turn),
            (None, Some(last)) => {
                last.content.push('\n');
                last.content.push_str(line);
            }
            (None, None) if line.trim().is_empty() => {}
            (None, None) => turns.push(Turn {
                role: Role::Other(String::new()),
                content: line.to_owned(),
                start_s: None,
                end_s: None,
                tool: None,
            }),
        }
    }
    for turn in &mut turns {
        turn.content.truncate(turn.content.trim_end().len());
    }
    turns
}

fn read_line(line: &str) -> Option<Turn> {
    let (time, rest) = line.trim_start().strip_prefix('[')?.split_once(']')?;
    let start_s = Seconds::lenient(&Value::String(time.to_owned()))?.0;
    let (role, content) = rest.split_once(':')?;
    Some(Turn {
        role: Role::read(role),
        content: content.trim_start().to_owned(),
        start_s: Some(start_s),
        end_s: None,
        tool: None,
    })
}
