//! The practice studio: the Cekura API over loopback HTTP, seeded, with faults on request.
//!
//! Written from the vendor's published document and from answers as they really look, and sharing
//! no types with the client it is used with: a mistake in one must not hide in the other.
//!
//! What a call is at a moment is a pure function of the seed, the record of its launch and the
//! time. Nothing runs in the background: a studio that was closed for an hour tells, when it is
//! opened again, what an open one would have told.

mod answers;
mod calls;
mod chance;
mod config;
mod desk;
mod faults;
mod line;
mod routes;
mod studio;
mod world;

pub use config::{StudioConfig, StudioError};
pub use studio::{Running, Studio};
