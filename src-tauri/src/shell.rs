//! What the commands stand on: the engine, or why there is none, the feed, and the ways out to the
//! system.

use std::sync::{Mutex, OnceLock, PoisonError};

use engine::view::LaunchStateView;
use engine::{Code, Engine, EngineError};
use tauri::AppHandle;

use crate::feed::Feed;
use crate::files::Files;
use crate::notice::Notices;
use crate::snapshot::{self, Drawing, Snapshots};
use crate::start::{self, Start};

/// Managed by Tauri; one for the life of the program.
pub(crate) struct Shell {
    app: AppHandle,
    start: Start,
    engine: OnceLock<Engine>,
    /// Why there is no engine, by the last attempt to start it.
    failure: Mutex<EngineError>,
    /// Held while it is started again: one attempt at a time.
    starting: tokio::sync::Mutex<()>,
    feed: Feed,
    files: Files,
    notices: Notices,
    snapshots: Snapshots,
}

impl Shell {
    pub(crate) fn new(
        app: AppHandle,
        start: Start,
        engine: Result<Engine, EngineError>,
        feed: Feed,
        files: Files,
    ) -> Self {
        let notices = Notices::new(app.clone(), feed.clone());
        let snapshots = start.snapshots();
        let shell = Self {
            app,
            start,
            engine: OnceLock::new(),
            failure: Mutex::new(EngineError::new(Code::Internal)),
            starting: tokio::sync::Mutex::new(()),
            feed,
            files,
            notices,
            snapshots,
        };
        shell.take(engine);
        shell
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

    /// Keeps what the results look like for the next start.
    pub(crate) fn keep(&self, drawing: Drawing) -> Result<(), EngineError> {
        match snapshot::stamp(self.engine()?) {
            Some(stamp) => self.snapshots.keep(drawing, stamp, start::today()),
            None => Ok(()),
        }
    }

    /// Whether the next start would find no look of the results to show, though a workspace is open.
    /// Reads files: not for a thread that others wait for.
    pub(crate) fn wants_a_drawing(&self) -> bool {
        let stamp = self.engine().ok().and_then(snapshot::stamp);
        stamp.is_some_and(|stamp| self.snapshots.of(start::today(), || Some(stamp)).is_none())
    }

    pub(crate) fn snapshots(&self) -> &Snapshots {
        &self.snapshots
    }

    /// The engine. When it did not start (another Linecheck holds the data folder, a full disk),
    /// every command answers with the reason and the page shows its sentence: a window that says
    /// why is better than none.
    pub(crate) fn engine(&self) -> Result<&Engine, EngineError> {
        self.engine
            .get()
            .ok_or_else(|| self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// The same, and where it did not start, it is started again first: what was in its way may be
    /// gone.
    pub(crate) async fn engine_started(&self) -> Result<&Engine, EngineError> {
        if self.engine.get().is_none() {
            let _alone = self.starting.lock().await;
            if self.engine.get().is_none() {
                let start = self.start.clone();
                let started = tauri::async_runtime::spawn_blocking(move || start.engine()).await;
                self.take(started.unwrap_or_else(|_| Err(EngineError::new(Code::Internal))));
            }
        }
        self.engine()
    }

    /// Takes what came of a start.
    fn take(&self, started: Result<Engine, EngineError>) {
        match started {
            Ok(engine) => {
                start::connect(&engine, &self.feed, &self.app);
                // There is none yet: only who found none starts one, one at a time.
                let _ = self.engine.set(engine);
            }
            Err(error) => {
                tracing::error!(code = error.code.as_str(), "the engine did not start");
                *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = error;
            }
        }
    }

    pub(crate) fn feed(&self) -> &Feed {
        &self.feed
    }

    /// Whether something goes on that a person may not expect to end, or to go on, with the window:
    /// calls that are followed, or a launch on its way.
    pub(crate) fn is_under_way(&self) -> bool {
        let Ok(engine) = self.engine() else { return false };
        engine.connection_read().is_ok_and(|connection| connection.live > 0)
            || engine.launches_open().is_ok_and(|launches| {
                launches.iter().any(|launch| launch.state == LaunchStateView::Sending)
            })
    }
}
