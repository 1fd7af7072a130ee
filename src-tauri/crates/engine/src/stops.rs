//! What a person asked to end: kept in the journal, and asked for again until a read confirms it.
//! A call that goes on costs money; a restart must not forget that somebody wanted it to end.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tracing::warn;

use crate::code::Code;
use crate::core::Engine;
use crate::error::{EngineError, Outcome};
use crate::session::Session;

/// An end is asked for again when no read has confirmed it after this long.
const AGAIN: SignedDuration = SignedDuration::from_secs(10);

/// The wishes of one workspace, with the time each was last told to the server.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Stops {
    /// Results whose calls are all to end.
    pub(crate) results: BTreeMap<i64, Timestamp>,
    /// Single calls: the result they belong to, and the time.
    pub(crate) calls: BTreeMap<i64, (i64, Timestamp)>,
}

fn key(workspace: i64) -> String {
    format!("stops/{workspace}")
}

impl Engine {
    /// What the journal says was to end when the program last ran.
    pub(crate) fn stops_kept(&self, workspace: i64) -> Stops {
        self.ledger()
            .setting(&key(workspace))
            .ok()
            .flatten()
            .and_then(|value| serde_json::from_value(value).ok())
            .unwrap_or_default()
    }

    /// Changes the wishes and keeps them.
    fn change_stops(&self, session: &Session, change: impl FnOnce(&mut Stops)) -> Outcome<()> {
        let after = {
            let mut stops = session.stops();
            let before = stops.clone();
            change(&mut stops);
            if *stops == before {
                return Ok(());
            }
            stops.clone()
        };
        self.ledger().set_setting(&key(session.workspace.id), &crate::drafts::to_json(&after)?)?;
        Ok(())
    }

    /// Ends the calls of a result that have not ended. Asked for again until a read confirms it.
    pub async fn result_stop(&self, id: i64) -> Result<(), EngineError> {
        let session = self.session()?;
        let client = session.client()?;
        let now = self.now();
        // Written down first: what a person asked for is asked for again after a failure.
        self.change_stops(&session, |stops| {
            stops.results.insert(id, now);
        })?;
        self.ledger().result_follow(session.workspace.id, id, true)?;
        let ended = client.end_calls(cekura::ResultId::from(id)).await;
        session.nudge.notify_one();
        self.stop_told(&session, ended.err(), |stops| {
            stops.results.remove(&id);
        })
    }

    /// Ends one call. Asked for again until a read confirms it.
    pub async fn call_stop(&self, result: i64, id: i64) -> Result<(), EngineError> {
        let session = self.session()?;
        let client = session.client()?;
        let now = self.now();
        self.change_stops(&session, |stops| {
            stops.calls.insert(id, (result, now));
        })?;
        self.ledger().result_follow(session.workspace.id, result, true)?;
        let ended = client.end_call(cekura::RunId::from(id)).await;
        session.nudge.notify_one();
        self.stop_told(&session, ended.err(), |stops| {
            stops.calls.remove(&id);
        })
    }

    /// A wish that the server refuses for good is taken back; one it did not hear stays.
    fn stop_told(
        &self,
        session: &Session,
        error: Option<cekura::Error>,
        take_back: impl FnOnce(&mut Stops),
    ) -> Outcome<()> {
        let Some(error) = error else { return Ok(()) };
        let error = EngineError::from(error);
        if refused_for_good(error.code) {
            self.change_stops(session, take_back)?;
        }
        self.failed(session, &error);
        Err(error)
    }

    /// Whether the calls of a result are being ended on request.
    pub(crate) fn is_stopping(&self, id: i64) -> bool {
        self.session().is_ok_and(|session| session.stops().results.contains_key(&id))
    }

    /// Whether one call is being ended on request, by itself or with all of its result.
    pub(crate) fn is_call_stopping(&self, result: i64, id: i64) -> bool {
        self.session().is_ok_and(|session| {
            let stops = session.stops();
            stops.calls.contains_key(&id) || stops.results.contains_key(&result)
        })
    }

    /// After a result was read: forgets the wishes that came true, and asks again for the others.
    pub(crate) async fn stop_again(
        &self,
        session: &Session,
        client: &cekura::Client,
        id: i64,
        finished: bool,
    ) -> Outcome<()> {
        let wishes = session.stops().clone();
        if finished {
            return self.change_stops(session, |stops| {
                stops.results.remove(&id);
                stops.calls.retain(|_, (result, _)| *result != id);
            });
        }
        let now = self.now();
        let due = |asked: Timestamp| now.duration_since(asked) > AGAIN;
        if wishes.results.get(&id).is_some_and(|asked| due(*asked)) {
            let told = client.end_calls(cekura::ResultId::from(id)).await;
            self.asked_again(session, told.err(), |stops, keep| {
                if keep {
                    stops.results.insert(id, now);
                } else {
                    stops.results.remove(&id);
                }
            })?;
        }
        for (call, (result, asked)) in wishes.calls {
            if result != id {
                continue;
            }
            let ended =
                self.ledger().call(session.workspace.id, call)?.is_none_or(|known| known.row.ended);
            if ended {
                self.change_stops(session, |stops| {
                    stops.calls.remove(&call);
                })?;
            } else if due(asked) {
                let told = client.end_call(cekura::RunId::from(call)).await;
                self.asked_again(session, told.err(), |stops, keep| {
                    if keep {
                        stops.calls.insert(call, (result, now));
                    } else {
                        stops.calls.remove(&call);
                    }
                })?;
            }
        }
        Ok(())
    }

    fn asked_again(
        &self,
        session: &Session,
        error: Option<cekura::Error>,
        remember: impl FnOnce(&mut Stops, bool),
    ) -> Outcome<()> {
        match error.map(EngineError::from) {
            None => self.change_stops(session, |stops| remember(stops, true)),
            Some(error) if refused_for_good(error.code) => {
                self.change_stops(session, |stops| remember(stops, false))
            }
            // A page of something on the way: the wish was not heard and is told again. What was read
            // is read, and what else there is to read does not wait for it.
            Some(error) if error.code == Code::Unreadable => {
                warn!(code = error.code.as_str(), "an end of calls was not heard");
                self.change_stops(session, |stops| remember(stops, true))
            }
            Some(error) => Err(error),
        }
    }
}

/// A server that has heard and says no will say no again.
fn refused_for_good(code: Code) -> bool {
    matches!(code, Code::NotFound | Code::Forbidden | Code::Refused)
}
