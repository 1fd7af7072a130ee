//! The schemas, as steps that are only ever added to. A released step never changes.
//!
//! Each step ends by writing its own number into the table `about`: the number in the file's
//! header is a few unguarded bytes, and a flipped bit there must not make a sound file unreadable.
//!
//! Absent on purpose: any column for a key.

use rusqlite::{Connection, Transaction};
use rusqlite_migration::{M, Migrations};
use serde_json::Value;

use crate::error::Result;
use crate::secrets::without_credentials;

/// What stood among the settings, into tables of its own.
macro_rules! out_of_settings {
    () => {
        "-- These four stood among the settings. Times are left out: what is due is due at once.
         INSERT OR IGNORE INTO stops (workspace, result, call, told_at)
             SELECT w.id, CAST(wish.key AS INTEGER), 0, 0
             FROM workspaces AS w JOIN settings AS s ON s.key = 'stops/' || w.id,
                 json_each(iif(json_valid(s.value), s.value, '{}'), '$.results') AS wish;
         INSERT OR IGNORE INTO stops (workspace, result, call, told_at)
             SELECT w.id, CAST(json_extract(wish.value, '$[0]') AS INTEGER),
                 CAST(wish.key AS INTEGER), 0
             FROM workspaces AS w JOIN settings AS s ON s.key = 'stops/' || w.id,
                 json_each(iif(json_valid(s.value), s.value, '{}'), '$.calls') AS wish
             WHERE json_type(wish.value, '$[0]') = 'integer';
         INSERT OR IGNORE INTO accounts (workspace, organizations, projects)
             SELECT w.id, coalesce(json_extract(s.value, '$.organizations'), '[]'),
                 coalesce(json_extract(s.value, '$.projects'), '[]')
             FROM workspaces AS w JOIN settings AS s ON s.key = 'account/' || w.id
             WHERE json_valid(s.value) AND json_type(s.value) = 'object';
         INSERT OR IGNORE INTO judged (workspace, call, before, taken_back)
             SELECT w.id, CAST(substr(s.key, length('judged/' || w.id || '/') + 1) AS INTEGER),
                 json_extract(s.value, '$.before'),
                 coalesce(json_extract(s.value, '$.taken_back'), '[]')
             FROM workspaces AS w JOIN settings AS s ON s.key GLOB 'judged/' || w.id || '/*'
             WHERE json_valid(s.value) AND json_type(s.value) = 'object';
         DELETE FROM settings
             WHERE key GLOB 'stops/*' OR key GLOB 'account/*' OR key GLOB 'judged/*';
"
    };
}

fn journal() -> Vec<M<'static>> {
    vec![
        M::up(
            "CREATE TABLE about (version INTEGER NOT NULL) STRICT;
         INSERT INTO about (version) VALUES (1);
         CREATE TABLE workspaces (
             id INTEGER PRIMARY KEY AUTOINCREMENT,
             kind TEXT NOT NULL CHECK (kind IN ('practice', 'cekura')),
             origin TEXT NOT NULL UNIQUE,
             label TEXT NOT NULL,
             renamed INTEGER NOT NULL DEFAULT 0,
             created_at INTEGER NOT NULL,
             used_at INTEGER NOT NULL,
             current INTEGER NOT NULL DEFAULT 0
         ) STRICT;
         CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
         CREATE TABLE drafts (
             id TEXT PRIMARY KEY,
             workspace INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
             body TEXT NOT NULL,
             created_at INTEGER NOT NULL,
             changed_at INTEGER NOT NULL,
             spent INTEGER NOT NULL DEFAULT 0 CHECK (spent IN (0, 1))
         ) STRICT;
         CREATE INDEX drafts_open ON drafts (workspace, created_at) WHERE spent = 0;
         CREATE TABLE launches (
             id TEXT PRIMARY KEY,
             draft TEXT NOT NULL UNIQUE,
             workspace INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
             name TEXT NOT NULL,
             token TEXT NOT NULL,
             agent INTEGER NOT NULL,
             agent_name TEXT NOT NULL,
             body TEXT NOT NULL,
             body_hash TEXT NOT NULL,
             endpoint TEXT NOT NULL,
             expected_calls INTEGER NOT NULL,
             credits_low REAL,
             credits_high REAL,
             mocks TEXT NOT NULL,
             parent_result INTEGER,
             parent_reason TEXT,
             app_version TEXT NOT NULL,
             state TEXT NOT NULL
                 CHECK (state IN ('sending', 'launched', 'refused', 'not_sent', 'unknown')),
             result INTEGER,
             answer_agent INTEGER,
             calls_placed INTEGER,
             code TEXT,
             problems TEXT NOT NULL DEFAULT 'null',
             looks INTEGER NOT NULL DEFAULT 0,
             last_look_at INTEGER,
             found TEXT NOT NULL DEFAULT '[]',
             adopted INTEGER NOT NULL DEFAULT 0,
             decision TEXT CHECK (decision IN ('not_started', 'left')),
             dismissed INTEGER NOT NULL DEFAULT 0,
             started_at INTEGER NOT NULL,
             ended_at INTEGER
         ) STRICT;
         CREATE UNIQUE INDEX launches_one_sending ON launches (workspace) WHERE state = 'sending';
         CREATE INDEX launches_newest ON launches (workspace, started_at);
         CREATE INDEX launches_result ON launches (workspace, result) WHERE result IS NOT NULL;
         CREATE TABLE launch_events (
             id INTEGER PRIMARY KEY,
             launch TEXT NOT NULL REFERENCES launches (id) ON DELETE CASCADE,
             at INTEGER NOT NULL,
             event TEXT NOT NULL,
             detail TEXT NOT NULL
         ) STRICT;
         CREATE INDEX launch_events_launch ON launch_events (launch);
         CREATE TRIGGER launch_events_stay BEFORE UPDATE ON launch_events
         BEGIN SELECT RAISE(ABORT, 'history is only added to'); END;",
        ),
        M::up(
            "CREATE TABLE plans (
             id TEXT PRIMARY KEY,
             workspace INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
             name TEXT NOT NULL,
             name_key TEXT NOT NULL,
             body TEXT NOT NULL,
             created_at INTEGER NOT NULL,
             changed_at INTEGER NOT NULL,
             UNIQUE (workspace, name_key)
         ) STRICT;
         CREATE TABLE notes (
             workspace INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
             call INTEGER NOT NULL,
             text TEXT NOT NULL,
             changed_at INTEGER NOT NULL,
             PRIMARY KEY (workspace, call)
         ) STRICT, WITHOUT ROWID;
         CREATE TABLE human_verdicts (
             workspace INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
             call INTEGER NOT NULL,
             review INTEGER,
             votes TEXT NOT NULL,
             sent INTEGER NOT NULL,
             changed_at INTEGER NOT NULL,
             PRIMARY KEY (workspace, call)
         ) STRICT, WITHOUT ROWID;
         UPDATE about SET version = 2;",
        ),
        M::up_with_hook(
            concat!(
        "-- What a person asked to end, until it has; call 0 stands for all calls of the result.
         CREATE TABLE stops (
             workspace INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
             result INTEGER NOT NULL,
             call INTEGER NOT NULL,
             told_at INTEGER NOT NULL,
             PRIMARY KEY (workspace, result, call)
         ) STRICT, WITHOUT ROWID;
         -- Whose calls a workspace keeps: JSON arrays of ids.
         CREATE TABLE accounts (
             workspace INTEGER PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
             organizations TEXT NOT NULL,
             projects TEXT NOT NULL
         ) STRICT;
         -- What was said of a call before a person here said something.
         CREATE TABLE judged (
             workspace INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
             call INTEGER NOT NULL,
             before TEXT,
             taken_back TEXT NOT NULL,
             refused_at INTEGER,
             PRIMARY KEY (workspace, call)
         ) STRICT, WITHOUT ROWID;
         -- Most launches took place; those that wait for something are few.
         CREATE INDEX launches_unsettled ON launches (workspace, started_at)
             WHERE state <> 'launched';
         CREATE INDEX launches_parent ON launches (workspace, parent_result)
             WHERE parent_result IS NOT NULL;
         -- Workspaces that are being erased from the archive.
         CREATE TABLE erasures (workspace INTEGER PRIMARY KEY) STRICT;
",
            out_of_settings!(),
            "         UPDATE about SET version = 3;"
        ),
            |transaction: &Transaction<'_>| Ok(take_credentials_out(transaction)?),
        ),
    ]
}

/// Takes credentials of third parties out of the launches that an earlier version wrote down.
fn take_credentials_out(conn: &Connection) -> rusqlite::Result<()> {
    let mut read = conn.prepare("SELECT rowid, body FROM launches")?;
    let mut write = conn.prepare("UPDATE launches SET body = ?2 WHERE rowid = ?1")?;
    let mut rows = read.query([])?;
    let mut changed = Vec::new();
    while let Some(row) = rows.next()? {
        let text: String = row.get(1)?;
        let Ok(mut body) = serde_json::from_str::<Value>(&text) else { continue };
        if without_credentials(&mut body) {
            changed.push((row.get::<_, i64>(0)?, body.to_string()));
        }
    }
    drop(rows);
    for row in changed {
        write.execute(row)?;
    }
    Ok(())
}

/// Makes of rows that came from a journal of an earlier version what its own steps would have made of
/// them.
pub(crate) fn bring_up_to_date(conn: &Connection) -> Result<()> {
    conn.execute_batch(out_of_settings!())?;
    Ok(take_credentials_out(conn)?)
}

fn archive() -> Vec<M<'static>> {
    vec![
    M::up(
        "CREATE TABLE about (version INTEGER NOT NULL) STRICT;
         INSERT INTO about (version) VALUES (1);
         CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
         INSERT INTO meta (key, value) VALUES ('seq', 0);
         -- Which server the rows of a workspace came from: a journal that was lost finds them again.
         CREATE TABLE origins (workspace INTEGER PRIMARY KEY, origin TEXT NOT NULL UNIQUE) STRICT;
         CREATE TABLE catalogue (
             workspace INTEGER PRIMARY KEY,
             fetched_at INTEGER NOT NULL,
             head TEXT NOT NULL
         ) STRICT;
         CREATE TABLE evaluators (
             workspace INTEGER NOT NULL,
             id INTEGER NOT NULL,
             agent INTEGER,
             name_key TEXT NOT NULL,
             updated_at TEXT,
             opened INTEGER NOT NULL,
             row TEXT NOT NULL,
             raw TEXT NOT NULL,
             PRIMARY KEY (workspace, id)
         ) STRICT;
         CREATE INDEX evaluators_name ON evaluators (workspace, name_key, id);
         CREATE TABLE results (
             workspace INTEGER NOT NULL,
             id INTEGER NOT NULL,
             name TEXT NOT NULL,
             agent INTEGER,
             agent_name TEXT,
             status TEXT,
             run_type TEXT,
             scheduled INTEGER NOT NULL,
             created_at INTEGER,
             changed_at INTEGER NOT NULL,
             followed INTEGER NOT NULL,
             has_detail INTEGER NOT NULL,
             launch_id TEXT,
             expected_calls INTEGER,
             passed INTEGER NOT NULL DEFAULT 0,
             agent_failed INTEGER NOT NULL DEFAULT 0,
             never_connected INTEGER NOT NULL DEFAULT 0,
             needs_a_look INTEGER NOT NULL DEFAULT 0,
             stopped INTEGER NOT NULL DEFAULT 0,
             in_progress INTEGER NOT NULL DEFAULT 0,
             calls INTEGER NOT NULL DEFAULT 0,
             ended INTEGER NOT NULL DEFAULT 0,
             seconds_total REAL NOT NULL DEFAULT 0,
             seconds_known INTEGER NOT NULL DEFAULT 0,
             server_passed INTEGER,
             server_failed INTEGER,
             seq INTEGER NOT NULL,
             sort_at INTEGER NOT NULL,
             search TEXT NOT NULL,
             print INTEGER NOT NULL,
             PRIMARY KEY (workspace, id)
         ) STRICT, WITHOUT ROWID;
         CREATE INDEX results_newest ON results (workspace, sort_at DESC, id DESC);
         CREATE INDEX results_followed ON results (workspace, id) WHERE followed = 1;
         CREATE TABLE result_bodies (
             workspace INTEGER NOT NULL,
             id INTEGER NOT NULL,
             raw TEXT NOT NULL,
             PRIMARY KEY (workspace, id)
         ) STRICT;
         CREATE TABLE calls (
             workspace INTEGER NOT NULL,
             id INTEGER NOT NULL,
             result INTEGER NOT NULL,
             evaluator INTEGER,
             evaluator_name TEXT,
             caller INTEGER,
             caller_name TEXT,
             profile INTEGER,
             profile_name TEXT,
             status TEXT,
             outcome TEXT NOT NULL,
             why TEXT NOT NULL,
             duration_s REAL,
             started_at INTEGER,
             ended INTEGER NOT NULL,
             full_read INTEGER NOT NULL,
             full_ended INTEGER NOT NULL,
             changed_at INTEGER NOT NULL,
             seq INTEGER NOT NULL,
             print INTEGER NOT NULL,
             PRIMARY KEY (workspace, id)
         ) STRICT, WITHOUT ROWID;
         CREATE INDEX calls_result ON calls (workspace, result, id);
         CREATE INDEX calls_changed ON calls (workspace, result, seq);
         CREATE TABLE call_bodies (
             workspace INTEGER NOT NULL,
             id INTEGER NOT NULL,
             raw TEXT NOT NULL,
             PRIMARY KEY (workspace, id)
         ) STRICT;",
    ),
    M::up(
        "CREATE INDEX calls_evaluator ON calls (workspace, evaluator, id DESC, outcome, duration_s)
             WHERE evaluator IS NOT NULL AND ended = 1;
         UPDATE about SET version = 2;",
    ),
    M::up(
        "-- By which version of the rules outcome and reason were found; 0 is unknown.
         ALTER TABLE calls ADD COLUMN reading INTEGER NOT NULL DEFAULT 0;
         CREATE INDEX calls_reading ON calls (workspace, reading, result DESC);
         -- The row that came after the full reading of a call, where it says more.
         CREATE TABLE call_updates (
             workspace INTEGER NOT NULL,
             id INTEGER NOT NULL,
             raw TEXT NOT NULL,
             PRIMARY KEY (workspace, id)
         ) STRICT;
         UPDATE about SET version = 3;",
    ),
    M::up(
        "-- The draft whose launch a result came of: a journal that was lost learns from it that the
         -- draft was launched.
         ALTER TABLE results ADD COLUMN draft TEXT;
         UPDATE about SET version = 4;",
    ),
    ]
}

/// Which of the two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Small and precious.
    Journal,
    /// Large, and mostly to be had again.
    Archive,
}

impl Kind {
    /// The file's name in the data folder.
    pub(crate) fn file_name(self) -> &'static str {
        match self {
            Self::Journal => "journal.db",
            Self::Archive => "archive.db",
        }
    }

    pub(crate) fn migrations(self) -> Migrations<'static> {
        Migrations::new(self.steps())
    }

    /// The newest version of the schema.
    pub(crate) fn latest(self) -> i64 {
        self.steps().len() as i64
    }

    fn steps(self) -> Vec<M<'static>> {
        match self {
            Self::Journal => journal(),
            Self::Archive => archive(),
        }
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should say so"
)]
mod tests;
