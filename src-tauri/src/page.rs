//! The page's files as they were built in, and what its first screen shows put into the first of them.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use engine::view::FirstScreen;
use tauri::utils::assets::{AssetKey, AssetsIter, CspHash};
use tauri::{App, Assets, Context, Wry};

/// What stands before the block in the page's HTML.
const PLACE: &str = "<body>";

/// What the first screen shows, as a block of JSON for the page. For the first page alone: one that is
/// loaded again asks, because things may have changed.
#[derive(Clone, Default)]
pub(crate) struct First(Arc<Mutex<Carried>>);

#[derive(Default)]
struct Carried {
    block: Option<String>,
    /// The first page has been asked for.
    asked: bool,
}

impl First {
    /// Has the first page carry it, if the page has not been asked for yet.
    pub(crate) fn offer(&self, screen: &FirstScreen) {
        let mut carried = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !carried.asked {
            carried.block = block(screen);
        }
    }

    fn put_into(&self, page: &[u8]) -> Option<Vec<u8>> {
        let mut carried = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        carried.asked = true;
        let block = carried.block.take()?;
        drop(carried);
        let (before, after) = std::str::from_utf8(page).ok()?.split_once(PLACE)?;
        Some([before, PLACE, &block, after].concat().into_bytes())
    }
}

/// Returns the block. Whatever names hold, it ends where it should: a `<` of theirs is written as its
/// number, and so are the two ends of lines that JSON allows in a text and scripts once did not. Where a
/// workspace is open it says so, for the frame to be seen at once.
fn block(screen: &FirstScreen) -> Option<String> {
    let json = serde_json::to_string(screen).ok()?;
    let json =
        json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    let workspace = if screen.state.current.is_some() { " data-workspace" } else { "" };
    Some(format!("<script type=\"application/json\" id=\"first\"{workspace}>{json}</script>"))
}

/// Has the first page of a context carry what `first` is offered.
pub(crate) fn with_first(context: &mut Context<Wry>, first: First) {
    replace_files(
        context,
        move |name, built| {
            if name == "/index.html" { first.put_into(built?) } else { None }
        },
    );
}

/// Has `instead` asked for each file of a context, by its path and with what was built in under it.
/// What it gives takes the place of that; where it gives nothing, the file is as it was built in.
pub fn replace_files(
    context: &mut Context<Wry>,
    instead: impl Fn(&str, Option<&[u8]>) -> Option<Vec<u8>> + Send + Sync + 'static,
) {
    let files = context.set_assets(Box::new(Nothing));
    context.set_assets(Box::new(Replaced { files, instead: Box::new(instead) }));
}

type Instead = dyn Fn(&str, Option<&[u8]>) -> Option<Vec<u8>> + Send + Sync;

struct Replaced {
    files: Box<dyn Assets<Wry>>,
    instead: Box<Instead>,
}

impl Assets<Wry> for Replaced {
    fn setup(&self, app: &App<Wry>) {
        self.files.setup(app);
    }

    fn get(&self, key: &AssetKey) -> Option<Cow<'_, [u8]>> {
        let built = self.files.get(key);
        (self.instead)(key.as_ref(), built.as_deref()).map(Cow::Owned).or(built)
    }

    fn iter(&self) -> Box<AssetsIter<'_>> {
        self.files.iter()
    }

    fn csp_hashes(&self, page: &AssetKey) -> Box<dyn Iterator<Item = CspHash<'_>> + '_> {
        self.files.csp_hashes(page)
    }
}

/// Stands in while the files are out of the context.
struct Nothing;

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

#[cfg(test)]
mod tests {
    use engine::view::{AppState, FirstScreen, WorkspaceKind, WorkspaceView};

    use super::First;

    const PAGE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/index.html"));

    fn screen(label: Option<&str>) -> FirstScreen {
        FirstScreen {
            state: AppState {
                workspaces: Vec::new(),
                current: label.map(|label| WorkspaceView {
                    id: 1,
                    kind: WorkspaceKind::Cekura,
                    label: label.to_owned(),
                    origin: String::new(),
                }),
                version: String::new(),
                data_dir: String::new(),
                notices: Vec::new(),
            },
            results: None,
        }
    }

    #[test]
    fn only_the_first_page_carries_it() {
        let late = First::default();
        assert!(late.put_into(PAGE.as_bytes()).is_none(), "there is none");
        late.offer(&screen(Some("Flowers")));
        assert!(late.put_into(PAGE.as_bytes()).is_none(), "it came after the first one");
        let first = First::default();
        first.offer(&screen(Some("Flowers")));
        let page = first.put_into(PAGE.as_bytes()).expect("the first one");
        assert!(String::from_utf8(page).expect("text").contains("Flowers"));
        assert!(first.put_into(PAGE.as_bytes()).is_none(), "the second one");
    }

    #[test]
    fn the_frame_is_for_a_workspace_that_is_open() {
        let of = |label| {
            let first = First::default();
            first.offer(&screen(label));
            String::from_utf8(first.put_into(PAGE.as_bytes()).expect("a page")).expect("text")
        };
        assert!(of(Some("Flowers")).contains("id=\"first\" data-workspace>"));
        assert!(of(None).contains("id=\"first\">"));
    }

    #[test]
    fn no_name_ends_the_block() {
        let hostile = "</script><!--<script>\u{2028}\u{2029}]]>&amp;";
        let first = First::default();
        first.offer(&screen(Some(hostile)));
        let page = first.put_into(PAGE.as_bytes()).expect("a page");
        let page = String::from_utf8(page).expect("text");
        let (_, block) = page.split_once("data-workspace>").expect("a block");
        let (json, after) = block.split_once("</script>").expect("its end");
        assert!(!json.contains(['<', '\u{2028}', '\u{2029}']), "{json}");
        let read: serde_json::Value = serde_json::from_str(json).expect("JSON");
        assert_eq!(read["state"]["current"]["label"], hostile);
        assert!(PAGE.ends_with(after.trim_start()), "the rest is as it was");
    }
}
