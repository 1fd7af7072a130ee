//! The six outcomes, and counts of them.

use serde::{Deserialize, Serialize};

/// What a call means. Every call has exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The call ran, was judged, and met what was expected of it.
    Passed,
    /// The call ran, was judged, and some check says what the agent did wrong.
    AgentFailed,
    /// There was no conversation; the agent is not blamed.
    NeverConnected,
    /// The call ended and says neither yes nor no.
    NeedsALook,
    /// A person ended it.
    Stopped,
    /// It has not ended, or not in a way this version knows.
    InProgress,
}

impl Outcome {
    /// Every outcome, in the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::Passed,
        Self::AgentFailed,
        Self::NeverConnected,
        Self::NeedsALook,
        Self::Stopped,
        Self::InProgress,
    ];

    /// The outcome as it is stored and as it crosses to the page.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::AgentFailed => "agent_failed",
            Self::NeverConnected => "never_connected",
            Self::NeedsALook => "needs_a_look",
            Self::Stopped => "stopped",
            Self::InProgress => "in_progress",
        }
    }

    /// The outcome of [`Self::as_str`]; `None` for text that is none of them.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == text)
    }

    /// Whether the call says something about the agent. Rates count judged calls only.
    pub const fn is_judged(self) -> bool {
        matches!(self, Self::Passed | Self::AgentFailed)
    }
}

/// How many calls have each outcome. [`Counts::total`] is always the number of calls counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// See [`Outcome::Passed`].
    pub passed: u32,
    /// See [`Outcome::AgentFailed`].
    pub agent_failed: u32,
    /// See [`Outcome::NeverConnected`].
    pub never_connected: u32,
    /// See [`Outcome::NeedsALook`].
    pub needs_a_look: u32,
    /// See [`Outcome::Stopped`].
    pub stopped: u32,
    /// See [`Outcome::InProgress`].
    pub in_progress: u32,
}

impl Counts {
    /// Counts one more call.
    pub fn add(&mut self, outcome: Outcome) {
        let slot = self.slot(outcome);
        *slot = slot.saturating_add(1);
    }

    /// How many calls have this outcome.
    pub const fn of(&self, outcome: Outcome) -> u32 {
        match outcome {
            Outcome::Passed => self.passed,
            Outcome::AgentFailed => self.agent_failed,
            Outcome::NeverConnected => self.never_connected,
            Outcome::NeedsALook => self.needs_a_look,
            Outcome::Stopped => self.stopped,
            Outcome::InProgress => self.in_progress,
        }
    }

    /// All calls counted.
    pub fn total(&self) -> u32 {
        Outcome::ALL.into_iter().fold(0, |sum, outcome| sum.saturating_add(self.of(outcome)))
    }

    /// The calls that say something about the agent: what a rate is a rate of.
    pub const fn judged(&self) -> u32 {
        self.passed.saturating_add(self.agent_failed)
    }

    fn slot(&mut self, outcome: Outcome) -> &mut u32 {
        match outcome {
            Outcome::Passed => &mut self.passed,
            Outcome::AgentFailed => &mut self.agent_failed,
            Outcome::NeverConnected => &mut self.never_connected,
            Outcome::NeedsALook => &mut self.needs_a_look,
            Outcome::Stopped => &mut self.stopped,
            Outcome::InProgress => &mut self.in_progress,
        }
    }
}

impl FromIterator<Outcome> for Counts {
    fn from_iter<I: IntoIterator<Item = Outcome>>(outcomes: I) -> Self {
        let mut counts = Self::default();
        for outcome in outcomes {
            counts.add(outcome);
        }
        counts
    }
}
