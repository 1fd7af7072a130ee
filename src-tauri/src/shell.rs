//! What the commands stand on: the engine, or why there is none, the feed, and the ways out to the
//! system.

use engine::{Code, Engine, EngineError};
use tauri::{AppHandle, Manager};
use tokio::sync::watch;

use crate::feed::Feed;
use crate::files::Files;
use crate::notice::Notices;
use crate::page::First;
use crate::start::{self, Start};

/// Managed by Tauri; one for the life of the program.
pub(crate) struct Shell {
    app: AppHandle,
    start: Start,
    /// What came of the last attempt to start the engine; `None` until the first one is over.
    started: watch::Sender<Option<Result<Engine, EngineError>>>,
    /// Held while it is started again: one attempt at a time.
    starting: tokio::sync::Mutex<()>,
    feed: Feed,
    files: Files,
    notices: Notices,
}

impl Shell {
    pub(crate) fn new(app: AppHandle, start: Start, feed: Feed, files: Files) -> Self {
        let notices = Notices::new(app.clone(), feed.clone());
        Self {
            app,
            start,
            started: watch::Sender::new(None),
            starting: tokio::sync::Mutex::new(()),
            feed,
            files,
            notices,
        }
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

    pub(crate) fn feed(&self) -> &Feed {
        &self.feed
    }

    /// Returns the engine, once the program's first attempt to start it is over. When it did not start
    /// (another Linecheck holds the data folder, a full disk), every command answers with the reason
    /// and the page shows its sentence: a window that says why is better than none.
    pub(crate) async fn engine(&self) -> Result<Engine, EngineError> {
        let mut started = self.started.subscribe();
        match started.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(started)) => started.clone(),
            _ => Err(EngineError::new(Code::Internal)),
        }
    }

    /// Returns the engine if it is there now. Never waits, so the main thread may ask.
    pub(crate) fn engine_now(&self) -> Option<Engine> {
        self.started.borrow().as_ref()?.as_ref().ok().cloned()
    }

    /// Returns the engine, and where it did not start, starts it again first: what was in its way may
    /// be gone.
    pub(crate) async fn engine_started(&self) -> Result<Engine, EngineError> {
        if self.engine().await.is_err() {
            let _alone = self.starting.lock().await;
            if self.engine_now().is_none() {
                self.attempt(None).await;
            }
        }
        self.engine().await
    }

    /// Starts the engine, away from the threads that others wait for. With `first`, what the page
    /// shows first is offered to it.
    async fn attempt(&self, first: Option<First>) {
        let start = self.start.clone();
        let feed = self.feed.clone();
        let attempt = tauri::async_runtime::spawn_blocking(move || {
            let started = start.engine();
            if let Ok(engine) = &started {
                // Before anything is read: what changes after that is told.
                start::connect(engine, &feed);
            }
            if let (Some(first), Ok(engine)) = (first, &started) {
                match engine.first_screen() {
                    Ok(screen) => first.offer(&screen),
                    // The page asks for it, and says what is wrong.
                    Err(error) => tracing::warn!(code = error.code.as_str(), "no first screen"),
                }
            }
            started
        });
        let started = attempt.await.unwrap_or_else(|_| Err(EngineError::new(Code::Internal)));
        match &started {
            Ok(engine) => start::resume(engine, &self.app),
            Err(error) => {
                tracing::error!(code = error.code.as_str(), "the engine did not start");
            }
        }
        self.started.send_replace(Some(started));
    }
}

/// Starts the engine for the first time. Returns at once: whoever needs the engine waits for it.
pub(crate) fn begin(app: &AppHandle, first: First) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move { app.state::<Shell>().attempt(Some(first)).await });
}
