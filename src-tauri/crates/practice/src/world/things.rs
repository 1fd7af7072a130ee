//! Projects, agents and metrics.

/// Number and name of each project.
pub(crate) const PROJECTS: &[(i64, &str)] = &[(742, "Flower lines"), (743, "Shop phones")];

/// A voice agent.
#[derive(Debug)]
pub(crate) struct Agent {
    pub(crate) id: i64,
    pub(crate) project: i64,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) provider: &'static str,
    /// Its name on Pipecat Cloud; without it no call can be placed there.
    pub(crate) pipecat_name: Option<&'static str>,
    pub(crate) phone: &'static str,
    /// Name, what it does, and an example of what goes in and comes out, as JSON.
    pub(crate) tools: &'static [(i64, &'static str, &'static str, &'static str, &'static str)],
    /// How many calls it can hold before it turns some away.
    pub(crate) capacity: usize,
    /// The callers that are not enabled for it, so that what is said of them can be seen.
    pub(crate) without: &'static [i64],
}

impl Agent {
    /// Whether a caller may be chosen for its calls.
    pub(crate) fn enables(&self, caller: i64) -> bool {
        !self.without.contains(&caller)
    }
}

/// The caller of that name.
const ON_A_TRAIN: i64 = 707;

pub(crate) const AGENTS: &[Agent] = &[
    Agent {
        id: 3101,
        project: 742,
        name: "Flower line, Pipecat Cloud",
        description: "Takes orders for bouquets, wreaths and large events. Checks the stock, takes the address and the card, and places the order.",
        provider: "pipecat",
        pipecat_name: Some("marigold-orders"),
        phone: "+441632960001",
        tools: &[
            (
                61,
                "check_stock",
                "Says whether a flower is there on a day, and what it costs.",
                r#"{"flower":"tulips","date":"Friday"}"#,
                r#"{"in_stock":true,"price":"£32.00"}"#,
            ),
            (
                62,
                "place_order",
                "Places an order and gives its number.",
                r#"{"flower":"tulips"}"#,
                r#"{"order":"MF-20000","status":"confirmed"}"#,
            ),
            (
                63,
                "find_customer",
                "Finds a customer by telephone number.",
                r#"{"phone":"+441632960101"}"#,
                r#"{"found":false}"#,
            ),
        ],
        capacity: 8,
        without: &[],
    },
    Agent {
        id: 3102,
        project: 742,
        name: "Aftercare line, Pipecat Cloud",
        description: "Looks after orders that exist: where they are, changes, complaints and refunds within seven days.",
        provider: "pipecat",
        pipecat_name: Some("marigold-aftercare"),
        phone: "+441632960002",
        tools: &[
            (
                64,
                "find_order",
                "Looks an order up by its number.",
                r#"{"order":"MF-20000"}"#,
                r#"{"status":"out_for_delivery"}"#,
            ),
            (
                65,
                "change_delivery",
                "Changes day or place of a delivery.",
                r#"{"order":"MF-20000","date":"Friday"}"#,
                r#"{"fee":"0.00"}"#,
            ),
            (
                66,
                "issue_refund",
                "Books a refund.",
                r#"{"order":"MF-20000","amount":"£32.00"}"#,
                r#"{"refund":"booked"}"#,
            ),
        ],
        capacity: 6,
        without: &[ON_A_TRAIN],
    },
    Agent {
        id: 3103,
        project: 743,
        name: "Shop phone, Mill Street",
        description: "Answers the telephone in the shop: opening hours, parking, lost property.",
        provider: "custom",
        pipecat_name: None,
        phone: "+441632960003",
        tools: &[],
        capacity: 2,
        without: &[],
    },
];

/// What kind of answer a metric gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Yes or no.
    Binary,
    /// From 0 to 5.
    Rating,
    /// A number in its own unit.
    Number,
    /// One of a few words.
    Category,
}

/// A check that is made after each call.
#[derive(Debug)]
pub(crate) struct Metric {
    pub(crate) id: i64,
    pub(crate) name: &'static str,
    pub(crate) slug: &'static str,
    pub(crate) description: &'static str,
    pub(crate) kind: Kind,
    /// Of a binary one: judged by what was said rather than by the steps of the script, which the
    /// older dialect has a word of its own for.
    pub(crate) qualitative: bool,
    pub(crate) audio: bool,
    /// Credits for one evaluation.
    pub(crate) cost: f64,
    /// Set for those the vendor defines.
    pub(crate) code: &'static str,
    pub(crate) values: &'static [&'static str],
}

pub(crate) const METRICS: &[Metric] = &[
    Metric {
        id: 801,
        name: "Followed the script of the shop",
        slug: "followed_script",
        description: "The agent keeps to the order of questions the shop wants.",
        kind: Kind::Binary,
        qualitative: false,
        audio: false,
        cost: 0.2,
        code: "",
        values: &[],
    },
    Metric {
        id: 802,
        name: "Right tool, right arguments",
        slug: "right_tool",
        description: "Tools are called when they should be, with what the caller said.",
        kind: Kind::Binary,
        qualitative: false,
        audio: false,
        cost: 0.2,
        code: "tool_call_success",
        values: &[],
    },
    Metric {
        id: 803,
        name: "Promised nothing the shop cannot keep",
        slug: "no_false_promise",
        description: "No price, refund or time is promised that the shop does not give.",
        kind: Kind::Binary,
        qualitative: true,
        audio: false,
        cost: 0.2,
        code: "",
        values: &[],
    },
    Metric {
        id: 804,
        name: "Infrastructure issues",
        slug: "infrastructure_issues",
        description: "The call had no technical trouble.",
        kind: Kind::Binary,
        qualitative: false,
        audio: true,
        cost: 0.0,
        code: "infrastructure_issues",
        values: &[],
    },
    Metric {
        id: 805,
        name: "Tone",
        slug: "tone",
        description: "Warm, calm and fitting to what the caller says.",
        kind: Kind::Rating,
        qualitative: false,
        audio: true,
        cost: 0.2,
        code: "",
        values: &[],
    },
    Metric {
        id: 806,
        name: "Clear answers",
        slug: "clear_answers",
        description: "Short sentences, one question at a time.",
        kind: Kind::Rating,
        qualitative: false,
        audio: false,
        cost: 0.2,
        code: "",
        values: &[],
    },
    Metric {
        id: 807,
        name: "Pronunciation",
        slug: "pronunciation",
        description: "Names and places are said so that one knows them.",
        kind: Kind::Rating,
        qualitative: false,
        audio: true,
        cost: 0.2,
        code: "pronunciation_analysis",
        values: &[],
    },
    Metric {
        id: 808,
        name: "Latency",
        slug: "latency",
        description: "Median time to the first word of an answer, in milliseconds.",
        kind: Kind::Number,
        qualitative: false,
        audio: true,
        cost: 0.2,
        code: "latency",
        values: &[],
    },
    Metric {
        id: 809,
        name: "Interruptions",
        slug: "interruptions",
        description: "How often the agent spoke over the caller.",
        kind: Kind::Number,
        qualitative: false,
        audio: true,
        cost: 0.2,
        code: "ai_interrupting_user",
        values: &[],
    },
    Metric {
        id: 810,
        name: "Words misheard",
        slug: "words_misheard",
        description: "Share of the caller's words that were taken for others, in percent.",
        kind: Kind::Number,
        qualitative: false,
        audio: true,
        cost: 0.2,
        code: "",
        values: &[],
    },
    Metric {
        id: 811,
        name: "Caller's mood at the end",
        slug: "mood_at_end",
        description: "How the caller leaves the call.",
        kind: Kind::Category,
        qualitative: false,
        audio: false,
        cost: 0.2,
        code: "sentiment",
        values: &["content", "neutral", "upset"],
    },
    Metric {
        id: 812,
        name: "What the call was about",
        slug: "topic",
        description: "One word for the matter.",
        kind: Kind::Category,
        qualitative: false,
        audio: false,
        cost: 0.2,
        code: "",
        values: &["order", "delivery", "refund", "other"],
    },
];

/// The metrics every evaluator carries.
pub(crate) const ALWAYS: &[i64] = &[801, 804, 805, 808];
