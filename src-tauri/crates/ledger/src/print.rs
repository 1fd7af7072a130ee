//! Telling whether a reading says anything new.

use rusqlite::Connection;
use serde_json::Value;

use crate::error::Result;

/// A fingerprint of raw JSON. Links count without their query: a server signs them anew with each
/// answer, and that is no news.
///
/// FNV-1a, 64 bits (<http://www.isthe.com/chongo/tech/comp/fnv/>), because it has to be the same in
/// every version of the program, which the standard library does not promise of its own hasher.
pub(crate) fn print_of(raw: &Value) -> i64 {
    let mut print = Print(0xcbf2_9ce4_8422_2325);
    print.value(raw);
    print.0.cast_signed()
}

struct Print(u64);

impl Print {
    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.bytes(b"n"),
            Value::Bool(one) => self.bytes(if *one { b"t" } else { b"f" }),
            Value::Number(number) => {
                self.bytes(b"#");
                self.bytes(number.to_string().as_bytes());
            }
            Value::String(text) => {
                self.bytes(b"\"");
                self.bytes(without_signature(text).as_bytes());
                self.bytes(b"\"");
            }
            Value::Array(items) => {
                self.bytes(b"[");
                for item in items {
                    self.value(item);
                }
                self.bytes(b"]");
            }
            Value::Object(fields) => {
                self.bytes(b"{");
                for (name, field) in fields {
                    self.bytes(name.as_bytes());
                    self.bytes(b":");
                    self.value(field);
                }
                self.bytes(b"}");
            }
        }
    }
}

fn without_signature(text: &str) -> &str {
    let is_link = text.starts_with("https://") || text.starts_with("http://");
    if is_link && !text.contains(char::is_whitespace) {
        text.split('?').next().unwrap_or(text)
    } else {
        text
    }
}

/// The next number of the archive's sequence; grows by one with each commit that changes something.
pub(crate) fn next_seq(conn: &Connection) -> Result<i64> {
    Ok(conn
        .prepare_cached("UPDATE meta SET value = value + 1 WHERE key = 'seq' RETURNING value")?
        .query_row([], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::print_of;

    #[test]
    fn a_link_signed_anew_is_no_news_and_everything_else_is() {
        let one = json!({"url": "https://store.example/a.wav?X-Signature=1", "n": 1});
        assert_eq!(
            print_of(&one),
            print_of(&json!({"url": "https://store.example/a.wav?X-Signature=2", "n": 1}))
        );
        for other in [
            json!({"url": "https://store.example/b.wav?X-Signature=1", "n": 1}),
            json!({"url": "https://store.example/a.wav", "n": 2}),
            json!({"url": "https://store.example/a.wav", "n": "1"}),
            json!({"url": "https://store.example/a.wav"}),
            json!([]),
            json!(null),
        ] {
            assert_ne!(print_of(&one), print_of(&other), "{other}");
        }
        assert_ne!(
            print_of(&json!("see https://x.example?1")),
            print_of(&json!("see https://x.example?2"))
        );
        assert_ne!(print_of(&json!([["a"], "b"])), print_of(&json!(["a", ["b"]])));
    }
}
