//! The conversation of a call.
//!
//! It comes twice in a run: as text (`transcript`) and as a list of turns (`transcript_object`, the
//! document's `RunListTranscriptObject`). The list's schema knows neither tools nor ends of turns;
//! those are from the vendor's page about the format of transcripts and from its published answers of
//! runs and webhooks.

use serde_json::Value;

use crate::loose::{Lenient, Seconds, filled};

/// One turn.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Turn {
    /// Who (`role`).
    pub role: Role,
    /// What was said (`content`). Empty for the use of a tool, and absent from its result, in the
    /// published answers.
    pub content: String,
    /// Seconds from the start of the call: `start_time` where there is one, else the schema's
    /// `timestamp`, which may be null, else `time`, which is text (`00:01`). The schema names no
    /// unit; that it is seconds shows where `time` stands beside it.
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
        (Some(turns), _) if !turns.is_empty() => Some(turns.iter().map(read_turn).collect()),
        (_, Some(text)) => Some(read_lines(text)),
        // Some answers put the list where the text belongs.
        (None, None) => Some(run.get("transcript")?.as_array()?.iter().map(read_turn).collect()),
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

fn read_turn(turn: &Value) -> Turn {
    let text = |name: &str| turn.get(name).and_then(String::lenient);
    let time = |names: &[&str]| {
        names.iter().find_map(|name| turn.get(*name).and_then(Seconds::lenient)).map(|span| span.0)
    };
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
        content: text("content").unwrap_or_default(),
        start_s: time(&["start_time", "timestamp", "time"]),
        end_s: time(&["end_time"]),
        tool: turn.get("data").filter(|data| data.is_object()).map(read_tool),
    }
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
