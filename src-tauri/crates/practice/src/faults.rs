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
    /// Does as it is asked and names this agent in the answer, as if another one had been called.
    OtherAgent(i64),
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
