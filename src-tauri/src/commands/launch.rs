//! Placing calls, and what is known of the launches.

use engine::EngineError;
use engine::view::{Confirmation, DraftMade, LaunchView};

use crate::shell::Shell;

pub(super) async fn launch_place(
    shell: &Shell,
    draft_id: String,
    confirmation: Option<Confirmation>,
) -> Result<LaunchView, EngineError> {
    shell.engine().await?.launch_place(&draft_id, confirmation.as_ref())
}

pub(super) async fn launch_read(shell: &Shell, id: String) -> Result<LaunchView, EngineError> {
    shell.engine().await?.launch_read(&id)
}

pub(super) async fn launches_open(shell: &Shell) -> Result<Vec<LaunchView>, EngineError> {
    shell.engine().await?.launches_open()
}

pub(super) async fn launch_look(shell: &Shell, id: String) -> Result<LaunchView, EngineError> {
    shell.engine().await?.launch_look(&id).await
}

pub(super) async fn launch_started(
    shell: &Shell,
    id: String,
    result: i64,
) -> Result<LaunchView, EngineError> {
    shell.engine().await?.launch_started(&id, result).await
}

pub(super) async fn launch_not_started(
    shell: &Shell,
    id: String,
) -> Result<DraftMade, EngineError> {
    shell.engine().await?.launch_not_started(&id)
}

pub(super) async fn launch_leave(shell: &Shell, id: String) -> Result<LaunchView, EngineError> {
    shell.engine().await?.launch_leave(&id)
}

pub(super) async fn launch_reopen(shell: &Shell, id: String) -> Result<DraftMade, EngineError> {
    shell.engine().await?.launch_reopen(&id)
}

pub(super) async fn launch_dismiss(shell: &Shell, id: String) -> Result<(), EngineError> {
    shell.engine().await?.launch_dismiss(&id)
}

pub(super) async fn launch_fit(shell: &Shell, id: String) -> Result<DraftMade, EngineError> {
    shell.engine().await?.launch_fit(&id)
}
