//! Recordings: fetched without the key, handed on as bytes, kept nowhere.

use crate::code::Code;
use crate::core::Engine;
use crate::error::EngineError;

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
        let refused = match client.recording(&url).await.map_err(EngineError::from) {
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
        match client.recording(&fresh).await.map_err(EngineError::from) {
            Ok(recording) => Ok(recording.bytes.to_vec()),
            Err(error) if is_refusal(error.code) => Err(gone(error)),
            Err(error) => Err(error),
        }
    }

    /// Asks the API about the failures of a result; pieces of its answer go to `piece` as they come.
    pub async fn failures_ask(
        &self,
        result: i64,
        question: &str,
        piece: impl Fn(String) + Send,
    ) -> Result<(), EngineError> {
        use futures_util::StreamExt as _;

        let question = question.trim();
        // The API takes up to 2,000 characters.
        if question.is_empty() || question.chars().count() > 2000 {
            return Err(EngineError::bad_length(2000));
        }
        let client = self.session()?.client()?;
        let answer = client.ask_about_failures(cekura::ResultId::from(result), question).await?;
        let mut answer = std::pin::pin!(answer);
        while let Some(next) = answer.next().await {
            piece(next?);
        }
        Ok(())
    }
}

fn link_of(run: &cekura::Run) -> Option<url::Url> {
    run.recording_url.as_deref().and_then(|url| url::Url::parse(url).ok())
}

/// The storage has heard and says no. It takes no key, so none of these is about ours; which of them
/// stands for an expired link differs from storage to storage.
fn is_refusal(code: Code) -> bool {
    matches!(
        code,
        Code::NotFound | Code::Forbidden | Code::BadKey | Code::Refused | Code::OutOfCredit
    )
}
