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

/// The line that says what went wrong, without its mark and the times at its end: the first that is marked as
/// not met, otherwise the first without a mark. A line that says what was met is no reason, so where
/// there are only such lines there is none.
pub(crate) fn unmet(lines: &[String]) -> Option<String> {
    let read: Vec<(Option<bool>, String)> =
        lines.iter().flat_map(|line| line.lines()).map(read).collect();
    let first = |wanted: Option<bool>| {
        read.iter().find(|(met, text)| *met == wanted && !text.is_empty()).map(|(_, text)| text)
    };
    first(Some(false)).or_else(|| first(None)).cloned()
}

fn read(line: &str) -> (Option<bool>, String) {
    let (met, text) = mark(line);
    (met, without_references(text).to_owned())
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
    while let Some(at) = rest.find(|char| BRACKETS.iter().any(|(open, _)| *open == char)) {
        let (before, bracket) = rest.split_at(at);
        kept.push_str(before);
        let Some(open) = bracket.chars().next() else { break };
        let inside = &bracket[open.len_utf8()..];
        let end = BRACKETS.iter().find(|(one, _)| *one == open).and_then(|(_, close)| {
            inside.char_indices().take(LONGEST_BRACKET).find(|(_, char)| char == close)
        });
        match end {
            Some((end, close)) if of_a_kind(&inside[..end]) => {
                kept.truncate(kept.trim_end().len());
                rest = &inside[end + close.len_utf8()..];
                if rest.starts_with(char::is_alphanumeric) {
                    kept.push(' ');
                }
            }
            _ => {
                kept.push(open);
                rest = inside;
            }
        }
    }
    kept.push_str(rest);
    kept
}

/// Only times: `01:12`, `2:03 - 2:10`, `00:05, 1:00:07`, `at 01:12`.
pub(crate) fn are_times(inside: &str) -> bool {
    all_words(inside, is_time)
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
    inside
        .split(|char: char| char.is_whitespace() || ",;-–—~".contains(char))
        .filter(|word| !word.is_empty() && *word != "%")
        .all(|word| {
            let one = of_a_kind(word);
            found |= one;
            one || JOINTS.iter().any(|joint| word.eq_ignore_ascii_case(joint))
        })
        && found
}

/// `mm:ss` or `h:mm:ss`.
fn is_time(word: &str) -> bool {
    let parts: Vec<&str> = word.split(':').collect();
    (2..=3).contains(&parts.len())
        && parts.iter().enumerate().all(|(place, part)| {
            let digits = !part.is_empty()
                && part.len() <= 4
                && part.chars().all(|char| char.is_ascii_digit());
            // Minutes may go past 59 where there are no hours.
            digits && (place == 0 || (part.len() == 2 && *part < "60"))
        })
}

#[cfg(test)]
mod tests {
    use super::{are_numbers, are_times, mark, unmet, without_brackets};

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
            let _ = without_brackets(&line, are_numbers);
        }
    }
}
