//! The program itself: its state, what changes, the way out to the system's notifications, and the
//! end.

use engine::EngineError;
use engine::view::{AppState, FeedNotice};

use crate::closing;
use crate::notice::Notice;
use crate::shell::Shell;
use crate::window;

pub(super) async fn app_state(shell: &Shell) -> Result<AppState, EngineError> {
    // The page asks this first, and again on *Try again*.
    shell.engine_started().await?.app_state()
}

pub(super) async fn feed_next(shell: &Shell, heard: u64) -> Result<FeedNotice, EngineError> {
    Ok(shell.feed().next(heard).await)
}

pub(super) async fn notice_show(
    shell: &Shell,
    title: String,
    body: String,
    route: String,
) -> Result<bool, EngineError> {
    let notice = Notice::new(&title, &body, &route)?;
    let wanted = shell.engine().await?.settings_read()?.notify;
    Ok(wanted && !window::is_in_front(shell.app()) && shell.notices().show(notice))
}

pub(super) async fn notice_dismiss(shell: &Shell, code: String) -> Result<(), EngineError> {
    shell.engine().await?.notice_dismiss(&code)
}

pub(super) async fn window_close(shell: &Shell) -> Result<(), EngineError> {
    closing::end(shell.app());
    Ok(())
}

pub(super) async fn window_ready(shell: &Shell) -> Result<(), EngineError> {
    window::ready(shell.app());
    Ok(())
}

pub(super) async fn window_stay(shell: &Shell) -> Result<(), EngineError> {
    shell.feed().stays();
    Ok(())
}
