//! The client from outside, against servers on loopback.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should say so"
)]

mod ask;
mod catalogue;
mod drift;
mod faulty;
mod fixtures;
mod key;
mod launch;
mod limits;
mod lists;
mod recording;
mod redirects;
mod refusals;
mod results;
mod retry;
mod review;
mod runs;
mod support;
mod tls;
