//! Lists: decoded item by item, walked page by page.

use std::collections::HashSet;
use std::sync::PoisonError;

use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::Instant;

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::json::{Body, Fault, REPAIRED, id_in, is_envelope};
use crate::loose::{Lenient, whole};
use crate::transport::Call;

/// A whole list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing<T> {
    /// What could be read, in the server's order, each id once.
    pub items: Vec<T>,
    /// What could not.
    pub unreadable: Vec<Unreadable>,
    /// How many items the server said there are, on the page read last. Lists that come as a bare
    /// array say nothing of it; of those that come in pages the document requires it
    /// (`PaginatedAIAgentV2List` and its like).
    pub count: Option<u64>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// What could be read, in the server's order, each id once.
    pub items: Vec<T>,
    /// What could not.
    pub unreadable: Vec<Unreadable>,
    /// How many items the whole list has, if the server said so.
    pub count: Option<u64>,
}

/// An item that could not be read. It hides none of its neighbours.
#[derive(Debug, Clone, PartialEq)]
pub struct Unreadable {
    /// Its id, if that much could be read.
    pub id: Option<i64>,
    /// Where it stands in the answer, such as `results[3]`.
    pub place: String,
    /// Where in the item the fault lies; `.` for the whole of it.
    pub path: String,
    /// What was wrong.
    pub message: String,
    /// The item as it came: its text where it is no JSON, null where its end could not be told.
    pub raw: Value,
}

impl Unreadable {
    /// What is left of a list whose items can no longer be told apart.
    pub(crate) fn rest(place: String, fault: &Fault) -> Self {
        let message = format!("{} at byte {} ({})", fault.what, fault.at, fault.path);
        Self { id: None, place, path: ".".to_owned(), message, raw: Value::Null }
    }
}

/// Something that stands in a list.
pub(crate) trait Item: Sized {
    /// Its form on the wire.
    type Wire: DeserializeOwned;

    /// The item of its wire form; `raw` is the JSON it was read from.
    fn from_wire(wire: Self::Wire, raw: Value) -> Self;

    /// What tells it from its neighbours.
    fn identity(&self) -> String;
}

/// Reads one item.
pub(crate) fn decode<T: Item>(raw: Value) -> Result<T, Box<Unreadable>> {
    let place = ".".to_owned();
    if !raw.is_object() {
        // Serde would take an array for the fields in their order.
        let message = match &raw {
            Value::String(text) if text.starts_with(['{', '[']) => "not JSON",
            _ => "expected an object",
        };
        let id = raw.as_str().and_then(id_in);
        let (path, message) = (".".to_owned(), message.to_owned());
        return Err(Box::new(Unreadable { id, place, path, message, raw }));
    }
    match serde_path_to_error::deserialize(&raw) {
        Ok(wire) => Ok(T::from_wire(wire, raw)),
        Err(error) => Err(Box::new(Unreadable {
            id: raw.get("id").and_then(whole),
            place,
            path: error.path().to_string(),
            message: error.inner().to_string(),
            raw,
        })),
    }
}

/// Reads one item of a list.
fn decode_entry<T: Item>(entry: Entry) -> Result<T, Box<Unreadable>> {
    decode(entry.raw).map_err(|mut fault| {
        fault.id = fault.id.or(entry.key);
        fault.place = entry.place;
        fault
    })
}

/// Reads items one by one, each identity once.
pub(crate) fn decode_all<T: Item>(entries: Vec<Entry>) -> (Vec<T>, Vec<Unreadable>) {
    let mut sieve = Sieve::default();
    let mut items = Vec::with_capacity(entries.len());
    let mut unreadable = Vec::new();
    for entry in entries {
        match decode_entry::<T>(entry) {
            Ok(item) if sieve.is_new(item.identity()) => items.push(item),
            Ok(_) => {}
            Err(fault) => unreadable.push(*fault),
        }
    }
    (items, unreadable)
}

/// Remembers what was seen.
#[derive(Default)]
pub(crate) struct Sieve(HashSet<String>);

impl Sieve {
    pub(crate) fn is_new(&mut self, identity: String) -> bool {
        self.0.insert(identity)
    }
}

/// An item that is not read yet.
pub(crate) struct Entry {
    /// Where it stands in the answer.
    place: String,
    /// The number it is keyed by.
    key: Option<i64>,
    pub(crate) raw: Value,
}

/// Items of a list, whichever of the API's forms it came in.
pub(crate) struct Rows {
    pub(crate) entries: Vec<Entry>,
    pub(crate) count: Option<u64>,
    /// An envelope with `results`; a bare array is the whole list.
    pub(crate) paged: bool,
    /// Where the items that follow could no longer be told apart.
    pub(crate) lost: Option<Fault>,
}

impl Rows {
    /// A bare array, or `{"count", "results": […]}`, whose one item may be such an envelope again.
    /// Anything else is no list.
    pub(crate) fn read(body: Body) -> Result<Self, ErrorKind> {
        let lost = body.lost;
        let mut envelope = match body.value {
            Value::Array(_) => {
                let entries = entries(body.value, "");
                return Ok(Self { entries, count: None, paged: false, lost });
            }
            Value::Object(envelope) => envelope,
            _ => return Err(ErrorKind::unreadable(".", "expected a list")),
        };
        let count = envelope.get("count").and_then(u64::lenient);
        match (envelope.remove("results"), lost) {
            (Some(Value::Array(mut pages)), lost) if pages.len() == 1 && is_envelope(&pages[0]) => {
                // The outer count may be that of the envelopes.
                let value = pages.pop().unwrap_or_default();
                Self::read(Body { value, lost })
            }
            (Some(results @ (Value::Array(_) | Value::Object(_))), lost) => {
                Ok(Self { entries: entries(results, "results"), count, paged: true, lost })
            }
            (_, Some(lost)) => Err(lost.kind()),
            (Some(_), None) => Err(ErrorKind::unreadable("results", "expected a list")),
            (None, None) => Err(ErrorKind::unreadable(".", "expected a list or a page of one")),
        }
    }
}

/// The items of an array, or of an object keyed by id: `runs` comes as either. A key stands in for
/// an id that the item itself lacks. `name` is that of the list.
pub(crate) fn entries(value: Value, name: &str) -> Vec<Entry> {
    match value {
        Value::Array(items) => items
            .into_iter()
            .enumerate()
            .map(|(index, raw)| Entry { place: format!("{name}[{index}]"), key: None, raw })
            .collect(),
        Value::Object(items) => items
            .into_iter()
            .filter(|(key, _)| key != REPAIRED)
            .map(|(key, mut raw)| {
                let id = key.trim().parse::<i64>().ok();
                if let (Value::Object(fields), Some(id)) = (&mut raw, id)
                    && fields.get("id").is_none_or(Value::is_null)
                {
                    fields.insert("id".to_owned(), id.into());
                }
                Entry { place: format!("{name}.{key}"), key: id, raw }
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Rows asked for at a time. The largest the API takes is not documented for these lists; the
/// vendor's own benchmark uses 100.
pub(crate) const PAGE_SIZE: u32 = 100;

/// Where walking ends whatever the server says: a list this long is a fault of the server.
const MOST_PAGES: u32 = 2_000;

/// Reads a whole list, page by page, by number: the server's `next` names hosts and pages that it
/// should not (seen in the vendor's own samples).
///
/// Ends at an empty page, at a page past the end (404), when as many rows were read as the server
/// counts, or when a page brings nothing new, which is what a server does that ignores `page`.
pub(crate) async fn walk<T: Item>(client: &Client, call: Call) -> Result<Listing<T>, Error> {
    let mut listing = Listing { items: Vec::new(), unreadable: Vec::new(), count: None };
    let mut sieve = Sieve::default();
    let mut rows_read: u64 = 0;
    for page in 1..=MOST_PAGES {
        keep_pace(client).await;
        let on_page = call.clone().on_page(page);
        let mut rows = match client.rows(&on_page).await {
            Ok(rows) => rows,
            Err(error) if page > 1 && matches!(error.kind, ErrorKind::NotFound(_)) => break,
            Err(error) => return Err(error),
        };
        let rest = the_rest(client, &on_page, &mut rows).await?;
        let empty = rows.entries.is_empty() && rest.is_empty();
        listing.count = rows.count;
        rows_read += (rows.entries.len() + rest.len()) as u64;
        let mut news = false;
        for entry in rows.entries {
            match decode_entry::<T>(entry) {
                Ok(item) => {
                    if sieve.is_new(item.identity()) {
                        news = true;
                        listing.items.push(item);
                    }
                }
                Err(fault) => {
                    if sieve.is_new(format!("unreadable {}", fault.raw)) {
                        news = true;
                        listing.unreadable.push(*fault);
                    }
                }
            }
        }
        for fault in rest {
            if sieve.is_new(format!("unreadable {}", fault.place)) {
                news = true;
                listing.unreadable.push(fault);
            }
        }
        if empty || !news || !rows.paged || rows.count.is_some_and(|count| rows_read >= count) {
            break;
        }
    }
    Ok(listing)
}

/// Reads what follows where the items of a page could no longer be told apart: on smaller pages,
/// at last on pages of one row. What cannot be read there either is given back by its place. Lists
/// without pages cannot be asked for their rest; it counts as one.
async fn the_rest(client: &Client, call: &Call, rows: &mut Rows) -> Result<Vec<Unreadable>, Error> {
    let Some(fault) = rows.lost.take() else { return Ok(Vec::new()) };
    let sizes = (call.number("page"), call.number("page_size"));
    let (Some(page), Some(size @ 1..), true) = (sizes.0, sizes.1, rows.paged) else {
        if rows.entries.is_empty() {
            let took = std::time::Duration::ZERO;
            return Err(Error { kind: fault.kind(), tries: 1, took });
        }
        let place = format!("after row {}", rows.entries.len());
        return Ok(vec![Unreadable::rest(place, &fault)]);
    };
    let mut unreadable = Vec::new();
    // Rows of the whole list that are settled.
    let mut settled = u64::from(page - 1) * u64::from(size) + rows.entries.len() as u64;
    // Pages to ask for, the next one last.
    let mut open = parts(page, size);
    if open.is_empty() {
        unreadable.push(Unreadable::rest(format!("row {page}"), &fault));
    }
    while let Some((page, size)) = open.pop() {
        let first = u64::from(page - 1) * u64::from(size);
        if first + u64::from(size) <= settled {
            continue;
        }
        keep_pace(client).await;
        let smaller = match client.rows(&call.clone().on_page_of(page, size)).await {
            Ok(smaller) => smaller,
            Err(error) if matches!(error.kind, ErrorKind::NotFound(_)) => break,
            Err(error) => return Err(error),
        };
        let came = smaller.entries.len() as u64;
        let known = usize::try_from(settled.saturating_sub(first)).unwrap_or(usize::MAX);
        rows.entries.extend(smaller.entries.into_iter().skip(known));
        rows.count = smaller.count.or(rows.count);
        settled = settled.max(first + came);
        match smaller.lost {
            Some(fault) if size == 1 => {
                unreadable.push(Unreadable::rest(format!("row {page}"), &fault));
                settled = settled.max(first + 1);
            }
            Some(_) => open.extend(parts(page, size)),
            None if came == 0 || rows.count.is_some_and(|count| settled >= count) => break,
            None => {}
        }
    }
    Ok(unreadable)
}

/// The smaller pages that make up a page, the last one first.
fn parts(page: u32, size: u32) -> Vec<(u32, u32)> {
    let Some(parts) = (2..=size).find(|parts| size.is_multiple_of(*parts)) else {
        return Vec::new();
    };
    (0..parts).rev().map(|part| ((page - 1) * parts + part + 1, size / parts)).collect()
}

/// Waits for a place among the pages that are asked for, of whichever list.
pub(crate) async fn keep_pace(client: &Client) {
    let wait = {
        let mut pacer = client.shared.pacer.lock().unwrap_or_else(PoisonError::into_inner);
        pacer.next(Instant::now())
    };
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
}

/// Reads one page.
pub(crate) async fn one_page<T: Item>(client: &Client, call: Call) -> Result<Page<T>, Error> {
    let mut rows = client.rows(&call).await?;
    let rest = the_rest(client, &call, &mut rows).await?;
    let count = rows.count;
    let (items, mut unreadable) = decode_all(rows.entries);
    unreadable.extend(rest);
    Ok(Page { items, unreadable, count })
}
