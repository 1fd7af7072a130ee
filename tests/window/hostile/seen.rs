//! What was seen of the hostile texts, and what was amiss with it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value, json};

use super::fields::{FIELDS, Field, Pen};
use crate::payloads::{KINDS, TAGS, kind, shown};
use crate::support::{Shown, Window, amiss};

/// Listens for all that must not happen.
const LISTEN: &str = r"
    window.stillHere = true;
    window.hostile = undefined;
    window.refused = [];
    addEventListener('securitypolicyviolation', (event) => refused.push(`${event.effectiveDirective} ${event.blockedURI}`));
    window.left = [];
    for (const name of ['beforeunload', 'pagehide']) addEventListener(name, () => left.push(name));
";

/// All marked texts on screen: in text, in attributes, in fields; each with where it stands and
/// whether it was cut off.
const READ: &str = r"
    const found = new Map();
    const marked = /\u27e6(\d+)-(\d+):([\s\S]*?):\1-\2\u27e7/g;
    // Up to the end, to the next, or to a sign of ours that no payload has.
    const cut = /\u27e6(\d+)-(\d+):([^\u201d\u27e6]*)/g;
    const put = (number, field, said, where, isCut) => found.set(`${number}-${field} ${where} ${said}`, [Number(number), Number(field), said, where, isCut]);
    const take = (text, where, inText) => {
        for (const [, number, field, said] of (text ?? '').matchAll(marked)) put(number, field, said, where, false);
        if (!inText) return;
        for (const [, number, field, said] of text.replace(marked, '').matchAll(cut)) put(number, field, said, where, true);
    };
    const look = (root, inside) => {
        for (const element of root.querySelectorAll('*')) {
            const where = element.closest('[data-test]')?.dataset.test ?? element.closest('[class]')?.className ?? inside;
            for (const child of element.childNodes) if (child.nodeType === 3) take(child.data, where, true);
            for (const name of element.getAttributeNames()) take(element.getAttribute(name), `${where} ${name}`, false);
            if (element.matches('input, textarea')) take(element.value, `${where} value`, false);
            if (element.shadowRoot) look(element.shadowRoot, where);
        }
    };
    look(document, 'page');
    take(document.title, 'title', false);
    return [...found.values()];
";

/// Texts that stand out of what clips them, so that a part of them is lost. What ends in an ellipsis,
/// or can be scrolled to, is not.
const LOST: &str = r"
    const lost = new Set();
    const look = (root) => {
        for (const text of root.querySelectorAll('bdi')) {
            const { right, width } = text.getBoundingClientRect();
            if (width === 0 || text.closest('.unseen')) continue;
            const up = (element) => element.assignedSlot ?? element.parentElement ?? element.getRootNode().host ?? null;
            let clip = up(text);
            while (clip && !clip.matches('dialog, [popover]') && getComputedStyle(clip).overflowX === 'visible') clip = up(clip);
            const style = clip && getComputedStyle(clip);
            if (style && (style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none')) continue;
            const edge = clip ? clip.getBoundingClientRect().right : innerWidth;
            // A line may hang over a little where that can be scrolled to.
            if (right > edge + (style && style.overflowX !== 'hidden' ? 24 : 1)) lost.add(`${text.parentElement.className || text.parentElement.localName} in ${text.closest('[data-test]')?.dataset.test} by ${Math.round(right - edge)}`);
        }
        for (const element of root.querySelectorAll('*')) if (element.shadowRoot) look(element.shadowRoot);
    };
    look(document);
    return [...lost];
";

/// See the module.
pub(super) struct Seen {
    pen: Arc<Pen>,
    /// Field to the numbers of its texts.
    fields: BTreeMap<usize, BTreeSet<usize>>,
    /// Where, to the numbers of the texts.
    places: BTreeMap<String, BTreeSet<usize>>,
    wrong: Vec<String>,
    lost: BTreeSet<String>,
}

impl Seen {
    /// Begins to listen, before anything hostile is shown.
    pub(super) async fn begin(window: &Window, pen: &Arc<Pen>) -> Shown<Self> {
        window.script(LISTEN).await?;
        Ok(Self {
            pen: pen.clone(),
            fields: BTreeMap::new(),
            places: BTreeMap::new(),
            wrong: Vec::new(),
            lost: BTreeSet::new(),
        })
    }

    /// Looks at everything that is in the page now.
    pub(super) async fn look(&mut self, window: &Window) -> Shown {
        let read = window.script(READ).await?;
        for one in read.as_array().into_iter().flatten() {
            let index = |at: usize| one[at].as_u64().unwrap_or_default() as usize;
            let (number, field, is_cut) = (index(0), index(1), one[4] == true);
            let (said, place) = (one[2].as_str().unwrap(), one[3].as_str().unwrap().to_owned());
            let sent = &self.pen.payloads[number];
            if is_cut {
                let whole = format!("{}:{number}-{field}⟧", expected(field, sent, false));
                let lines = format!("{}:{number}-{field}⟧", expected(field, sent, true));
                if !whole.starts_with(said)
                    && !lines.starts_with(said)
                    && !in_a_row(field, &place, &whole, said)
                {
                    self.wrong.push(format!("{place}, cut: {said:?} for {sent:?}"));
                }
                // What is cut counts where it is the length that is tried.
                if kind(sent) != crate::payloads::Kind::Enormous || said.is_empty() {
                    continue;
                }
            } else {
                // A field that is written in holds what was written, to the letter; one of a single
                // line has no breaks.
                let as_written = place.ends_with(" value")
                    && (said == sent.replace('\r', "\n") || said == sent.replace(['\r', '\n'], ""));
                let as_shown =
                    [false, true].into_iter().any(|lines| said == expected(field, sent, lines));
                if !as_written && !as_shown {
                    self.wrong.push(format!("{place}: {said:?} for {sent:?}"));
                }
            }
            self.places.entry(place).or_default().insert(number);
            self.fields.entry(field).or_default().insert(number);
        }
        let lost = window.script(LOST).await?;
        let lost = lost.as_array().into_iter().flatten().filter_map(Value::as_str);
        self.lost.extend(lost.map(str::to_owned));
        let made = window
            .client()
            .execute(
                "return [document.querySelectorAll(arguments[0]).length, window.hostile ?? null, window.refused, window.left, window.stillHere ?? false, location.host];",
                vec![json!(format!(
                    "{}, script:not([src]), style, base, meta[http-equiv=refresh], link[href*=evil], form[action], a[href^=javascript]",
                    TAGS.join(", ")
                ))],
            )
            .await?;
        if made != json!([0, null, [], [], true, "localhost"]) {
            return amiss(format!("something was made of a text: {made}"));
        }
        Ok(())
    }

    /// Looks at all of a list, of which only a part is in the page at once.
    pub(super) async fn scroll(&mut self, window: &Window, list: &str) -> Shown {
        window
            .client()
            .execute("document.querySelector(arguments[0])?.scrollTo(0, 0);", vec![json!(list)])
            .await?;
        loop {
            self.look(window).await?;
            let more = window
                .client()
                .execute_async(
                    "const [list, done] = arguments;
                     const box = document.querySelector(list);
                     const before = box?.scrollTop;
                     box?.scrollBy(0, box.clientHeight * 0.8);
                     requestAnimationFrame(() => requestAnimationFrame(() => done(Boolean(box) && box.scrollTop > before + 1)));",
                    vec![json!(list)],
                )
                .await?;
            if more != json!(true) {
                return Ok(());
            }
        }
    }

    /// Looks at every list that opens over a part of the page, one after the other: only one is
    /// open at a time, and its choices are there while it is.
    pub(super) async fn lists(&mut self, window: &Window, within: &str) -> Shown {
        for at in 0.. {
            let opened = window
                .client()
                .execute_async(
                    "const [within, at, done] = arguments;
                     const pop = document.querySelectorAll(`${within} [popover]`)[at];
                     pop?.showPopover();
                     setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => done(Boolean(pop)))));",
                    vec![json!(within), json!(at)],
                )
                .await?;
            self.look(window).await?;
            if opened != json!(true) {
                return Ok(());
            }
            window
                .script("document.querySelector('[popover]:popover-open')?.hidePopover();")
                .await?;
        }
        Ok(())
    }

    /// What is wrong with all that was seen, where fields chosen from the table should have been.
    pub(super) fn judge(&self, all: bool, of: impl Fn(&Field) -> bool) {
        assert!(
            self.wrong.is_empty(),
            "{} differ: {:#?}",
            self.wrong.len(),
            &self.wrong[..self.wrong.len().min(24)]
        );
        assert!(self.lost.is_empty(), "out of sight: {:#?}", self.lost);
        let named =
            |field: &Field| format!("{}.{} {}", field.of[0], field.within.join("|"), field.name);
        let told: BTreeMap<String, usize> = self
            .fields
            .iter()
            .map(|(field, numbers)| (named(&FIELDS[*field]), numbers.len()))
            .collect();
        let mut lacks = Vec::new();
        for (at, field) in
            FIELDS.iter().enumerate().filter(|(_, field)| field.least > 0 && of(field))
        {
            let none = BTreeSet::new();
            let numbers = self.fields.get(&at).unwrap_or(&none);
            if numbers.len() < field.least {
                lacks.push(format!("{}: {} of {}", named(field), numbers.len(), field.least));
            }
            for wanted in KINDS {
                if field.least >= KINDS.len()
                    && !numbers.iter().any(|number| kind(&self.pen.payloads[*number]) == wanted)
                {
                    lacks.push(format!("{}: none of {wanted:?}", named(field)));
                }
            }
        }
        let places: BTreeMap<&String, usize> =
            self.places.iter().map(|(place, numbers)| (place, numbers.len())).collect();
        assert!(lacks.is_empty(), "{lacks:#?} in {told:#?}, at {places:#?}");
        if all {
            let seen: BTreeSet<usize> = self.fields.values().flatten().copied().collect();
            assert_eq!(seen.len(), self.pen.payloads.len(), "every text was seen: {told:#?}");
        }
    }
}

/// What is shown of a payload in a field.
fn expected(field: usize, sent: &str, lines: bool) -> String {
    let text = shown(sent, lines);
    // The parts of a path are shown as a path.
    if FIELDS[field].name == "folder_path" { text.replace('.', " › ") } else { text }
}

/// Whether a text is the beginning of another and goes on with words of ours: what stands in a row
/// of names that are cut one by one, or in a sentence, has no mark at its end.
fn in_a_row(field: usize, place: &str, whole: &str, said: &str) -> bool {
    let same = whole.chars().zip(said.chars()).take_while(|(one, other)| one == other).count();
    (place == "callout" || ["setting", "run_type"].contains(&FIELDS[field].name)) && same >= 40
}

/// The ids in a list of the API.
pub(super) fn ids(list: &Value, name: &str) -> Vec<i64> {
    list.as_array().into_iter().flatten().filter_map(|one| one[name].as_i64()).collect()
}
