//! The one place where the program reads the clock and rolls dice; everything else is given them.

use std::sync::Arc;

use engine::Randomness;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The system's clock.
#[allow(clippy::disallowed_methods, reason = "this is where the clock comes in")]
pub(crate) fn now() -> Arc<dyn Fn() -> Timestamp + Send + Sync> {
    Arc::new(Timestamp::now)
}

/// The system's time zone, which may change while the program runs.
#[allow(clippy::disallowed_methods, reason = "this is where the time zone comes in")]
pub(crate) fn zone() -> Arc<dyn Fn() -> TimeZone + Send + Sync> {
    Arc::new(TimeZone::system)
}

/// Numbers in `[0, 1)` from the operating system's source.
#[allow(clippy::disallowed_methods, reason = "this is where chance comes in")]
pub(crate) fn random() -> Randomness {
    // The last 32 bits of these identifiers are random; the bits before them count within a
    // millisecond (RFC 9562, section 6.2, method 1).
    const BITS: u32 = 32;
    Arc::new(|| {
        let bits = uuid::Uuid::now_v7().as_u128() & ((1 << BITS) - 1);
        bits as f64 / f64::from(BITS).exp2()
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn chance_is_spread_over_the_unit_interval() {
        let random = super::random();
        let drawn: Vec<f64> = (0..4000).map(|_| random()).collect();
        assert!(drawn.iter().all(|value| (0.0..1.0).contains(value)));
        let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
        // Six standard errors of the mean of a uniform variable.
        assert!((mean - 0.5).abs() < 6.0 * 0.2887 / 4000_f64.sqrt(), "mean {mean}");
    }
}
