//! A line as a judge writes it: a mark in front, words, and the times it points at in brackets.

/// The marks in front of a line that says what was met, and of one that says what was not.
const MET: [char; 4] = ['✅', '✓', '✔', '☑'];
const UNMET: [char; 5] = ['❌', '✗', '✘', '✕', '✖'];

/// The brackets in which times stand.
const BRACKETS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('（', '）')];

/// Words that stand between the times or numbers in a pair of brackets.
const JOINTS: [&str; 5] = ["at", "and", "from", "of", "to"];

/// A bracket that holds only times or numbers is short. So is the search for its end, however many
/// brackets a hostile text opens.
const LONGEST_BRACKET: usize = 64;

/// The same where its times are read: a judge may name a dozen of them in one bracket.
const LONGEST_TIMES: usize = 160;

/// One line of what a judge wrote.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JudgeLine {
    /// What the mark in front of it says, where there is one.
    pub met: Option<bool>,
    /// The line without its mark and without the times at its end. A time within is a part of the
    /// sentence, and stays.
    pub text: String,
    /// The times it points at, in seconds from the start of the call, as they stand there: in
    /// brackets, `(mm:ss)` or `(h:mm:ss)`, several of them joined by commas, dashes or `and`.
    pub at: Vec<f64>,
}

/// What a judge wrote, line by line: one explanation may hold several lines. Empty lines are left
/// out.
pub fn judge_lines<'a>(explanations: impl IntoIterator<Item = &'a str>) -> Vec<JudgeLine> {
    explanations
        .into_iter()
        .flat_map(str::lines)
        .map(judge_line)
        .filter(|line| !line.is_empty())
        .collect()
}

impl JudgeLine {
    fn is_empty(&self) -> bool {
        self.text.is_empty() && self.at.is_empty()
    }
}

fn judge_line(line: &str) -> JudgeLine {
    let (met, text) = mark(line);
    JudgeLine { met, text: without_references(text).to_owned(), at: times(text) }
}

/// The line that says what went wrong, without its mark and the times at its end: the first that is marked as
/// not met, otherwise the first without a mark. A line that says what was met is no reason, so where
/// there are only such lines there is none.
pub(crate) fn unmet(lines: &[String]) -> Option<String> {
    let read = judge_lines(lines.iter().map(String::as_str));
    let first = |wanted: Option<bool>| {
        read.iter().find(|line| line.met == wanted && !line.text.is_empty()).map(|line| &line.text)
    };
    first(Some(false)).or_else(|| first(None)).cloned()
}

/// The text without the times at its end. They only say where in the call it was; a time within is a
/// part of the sentence, which would have a hole without it.
fn without_references(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let closed = text.trim_end_matches(['.', ' ']);
        let before = BRACKETS.iter().find_map(|(open, close)| {
            let (before, inside) = closed.strip_suffix(*close)?.rsplit_once(*open)?;
            are_times(inside).then_some(before)
        });
        let Some(before) = before else { return text };
        text = before.trim_end();
    }
}

/// What the mark in front of a line says, and the rest of the line. A dash or a dot that makes it an
/// item of a list may stand before the mark.
pub(crate) fn mark(line: &str) -> (Option<bool>, &str) {
    let bare = line.trim();
    let mut met = None;
    let rest = bare.trim_start_matches(|char: char| {
        if MET.contains(&char) {
            met = met.or(Some(true));
        } else if UNMET.contains(&char) {
            met = met.or(Some(false));
        } else {
            // The variation selector belongs to some of the marks.
            return char.is_whitespace() || "-–•*\u{fe0f}".contains(char);
        }
        true
    });
    // Without a mark, a dash in front is the text's own.
    (met, if met.is_some() { rest } else { bare })
}

/// The text without the brackets whose content is of a kind.
pub(crate) fn without_brackets(text: &str, of_a_kind: fn(&str) -> bool) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(bracket) = next_bracket(rest, LONGEST_BRACKET) {
        kept.push_str(bracket.before);
        match bracket.content {
            Some((inside, after)) if of_a_kind(inside) => {
                kept.truncate(kept.trim_end().len());
                rest = after;
                if rest.starts_with(char::is_alphanumeric) {
                    kept.push(' ');
                }
            }
            _ => {
                kept.push(bracket.open);
                rest = bracket.inside;
            }
        }
    }
    kept.push_str(rest);
    kept
}

/// The times that stand in brackets, in seconds.
fn times(text: &str) -> Vec<f64> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(bracket) = next_bracket(rest, LONGEST_TIMES) {
        rest = match bracket.content {
            Some((inside, after)) if are_times(inside) => {
                found.extend(words(inside).filter_map(time));
                after
            }
            _ => bracket.inside,
        };
    }
    found
}

/// A bracket that opens, and what it holds where it closes again.
struct Bracket<'a> {
    before: &'a str,
    open: char,
    /// All that follows the opening.
    inside: &'a str,
    /// What stands in it, and what follows its end.
    content: Option<(&'a str, &'a str)>,
}

/// The first bracket of a text; its end is looked for among so many characters.
fn next_bracket(text: &str, longest: usize) -> Option<Bracket<'_>> {
    let at = text.find(|char| BRACKETS.iter().any(|(open, _)| *open == char))?;
    let (before, bracket) = text.split_at(at);
    let open = bracket.chars().next()?;
    let inside = &bracket[open.len_utf8()..];
    let (_, close) = BRACKETS.iter().find(|(one, _)| *one == open)?;
    let content = inside
        .char_indices()
        .take(longest)
        .find(|(_, char)| char == close)
        .map(|(end, _)| (&inside[..end], &inside[end + close.len_utf8()..]));
    Some(Bracket { before, open, inside, content })
}

/// Only times: `01:12`, `2:03 - 2:10`, `00:05, 1:00:07`, `at 01:12`.
pub(crate) fn are_times(inside: &str) -> bool {
    all_words(inside, |word| time(word).is_some())
}

/// Only times and numbers: also `3`, `2 of 3`, `3.5/5`, `50 %`.
pub(crate) fn are_numbers(inside: &str) -> bool {
    all_words(inside, |word| {
        word.starts_with(|char: char| char.is_ascii_digit())
            && word.chars().all(|char| char.is_ascii_digit() || ".:/%".contains(char))
    })
}

/// At least one word is of a kind, and so is every other that does not only join them.
fn all_words(inside: &str, of_a_kind: fn(&str) -> bool) -> bool {
    let mut found = false;
    words(inside).all(|word| {
        let one = of_a_kind(word);
        found |= one;
        one || JOINTS.iter().any(|joint| word.eq_ignore_ascii_case(joint))
    }) && found
}

/// What stands between blanks, commas and dashes.
fn words(inside: &str) -> impl Iterator<Item = &str> {
    inside
        .split(|char: char| char.is_whitespace() || ",;-–—~".contains(char))
        .filter(|word| !word.is_empty() && *word != "%")
}

/// `mm:ss` or `h:mm:ss`, in seconds.
fn time(word: &str) -> Option<f64> {
    let parts: Vec<&str> = word.split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    parts.iter().enumerate().try_fold(0.0, |seconds, (place, part)| {
        let digits =
            (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        // Minutes may go past 59 where there are no hours.
        let fits = digits && (place == 0 || (part.len() == 2 && *part < "60"));
        part.parse::<f64>().ok().filter(|_| fits).map(|number| seconds * 60.0 + number)
    })
}

#[cfg(test)]
mod tests {
    use super::{are_numbers, are_times, judge_lines, mark, unmet, without_brackets};

    fn said(lines: &[&str]) -> Option<String> {
        unmet(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn what_was_not_met_comes_first_and_what_was_met_is_no_reason() {
        let table: [(&[&str], Option<&str>); 11] = [
            (&["✅ Greeted (00:02)", "❌ No address (01:10)."], Some("No address")),
            (&["✅ Greeted\n❌ No address"], Some("No address")),
            (&["A summary.", "✅ Greeted", "❌️ No address"], Some("No address")),
            (&["✅ Greeted", "It hung up too early (0:40)"], Some("It hung up too early")),
            (&["- ❌ No address [01:10]"], Some("No address")),
            (
                &["❌ At (00:34) it hung up. (00:41) (00:52, 1:02:03)"],
                Some("At (00:34) it hung up."),
            ),
            (&["❌ Only part (2 of 3)"], Some("Only part (2 of 3)")),
            (&["✅ Greeted (00:02)", "✅ Said goodbye"], None),
            (&["❌ ", "  ", "Never said it"], Some("Never said it")),
            (&["- 5 degrees were read as 5"], Some("- 5 degrees were read as 5")),
            (&[], None),
        ];
        for (lines, expected) in table {
            assert_eq!(said(lines).as_deref(), expected, "{lines:?}");
        }
    }

    #[test]
    fn a_line_is_read_as_mark_text_and_times() {
        // Each line as a judge writes it; its mark, its text, its times.
        let table: [(&str, Option<bool>, &str, &[f64]); 36] = [
            ("✅ Confirmed the day (03:40)", Some(true), "Confirmed the day", &[220.0]),
            ("✅️ Confirmed (3:40).", Some(true), "Confirmed", &[220.0]),
            ("✓ Greeted", Some(true), "Greeted", &[]),
            ("✔️ Greeted", Some(true), "Greeted", &[]),
            ("☑ Greeted", Some(true), "Greeted", &[]),
            ("☑️ Greeted (00:02)", Some(true), "Greeted", &[2.0]),
            ("❌ No address", Some(false), "No address", &[]),
            ("❌️ No address", Some(false), "No address", &[]),
            ("✗ No address", Some(false), "No address", &[]),
            ("✘ No address", Some(false), "No address", &[]),
            ("✕ No address", Some(false), "No address", &[]),
            ("✖ No address", Some(false), "No address", &[]),
            ("✖️ No address", Some(false), "No address", &[]),
            ("- ❌ No address", Some(false), "No address", &[]),
            ("• ✅ Greeted", Some(true), "Greeted", &[]),
            ("  * ✅ Greeted  ", Some(true), "Greeted", &[]),
            ("Greeted ✅", None, "Greeted ✅", &[]),
            ("- 5 degrees were read as 5", None, "- 5 degrees were read as 5", &[]),
            ("Late [01:12]", None, "Late", &[72.0]),
            ("Late （01:12）", None, "Late", &[72.0]),
            ("Late (at 01:12)", None, "Late", &[72.0]),
            ("Late (At 01:12).", None, "Late", &[72.0]),
            ("Twice (01:12 and 01:20)", None, "Twice", &[72.0, 80.0]),
            ("Twice (01:12, 1:00:07)", None, "Twice", &[72.0, 3607.0]),
            ("Long (01:12-01:20)", None, "Long", &[72.0, 80.0]),
            ("Long (01:12 – 01:20)", None, "Long", &[72.0, 80.0]),
            ("Long (from 01:12 to 01:20)", None, "Long", &[72.0, 80.0]),
            ("Twice (00:41) [00:52].", None, "Twice", &[41.0, 52.0]),
            (
                "❌ At (00:34) the agent leaves the price out (00:41).",
                Some(false),
                "At (00:34) the agent leaves the price out",
                &[34.0, 41.0],
            ),
            ("Asked (flat 3) (02:14)", None, "Asked (flat 3)", &[134.0]),
            ("Asked (see [02:14])", None, "Asked (see [02:14])", &[134.0]),
            ("Minutes go on (75:00)", None, "Minutes go on", &[4500.0]),
            ("No time (12:99)", None, "No time (12:99)", &[]),
            ("No time (1:2)", None, "No time (1:2)", &[]),
            ("A smile (: and no end (01:12", None, "A smile (: and no end (01:12", &[]),
            ("(01:12)", None, "", &[72.0]),
        ];
        for (line, met, text, at) in table {
            let read = judge_lines([line]);
            assert_eq!(read.len(), 1, "{line:?}");
            assert_eq!(
                (read[0].met, read[0].text.as_str(), read[0].at.as_slice()),
                (met, text, at),
                "{line:?}"
            );
        }
        let many = format!("Often ({})", ["01:12"; 20].join(", "));
        assert_eq!(judge_lines([many.as_str()])[0].at, [72.0; 20]);
    }

    #[test]
    fn one_explanation_may_hold_several_lines() {
        let read =
            judge_lines(["✅ Greeted (00:02)\r\n\n❌ No address\n  ✅ ", "It hung up [0:40]"]);
        let short: Vec<_> = read.iter().map(|line| (line.met, line.text.as_str())).collect();
        assert_eq!(
            short,
            [(Some(true), "Greeted"), (Some(false), "No address"), (None, "It hung up")]
        );
    }

    #[test]
    fn only_brackets_of_a_kind_go() {
        let cut = |text| without_brackets(text, are_times);
        assert_eq!(cut("Late (00:12, 1:00:07) and flat (flat 3)"), "Late and flat (flat 3)");
        assert_eq!(cut("a(00:12)b（2:03 – 2:10）."), "a b.");
        assert_eq!(cut("A smile (: (12:99) (3) (at) ()"), "A smile (: (12:99) (3) (at) ()");
        assert_eq!(cut("((00:12)) [at 00:12]"), "()");
        assert_eq!(cut(&"(".repeat(3)), "(((");
    }

    #[test]
    fn numbers_are_told_from_words() {
        for text in ["3", "2 of 3", "3.5/5", "50 %", "01:12", "2:03 - 2:10", "12:99"] {
            assert!(are_numbers(text), "{text}");
        }
        for text in ["", "twice", "flat 3", "of", "3rd", "."] {
            assert!(!are_numbers(text), "{text}");
        }
    }

    #[test]
    fn a_mark_is_read_and_taken_off() {
        assert_eq!(mark(" ✔️ Done"), (Some(true), "Done"));
        assert_eq!(mark("✘ Not done"), (Some(false), "Not done"));
        assert_eq!(mark("Done ✅"), (None, "Done ✅"));
    }

    proptest::proptest! {
        #[test]
        fn any_line_can_be_read(line in "[\\PC\\n(\\[（）\\])✅❌0-9:]*") {
            let _ = unmet(std::slice::from_ref(&line));
            for read in judge_lines([line.as_str()]) {
                proptest::prop_assert!(read.at.iter().all(|at| at.is_finite() && *at >= 0.0));
            }
            let _ = without_brackets(&line, are_numbers);
        }
    }
}
