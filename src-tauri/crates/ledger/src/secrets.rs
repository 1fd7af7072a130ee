//! Credentials of third parties inside JSON that a person wrote: they are taken out of whatever is
//! kept or shared.

use serde_json::Value;

/// Whether a field of this name usually holds a credential.
fn is_secret_name(name: &str) -> bool {
    let name: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    ["key", "token", "secret", "password", "passwd", "authorization", "credential", "bearer"]
        .iter()
        .any(|word| name.contains(word))
}

/// Whether a text is a credential whatever its field is called: the value of an `Authorization`
/// header, or a JSON Web Token (RFC 7519: base64url of `{"`).
fn is_credential(text: &str) -> bool {
    let scheme = text.get(..7).unwrap_or_default();
    scheme.eq_ignore_ascii_case("bearer ")
        || scheme.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic "))
        || (text.starts_with("eyJ") && text.matches('.').count() >= 2)
}

/// Empties every text and number that is or stands under a credential's name, however deep. Returns
/// whether there was one.
pub fn without_credentials(value: &mut Value) -> bool {
    blank(value, false)
}

fn blank(value: &mut Value, secret: bool) -> bool {
    match value {
        Value::Object(fields) => fields.iter_mut().fold(false, |any, (name, inner)| {
            // A number of such a name by itself counts something (`max_tokens`).
            let named = is_secret_name(name) && !inner.is_number();
            blank(inner, secret || named) | any
        }),
        Value::Array(items) => items.iter_mut().fold(false, |any, item| blank(item, secret) | any),
        // Whether something is switched on gives nothing away.
        Value::Null | Value::Bool(_) => false,
        Value::String(text) if text.is_empty() => false,
        Value::String(text) if !secret && !is_credential(text) => {
            // JSON inside a text is looked through as well.
            let Ok(mut inner) = serde_json::from_str::<Value>(text) else { return false };
            let any = (inner.is_object() || inner.is_array()) && blank(&mut inner, false);
            if any {
                *text = inner.to_string();
            }
            any
        }
        Value::Number(_) if !secret => false,
        Value::Number(_) | Value::String(_) => {
            *value = Value::String(String::new());
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::without_credentials;

    fn blanked(mut value: Value) -> Value {
        without_credentials(&mut value);
        value
    }

    #[test]
    fn credentials_are_taken_out_wherever_they_stand() {
        for (value, expected) in [
            (json!({"apiKey": "k"}), json!({"apiKey": ""})),
            (json!({"a": [{"X-Auth-Token": "t"}]}), json!({"a": [{"X-Auth-Token": ""}]})),
            (
                json!({"credentials": {"user": "u", "pin": 1234, "on": true}}),
                json!({"credentials": {"user": "", "pin": "", "on": true}}),
            ),
            (json!({"secrets": ["a", "b"]}), json!({"secrets": ["", ""]})),
            (
                json!({"name": "Authorization", "value": "Bearer abc"}),
                json!({"name": "Authorization", "value": ""}),
            ),
            (json!({"h": "basic dXNlcjpwdw=="}), json!({"h": ""})),
            (json!({"jwt": "eyJhbGciOi.eyJzdWIi.c2ln"}), json!({"jwt": ""})),
            (
                json!({"text": "{\"password\":\"p\",\"n\":1}"}),
                json!({"text": "{\"password\":\"\",\"n\":1}"}),
            ),
        ] {
            assert_eq!(blanked(value), expected);
        }
    }

    #[test]
    fn everything_else_stays() {
        for value in [
            json!({"scenario": 12, "name": "Nightly", "frequency": 2}),
            json!({"room": {"name": "demo"}, "text": "not { json"}),
            json!({"token": "", "key": null, "max_tokens": 500}),
            json!({"text": "[1, 2]"}),
            json!("basics of the menu"),
        ] {
            let mut same = value.clone();
            assert!(!without_credentials(&mut same), "{value}");
            assert_eq!(same, value);
        }
    }
}
