//! Why a key cannot be kept, read or forgotten.

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
    /// The key store holds something that is no key.
    #[error("the key store holds something unusable: {0}")]
    Unreadable(String),
    /// The key store failed in another way.
    #[error("the key store failed: {0}")]
    Failed(String),
    /// The text typed is empty.
    #[error("the key is empty")]
    Empty,
    /// The text typed, or what the store takes, is too short for it.
    #[error("the key is too long")]
    TooLong,
    /// The text typed holds something other than visible ASCII.
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
}
