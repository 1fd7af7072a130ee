//! Moments, in the forms that servers write them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

/// Numbers below are no moment of these decades, whatever their unit: 1973 in seconds.
pub(crate) const EARLIEST: f64 = 1e8;

/// The moment that a text names: with a zone; without one, which is taken for UTC, the zone of the
/// documented form; or as a number of seconds, milliseconds, microseconds or nanoseconds since 1970.
/// `None` when it names none.
pub fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    if let Ok(number) = text.parse::<f64>() {
        let whole = text.parse::<i128>().ok();
        return since_1970(number, whole);
    }
    let utc = |at: DateTime| Offset::UTC.to_timestamp(at).ok();
    if let Ok(at) = text.parse::<DateTime>() {
        return utc(at);
    }
    utc(text.parse::<Date>().ok()?.to_datetime(jiff::civil::Time::midnight()))
}

/// Units in a second of a number that counts from 1970: its size tells, for a century to come.
pub(crate) fn units_in_a_second(number: f64) -> Option<f64> {
    match number {
        number if !number.is_finite() || number < EARLIEST => None,
        number if number < 1e11 => Some(1.0),
        number if number < 1e14 => Some(1e3),
        number if number < 1e17 => Some(1e6),
        number if number < 1e20 => Some(1e9),
        _ => None,
    }
}

fn since_1970(number: f64, whole: Option<i128>) -> Option<Timestamp> {
    let units = units_in_a_second(number)?;
    let nanoseconds = match whole {
        // A float has no room for the last digits.
        Some(whole) => whole * (1e9 / units) as i128,
        None => ((number / units) * 1e6).round() as i128 * 1000,
    };
    Timestamp::from_nanosecond(nanoseconds).ok()
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn a_moment_is_one_in_every_form_it_comes_in() {
        let nine = "2026-06-01T09:00:00Z";
        let table = [
            ("2026-06-01T09:00:00Z", Some(nine)),
            ("2026-06-01T11:00:00+02:00", Some(nine)),
            ("2026-06-01T09:00:00", Some(nine)),
            ("2026-06-01 09:00:00", Some(nine)),
            (" 2026-06-01T09:00 ", Some(nine)),
            ("2026-06-01", Some("2026-06-01T00:00:00Z")),
            ("1780304400", Some(nine)),
            ("1780304400.0", Some(nine)),
            ("1780304400000", Some(nine)),
            ("1780304400000000", Some(nine)),
            ("1780304400000000000", Some(nine)),
            ("1780304400.25", Some("2026-06-01T09:00:00.25Z")),
            ("1780304400250", Some("2026-06-01T09:00:00.25Z")),
            ("2026-06-01T09:00:00.250", Some("2026-06-01T09:00:00.25Z")),
            ("", None),
            ("soon", None),
            ("12", None),
            ("-1780304400", None),
            ("NaN", None),
            ("inf", None),
            ("1e300", None),
            ("09:00", None),
            ("2026-13-01T09:00:00Z", None),
        ];
        for (text, expected) in table {
            let found = moment(text).map(|moment| moment.to_string());
            assert_eq!(found.as_deref(), expected, "{text:?}");
        }
    }
}
