//! The catalogue: what a run can be made of, as the server last said.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::change::Topic;
use crate::columns::{Columns, micros};
use crate::error::Result;
use crate::ledger::Ledger;

/// An id with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The API's id.
    pub id: i64,
    /// The name.
    pub name: String,
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentRow {
    /// The API's id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its project.
    pub project: Option<i64>,
    /// The project's name.
    pub project_name: Option<String>,
    /// Language code.
    pub language: Option<String>,
    /// Where the agent runs.
    pub provider: Option<String>,
    /// Whether it has its Pipecat connection; absent when the server does not say.
    pub pipecat_ready: Option<bool>,
    /// Its name on Pipecat Cloud.
    pub pipecat_agent_name: Option<String>,
    /// Names of the tools that can be mocked.
    pub mock_tools: Vec<String>,
    /// Whether mocking is switched on at the server.
    pub mock_tools_enabled: Option<bool>,
    /// Callers that may be used in place of the evaluators' own.
    pub enabled_callers: Vec<i64>,
}

/// A caller.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallerRow {
    /// The API's id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// A line more.
    pub description: Option<String>,
    /// Language code.
    pub language: Option<String>,
}

/// A test profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProfileRow {
    /// The API's id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The agent it belongs to.
    pub agent: Option<i64>,
    /// The project it belongs to.
    pub project: Option<i64>,
}

/// A metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricRow {
    /// The API's id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The API's kind of evaluation.
    pub eval_type: Option<String>,
    /// Credits for each call.
    pub cost: Option<f64>,
}

/// A folder of evaluators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderRow {
    /// Last part of the path.
    pub name: String,
    /// The API's dot-separated path.
    pub path: String,
}

/// An evaluator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvaluatorRow {
    /// The API's id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The agent it belongs to; none means any.
    pub agent: Option<i64>,
    /// The project it belongs to.
    pub project: Option<i64>,
    /// Dot-separated folder path.
    pub folder: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The caller it uses by itself.
    pub caller: Option<i64>,
    /// That caller's name.
    pub caller_name: Option<String>,
    /// Language code.
    pub language: Option<String>,
    /// The test profile it uses by itself.
    pub profile: Option<i64>,
    /// Names of the metrics that judge it.
    pub metrics: Vec<String>,
    /// Whether a pass can mean more than "the call connected".
    pub has_expected_outcome: bool,
    /// When it was last changed, as the server wrote it.
    pub updated_at: Option<String>,
    /// As it came. Null in lists: ten thousand scripts are not read to show their names.
    #[serde(skip)]
    pub raw: Value,
}

/// A whole reading of the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogueSnapshot {
    /// Projects the key may see.
    pub projects: Vec<Named>,
    /// Agents.
    pub agents: Vec<AgentRow>,
    /// Callers.
    pub callers: Vec<CallerRow>,
    /// Test profiles.
    pub profiles: Vec<ProfileRow>,
    /// Metrics.
    pub metrics: Vec<MetricRow>,
    /// Folders.
    pub folders: Vec<FolderRow>,
    /// Tags in use.
    pub tags: Vec<String>,
    /// Evaluators.
    pub evaluators: Vec<EvaluatorRow>,
    /// Entries that could not be read.
    pub unreadable: u32,
}

/// The catalogue without its evaluators, which are many.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CatalogueHead {
    /// Projects the key may see.
    pub projects: Vec<Named>,
    /// Agents.
    pub agents: Vec<AgentRow>,
    /// Callers.
    pub callers: Vec<CallerRow>,
    /// Test profiles.
    pub profiles: Vec<ProfileRow>,
    /// Metrics.
    pub metrics: Vec<MetricRow>,
    /// Folders.
    pub folders: Vec<FolderRow>,
    /// Tags in use.
    pub tags: Vec<String>,
    /// Entries that could not be read.
    pub unreadable: u32,
    /// When it was read.
    pub fetched_at: Timestamp,
}

fn put(conn: &Connection, workspace: i64, row: &EvaluatorRow, opened: bool) -> Result<()> {
    // A row of the list takes nothing away from an evaluator that was opened, unless it has been
    // changed since: the list may come without the script.
    conn.prepare_cached(
        "INSERT INTO evaluators (workspace, id, agent, name_key, updated_at, opened, row, raw)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (workspace, id) DO UPDATE SET
             agent = excluded.agent, name_key = excluded.name_key, row = excluded.row,
             raw = iif(opened AND NOT excluded.opened AND updated_at = excluded.updated_at,
                 raw, excluded.raw),
             opened = iif(opened AND updated_at = excluded.updated_at, 1, excluded.opened),
             updated_at = excluded.updated_at",
    )?
    .execute((
        workspace,
        row.id,
        row.agent,
        row.name.to_lowercase(),
        &row.updated_at,
        opened,
        serde_json::to_string(row)?,
        row.raw.to_string(),
    ))?;
    Ok(())
}

impl Ledger {
    /// What a run can be made of, without the evaluators; `None` if it was never read.
    pub fn catalogue(&self, workspace: i64) -> Result<Option<CatalogueHead>> {
        self.archive(|conn| {
            let head = conn
                .prepare_cached("SELECT head FROM catalogue WHERE workspace = ?1")?
                .query_row([workspace], |row| Ok(row.get_ref(0)?.as_bytes()?.to_vec()))
                .optional()?;
            // One that an earlier version wrote differently is as good as none: it is read again.
            Ok(head.and_then(|head| serde_json::from_slice(&head).ok()))
        })
    }

    /// Puts a whole reading in place of the one before.
    pub fn catalogue_put(&self, workspace: i64, snapshot: &CatalogueSnapshot) -> Result<()> {
        let fetched_at = self.now();
        let head = CatalogueHead {
            projects: snapshot.projects.clone(),
            agents: snapshot.agents.clone(),
            callers: snapshot.callers.clone(),
            profiles: snapshot.profiles.clone(),
            metrics: snapshot.metrics.clone(),
            folders: snapshot.folders.clone(),
            tags: snapshot.tags.clone(),
            unreadable: snapshot.unreadable,
            fetched_at,
        };
        let head = serde_json::to_string(&head)?;
        let ids: Vec<i64> = snapshot.evaluators.iter().map(|row| row.id).collect();
        self.archive_write_of(workspace, |conn| {
            conn.execute(
                "INSERT INTO catalogue (workspace, fetched_at, head) VALUES (?1, ?2, ?3)
                 ON CONFLICT (workspace)
                 DO UPDATE SET fetched_at = excluded.fetched_at, head = excluded.head",
                (workspace, micros(fetched_at), head),
            )?;
            conn.execute(
                "DELETE FROM evaluators
                 WHERE workspace = ?1 AND id NOT IN (SELECT value FROM json_each(?2))",
                (workspace, Value::from(ids).to_string()),
            )?;
            for row in &snapshot.evaluators {
                put(conn, workspace, row, false)?;
            }
            Ok(())
        })?;
        self.tell(Topic::Catalogue, Vec::new());
        Ok(())
    }

    /// The evaluators that can be run against an agent, by name: its own and those of no agent; all
    /// of them without one. At most `limit` of them, where one is given. Their `raw` is null.
    pub fn evaluators(
        &self,
        workspace: i64,
        agent: Option<i64>,
        limit: Option<u32>,
    ) -> Result<Vec<EvaluatorRow>> {
        self.archive(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT row FROM evaluators
                 WHERE workspace = ?1 AND (?2 IS NULL OR agent IS NULL OR agent = ?2)
                 ORDER BY name_key, id LIMIT ?3",
            )?;
            // To SQLite, a limit below zero is none.
            let limit = limit.map_or(-1, i64::from);
            let rows = statement.query_map((workspace, agent, limit), |row| {
                // Straight from the column's bytes: ten thousand rows are read at once.
                Ok(row
                    .get_ref(0)?
                    .as_bytes()
                    .ok()
                    .and_then(|text| serde_json::from_slice(text).ok()))
            })?;
            Ok(rows.filter_map(rusqlite::Result::transpose).collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The tags of some evaluators, of those that have any.
    pub fn tags_of(&self, workspace: i64, evaluators: &[i64]) -> Result<HashMap<i64, Vec<String>>> {
        #[derive(Deserialize)]
        struct Tagged {
            tags: Vec<String>,
        }
        self.archive(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT id, row FROM evaluators
                 WHERE workspace = ?1 AND id IN (SELECT value FROM json_each(?2))",
            )?;
            let mut rows = statement.query((workspace, Value::from(evaluators).to_string()))?;
            let mut all = HashMap::new();
            while let Some(row) = rows.next()? {
                let text = row.get_ref(1)?.as_bytes().unwrap_or_default();
                let tags = serde_json::from_slice(text)
                    .map_or_else(|_| Vec::new(), |row: Tagged| row.tags);
                if !tags.is_empty() {
                    all.insert(row.get(0)?, tags);
                }
            }
            Ok(all)
        })
    }

    /// Some evaluators, by id; those that are not known are left out. Their `raw` is null.
    pub fn evaluators_by_id(
        &self,
        workspace: i64,
        ids: &[i64],
    ) -> Result<BTreeMap<i64, EvaluatorRow>> {
        self.archive(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT id, row FROM evaluators
                 WHERE workspace = ?1 AND id IN (SELECT value FROM json_each(?2))",
            )?;
            let mut rows = statement.query((workspace, Value::from(ids).to_string()))?;
            let mut all = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let text = row.get_ref(1)?.as_bytes().unwrap_or_default();
                if let Ok(evaluator) = serde_json::from_slice(text) {
                    all.insert(row.get(0)?, evaluator);
                }
            }
            Ok(all)
        })
    }

    /// One evaluator, as it came.
    pub fn evaluator(&self, workspace: i64, id: i64) -> Result<Option<EvaluatorRow>> {
        self.archive(|conn| {
            let found = conn
                .prepare_cached("SELECT row, raw FROM evaluators WHERE workspace = ?1 AND id = ?2")?
                .query_row((workspace, id), |row| {
                    let mut columns = Columns::of(row);
                    Ok((columns.json()?, columns.json()?))
                })
                .optional()?;
            Ok(found.and_then(|(row, raw)| {
                let row: EvaluatorRow = serde_json::from_value(row).ok()?;
                Some(EvaluatorRow { raw, ..row })
            }))
        })
    }

    /// Keeps one evaluator that was opened.
    pub fn evaluator_put(&self, workspace: i64, row: &EvaluatorRow) -> Result<()> {
        self.archive_write_of(workspace, |conn| put(conn, workspace, row, true))?;
        self.tell(Topic::Catalogue, Vec::new());
        Ok(())
    }
}
