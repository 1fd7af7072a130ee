//! What a person asked to end, a row each, until it has ended.

use jiff::Timestamp;

use crate::change::Topic;
use crate::columns::{Columns, micros};
use crate::error::Result;
use crate::ledger::Ledger;

/// Stands in the column `call` for all calls of the result.
const ALL: i64 = 0;

/// A wish to end calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// The result.
    pub result: i64,
    /// The call; `None` for all calls of the result.
    pub call: Option<i64>,
    /// When the server was last told.
    pub told_at: Timestamp,
}

impl Ledger {
    /// The wishes of a workspace.
    pub fn stops(&self, workspace: i64) -> Result<Vec<Stop>> {
        self.journal(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT result, call, told_at FROM stops WHERE workspace = ?1
                 ORDER BY result, call",
            )?;
            let rows = statement.query_map([workspace], |row| {
                let mut columns = Columns::of(row);
                Ok(Stop {
                    result: columns.int()?,
                    call: Some(columns.int()?).filter(|call| *call != ALL),
                    told_at: columns.time()?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Adds a wish; one that is there was told at this time.
    pub fn stop_put(&self, workspace: i64, stop: &Stop) -> Result<()> {
        self.journal_write(|conn| {
            conn.prepare_cached(
                "INSERT INTO stops (workspace, result, call, told_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (workspace, result, call) DO UPDATE SET told_at = excluded.told_at",
            )?
            .execute((
                workspace,
                stop.result,
                stop.call.unwrap_or(ALL),
                micros(stop.told_at),
            ))?;
            Ok(())
        })?;
        self.tell_stop(stop);
        Ok(())
    }

    /// The server was told of a wish at this time; nothing happens to one that was taken back
    /// meanwhile.
    pub fn stop_told(&self, workspace: i64, stop: &Stop) -> Result<()> {
        self.journal_write(|conn| {
            conn.prepare_cached(
                "UPDATE stops SET told_at = ?4 WHERE workspace = ?1 AND result = ?2 AND call = ?3",
            )?
            .execute((
                workspace,
                stop.result,
                stop.call.unwrap_or(ALL),
                micros(stop.told_at),
            ))?;
            Ok(())
        })
    }

    /// Takes a wish back, or notes that it has come true.
    pub fn stop_remove(&self, workspace: i64, stop: &Stop) -> Result<()> {
        let removed = self.journal_write(|conn| {
            Ok(conn
                .prepare_cached(
                    "DELETE FROM stops WHERE workspace = ?1 AND result = ?2 AND call = ?3",
                )?
                .execute((workspace, stop.result, stop.call.unwrap_or(ALL)))?)
        })?;
        if removed > 0 {
            self.tell_stop(stop);
        }
        Ok(())
    }

    /// Takes every wish about a result back.
    pub fn stops_remove(&self, workspace: i64, result: i64) -> Result<()> {
        let removed = self.journal_write(|conn| {
            Ok(conn
                .prepare_cached("DELETE FROM stops WHERE workspace = ?1 AND result = ?2")?
                .execute((workspace, result))?)
        })?;
        if removed > 0 {
            self.tell(Topic::Calls, vec![result]);
            self.tell(Topic::Results, vec![result]);
        }
        Ok(())
    }

    fn tell_stop(&self, stop: &Stop) {
        self.tell(Topic::Calls, vec![stop.result]);
        self.tell(Topic::Results, vec![stop.result]);
    }
}
