//! How much a journal or a copy of it knows of each launch. History is only added to, so the longer
//! one is the newer one.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::columns::Columns;
use crate::error::Result;
use crate::open::keep_log_at_close;

/// The number of events of each launch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct LaunchHistory {
    events: BTreeMap<String, i64>,
}

impl LaunchHistory {
    pub(crate) fn of(conn: &Connection) -> Result<Self> {
        Self::without(conn, &[])
    }

    fn without(conn: &Connection, workspaces: &[i64]) -> Result<Self> {
        let mut statement = conn.prepare(
            "SELECT id, (SELECT count(*) FROM launch_events WHERE launch = launches.id)
             FROM launches WHERE workspace NOT IN (SELECT value FROM json_each(?1))",
        )?;
        let rows = statement.query_map([serde_json::to_string(workspaces)?], |row| {
            let mut columns = Columns::of(row);
            Ok((columns.text()?, columns.int()?))
        })?;
        Ok(Self { events: rows.collect::<rusqlite::Result<_>>()? })
    }

    /// Of a file that is not open; `None` where it cannot be read.
    pub(crate) fn of_file(path: &Path) -> Option<Self> {
        Self::of(&look_into(path)?).ok()
    }

    /// The same without the launches of some workspaces.
    pub(crate) fn of_file_without(path: &Path, workspaces: &[i64]) -> Option<Self> {
        Self::without(&look_into(path)?, workspaces).ok()
    }

    /// Whether a launch is known here that the other does not have, or has less of.
    pub(crate) fn holds_more_than(&self, other: &Self) -> bool {
        self.events
            .iter()
            .any(|(launch, events)| other.events.get(launch).is_none_or(|known| known < events))
    }

    /// Launches and their events together.
    pub(crate) fn size(&self) -> i64 {
        self.events.values().map(|events| events + 1).sum()
    }

    pub(crate) fn launches(&self) -> usize {
        self.events.len()
    }
}

/// Opens a file to read from it, leaving it and its write-ahead log as they are.
pub(crate) fn look_into(path: &Path) -> Option<Connection> {
    if !path.is_file() {
        return None;
    }
    // Written to in no way, and yet opened for writing: to read a write-ahead log, SQLite has to
    // make an index of it.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).ok()?;
    keep_log_at_close(&conn, true).ok()?;
    conn.execute_batch("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF").ok()?;
    Some(conn)
}
