//! One call, and what people say of it.

use engine::EngineError;
use engine::view::{CallView, HumanView};

use crate::ipc::Bytes;
use crate::shell::Shell;
use crate::window;

pub(super) async fn call_read(
    shell: &Shell,
    result: i64,
    id: i64,
) -> Result<CallView, EngineError> {
    shell.engine().await?.call_read(result, id)
}

pub(super) async fn call_refetch(shell: &Shell, result: i64, id: i64) -> Result<(), EngineError> {
    shell.engine().await?.call_refetch(result, id)
}

pub(super) async fn call_stop(shell: &Shell, result: i64, id: i64) -> Result<(), EngineError> {
    shell.engine().await?.call_stop(result, id).await
}

/// Bytes of a recording that the window can play. WebKitGTK plays long ones only from an address
/// that holds them, see `ui/src/panels/call/player.js`, and takes none of more than 64 MiB (measured
/// with 2.50); an address has four characters for three bytes.
const PLAYABLE: usize = if cfg!(target_os = "linux") { 50_000_000 } else { usize::MAX };

pub(super) async fn call_recording(shell: &Shell, id: i64) -> Result<Bytes, EngineError> {
    shell.engine().await?.call_sound(id, PLAYABLE).await.map(Bytes)
}

pub(super) async fn recording_save(shell: &Shell, id: i64) -> Result<Option<String>, EngineError> {
    let sound = shell.engine().await?.call_recording(id).await?;
    // The two forms that the API is known to give.
    let extension = if sound.starts_with(b"RIFF") { "wav" } else { "mp3" };
    shell.files().save(&format!("call-{id}.{extension}"), extension, &sound).await
}

pub(super) async fn call_listen(shell: &Shell, result: i64, id: i64) -> Result<bool, EngineError> {
    window::open_live(shell.engine().await?.call_listen(result, id).await?.as_deref())
}

pub(super) async fn note_save(shell: &Shell, call: i64, text: String) -> Result<(), EngineError> {
    shell.engine().await?.note_save(call, &text)
}

pub(super) async fn vote_save(
    shell: &Shell,
    call: i64,
    on: String,
    up: Option<bool>,
) -> Result<HumanView, EngineError> {
    shell.engine().await?.vote_save(call, &on, up).await
}

pub(super) async fn review_save(
    shell: &Shell,
    call: i64,
    passed: Option<bool>,
) -> Result<HumanView, EngineError> {
    shell.engine().await?.review_save(call, passed).await
}
