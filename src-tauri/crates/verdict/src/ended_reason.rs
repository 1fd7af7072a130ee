//! The groups of ended reasons.

/// What an ended reason says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedGroup {
    /// The call ran to its end.
    RanToItsEnd,
    /// Nobody answered.
    NobodyAnswered,
    /// It ran out of time.
    TimedOut,
    /// A person cancelled the run.
    Cancelled,
    /// A person ended the call from outside.
    EndedFromOutside,
    /// The connection never stood.
    NeverConnected,
    /// A limit was reached.
    AtLimit,
    /// Cekura's caller broke.
    TesterBroke,
    /// Passed through from a provider, or not known.
    Other,
}

/// The group of an ended reason.
pub fn ended_group(reason: &str) -> EndedGroup {
    let _ = reason;
    EndedGroup::Other
}
