//! What a person asked to end: kept in the journal, and asked for again until a read confirms it.
//! A call that goes on costs money; a restart must not forget that somebody wanted it to end.

use jiff::SignedDuration;
use ledger::Stop;
use tracing::warn;

use crate::code::Code;
use crate::core::Engine;
use crate::error::{EngineError, Outcome};
use crate::session::Session;

/// An end is asked for again when no read has confirmed it after this long.
const AGAIN: SignedDuration = SignedDuration::from_secs(10);

impl Engine {
    /// Ends the calls of a result that have not ended. Asked for again until a read confirms it.
    pub async fn result_stop(&self, id: i64) -> Result<(), EngineError> {
        self.stop(id, None).await
    }

    /// Ends one call. Asked for again until a read confirms it.
    pub async fn call_stop(&self, result: i64, id: i64) -> Result<(), EngineError> {
        self.stop(result, Some(id)).await
    }

    async fn stop(&self, result: i64, call: Option<i64>) -> Outcome<()> {
        let session = self.session()?;
        let client = session.client()?;
        let workspace = session.workspace.id;
        let stop = Stop { result, call, told_at: self.now() };
        // Written down first: what a person asked for is asked for again after a failure.
        self.ledger().stop_put(workspace, &stop)?;
        if let Err(error) = self.ledger().result_follow(workspace, result, true) {
            // Nobody would ever read whether it came true.
            self.ledger().stop_remove(workspace, &stop)?;
            return Err(error.into());
        }
        let told = tell(&client, &stop).await;
        session.nudge.notify_one();
        let Err(error) = told else { return Ok(()) };
        let error = EngineError::from(error);
        if refused_for_good(error.code) {
            self.ledger().stop_remove(workspace, &stop)?;
        }
        self.failed(&session, &error);
        Err(error)
    }

    /// Whether the calls of a result are being ended on request.
    pub(crate) fn is_stopping(&self, workspace: i64, id: i64) -> Outcome<bool> {
        let stops = self.ledger().stops(workspace)?;
        Ok(stops.iter().any(|stop| stop.result == id && stop.call.is_none()))
    }

    /// Whether one call is being ended on request, by itself or with all of its result.
    pub(crate) fn is_call_stopping(&self, workspace: i64, result: i64, id: i64) -> Outcome<bool> {
        let stops = self.ledger().stops(workspace)?;
        Ok(stops
            .iter()
            .any(|stop| stop.result == result && stop.call.is_none_or(|call| call == id)))
    }

    /// After a result was read: forgets the wishes that came true, and asks again for the others.
    pub(crate) async fn stop_again(
        &self,
        session: &Session,
        client: &cekura::Client,
        id: i64,
        finished: bool,
    ) -> Outcome<()> {
        let workspace = session.workspace.id;
        let mut stops = self.ledger().stops(workspace)?;
        stops.retain(|stop| stop.result == id);
        if stops.is_empty() {
            return Ok(());
        }
        if finished {
            return Ok(self.ledger().stops_remove(workspace, id)?);
        }
        let now = self.now();
        for stop in stops {
            let ended = match stop.call {
                Some(call) => {
                    self.ledger().call(workspace, call)?.is_none_or(|known| known.row.ended)
                }
                None => false,
            };
            if ended {
                self.ledger().stop_remove(workspace, &stop)?;
            } else if now.duration_since(stop.told_at) > AGAIN {
                match tell(client, &stop).await.map_err(EngineError::from) {
                    Ok(()) => {}
                    Err(error) if refused_for_good(error.code) => {
                        self.ledger().stop_remove(workspace, &stop)?;
                        continue;
                    }
                    // A page of something on the way: the wish was not heard and is told again. What
                    // was read is read, and what else there is to read does not wait for it.
                    Err(error) if error.code == Code::WebPage => {
                        warn!(code = error.code.as_str(), "an end of calls was not heard");
                    }
                    Err(error) => return Err(error),
                }
                // Unless it was taken back meanwhile.
                self.ledger().stop_told(workspace, &Stop { told_at: now, ..stop })?;
            }
        }
        Ok(())
    }
}

/// Tells the server.
async fn tell(client: &cekura::Client, stop: &Stop) -> Result<(), cekura::Error> {
    match stop.call {
        Some(call) => client.end_call(cekura::RunId::from(call)).await.map(drop),
        None => client.end_calls(cekura::ResultId::from(stop.result)).await.map(drop),
    }
}

/// A server that has heard and says no will say no again.
fn refused_for_good(code: Code) -> bool {
    matches!(code, Code::NotFound | Code::Forbidden | Code::Refused)
}
