//! Recordings, and something to hear while a call goes on. Neither asks for the key, as the
//! links the real API hands out do not.

use super::{Asked, Reply};
use crate::calls::sound;
use crate::desk::Desk;

/// `/recordings/<run>.wav`, once the call has ended.
pub(super) fn recording(desk: &Desk, asked: &Asked, file: &str) -> Reply {
    let Some(run) = file.strip_suffix(".wav").and_then(|run| run.parse::<i64>().ok()) else {
        return Reply::not_found();
    };
    let bytes = desk.answer(&asked.headers, asked.dialect, |view| {
        let (planned, call) = view.plan.run(run)?;
        let gone = view.book.deleted.contains(&planned.launch.result);
        let seconds = view.seconds(call);
        if gone || !call.times.has_ended(view.now) || seconds <= 0.0 {
            return None;
        }
        Some((view.turns(call), seconds))
    });
    // Made outside the lock: a long recording takes a moment.
    bytes.map_or_else(Reply::not_found, |(turns, seconds)| {
        Reply::bytes(
            "audio/wav",
            sound::wav(desk.world.seed, run, &turns, seconds, desk.config.sound_rate),
        )
    })
}

/// A page that stands for the vendor's live player.
pub(super) fn listen(run: &str) -> Reply {
    let run: String = run.chars().filter(char::is_ascii_digit).collect();
    let page = format!(
        "Practice studio: call {run} would be heard here. The studio makes its sound when a call has ended.\n"
    );
    Reply::bytes("text/plain; charset=utf-8", page.into_bytes())
}
