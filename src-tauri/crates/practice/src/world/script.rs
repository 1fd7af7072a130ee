//! What a script is made of. The scripts themselves are in `orders`, `care` and `tongues`.

/// One step of a conversation. `{name}` and its like are filled in from [`super::Details`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    /// The caller, played by the tester.
    Caller(&'static str),
    /// The agent under test.
    Agent(&'static str),
    /// Where the agent meets a criterion, or does not: the criterion's place in the list, what it
    /// says when it does, and what when it does not.
    Check(usize, &'static str, &'static str),
    /// The agent uses a tool: its name, its arguments and what it answers, both JSON.
    Tool(&'static str, &'static str, &'static str),
}

/// Whose evaluators they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Desk {
    /// The line that takes orders.
    Orders,
    /// The line for deliveries, refunds and complaints.
    Care,
    /// The shop's own phone, which is not on Pipecat Cloud.
    Shop,
}

/// A kind of conversation, and the evaluators made of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Script {
    pub(crate) desk: Desk,
    /// As the API writes it: levels joined by dots.
    pub(crate) folder: &'static str,
    pub(crate) names: &'static [&'static str],
    /// BCP 47.
    pub(crate) language: &'static str,
    pub(crate) tags: &'static [&'static str],
    /// What the caller is told to do.
    pub(crate) task: &'static str,
    pub(crate) opening: &'static str,
    pub(crate) criteria: &'static [&'static str],
    pub(crate) steps: &'static [Step],
    /// Usual length in seconds.
    pub(crate) seconds: f64,
}
