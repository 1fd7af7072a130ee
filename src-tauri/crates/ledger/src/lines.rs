//! The calls of a result as a list of them needs them: ten thousand at a time, so nothing is copied
//! that is only looked at.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::calls::CallRow;
use crate::columns::Columns;
use crate::error::Result;
use crate::ledger::Ledger;

/// A call without what lists do not show. Its texts are borrowed from where they are kept.
#[derive(Debug, Clone, PartialEq)]
pub struct CallLine<'a> {
    /// The API's id.
    pub id: i64,
    /// The evaluator.
    pub evaluator: Option<i64>,
    /// The evaluator's name.
    pub evaluator_name: Option<Cow<'a, str>>,
    /// The caller.
    pub caller: Option<i64>,
    /// The caller's name.
    pub caller_name: Option<Cow<'a, str>>,
    /// The test profile.
    pub profile: Option<i64>,
    /// The test profile's name.
    pub profile_name: Option<Cow<'a, str>>,
    /// See [`CallPut::outcome`](crate::CallPut::outcome).
    pub outcome: Cow<'a, str>,
    /// Why, as JSON.
    pub why: Cow<'a, str>,
    /// Length in seconds.
    pub duration_s: Option<f64>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// It has ended.
    pub ended: bool,
    /// See [`CallRow::has_full`].
    pub has_full: bool,
}

impl CallRow {
    /// The same as a list has it.
    pub fn line(&self) -> CallLine<'_> {
        CallLine {
            id: self.id,
            evaluator: self.evaluator,
            evaluator_name: self.evaluator_name.as_deref().map(Cow::Borrowed),
            caller: self.caller,
            caller_name: self.caller_name.as_deref().map(Cow::Borrowed),
            profile: self.profile,
            profile_name: self.profile_name.as_deref().map(Cow::Borrowed),
            outcome: Cow::Borrowed(&self.outcome),
            why: Cow::Owned(self.why.to_string()),
            duration_s: self.duration_s,
            started_at: self.started_at,
            ended: self.ended,
            has_full: self.has_full,
        }
    }
}

impl Ledger {
    /// What `each` makes of the calls of a result, in the order they were placed. It must not ask
    /// the ledger anything.
    pub fn call_lines<T>(
        &self,
        workspace: i64,
        result: i64,
        mut each: impl FnMut(CallLine<'_>) -> T,
    ) -> Result<Vec<T>> {
        self.archive(|conn| {
            // A result is placed at once, so its calls mostly stand side by side among all others:
            // then they are quicker gone through than looked up one after another.
            let (calls, first, last): (i64, i64, i64) = conn
                .prepare_cached(
                    "SELECT count(*), coalesce(min(id), 0), coalesce(max(id), 0)
                     FROM calls INDEXED BY calls_result WHERE workspace = ?1 AND result = ?2",
                )?
                .query_row((workspace, result), |row| row.try_into())?;
            let side_by_side = last.saturating_sub(first) < 2 * calls;
            let found = if side_by_side {
                "NOT INDEXED WHERE workspace = ?1 AND id BETWEEN ?3 AND ?4 AND result = ?2"
            } else {
                "INDEXED BY calls_result
                 WHERE workspace = ?1 AND result = ?2 AND id BETWEEN ?3 AND ?4"
            };
            let mut statement = conn.prepare_cached(&format!(
                "SELECT id, evaluator, evaluator_name, caller, caller_name, profile, profile_name,
                     outcome, why, duration_s, started_at, ended,
                     full_read AND (full_ended OR NOT ended)
                 FROM calls {found} ORDER BY id",
            ))?;
            let mut made = Vec::with_capacity(usize::try_from(calls).unwrap_or_default());
            let mut rows = statement.query((workspace, result, first, last))?;
            while let Some(row) = rows.next()? {
                let mut columns = Columns::of(row);
                made.push(each(CallLine {
                    id: columns.int()?,
                    evaluator: columns.opt_int()?,
                    evaluator_name: columns.opt_str()?,
                    caller: columns.opt_int()?,
                    caller_name: columns.opt_str()?,
                    profile: columns.opt_int()?,
                    profile_name: columns.opt_str()?,
                    outcome: columns.opt_str()?.unwrap_or_default(),
                    why: columns.opt_str()?.unwrap_or_default(),
                    duration_s: columns.opt_real()?,
                    started_at: columns.opt_time()?,
                    ended: columns.flag()?,
                    has_full: columns.flag()?,
                }));
            }
            Ok(made)
        })
    }
}
