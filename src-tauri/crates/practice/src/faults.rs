//! Faults on request: what a network and a server can do to a client, one at a time.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Which requests a fault is for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Match {
    /// Any method when absent.
    #[serde(default)]
    pub(crate) method: Option<String>,
    /// Any path when absent.
    #[serde(default)]
    pub(crate) path_contains: Option<String>,
    /// The first matching request it strikes, counted from 1.
    #[serde(default)]
    pub(crate) nth: Option<u32>,
    /// How many requests it strikes; all of them when absent.
    #[serde(default)]
    pub(crate) times: Option<u32>,
}

/// What it does.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Does as it is asked, and answers only after so many milliseconds.
    DelayMs(u64),
    /// Does as it is asked, and answers when the faults are taken away.
    Hold,
    /// Ends the connection before it does anything.
    DropBefore,
    /// Does as it is asked, then ends the connection without an answer.
    DropAfter,
    /// Does nothing and answers with this status.
    Status {
        code: u16,
        /// Seconds; sent as `Retry-After`.
        #[serde(default)]
        retry_after: Option<u64>,
        /// Sent as JSON; nothing when absent.
        #[serde(default)]
        body: Option<Value>,
        /// Does as it is asked before it answers so.
        #[serde(default)]
        after: bool,
    },
    /// Does nothing and answers with a page of HTML and this status, 200 when absent.
    Html {
        #[serde(default)]
        code: Option<u16>,
    },
    /// Does as it is asked and sends half of the answer.
    HalfBody,
    /// Of an answer that comes in pieces, sends so many and the rest when the faults are taken away.
    HoldAfter(usize),
    /// Does as it is asked and leaves the top-level `id` out of the answer.
    NoId,
    /// Does as it is asked and spoils one token of one thing in the answer.
    Token {
        /// The id of the thing; the first of the answer when absent.
        #[serde(default)]
        id: Option<i64>,
        token: Token,
    },
    /// Does as it is asked and answers with the first half, as if it were the whole.
    CutBody,
    /// Does as it is asked and puts a list where a thing belongs.
    WrongShape {
        /// The id of the thing; the first of the answer when absent.
        #[serde(default)]
        id: Option<i64>,
    },
    /// Does nothing and answers 500 to every request for this call, alone or among others; other
    /// requests are not struck.
    FailsFor(i64),
    /// Does as it is asked and tells of a call that nobody answered, as the real one does: its time
    /// ran out, and there is no conversation of any form.
    NothingSaid {
        /// The id of the call; every call of the answer when absent.
        #[serde(default)]
        id: Option<i64>,
    },
    /// Does as it is asked and names this agent in the answer, as if another one had been called.
    OtherAgent(i64),
}

/// What becomes of a token.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Token {
    HalfEmoji,
    Nan,
    Infinity,
    MinusInfinity,
    TooLarge,
    NotUtf8,
    Control,
    BadEscape,
    TooDeep,
}

impl Token {
    /// Its bytes, in place of a value.
    pub(crate) fn bytes(self) -> Vec<u8> {
        match self {
            Self::HalfEmoji => br#""Half an emoji: \ud83d.""#.to_vec(),
            Self::Nan => b"NaN".to_vec(),
            Self::Infinity => b"Infinity".to_vec(),
            Self::MinusInfinity => b"-Infinity".to_vec(),
            Self::TooLarge => b"1e999".to_vec(),
            Self::NotUtf8 => b"\"Caf\xe9\"".to_vec(),
            Self::Control => b"\"One\x01two\"".to_vec(),
            Self::BadEscape => br#""One\xtwo""#.to_vec(),
            Self::TooDeep => ["[".repeat(300), "]".repeat(300)].concat().into_bytes(),
        }
    }

    /// The field it stands in: one that a number or a text belongs in.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::Nan | Self::Infinity | Self::MinusInfinity | Self::TooLarge => "duration",
            Self::TooDeep => "metadata",
            _ => "error_message",
        }
    }
}

/// A fault that was asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    #[serde(default, rename = "match")]
    pub(crate) matches: Match,
    pub(crate) kind: Kind,
    /// Matching requests so far.
    #[serde(default, skip_deserializing)]
    pub(crate) seen: u32,
}

/// The fault that strikes this request, if any; counts it for every fault it matches.
pub(crate) fn strike(faults: &mut [Fault], method: &str, path: &str) -> Option<Kind> {
    let mut found = None;
    for fault in faults {
        let right_method =
            fault.matches.method.as_ref().is_none_or(|one| one.eq_ignore_ascii_case(method));
        let right_path =
            fault.matches.path_contains.as_ref().is_none_or(|part| path.contains(part.as_str()));
        if !right_method || !right_path {
            continue;
        }
        fault.seen += 1;
        let first = fault.matches.nth.unwrap_or(1).max(1);
        let last = fault
            .matches
            .times
            .map_or(u32::MAX, |times| first.saturating_add(times).saturating_sub(1));
        if found.is_none() && (first..=last).contains(&fault.seen) && fault.matches.times != Some(0)
        {
            found = Some(fault.kind.clone());
        }
    }
    found
}
