//! The page's files as they were built in, with the snapshot of this start in the first one.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tauri::utils::assets::{AssetKey, AssetsIter, CspHash};
use tauri::{App, Assets, Context, Wry};

use crate::snapshot::{self, Snapshot};

/// What the page shows before its scripts are read, if anything. For the first page alone: one that
/// is loaded again may find that things have changed.
#[derive(Clone, Default)]
pub(crate) struct First {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    offered: Option<Snapshot>,
    /// The rules of what was shown.
    style: Option<String>,
}

impl First {
    /// From now on the first page shows it.
    pub(crate) fn offer(&self, snapshot: Snapshot) {
        self.state().offered = Some(snapshot);
    }

    /// Whether a page was given with something to see in it.
    pub(crate) fn was_given(&self) -> bool {
        self.state().style.is_some()
    }

    fn put_into(&self, page: &[u8]) -> Option<Vec<u8>> {
        let mut state = self.state();
        let snapshot = state.offered.take()?;
        let page = snapshot::put_into(std::str::from_utf8(page).ok()?, &snapshot)?;
        state.style = Some(snapshot.style);
        Some(page.into_bytes())
    }

    fn style(&self) -> Option<Vec<u8>> {
        self.state().style.clone().map(String::into_bytes)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Has the first page of a context show what `first` is offered.
pub(crate) fn with_first(context: &mut Context<Wry>, first: First) {
    replace_files(context, move |name, built| match name {
        "/snapshot.css" => first.style(),
        "/index.html" => first.put_into(built?),
        _ => None,
    });
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
    use super::First;
    use crate::snapshot::Snapshot;

    const PAGE: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/index.html"));

    #[test]
    fn only_the_first_page_shows_it() {
        let first = First::default();
        assert!(first.put_into(PAGE).is_none() && !first.was_given(), "there is none");
        first.offer(Snapshot { markup: "<b>Here</b>".to_owned(), style: ".a{top:0}".to_owned() });
        assert!(first.style().is_none(), "not before the page");
        let page = first.put_into(PAGE).expect("the first one");
        assert!(String::from_utf8(page).expect("text").contains("<b>Here</b>"));
        assert!(first.was_given());
        assert_eq!(first.style().as_deref(), Some(".a{top:0}".as_bytes()));
        assert!(first.put_into(PAGE).is_none(), "the second one");
    }

    #[test]
    fn a_page_without_a_place_for_it_stays_as_it_is() {
        let first = First::default();
        first.offer(Snapshot { markup: String::new(), style: String::new() });
        assert!(first.put_into(b"<p>another page").is_none());
        assert!(!first.was_given(), "a hidden window waits for what the page draws");
    }
}
