//! What the commands stand on: the engine, or why there is none, and the feed.

use engine::{Engine, EngineError};

use crate::feed::Feed;

/// Managed by Tauri; one for the life of the program.
pub(crate) struct Shell {
    engine: Result<Engine, EngineError>,
    feed: Feed,
}

impl Shell {
    pub(crate) fn new(engine: Result<Engine, EngineError>, feed: Feed) -> Self {
        Self { engine, feed }
    }

    /// The engine. When it did not start (another Linecheck holds the data folder, a full disk),
    /// every command answers with the reason and the page shows its sentence: a window that says
    /// why is better than none.
    pub(crate) fn engine(&self) -> Result<&Engine, EngineError> {
        self.engine.as_ref().map_err(Clone::clone)
    }

    pub(crate) fn feed(&self) -> &Feed {
        &self.feed
    }
}
