//! The real window: WebKitGTK on a virtual display, with a session bus and a key store of its own.
//! And what can be said of the window without opening it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should say so"
)]

mod rules;
mod surface;

#[cfg(target_os = "linux")]
mod access;
#[cfg(target_os = "linux")]
mod ask;
#[cfg(target_os = "linux")]
mod bad_input;
#[cfg(target_os = "linux")]
mod boots;
#[cfg(target_os = "linux")]
mod call;
#[cfg(target_os = "linux")]
mod closed;
#[cfg(target_os = "linux")]
mod closing;
#[cfg(target_os = "linux")]
mod empty;
#[cfg(target_os = "linux")]
mod failure;
#[cfg(target_os = "linux")]
mod find;
#[cfg(target_os = "linux")]
mod first;
#[cfg(target_os = "linux")]
mod hostile;
#[cfg(target_os = "linux")]
mod instances;
#[cfg(target_os = "linux")]
mod key_story;
#[cfg(target_os = "linux")]
mod long;
#[cfg(target_os = "linux")]
mod main_job;
#[cfg(target_os = "linux")]
mod many;
#[cfg(target_os = "linux")]
mod notices;
#[cfg(target_os = "linux")]
mod offline;
#[cfg(target_os = "linux")]
mod once;
#[cfg(target_os = "linux")]
mod outside;
#[cfg(target_os = "linux")]
mod pace;
#[cfg(target_os = "linux")]
mod payloads;
#[cfg(target_os = "linux")]
mod pictures;
#[cfg(target_os = "linux")]
mod plan_files;
#[cfg(target_os = "linux")]
mod showing;
#[cfg(target_os = "linux")]
mod sound;
#[cfg(target_os = "linux")]
#[path = "../support/mod.rs"]
mod support;
#[cfg(target_os = "linux")]
mod triage;
#[cfg(target_os = "linux")]
mod unknown;
