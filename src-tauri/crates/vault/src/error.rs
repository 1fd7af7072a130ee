//! Why a key cannot be kept, read or forgotten.

use keyring::Error as StoreError;

/// Why a key cannot be kept, read or forgotten. No variant carries any part of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The system has no key store that can be reached.
    #[error("no key store: {0}")]
    Missing(String),
    /// The key store is locked, or the question to unlock it was dismissed.
    #[error("the key store is locked: {0}")]
    Locked(String),
    /// The key store has not answered in time; it may be waiting for a person.
    #[error("the key store has not answered")]
    Slow,
    /// The key store holds something that is no key, or more than one.
    #[error("the key store holds something unusable: {0}")]
    Unreadable(String),
    /// The key store failed in another way.
    #[error("the key store failed: {0}")]
    Failed(String),
    /// Nothing was typed.
    #[error("the key is empty")]
    Empty,
    /// The key is longer than 512 characters, or than the key store takes.
    #[error("the key is too long")]
    TooLong,
    /// The key holds something other than visible ASCII.
    #[error("the key holds characters that no key has")]
    BadCharacters,
}

impl VaultError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "keychain_missing",
            Self::Locked(_) => "keychain_locked",
            Self::Slow => "keychain_slow",
            Self::Unreadable(_) => "keychain_unreadable",
            Self::Failed(_) => "keychain_failed",
            Self::Empty => "key_empty",
            Self::TooLong => "key_too_long",
            Self::BadCharacters => "key_bad_characters",
        }
    }

    /// What an error means while the store is being opened: whatever it is, there is none to be
    /// had, unless it is there and locked.
    pub(crate) fn on_opening(error: &StoreError) -> Self {
        match Self::on_use(error) {
            locked @ Self::Locked(_) => locked,
            Self::Missing(detail) | Self::Failed(detail) | Self::Unreadable(detail) => {
                Self::Missing(detail)
            }
            other => Self::Missing(other.to_string()),
        }
    }

    /// What an error means while a key is read, written or deleted.
    ///
    /// The store's own text is used with care: the `Debug` of several of its errors, and the
    /// `Display` of one, hold the bytes of the key.
    pub(crate) fn on_use(error: &StoreError) -> Self {
        match error {
            StoreError::PlatformFailure(cause) => crate::system::cause(cause.as_ref())
                .unwrap_or_else(|| Self::Failed(cause.to_string())),
            StoreError::NoStorageAccess(cause) => crate::system::cause(cause.as_ref())
                .unwrap_or_else(|| Self::Locked(cause.to_string())),
            StoreError::NoDefaultStore => Self::Missing("no store is set".to_owned()),
            StoreError::NotSupportedByStore(what) => Self::Failed(format!("not supported: {what}")),
            StoreError::BadEncoding(_) => Self::Unreadable("not text".to_owned()),
            StoreError::BadDataFormat(..) => Self::Unreadable("malformed".to_owned()),
            StoreError::BadStoreFormat(what) => {
                Self::Unreadable(format!("the store itself is malformed: {what}"))
            }
            StoreError::Ambiguous(entries) => {
                Self::Unreadable(format!("{} entries instead of one", entries.len()))
            }
            StoreError::TooLong(..) => Self::TooLong,
            StoreError::Invalid(what, why) => Self::Failed(format!("{what}: {why}")),
            StoreError::NoEntry => Self::Failed("no such entry".to_owned()),
            // Variants of a later version: their text is not known to be free of the key.
            _ => Self::Failed("an error of an unknown kind".to_owned()),
        }
    }
}
