//! The schemas, as steps that are only ever added to. A released step never changes.
//!
//! Each step ends by writing its own number into the table `about`: the number in the file's
//! header is a few unguarded bytes, and a flipped bit there must not make a sound file unreadable.
//!
//! Absent on purpose: any column for a key.

use rusqlite_migration::{M, Migrations};

const JOURNAL: &[M<'_>] = &[
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
];

const ARCHIVE: &[M<'_>] = &[
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
];

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
        Migrations::from_slice(self.steps())
    }

    /// The newest version of the schema.
    pub(crate) fn latest(self) -> i64 {
        self.steps().len() as i64
    }

    fn steps(self) -> &'static [M<'static>] {
        match self {
            Self::Journal => JOURNAL,
            Self::Archive => ARCHIVE,
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
