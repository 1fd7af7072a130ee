//! What the judge writes: lines that carry a mark and times, taken apart so that each time can be a
//! link and the mark a sign.

use crate::view::CriterionView;

/// A line of an explanation: its text without mark and times, whether it was met, and where in the
/// call it points. Times are written `(mm:ss)`, also several in one pair of brackets.
pub(crate) fn criterion(line: &str) -> CriterionView {
    let mut met = None;
    let mut text = line.trim();
    while let Some(first) = text.chars().next() {
        match first {
            '✅' | '✓' | '✔' => met = Some(true),
            '❌' | '✗' | '✘' | '✕' => met = Some(false),
            // The variation selector that some of the marks carry.
            '\u{fe0f}' => {}
            _ => break,
        }
        text = text[first.len_utf8()..].trim_start();
    }
    let mut at = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('(') {
        let after = &rest[open..];
        let Some(close) = after.find(')') else { break };
        at.extend(times(&after[1..close]).unwrap_or_default());
        rest = &after[close + 1..];
    }
    // A time at the end is only a reference; one within is part of the sentence.
    while let Some(open) = text.rfind('(')
        && let Some(inside) = text[open..]
            .strip_prefix('(')
            .and_then(|tail| tail.trim_end_matches('.').strip_suffix(')'))
        && times(inside).is_some()
    {
        text = text[..open].trim_end();
    }
    CriterionView { text: text.trim().to_owned(), met, at }
}

/// The times in a pair of brackets, in seconds; `None` when there is anything else in it.
fn times(inside: &str) -> Option<Vec<f64>> {
    let found: Option<Vec<f64>> =
        inside.split([',', '-', '–', ';']).map(|part| clock(part.trim())).collect();
    found.filter(|found| !found.is_empty())
}

/// `mm:ss` or `h:mm:ss`, in seconds.
pub(crate) fn clock(text: &str) -> Option<f64> {
    let mut seconds = 0.0;
    let parts: Vec<&str> = text.split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    for (place, part) in parts.iter().enumerate() {
        if part.is_empty() || part.len() > 4 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number: f64 = part.parse().ok()?;
        if place > 0 && number >= 60.0 {
            return None;
        }
        seconds = seconds * 60.0 + number;
    }
    Some(seconds)
}

#[cfg(test)]
mod tests {
    use super::criterion;

    #[test]
    fn marks_and_times_are_taken_off_and_other_brackets_stay() {
        let met = criterion("✅ Confirmed the day (03:40)");
        assert_eq!(
            (met.text.as_str(), met.met, met.at),
            ("Confirmed the day", Some(true), vec![220.0])
        );
        let not = criterion("❌️ Never read the address back (02:14) and said so (flat 3)");
        assert_eq!(not.text, "Never read the address back (02:14) and said so (flat 3)");
        assert_eq!((not.met, not.at), (Some(false), vec![134.0]));
        let plain = criterion("Greeted the caller");
        assert_eq!(
            (plain.text.as_str(), plain.met, plain.at.len()),
            ("Greeted the caller", None, 0)
        );
        let two = criterion("Interrupted (00:05, 1:00:07)");
        assert_eq!((two.text.as_str(), two.at), ("Interrupted", vec![5.0, 3607.0]));
        let within = criterion("❌ At (00:34) the agent leaves the price out (00:41) (00:52).");
        assert_eq!(within.text, "At (00:34) the agent leaves the price out");
        assert_eq!(within.at, vec![34.0, 41.0, 52.0]);
        let open = criterion("A smile (: and 12:99 is no time (12:99)");
        assert_eq!(open.text, "A smile (: and 12:99 is no time (12:99)");
        assert!(open.at.is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_line_can_be_read(line in "\\PC*") {
            let read = criterion(&line);
            proptest::prop_assert!(read.at.iter().all(|at| at.is_finite() && *at >= 0.0));
        }
    }
}
