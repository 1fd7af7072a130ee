//! How the connection is, and what the page is told of it: one calm state, not a storm of errors.

use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;

use crate::code::Code;
use crate::core::Engine;
use crate::error::EngineError;
use crate::session::Session;
use crate::view::{ConnectionState, ConnectionView, FeedTopic};

/// What is known of the connection.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    pub(crate) state: ConnectionState,
    pub(crate) code: Option<Code>,
    pub(crate) detail: Option<String>,
    pub(crate) next_try_at: Option<Timestamp>,
    /// Until when the server itself asked to be left alone.
    pub(crate) left_alone_until: Option<Timestamp>,
    pub(crate) credits: Option<f64>,
    pub(crate) max_at_once: Option<u32>,
    pub(crate) may_launch: Option<bool>,
    /// Failures in a row; decides the pause.
    pub(crate) failures: u32,
}

impl Default for Connection {
    fn default() -> Self {
        Self {
            state: ConnectionState::Connecting,
            code: None,
            detail: None,
            next_try_at: None,
            left_alone_until: None,
            credits: None,
            max_at_once: None,
            may_launch: None,
            failures: 0,
        }
    }
}

/// What an error says about the connection; `None` for one that is about the request only.
pub(crate) fn state_of(error: &EngineError) -> Option<ConnectionState> {
    Some(match error.code {
        Code::Unreachable
        | Code::TlsUntrusted
        | Code::ProxyAuth
        | Code::TimedOut
        | Code::ConnectionLost => ConnectionState::Offline,
        Code::Throttled => ConnectionState::Throttled,
        Code::BadKey => ConnectionState::KeyRejected,
        Code::KeychainMissing
        | Code::KeychainLocked
        | Code::KeychainSlow
        | Code::KeychainUnreadable
        | Code::KeychainFailed
        | Code::KeyEmpty => ConnectionState::KeyMissing,
        // The key is on its way; who waits is the person, for their own keychain.
        Code::KeychainWaits => ConnectionState::Connecting,
        Code::ServerTrouble
        | Code::Redirected
        | Code::WebPage
        | Code::Unreadable
        | Code::NotCekura
        | Code::TooBig
        | Code::PracticeFailed => ConnectionState::Trouble,
        _ => return None,
    })
}

/// The pause after `failures` failures in a row: doubled each time up to `longest`, then spread by
/// `random` over all between that and the usual pause, so that many clients do not come back at
/// once. The shortest is that of a server that is well, a fifth less than `first`: an exchange that
/// works begins the count anew, and one that fails behind it each time must not be asked more often.
pub(crate) fn pause(first: Duration, longest: Duration, failures: u32, random: f64) -> Duration {
    let doubled = first.saturating_mul(1_u32 << failures.min(16));
    let whole = doubled.min(longest);
    let least = first.mul_f64(0.8).min(whole);
    least + whole.saturating_sub(least).mul_f64(random.clamp(0.0, 1.0))
}

impl Engine {
    /// How the connection of the open workspace is.
    pub fn connection_read(&self) -> Result<ConnectionView, EngineError> {
        let live = u32::try_from(self.ledger().results_followed(self.workspace_shown()?)?.len())
            .unwrap_or(u32::MAX);
        let connection = match self.session() {
            Ok(session) => session.connection().clone(),
            Err(_) => Connection::default(),
        };
        Ok(ConnectionView {
            state: connection.state,
            code: connection.code,
            detail: connection.detail,
            next_try_at: connection.next_try_at.map(|at| at.to_string()),
            credits: connection.credits,
            may_launch: connection.may_launch,
            live,
        })
    }

    /// Tries the server now instead of at the end of the pause: a person asks for it, or the network
    /// is back. The pauses begin with the shortest again. Before a time that the server named itself
    /// nothing is done: the next try is at that time.
    pub fn connection_retry(&self) -> Result<ConnectionView, EngineError> {
        let session = self.session()?;
        let now = self.now();
        {
            let mut connection = session.connection();
            if connection.left_alone_until.is_some_and(|until| now < until) {
                drop(connection);
                return self.connection_read();
            }
            connection.next_try_at = None;
            connection.may_launch = None;
            connection.failures = 0;
        }
        session.nudge.notify_one();
        self.connection_read()
    }

    /// An exchange worked.
    pub(crate) fn came_through(&self, session: &Session) {
        let changed = {
            let mut connection = session.connection();
            let changed = connection.state != ConnectionState::Online;
            connection.state = ConnectionState::Online;
            connection.code = None;
            connection.detail = None;
            connection.next_try_at = None;
            connection.left_alone_until = None;
            connection.failures = 0;
            changed
        };
        if changed {
            self.tell_connection(session);
        }
    }

    /// An exchange failed; tells whether the failure is about the connection at all.
    pub(crate) fn failed(&self, session: &Session, error: &EngineError) -> bool {
        let Some(state) = state_of(error) else { return false };
        self.troubled(session, state, error);
        true
    }

    pub(crate) fn troubled(&self, session: &Session, state: ConnectionState, error: &EngineError) {
        {
            let mut connection = session.connection();
            connection.state = state;
            connection.code = Some(error.code);
            connection.detail.clone_from(&error.detail);
            connection.failures = connection.failures.saturating_add(1);
        }
        self.tell_connection(session);
    }

    /// The state of the connection changed. As long as the list of results has not been read, that
    /// state is also why not.
    fn tell_connection(&self, session: &Session) {
        self.tell(FeedTopic::Connection, &[]);
        if !session.list_read.load(Ordering::Acquire) {
            self.tell(FeedTopic::Results, &[]);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::pause;

    #[test]
    fn pauses_double_up_to_the_longest_and_are_spread_down_to_the_usual_one() {
        let first = Duration::from_secs(5);
        let longest = Duration::from_secs(300);
        assert_eq!(pause(first, longest, 0, 1.0), Duration::from_secs(5));
        assert_eq!(pause(first, longest, 1, 1.0), Duration::from_secs(10));
        assert_eq!(pause(first, longest, 1, 0.25), Duration::from_millis(5500));
        assert_eq!(pause(first, longest, 1, 0.0), Duration::from_secs(4));
        assert_eq!(pause(first, longest, 40, 1.0), longest);
        assert_eq!(pause(first, longest, 40, 0.25), Duration::from_secs(78));
        assert_eq!(pause(first, longest, 40, 0.0), Duration::from_secs(4));
    }

    #[test]
    fn a_longest_pause_below_the_shortest_is_kept_to() {
        let (first, longest) = (Duration::from_secs(5), Duration::from_secs(2));
        assert_eq!(pause(first, longest, 3, 0.0), longest);
        assert_eq!(pause(first, longest, 3, 0.9), longest);
    }
}
