//! The end of the program. Whatever it ends by, the engine is closed once, within [`LIMIT`]; a person
//! who closes the window is asked first where calls are under way, and a launch that is on its way is
//! finished first unless they insist. The system, which cannot be asked to wait, is not.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use engine::view::Closing;
use tauri::{AppHandle, Manager};
use tokio::sync::OnceCell;

use crate::shell::Shell;
use crate::window;

/// The engine has this long to close. A launch that is still unsettled then is looked for at the next
/// start.
const LIMIT: Duration = Duration::from_secs(2);
/// How long the ledger may take to say whether calls are under way. They go on without the window, so
/// nobody is kept waiting for the question.
const LOOK: Duration = Duration::from_secs(1);
/// How long the toolkit may take to end by itself once the engine is closed.
const TOOLKIT: Duration = Duration::from_millis(300);

/// How far the end has come. Managed by Tauri; one for the life of the program.
#[derive(Default)]
pub(crate) struct Ending {
    /// What is under way is being looked up.
    looking: AtomicBool,
    begun: AtomicBool,
    closed: OnceCell<()>,
}

impl Ending {
    /// Whether the program is on its way out.
    pub(crate) fn has_begun(&self) -> bool {
        self.begun.load(Ordering::Acquire)
    }

    /// Closes the engine. Whoever comes second waits for the first; an engine that is being started is
    /// waited for too.
    async fn close(&self, shell: &Shell) {
        self.closed
            .get_or_init(async || {
                let closing = async {
                    if let Ok(engine) = shell.engine().await
                        && let Err(error) = engine.close().await
                    {
                        tracing::error!(code = error.code.as_str(), "the ledger did not close");
                    }
                };
                if tokio::time::timeout(LIMIT, closing).await.is_err() {
                    tracing::warn!("the engine did not close in time");
                }
            })
            .await;
    }
}

/// Takes a person's wish to close: asks where something is under way, and ends the program otherwise.
/// A page that does not answer never keeps anybody in: asked once more, the program ends. Returns at
/// once.
pub(crate) fn asked(app: &AppHandle) {
    if app.state::<Shell>().feed().is_asked_to_close() {
        return end(app);
    }
    if app.state::<Ending>().looking.swap(true, Ordering::AcqRel) {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>();
        let found = under_way(&shell).await;
        let asks = found.is_some_and(|closing| shell.feed().ask_to_close(closing));
        app.state::<Ending>().looking.store(false, Ordering::Release);
        if !asks {
            return end(&app);
        }
        if found == Some(Closing::Launch)
            && let Ok(engine) = shell.engine().await
        {
            engine.launches_settled().await;
            // Who chose to stay is not asked any more.
            if shell.feed().is_asked_to_close() {
                end(&app);
            }
        }
    });
}

/// Returns what a person should know of before they close.
async fn under_way(shell: &Shell) -> Option<Closing> {
    let engine = shell.engine_now()?;
    if engine.is_launching() {
        return Some(Closing::Launch);
    }
    let looking = tauri::async_runtime::spawn_blocking(move || engine.under_way());
    let found = tokio::time::timeout(LOOK, looking).await.ok()?.ok()?.ok()?;
    if found.launching {
        return Some(Closing::Launch);
    }
    (found.calls > 0).then_some(Closing::Calls)
}

/// Ends the program without asking. The window is gone at once. Returns at once.
pub(crate) fn end(app: &AppHandle) {
    if app.state::<Ending>().begun.swap(true, Ordering::AcqRel) {
        return;
    }
    let window = app.get_webview_window(window::LABEL);
    if let Some(window) = &window
        && let Err(error) = window.hide()
    {
        tracing::warn!(%error, "the window does not hide");
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        // Who starts Linecheck now gets one of their own instead of one that ends.
        let leaving = app.clone();
        let left = tauri::async_runtime::spawn_blocking(move || {
            tauri_plugin_single_instance::destroy(&leaving);
        });
        app.state::<Ending>().close(&app.state::<Shell>()).await;
        let _ = left.await;
        match window {
            Some(window) => {
                if let Err(error) = window.destroy() {
                    tracing::error!(%error, "the window does not close");
                }
            }
            None => app.exit(0),
        }
        tokio::time::sleep(TOOLKIT).await;
        leave();
    });
}

/// Ends the process where the toolkit hangs: everything is written and closed by now.
#[allow(clippy::exit, reason = "the toolkit, whose part this is, has had its time")]
fn leave() {
    tracing::warn!("the toolkit did not end in time");
    std::process::exit(0);
}

/// Whether the toolkit may not end yet, because nobody has been asked. It may once there is no window.
pub(crate) fn must_ask(app: &AppHandle) -> bool {
    !app.state::<Ending>().has_begun() && app.get_webview_window(window::LABEL).is_some()
}

/// Closes the engine while the toolkit ends, if that is still to be done: it may end by itself, as on
/// macOS with the Dock's *Quit* and when the session ends. Nothing comes after this.
pub(crate) fn last(app: &AppHandle) {
    let (Some(ending), Some(shell)) = (app.try_state::<Ending>(), app.try_state::<Shell>()) else {
        return;
    };
    tauri::async_runtime::block_on(ending.close(&shell));
}

/// Ends the program when the system asks it to.
#[cfg(unix)]
pub(crate) fn hear_signals(app: &AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};

    for kind in [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()] {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            match signal(kind) {
                Ok(mut signals) => {
                    if signals.recv().await.is_some() {
                        end(&app);
                    }
                }
                Err(error) => tracing::warn!(%error, "signals are not heard"),
            }
        });
    }
}
