//! The window: one, labelled `main`, that shows the page and nothing else.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use engine::{Code, EngineError};
use tauri::utils::config::Color;
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Manager, Theme, Url, WebviewWindow, WebviewWindowBuilder, WindowEvent};
use tokio::sync::Notify;

use crate::closing::{self, Ending};
use crate::places;
use crate::shell::Shell;

/// The label the capability file names.
pub(crate) const LABEL: &str = "main";

/// The page's background by night (`--bg`); by day it stands in `tauri.conf.json`. Both are the
/// design's, so that the window has the page's colour before the page has painted.
const NIGHT: Color = Color(0x16, 0x16, 0x18, 0xff);

/// A window is shown after this time at the latest, whatever becomes of its page.
const PATIENCE: Duration = Duration::from_secs(3);

/// Whether the window has been shown, and whether its page has drawn its first screen.
#[derive(Default)]
pub(crate) struct Showing {
    done: AtomicBool,
    drawn: AtomicBool,
    told: Notify,
}

impl Showing {
    /// Waits until the page has drawn its first screen. For one waiter.
    pub(crate) async fn wait(&self) {
        self.told.notified().await;
    }
}

/// Opens the window, hidden until the page has drawn its first screen, so that nobody sees it blank.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    let Some(config) = app.config().app.windows.iter().find(|config| config.label == LABEL) else {
        return Err(tauri::Error::WindowNotFound);
    };
    let mut builder = WebviewWindowBuilder::from_config(app, config)?
        .on_navigation(is_app)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_page_load(|window, payload| {
            // The new page reads everything afresh; what changes meanwhile waits for it.
            if payload.event() == PageLoadEvent::Started {
                window.state::<Shell>().feed().page_begins();
            }
        });
    if let Some(dir) = places::data_dir_asked() {
        builder = builder.data_directory(dir.join("webview"));
    }
    let window = builder.build()?;
    let main = app.clone();
    window.on_window_event(move |event| match event {
        WindowEvent::CloseRequested { api, .. } => {
            api.prevent_close();
            closing::asked(&main);
        }
        WindowEvent::Focused(focused) => looked_at(&main, *focused),
        _ => {}
    });
    let night = window.theme().is_ok_and(|theme| theme == Theme::Dark);
    if night {
        window.set_background_color(Some(NIGHT))?;
    }
    #[cfg(target_os = "linux")]
    fill(&window, if night { Some(NIGHT) } else { config.background_color })?;
    let late = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(PATIENCE).await;
        ready(&late);
    });
    Ok(())
}

/// Makes the window where the display is, still hidden, and gives it its colour there. Otherwise
/// the display would show it black until the toolkit has drawn it for the first time.
#[cfg(target_os = "linux")]
fn fill(window: &WebviewWindow, color: Option<Color>) -> tauri::Result<()> {
    use gtk::gdk::prelude::WindowExtManual;
    use gtk::prelude::{BinExt, GtkWindowExt, WidgetExt};

    let Some(Color(red, green, blue, _)) = color else { return Ok(()) };
    let part = |value: u8| f64::from(value) / 255.0;
    let window = window.gtk_window()?;
    // The size it will have, for the page to be laid out once. Without it a hidden window is as small
    // as it can be, and WebKit may show the layout of a narrow one in a wide one until something
    // else changes.
    if let Some(inside) = window.child() {
        inside.show_all();
    }
    let (width, height) = window.size();
    let _ = window.preferred_size();
    window.size_allocate(&gtk::Allocation::new(0, 0, width, height));
    window.realize();
    if let Some(surface) = window.window() {
        let color = gtk::cairo::SolidPattern::from_rgb(part(red), part(green), part(blue));
        surface.set_background_pattern(Some(&color));
    }
    Ok(())
}

/// The page has drawn its first screen, or says why it cannot: shows the window, and tells who waits.
/// Only the first time; a page that is loaded again finds it as it is.
pub(crate) fn ready(app: &AppHandle) {
    show(app);
    let showing = app.state::<Showing>();
    if !showing.drawn.swap(true, Ordering::AcqRel) {
        showing.told.notify_one();
    }
}

/// Shows the window, once.
fn show(app: &AppHandle) {
    if app.state::<Showing>().done.swap(true, Ordering::AcqRel) {
        return;
    }
    if let Some(window) = app.get_webview_window(LABEL)
        && let Err(error) = window.show()
    {
        tracing::error!(%error, "the window does not show");
    }
}

/// Tells the engine whether somebody looks: calls are asked after less often while nobody does.
fn looked_at(app: &AppHandle, focused: bool) {
    if let Some(engine) = app.state::<Shell>().engine_now() {
        engine.looked_at(focused);
    }
}

/// Whether a person is looking at the window, as far as the system tells.
pub(crate) fn is_in_front(app: &AppHandle) -> bool {
    app.get_webview_window(LABEL).is_some_and(|window| {
        window.is_focused().unwrap_or(false)
            && window.is_visible().unwrap_or(true)
            && !window.is_minimized().unwrap_or(false)
    })
}

/// Brings the window to the front, when somebody starts Linecheck a second time or presses a
/// notification.
pub(crate) fn bring_forward(app: &AppHandle) {
    // One that is on its way out has nothing to show.
    if app.try_state::<Ending>().is_some_and(|ending| ending.has_begun()) {
        return;
    }
    if let Some(window) = app.get_webview_window(LABEL) {
        let _: [tauri::Result<()>; 3] = to_front(&window);
    }
}

fn to_front(window: &WebviewWindow) -> [tauri::Result<()>; 3] {
    [window.unminimize(), window.show(), window.set_focus()]
}

/// Whether an address is the app's own page. Everything else is refused: a link out of a
/// transcript must not take the window with it.
pub(crate) fn is_app(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // Where the engine of the web view knows no schemes of its own.
        "http" | "https" => {
            cfg!(any(windows, target_os = "android")) && url.host_str() == Some("tauri.localhost")
        }
        _ => false,
    }
}

/// An address that may be opened in the browser: https, with a host, and no name and password in
/// it that could make it look like another one.
pub(crate) fn outside_link(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let plain = url.scheme() == "https"
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.username().is_empty()
        && url.password().is_none();
    plain.then(|| url.into())
}

/// Opens the live sound of a call: https, or a page of a server on this computer, where the practice
/// studio is. Only for addresses that a command has asked the workspace's own server for.
pub(crate) fn open_live(url: Option<&str>) -> Result<bool, EngineError> {
    let near = url.and_then(|text| Url::parse(text).ok()).filter(|url| {
        url.scheme() == "http"
            && url.host_str().is_some_and(|host| {
                host == "localhost"
                    || host
                        .trim_matches(['[', ']'])
                        .parse::<std::net::IpAddr>()
                        .is_ok_and(|address| address.is_loopback())
            })
    });
    match near {
        Some(url) => open_in_browser(url.into()),
        None => open_outside(url),
    }
}

/// Opens an address in the system's browser; false where there is none to open.
pub(crate) fn open_outside(url: Option<&str>) -> Result<bool, EngineError> {
    match url.and_then(outside_link) {
        Some(url) => open_in_browser(url),
        None => Ok(false),
    }
}

fn open_in_browser(url: String) -> Result<bool, EngineError> {
    tauri_plugin_opener::open_url(url, None::<&str>)
        .map_err(|error| EngineError::new(Code::Internal).with_detail(error.to_string()))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use tauri::Url;

    use super::{is_app, outside_link};

    #[test]
    fn only_the_apps_own_page_may_be_navigated_to() {
        let own = Url::parse("tauri://localhost/index.html#/results").expect("an address");
        assert!(is_app(&own));
        for other in [
            "https://example.com/",
            "http://localhost/",
            "file:///etc/passwd",
            "data:text/html,hello",
            "javascript:alert(1)",
            "tauri://elsewhere/",
            "about:blank",
        ] {
            assert!(!is_app(&Url::parse(other).expect("an address")), "{other}");
        }
    }

    #[test]
    fn only_plain_https_goes_to_the_browser() {
        assert_eq!(
            outside_link("https://example.com/a?b=c").as_deref(),
            Some("https://example.com/a?b=c")
        );
        for other in [
            "http://example.com/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://good.example@bad.example/",
            "mailto:someone@example.com",
            "not an address",
        ] {
            assert_eq!(outside_link(other), None, "{other}");
        }
    }
}
