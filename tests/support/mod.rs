//! Driving the real window: a virtual desktop of its own for each test, and hands for the window.
#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "several programs include this, and each uses its own part of it"
)]

mod desktop;
mod display;
mod journey;
pub mod seed;
mod server;
mod window;

use std::path::PathBuf;

pub use desktop::{Desktop, Ended, Keyring, Start, app_binary, until, wait};
pub use journey::{Counts, Placed, first_number};
pub use server::{KEY, Server};
pub use window::Window;

/// What a test gives back: the first thing that was not as it should be, in words.
pub type Shown<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Where things made for people to look at go.
pub fn target(folder: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target").join(folder)
}

/// An error in words.
pub fn amiss<T>(what: impl Into<String>) -> Shown<T> {
    Err(what.into().into())
}
