//! Results: what came of a launch.

use serde::Deserialize;
use serde_json::Value;

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::ids::{AgentId, ProjectId, ResultId};
use crate::listing::{Item, PAGE_SIZE, Page, Unreadable, decode_all, entries, keep_pace, one_page};
use crate::loose::{Loose, Reference, filled};
use crate::runs::Run;
use crate::scenarios::whole_item;
use crate::transport::{Call, path};

const ROOT: &str = "/test_framework/v2/results/";

/// Where reading the runs of one result ends whatever the server says.
const MOST_RUN_PAGES: u32 = 200;

/// A result as it stands in the list.
///
/// `success_rate` is left in `raw` on purpose: its scale differs between documents. What a result
/// means follows from its runs.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ResultRow {
    /// Its id.
    pub id: ResultId,
    /// The name given at launch; empty when none was.
    pub name: String,
    /// The agent called.
    pub agent: Option<AgentId>,
    /// That agent's name.
    pub agent_name: Option<String>,
    /// One of ten documented words, or another one. `completed` is said as soon as *any* run
    /// completed, `failed` means infrastructure.
    pub status: Option<String>,
    /// `Voice`, `Pipecat`, …
    pub run_type: Option<String>,
    /// Launched by a schedule.
    pub is_cronjob: Option<bool>,
    /// When it was launched, as the server writes it.
    pub created_at: Option<String>,
    /// When it last changed, as the server writes it.
    pub updated_at: Option<String>,
    /// Runs in all. Typed as text by the document, a number on the wire.
    pub total_runs: Option<u64>,
    /// Runs that ended. Documents disagree on more than that.
    pub completed_runs: Option<u64>,
    /// Completed runs that passed.
    pub success_runs: Option<u64>,
    /// Completed runs that were judged failed: not those that errored, timed out or were cancelled.
    pub failed_runs: Option<u64>,
    /// Its runs, light in the list.
    pub runs: Vec<Run>,
    /// Runs that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// As it came.
    pub raw: Value,
}

#[derive(Deserialize)]
pub(crate) struct ResultWire {
    id: ResultId,
    name: Loose<String>,
    agent: Loose<Reference>,
    agent_name: Loose<String>,
    status: Loose<String>,
    run_type: Loose<String>,
    is_cronjob: Loose<bool>,
    created_at: Loose<String>,
    updated_at: Loose<String>,
    total_runs_count: Loose<u64>,
    completed_runs_count: Loose<u64>,
    success_runs_count: Loose<u64>,
    failed_runs_count: Loose<u64>,
    runs: Loose<Value>,
}

impl Item for ResultRow {
    type Wire = ResultWire;

    fn from_wire(wire: ResultWire, raw: Value) -> Self {
        let agent = wire.agent.0.unwrap_or_default();
        let (runs, unreadable) =
            decode_all(wire.runs.0.map(|runs| entries(runs, "runs")).unwrap_or_default());
        Self {
            id: wire.id,
            name: wire.name.0.unwrap_or_default(),
            agent: agent.id.map(AgentId::from),
            agent_name: filled(wire.agent_name.0).or(filled(agent.name)),
            status: wire.status.0,
            run_type: filled(wire.run_type.0),
            is_cronjob: wire.is_cronjob.0,
            created_at: wire.created_at.0,
            updated_at: wire.updated_at.0,
            total_runs: wire.total_runs_count.0,
            completed_runs: wire.completed_runs_count.0,
            success_runs: wire.success_runs_count.0,
            failed_runs: wire.failed_runs_count.0,
            runs,
            unreadable,
            raw,
        }
    }

    fn identity(&self) -> String {
        self.id.to_string()
    }
}

/// A result with everything the server says of it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ResultDetail {
    /// The same fields as in the list; `runs` is an object on the wire here.
    pub row: ResultRow,
    /// As it came: summaries, failure reasons and next steps are read from it.
    pub raw: Value,
}

/// Which results. There is no filter by status.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResultFilter {
    /// Of this project. Keys of a whole organisation must name one, or an agent.
    pub project: Option<ProjectId>,
    /// Of this agent. The API ignores filters it does not know, so each row is to be checked again.
    pub agent: Option<AgentId>,
    /// Whose name holds this text.
    pub search: Option<String>,
    /// Rows on a page; the server's own choice is 30.
    pub page_size: Option<u32>,
}

impl Client {
    /// One page of results, counted from 1. Newest first is implied by samples, not documented.
    pub async fn results(
        &self,
        filter: &ResultFilter,
        page: u32,
    ) -> Result<Page<ResultRow>, Error> {
        let call = Call::get(ROOT)
            .with("project_id", filter.project)
            .with("agent_id", filter.agent)
            .with("search", filter.search.as_ref())
            .with("page", Some(page))
            .with("page_size", filter.page_size);
        one_page(self, call).await
    }

    /// One result with its runs. Where these can no longer be told apart, they are read from their
    /// own list instead, whose rows are light.
    pub async fn result(&self, id: ResultId) -> Result<ResultDetail, Error> {
        let call = Call::get(path(ROOT, id, ""));
        let body = self.body(&call).await?;
        if let Some(fault) = body.lost {
            return self.result_in_parts(id).await.map_err(|error| match error.kind {
                ErrorKind::Unreadable { .. } => Error { kind: fault.kind(), ..error },
                _ => error,
            });
        }
        let row: ResultRow = whole_item(body.value)?;
        let raw = row.raw.clone();
        Ok(ResultDetail { row, raw })
    }

    async fn result_in_parts(&self, id: ResultId) -> Result<ResultDetail, Error> {
        let mut detail = self.result_without_runs(id).await?;
        let (mut runs, mut unreadable) = (Vec::new(), Vec::new());
        for page in 1..=MOST_RUN_PAGES {
            keep_pace(self).await;
            let rows = match self.runs(id, page, PAGE_SIZE).await {
                Ok(rows) => rows,
                Err(error) if page > 1 && matches!(error.kind, ErrorKind::NotFound(_)) => break,
                Err(error) => return Err(error),
            };
            let read = rows.items.len() + rows.unreadable.len();
            runs.extend(rows.items);
            unreadable.extend(rows.unreadable);
            let so_far = (runs.len() + unreadable.len()) as u64;
            if read < PAGE_SIZE as usize || rows.count.is_some_and(|count| so_far >= count) {
                break;
            }
        }
        let raws = runs.iter().map(|run: &Run| run.raw.clone());
        let raws = raws.chain(unreadable.iter().map(|fault| fault.raw.clone())).collect();
        if let Value::Object(fields) = &mut detail.raw {
            fields.insert("runs".to_owned(), raws);
        }
        detail.row = ResultRow { runs, unreadable, raw: detail.raw.clone(), ..detail.row };
        Ok(detail)
    }

    /// One result without its runs, for one whose runs are read by the page. The selection is the
    /// document's own (`ql`), and a server may ignore it: then the runs come along.
    pub async fn result_without_runs(&self, id: ResultId) -> Result<ResultDetail, Error> {
        let row: ResultRow =
            self.one(&Call::get(path(ROOT, id, "")).with("ql", Some("{-runs}"))).await?;
        let raw = row.raw.clone();
        Ok(ResultDetail { row, raw })
    }

    /// Ends every call of a result. Which status queued calls take is not documented: read again.
    pub async fn end_calls(&self, id: ResultId) -> Result<(), Error> {
        self.done(&Call::stop(path(ROOT, id, "end_calls/"))).await
    }
}
