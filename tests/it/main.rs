//! The engine through its front door, against a real practice studio over real HTTP, with a real
//! ledger in a folder of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test that cannot go on should say so; time comes from the machine here"
)]

mod ask;
mod call;
mod causes;
mod closing;
mod connect;
mod estimate;
mod evaluator;
mod faults;
mod files;
mod journey;
mod kept;
mod keys;
mod kill;
mod large;
mod launch;
mod lists;
mod look;
mod many;
mod persist;
mod plans;
mod proxy;
mod reread;
mod review;
mod storm;
mod support;
