//! The window with a page one module of which fails at import, for the test of the failure page:
//! the same files, policy and web view, except that `app.js` throws. Not part of the program.

use std::borrow::Cow;

use tauri::utils::assets::{AssetKey, AssetsIter, CspHash};
use tauri::webview::PageLoadEvent;
use tauri::{App, Assets, Context, WebviewWindowBuilder, Wry};

const BROKEN: &[u8] = b"throw new RangeError('broken on purpose'); export const start = () => {};";

/// The program's own files, but for one.
struct OneBroken(Box<dyn Assets<Wry>>);

/// Stands in while the files are out of the context.
struct Nothing;

#[allow(clippy::exit, reason = "in what `generate_context!` makes, for a page that is not there")]
fn main() -> tauri::Result<()> {
    linecheck::environment::prepare();
    let mut context: Context<Wry> = tauri::generate_context!();
    let whole = context.set_assets(Box::new(Nothing));
    context.set_assets(Box::new(OneBroken(whole)));
    tauri::Builder::default()
        .setup(|app| {
            let config = app.config().app.windows.first().ok_or(tauri::Error::WindowNotFound)?;
            WebviewWindowBuilder::from_config(app, config)?
                .on_page_load(|window, payload| {
                    if payload.event() == PageLoadEvent::Finished {
                        let _ = window.show();
                    }
                })
                .build()?;
            Ok(())
        })
        .run(context)
}

impl Assets<Wry> for OneBroken {
    fn setup(&self, app: &App<Wry>) {
        self.0.setup(app);
    }

    fn get(&self, key: &AssetKey) -> Option<Cow<'_, [u8]>> {
        let whole = self.0.get(key)?;
        Some(if key.as_ref().ends_with("/app.js") { Cow::Borrowed(BROKEN) } else { whole })
    }

    fn iter(&self) -> Box<AssetsIter<'_>> {
        self.0.iter()
    }

    fn csp_hashes(&self, page: &AssetKey) -> Box<dyn Iterator<Item = CspHash<'_>> + '_> {
        self.0.csp_hashes(page)
    }
}

impl Assets<Wry> for Nothing {
    fn get(&self, _: &AssetKey) -> Option<Cow<'_, [u8]>> {
        None
    }

    fn iter(&self) -> Box<AssetsIter<'_>> {
        Box::new(std::iter::empty())
    }

    fn csp_hashes(&self, _: &AssetKey) -> Box<dyn Iterator<Item = CspHash<'_>> + '_> {
        Box::new(std::iter::empty())
    }
}
