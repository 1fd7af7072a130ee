//! The one background task of an open workspace: it reads what is new until every call has ended.
//!
//! One pass at a time, one failure at a time: while the server is away each pass ends at its first
//! failed request, so that two hundred followed results cost no more than one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tracing::{debug, warn};

use crate::code::Code;
use crate::connection::pause;
use crate::core::Engine;
use crate::error::{EngineError, Outcome};
use crate::lists::{Listed, TRIES_SUMMARY};
use crate::session::Session;
use crate::storing::Seen;
use crate::sweep::Sweeps;
use crate::view::{ConnectionState, FeedTopic};

/// A followed result without a change for this long is read at the idle pace.
const QUIET: SignedDuration = SignedDuration::from_hours(1);
/// Full calls fetched in one pass, so that a large result does not hold up the others.
const FULL_PER_PASS: usize = 200;
/// A call whose full reading fails this often is left as it is.
const FULL_TRIES: u32 = 3;
/// A result that a server which answers cannot tell for this many times in a row holds nothing else
/// up any more; it is tried again at the idle pace.
const READ_TRIES: u32 = 3;

/// What the task remembers between passes; all of it can be lost without harm.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) seen: Seen,
    /// How often the full reading of a call was tried.
    tried: BTreeMap<i64, u32>,
    /// Finished results whose summary is still being written, and the looks that are left.
    pub(crate) summaries: BTreeMap<i64, u32>,
    pub(crate) summary_looked: BTreeMap<i64, Timestamp>,
    pub(crate) sweeps: Sweeps,
    /// How often the reading of a listed result failed for reasons of its own.
    pub(crate) backfill_tries: BTreeMap<i64, u32>,
    /// Each result as the server's list last told of it.
    pub(crate) listed: BTreeMap<i64, Listed>,
    idle_due: Option<Timestamp>,
    /// Followed results that could not be told, and how often in a row.
    failing: BTreeMap<i64, u32>,
    /// Listed results waited to be read after the last pass.
    behind: bool,
    /// How many passes there were, and in which one each followed result was last read.
    passes: u64,
    read_in_pass: BTreeMap<i64, u64>,
}

/// What lies between two passes.
struct Pause {
    wait: Duration,
    /// What no look makes shorter: how long the server asked to be left alone, or all of it where
    /// only a person can help; zero otherwise.
    least: Duration,
}

impl Engine {
    /// Starts the task of a session; it ends when the session is left.
    pub(crate) fn follow(&self, session: Arc<Session>) {
        let engine = self.clone();
        self.inner.tasks.spawn(async move {
            let mut memory = Memory::default();
            let mut looked_at = engine.inner.looked_at.subscribe();
            if let Err(error) = engine.restore_missing(session.workspace.id) {
                warn!(
                    code = error.code.as_str(),
                    "the archive could not be held against the journal"
                );
            }
            loop {
                let passed = tokio::select! {
                    () = session.cancel.cancelled() => return,
                    passed = engine.pass(&session, &mut memory) => passed,
                };
                let pause = engine.pause_after(&session, passed, *looked_at.borrow_and_update());
                tokio::select! {
                    () = session.cancel.cancelled() => return,
                    () = engine.rest(&session, &mut looked_at, pause) => {}
                }
            }
        });
    }

    /// Lets a pause pass; it ends early with a nudge, and becomes shorter when somebody looks again.
    async fn rest(&self, session: &Session, looked_at: &mut watch::Receiver<bool>, pause: Pause) {
        let ended = self.now();
        let mut whole = pause.wait;
        let mut left = whole;
        loop {
            tokio::select! {
                () = session.nudge.notified() => return,
                () = (self.inner.config.network.sleep)(left) => return,
                Ok(()) = looked_at.changed() => {
                    let looks = *looked_at.borrow_and_update();
                    if looks {
                        whole = whole.min(session.cadence.moving).max(pause.least);
                    }
                    let gone = self.now().duration_since(ended);
                    left = whole.saturating_sub(Duration::try_from(gone).unwrap_or_default());
                    if !looks {
                        continue;
                    }
                    if left.is_zero() {
                        // Also of what nobody follows: others may have launched meanwhile.
                        session.wants_results.store(true, Ordering::Release);
                        return;
                    }
                    let mut connection = session.connection();
                    if connection.next_try_at.is_some() {
                        connection.next_try_at = self.after(left);
                        drop(connection);
                        self.tell(FeedTopic::Connection, &[]);
                    }
                }
            }
        }
    }

    /// The time in so long.
    fn after(&self, wait: Duration) -> Option<Timestamp> {
        self.now().checked_add(SignedDuration::try_from(wait).ok()?).ok()
    }

    fn pause_after(&self, session: &Session, passed: Outcome<bool>, looked_at: bool) -> Pause {
        let random = (self.inner.config.random)();
        let cadence = session.cadence;
        let pace = cadence.polls(looked_at);
        let mut least = Duration::ZERO;
        let wait = match passed {
            Ok(moving) => {
                let base = if moving { pace } else { cadence.idle.max(pace) };
                // A fifth either way, so that many clients do not ask in step.
                base.mul_f64(0.8 + 0.4 * random)
            }
            Err(error) => {
                // The list a person asked for does not come now; the banner says why.
                let asked = session.list_asked.swap(false, Ordering::AcqRel);
                if asked {
                    self.tell(FeedTopic::Results, &[]);
                }
                if !self.failed(session, &error) {
                    // Not about the connection, and yet nothing comes in: that is not kept quiet.
                    warn!(code = error.code.as_str(), "a pass failed");
                    self.troubled(session, ConnectionState::Trouble, &error);
                }
                let failures = session.connection().failures;
                let mut wait = pause(pace, cadence.longest_pause, failures, random);
                if let (Code::Throttled | Code::ServerTrouble, Some(seconds)) =
                    (error.code, error.number)
                {
                    least = Duration::from_secs_f64(seconds.clamp(0.0, 3600.0));
                    wait = wait.max(least);
                }
                let stuck = error.code == Code::KeychainWaits
                    || matches!(
                        session.connection().state,
                        ConnectionState::KeyRejected | ConnectionState::KeyMissing
                    );
                if stuck {
                    // Only a person can help; a nudge comes when they have.
                    wait = cadence.longest_pause;
                    least = wait;
                }
                let mut connection = session.connection();
                connection.next_try_at = if stuck { None } else { self.after(wait) };
                connection.left_alone_until =
                    if stuck || least.is_zero() { None } else { self.after(least) };
                drop(connection);
                self.tell(FeedTopic::Connection, &[]);
                wait
            }
        };
        Pause { wait, least }
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
        let now = self.now();
        let idle_due = memory.idle_due.is_none_or(|due| now >= due);
        let mut scope_lacks = false;
        if session.wants_results.swap(false, Ordering::AcqRel) || idle_due {
            scope_lacks = !self.read_list_or_want(session, &client, memory).await?;
            self.read_balance(session, &client).await?;
            self.came_through(session);
            memory.idle_due = SignedDuration::try_from(session.cadence.idle)
                .ok()
                .and_then(|idle| now.checked_add(idle).ok());
            self.ledger().backup_if_due()?;
        }
        // After the list: a catalogue that cannot be read must not keep results from being shown.
        if session.wants_catalogue.swap(false, Ordering::AcqRel) || scope_lacks {
            if let Err(error) = self.catalogue_fetch(session, &client).await {
                session.wants_catalogue.store(true, Ordering::Release);
                return Err(error);
            }
            self.came_through(session);
        }
        if scope_lacks {
            // Now the projects are known by which a key of a whole organisation has to ask.
            self.read_list_or_want(session, &client, memory).await?;
        }
        self.tell_unsent(workspace, &client).await?;
        let behind = self.backfill(session, &client, memory).await?;
        if memory.behind && !behind {
            // Last outcomes and usual lengths stand beside the evaluators.
            self.tell(FeedTopic::Catalogue, &[]);
        }
        memory.behind = behind;
        self.late_summaries(workspace, &client, memory).await?;
        moving |= !self.ledger().results_followed(workspace)?.is_empty();
        Ok(moving || behind)
    }

    /// Reads the list of results; it stays wanted until it has been read.
    async fn read_list_or_want(
        &self,
        session: &Session,
        client: &cekura::Client,
        memory: &mut Memory,
    ) -> Outcome<bool> {
        let read = self.read_list(session, client, memory).await;
        if !matches!(read, Ok(true)) {
            session.wants_results.store(true, Ordering::Release);
        }
        read
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
                .result_summary(workspace, id)?
                .is_some_and(|summary| now.duration_since(summary.changed_at) > QUIET);
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
            .result_summary(workspace, id)?
            .is_some_and(|summary| Self::is_large(&summary));
        let (stored, mut summary_pending) = if large {
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
            let pending = crate::facts::summary_pending(&detail.raw);
            (self.store_detail(workspace, &detail, &mut memory.seen)?, pending)
        };
        self.at("follow.stored");
        let lacking = self.read_full(workspace, id, client, stored.lacking, memory).await?;
        if stored.finished && !lacking {
            if large {
                summary_pending = self
                    .keep_whole(session, client, id, stored.unreadable, &mut memory.sweeps)
                    .await?;
            }
            self.stop_again(session, client, id, true).await?;
            self.at("follow.ending");
            self.unfollow(workspace, id)?;
            self.at("follow.ended");
            if summary_pending {
                memory.summaries.insert(id, TRIES_SUMMARY);
            }
            session.wants_results.store(true, Ordering::Release);
        } else if !stored.finished {
            self.stop_again(session, client, id, false).await?;
        }
        Ok(())
    }

    /// Reads ended calls in full, some at a time. Tells whether some are still lacking.
    pub(crate) async fn read_full(
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
        let full = client.runs_bulk(&now).await;
        for id in now.iter().filter(|id| !full.unasked.contains(id)) {
            *memory.tried.entry(id.get()).or_insert(0) += 1;
        }
        debug!(
            asked = now.len(),
            got = full.items.len(),
            failed = full.failed.len(),
            "calls read in full"
        );
        self.store_calls(workspace, result, &full.items, &mut memory.seen)?;
        self.at("follow.full");
        if let Some(error) = full.stopped {
            return Err(error.into());
        }
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

    fn unfollow(&self, workspace: i64, id: i64) -> Outcome<()> {
        self.ledger().result_follow(workspace, id, false)?;
        self.tell(FeedTopic::Connection, &[]);
        // Last outcomes and usual lengths stand beside the evaluators.
        self.tell(FeedTopic::Catalogue, &[]);
        Ok(())
    }
}

/// Whether a server that can be reached may answer so about one result while it tells all others.
pub(crate) fn is_about_one(code: Code) -> bool {
    matches!(
        code,
        Code::ServerTrouble
            | Code::WebPage
            | Code::Unreadable
            | Code::TooBig
            | Code::Forbidden
            | Code::Refused
            | Code::OutOfCredit
            | Code::NotFound
            | Code::Gone
    )
}

/// What becomes of a pass when something in it that nothing else depends on could not be read. An
/// answer that is about this question alone, or none in time, means that it is not known; a lost
/// connection, a refused key or a call for patience is about everything.
pub(crate) fn not_known(error: cekura::Error, what: &'static str) -> Outcome<()> {
    let error = EngineError::from(error);
    if is_about_one(error.code) || matches!(error.code, Code::TimedOut | Code::Redirected) {
        debug!(code = error.code.as_str(), what, "not known");
        return Ok(());
    }
    Err(error)
}
