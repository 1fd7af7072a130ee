//! One error for everything that can go wrong, with a stable code.

use std::time::Duration;

use crate::problem::Problem;

/// Why a request did not do what was asked, how often it was tried and how long that took.
///
/// Its text is technical detail for a log or a fold-out; it never holds the key. A sentence for a
/// person is chosen by [`Error::code`].
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{kind}")]
pub struct Error {
    /// What happened.
    pub kind: ErrorKind,
    /// Requests sent, or attempted, before giving up. 0 when nothing was attempted.
    pub tries: u32,
    /// From the first attempt to giving up, pauses included.
    pub took: Duration,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The address may not be used: not https, and not http on loopback.
    #[error("bad address: {0}")]
    BadAddress(String),
    /// The key cannot be put into a header.
    #[error("the key holds characters that cannot be sent")]
    KeyBadCharacters,
    /// The caller's own input is out of the API's documented range; nothing was sent.
    #[error("bad input: {0}")]
    BadInput(String),
    /// The server's name did not resolve, or no connection came about.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// The server's certificate is not trusted on this computer.
    #[error("certificate not trusted: {0}")]
    TlsUntrusted(String),
    /// A proxy on the way wants a name and a password.
    #[error("the proxy wants a sign-in: {0}")]
    ProxyAuth(String),
    /// No answer within the limit, or the server says that it waited too long (408).
    #[error("timed out: {0}")]
    TimedOut(String),
    /// The connection broke after it came about.
    #[error("connection lost: {0}")]
    ConnectionLost(String),
    /// 401.
    #[error("the key was not accepted ({0})")]
    BadKey(Box<Problem>),
    /// 403.
    #[error("not allowed with this key ({0})")]
    Forbidden(Box<Problem>),
    /// 404 and 410.
    #[error("not found ({0})")]
    NotFound(Box<Problem>),
    /// 402, or a refusal that speaks of the balance: the status of that one is not documented.
    #[error("out of credit ({0})")]
    OutOfCredit(Box<Problem>),
    /// Any other 4xx: the request was understood and refused.
    #[error("refused ({problem})")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What the server said.
        problem: Box<Problem>,
    },
    /// 429.
    #[error("asked to wait ({problem})")]
    Throttled {
        /// How long, when the server said so.
        after: Option<Duration>,
        /// What the server said.
        problem: Box<Problem>,
    },
    /// 5xx.
    #[error("the server is in trouble ({problem})")]
    ServerTrouble {
        /// The HTTP status.
        status: u16,
        /// How long to wait, when the server said so (503 with `Retry-After`).
        after: Option<Duration>,
        /// What the server said.
        problem: Box<Problem>,
    },
    /// 3xx. Never followed.
    #[error("redirected with {status} to {}", to.as_deref().unwrap_or("nowhere"))]
    Redirected {
        /// The HTTP status.
        status: u16,
        /// The origin it points to; never the whole address, which may hold anything.
        to: Option<String>,
    },
    /// A page of markup with a status of success: what a network sends that wants a sign-in.
    #[error("a web page instead of JSON")]
    WebPage,
    /// An answer that is not what the API sends: half a document, a list that is none, a missing id.
    #[error("unreadable at {path}: {message}")]
    Unreadable {
        /// Where in the document; `.` for the whole of it.
        path: String,
        /// What was wrong.
        message: String,
    },
    /// An answer larger than the limit.
    #[error("larger than {limit} bytes")]
    TooBig {
        /// The limit, in bytes after decompression.
        limit: u64,
    },
}

impl Error {
    /// The stable code: snake case, one per kind.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// What the server said, when it said something.
    pub fn problem(&self) -> Option<&Problem> {
        self.kind.problem()
    }

    /// An error that came about before anything was attempted.
    pub(crate) fn untried(kind: ErrorKind) -> Self {
        Self { kind, tries: 0, took: Duration::ZERO }
    }
}

impl ErrorKind {
    /// The stable code of the kind.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadAddress(_) => "bad_address",
            Self::KeyBadCharacters => "key_bad_characters",
            Self::BadInput(_) => "bad_input",
            Self::Unreachable(_) => "unreachable",
            Self::TlsUntrusted(_) => "tls_untrusted",
            Self::ProxyAuth(_) => "proxy_auth",
            Self::TimedOut(_) => "timed_out",
            Self::ConnectionLost(_) => "connection_lost",
            Self::BadKey(_) => "bad_key",
            Self::Forbidden(_) => "forbidden",
            Self::NotFound(_) => "not_found",
            Self::OutOfCredit(_) => "out_of_credit",
            Self::Refused { .. } => "refused",
            Self::Throttled { .. } => "throttled",
            Self::ServerTrouble { .. } => "server_trouble",
            Self::Redirected { .. } => "redirected",
            Self::WebPage => "web_page",
            Self::Unreadable { .. } => "unreadable",
            Self::TooBig { .. } => "too_big",
        }
    }

    /// What the server said, when it said something.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::BadKey(problem)
            | Self::Forbidden(problem)
            | Self::NotFound(problem)
            | Self::OutOfCredit(problem)
            | Self::Refused { problem, .. }
            | Self::Throttled { problem, .. }
            | Self::ServerTrouble { problem, .. } => Some(problem),
            _ => None,
        }
    }

    pub(crate) fn unreadable(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Unreadable { path: path.into(), message: message.into() }
    }
}
