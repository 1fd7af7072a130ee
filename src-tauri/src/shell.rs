//! What the commands stand on: the engine, or why there is none, and the feed.

use engine::{Engine, EngineError};

use crate::feed::Feed;
use crate::files::Files;

/// Managed by Tauri; one for the life of the program.
pub(crate) struct Shell {
    engine: Result<Engine, EngineError>,
    feed: Feed,
    files: Files,
}

impl Shell {
    pub(crate) fn new(engine: Result<Engine, EngineError>, feed: Feed, files: Files) -> Self {
        Self { engine, feed, files }
    }

    pub(crate) fn files(&self) -> &Files {
        &self.files
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
