//! The arrows of the launch journal: see [`crate::LaunchState`] for what each state means.

use jiff::Timestamp;
use rusqlite::{Connection, Row, named_params};
use serde_json::{Value, json};

use crate::change::Topic;
use crate::columns::{Columns, micros};
use crate::drafts::draft_in;
use crate::error::{LedgerError, Result};
use crate::launches::{
    Decision, Launch, LaunchEnd, LaunchEvent, LaunchState, NewLaunch, Parent, Placed,
};
use crate::ledger::Ledger;
use crate::secrets::without_credentials;

const COLUMNS: &str = "id, draft, workspace, name, token, agent, agent_name, body, body_hash,
    endpoint, expected_calls, credits_low, credits_high, mocks, parent_result, parent_reason,
    app_version, state, result, answer_agent, calls_placed, code, problems, looks, last_look_at,
    found, adopted, decision, dismissed, started_at, ended_at";

fn launch_of(row: &Row<'_>) -> rusqlite::Result<Launch> {
    let mut columns = Columns::of(row);
    Ok(Launch {
        id: columns.text()?,
        draft: columns.text()?,
        workspace: columns.int()?,
        name: columns.text()?,
        token: columns.text()?,
        agent: columns.int()?,
        agent_name: columns.text()?,
        body: columns.json()?,
        body_hash: columns.text()?,
        endpoint: columns.text()?,
        expected_calls: columns.count()?,
        credits_low: columns.opt_real()?,
        credits_high: columns.opt_real()?,
        mocks: columns.json()?,
        parent: {
            let (result, reason) = (columns.opt_int()?, columns.opt_text()?);
            result.map(|result| Parent { result, reason: reason.unwrap_or_default() })
        },
        app_version: columns.text()?,
        state: match columns.text()?.as_str() {
            "sending" => LaunchState::Sending,
            "launched" => LaunchState::Launched,
            "refused" => LaunchState::Refused,
            "not_sent" => LaunchState::NotSent,
            // What cannot be read may have started.
            _ => LaunchState::Unknown,
        },
        result: columns.opt_int()?,
        answer_agent: columns.opt_int()?,
        calls_placed: columns.opt_count()?,
        code: columns.opt_text()?,
        problems: columns.json()?,
        looks: columns.count()?,
        last_look_at: columns.opt_time()?,
        found: serde_json::from_value(columns.json()?).unwrap_or_default(),
        adopted: columns.flag()?,
        decision: match columns.opt_text()?.as_deref() {
            Some("not_started") => Some(Decision::NotStarted),
            Some("left") => Some(Decision::Left),
            _ => None,
        },
        dismissed: columns.flag()?,
        started_at: columns.time()?,
        ended_at: columns.opt_time()?,
    })
}

fn launch_in(conn: &Connection, id: &str) -> Result<Launch> {
    let sql = format!("SELECT {COLUMNS} FROM launches WHERE id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], launch_of)?)
}

fn record(conn: &Connection, id: &str, at: i64, event: &str, detail: &Value) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO launch_events (launch, at, event, detail) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute((id, at, event, detail.to_string()))?;
    Ok(())
}

impl Ledger {
    /// Writes a launch down and spends its draft, in one durable commit. Only after this has
    /// returned may the request be sent.
    ///
    /// [`LedgerError::DraftSpent`] if the draft has been launched, [`LedgerError::DraftChanged`]
    /// if it was changed since it was read, [`LedgerError::LaunchUnderWay`]
    /// while another launch of the workspace is being sent, [`LedgerError::JournalMoved`] if what is
    /// written would not be found by the next start; none of them changes anything.
    pub fn launch_begin(&self, new: &NewLaunch) -> Result<Launch> {
        let now = micros(self.now());
        let mut body = new.body.clone();
        without_credentials(&mut body);
        let launch = self.journal_write_paid(|conn| {
            let draft = draft_in(conn, &new.draft)?;
            if draft.workspace != new.workspace {
                return Err(LedgerError::NotFound);
            }
            if draft.spent {
                return Err(LedgerError::DraftSpent);
            }
            // What is sent is what was checked and shown, or nothing.
            if draft.changed_at != new.draft_seen {
                return Err(LedgerError::DraftChanged);
            }
            let under_way: bool = conn.query_row(
                "SELECT EXISTS
                     (SELECT 1 FROM launches WHERE workspace = ?1 AND state = 'sending')",
                [new.workspace],
                |row| row.get(0),
            )?;
            if under_way {
                return Err(LedgerError::LaunchUnderWay);
            }
            conn.execute("UPDATE drafts SET spent = 1 WHERE id = ?1", [&new.draft])?;
            conn.execute(
                "INSERT INTO launches (id, draft, workspace, name, token, agent, agent_name, body,
                     body_hash, endpoint, expected_calls, credits_low, credits_high, mocks,
                     parent_result, parent_reason, app_version, state, started_at)
                 VALUES (:id, :draft, :workspace, :name, :token, :agent, :agent_name, :body,
                     :body_hash, :endpoint, :expected_calls, :credits_low, :credits_high, :mocks,
                     :parent_result, :parent_reason, :app_version, 'sending', :now)",
                named_params! {
                    ":id": new.id, ":draft": new.draft, ":workspace": new.workspace,
                    ":name": new.name, ":token": new.token, ":agent": new.agent,
                    ":agent_name": new.agent_name, ":body": body.to_string(),
                    ":body_hash": new.body_hash, ":endpoint": new.endpoint,
                    ":expected_calls": new.expected_calls, ":credits_low": new.credits_low,
                    ":credits_high": new.credits_high, ":mocks": new.mocks.to_string(),
                    ":parent_result": new.parent.as_ref().map(|parent| parent.result),
                    ":parent_reason": new.parent.as_ref().map(|parent| &parent.reason),
                    ":app_version": new.app_version, ":now": now,
                },
            )?;
            record(conn, &new.id, now, "sending", &json!({ "draft": new.draft }))?;
            launch_in(conn, &new.id)
        })?;
        self.tell(Topic::Drafts, Vec::new());
        self.tell(Topic::Launches, Vec::new());
        Ok(launch)
    }

    /// Writes down how sending ended; only from `sending`, else [`LedgerError::BadArrow`].
    pub fn launch_end(&self, id: &str, end: &LaunchEnd) -> Result<Launch> {
        let now = micros(self.now());
        let launch = self.arrow(id, |conn, launch| {
            if launch.state != LaunchState::Sending {
                return Err(LedgerError::BadArrow);
            }
            end_in(conn, id, end, now)
        })?;
        if let Err(error) = self.backup_if_due() {
            tracing::warn!(code = error.code(), "no backup was written");
        }
        Ok(launch)
    }

    /// Keeps more about a refusal; only of a refused launch, else [`LedgerError::BadArrow`].
    pub fn launch_problems(&self, id: &str, problems: &Value) -> Result<Launch> {
        self.arrow(id, |conn, launch| {
            if launch.state != LaunchState::Refused {
                return Err(LedgerError::BadArrow);
            }
            conn.execute(
                "UPDATE launches SET problems = ?2 WHERE id = ?1",
                (id, problems.to_string()),
            )?;
            Ok(())
        })
    }

    /// The result of an unknown launch was found. [`LedgerError::BadArrow`] if the launch is not
    /// unknown, or the result came of another launch.
    ///
    /// A person who said that it did not start may have been wrong: then too it is adopted.
    pub fn launch_adopt(
        &self,
        id: &str,
        result: i64,
        agent: Option<i64>,
        calls_placed: u32,
    ) -> Result<Launch> {
        let now = micros(self.now());
        self.arrow(id, |conn, launch| {
            let claimed: bool = conn.query_row(
                "SELECT EXISTS (SELECT 1 FROM launches
                 WHERE workspace = ?1 AND result = ?2 AND id <> ?3)",
                (launch.workspace, result, id),
                |row| row.get(0),
            )?;
            if launch.state != LaunchState::Unknown || claimed {
                return Err(LedgerError::BadArrow);
            }
            conn.execute(
                "UPDATE launches SET state = 'launched', result = ?2, answer_agent = ?3,
                     calls_placed = ?4, adopted = 1
                 WHERE id = ?1",
                (id, result, agent, calls_placed),
            )?;
            record(conn, id, now, "adopted", &json!({ "result": result }))
        })
    }

    /// An unknown launch was looked for; `found` are the results that may be it.
    pub fn launch_look(&self, id: &str, found: &[i64]) -> Result<Launch> {
        let now = micros(self.now());
        self.arrow(id, |conn, launch| {
            if launch.state != LaunchState::Unknown {
                return Err(LedgerError::BadArrow);
            }
            let found = Value::from(found);
            conn.execute(
                "UPDATE launches SET looks = looks + 1, last_look_at = ?2, found = ?3 WHERE id = ?1",
                (id, now, found.to_string()),
            )?;
            record(conn, id, now, "look", &json!({ "found": found }))
        })
    }

    /// What a person says of an unknown launch. What was left may still be said not to have
    /// started; the other way round is [`LedgerError::BadArrow`]. Saying the same again is allowed.
    pub fn launch_decide(&self, id: &str, decision: Decision) -> Result<Launch> {
        let now = micros(self.now());
        self.arrow(id, |conn, launch| {
            if launch.state != LaunchState::Unknown {
                return Err(LedgerError::BadArrow);
            }
            if launch.decision == Some(decision) {
                return Ok(());
            }
            if launch.decision == Some(Decision::NotStarted) {
                return Err(LedgerError::BadArrow);
            }
            conn.execute(
                "UPDATE launches SET decision = ?2 WHERE id = ?1",
                (id, decision.as_str()),
            )?;
            record(conn, id, now, "decided", &json!({ "decision": decision.as_str() }))
        })
    }

    /// A person has seen that a launch was refused or not sent.
    pub fn launch_dismiss(&self, id: &str) -> Result<Launch> {
        let now = micros(self.now());
        self.arrow(id, |conn, launch| {
            // A launch that took place has a card too when the answer named another agent.
            let has_card = matches!(
                launch.state,
                LaunchState::Refused | LaunchState::NotSent | LaunchState::Launched
            );
            if !has_card {
                return Err(LedgerError::BadArrow);
            }
            if launch.dismissed {
                return Ok(());
            }
            conn.execute("UPDATE launches SET dismissed = 1 WHERE id = ?1", [id])?;
            record(conn, id, now, "dismissed", &Value::Null)
        })
    }

    /// At start: what was being sent when the program ended is not known to have started. Gives
    /// those launches.
    pub fn launches_sending_at_start(&self) -> Result<Vec<Launch>> {
        let now = micros(self.now());
        let killed = self.journal_write(|conn| {
            let ids = settle_killed(conn, now)?;
            ids.iter().map(|id| launch_in(conn, id)).collect::<Result<Vec<_>>>()
        })?;
        if !killed.is_empty() {
            self.tell(Topic::Launches, Vec::new());
        }
        Ok(killed)
    }

    /// A launch; [`LedgerError::NotFound`] if there is none of this id.
    pub fn launch(&self, id: &str) -> Result<Launch> {
        self.journal(|conn| launch_in(conn, id))
    }

    /// The launches of a workspace, the newest first.
    pub fn launches(&self, workspace: i64, limit: u32) -> Result<Vec<Launch>> {
        self.select(
            "workspace = ?1 ORDER BY started_at DESC, rowid DESC LIMIT ?2",
            (workspace, limit),
        )
    }

    /// The launches that repeat a part of a result, the oldest first.
    pub fn launches_of_parent(&self, workspace: i64, result: i64) -> Result<Vec<Launch>> {
        self.select(
            "workspace = ?1 AND parent_result = ?2 ORDER BY started_at, rowid",
            (workspace, result),
        )
    }

    /// The launches that wait for something, the newest first: being sent, unknown and undecided,
    /// refused or not sent and not yet seen by a person.
    pub fn launches_unsettled(&self, workspace: i64) -> Result<Vec<Launch>> {
        self.select(
            "workspace = ?1 AND state <> 'launched'
                 AND (state = 'sending' OR (state = 'unknown' AND decision IS NULL)
                 OR (state IN ('refused', 'not_sent') AND dismissed = 0))
             ORDER BY started_at DESC, rowid DESC",
            [workspace],
        )
    }

    /// Whether a launch of a workspace is being sent.
    pub fn launch_under_way(&self, workspace: i64) -> Result<bool> {
        self.journal(|conn| {
            Ok(conn
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM launches
                     WHERE workspace = ?1 AND state = 'sending')",
                )?
                .query_row([workspace], |row| row.get(0))?)
        })
    }

    /// The launch a result came of.
    pub fn launch_by_result(&self, workspace: i64, result: i64) -> Result<Option<Launch>> {
        let found = self.select(
            // The plus keeps SQLite from going through all launches in the order it wants them in.
            "workspace = ?1 AND result = ?2 ORDER BY +started_at DESC, rowid DESC LIMIT 1",
            (workspace, result),
        )?;
        Ok(found.into_iter().next())
    }

    /// The newest launch of the same body since a time, unless nothing came of it.
    pub fn launch_same_since(
        &self,
        workspace: i64,
        body_hash: &str,
        since: Timestamp,
    ) -> Result<Option<Launch>> {
        let found = self.select(
            "workspace = ?1 AND body_hash = ?2 AND started_at >= ?3
                 AND state NOT IN ('refused', 'not_sent')
             ORDER BY started_at DESC, rowid DESC LIMIT 1",
            (workspace, body_hash, micros(since)),
        )?;
        Ok(found.into_iter().next())
    }

    /// What was placed since a time, or may have been: a launch whose fate is unknown counts until
    /// a person says that it did not start. Where the answer did not count the calls, the plan did.
    pub fn placed_since(&self, workspace: i64, since: Timestamp) -> Result<Placed> {
        self.journal(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT coalesce(sum(coalesce(calls_placed, expected_calls)), 0),
                        coalesce(sum(credits_high), 0.0)
                 FROM launches
                 WHERE workspace = ?1 AND started_at >= ?2
                     AND (state IN ('sending', 'launched')
                         OR (state = 'unknown' AND decision IS NOT 'not_started'))",
            )?;
            Ok(statement.query_row((workspace, micros(since)), |row| {
                let mut columns = Columns::of(row);
                let calls = u32::try_from(columns.int()?).unwrap_or(u32::MAX);
                Ok(Placed { calls, credits_high: columns.real()? })
            })?)
        })
    }

    /// What happened to a launch, the oldest first.
    pub fn launch_events(&self, id: &str) -> Result<Vec<LaunchEvent>> {
        self.journal(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT at, event, detail FROM launch_events WHERE launch = ?1 ORDER BY id",
            )?;
            let rows = statement.query_map([id], |row| {
                let mut columns = Columns::of(row);
                Ok(LaunchEvent {
                    at: columns.time()?,
                    event: columns.text()?,
                    detail: columns.json()?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    fn select(&self, rest: &str, params: impl rusqlite::Params) -> Result<Vec<Launch>> {
        self.journal(|conn| {
            let sql = format!("SELECT {COLUMNS} FROM launches WHERE {rest}");
            let mut statement = conn.prepare_cached(&sql)?;
            Ok(statement.query_map(params, launch_of)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// One arrow: reads the launch, lets `step` refuse or write, and commits both or neither.
    fn arrow(
        &self,
        id: &str,
        step: impl FnOnce(&Connection, &Launch) -> Result<()>,
    ) -> Result<Launch> {
        let launch = self.journal_write(|conn| {
            step(conn, &launch_in(conn, id)?)?;
            launch_in(conn, id)
        })?;
        self.tell(Topic::Launches, Vec::new());
        Ok(launch)
    }
}

/// Notes of every launch that was being sent that nobody waits for its answer any more. Returns their
/// ids.
pub(crate) fn settle_killed(conn: &Connection, now: i64) -> Result<Vec<String>> {
    let ids = conn
        .prepare_cached("SELECT id FROM launches WHERE state = 'sending'")?
        .query_map([], |row| Columns::of(row).text())?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let killed = LaunchEnd::Unknown { code: "killed".to_owned() };
    for id in &ids {
        end_in(conn, id, &killed, now)?;
    }
    Ok(ids)
}

fn end_in(conn: &Connection, id: &str, end: &LaunchEnd, now: i64) -> Result<()> {
    let none = Value::Null;
    let (state, result, agent, placed, code, problems) = match end {
        LaunchEnd::Launched { result, agent, calls_placed } => {
            (LaunchState::Launched, Some(*result), *agent, Some(*calls_placed), None, &none)
        }
        LaunchEnd::Refused { code, problems } => {
            (LaunchState::Refused, None, None, None, Some(code), problems)
        }
        LaunchEnd::NotSent { code } => (LaunchState::NotSent, None, None, None, Some(code), &none),
        LaunchEnd::Unknown { code } => (LaunchState::Unknown, None, None, None, Some(code), &none),
    };
    conn.execute(
        "UPDATE launches SET state = ?2, result = ?3, answer_agent = ?4, calls_placed = ?5,
             code = ?6, problems = ?7, ended_at = ?8
         WHERE id = ?1 AND state = 'sending'",
        (id, state.as_str(), result, agent, placed, code, problems.to_string(), now),
    )?;
    record(conn, id, now, state.as_str(), &json!({ "result": result, "code": code }))
}
