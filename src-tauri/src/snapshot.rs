//! What the results looked like when the window was last open, shown again by the next start before
//! any script has been read: half of what a start takes is making that list. The page draws it as
//! markup without behaviour (`ui/src/parts/snapshot.js`) and replaces it as soon as it has drawn the
//! list itself.
//!
//! It is shown only while it is true: its stamp names the page that drew it, the workspace and every
//! row it shows, and is compared with what the ledger holds at the start. When things were reads
//! otherwise on another day, so the page hands over how it will read; how long calls under way will
//! take reads otherwise every minute, and its line is left empty. It is drawn when the list has been
//! still for a moment, and when the window closes before that or on another screen ([`crate::window`]).
//!
//! Texts of others are in it as text alone: its markup is checked against a list of elements and
//! attributes when it comes and when it is read, and the page's content policy lets no markup run
//! anything.

use std::borrow::Cow;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use engine::view::ResultsQuery;
use engine::{Code, Engine, EngineError};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::places::fingerprint;

/// The page's own first question (`PAGE` in `ui/src/data/results-list.js`).
const ROWS: u32 = 50;
/// A screen of rows takes a tenth of it.
const MOST_BYTES: usize = 256 * 1024;

/// Elements it may have; those of the page's own come as `div`.
const ELEMENTS: [&str; 16] = [
    "a", "b", "bdi", "br", "button", "div", "h1", "header", "i", "input", "kbd", "main", "nav",
    "p", "small", "span",
];
/// Attributes it may have, whose values are the page's own words: no address, nothing that acts.
const ATTRIBUTES: [&str; 6] =
    ["aria-current", "aria-haspopup", "class", "id", "placeholder", "type"];

/// Where the page's HTML takes it: read before anything is drawn, and after everything else.
const HEAD: &str = r#"<link rel="modulepreload" href="app.js">"#;
const END: &str = "</body>";

/// Stands in the markup for when something was. No text can be this: its `<` would be written out.
const WHEN: &str = r#"<i id="when"></i>"#;

/// What the page handed over: markup, rules for the places of its elements, and for each place of
/// [`WHEN`] how it reads on the day of the drawing, on the day after it and on the days after that,
/// until the year ends; written as text is in markup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Drawing {
    pub(crate) markup: String,
    pub(crate) style: String,
    pub(crate) when: Vec<[String; 3]>,
}

impl Drawing {
    /// As it reads on the first, the second or a later day. `None` where places and texts do not
    /// fit each other.
    fn on(&self, day: usize) -> Option<Snapshot> {
        let mut parts = self.markup.split(WHEN);
        let mut markup = parts.next()?.to_owned();
        let mut texts = self.when.iter();
        for part in parts {
            markup.push_str(texts.next()?.get(day)?);
            markup.push_str(part);
        }
        texts.next().is_none().then(|| Snapshot { markup, style: self.style.clone() })
    }
}

/// What is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Snapshot {
    pub(crate) markup: String,
    pub(crate) style: String,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    stamp: String,
    day: Date,
    #[serde(flatten)]
    drawing: Drawing,
}

impl Kept {
    /// As it reads on this day; `None` for one before it was drawn, and for one whose year is
    /// another than that of the later days it was drawn for.
    fn on(&self, today: Date) -> Option<Snapshot> {
        let age = self.day.duration_until(today).as_hours() / 24;
        let later = self.day.checked_add(2.days()).ok()?;
        match age {
            0 | 1 => self.drawing.on(usize::try_from(age).ok()?),
            2.. if today.year() == later.year() => self.drawing.on(2),
            _ => None,
        }
    }
}

/// Keeps the snapshot of one data folder.
pub(crate) struct Snapshots {
    file: PathBuf,
    /// The stamp and fingerprint of what is in the file, so that it is written only when it changes.
    written: Mutex<Option<(String, String)>>,
}

impl Snapshots {
    pub(crate) fn new(data_dir: &Path) -> Self {
        Self { file: data_dir.join("snapshot.json"), written: Mutex::default() }
    }

    /// Keeps what the page drew of the results the ledger holds now, in place of an earlier one.
    /// Markup that may not be shown is [`Code::BadInput`]; a disk that takes nothing more leaves
    /// none, which costs the next start a moment and nothing else.
    pub(crate) fn keep(
        &self,
        drawing: Drawing,
        stamp: String,
        today: Date,
    ) -> Result<(), EngineError> {
        let refused = |what| EngineError::new(Code::BadInput).with_detail(what);
        for day in 0..3 {
            let shown = drawing.on(day).ok_or_else(|| refused("a place without a text".into()))?;
            check(&shown).map_err(refused)?;
        }
        let print = fingerprint(format!("{today}\n{drawing:?}").as_bytes());
        let this = Some((stamp.clone(), print.to_string()));
        let mut written = self.written();
        if *written == this && self.file.exists() {
            return Ok(());
        }
        match self.write(&Kept { stamp, day: today, drawing }) {
            Ok(()) => *written = this,
            Err(error) => {
                tracing::warn!(%error, "the snapshot of the results is not kept");
                *written = None;
                drop(fs::remove_file(&self.file));
            }
        }
        Ok(())
    }

    /// Forgets it: what it shows is erased.
    pub(crate) fn forget(&self) {
        *self.written() = None;
        if let Err(error) = fs::remove_file(&self.file)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::error!(%error, "the snapshot of the results stays");
        }
    }

    /// The one that is kept, as it reads today, if it shows what the stamp of now stands for, which
    /// is asked for only where there is one.
    pub(crate) fn of(
        &self,
        today: Date,
        stamp: impl FnOnce() -> Option<String>,
    ) -> Option<Snapshot> {
        let kept: Kept = serde_json::from_slice(&fs::read(&self.file).ok()?).ok()?;
        let shown = kept.on(today)?;
        (check(&shown).is_ok() && stamp()? == kept.stamp).then_some(shown)
    }

    /// Whole or not at all: under another name first. For its owner's eyes, like the ledger.
    fn write(&self, kept: &Kept) -> io::Result<()> {
        let new = self.file.with_extension("new");
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&new)?.write_all(&serde_json::to_vec(kept)?)?;
        fs::rename(&new, &self.file)
    }

    fn written(&self) -> MutexGuard<'_, Option<(String, String)>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a snapshot of the results stands for. Two of one stamp and day show the same, but for the
/// width of the window: the page that draws, the workspace and the rows, without what changes with
/// the clock where calls are under way. `None` without a workspace.
pub(crate) fn stamp(engine: &Engine) -> Option<String> {
    let workspace = engine.app_state().ok()?.current?;
    let mut page =
        engine.results_list(&ResultsQuery { limit: ROWS, ..ResultsQuery::default() }).ok()?;
    for row in page.rows.iter_mut().filter(|row| !row.finished) {
        (row.doing, row.stalled, row.left) = (None, None, None);
    }
    let rows = serde_json::to_string(&(&workspace, page.total, &page.rows)).ok()?;
    Some(fingerprint(format!("{}\n{rows}", env!("LINECHECK_PAGE")).as_bytes()).to_string())
}

/// The page with a snapshot in it; as it is where it has no place for one. Without it the page reads
/// its scripts ahead; with it they wait until it is painted (`ui/src/boot.js`).
pub(crate) fn put_into(page: &str, snapshot: &Snapshot) -> Option<String> {
    let (before, rest) = page.split_once(HEAD)?;
    let (middle, after) = rest.split_once(END)?;
    let Snapshot { markup, .. } = snapshot;
    Some(format!(
        r#"{before}<link rel="stylesheet" href="snapshot.css">{middle}<div class="snapshot" inert aria-hidden="true">{markup}</div>{END}{after}"#
    ))
}

/// What of a snapshot may not be shown.
fn check(snapshot: &Snapshot) -> Result<(), Cow<'static, str>> {
    let Snapshot { markup, style } = snapshot;
    if markup.len() + style.len() > MOST_BYTES {
        return Err("it is too large".into());
    }
    // Rules for places and lengths: nothing that is fetched, no character written in another way.
    if style.contains(['@', '\\', '<']) || style.contains("url(") {
        return Err("its rules may hold more than lengths".into());
    }
    let mut rest = markup.as_str();
    while let Some(at) = rest.find('<') {
        let tag = &rest[at + 1..];
        let end = tag.find('>').ok_or("an element does not end")?;
        element(&tag[..end])?;
        rest = &tag[end + 1..];
    }
    Ok(())
}

/// One tag, without its brackets. A value has neither `<` nor `>` nor a quotation mark in it.
fn element(tag: &str) -> Result<(), String> {
    let refused = || format!("<{tag}>");
    if let Some(name) = tag.strip_prefix('/') {
        return if ELEMENTS.contains(&name) { Ok(()) } else { Err(refused()) };
    }
    let mut parts = tag.split('"');
    let head = parts.next().unwrap_or_default();
    let (name, first) = head.split_once(' ').unwrap_or((head, ""));
    if !ELEMENTS.contains(&name) {
        return Err(refused());
    }
    // From here on: a name and `=`, a value, a name and `=`, a value, the end.
    let mut attribute = first;
    while let Some(_value) = (!attribute.is_empty()).then(|| parts.next()).flatten() {
        let known = attribute.trim_start().strip_suffix('=');
        if !known.is_some_and(|name| ATTRIBUTES.contains(&name)) {
            return Err(refused());
        }
        attribute = parts.next().ok_or_else(refused)?;
    }
    if attribute.is_empty() && parts.next().is_none() { Ok(()) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use engine::Code;
    use jiff::civil::{Date, date};

    use super::{Drawing, HEAD, Snapshot, Snapshots, WHEN, check, put_into};

    const PAGE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/index.html"));

    fn of(markup: &str, style: &str) -> Snapshot {
        Snapshot { markup: markup.to_owned(), style: style.to_owned() }
    }

    #[test]
    fn what_the_page_draws_may_be_shown() {
        for markup in [
            "",
            r#"<div class="app"><nav class="rail"><a class="nav" aria-current="page">Results</a></nav></div>"#,
            r#"<input type="search" placeholder="Find a result"><b><bdi>&#60;script&#62; "quoted" = it's</bdi></b>"#,
            r#"<div class=""><br></div>"#,
        ] {
            assert_eq!(check(&of(markup, ".snapshot .s0{top:46px}")), Ok(()), "{markup}");
        }
    }

    #[test]
    fn what_acts_fetches_or_is_not_known_may_not() {
        for markup in [
            "<script>alert(1)</script>",
            r#"<img src="x" onerror="alert(1)">"#,
            r#"<div onclick="alert(1)">"#,
            r#"<div class="a" onclick="alert(1)">"#,
            r#"<div class="a"onclick="alert(1)">"#,
            r"<div onclick=alert(1)>",
            r#"<div class="a" onclick=alert(1)>"#,
            r#"<a href="https://example.com/">"#,
            r#"<div style="color:red">"#,
            r#"<div class="a>b">"#,
            r#"<div/class="a">"#,
            "<div class=\"a\"\n>",
            "<DIV>",
            "<lc-app>",
            "<!-- -->",
            "<",
            "<div",
            "</script>",
            r#"<meta http-equiv="refresh" content="0">"#,
        ] {
            assert!(check(&of(markup, "")).is_err(), "{markup}");
        }
        for style in ["@import 'x';", "a{background:url(x)}", "a{background:u\\72l(x)}", "</style>"]
        {
            assert!(check(&of("", style)).is_err(), "{style}");
        }
        assert!(check(&of(&"a".repeat(super::MOST_BYTES + 1), "")).is_err());
    }

    const DAY: Date = date(2026, 11, 24);

    fn drawing(markup: &str) -> Drawing {
        Drawing { markup: markup.to_owned(), style: ".a{top:0}".to_owned(), when: Vec::new() }
    }

    #[test]
    fn it_is_there_for_its_stamp_alone_until_it_is_forgotten() {
        let dir = tempfile::tempdir().expect("a folder");
        let snapshots = Snapshots::new(dir.path());
        assert_eq!(snapshots.of(DAY, || panic!("there is none to compare with")), None);
        assert_eq!(snapshots.of(DAY, || Some("one".to_owned())), None);
        let shown = |markup| Some(of(markup, ".a{top:0}"));
        snapshots.keep(drawing("<b>First</b>"), "one".to_owned(), DAY).expect("kept");
        let again = Snapshots::new(dir.path());
        assert_eq!(again.of(DAY, || Some("one".to_owned())), shown("<b>First</b>"));
        assert_eq!(snapshots.of(DAY, || Some("two".to_owned())), None);

        let refused =
            snapshots.keep(drawing("<script>"), "two".to_owned(), DAY).expect_err("refused");
        assert_eq!(refused.code, Code::BadInput);
        assert_eq!(snapshots.of(DAY, || Some("one".to_owned())), shown("<b>First</b>"));

        snapshots.keep(drawing("<b>Second</b>"), "one".to_owned(), DAY).expect("kept");
        assert_eq!(snapshots.of(DAY, || Some("one".to_owned())), shown("<b>Second</b>"));
        snapshots.forget();
        assert_eq!(snapshots.of(DAY, || Some("one".to_owned())), None);
        assert_eq!(fs::read_dir(dir.path()).expect("the folder").count(), 0);
        snapshots.forget();
    }

    #[test]
    fn when_things_were_reads_as_it_does_on_the_day() {
        let dir = tempfile::tempdir().expect("a folder");
        let snapshots = Snapshots::new(dir.path());
        let with = |when: &[[&str; 3]]| Drawing {
            when: when.iter().map(|texts| texts.map(str::to_owned)).collect(),
            ..drawing(&format!("<b>{WHEN}</b>&#60;i id=\"when\"&#62; {WHEN}."))
        };
        let texts = [["14:03", "Yesterday", "24 Nov"], ["9:00", "Yesterday", "24 Nov"]];
        snapshots.keep(with(&texts), "one".to_owned(), DAY).expect("kept");
        let read = |today| Some(snapshots.of(today, || Some("one".to_owned()))?.markup);
        let text = |first: &str, second: &str| {
            Some(format!("<b>{first}</b>&#60;i id=\"when\"&#62; {second}."))
        };
        assert_eq!(read(DAY), text("14:03", "9:00"));
        assert_eq!(read(date(2026, 11, 25)), text("Yesterday", "Yesterday"));
        assert_eq!(read(date(2026, 11, 26)), text("24 Nov", "24 Nov"));
        assert_eq!(read(date(2026, 12, 31)), text("24 Nov", "24 Nov"));
        assert_eq!(read(date(2027, 1, 1)), None, "with the year");
        assert_eq!(read(date(2026, 11, 23)), None, "the clock was set back");

        let year_ends = date(2026, 12, 30);
        snapshots.keep(with(&texts), "one".to_owned(), year_ends).expect("kept");
        assert_eq!(read(date(2026, 12, 31)), text("Yesterday", "Yesterday"));
        assert_eq!(read(date(2027, 1, 1)), text("24 Nov", "24 Nov"), "drawn for that year");
        for wrong in [&texts[..1], &[], &[texts[0], texts[1], texts[0]]] {
            assert!(snapshots.keep(with(wrong), "one".to_owned(), DAY).is_err(), "{wrong:?}");
        }
        let acts = [["14:03", "Yesterday", "<script>"], texts[1]];
        assert!(snapshots.keep(with(&acts), "one".to_owned(), DAY).is_err());
    }

    #[test]
    fn a_file_that_was_changed_is_not_shown() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("snapshot.json");
        for text in [
            "",
            "{",
            "[]",
            r#"{"stamp":"one"}"#,
            r#"{"stamp":"one","markup":"<b>of an earlier version</b>","style":""}"#,
            r#"{"stamp":"one","day":"2026-11-24","markup":"<script>alert(1)</script>","style":"","when":[]}"#,
        ] {
            fs::write(&file, text).expect("written");
            assert_eq!(
                Snapshots::new(dir.path()).of(DAY, || Some("one".to_owned())),
                None,
                "{text}"
            );
        }
        let sound =
            r#"{"stamp":"one","day":"2026-11-24","markup":"<b>sound</b>","style":"","when":[]}"#;
        fs::write(&file, sound).expect("written");
        assert!(Snapshots::new(dir.path()).of(DAY, || Some("one".to_owned())).is_some());
    }

    #[test]
    fn the_page_has_a_place_for_it() {
        let page = put_into(PAGE, &of("<b>Here</b>", "")).expect("a place");
        assert!(page.contains(r#"aria-hidden="true"><b>Here</b></div></body>"#));
        assert!(page.contains(r#"href="snapshot.css">"#) && !page.contains(HEAD));
        assert_eq!(put_into("<p>another page", &of("", "")), None);
    }
}
