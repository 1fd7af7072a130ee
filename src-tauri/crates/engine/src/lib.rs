//! The use-cases of Linecheck: connect, plan, launch, follow, stop, read.
//!
//! The engine owns every background task and the only path by which the network writes into the
//! ledger. It knows no window: the shell passes in where data lives, what time it is and how the
//! practice studio is started, and hears of changes through one callback.
//!
//! Absent on purpose: a cache of its own. What the page reads comes out of the ledger, so that a
//! restart, a lost network and a second look all show the same. Of long lists the engine remembers
//! what the page was given last, only to tell it what is different.

mod account;
mod ask;
mod calls;
mod carried;
mod catalogue;
mod checks;
mod closing;
mod code;
mod config;
mod connect;
mod connection;
mod core;
mod drafts;
mod error;
mod evaluators;
mod export;
mod facts;
mod first;
mod follow;
mod keys;
mod launch;
mod launch_card;
mod lists;
mod look;
mod moving;
mod notices;
mod plan;
mod recording;
mod repeat;
mod reread;
mod results;
mod review;
mod saved;
mod session;
mod settings;
mod sound;
mod stops;
mod storing;
mod sweep;
mod told;
mod transcript;
mod tries;
pub mod view;

pub use closing::UnderWay;
pub use code::Code;
pub use config::{
    Cadence, EngineConfig, Failpoint, Network, PracticeDoor, PracticeStudio, Randomness, Sleep,
    StudioFailed,
};
pub use core::{Engine, Listener};
pub use error::EngineError;
