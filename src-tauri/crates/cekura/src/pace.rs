//! How fast a list is walked.

use std::time::Duration;

use tokio::time::Instant;

/// How fast pages of lists are asked for: the first `burst` at once, then one for each `every`. What
/// is not used is saved, up to `burst`.
///
/// # Defaults
///
/// Two pages a second after the first forty: a list of 4,000 rows comes without a pause, and one of
/// any length does not take the server from others. Where the server is on this computer there is
/// nobody to spare, and no pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Pages that may be asked for without a pause.
    pub burst: u32,
    /// The time that one more page takes; zero for no pace.
    pub every: Duration,
}

impl Pace {
    /// The pace for a server, on this computer or elsewhere.
    pub(crate) fn for_server(on_loopback: bool) -> Self {
        let every = if on_loopback { Duration::ZERO } else { Duration::from_millis(500) };
        Self { burst: 40, every }
    }
}

/// Keeps a pace, for all walks of a client together.
#[derive(Debug)]
pub(crate) struct Pacer {
    pace: Pace,
    /// When all that was asked for would have been paid for at the steady pace.
    paid: Option<Instant>,
}

impl Pacer {
    pub(crate) fn new(pace: Pace) -> Self {
        Self { pace, paid: None }
    }

    /// Takes the next place at `now`, and says how long it is until it comes.
    pub(crate) fn next(&mut self, now: Instant) -> Duration {
        // A rate that no moment exceeds by more than `burst` (the "generic cell rate algorithm",
        // ITU-T I.371).
        let paid = self.paid.map_or(now, |paid| paid.max(now)) + self.pace.every;
        self.paid = Some(paid);
        let saved = self.pace.every.saturating_mul(self.pace.burst.max(1));
        paid.saturating_duration_since(now).saturating_sub(saved)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{Pace, Pacer};

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_first_pages_come_at_once_and_the_others_at_the_pace() {
        let mut pacer = Pacer::new(Pace { burst: 3, every: SECOND });
        let began = Instant::now();
        let waits: Vec<u64> = (0..6).map(|_| pacer.next(began).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 1, 2, 3]);
    }

    #[test]
    fn what_was_not_used_is_saved_up_to_the_burst() {
        let mut pacer = Pacer::new(Pace { burst: 2, every: SECOND });
        let began = Instant::now();
        assert_eq!([began, began, began].map(|now| pacer.next(now).as_secs()), [0, 0, 1]);
        // The one that was waited for has gone by then: one more has been saved, no longer two.
        assert_eq!([2, 2].map(|at| pacer.next(began + SECOND * at).as_secs()), [0, 1]);
        let later = began + SECOND * 1000;
        assert_eq!([later, later, later].map(|now| pacer.next(now).as_secs()), [0, 0, 1]);
    }

    #[test]
    fn a_server_elsewhere_is_asked_twice_a_second_after_a_burst() {
        let mut pacer = Pacer::new(Pace::for_server(false));
        let began = Instant::now();
        let waits: Vec<Duration> = (0..100).map(|_| pacer.next(began)).collect();
        assert_eq!(waits.iter().filter(|wait| wait.is_zero()).count(), 40);
        assert_eq!(waits.last(), Some(&Duration::from_secs(30)), "10,000 rows");
    }

    #[test]
    fn a_server_on_this_computer_is_not_waited_for() {
        let mut pacer = Pacer::new(Pace::for_server(true));
        let began = Instant::now();
        assert!((0..1000).all(|_| pacer.next(began).is_zero()));
    }
}
