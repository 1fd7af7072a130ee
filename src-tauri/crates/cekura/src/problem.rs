//! What the server says when it refuses, whatever shape it says it in.
//!
//! Seen or documented: an object of arrays by field, an object of strings, `{"detail": "…"}`,
//! `{"errors": {"scenarios[0].name": ["…"]}}`, a bare array of strings, a bare string, a page of
//! HTML, and nothing at all. Nested lists of objects are how Django REST framework reports a fault
//! in one item of a list.

use serde_json::Value;

/// A refusal, flattened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// Messages about a field of the request, in the API's own names (`scenarios[1].scenario`).
    pub fields: Vec<FieldMessages>,
    /// Messages about the request as a whole.
    pub messages: Vec<String>,
    /// The body as it came, cut to 4 KiB and without the key should the server echo it.
    pub raw: String,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldMessages {
    /// The API's name of the field, with `[n]` and `.` for what lies deeper.
    pub field: String,
    /// One or more sentences.
    pub messages: Vec<String>,
}

/// How much of a body is kept.
const RAW_CHARS: usize = 4096;
/// How many sentences are kept: more is a fault of the server, and nobody would read them.
const MOST_MESSAGES: usize = 200;
/// Keys under which the API and its framework put messages about the whole request.
const ABOUT_ALL: [&str; 5] = ["detail", "message", "error", "errors", "non_field_errors"];

impl Problem {
    /// Reads the body of a refusal. Never fails: what has no shape we know is kept in `raw`.
    pub(crate) fn read(status: u16, body: &str) -> Self {
        let mut problem = Self { status, raw: cut(body, RAW_CHARS), ..Self::default() };
        if let Ok(value) = serde_json::from_str::<Value>(body) {
            problem.collect("", &value);
        } else if !problem.is_page() && !body.trim().is_empty() {
            problem.add("", body.trim());
        }
        problem
    }

    /// Whether the body is a page of markup. The API speaks JSON (the document declares nothing
    /// else), so a refusal in markup is the word of whatever stands before it: a gateway, a
    /// firewall, a load balancer.
    pub fn is_page(&self) -> bool {
        self.raw.trim_start().starts_with('<')
    }

    /// Whether the body looks like an object or a list of JSON with something in it, as a refusal of
    /// the API is where its shape is documented. Told by its beginning, for what is kept may be cut.
    pub fn is_json(&self) -> bool {
        let first = self.raw.trim_start().chars().next();
        matches!(first, Some('{' | '[')) && !(self.fields.is_empty() && self.messages.is_empty())
    }

    /// Whether the refusal is about money. Matched by its text, because the documented sentence
    /// ("Insufficient balance for this operation") has no documented status.
    pub(crate) fn is_about_credit(&self) -> bool {
        let text = self.text().to_lowercase();
        let money = ["balance", "credit"].iter().any(|word| text.contains(word));
        match self.status {
            402 => true,
            // A wait ends by itself; an empty account does not.
            429 => money || text.contains("quota"),
            400..=499 => money && text.contains("insufficient"),
            _ => false,
        }
    }

    /// Every sentence, one after the other.
    fn text(&self) -> String {
        let mut all: Vec<&str> = self.messages.iter().map(String::as_str).collect();
        all.extend(self.fields.iter().flat_map(|field| field.messages.iter().map(String::as_str)));
        if all.is_empty() { self.raw.clone() } else { all.join(" ") }
    }

    fn collect(&mut self, field: &str, value: &Value) {
        match value {
            Value::Null => {}
            Value::String(text) => self.add(field, text),
            Value::Bool(_) | Value::Number(_) => self.add(field, &value.to_string()),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    if item.is_object() || item.is_array() {
                        self.collect(&format!("{field}[{index}]"), item);
                    } else {
                        self.collect(field, item);
                    }
                }
            }
            Value::Object(entries) => {
                for (name, item) in entries {
                    if ABOUT_ALL.contains(&name.as_str()) {
                        self.collect(field, item);
                    } else if field.is_empty() {
                        self.collect(name, item);
                    } else {
                        self.collect(&format!("{field}.{name}"), item);
                    }
                }
            }
        }
    }

    fn add(&mut self, field: &str, message: &str) {
        let message = message.trim();
        let kept = self.messages.len()
            + self.fields.iter().map(|field| field.messages.len()).sum::<usize>();
        if message.is_empty() || kept >= MOST_MESSAGES {
            return;
        }
        let message = cut(message, RAW_CHARS);
        if field.is_empty() {
            self.messages.push(message);
        } else if let Some(known) = self.fields.iter_mut().find(|known| known.field == field) {
            known.messages.push(message);
        } else {
            self.fields
                .push(FieldMessages { field: cut(field, RAW_CHARS), messages: vec![message] });
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HTTP {}", self.status)?;
        for field in &self.fields {
            write!(f, "; {}: {}", field.field, field.messages.join(" "))?;
        }
        for message in &self.messages {
            write!(f, "; {message}")?;
        }
        Ok(())
    }
}

/// The first `most` characters.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::{MOST_MESSAGES, Problem};

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 64, 6, |inner| {
            let key = prop_oneof![Just("detail".to_owned()), Just("errors".to_owned()), ".{0,6}"];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((key, inner), 0..6)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn any_body_can_be_read(status in 400_u16..600, body in ".{0,200}") {
            let problem = Problem::read(status, &body);
            let _ = (problem.is_about_credit(), problem.to_string());
        }

        #[test]
        fn any_json_is_flattened_into_sentences_that_are_not_empty(body in json()) {
            let problem = Problem::read(400, &body.to_string());
            let fields = problem.fields.iter().flat_map(|field| &field.messages);
            let all: Vec<&String> = problem.messages.iter().chain(fields).collect();
            prop_assert!(all.len() <= MOST_MESSAGES);
            prop_assert!(all.iter().all(|message| !message.trim().is_empty()));
            prop_assert!(problem.fields.iter().all(|field| !field.field.is_empty()));
        }
    }
}
