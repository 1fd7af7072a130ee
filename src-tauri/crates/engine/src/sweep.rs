//! Results too large to be read whole at every look: their calls are read page by page, some pages a
//! pass, as light rows. Only rows that changed are written, and only ended calls are fetched in full.

use std::collections::BTreeMap;

use crate::core::Engine;
use crate::error::Outcome;
use crate::session::Session;
use crate::storing::{Seen, Stored};

/// A result with more calls than this is swept. A whole one of this size is about two megabytes.
const LARGE: u32 = 500;
/// Rows of a page; the largest size that is stated for any list of the API.
const PAGE: u32 = 200;
/// Pages read in one pass, so that one large result does not hold up the others.
const PAGES_A_PASS: u32 = 5;

/// Under this name a kept result says how many of its calls could not be read, where it was swept.
pub(crate) const UNREADABLE: &str = "linecheck_unreadable";

/// Where the sweep of each large result is: the next page, and the rows of it that could not be read.
#[derive(Default)]
pub(crate) struct Sweeps(BTreeMap<i64, (u32, usize)>);

impl Engine {
    /// Whether a result is read page by page.
    pub(crate) fn is_large(summary: &ledger::ResultSummary) -> bool {
        summary.expected_calls.unwrap_or(0).max(summary.calls) > LARGE
    }

    /// Reads the next pages of a large result. It is finished when a sweep has come to its end and
    /// every call that is expected has ended.
    pub(crate) async fn sweep(
        &self,
        session: &Session,
        client: &cekura::Client,
        id: i64,
        sweeps: &mut Sweeps,
        seen: &mut Seen,
    ) -> Outcome<Stored> {
        let workspace = session.workspace.id;
        let (mut page, mut unreadable) = sweeps.0.get(&id).copied().unwrap_or((1, 0));
        let mut at_end = false;
        for _ in 0..PAGES_A_PASS {
            let rows = match client.runs(cekura::ResultId::from(id), page, PAGE).await {
                Ok(rows) => rows,
                // Past the last page, when calls went away meanwhile.
                Err(error) if page > 1 && matches!(error.kind, cekura::ErrorKind::NotFound(_)) => {
                    at_end = true;
                    break;
                }
                Err(error) => return Err(error.into()),
            };
            self.came_through(session);
            self.store_calls(workspace, id, &rows.items, seen)?;
            unreadable += rows.unreadable.len();
            let read = u64::from(page) * u64::from(PAGE);
            let short = rows.items.len() + rows.unreadable.len() < PAGE as usize;
            at_end = short || rows.count.is_some_and(|count| read >= count);
            page += 1;
            if at_end {
                break;
            }
        }
        sweeps.0.insert(id, if at_end { (1, 0) } else { (page, unreadable) });

        let expected = self
            .ledger()
            .result_summary(workspace, id)?
            .and_then(|summary| summary.expected_calls)
            .unwrap_or(1);
        let calls = self.ledger().calls(workspace, id)?;
        let lacking = calls
            .iter()
            .filter(|call| call.ended && !call.has_full)
            .map(|call| cekura::RunId::from(call.id))
            .collect();
        Ok(Stored {
            at_end,
            unreadable,
            finished: at_end
                && calls.len() + unreadable >= expected as usize
                && calls.iter().all(|call| call.ended),
            lacking,
        })
    }

    /// After a large result has ended: what the API says of it as a whole, without its calls. Tells
    /// whether its summary is still being written.
    pub(crate) async fn keep_whole(
        &self,
        session: &Session,
        client: &cekura::Client,
        id: i64,
        unreadable: usize,
        sweeps: &mut Sweeps,
    ) -> Outcome<bool> {
        sweeps.0.remove(&id);
        match client.result_without_runs(cekura::ResultId::from(id)).await {
            Ok(detail) => {
                self.store_whole(session.workspace.id, &detail, Some(unreadable))?;
                Ok(crate::facts::summary_pending(&detail.raw))
            }
            // A server that sends the calls all the same; its words on top are not worth their weight.
            // A page that stands in the way goes away again.
            Err(cekura::Error {
                kind:
                    cekura::ErrorKind::TooBig { .. }
                    | cekura::ErrorKind::Unreadable { .. }
                    | cekura::ErrorKind::NotFound(_),
                ..
            }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}
