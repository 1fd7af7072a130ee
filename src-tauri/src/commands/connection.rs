//! How the connection is.

use engine::EngineError;
use engine::view::ConnectionView;

use crate::shell::Shell;

pub(super) async fn connection_read(shell: &Shell) -> Result<ConnectionView, EngineError> {
    shell.engine().await?.connection_read()
}

pub(super) async fn connection_retry(shell: &Shell) -> Result<ConnectionView, EngineError> {
    shell.engine().await?.connection_retry()
}
