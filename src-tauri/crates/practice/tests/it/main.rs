//! The studio from the outside: over HTTP, as every client sees it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should say so"
)]

mod binary;
mod faults;
mod launches;
mod lives;
mod paths;
mod people;
mod schema;
mod sound;
mod support;
mod world;
