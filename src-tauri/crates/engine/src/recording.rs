//! Recordings: fetched without the key, handed on as bytes, kept nowhere.

use crate::code::Code;
use crate::core::Engine;
use crate::error::EngineError;
use crate::sound::lighter;

impl Engine {
    /// The recording of a call, as it came.
    ///
    /// Links to recordings expire. Where the storage refuses one, the call is read again once for a
    /// fresh link.
    ///
    /// Errors: `not_recorded` where the call has none, `recording_gone` where the fresh link is
    /// refused as well or there is none any more, `too_big`, and those of the network.
    pub async fn call_recording(&self, id: i64) -> Result<Vec<u8>, EngineError> {
        let workspace = self.workspace_shown()?;
        let record =
            self.ledger().call(workspace, id)?.ok_or_else(|| EngineError::new(Code::Gone))?;
        let url = cekura::Run::from_value(&record.raw)
            .ok()
            .and_then(|run| link_of(&run))
            .ok_or_else(|| EngineError::new(Code::NotRecorded))?;
        let session = self.session()?;
        let client = session.client()?;
        let refused = match client.recording(&url).await.map_err(of_storage) {
            Ok(recording) => return Ok(recording.bytes.to_vec()),
            Err(error) if is_refusal(error.code) => error,
            Err(error) => return Err(error),
        };
        let gone = |error: EngineError| EngineError { code: Code::RecordingGone, ..error };
        let fresh = match self.read_whole(&session, &client, record.row.result, id).await {
            Ok(run) => link_of(&run).ok_or_else(|| gone(refused))?,
            Err(error) if matches!(error.code, Code::NotFound | Code::Gone) => {
                return Err(gone(error));
            }
            Err(error) => {
                self.failed(&session, &error);
                return Err(error);
            }
        };
        match client.recording(&fresh).await.map_err(of_storage) {
            Ok(recording) => Ok(recording.bytes.to_vec()),
            Err(error) if is_refusal(error.code) => Err(gone(error)),
            Err(error) => Err(error),
        }
    }

    /// The recording of a call, to be played where no more than `most` bytes can be: a larger one is
    /// made lighter, see [`crate::sound::lighter`].
    ///
    /// Errors: those of [`Engine::call_recording`], and `too_big` where it cannot be made so light.
    pub async fn call_sound(&self, id: i64, most: usize) -> Result<Vec<u8>, EngineError> {
        let sound = self.call_recording(id).await?;
        if sound.len() <= most {
            return Ok(sound);
        }
        // Some hundred million samples: not on a thread that others wait for.
        let light = tokio::task::spawn_blocking(move || lighter(&sound, most));
        let light = light
            .await
            .map_err(|error| EngineError::new(Code::Internal).with_detail(error.to_string()))?;
        light.ok_or_else(|| EngineError::new(Code::TooBig))
    }
}

fn link_of(run: &cekura::Run) -> Option<url::Url> {
    run.recording_url.as_deref().and_then(|url| url::Url::parse(url).ok())
}

/// What the storage says, by its status alone: its refusals are pages of markup, and its own.
fn of_storage(error: cekura::Error) -> EngineError {
    EngineError { code: Code::parse(error.code()), ..error.into() }
}

/// The storage has heard and says no. It takes no key, so none of these is about ours; which of them
/// stands for an expired link differs from storage to storage.
fn is_refusal(code: Code) -> bool {
    matches!(
        code,
        Code::NotFound | Code::Forbidden | Code::BadKey | Code::Refused | Code::OutOfCredit
    )
}
