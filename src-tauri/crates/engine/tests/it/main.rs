//! The engine from outside, against a server on loopback that says what a test wants. The whole,
//! against the practice studio, is tested in the app package's own `tests/it`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should say so"
)]

mod pace;
mod refusals;
mod support;
