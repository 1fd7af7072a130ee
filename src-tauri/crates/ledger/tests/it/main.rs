//! The ledger from the outside: one binary, so that a test can start itself as another process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should say so"
)]

mod after_failures;
mod archive;
mod catalogue;
mod cut_off;
mod damage;
mod erase;
mod given;
mod harm;
mod journal;
mod kept;
mod launches;
mod people;
mod processes;
mod recovery;
mod reread;
mod speed;
