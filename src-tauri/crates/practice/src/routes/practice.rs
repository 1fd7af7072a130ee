//! The studio's own path, `/__practice__/…`: what tests and demonstrations ask and set. No key.

use axum::http::Method;
use bytes::Bytes;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Reply, launch};
use crate::answers::stamp;
use crate::calls::record::Entry;
use crate::desk::Desk;
use crate::faults::Fault;

pub(super) fn answer(desk: &Desk, method: &Method, path: &str, body: &Bytes) -> Reply {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).skip(1).collect();
    let body = if body.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(body) };
    let body = match body {
        Ok(body) => body,
        Err(error) => return Reply::detail(400, &format!("the body is not JSON: {error}")),
    };
    let outcome = match (method.as_str(), parts.as_slice()) {
        ("GET", ["launches"]) => {
            let seen = desk.seen();
            Ok(Reply::json(json!({ "count": seen.launches.len(), "launches": seen.launches })))
        }
        ("GET", ["requests"]) => Ok(Reply::json(json!(desk.seen().requests))),
        ("GET", ["left"]) => Ok(Reply::json(json!(desk.seen().left))),
        ("GET", ["faults"]) => Ok(Reply::json(json!(*desk.faults()))),
        ("GET", ["clock"]) => {
            let book = desk.book();
            Ok(Reply::json(
                json!({ "now": stamp(desk.now(&book).as_millisecond()), "ahead_s": book.ahead.as_secs() }),
            ))
        }
        ("POST", ["faults"]) => faults(desk, body),
        ("POST", ["clock"]) => clock(desk, &body),
        ("POST", ["key"]) => match body.get("key").and_then(Value::as_str) {
            Some(key) if !key.is_empty() => {
                desk.set_key(key);
                Ok(Reply::nothing(204))
            }
            _ => Err(Reply::field("key", "a text that is not empty")),
        },
        ("POST", ["balance"]) => match body.get("credits").and_then(Value::as_f64) {
            Some(credits) => {
                let at = desk.now(&desk.book());
                launch::add(desk, Entry::Balance { at, credits }).map(|()| Reply::nothing(204))
            }
            None => Err(Reply::field("credits", "a number")),
        },
        ("DELETE", ["faults"]) => {
            desk.faults().clear();
            Ok(Reply::nothing(204))
        }
        ("DELETE", ["records"]) => {
            *desk.seen() = crate::desk::Seen::default();
            Ok(Reply::nothing(204))
        }
        ("DELETE", ["everything"] | []) => everything(desk),
        _ => Err(Reply::not_found()),
    };
    outcome.unwrap_or_else(|refusal| refusal)
}

fn faults(desk: &Desk, body: Value) -> Result<Reply, Reply> {
    let wanted = match body {
        Value::Array(items) => items,
        one => vec![one],
    };
    let faults: Result<Vec<Fault>, _> = wanted.into_iter().map(serde_json::from_value).collect();
    let faults = faults.map_err(|error| Reply::detail(400, &error.to_string()))?;
    desk.faults().extend(faults);
    Ok(Reply::nothing(204))
}

/// Moves the clock ahead; back would undo what has been told.
fn clock(desk: &Desk, body: &Value) -> Result<Reply, Reply> {
    let seconds = body.get("advance_s").and_then(Value::as_i64).filter(|seconds| *seconds >= 0);
    let seconds = seconds
        .ok_or_else(|| Reply::field("advance_s", "a whole number of seconds, not negative"))?;
    let mut book = desk.book();
    let ahead = book.ahead.checked_add(SignedDuration::from_secs(seconds));
    let ahead = ahead.ok_or_else(|| Reply::field("advance_s", "too far ahead"))?;
    book.add(Entry::Clock { seconds: ahead.as_secs() })
        .map_err(|error| Reply::detail(500, &error.to_string()))?;
    Ok(Reply::json(json!({ "now": stamp(desk.now(&book).as_millisecond()) })))
}

fn everything(desk: &Desk) -> Result<Reply, Reply> {
    desk.book()
        .clear(&desk.world, (desk.config.now)())
        .map_err(|error| Reply::detail(500, &error.to_string()))?;
    desk.faults().clear();
    *desk.seen() = crate::desk::Seen::default();
    desk.set_key(&desk.config.key);
    Ok(Reply::nothing(204))
}
