//! The system's notifications.
//!
//! Through `notify-rust`, the crate beneath Tauri's own notification plugin: the plugin shows a
//! notification and forgets it, so that on Linux a press on it says nothing to anybody.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use engine::{Code, EngineError};
use notify_rust::{Notification, NotificationResponse};
use tauri::AppHandle;

use crate::feed::Feed;
use crate::window;

/// Longest title and text, in characters. Systems cut earlier, each at its own place.
const TITLE: usize = 200;
const BODY: usize = 600;

/// Notifications whose press is waited for, each by a thread of its own. Some systems never say
/// that a notification is gone, so there is an end to it; further ones are shown, not waited for.
const WAITING: usize = 16;

/// What is told, and where a press on it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    title: String,
    body: String,
    route: String,
}

impl Notice {
    /// The page's words, cut to a sensible length; a screen that is not one of the page's is
    /// refused.
    pub(crate) fn new(title: &str, body: &str, route: &str) -> Result<Self, EngineError> {
        let is_route = route.len() <= 200
            && route.starts_with("#/")
            && route.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_route || title.trim().is_empty() {
            return Err(EngineError::new(Code::BadInput));
        }
        Ok(Self { title: cut(title, TITLE), body: cut(body, BODY), route: route.to_owned() })
    }
}

fn cut(text: &str, most: usize) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(most).collect()
}

/// Shows notifications and takes a person who presses one to where it leads.
pub(crate) struct Notices {
    app: AppHandle,
    feed: Feed,
    waiting: Arc<AtomicUsize>,
}

impl Notices {
    pub(crate) fn new(app: AppHandle, feed: Feed) -> Self {
        Self { app, feed, waiting: Arc::default() }
    }

    /// Shows a notice; `false` where not even a thread can be had. That the system shows nothing
    /// (no such service, quiet hours) is no error: the window says the same.
    pub(crate) fn show(&self, notice: Notice) -> bool {
        let (app, feed) = (self.app.clone(), self.feed.clone());
        let waiting = Arc::clone(&self.waiting);
        // The system is asked in a way that blocks, which on a thread of Tokio's is a panic.
        std::thread::Builder::new()
            .name("notice".to_owned())
            .spawn(move || {
                let waits = waiting.fetch_add(1, Ordering::AcqRel) < WAITING;
                match present(&app, &notice, waits) {
                    Ok(true) => {
                        window::bring_forward(&app);
                        feed.go(notice.route);
                    }
                    Ok(false) => {}
                    Err(error) => tracing::debug!(%error, "no notification was shown"),
                }
                waiting.fetch_sub(1, Ordering::AcqRel);
            })
            .is_ok()
    }
}

/// Shows it and, where `waits`, stays until it was pressed or is gone: whether it was pressed.
fn present(
    app: &AppHandle,
    notice: &Notice,
    waits: bool,
) -> Result<bool, notify_rust::error::Error> {
    let mut shown = Notification::new();
    shown.appname("Linecheck").summary(&notice.title).body(&for_system(&notice.body));
    named(&mut shown, app);
    let handle = shown.show()?;
    if !waits {
        return Ok(false);
    }
    let mut pressed = false;
    handle.wait_for_response(|response: &NotificationResponse| {
        pressed =
            matches!(response, NotificationResponse::Default | NotificationResponse::Action(_));
    })?;
    Ok(pressed)
}

/// On Linux a press needs an action of this name, and the icon is the one the package installs.
#[cfg(target_os = "linux")]
fn named(shown: &mut Notification, _: &AppHandle) {
    shown
        .icon("linecheck")
        .hint(notify_rust::Hint::DesktopEntry("Linecheck".to_owned()))
        .action("default", "Open");
}

/// Windows shows what comes from a program that was installed under this name; a build for
/// development is not, and goes by the crate's default.
#[cfg(windows)]
fn named(shown: &mut Notification, app: &AppHandle) {
    if !cfg!(debug_assertions) {
        shown.app_id(&app.config().identifier);
    }
}

/// macOS shows it in the name of the bundle.
#[cfg(target_os = "macos")]
fn named(_: &mut Notification, app: &AppHandle) {
    // Fails when it was set before, which is fine.
    let _ = notify_rust::set_application(&app.config().identifier);
}

/// On Linux the text of a notification may be markup. Names come from others and stay text.
#[cfg(target_os = "linux")]
fn for_system(body: &str) -> String {
    let reads_markup = notify_rust::get_capabilities()
        .is_ok_and(|can| can.iter().any(|name| name == "body-markup"));
    if reads_markup { escaped(body) } else { body.to_owned() }
}

#[cfg(not(target_os = "linux"))]
fn for_system(body: &str) -> String {
    body.to_owned()
}

#[cfg(target_os = "linux")]
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::{Notice, TITLE};

    fn notice(title: &str, route: &str) -> Option<Notice> {
        Notice::new(title, "", route).ok()
    }

    #[test]
    fn a_press_leads_to_a_screen_of_the_page_and_nowhere_else() {
        assert!(notice("Done", "#/results/12").is_some());
        assert!(notice("Done", "#/settings?part=key").is_some());
        for route in ["", "/results", "https://example.com/", "#/results 12", "#/\u{202e}x"] {
            assert!(notice("Done", route).is_none(), "{route:?}");
        }
        assert!(notice(" ", "#/results").is_none());
    }

    #[test]
    fn titles_are_cut_and_hold_no_control_characters() {
        let long = format!("a\nb{}", "ä".repeat(TITLE));
        let title = notice(&long, "#/new").expect("it is a notice").title;
        assert_eq!(title.chars().count(), TITLE);
        assert!(title.starts_with("abä"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn markup_stays_text() {
        assert_eq!(super::escaped("a <b> & c"), "a &lt;b&gt; &amp; c");
    }
}
