//! What people say of calls: notes and verdicts. In the journal, so that fetching a call again, or
//! losing the archive, takes nothing away.

use std::collections::{BTreeMap, HashSet};

use rusqlite::Row;

use crate::change::Topic;
use crate::columns::{Columns, micros};
use crate::error::Result;
use crate::ledger::Ledger;

/// A person's verdict on a call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HumanVerdict {
    /// The call as a whole: passed, failed, or not said.
    pub review: Option<bool>,
    /// By metric id, or `"expected_outcome"`: whether the person agrees with the judgement.
    pub votes: BTreeMap<String, bool>,
    /// The server has it as well.
    pub sent: bool,
}

/// The first and the last of some calls. People say something of few calls, so it is quicker to go
/// through what was said of any between them than to look for each.
fn span(calls: &[i64]) -> Option<(i64, i64)> {
    Some((*calls.iter().min()?, *calls.iter().max()?))
}

/// What was said of these calls, of all that was said between the first and the last of them.
fn only<T>(calls: &[i64], mut found: BTreeMap<i64, T>) -> BTreeMap<i64, T> {
    if !found.is_empty() {
        let wanted: HashSet<i64> = calls.iter().copied().collect();
        found.retain(|call, _| wanted.contains(call));
    }
    found
}

fn human_of(row: &Row<'_>) -> rusqlite::Result<(i64, HumanVerdict)> {
    let mut columns = Columns::of(row);
    let call = columns.int()?;
    let review = columns.opt_flag()?;
    let votes = serde_json::from_value(columns.json()?).unwrap_or_default();
    Ok((call, HumanVerdict { review, votes, sent: columns.flag()? }))
}

impl Ledger {
    /// Keeps a note on a call; an empty one takes the note away.
    pub fn note_put(&self, workspace: i64, call: i64, text: &str) -> Result<()> {
        let now = micros(self.now());
        self.journal_write(|conn| {
            if text.is_empty() {
                conn.execute(
                    "DELETE FROM notes WHERE workspace = ?1 AND call = ?2",
                    (workspace, call),
                )?;
            } else {
                conn.execute(
                    "INSERT INTO notes (workspace, call, text, changed_at) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (workspace, call)
                     DO UPDATE SET text = excluded.text, changed_at = excluded.changed_at",
                    (workspace, call, text, now),
                )?;
            }
            Ok(())
        })?;
        self.tell(Topic::Notes, vec![call]);
        Ok(())
    }

    /// The note on a call.
    pub fn note(&self, workspace: i64, call: i64) -> Result<Option<String>> {
        Ok(self.notes(workspace, &[call])?.remove(&call))
    }

    /// The notes on these calls, by call.
    pub fn notes(&self, workspace: i64, calls: &[i64]) -> Result<BTreeMap<i64, String>> {
        let Some((first, last)) = span(calls) else { return Ok(BTreeMap::new()) };
        let found: BTreeMap<i64, String> = self.journal(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT call, text FROM notes WHERE workspace = ?1 AND call BETWEEN ?2 AND ?3",
            )?;
            let rows = statement.query_map((workspace, first, last), |row| {
                let mut columns = Columns::of(row);
                Ok((columns.int()?, columns.text()?))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })?;
        Ok(only(calls, found))
    }

    /// Keeps a person's verdict on a call; one that says nothing takes it away.
    pub fn human_put(&self, workspace: i64, call: i64, verdict: &HumanVerdict) -> Result<()> {
        let now = micros(self.now());
        self.journal_write(|conn| {
            // One that was taken back and not yet sent still has to be sent.
            if verdict.review.is_none() && verdict.votes.is_empty() && verdict.sent {
                conn.execute(
                    "DELETE FROM human_verdicts WHERE workspace = ?1 AND call = ?2",
                    (workspace, call),
                )?;
            } else {
                let votes = serde_json::to_string(&verdict.votes)?;
                conn.execute(
                    "INSERT INTO human_verdicts (workspace, call, review, votes, sent, changed_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                     ON CONFLICT (workspace, call) DO UPDATE SET review = excluded.review,
                         votes = excluded.votes, sent = excluded.sent,
                         changed_at = excluded.changed_at",
                    (workspace, call, verdict.review, votes, verdict.sent, now),
                )?;
            }
            Ok(())
        })?;
        self.tell(Topic::Notes, vec![call]);
        Ok(())
    }

    /// A person's verdict on a call.
    pub fn human(&self, workspace: i64, call: i64) -> Result<Option<HumanVerdict>> {
        Ok(self.humans(workspace, &[call])?.remove(&call))
    }

    /// Verdicts that the server has not been told yet, by call.
    pub fn humans_unsent(&self, workspace: i64) -> Result<BTreeMap<i64, HumanVerdict>> {
        self.journal(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT call, review, votes, sent FROM human_verdicts
                 WHERE workspace = ?1 AND sent = 0",
            )?;
            let rows = statement.query_map([workspace], human_of)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// People's verdicts on these calls, by call.
    pub fn humans(&self, workspace: i64, calls: &[i64]) -> Result<BTreeMap<i64, HumanVerdict>> {
        let Some((first, last)) = span(calls) else { return Ok(BTreeMap::new()) };
        let found: BTreeMap<i64, HumanVerdict> = self.journal(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT call, review, votes, sent FROM human_verdicts
                 WHERE workspace = ?1 AND call BETWEEN ?2 AND ?3",
            )?;
            let rows = statement.query_map((workspace, first, last), human_of)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })?;
        Ok(only(calls, found))
    }
}
