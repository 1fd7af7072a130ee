//! Recordings: fetched without the key, handed on as bytes, kept nowhere.

use crate::code::Code;
use crate::core::Engine;
use crate::error::EngineError;

impl Engine {
    /// The recording of a call, as it came.
    ///
    /// Errors: `not_recorded` where the call has none, `recording_gone` where the link has expired,
    /// `too_big`, and those of the network.
    pub async fn call_recording(&self, id: i64) -> Result<Vec<u8>, EngineError> {
        let workspace = self.workspace_shown()?;
        let record =
            self.ledger().call(workspace, id)?.ok_or_else(|| EngineError::new(Code::Gone))?;
        let url = cekura::Run::from_value(&record.raw)
            .ok()
            .and_then(|run| run.recording_url)
            .and_then(|url| url::Url::parse(&url).ok())
            .ok_or_else(|| EngineError::new(Code::NotRecorded))?;
        let client = self.session()?.client()?;
        match client.recording(&url).await {
            Ok(recording) => Ok(recording.bytes.to_vec()),
            Err(error) => {
                let error = EngineError::from(error);
                Err(match error.code {
                    // Storage answers an expired link with either.
                    Code::NotFound | Code::Forbidden => {
                        EngineError { code: Code::RecordingGone, ..error }
                    }
                    _ => error,
                })
            }
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
