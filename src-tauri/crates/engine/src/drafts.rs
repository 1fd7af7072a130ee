//! The draft: what is chosen on *New run* and not yet placed. It survives restart, crash and a
//! switch of workspace, because every change is in the journal.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::{Builder, Uuid};

use crate::code::Code;
use crate::core::Engine;
use crate::error::{EngineError, Outcome};
use crate::view::{DraftBody, DraftView};

impl Engine {
    /// A draft, launched or not; `None` where the journal has lost it.
    pub(crate) fn draft_known(&self, id: &str) -> Outcome<Option<ledger::Draft>> {
        match self.ledger().draft(id) {
            Err(ledger::LedgerError::NotFound) => Ok(None),
            known => Ok(Some(known?)),
        }
    }

    /// The open draft of the workspace; an empty one is made when there is none.
    pub fn draft_read(&self) -> Result<DraftView, EngineError> {
        let draft = self.draft_of(self.workspace_shown()?)?;
        self.draft_view(&draft)
    }

    pub(crate) fn draft_of(&self, workspace: i64) -> Outcome<ledger::Draft> {
        let agent = self.agent_last_used(workspace)?;
        let body = to_json(&DraftBody { agent, ..DraftBody::default() })?;
        Ok(self.ledger().draft_open(workspace, &self.new_id(), &body)?)
    }

    /// Keeps what is chosen. A draft that was placed takes nothing more.
    pub fn draft_save(&self, id: &str, body: &DraftBody) -> Result<(), EngineError> {
        self.ledger().draft_save(id, &to_json(body)?)?;
        Ok(())
    }

    /// Puts an empty draft in place of the open one.
    pub fn draft_clear(&self) -> Result<DraftView, EngineError> {
        let workspace = self.workspace_shown()?;
        let agent = self.agent_last_used(workspace)?;
        self.draft_put(workspace, &DraftBody { agent, ..DraftBody::default() })
    }

    /// Puts a draft with these choices in place of the open one.
    pub(crate) fn draft_put(&self, workspace: i64, body: &DraftBody) -> Outcome<DraftView> {
        let draft = self.ledger().draft_replace(workspace, &self.new_id(), &to_json(body)?)?;
        self.draft_view(&draft)
    }

    /// Gives the choices of a placed draft back, unless something else was begun since. What the
    /// list was narrowed to meanwhile is not something begun.
    pub(crate) fn draft_reopen(&self, workspace: i64, spent: &str) -> Outcome<()> {
        let body = draft_body(&self.ledger().draft(spent)?);
        let begun = draft_body(&self.draft_of(workspace)?);
        let untouched =
            DraftBody { agent: begun.agent, filter: begun.filter.clone(), ..DraftBody::default() }
                == begun;
        if untouched {
            self.draft_put(workspace, &body)?;
        }
        Ok(())
    }

    /// A new local id: a UUID version 7 of the engine's own clock and chance.
    pub(crate) fn new_id(&self) -> String {
        let random = &self.inner.config.random;
        let mut bytes = [0_u8; 10];
        for byte in &mut bytes {
            *byte = (random() * 256.0) as u8;
        }
        let millis = u64::try_from(self.now().as_millisecond()).unwrap_or(0);
        let id: Uuid = Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid();
        id.to_string()
    }

    /// The agent of the newest launch, or the only one there is.
    fn agent_last_used(&self, workspace: i64) -> Outcome<Option<i64>> {
        if let Some(launch) = self.ledger().launches(workspace, 1)?.first() {
            return Ok(Some(launch.agent));
        }
        let agents =
            self.ledger().catalogue(workspace)?.map(|head| head.agents).unwrap_or_default();
        Ok(match agents.as_slice() {
            [only] => Some(only.id),
            _ => None,
        })
    }

    pub(crate) fn draft_view(&self, draft: &ledger::Draft) -> Outcome<DraftView> {
        let body = draft_body(draft);
        let agent_name = self.agent_name(draft.workspace, body.agent)?;
        Ok(DraftView {
            id: draft.id.clone(),
            proposed_name: proposed_name(
                agent_name.as_deref(),
                self.now(),
                &(self.inner.config.zone)(),
            ),
            body,
        })
    }

    pub(crate) fn agent_name(&self, workspace: i64, agent: Option<i64>) -> Outcome<Option<String>> {
        let Some(id) = agent else { return Ok(None) };
        Ok(self
            .ledger()
            .catalogue(workspace)?
            .and_then(|head| head.agents.into_iter().find(|one| one.id == id))
            .map(|one| one.name))
    }
}

/// The choices of a stored draft; defaults for what an older version did not have.
pub(crate) fn draft_body(draft: &ledger::Draft) -> DraftBody {
    serde_json::from_value(draft.body.clone()).unwrap_or_default()
}

pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> Outcome<serde_json::Value> {
    serde_json::to_value(value)
        .map_err(|error| EngineError::new(Code::Internal).with_detail(error.to_string()))
}

/// A name that tells runs apart: the agent and the minute.
pub(crate) fn proposed_name(agent: Option<&str>, now: Timestamp, zone: &TimeZone) -> String {
    let when = now.to_zoned_datetime(zone.clone()).strftime("%-d %b %H:%M").to_string();
    match agent {
        Some(agent) => format!("{agent} · {when}"),
        None => when,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::proposed_name;

    #[test]
    fn a_proposed_name_tells_agent_and_minute() {
        let at = Timestamp::from_second(1_700_000_000).unwrap_or_default();
        assert_eq!(proposed_name(Some("Rosa"), at, &TimeZone::UTC), "Rosa · 14 Nov 22:13");
        assert_eq!(proposed_name(None, at, &TimeZone::UTC), "14 Nov 22:13");
    }
}
