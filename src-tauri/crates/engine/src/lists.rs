//! What is read besides the followed results: the server's list, the balance, results that nobody
//! here launched, and summaries that come late.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use jiff::SignedDuration;
use tracing::warn;

use crate::core::Engine;
use crate::error::{EngineError, Outcome};
use crate::follow::{Memory, is_about_one, not_known};
use crate::session::Session;
use crate::storing::timestamp;
use crate::view::FeedTopic;

/// Results of the server's list that are kept up with.
const NEWEST: u32 = 100;
/// A result nobody here launched is followed when it began less than this long ago and has not
/// ended: older ones that still "run" are leftovers.
const FRESH: SignedDuration = SignedDuration::from_hours(24);
/// How often the API's own summary of a finished result is looked for, after the result finished,
/// and the pause that grows by itself with each look: about seven minutes in all.
pub(crate) const TRIES_SUMMARY: u32 = 6;
const SUMMARY_PAUSE: SignedDuration = SignedDuration::from_secs(20);
/// A result or a summary that cannot be read is left alone after this many tries.
const TRIES: u32 = 3;

/// What the server's list tells of a result that a new judgement would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    status: Option<String>,
    updated_at: Option<String>,
    passed: Option<u64>,
    failed: Option<u64>,
}

impl Engine {
    /// The newest results of the server, whoever launched them. Tells whether they could be asked
    /// for: a key of a whole organisation has to name projects, and none are known before the
    /// catalogue has been read.
    pub(crate) async fn read_list(
        &self,
        session: &Session,
        client: &cekura::Client,
        memory: &mut Memory,
    ) -> Outcome<bool> {
        let workspace = session.workspace.id;
        let filter = cekura::ResultFilter { page_size: Some(NEWEST), ..Default::default() };
        let listed = match newest(client, &filter).await {
            Ok(listed) => listed,
            // A key of a whole organisation must name what it asks about.
            Err(error) if matches!(error.kind, cekura::ErrorKind::Refused { status: 400, .. }) => {
                if self.ledger().catalogue(workspace)?.is_none() {
                    return Ok(false);
                }
                self.newest_by_project(workspace, client, &filter).await?
            }
            Err(error) => return Err(error.into()),
        };
        let now = self.now();
        for row in &listed {
            let fresh = timestamp(row.created_at.as_deref())
                .is_some_and(|at| now.duration_since(at) < FRESH);
            let moves = !verdict::has_ended(row.status.as_deref());
            // A finished result can become active again: a judgement repeated, calls deleted.
            let print = Listed {
                status: row.status.clone(),
                updated_at: row.updated_at.clone(),
                passed: row.success_runs,
                failed: row.failed_runs,
            };
            let changed = memory
                .listed
                .insert(row.id.get(), print.clone())
                .is_some_and(|before| before != print);
            self.store_row(workspace, row, ((moves && fresh) || changed).then_some(true))?;
        }
        let first = !session.list_read.swap(true, Ordering::AcqRel);
        let asked = session.list_asked.swap(false, Ordering::AcqRel);
        if first || asked {
            // The list may be what it was before, or empty; that it has been read is news.
            self.tell(FeedTopic::Results, &[]);
        }
        Ok(true)
    }

    /// The newest of each project. One that this key may not see hides none of the others.
    async fn newest_by_project(
        &self,
        workspace: i64,
        client: &cekura::Client,
        filter: &cekura::ResultFilter,
    ) -> Outcome<Vec<cekura::ResultRow>> {
        let mut all = Vec::new();
        let mut any = false;
        let mut failed = None;
        for filter in self.by_project(workspace, filter)? {
            match newest(client, &filter).await.map_err(EngineError::from) {
                Ok(rows) => {
                    any = true;
                    all.extend(rows);
                }
                Err(error) if is_about_one(error.code) => {
                    warn!(code = error.code.as_str(), "the results of a project cannot be read");
                    failed = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        match failed {
            Some(error) if !any => Err(error),
            _ => Ok(all),
        }
    }

    /// The same question for each project by itself.
    pub(crate) fn by_project(
        &self,
        workspace: i64,
        filter: &cekura::ResultFilter,
    ) -> Outcome<Vec<cekura::ResultFilter>> {
        let projects = self.ledger().catalogue(workspace)?.map(|head| head.projects);
        Ok(projects
            .unwrap_or_default()
            .iter()
            .map(|project| cekura::ResultFilter {
                project: Some(cekura::ProjectId::from(project.id)),
                ..filter.clone()
            })
            .collect())
    }

    pub(crate) async fn read_balance(
        &self,
        session: &Session,
        client: &cekura::Client,
    ) -> Outcome<()> {
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
            // A project's key may not see the balance; that is no fault. Neither is a balance that
            // cannot be told just now worth the rest of the pass.
            Err(error) => not_known(error, "the balance"),
        }
    }

    /// Reads one listed result whose calls are not known yet, the newest first, so that counts and
    /// usual lengths fill in by themselves. Tells whether more are waiting.
    pub(crate) async fn backfill(
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
        let mut waiting = page.rows.iter().filter(|row| {
            !row.has_detail
                && !row.followed
                && memory.backfill_tries.get(&row.id).is_none_or(|tries| *tries < TRIES)
        });
        let Some(row) = waiting.next() else { return Ok(false) };
        let (id, large) = (row.id, Self::is_large(row));
        let more = waiting.next().is_some();
        let read = if large {
            self.backfill_large(session, client, id, memory).await
        } else {
            self.backfill_small(workspace, client, id, memory).await
        };
        match read {
            Ok(whole) => {
                self.came_through(session);
                Ok(more || !whole)
            }
            // Its own fault: another one has its turn, and this one is left alone in the end.
            Err(error) if is_about_one(error.code) => {
                *memory.backfill_tries.entry(id).or_insert(0) += 1;
                Ok(true)
            }
            Err(error) => Err(error),
        }
    }

    async fn backfill_small(
        &self,
        workspace: i64,
        client: &cekura::Client,
        id: i64,
        memory: &mut Memory,
    ) -> Outcome<bool> {
        let detail = client.result(cekura::ResultId::from(id)).await?;
        let stored = self.store_detail(workspace, &detail, &mut memory.seen)?;
        // Of calls that went wrong only the conversation tells whether the agent ever spoke; the
        // other conversations are fetched when somebody opens them.
        let unclear: Vec<cekura::RunId> = self
            .known_calls(workspace, id)?
            .iter()
            .filter(|call| call.ended && !call.has_full)
            .filter(|call| call.judged.reason.code == "speech_unknown")
            .map(|call| cekura::RunId::from(call.judged.id))
            .collect();
        self.read_full(workspace, id, client, unclear, memory).await?;
        if !stored.finished
            && timestamp(detail.row.created_at.as_deref())
                .is_some_and(|at| self.now().duration_since(at) < FRESH)
        {
            // "Completed", and calls are still being judged.
            self.store_row(workspace, &detail.row, Some(true))?;
        }
        Ok(true)
    }

    /// Some pages of a large one; it is whole when a sweep has come to its end.
    async fn backfill_large(
        &self,
        session: &Session,
        client: &cekura::Client,
        id: i64,
        memory: &mut Memory,
    ) -> Outcome<bool> {
        let stored = self.sweep(session, client, id, &mut memory.sweeps, &mut memory.seen).await?;
        if stored.at_end {
            self.keep_whole(session, client, id, stored.unreadable, &mut memory.sweeps).await?;
            // Where the server's words on top could not be had, it is not asked for again.
            memory.backfill_tries.insert(id, TRIES);
        }
        Ok(stored.at_end)
    }

    /// The API writes its own summary some time after the end.
    pub(crate) async fn late_summaries(
        &self,
        workspace: i64,
        client: &cekura::Client,
        memory: &mut Memory,
    ) -> Outcome<()> {
        let now = self.now();
        let due: Vec<i64> = memory
            .summaries
            .iter()
            .filter(|(id, left)| {
                let pause = SUMMARY_PAUSE
                    * i32::try_from(TRIES_SUMMARY.saturating_sub(**left)).unwrap_or(1).max(1);
                memory.summary_looked.get(id).is_none_or(|at| now.duration_since(*at) > pause)
            })
            .map(|(id, _)| *id)
            .collect();
        for id in due {
            memory.summary_looked.insert(id, now);
            let left = memory.summaries.get(&id).copied().unwrap_or(0).saturating_sub(1);
            let pending = match client.result_without_runs(cekura::ResultId::from(id)).await {
                Ok(detail) => {
                    self.store_whole(workspace, &detail, None)?;
                    crate::facts::summary_pending(&detail.raw)
                }
                Err(error) => {
                    let error = EngineError::from(error);
                    if !is_about_one(error.code) {
                        return Err(error);
                    }
                    true
                }
            };
            if pending && left > 0 {
                memory.summaries.insert(id, left);
            } else {
                memory.summaries.remove(&id);
            }
        }
        Ok(())
    }

    /// Results that the journal says were launched and the archive does not hold: it was set aside,
    /// or lost its last moments with the power. They are followed until they are whole again.
    pub(crate) fn restore_missing(&self, workspace: i64) -> Outcome<()> {
        for launch in self.ledger().launches(workspace, 500)? {
            let Some(result) = launch.result else { continue };
            if self.ledger().result_summary(workspace, result)?.is_some() {
                continue;
            }
            self.ledger().result_put(
                workspace,
                &ledger::ResultPut {
                    id: result,
                    name: launch.name.clone(),
                    agent: launch.answer_agent.or(Some(launch.agent)),
                    agent_name: Some(launch.agent_name.clone()),
                    status: None,
                    run_type: None,
                    scheduled: false,
                    created_at: Some(launch.started_at),
                    expected_calls: launch.calls_placed.filter(|calls| *calls > 0),
                    launch_id: Some(launch.id.clone()),
                    followed: Some(true),
                    raw: serde_json::Value::Null,
                    has_detail: false,
                    server_passed: None,
                    server_failed: None,
                },
            )?;
        }
        Ok(())
    }
}

/// The newest results that fit a filter. A server may put fewer on a page than it was asked for, its
/// own choice being 30, so pages are read until there are [`NEWEST`] or no more.
async fn newest(
    client: &cekura::Client,
    filter: &cekura::ResultFilter,
) -> Result<Vec<cekura::ResultRow>, cekura::Error> {
    let mut rows = Vec::new();
    let mut seen = BTreeSet::new();
    let mut listed = 0;
    for page in 1.. {
        let answer = match client.results(filter, page).await {
            Ok(answer) => answer,
            // Past the last page, when results went away meanwhile.
            Err(error) if page > 1 && matches!(error.kind, cekura::ErrorKind::NotFound(_)) => break,
            Err(error) => return Err(error),
        };
        listed += answer.items.len() + answer.unreadable.len();
        let before = rows.len();
        rows.extend(answer.items.into_iter().filter(|row| seen.insert(row.id.get())));
        // A server that does not know pages gives the same one again.
        let nothing_new = rows.len() == before;
        let at_end = answer.count.is_some_and(|count| listed as u64 >= count);
        if nothing_new || at_end || listed >= NEWEST as usize {
            break;
        }
    }
    Ok(rows)
}
