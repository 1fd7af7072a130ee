//! What is said in a call, and when.

use super::fate::{Ending, Fate};
use super::schedule::Call;
use crate::chance::Chance;
use crate::world::{Scenario, Step, World};

/// Who a turn belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Voice {
    Caller,
    Agent,
    /// Name of the tool.
    ToolCall(&'static str),
    ToolResult(&'static str),
}

/// One turn. Seconds from the beginning of the call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Turn {
    pub(crate) voice: Voice,
    /// What is said, or the JSON of a tool's arguments or result.
    pub(crate) text: String,
    pub(crate) start_s: f64,
    pub(crate) end_s: f64,
    /// The criterion this turn meets or misses.
    pub(crate) criterion: Option<usize>,
}

/// Small exchanges that fill a longer call, caller first.
const ASIDES: &[(&str, &str)] = &[
    ("Sorry, could you say that once more?", "Of course. I will go a little slower."),
    ("Is it always this easy to reach you?", "We try. Mornings are the quietest."),
    ("One second, somebody is at the door.", "Take your time, I will wait."),
    ("Do you deliver on Sundays as well?", "Not on Sundays, but on every other day until six."),
    ("My sister told me about your shop.", "That is kind of her. Please say hello from us."),
    ("Will they last the weekend?", "They should, if the stems are cut and the water is changed."),
    ("Can the driver leave them in the porch?", "Yes, I can put that in the note for the driver."),
    ("I hope the weather stays dry.", "So do we. They are wrapped well in any case."),
    ("Do I get a receipt?", "Yes, it goes to your e-mail address right after the call."),
    ("What if nobody is at home?", "Then we try the neighbour and leave a note."),
    (
        "Are the pictures on your page up to date?",
        "They are from last month. The colours can differ a little.",
    ),
    ("Let me think for a moment.", "Gladly. There is no hurry, I have it all in front of me."),
];

/// How fast people speak, in characters a second: about 150 words a minute.
const PACE: f64 = 14.0;

/// The turns of a call that has ended, or that was stopped after `until_s` seconds.
pub(crate) fn turns(world: &World, scenario: &Scenario, call: &Call, until_s: f64) -> Vec<Turn> {
    let fate = &call.fate;
    if !fate.ending.has_talk() {
        return Vec::new();
    }
    let mut chance = Chance::of(world.seed, &[84, call.run as u64]);
    let mut details = scenario.details.clone();
    if let Some(profile) = call.profile.and_then(World::profile) {
        profile.customer.clone_into(&mut details.name);
    }
    // A call that was cut follows the timing it would have had.
    let whole_s = match fate.ending {
        Ending::TesterBroke => fate.talk_s.max(60.0) * 2.0,
        _ => fate.talk_s,
    };
    let steps = steps(scenario, fate, whole_s, &mut chance);
    let mut turns = Vec::with_capacity(steps.len());
    let mut clock = chance.between(0.4, 1.2);
    for (voice, text, criterion) in steps {
        let text = details.fill(text);
        let (gap, length) = match voice {
            Voice::ToolCall(_) => (0.2, 0.0),
            Voice::ToolResult(_) => (chance.between(0.6, 4.5), 0.0),
            Voice::Agent => (chance.between(0.6, 1.7), spoken_s(&text)),
            Voice::Caller => (chance.between(0.3, 1.4), spoken_s(&text)),
        };
        clock += gap;
        turns.push(Turn { voice, text, start_s: clock, end_s: clock + length, criterion });
        clock += length;
    }
    fit(&mut turns, clock, whole_s);
    let end_s = until_s.min(fate.talk_s);
    turns.retain(|turn| turn.start_s < end_s);
    for turn in &mut turns {
        turn.end_s = turn.end_s.min(end_s);
    }
    turns
}

fn spoken_s(text: &str) -> f64 {
    0.5 + text.chars().map(|letter| if u32::from(letter) > 0x2e80 { 2.2 } else { 1.0 }).sum::<f64>()
        / PACE
}

/// Stretches or squeezes the turns so that the last one ends just before the call does.
fn fit(turns: &mut [Turn], natural_s: f64, whole_s: f64) {
    let factor = (whole_s - 1.0).max(1.0) / natural_s.max(1.0);
    for turn in turns {
        // To the hundredth, as the API's own times rarely have more meaning.
        turn.start_s = (turn.start_s * factor * 100.0).round() / 100.0;
        turn.end_s = (turn.end_s * factor * 100.0).round() / 100.0;
    }
}

type Said = (Voice, &'static str, Option<usize>);

fn steps(scenario: &Scenario, fate: &Fate, whole_s: f64, chance: &mut Chance) -> Vec<Said> {
    let mut said: Vec<Said> = Vec::new();
    for step in scenario.script.steps {
        match *step {
            Step::Caller(text) => said.push((Voice::Caller, text, None)),
            Step::Agent(text) => said.push((Voice::Agent, text, None)),
            Step::Check(at, good, bad) => {
                said.push((
                    Voice::Agent,
                    if fate.unmet.contains(&at) { bad } else { good },
                    Some(at),
                ));
            }
            Step::Tool(name, arguments, result) => {
                said.push((Voice::ToolCall(name), arguments, None));
                said.push((Voice::ToolResult(name), result, None));
            }
        }
    }
    if !scenario.script.language.starts_with("en") {
        return said;
    }
    let natural: f64 = said
        .iter()
        .map(|(voice, text, _)| match voice {
            Voice::Caller | Voice::Agent => spoken_s(text) + 1.0,
            Voice::ToolCall(_) | Voice::ToolResult(_) => 1.3,
        })
        .sum();
    let mut missing = whole_s * 0.78 - natural;
    let mut asides: Vec<usize> = (0..ASIDES.len()).collect();
    chance.shuffle(&mut asides);
    // A call that ends because time is up goes round and round.
    let rounds = if fate.ending == Ending::TimedOut { 4 } else { 1 };
    for aside in asides.iter().cycle().take(asides.len() * rounds) {
        if missing <= 0.0 {
            break;
        }
        let (question, answer) = ASIDES[*aside];
        // An aside goes in front of something the caller says, never between the agent's question
        // and its answer, and not into the goodbye.
        let places: Vec<usize> = (2..said.len().saturating_sub(3))
            .filter(|at| said[*at].0 == Voice::Caller && said[at - 1].0 == Voice::Agent)
            .filter(|at| !said[at - 1].1.ends_with(['?', '؟']))
            .collect();
        let Some(place) = (!places.is_empty()).then(|| chance.pick(&places)) else { break };
        said.insert(place, (Voice::Agent, answer, None));
        said.insert(place, (Voice::Caller, question, None));
        missing -= spoken_s(question) + spoken_s(answer) + 2.0;
    }
    said
}

/// Seconds as `MM:SS`.
pub(crate) fn clock(seconds: f64) -> String {
    let whole = seconds.max(0.0).floor() as u64;
    format!("{:02}:{:02}", whole / 60, whole % 60)
}

/// The transcript as one text, as the API writes it.
pub(crate) fn as_text(turns: &[Turn]) -> String {
    let mut lines = Vec::with_capacity(turns.len());
    for turn in turns {
        let at = clock(turn.start_s);
        lines.push(match &turn.voice {
            Voice::Caller => format!("[{at}] Testing Agent: {}", turn.text),
            Voice::Agent => format!("[{at}] Main Agent: {}", turn.text),
            Voice::ToolCall(name) => format!("[{at}] Function Call: {name}({})", turn.text),
            Voice::ToolResult(name) => {
                format!("[{at}] Function Call Result: {name} -> {}", turn.text)
            }
        });
    }
    lines.join("\n")
}
