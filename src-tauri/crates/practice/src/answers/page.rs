//! Pages of a list, and lists that have none.

use std::fmt::Write;

use serde_json::{Value, json};

/// Page size when none is asked for: the vendor's older pages say 30 for results.
const USUAL: usize = 30;
/// Largest page: stated by the vendor for call logs only, taken for all lists here.
const LARGEST: usize = 200;

/// Which page, out of a query.
pub(crate) fn window(query: &[(String, String)]) -> (usize, usize) {
    let number = |name: &str| {
        let found = query.iter().rev().find(|(key, _)| key == name);
        found.and_then(|(_, value)| value.parse::<usize>().ok()).filter(|number| *number > 0)
    };
    (number("page").unwrap_or(1), number("page_size").unwrap_or(USUAL).min(LARGEST))
}

/// A page of `items`, or `None` past the last one: the real one answers 404 there. Only what is
/// on the page is made.
pub(crate) fn paged<T>(
    items: Vec<T>,
    query: &[(String, String)],
    host: &str,
    path: &str,
    make: impl FnMut(T) -> Value,
) -> Option<Value> {
    let (page, size) = window(query);
    let count = items.len();
    let pages = count.div_ceil(size).max(1);
    if page > pages {
        return None;
    }
    let rows: Vec<Value> = items.into_iter().skip((page - 1) * size).take(size).map(make).collect();
    let link = |number: usize| {
        let mut address = format!("http://{host}{path}?page={number}");
        for (key, value) in query.iter().filter(|(key, _)| key != "page") {
            address.push('&');
            address.push_str(&escaped(key));
            address.push('=');
            address.push_str(&escaped(value));
        }
        address
    };
    Some(json!({
        "count": count,
        "next": (page < pages).then(|| link(page + 1)),
        "previous": (page > 1).then(|| link(page - 1)),
        "results": rows,
    }))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
