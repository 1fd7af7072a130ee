//! Linecheck with a page one module of which fails at import, for the tests of what it then shows:
//! the program as it is, except that `app.js`, or the file that `LINECHECK_BROKEN_FILE` names, throws, or waits for ever with
//! `LINECHECK_BROKEN_WAITS`. Not part of the program.

use std::borrow::Cow;
use std::process::ExitCode;

use tauri::utils::assets::{AssetKey, AssetsIter, CspHash};
use tauri::{App, Assets, Context, Wry};

const BROKEN: &[u8] = b"throw new RangeError('broken on purpose'); export const start = () => {};";
const WAITING: &[u8] = b"await new Promise(() => {}); export const start = () => {};";

/// The program's own files, but for one.
struct OneBroken {
    whole: Box<dyn Assets<Wry>>,
    broken: String,
    content: &'static [u8],
}

/// Stands in while the files are out of the context.
struct Nothing;

#[allow(clippy::exit, reason = "in what `generate_context!` makes, for a page that is not there")]
fn main() -> ExitCode {
    linecheck::environment::prepare();
    let mut context: Context<Wry> = tauri::generate_context!();
    let whole = context.set_assets(Box::new(Nothing));
    let broken = std::env::var("LINECHECK_BROKEN_FILE").unwrap_or_else(|_| "app.js".to_owned());
    let waits = std::env::var_os("LINECHECK_BROKEN_WAITS").is_some();
    let script = if waits { WAITING } else { BROKEN };
    context.set_assets(Box::new(OneBroken {
        whole,
        broken: format!("/{broken}"),
        content: script,
    }));
    linecheck::run_page(context)
}

impl Assets<Wry> for OneBroken {
    fn setup(&self, app: &App<Wry>) {
        self.whole.setup(app);
    }

    fn get(&self, key: &AssetKey) -> Option<Cow<'_, [u8]>> {
        let whole = self.whole.get(key)?;
        Some(if key.as_ref() == self.broken { Cow::Borrowed(self.content) } else { whole })
    }

    fn iter(&self) -> Box<AssetsIter<'_>> {
        self.whole.iter()
    }

    fn csp_hashes(&self, page: &AssetKey) -> Box<dyn Iterator<Item = CspHash<'_>> + '_> {
        self.whole.csp_hashes(page)
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
