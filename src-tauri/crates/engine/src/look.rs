//! Looking for launches whose answer was lost.
//!
//! The name carries a token, so that the launch can be looked up. Absence is no proof: a search can
//! lag behind or miss, so what it does not find is looked for in the unfiltered list, and what is
//! not found there stays unknown until a person decides.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::code::Code;
use crate::core::Engine;
use crate::drafts::draft_body;
use crate::error::{EngineError, Outcome};
use crate::follow::is_about_one;
use crate::launch::placed;
use crate::session::Session;
use crate::storing::{Seen, timestamp};
use crate::view::{DraftMade, LaunchView};

/// Seconds after the end of the sending at which it is looked for by itself: the figures of the
/// launch protocol, then wider, up to an hour. After that only a person asks.
const LOOKS_AT: [i64; 8] = [0, 5, 15, 45, 120, 300, 900, 3600];
/// Unfiltered pages are read until a whole one is this much older than the send.
const OLD_ENOUGH: SignedDuration = SignedDuration::from_hours(24);
/// Pages read at most in one look: ten thousand results since yesterday are more than any account
/// places.
const PAGES: u32 = 100;

/// When an unknown launch is looked for next; `None` when only a person can decide. A look that a
/// person asked for uses up none of the others.
pub(crate) fn next_look(launch: &ledger::Launch) -> Option<Timestamp> {
    if launch.state != ledger::LaunchState::Unknown || launch.decision.is_some() {
        return None;
    }
    let lost_at = launch.ended_at.unwrap_or(launch.started_at);
    LOOKS_AT
        .iter()
        .filter_map(|seconds| lost_at.checked_add(SignedDuration::from_secs(*seconds)).ok())
        .find(|at| launch.last_look_at.is_none_or(|looked| *at > looked))
}

impl Engine {
    /// Looks for an unknown launch once more, now.
    pub async fn launch_look(&self, id: &str) -> Result<LaunchView, EngineError> {
        let session = self.session()?;
        let client = session.client()?;
        let launch = self.ledger().launch(id)?;
        if launch.state != ledger::LaunchState::Unknown {
            return self.launch_view(&launch);
        }
        match self.look(&session, &client, &launch).await {
            Ok(launch) => {
                self.came_through(&session);
                self.launch_view(&launch)
            }
            Err(error) => {
                self.failed(&session, &error);
                Err(error)
            }
        }
    }

    /// A person says that it started, and which result it is.
    pub async fn launch_started(&self, id: &str, result: i64) -> Result<LaunchView, EngineError> {
        let session = self.session()?;
        let client = session.client()?;
        let launch = self.adopt(&session, &client, id, result).await?;
        session.nudge.notify_one();
        self.launch_view(&launch)
    }

    /// A person says that it did not start: the launch is settled, and its choices are open again
    /// as a fresh draft. Nothing is sent.
    pub fn launch_not_started(&self, id: &str) -> Result<DraftMade, EngineError> {
        let launch = self.ledger().launch_decide(id, ledger::Decision::NotStarted)?;
        let body = draft_body(&self.ledger().draft(&launch.draft)?);
        Ok(DraftMade { draft: self.draft_put(launch.workspace, &body)?, gone: Vec::new() })
    }

    /// A person leaves it unknown; its card goes away, its row stays.
    pub fn launch_leave(&self, id: &str) -> Result<LaunchView, EngineError> {
        let launch = self.ledger().launch_decide(id, ledger::Decision::Left)?;
        self.launch_view(&launch)
    }

    /// After a refusal for want of credits: a fresh draft with the largest part that fits.
    pub fn launch_fit(&self, id: &str) -> Result<DraftMade, EngineError> {
        let launch = self.ledger().launch(id)?;
        let session = self.session()?;
        let (_, part) =
            self.fit(&session, &launch)?.ok_or_else(|| EngineError::new(Code::NothingFits))?;
        self.ledger().launch_dismiss(id)?;
        Ok(DraftMade { draft: self.draft_put(launch.workspace, &part)?, gone: Vec::new() })
    }

    /// Looks for every unknown launch that is due. Tells whether some will be due soon.
    pub(crate) async fn look_for_unknown(
        &self,
        session: &Arc<Session>,
        client: &cekura::Client,
    ) -> Outcome<bool> {
        let mut waiting = false;
        for launch in self.ledger().launches_unsettled(session.workspace.id)? {
            let launch = match launch.state {
                ledger::LaunchState::Sending if !self.is_sending(&launch.id) => {
                    // Its answer came and could not be written down; or it came just now.
                    let end = ledger::LaunchEnd::Unknown { code: Code::Killed.as_str().to_owned() };
                    match self.ledger().launch_end(&launch.id, &end) {
                        Err(ledger::LedgerError::BadArrow) => continue,
                        ended => ended?,
                    }
                }
                ledger::LaunchState::Unknown => launch,
                _ => continue,
            };
            let Some(due) = next_look(&launch) else { continue };
            if self.now() < due {
                waiting = true;
                continue;
            }
            let looked = match self.look(session, client, &launch).await {
                Ok(looked) => looked,
                // A look that fails for its own reasons is a look: the others go on, and so does
                // what is followed.
                Err(error) if is_about_one(error.code) => self.looked(&launch.id, &[])?,
                Err(error) => return Err(error),
            };
            self.came_through(session);
            waiting |= next_look(&looked).is_some();
        }
        Ok(waiting)
    }

    async fn look(
        &self,
        session: &Arc<Session>,
        client: &cekura::Client,
        launch: &ledger::Launch,
    ) -> Outcome<ledger::Launch> {
        self.at("look.begun");
        let mut hits = BTreeMap::new();
        let searched = cekura::ResultFilter {
            agent: Some(cekura::AgentId::from(launch.agent)),
            search: Some(launch.token.clone()),
            page_size: Some(100),
            ..Default::default()
        };
        let page = client.results(&searched, 1).await?;
        collect(&page.items, launch, &mut hits);
        self.at("look.searched");
        // A search can lag behind or miss; one of another agent is not the launch.
        if !hits.values().any(|same_agent| *same_agent) {
            self.look_through(session, client, launch, &mut hits).await?;
        }
        self.at("look.found");
        // The API ignores filters it does not know: the agent is checked on every row, and a hit
        // with another agent is shown, not adopted.
        let ours: Vec<i64> =
            hits.iter().filter(|(_, same_agent)| **same_agent).map(|(id, _)| *id).collect();
        match ours.as_slice() {
            [only] if hits.len() == 1 => self.adopt(session, client, &launch.id, *only).await,
            _ => {
                let found: Vec<i64> = hits.keys().copied().collect();
                let launch = self.ledger().launch_look(&launch.id, &found)?;
                self.at("look.counted");
                Ok(launch)
            }
        }
    }

    /// The unfiltered list, until a whole page is a day older than the send.
    async fn look_through(
        &self,
        session: &Session,
        client: &cekura::Client,
        launch: &ledger::Launch,
        hits: &mut BTreeMap<i64, bool>,
    ) -> Outcome<()> {
        let oldest = launch.started_at.checked_sub(OLD_ENOUGH).unwrap_or(launch.started_at);
        let all = cekura::ResultFilter { page_size: Some(100), ..Default::default() };
        let mut filters = vec![all.clone()];
        let mut at = 0;
        while let Some(filter) = filters.get(at).cloned() {
            at += 1;
            for number in 1..=PAGES {
                let page = match client.results(&filter, number).await {
                    Ok(page) => page,
                    // A key of a whole organisation must name what it asks about.
                    Err(error)
                        if filter.project.is_none()
                            && matches!(
                                error.kind,
                                cekura::ErrorKind::Refused { status: 400, .. }
                            ) =>
                    {
                        filters.extend(self.by_project(session.workspace.id, &all)?);
                        break;
                    }
                    // Past the last page.
                    Err(error) if matches!(error.kind, cekura::ErrorKind::NotFound(_)) => break,
                    Err(error) => return Err(error.into()),
                };
                collect(&page.items, launch, hits);
                let all_old = page
                    .items
                    .iter()
                    .all(|row| timestamp(row.created_at.as_deref()).is_some_and(|at| at < oldest));
                if page.items.is_empty() || all_old {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Takes a result as the one a launch led to, after reading it.
    async fn adopt(
        &self,
        session: &Arc<Session>,
        client: &cekura::Client,
        id: &str,
        result: i64,
    ) -> Outcome<ledger::Launch> {
        let workspace = session.workspace.id;
        let detail = client.result(cekura::ResultId::from(result)).await.map_err(|error| {
            let error = EngineError::from(error);
            if error.code == Code::NotFound { EngineError::new(Code::Gone) } else { error }
        })?;
        self.at("look.read");
        // The archive first, as with an answer that came: a program that ends in between finds the
        // launch still unknown, and adopts it again.
        self.store_row(workspace, &detail.row, Some(true))?;
        self.store_detail(workspace, &detail, &mut Seen::default())?;
        let launch = self.ledger().launch(id)?;
        self.ledger().result_came_of(workspace, result, &launch.draft)?;
        self.at("look.kept");
        let placed =
            placed(detail.row.runs.len(), detail.row.unreadable.len(), launch.expected_calls);
        let agent = detail.row.agent.map(cekura::AgentId::get);
        let launch = match self.ledger().launch_adopt(id, result, agent, placed) {
            // Another look was quicker; if it found the same, all is well.
            Err(ledger::LedgerError::BadArrow) => {
                let now = self.ledger().launch(id)?;
                if now.result != Some(result) {
                    return Err(ledger::LedgerError::BadArrow.into());
                }
                now
            }
            adopted => adopted?,
        };
        self.at("look.adopted");
        // Now the result belongs to a launch.
        self.store_row(workspace, &detail.row, None)?;
        Ok(launch)
    }

    /// Counts a look; a launch that has gone on meanwhile is given back as it is.
    fn looked(&self, id: &str, found: &[i64]) -> Outcome<ledger::Launch> {
        match self.ledger().launch_look(id, found) {
            Err(ledger::LedgerError::BadArrow) => Ok(self.ledger().launch(id)?),
            looked => Ok(looked?),
        }
    }
}

/// Rows whose name is exactly the launch's, and whether their agent is too.
fn collect(rows: &[cekura::ResultRow], launch: &ledger::Launch, hits: &mut BTreeMap<i64, bool>) {
    for row in rows.iter().filter(|row| row.name == launch.name) {
        let same = row.agent.is_none_or(|agent| agent.get() == launch.agent);
        hits.insert(row.id.get(), same);
    }
}
