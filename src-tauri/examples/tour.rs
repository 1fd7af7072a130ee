//! Plays the main job through the real window.
fn main() {}
