//! Reading what may come in more than one type.
//!
//! The API's document types counters as text and sends numbers, flags as text and sends booleans,
//! decimals as text and means it. A field that cannot be read is as good as absent; only an item
//! without an id is given up.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::Url;

/// A type that can be read from JSON of the wrong type.
pub(crate) trait Lenient: Sized {
    /// `None` when there is nothing of this type in it.
    fn lenient(value: &Value) -> Option<Self>;
}

/// A field that is there, absent, null or of another type; none of it is an error.
#[derive(Debug)]
pub(crate) struct Loose<T>(pub(crate) Option<T>);

impl<'de, T: Lenient> Deserialize<'de> for Loose<T> {
    // Through `Option`, which is what serde hands a missing field to.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Option::<Value>::deserialize(deserializer)?;
        Ok(Self(value.as_ref().and_then(T::lenient)))
    }
}

/// A whole number, or one as text.
pub(crate) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            let float = number.as_f64()?;
            // Beyond 2⁵³ a float no longer names one whole number.
            (float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0).then_some(float as i64)
        }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

impl Lenient for Value {
    fn lenient(value: &Value) -> Option<Self> {
        (!value.is_null()).then(|| value.clone())
    }
}

impl Lenient for String {
    fn lenient(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            _ => None,
        }
    }
}

impl Lenient for i64 {
    fn lenient(value: &Value) -> Option<Self> {
        whole(value)
    }
}

impl Lenient for u64 {
    fn lenient(value: &Value) -> Option<Self> {
        whole(value).and_then(|number| Self::try_from(number).ok())
    }
}

impl Lenient for u32 {
    fn lenient(value: &Value) -> Option<Self> {
        whole(value).and_then(|number| Self::try_from(number).ok())
    }
}

impl Lenient for f64 {
    fn lenient(value: &Value) -> Option<Self> {
        let number = match value {
            Value::Number(number) => number.as_f64()?,
            Value::String(text) => text.trim().trim_end_matches('%').trim_end().parse().ok()?,
            _ => return None,
        };
        number.is_finite().then_some(number)
    }
}

impl Lenient for bool {
    fn lenient(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "1" => Some(true),
                "false" | "0" => Some(false),
                _ => None,
            },
            Value::Number(number) => match number.as_f64() {
                Some(0.0) => Some(false),
                Some(1.0) => Some(true),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Lenient for Url {
    fn lenient(value: &Value) -> Option<Self> {
        value.as_str().and_then(|text| text.trim().parse().ok())
    }
}

impl<T: Lenient> Lenient for Vec<T> {
    fn lenient(value: &Value) -> Option<Self> {
        value.as_array().map(|items| items.iter().filter_map(T::lenient).collect())
    }
}

/// A time span as `MM:SS` or `H:MM:SS` text, or as seconds.
#[derive(Debug)]
pub(crate) struct Seconds(pub(crate) f64);

impl Lenient for Seconds {
    fn lenient(value: &Value) -> Option<Self> {
        if let Some(number) = f64::lenient(value) {
            return (number >= 0.0).then_some(Self(number));
        }
        let text = value.as_str()?.trim();
        if !text.contains(':') || text.split(':').count() > 3 {
            return None;
        }
        let mut seconds = 0.0;
        for part in text.split(':') {
            let part: f64 = part.trim().parse().ok()?;
            if !(part.is_finite() && part >= 0.0) {
                return None;
            }
            seconds = seconds * 60.0 + part;
        }
        Some(Self(seconds))
    }
}

/// A reference that is an id in the API, and an object with the id and names in webhooks and in
/// answers of 2024.
#[derive(Debug, Default)]
pub(crate) struct Reference {
    pub(crate) id: Option<i64>,
    pub(crate) name: Option<String>,
    pub(crate) fields: Option<Value>,
}

impl Lenient for Reference {
    fn lenient(value: &Value) -> Option<Self> {
        match value {
            Value::Object(fields) => Some(Self {
                id: fields.get("id").and_then(whole),
                name: fields.get("name").and_then(String::lenient),
                fields: Some(value.clone()),
            }),
            other => whole(other).map(|id| Self { id: Some(id), ..Self::default() }),
        }
    }
}

impl Reference {
    /// A text of the object form.
    pub(crate) fn text(&self, field: &str) -> Option<String> {
        self.fields.as_ref()?.get(field).and_then(String::lenient)
    }
}

/// Text with something in it.
pub(crate) fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// Lines of an explanation: an array of text, or text.
pub(crate) fn lines(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(items)) => {
            items.iter().filter_map(|item| filled(String::lenient(item))).collect()
        }
        Some(other) => filled(String::lenient(other)).into_iter().collect(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Lenient, Seconds, whole};

    #[test]
    fn numbers_may_be_text_and_text_may_be_no_number() {
        assert_eq!(f64::lenient(&json!("7436.08")), Some(7436.08));
        assert_eq!(f64::lenient(&json!("90.0%")), Some(90.0));
        assert_eq!(f64::lenient(&json!("NaN")), None);
        assert_eq!(f64::lenient(&json!(true)), None);
        assert_eq!(u64::lenient(&json!("12")), Some(12));
        assert_eq!(u64::lenient(&json!(-1)), None);
        assert_eq!(whole(&json!(9e15)), Some(9_000_000_000_000_000));
        assert_eq!(whole(&json!(1e17)), None);
    }

    #[test]
    fn flags_may_be_text() {
        assert_eq!(bool::lenient(&json!("True")), Some(true));
        assert_eq!(bool::lenient(&json!(0)), Some(false));
        assert_eq!(bool::lenient(&json!("perhaps")), None);
    }

    #[test]
    fn spans_are_clock_text_or_seconds() {
        let seconds = |value| Seconds::lenient(&value).map(|span| span.0);
        assert_eq!(seconds(json!("01:02")), Some(62.0));
        assert_eq!(seconds(json!("1:01:02")), Some(3662.0));
        assert_eq!(seconds(json!(33.5)), Some(33.5));
        assert_eq!(seconds(json!("33.5")), Some(33.5));
        for bad in
            [json!(-1), json!("a:b"), json!("1:2:3:4"), json!("-1:00"), json!(""), json!(null)]
        {
            assert_eq!(seconds(bad.clone()), None, "{bad}");
        }
    }
}
