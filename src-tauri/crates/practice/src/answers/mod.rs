//! Answers as the API writes them. Everything here is read from the world, the book and the time.

pub(crate) mod catalogue;
pub(crate) mod money;
pub(crate) mod page;
pub(crate) mod result;
pub(crate) mod run;
pub(crate) mod select;
pub(crate) mod summary;

use std::sync::Arc;

use jiff::Timestamp;

use crate::calls::book::Book;
use crate::calls::judge::Dialect;
use crate::calls::schedule::Plan;
use crate::world::World;

/// Everything an answer is made from.
pub(crate) struct View<'a> {
    pub(crate) world: &'a World,
    pub(crate) book: &'a Book,
    pub(crate) plan: Arc<Plan>,
    /// Milliseconds since 1970.
    pub(crate) now: i64,
    /// What the request called this server, for absolute addresses.
    pub(crate) host: &'a str,
    pub(crate) dialect: Dialect,
}

/// A moment as the API writes it.
pub(crate) fn stamp(millisecond: i64) -> String {
    let moment = Timestamp::from_millisecond(millisecond).unwrap_or(Timestamp::UNIX_EPOCH);
    moment.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}
