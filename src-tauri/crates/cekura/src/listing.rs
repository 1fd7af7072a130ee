//! Lists: decoded item by item, walked page by page.

use std::collections::HashSet;
use std::sync::PoisonError;

use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::Instant;

use crate::client::Client;
use crate::error::{Error, ErrorKind};
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
    /// Where in the item the fault lies; `.` for the whole of it.
    pub path: String,
    /// What was wrong.
    pub message: String,
    /// The item as it came.
    pub raw: Value,
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
    if !raw.is_object() {
        // Serde would take an array for the fields in their order.
        let message = "expected an object".to_owned();
        return Err(Box::new(Unreadable { id: None, path: ".".to_owned(), message, raw }));
    }
    match serde_path_to_error::deserialize(&raw) {
        Ok(wire) => Ok(T::from_wire(wire, raw)),
        Err(error) => Err(Box::new(Unreadable {
            id: raw.get("id").and_then(whole),
            path: error.path().to_string(),
            message: error.inner().to_string(),
            raw,
        })),
    }
}

/// Reads items one by one, each identity once.
pub(crate) fn decode_all<T: Item>(raws: Vec<Value>) -> (Vec<T>, Vec<Unreadable>) {
    let mut sieve = Sieve::default();
    let mut items = Vec::with_capacity(raws.len());
    let mut unreadable = Vec::new();
    for raw in raws {
        match decode::<T>(raw) {
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

/// Items of a list, whichever of the API's forms it came in.
pub(crate) struct Rows {
    pub(crate) raws: Vec<Value>,
    pub(crate) count: Option<u64>,
    /// An envelope with `results`; a bare array is the whole list.
    pub(crate) paged: bool,
}

impl Rows {
    /// A bare array, or `{"count", "results": […]}`. Anything else is no list.
    pub(crate) fn read(body: Value) -> Result<Self, ErrorKind> {
        match body {
            Value::Array(raws) => Ok(Self { raws, count: None, paged: false }),
            Value::Object(mut envelope) => match envelope.remove("results") {
                Some(results @ (Value::Array(_) | Value::Object(_))) => Ok(Self {
                    raws: entries(results),
                    count: envelope.get("count").and_then(u64::lenient),
                    paged: true,
                }),
                Some(_) => Err(ErrorKind::unreadable("results", "expected a list")),
                None => Err(ErrorKind::unreadable(".", "expected a list or a page of one")),
            },
            _ => Err(ErrorKind::unreadable(".", "expected a list")),
        }
    }
}

/// The items of an array, or of an object keyed by id: `runs` comes as either. A key stands in for
/// an id that the item itself lacks.
pub(crate) fn entries(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        Value::Object(items) => items
            .into_iter()
            .map(|(key, mut item)| {
                if let (Value::Object(fields), Ok(id)) = (&mut item, key.trim().parse::<i64>())
                    && fields.get("id").is_none_or(Value::is_null)
                {
                    fields.insert("id".to_owned(), id.into());
                }
                item
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
        let call = call.clone().on_page(page);
        let rows = match client.rows(&call).await {
            Ok(rows) => rows,
            Err(error) if page > 1 && matches!(error.kind, ErrorKind::NotFound(_)) => break,
            Err(error) => return Err(error),
        };
        let empty = rows.raws.is_empty();
        listing.count = rows.count;
        rows_read += rows.raws.len() as u64;
        let mut news = false;
        for raw in rows.raws {
            match decode::<T>(raw) {
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
        if empty || !news || !rows.paged || rows.count.is_some_and(|count| rows_read >= count) {
            break;
        }
    }
    Ok(listing)
}

/// Waits for a place among the pages that are asked for, of whichever list.
async fn keep_pace(client: &Client) {
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
    let rows = client.rows(&call).await?;
    let count = rows.count;
    let (items, unreadable) = decode_all(rows.raws);
    Ok(Page { items, unreadable, count })
}
