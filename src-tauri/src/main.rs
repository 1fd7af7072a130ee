//! Starts Linecheck.
fn main() { linecheck::run(); }
