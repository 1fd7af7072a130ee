//! What a window costs by itself: the yardstick of `cargo xtask bench`. A static page of the same
//! colour, no commands, no engine.

use std::io::Write;

use tauri::http::{HeaderValue, Response};
use tauri::webview::PageLoadEvent;
use tauri::{WebviewUrl, WebviewWindowBuilder};

const PAGE: &[u8] = b"<!doctype html><title>Bare</title><body>A static page.</body>";

#[allow(clippy::exit, reason = "in what `generate_context!` makes, for a page that is not there")]
fn main() -> tauri::Result<()> {
    linecheck::environment::prepare();
    let mut context = tauri::generate_context!();
    context.config_mut().app.windows.clear();
    tauri::Builder::default()
        .register_uri_scheme_protocol("bare", |_, _| {
            let mut answer = Response::new(PAGE.to_vec());
            answer.headers_mut().insert("content-type", HeaderValue::from_static("text/html"));
            answer
        })
        .setup(|app| {
            let page = WebviewUrl::CustomProtocol("bare://localhost/".parse()?);
            WebviewWindowBuilder::new(app, "bare", page)
                .inner_size(1280.0, 820.0)
                .visible(false)
                .on_page_load(|window, payload| {
                    if payload.event() == PageLoadEvent::Finished {
                        let _ = window.show();
                        let _ = writeln!(std::io::stdout(), "painted");
                    }
                })
                .build()?;
            Ok(())
        })
        .run(context)
}
