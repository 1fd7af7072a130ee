//! Where API keys live: the system's key store, or this session's memory.
//!
//! * A key is kept per origin, under the service `<namespace>:<origin>`.
//! * One plain thread owns the store. The stores block, some of them for as long as a person types
//!   a password, and the one of Linux panics on a Tokio thread. Callers wait on a channel, with a
//!   deadline.
//! * Nothing is pinned: the store is opened for each request, and let go of after it.
//! * There is no plain-text fallback. Where there is no store, a key can be kept in memory until
//!   the program ends, and only when asked for.
//! * A key is read from the store once and then held, because every call costs tens to hundreds of
//!   milliseconds, and on some systems a question to the person. It is dropped when it is replaced
//!   or forgotten.
//!
//! No error, no log line and no `Debug` text carries any part of a key.

mod error;
mod store;
mod system;
mod text;
mod vault;

pub use error::VaultError;
pub use text::check_key_text;
pub use vault::{KeyState, Vault};
