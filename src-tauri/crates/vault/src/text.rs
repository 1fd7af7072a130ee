//! The key as a person types it.

use secrecy::SecretString;

use crate::VaultError;

/// The longest key that is taken, characters.
const LONGEST: usize = 512;

/// The key as typed, made safe to put into a header: surrounding blanks are dropped; what is left
/// must be 1 to 512 visible ASCII characters, without a blank among them.
pub fn check_key_text(typed: &str) -> Result<SecretString, VaultError> {
    let key = typed.trim();
    if key.is_empty() {
        return Err(VaultError::Empty);
    }
    if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(VaultError::BadCharacters);
    }
    if key.len() > LONGEST {
        return Err(VaultError::TooLong);
    }
    Ok(SecretString::from(key))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::check_key_text;

    fn checked(typed: &str) -> Result<String, &'static str> {
        check_key_text(typed)
            .map(|key| key.expose_secret().to_owned())
            .map_err(|error| error.code())
    }

    #[test]
    fn a_key_is_visible_ascii_without_what_surrounds_it() {
        let long = "k".repeat(512);
        let table = [
            ("sk-live-0123", Ok("sk-live-0123".to_owned())),
            (" \t sk-live-0123\r\n", Ok("sk-live-0123".to_owned())),
            ("!~", Ok("!~".to_owned())),
            (&long, Ok(long.clone())),
            ("", Err("key_empty")),
            (" \u{a0}\n", Err("key_empty")),
            ("two words", Err("key_bad_characters")),
            ("line\nbreak", Err("key_bad_characters")),
            ("schlüssel", Err("key_bad_characters")),
            ("zero\u{200b}width", Err("key_bad_characters")),
            ("nul\0", Err("key_bad_characters")),
            ("del\u{7f}", Err("key_bad_characters")),
            (&format!("{long}k"), Err("key_too_long")),
        ];
        for (typed, expected) in table {
            assert_eq!(checked(typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn a_checked_key_does_not_show_itself() {
        let shown = format!("{:?}", check_key_text("sk-canary-4711"));
        assert!(!shown.contains("canary"), "{shown}");
    }
}
