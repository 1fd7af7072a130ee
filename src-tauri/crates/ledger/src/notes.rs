//! What people say of calls: notes and verdicts. In the journal, so that fetching a call again, or
//! losing the archive, takes nothing away.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::Value;

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

/// What was said of a call before a person here said something, and what they took back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Judged {
    /// What had been said of the call, as its owner keeps it; null for nothing.
    pub before: Value,
    /// What was taken back and the server has not been told, by name.
    pub taken_back: BTreeSet<String>,
    /// When the server last refused to hear it.
    pub refused_at: Option<Timestamp>,
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
        self.human_change(workspace, call, |human, _| human.clone_from(verdict)).map(drop)
    }

    /// Changes a person's verdict on a call and what stands behind it, in one commit: two changes at
    /// once lose nothing of each other. Returns both as they are now. `change` must not ask the ledger
    /// anything.
    pub fn human_change(
        &self,
        workspace: i64,
        call: i64,
        change: impl FnOnce(&mut HumanVerdict, &mut Judged),
    ) -> Result<(HumanVerdict, Judged)> {
        let now = micros(self.now());
        let both = self.journal_write(|conn| {
            let before = (human_in(conn, workspace, call)?, judged_in(conn, workspace, call)?);
            let (mut human, mut judged) = before.clone();
            change(&mut human, &mut judged);
            if human != before.0 {
                human_write(conn, workspace, call, &human, now)?;
            }
            if judged != before.1 {
                judged_write(conn, workspace, call, &judged)?;
            }
            Ok((human, judged))
        })?;
        self.tell(Topic::Notes, vec![call]);
        Ok(both)
    }

    /// The server knows what was said of a call, unless a person has said something else since it was
    /// told `human` and `judged`. Returns whether it does.
    pub fn human_sent(
        &self,
        workspace: i64,
        call: i64,
        human: &HumanVerdict,
        judged: &Judged,
    ) -> Result<bool> {
        let mut sent = false;
        self.human_change(workspace, call, |now, behind| {
            sent = now.review == human.review
                && now.votes == human.votes
                && behind.taken_back == judged.taken_back;
            if sent {
                now.sent = true;
                behind.taken_back.clear();
                behind.refused_at = None;
            }
        })?;
        Ok(sent)
    }

    /// What stands behind a person's verdict on a call.
    pub fn judged(&self, workspace: i64, call: i64) -> Result<Judged> {
        self.journal(|conn| judged_in(conn, workspace, call))
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

fn human_in(conn: &Connection, workspace: i64, call: i64) -> Result<HumanVerdict> {
    let known = conn
        .prepare_cached(
            "SELECT call, review, votes, sent FROM human_verdicts
             WHERE workspace = ?1 AND call = ?2",
        )?
        .query_row((workspace, call), human_of)
        .optional()?;
    Ok(known.map(|(_, human)| human).unwrap_or_default())
}

fn human_write(
    conn: &Connection,
    workspace: i64,
    call: i64,
    human: &HumanVerdict,
    now: i64,
) -> Result<()> {
    // One that was taken back and not yet sent still has to be sent.
    if human.review.is_none() && human.votes.is_empty() && human.sent {
        conn.prepare_cached("DELETE FROM human_verdicts WHERE workspace = ?1 AND call = ?2")?
            .execute((workspace, call))?;
        return Ok(());
    }
    let votes = serde_json::to_string(&human.votes)?;
    conn.prepare_cached(
        "INSERT INTO human_verdicts (workspace, call, review, votes, sent, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (workspace, call) DO UPDATE SET review = excluded.review,
             votes = excluded.votes, sent = excluded.sent, changed_at = excluded.changed_at",
    )?
    .execute((workspace, call, human.review, votes, human.sent, now))?;
    Ok(())
}

fn judged_in(conn: &Connection, workspace: i64, call: i64) -> Result<Judged> {
    Ok(conn
        .prepare_cached(
            "SELECT before, taken_back, refused_at FROM judged WHERE workspace = ?1 AND call = ?2",
        )?
        .query_row((workspace, call), |row| {
            let mut columns = Columns::of(row);
            Ok(Judged {
                before: columns.json()?,
                taken_back: serde_json::from_value(columns.json()?).unwrap_or_default(),
                refused_at: columns.opt_time()?,
            })
        })
        .optional()?
        .unwrap_or_default())
}

fn judged_write(conn: &Connection, workspace: i64, call: i64, judged: &Judged) -> Result<()> {
    let before = Some(judged.before.to_string()).filter(|_| !judged.before.is_null());
    let taken_back = serde_json::to_string(&judged.taken_back)?;
    conn.prepare_cached(
        "INSERT INTO judged (workspace, call, before, taken_back, refused_at)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (workspace, call) DO UPDATE SET before = excluded.before,
             taken_back = excluded.taken_back, refused_at = excluded.refused_at",
    )?
    .execute((workspace, call, before, taken_back, judged.refused_at.map(micros)))?;
    Ok(())
}
