//! Where API keys live: the system's key store, or this session's memory.

mod error;
mod text;
mod vault;

pub use error::VaultError;
pub use text::check_key_text;
pub use vault::{KeyState, Vault};
