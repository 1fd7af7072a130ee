//! Starts Linecheck.
// No console window beside the real one.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    linecheck::environment::prepare();
    linecheck::run()
}
