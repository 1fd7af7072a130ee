//! Opening, connecting, leaving and erasing workspaces.

use engine::EngineError;
use engine::view::{ConnectRequest, WorkspaceView};

use crate::ipc::KeyText;
use crate::shell::Shell;

pub(super) async fn practice_open(shell: &Shell) -> Result<WorkspaceView, EngineError> {
    shell.engine().await?.practice_open().await
}

pub(super) async fn workspace_connect(
    shell: &Shell,
    key: KeyText,
    request: ConnectRequest,
) -> Result<WorkspaceView, EngineError> {
    shell.engine().await?.workspace_connect(key.expose(), &request).await
}

pub(super) async fn workspace_open(shell: &Shell, id: i64) -> Result<WorkspaceView, EngineError> {
    shell.engine().await?.workspace_open(id).await
}

pub(super) async fn workspace_close(shell: &Shell) -> Result<(), EngineError> {
    shell.engine().await?.workspace_close().await
}

pub(super) async fn workspace_rename(
    shell: &Shell,
    id: i64,
    label: String,
) -> Result<WorkspaceView, EngineError> {
    shell.engine().await?.workspace_rename(id, &label)
}

pub(super) async fn workspace_erase(shell: &Shell, id: i64) -> Result<(), EngineError> {
    shell.engine().await?.workspace_erase(id).await
}
