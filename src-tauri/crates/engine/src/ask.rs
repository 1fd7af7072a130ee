//! Asking the API about the failures of a result.

use futures_util::StreamExt as _;

use crate::core::Engine;
use crate::error::{EngineError, Outcome};

impl Engine {
    /// Asks the API about the failures of a result; pieces of its answer go to `piece` as they come.
    ///
    /// One question at a time about a result: a later one ends the one before. An answer that is
    /// left, see [`Engine::failures_leave`], or whose workspace is closed, ends where it is.
    ///
    /// Errors: `bad_length` for a question out of range, `throttled` with the seconds to wait, and
    /// those of the network.
    pub async fn failures_ask(
        &self,
        result: i64,
        question: &str,
        piece: impl Fn(String) + Send,
    ) -> Result<(), EngineError> {
        let question = question.trim();
        // The API takes up to 2,000 characters.
        if question.is_empty() || question.chars().count() > 2000 {
            return Err(EngineError::bad_length(2000));
        }
        let session = self.session()?;
        let client = session.client()?;
        let left = session.cancel.child_token();
        if let Some(before) = session.asked().insert(result, left.clone()) {
            before.cancel();
        }
        let asking = async {
            let answer = client.ask_about_failures(cekura::ResultId::from(result), question);
            let mut answer = std::pin::pin!(answer.await?);
            while let Some(next) = answer.next().await {
                piece(next?);
            }
            Outcome::Ok(())
        };
        // Dropping the request ends its connection: that is all the API has for it.
        tokio::select! {
            biased;
            () = left.cancelled() => Ok(()),
            answered = asking => answered,
        }
    }

    /// Hears no more of the answer about a result; the question under way ends. Without one, nothing
    /// happens.
    pub fn failures_leave(&self, result: i64) -> Result<(), EngineError> {
        if let Some(asked) = self.session()?.asked().remove(&result) {
            asked.cancel();
        }
        Ok(())
    }
}
