//! What the commands stand on: the engine, or why there is none, the feed, and the ways out to the
//! system.

use engine::view::LaunchStateView;
use engine::{Engine, EngineError};
use tauri::AppHandle;

use crate::feed::Feed;
use crate::files::Files;
use crate::notice::Notices;

/// Managed by Tauri; one for the life of the program.
pub(crate) struct Shell {
    app: AppHandle,
    engine: Result<Engine, EngineError>,
    feed: Feed,
    files: Files,
    notices: Notices,
}

impl Shell {
    pub(crate) fn new(
        app: AppHandle,
        engine: Result<Engine, EngineError>,
        feed: Feed,
        files: Files,
    ) -> Self {
        let notices = Notices::new(app.clone(), feed.clone());
        Self { app, engine, feed, files, notices }
    }

    pub(crate) fn app(&self) -> &AppHandle {
        &self.app
    }

    pub(crate) fn files(&self) -> &Files {
        &self.files
    }

    pub(crate) fn notices(&self) -> &Notices {
        &self.notices
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

    /// Whether something goes on that a person may not expect to end, or to go on, with the window:
    /// calls that are followed, or a launch on its way.
    pub(crate) fn is_under_way(&self) -> bool {
        let Ok(engine) = &self.engine else { return false };
        engine.connection_read().is_ok_and(|connection| connection.live > 0)
            || engine.launches_open().is_ok_and(|launches| {
                launches.iter().any(|launch| launch.state == LaunchStateView::Sending)
            })
    }
}
