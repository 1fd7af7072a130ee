//! When to try again.

use std::time::Duration;

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};
use jiff::Timestamp;

use crate::config::RetryPolicy;

/// The pause before the `retry`-th repetition, counted from 0: `random × min(longest, first × 2ⁿ)`.
///
/// Full jitter (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
pub(crate) fn pause(policy: &RetryPolicy, retry: u32, random: f64) -> Duration {
    let whole = policy.first.saturating_mul(1 << retry.min(16)).min(policy.longest);
    whole.mul_f64(if random.is_finite() { random.clamp(0.0, 1.0) } else { 1.0 })
}

/// How long the server asks to wait: seconds, or an HTTP date (RFC 9110, 10.2.3).
///
/// A date is measured against the answer's own `Date`, so that a clock that is wrong on either side
/// does not matter; without one there is nothing to measure against. A date in the past asks for no
/// wait at all.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let then = http_date(text)?;
    let now = http_date(headers.get(DATE)?.to_str().ok()?)?;
    Some(Duration::try_from(then.duration_since(now)).unwrap_or(Duration::ZERO))
}

fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

/// Repetitions stay a small part of what is sent, however many callers repeat at once: each first
/// attempt earns a fifth of a repetition, and ten are lent.
#[derive(Debug)]
pub(crate) struct Budget {
    saved: f64,
}

/// What is lent to begin with, and the most that can be saved.
const LENT: f64 = 10.0;
/// What a first attempt earns: repetitions are at most a fifth of requests, as in reqwest's and
/// tower's own budgets.
const EARNED: f64 = 0.2;

impl Default for Budget {
    fn default() -> Self {
        Self { saved: LENT }
    }
}

impl Budget {
    /// A request is sent for the first time.
    pub(crate) fn earn(&mut self) {
        self.saved = (self.saved + EARNED).min(LENT);
    }

    /// Whether one more repetition may be sent.
    pub(crate) fn spend(&mut self) -> bool {
        let enough = self.saved >= 1.0;
        if enough {
            self.saved -= 1.0;
        }
        enough
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on should say so")]
mod tests {
    use std::time::Duration;

    use http::HeaderMap;

    use super::{Budget, pause, retry_after};
    use crate::config::RetryPolicy;

    fn asked(after: &str, date: Option<&str>) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", after.parse().unwrap());
        if let Some(date) = date {
            headers.insert("date", date.parse().unwrap());
        }
        retry_after(&headers)
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_are_spread_from_zero() {
        let policy = RetryPolicy::default();
        let whole: Vec<u128> = (0..6).map(|retry| pause(&policy, retry, 1.0).as_millis()).collect();
        assert_eq!(whole, [500, 1000, 2000, 4000, 8000, 8000]);
        assert_eq!(pause(&policy, 3, 0.0), Duration::ZERO);
        assert_eq!(pause(&policy, 3, 0.25), Duration::from_secs(1));
        assert_eq!(pause(&policy, 90, 1.0), Duration::from_secs(8));
        assert_eq!(pause(&policy, 0, f64::NAN), Duration::from_millis(500));
    }

    #[test]
    fn a_wait_is_seconds_or_a_date_by_the_servers_own_clock() {
        let date = Some("Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(asked("7", None), Some(Duration::from_secs(7)));
        assert_eq!(asked(" 0 ", None), Some(Duration::ZERO));
        assert_eq!(asked("Sun, 06 Nov 1994 08:50:07 GMT", date), Some(Duration::from_secs(30)));
        assert_eq!(asked("Sun, 06 Nov 1994 08:00:00 GMT", date), Some(Duration::ZERO));
        assert_eq!(asked("Sun, 06 Nov 1994 08:50:07 GMT", None), None);
        for nonsense in ["", "-3", "soon", "1.5", "Sun, 99 Nov 1994 08:50:07 GMT"] {
            assert_eq!(asked(nonsense, date), None, "{nonsense}");
        }
    }

    #[test]
    fn repetitions_are_at_most_a_fifth_once_what_is_lent_is_spent() {
        let mut budget = Budget::default();
        let mut repeated = 0;
        for _ in 0..1_000 {
            budget.earn();
            repeated += u32::from(budget.spend());
        }
        assert!((200..=210).contains(&repeated), "{repeated}");
    }
}
