//! What can be set, what is kept, and erasing it.

use engine::EngineError;
use engine::view::{Settings, UsageView};

use crate::shell::Shell;

pub(super) async fn settings_read(shell: &Shell) -> Result<Settings, EngineError> {
    shell.engine().await?.settings_read()
}

pub(super) async fn settings_save(
    shell: &Shell,
    settings: Settings,
) -> Result<Settings, EngineError> {
    shell.engine().await?.settings_save(&settings)
}

pub(super) async fn usage_read(shell: &Shell) -> Result<UsageView, EngineError> {
    shell.engine().await?.usage_read()
}

pub(super) async fn data_erase(shell: &Shell) -> Result<(), EngineError> {
    shell.engine().await?.data_erase().await
}
