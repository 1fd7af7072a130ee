//! What is chosen on *New run*.

use engine::EngineError;
use engine::view::{DraftBody, DraftView};

use crate::shell::Shell;

pub(super) async fn draft_read(shell: &Shell) -> Result<DraftView, EngineError> {
    shell.engine().await?.draft_read()
}

pub(super) async fn draft_save(
    shell: &Shell,
    id: String,
    body: DraftBody,
) -> Result<(), EngineError> {
    shell.engine().await?.draft_save(&id, &body)
}

pub(super) async fn draft_clear(shell: &Shell) -> Result<DraftView, EngineError> {
    shell.engine().await?.draft_clear()
}
