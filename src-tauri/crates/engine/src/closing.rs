//! What ending the program would interrupt, and what the next one begins with.

use std::collections::BTreeSet;

use crate::code::Code;
use crate::core::Engine;
use crate::error::EngineError;
use crate::view::{FirstScreen, ResultsQuery};

/// Rows of the first screen: the page's own first question (`PAGE` in `ui/src/data/results-list.js`).
const FIRST_ROWS: u32 = 50;

/// What goes on that a person may not expect to end, or to go on, with the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnderWay {
    /// A launch of this process is on its way: its answer is not here yet.
    pub launching: bool,
    /// Results that are followed.
    pub calls: u32,
}

impl Engine {
    /// Returns what goes on. Without a workspace no calls are followed.
    pub fn under_way(&self) -> Result<UnderWay, EngineError> {
        let calls = match self.workspace_shown() {
            Ok(workspace) => self.ledger().results_followed(workspace)?.len(),
            Err(error) if error.code == Code::NoWorkspace => 0,
            Err(error) => return Err(error),
        };
        Ok(UnderWay {
            launching: self.is_launching(),
            calls: u32::try_from(calls).unwrap_or(u32::MAX),
        })
    }

    /// Whether a launch of this process is on its way. Asks memory alone, so it never waits.
    pub fn is_launching(&self) -> bool {
        !self.inner.in_flight.borrow().is_empty()
    }

    /// Returns when no launch of this process is on its way any more: what came of each is written
    /// down.
    pub async fn launches_settled(&self) {
        // An error would mean that the engine, which this borrows, is gone.
        let _ = self.inner.in_flight.subscribe().wait_for(BTreeSet::is_empty).await;
    }

    /// Returns what the page's first two questions would be answered with.
    pub fn first_screen(&self) -> Result<FirstScreen, EngineError> {
        let state = self.app_state()?;
        let query = ResultsQuery { limit: FIRST_ROWS, ..ResultsQuery::default() };
        let results = state.current.as_ref().map(|_| self.results_list(&query)).transpose()?;
        Ok(FirstScreen { state, results })
    }
}
