//! The key: where it is, and putting another in its place. No command gives it back.

use engine::EngineError;
use engine::view::KeyView;

use crate::ipc::KeyText;
use crate::shell::Shell;

pub(super) async fn key_read(shell: &Shell) -> Result<KeyView, EngineError> {
    shell.engine().await?.key_read().await
}

pub(super) async fn key_replace(
    shell: &Shell,
    key: KeyText,
    session_only: bool,
) -> Result<KeyView, EngineError> {
    shell.engine().await?.key_replace(key.expose(), session_only).await
}

pub(super) async fn key_retry(shell: &Shell) -> Result<KeyView, EngineError> {
    shell.engine().await?.key_retry().await
}

pub(super) async fn key_forget(shell: &Shell) -> Result<KeyView, EngineError> {
    shell.engine().await?.key_forget().await
}
