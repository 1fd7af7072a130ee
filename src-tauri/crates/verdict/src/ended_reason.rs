//! What an ended reason says.
//!
//! The API's ended reasons are free text with fixed beginnings: `Main agent-…` is the agent under
//! test, `Testing agent-…` the caller, the rest is of neither. They are compared without case and
//! by words, so that `Main agent-did-not-answer`, `main_agent_did_not_answer` and
//! `assistant-did-not-answer` are one. A reason that is not known is never counted as a failed
//! connection: what the judge said stands.

use crate::{Barrier, Side};

/// What an ended reason says of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndedGroup {
    /// The call ran to its end.
    RanToItsEnd,
    /// Nobody answered.
    NobodyAnswered(Side),
    /// Silence, or the longest time a call may last.
    TimedOut,
    /// A person cancelled the run.
    Cancelled,
    /// A person ended the call from outside.
    EndedFromOutside,
    /// The connection never stood.
    NeverConnected(Side),
    /// A limit was reached: no place was free, or the account allows no more.
    AtLimit(Barrier),
    /// Cekura's caller broke.
    TesterBroke,
    /// Passed through from a provider, or not known.
    Other,
}

impl EndedGroup {
    /// Whether the reason alone says that there was no conversation, and if so what stood in the
    /// way and on whose side.
    pub const fn barrier(self) -> Option<(Barrier, Side)> {
        match self {
            Self::NobodyAnswered(side) => Some((Barrier::NoAnswer, side)),
            Self::NeverConnected(side) => Some((Barrier::NotConnected, side)),
            Self::AtLimit(barrier) => Some((barrier, Side::Limit)),
            _ => None,
        }
    }
}

/// The group of an ended reason.
pub fn ended_group(reason: &str) -> EndedGroup {
    use EndedGroup as G;
    let words = words(reason);
    let (party, rest) = party(&words);
    let side = |otherwise| match party {
        Party::Main => Side::Agent,
        Party::Testing => Side::Tester,
        Party::None => otherwise,
    };
    let has = |phrase: &[&str]| contains(rest, phrase);
    let is = |phrase: &[&str]| rest.iter().map(String::as_str).eq(phrase.iter().copied());

    if has(&["cancelled", "by", "user"]) || has(&["canceled", "by", "user"]) {
        return G::Cancelled;
    }
    if contains(&words, &["external", "user", "ended"]) {
        return G::EndedFromOutside;
    }
    // Before "busy" and "failed": a limit is nobody's failure.
    if has(&["limit", "reached"]) || has(&["limit", "exceeded"]) || has(&["at", "capacity"]) {
        return G::AtLimit(limit_of(reason));
    }
    if has(&["did", "not", "answer"])
        || is(&["no", "answer"])
        || is(&["busy"])
        || is(&["voicemail"])
        || has(&["invalid", "phone", "number"])
    {
        return G::NobodyAnswered(side(Side::Agent));
    }
    if has(&["run", "not", "ready"]) {
        return G::NeverConnected(side(Side::Unknown));
    }
    if party == Party::Testing
        && (has(&["did", "not", "connect"])
            || has(&["crashed"])
            || has(&["pipeline", "error"])
            || has(&["recording", "absent"])
            || has(&["recording", "failed"]))
    {
        return G::TesterBroke;
    }
    if has(&["not", "connected"]) || has(&["twilio", "client", "error"]) {
        return G::NeverConnected(side(Side::Network));
    }
    if has(&["sip", "call", "failed"]) {
        return G::NeverConnected(side(Side::Network));
    }
    if has(&["call", "rejected"]) {
        return G::NeverConnected(side(Side::Agent));
    }
    if has(&["call", "canceled"]) || has(&["call", "cancelled"]) || has(&["call", "failed"]) {
        return G::NeverConnected(side(Side::Unknown));
    }
    if has(&["silence", "timed", "out"]) || has(&["exceeded", "max", "duration"]) {
        return G::TimedOut;
    }
    if has(&["ended", "call"]) || has(&["session", "ended"]) {
        return G::RanToItsEnd;
    }
    G::Other
}

/// Words of money.
const MONEY: [&str; 3] = ["balance", "credit", "credits"];
/// Words for the agent's own allowance. The tester is an agent, too: its places are the account's.
const THE_AGENTS: [&str; 7] =
    ["pipecat", "livekit", "agent", "agents", "assistant", "session", "sessions"];
/// Words for what an account may do, whatever the agent could.
const THE_ACCOUNTS: [&str; 16] = [
    "account",
    "organization",
    "organisation",
    "org",
    "plan",
    "subscription",
    "billing",
    "workspace",
    "project",
    "projects",
    "quota",
    "parallel",
    "daily",
    "monthly",
    "rate",
    "trial",
];

/// Which limit a text speaks of that speaks of one. Where it does not say whose it is, it is taken for
/// the agent's: calls over the account's limit wait, they do not fail.
pub(crate) fn limit_of(text: &str) -> Barrier {
    let words = words(text);
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if any(&MONEY) {
        return Barrier::NoCredits;
    }
    let testers = contains(&words, &["testing", "agent"]);
    if testers || (any(&THE_ACCOUNTS) && !any(&THE_AGENTS)) {
        Barrier::AccountLimit
    } else {
        Barrier::AtLimit
    }
}

/// Whose side a text speaks of, when no group says it: by its beginning, then by the words that
/// only one side has.
pub(crate) fn side_of(text: &str) -> Side {
    let words = words(text);
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if any(&MONEY) || any(&["limit", "limits", "capacity", "concurrency", "quota"]) {
        return Side::Limit;
    }
    match party(&words).0 {
        Party::Main => return Side::Agent,
        Party::Testing => return Side::Tester,
        Party::None => {}
    }
    if contains(&words, &["testing", "agent"]) {
        Side::Tester
    } else if contains(&words, &["main", "agent"]) {
        Side::Agent
    } else if any(&["network", "socket", "websocket", "dns", "sip", "ice", "webrtc", "carrier"]) {
        Side::Network
    } else {
        Side::Unknown
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Party {
    Main,
    Testing,
    None,
}

/// Lower-case words, whatever stands between them.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split(|char: char| !char.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn party(words: &[String]) -> (Party, &[String]) {
    let starts = |phrase: &[&str]| {
        words.len() >= phrase.len()
            && words.iter().zip(phrase).all(|(word, expected)| word == expected)
    };
    if starts(&["main", "agent"]) || starts(&["pipecat", "agent"]) {
        (Party::Main, &words[2..])
    } else if starts(&["testing", "agent"]) {
        (Party::Testing, &words[2..])
    } else if starts(&["assistant"]) {
        (Party::Main, &words[1..])
    } else {
        (Party::None, words)
    }
}

fn contains(words: &[String], phrase: &[&str]) -> bool {
    words.windows(phrase.len()).any(|window| window.iter().zip(phrase).all(|(a, b)| a == b))
}

#[cfg(test)]
mod tests {
    use super::{EndedGroup as G, ended_group, limit_of, side_of};
    use crate::{Barrier, Side};

    /// Every reason that the vendor's list, its screenshots and public projects show.
    #[test]
    fn every_known_reason_has_its_group() {
        let table = [
            ("Main agent-ended-call", G::RanToItsEnd),
            ("Main agent-ended-call-after-message-spoken", G::RanToItsEnd),
            ("Main agent-ended-call-with-hangup-task", G::RanToItsEnd),
            ("Testing agent-ended-call", G::RanToItsEnd),
            ("session_ended", G::RanToItsEnd),
            ("assistant-ended-call", G::RanToItsEnd),
            ("Main agent-did-not-answer", G::NobodyAnswered(Side::Agent)),
            ("Main agent-busy", G::NobodyAnswered(Side::Agent)),
            ("Main agent-voicemail", G::NobodyAnswered(Side::Agent)),
            ("Main agent-invalid-phone-number", G::NobodyAnswered(Side::Agent)),
            ("Main agent-silence-timed-out", G::TimedOut),
            ("exceeded-max-duration", G::TimedOut),
            ("run-cancelled-by-user", G::Cancelled),
            ("external-user-ended-call", G::EndedFromOutside),
            ("Main agent-call-not-connected", G::NeverConnected(Side::Agent)),
            ("call-canceled", G::NeverConnected(Side::Unknown)),
            ("call-rejected", G::NeverConnected(Side::Agent)),
            ("call-failed-unknown-error", G::NeverConnected(Side::Unknown)),
            ("sip-call-failed", G::NeverConnected(Side::Network)),
            ("Main agent-twilio-client-error", G::NeverConnected(Side::Agent)),
            ("Testing agent-run-not-ready", G::NeverConnected(Side::Tester)),
            ("pipecat-agent-concurrency-limit-reached", G::AtLimit(Barrier::AtLimit)),
            ("Testing agent-limit-reached", G::AtLimit(Barrier::AccountLimit)),
            ("organization-parallel-call-limit-reached", G::AtLimit(Barrier::AccountLimit)),
            ("credit-limit-exceeded", G::AtLimit(Barrier::NoCredits)),
            ("Testing agent-did-not-connect", G::TesterBroke),
            ("Testing agent-dial-out-bot-crashed", G::TesterBroke),
            ("Testing agent-dial-in-bot-crashed", G::TesterBroke),
            ("Testing agent-sip-dial-out-bot-crashed", G::TesterBroke),
            ("Testing agent-pipeline-error", G::TesterBroke),
            ("Testing agent-recording-absent", G::TesterBroke),
            ("Testing agent-recording-failed", G::TesterBroke),
            ("participant_disconnected", G::Other),
            ("user_initiated", G::Other),
            // Not listed anywhere.
            ("", G::Other),
            ("---", G::Other),
            ("the line was busy with other things", G::Other),
            ("Main agent-hung-the-receiver-on-the-wall", G::Other),
            ("MAIN AGENT DID NOT ANSWER", G::NobodyAnswered(Side::Agent)),
            ("call_cancelled", G::NeverConnected(Side::Unknown)),
            ("run-canceled-by-user", G::Cancelled),
            ("Звонок завершён", G::Other),
        ];
        for (reason, group) in table {
            assert_eq!(ended_group(reason), group, "{reason}");
        }
    }

    #[test]
    fn credits_the_account_and_the_agent_have_limits_of_their_own() {
        let table = [
            ("Insufficient balance for this operation", Barrier::NoCredits),
            ("Out of credits", Barrier::NoCredits),
            ("Your organization has no credits left", Barrier::NoCredits),
            ("Parallel call limit of the organization reached", Barrier::AccountLimit),
            ("concurrency of the plan is used up", Barrier::AccountLimit),
            ("Monthly quota exceeded", Barrier::AccountLimit),
            ("Testing agent limit reached", Barrier::AccountLimit),
            ("Rate limit exceeded", Barrier::AccountLimit),
            ("pipecat-agent-concurrency-limit-reached", Barrier::AtLimit),
            ("Session limit of your Pipecat plan reached", Barrier::AtLimit),
            ("Agent is at capacity", Barrier::AtLimit),
            ("limit reached", Barrier::AtLimit),
        ];
        for (text, barrier) in table {
            assert_eq!(limit_of(text), barrier, "{text}");
        }
    }

    #[test]
    fn a_side_is_named_only_where_a_word_names_it() {
        let table = [
            ("Testing agent failed to start", Side::Tester),
            ("Main agent closed the room", Side::Agent),
            ("could not start: main agent is gone", Side::Agent),
            ("Insufficient balance for this operation", Side::Limit),
            ("concurrency of the plan is used up", Side::Limit),
            ("websocket closed with 1006", Side::Network),
            ("something went wrong", Side::Unknown),
            ("", Side::Unknown),
        ];
        for (text, side) in table {
            assert_eq!(side_of(text), side, "{text}");
        }
    }
}
