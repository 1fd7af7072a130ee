//! Calls: how they are remembered, when they happen, how they end, what is said in them.

pub(crate) mod book;
pub(crate) mod fate;
pub(crate) mod history;
pub(crate) mod judge;
pub(crate) mod record;
pub(crate) mod schedule;
pub(crate) mod sound;
pub(crate) mod talk;
