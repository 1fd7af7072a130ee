//! A result as a file: what the page needs for it beside what it shows, and the name of the file. The
//! page writes the text, because the words of outcomes and reasons are there.

use crate::code::Code;
use crate::core::Engine;
use crate::error::EngineError;
use crate::launch::shown_name;
use crate::saved::safe_name;
use crate::view::SaidView;

/// The largest file of a result, in bytes. Ten thousand calls with a long note each stay below it.
const FILE_MAX: usize = 32 * 1024 * 1024;

impl Engine {
    /// What people have said of the calls of a result; those of which nobody said anything are left
    /// out.
    pub fn result_said(&self, id: i64) -> Result<Vec<SaidView>, EngineError> {
        let workspace = self.workspace_shown()?;
        let rows = self.ledger().calls(workspace, id)?;
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let mut notes = self.ledger().notes(workspace, &ids)?;
        let humans = self.ledger().humans(workspace, &ids)?;
        let said = ids.into_iter().filter_map(|call| {
            let review = humans.get(&call).and_then(|human| human.review);
            let note = notes.remove(&call);
            (review.is_some() || note.is_some()).then_some(SaidView { call, review, note })
        });
        Ok(said.collect())
    }

    /// The name that is proposed for the file of a result.
    ///
    /// Errors: `bad_input` for a text that is too large to be one, `gone`.
    pub fn result_file(&self, id: i64, text: &str) -> Result<String, EngineError> {
        if text.len() > FILE_MAX {
            return Err(EngineError::new(Code::BadInput).with_detail("larger than 32 MiB"));
        }
        let workspace = self.workspace_shown()?;
        let summary = self.ledger().result_summary(workspace, id)?;
        let summary = summary.ok_or_else(|| EngineError::new(Code::Gone))?;
        Ok(format!("{}.csv", safe_name(shown_name(&summary.name), "result")))
    }
}
