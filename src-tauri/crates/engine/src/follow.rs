//! The one background task of an open workspace: it reads what is new until every call has ended.
//!
//! One pass at a time, one failure at a time: while the server is away each pass ends at its first
//! failed request, so that two hundred followed results cost no more than one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tracing::{debug, warn};

use crate::code::Code;
use crate::connection::pause;
use crate::core::Engine;
use crate::error::{EngineError, Outcome};
use crate::session::Session;
use crate::storing::{Seen, timestamp};
use crate::sweep::Sweeps;
use crate::view::{ConnectionState, FeedTopic};

/// A result nobody here launched is followed when it began less than this long ago and has not
/// ended: older ones that still "run" are leftovers.
const FRESH: SignedDuration = SignedDuration::from_hours(24);
/// A followed result without a change for this long is read at the idle pace.
const QUIET: SignedDuration = SignedDuration::from_hours(1);
/// An end of calls is asked for again when no read has confirmed it after this long.
const STOP_AGAIN: SignedDuration = SignedDuration::from_secs(10);
/// How often the API's own summary of a finished result is looked for, after the result finished.
const SUMMARY_LOOKS: u32 = 6;
/// Full calls fetched in one pass, so that a large result does not hold up the others.
const FULL_PER_PASS: usize = 200;
/// A call whose full reading fails this often is left as it is.
const FULL_TRIES: u32 = 3;
/// A result that a server which answers cannot tell for this many times in a row holds nothing else
/// up any more; it is tried again at the idle pace.
const READ_TRIES: u32 = 3;

/// What the task remembers between passes; all of it can be lost without harm.
#[derive(Default)]
struct Memory {
    seen: Seen,
    /// How often the full reading of a call was tried.
    tried: BTreeMap<i64, u32>,
    /// Finished results whose summary is still being written, and the looks that are left.
    summaries: BTreeMap<i64, u32>,
    sweeps: Sweeps,
    /// Results that were read in full once, or cannot be.
    backfilled: BTreeSet<i64>,
    idle_due: Option<Timestamp>,
    /// Followed results that could not be told, and how often in a row.
    failing: BTreeMap<i64, u32>,
    /// How many passes there were, and in which one each followed result was last read.
    passes: u64,
    read_in_pass: BTreeMap<i64, u64>,
}

impl Engine {
    /// Starts the task of a session; it ends when the session is left.
    pub(crate) fn follow(&self, session: Arc<Session>) {
        let engine = self.clone();
        self.inner.tasks.spawn(async move {
            let mut memory = Memory::default();
            loop {
                let passed = tokio::select! {
                    () = session.cancel.cancelled() => return,
                    passed = engine.pass(&session, &mut memory) => passed,
                };
                let wait = engine.wait_after(&session, passed);
                tokio::select! {
                    () = session.cancel.cancelled() => return,
                    () = session.nudge.notified() => {}
                    () = (engine.inner.config.network.sleep)(wait) => {}
                }
            }
        });
    }

    fn wait_after(&self, session: &Session, passed: Outcome<bool>) -> Duration {
        let random = (self.inner.config.random)();
        let cadence = session.cadence;
        match passed {
            Ok(moving) => {
                let base = if moving { cadence.moving } else { cadence.idle };
                // A fifth either way, so that many clients do not ask in step.
                base.mul_f64(0.8 + 0.4 * random)
            }
            Err(error) => {
                if !self.failed(session, &error) {
                    // Not about the connection, and yet nothing comes in: that is not kept quiet.
                    warn!(code = error.code.as_str(), "a pass failed");
                    self.troubled(session, ConnectionState::Trouble, &error);
                }
                let failures = session.connection().failures;
                let mut wait = pause(cadence.moving, cadence.longest_pause, failures, random);
                if let (Code::Throttled | Code::ServerTrouble, Some(seconds)) =
                    (error.code, error.number)
                {
                    wait = wait.max(Duration::from_secs_f64(seconds.clamp(0.0, 3600.0)));
                }
                let stuck = matches!(
                    session.connection().state,
                    ConnectionState::KeyRejected | ConnectionState::KeyMissing
                );
                if stuck {
                    // Only a person can help; a nudge comes when they have.
                    wait = cadence.longest_pause;
                }
                session.connection().next_try_at = (!stuck)
                    .then(|| self.now())
                    .and_then(|now| now.checked_add(SignedDuration::try_from(wait).ok()?).ok());
                self.tell(FeedTopic::Connection, &[]);
                wait
            }
        }
    }

    /// One look at everything that may have changed. Tells whether something moves.
    async fn pass(&self, session: &Arc<Session>, memory: &mut Memory) -> Outcome<bool> {
        // The next pass is the repetition; both together would be a storm.
        let client = session.client()?.with_retry(cekura::RetryPolicy::never());
        let workspace = session.workspace.id;

        // What people wait for comes first: their calls, then the lists.
        let mut moving = self.look_for_unknown(session, &client).await?;
        moving |= self.read_followed(session, &client, memory).await?;

        // What says that the connection works is an answer, not a pass that asked nothing.
        if session.wants_catalogue.swap(false, Ordering::AcqRel) {
            if let Err(error) = self.catalogue_fetch(session).await {
                session.wants_catalogue.store(true, Ordering::Release);
                return Err(error);
            }
            self.came_through(session);
        }
        let now = self.now();
        let idle_due = memory.idle_due.is_none_or(|due| now >= due);
        if session.wants_results.swap(false, Ordering::AcqRel) || idle_due {
            if let Err(error) = self.read_list(session, &client).await {
                session.wants_results.store(true, Ordering::Release);
                return Err(error);
            }
            self.read_balance(session, &client).await?;
            self.came_through(session);
            memory.idle_due = SignedDuration::try_from(session.cadence.idle)
                .ok()
                .and_then(|idle| now.checked_add(idle).ok());
        }
        let behind = self.backfill(session, &client, memory).await?;
        self.late_summaries(workspace, &client, memory).await?;
        moving |= !self.ledger().results_followed(workspace)?.is_empty();
        Ok(moving || behind)
    }

    async fn read_followed(
        &self,
        session: &Session,
        client: &cekura::Client,
        memory: &mut Memory,
    ) -> Outcome<bool> {
        let workspace = session.workspace.id;
        let now = self.now();
        let idle_due = memory.idle_due.is_none_or(|due| now >= due);
        let mut moving = false;
        let mut left = session.cadence.reads_a_pass;
        let mut followed = self.ledger().results_followed(workspace)?;
        memory.read_in_pass.retain(|id, _| followed.contains(id));
        memory.failing.retain(|id, _| followed.contains(id));
        // Those that were not read for longest come first; a new one was never read.
        followed.sort_by_key(|id| memory.read_in_pass.get(id).copied().unwrap_or(0));
        memory.passes += 1;
        for id in followed {
            let quiet = self
                .ledger()
                .result(workspace, id)?
                .is_some_and(|record| now.duration_since(record.summary.changed_at) > QUIET);
            let failing = memory.failing.get(&id).is_some_and(|failures| *failures >= READ_TRIES);
            if (quiet || failing) && !idle_due {
                continue;
            }
            moving |= !quiet && !failing;
            if left == 0 {
                break;
            }
            left -= 1;
            memory.read_in_pass.insert(id, memory.passes);
            match self.read_result(session, client, id, memory).await {
                Ok(()) => {
                    memory.failing.remove(&id);
                }
                Err(error) if is_about_one(error.code) => {
                    let failures = memory.failing.entry(id).or_insert(0);
                    *failures = failures.saturating_add(1);
                    if *failures < READ_TRIES {
                        return Err(error);
                    }
                    warn!(id, code = error.code.as_str(), "a followed result cannot be read");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(moving)
    }

    /// Reads one result; ends the following when every call has ended and is known in full.
    async fn read_result(
        &self,
        session: &Session,
        client: &cekura::Client,
        id: i64,
        memory: &mut Memory,
    ) -> Outcome<()> {
        let workspace = session.workspace.id;
        self.at("follow.begun");
        let large = self
            .ledger()
            .result(workspace, id)?
            .is_some_and(|record| Self::is_large(&record.summary));
        let (stored, summary_pending) = if large {
            let swept =
                self.sweep(session, client, id, &mut memory.sweeps, &mut memory.seen).await?;
            (swept, false)
        } else {
            let detail = match client.result(cekura::ResultId::from(id)).await {
                Ok(detail) => detail,
                Err(error) => {
                    let error = EngineError::from(error);
                    if error.code == Code::NotFound {
                        // Deleted on the server: what is kept here stays, and is not asked for again.
                        self.unfollow(workspace, id)?;
                        return Ok(());
                    }
                    return Err(error);
                }
            };
            self.came_through(session);
            self.at("follow.read");
            let pending = detail.raw.get("ai_summary_status").and_then(serde_json::Value::as_str)
                == Some("pending");
            (self.store_detail(workspace, &detail, &mut memory.seen)?, pending)
        };
        self.at("follow.stored");
        let lacking = self.read_full(workspace, id, client, stored.lacking, memory).await?;
        if stored.finished && !lacking {
            if large {
                self.keep_whole(session, client, id, &mut memory.sweeps).await?;
            }
            session.stopping().remove(&id);
            self.at("follow.ending");
            self.unfollow(workspace, id)?;
            self.at("follow.ended");
            if summary_pending {
                memory.summaries.insert(id, SUMMARY_LOOKS);
            }
            session.wants_results.store(true, Ordering::Release);
        } else if !stored.finished {
            self.stop_again(session, client, id).await?;
        }
        Ok(())
    }

    /// Reads ended calls in full, some at a time. Tells whether some are still lacking.
    async fn read_full(
        &self,
        workspace: i64,
        result: i64,
        client: &cekura::Client,
        lacking: Vec<cekura::RunId>,
        memory: &mut Memory,
    ) -> Outcome<bool> {
        let wanted: Vec<cekura::RunId> = lacking
            .into_iter()
            .filter(|id| memory.tried.get(&id.get()).copied().unwrap_or(0) < FULL_TRIES)
            .collect();
        let now: Vec<cekura::RunId> = wanted.iter().copied().take(FULL_PER_PASS).collect();
        if now.is_empty() {
            return Ok(false);
        }
        let full = client.runs_bulk(&now).await?;
        for id in &now {
            *memory.tried.entry(id.get()).or_insert(0) += 1;
        }
        debug!(asked = now.len(), got = full.items.len(), "calls read in full");
        self.store_calls(workspace, result, &full.items, &mut memory.seen)?;
        self.at("follow.full");
        let got: BTreeSet<i64> = full
            .items
            .iter()
            .filter(|run| run.transcript.is_some())
            .map(|run| run.id.get())
            .collect();
        Ok(wanted.iter().any(|id| {
            !got.contains(&id.get())
                && memory.tried.get(&id.get()).copied().unwrap_or(0) < FULL_TRIES
        }))
    }

    /// The newest results of the server, whoever launched them.
    async fn read_list(&self, session: &Session, client: &cekura::Client) -> Outcome<()> {
        let workspace = session.workspace.id;
        let filter = cekura::ResultFilter { page_size: Some(100), ..Default::default() };
        let listed = match client.results(&filter, 1).await {
            Ok(listed) => vec![listed],
            // A key of a whole organisation must name what it asks about.
            Err(error) if matches!(error.kind, cekura::ErrorKind::Refused { status: 400, .. }) => {
                let mut all = Vec::new();
                for project in self
                    .ledger()
                    .catalogue(workspace)?
                    .map(|head| head.projects)
                    .unwrap_or_default()
                {
                    let filter = cekura::ResultFilter {
                        project: Some(cekura::ProjectId::from(project.id)),
                        ..filter.clone()
                    };
                    all.push(client.results(&filter, 1).await?);
                }
                all
            }
            Err(error) => return Err(error.into()),
        };
        let now = self.now();
        for row in listed.iter().flat_map(|page| &page.items) {
            let fresh = timestamp(row.created_at.as_deref())
                .is_some_and(|at| now.duration_since(at) < FRESH);
            let moves = !verdict::has_ended(row.status.as_deref());
            self.store_row(workspace, row, (moves && fresh).then_some(true))?;
        }
        session.list_read.store(true, Ordering::Release);
        Ok(())
    }

    pub(crate) async fn read_balance(&self, session: &Session, client: &cekura::Client) -> Outcome<()> {
        match client.billing_info().await {
            Ok(billing) => {
                let changed = {
                    let mut connection = session.connection();
                    let changed = connection.credits != billing.credits_remaining;
                    connection.credits = billing.credits_remaining;
                    connection.max_at_once = billing.max_concurrent_runs;
                    changed
                };
                if changed {
                    self.tell(FeedTopic::Connection, &[]);
                }
                Ok(())
            }
            Err(error) => match &error.kind {
                // A project's key may not see the balance; that is no fault.
                cekura::ErrorKind::Forbidden(_)
                | cekura::ErrorKind::NotFound(_)
                | cekura::ErrorKind::Refused { .. } => Ok(()),
                _ => Err(error.into()),
            },
        }
    }

    /// Reads one listed result whose calls are not known yet, the newest first, so that counts and
    /// usual lengths fill in by themselves. Tells whether more are waiting.
    async fn backfill(
        &self,
        session: &Session,
        client: &cekura::Client,
        memory: &mut Memory,
    ) -> Outcome<bool> {
        let workspace = session.workspace.id;
        let page = self.ledger().results(
            workspace,
            &ledger::ResultQuery { limit: 100, ..ledger::ResultQuery::default() },
        )?;
        let mut waiting = page
            .rows
            .iter()
            .filter(|row| !row.has_detail && !row.followed && !memory.backfilled.contains(&row.id))
            .map(|row| row.id);
        let Some(id) = waiting.next() else { return Ok(false) };
        let more = waiting.next().is_some();
        memory.backfilled.insert(id);
        if page.rows.iter().any(|row| row.id == id && Self::is_large(row)) {
            // Read page by page, in turn with those that move.
            self.ledger().result_follow(workspace, id, true)?;
            return Ok(true);
        }
        match client.result(cekura::ResultId::from(id)).await {
            Ok(detail) => {
                let stored = self.store_detail(workspace, &detail, &mut memory.seen)?;
                if !stored.finished
                    && timestamp(detail.row.created_at.as_deref())
                        .is_some_and(|at| self.now().duration_since(at) < FRESH)
                {
                    // "Completed", and calls are still being judged.
                    self.store_row(workspace, &detail.row, Some(true))?;
                }
            }
            Err(error) => {
                let error = EngineError::from(error);
                if crate::connection::state_of(&error).is_some() && error.code != Code::Unreadable {
                    memory.backfilled.remove(&id);
                    return Err(error);
                }
            }
        }
        Ok(more)
    }

    async fn late_summaries(
        &self,
        workspace: i64,
        client: &cekura::Client,
        memory: &mut Memory,
    ) -> Outcome<()> {
        for id in memory.summaries.keys().copied().collect::<Vec<_>>() {
            let detail = client.result(cekura::ResultId::from(id)).await?;
            self.store_detail(workspace, &detail, &mut memory.seen)?;
            let pending = detail.raw.get("ai_summary_status").and_then(serde_json::Value::as_str)
                == Some("pending");
            let left = memory.summaries.get(&id).copied().unwrap_or(0).saturating_sub(1);
            if pending && left > 0 {
                memory.summaries.insert(id, left);
            } else {
                memory.summaries.remove(&id);
            }
        }
        Ok(())
    }

    async fn stop_again(&self, session: &Session, client: &cekura::Client, id: i64) -> Outcome<()> {
        let now = self.now();
        let due = session
            .stopping()
            .get(&id)
            .is_some_and(|asked| now.duration_since(*asked) > STOP_AGAIN);
        if due {
            client.end_calls(cekura::ResultId::from(id)).await?;
            session.stopping().insert(id, now);
        }
        Ok(())
    }

    fn unfollow(&self, workspace: i64, id: i64) -> Outcome<()> {
        self.ledger().result_follow(workspace, id, false)?;
        self.tell(FeedTopic::Connection, &[]);
        Ok(())
    }
}

/// Whether a server that can be reached may answer so about one result while it tells all others.
fn is_about_one(code: Code) -> bool {
    matches!(
        code,
        Code::ServerTrouble
            | Code::Unreadable
            | Code::TooBig
            | Code::Forbidden
            | Code::Refused
            | Code::OutOfCredit
    )
}
