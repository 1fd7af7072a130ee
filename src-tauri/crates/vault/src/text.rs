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
