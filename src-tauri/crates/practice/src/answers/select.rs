//! `?ql={field{sub},other}`: only these keys, as far as that can be understood.

use serde_json::Value;

#[derive(Debug, Default, PartialEq)]
struct Selection {
    all: bool,
    wanted: Vec<(String, Option<Selection>)>,
    unwanted: Vec<String>,
}

/// The answer with only the keys asked for. A selection that cannot be read selects everything,
/// because the API promises no error for it.
pub(crate) fn select(answer: Value, ql: Option<&str>) -> Value {
    let Some(selection) = ql.and_then(parse) else { return answer };
    match answer {
        Value::Array(items) => items.into_iter().map(|item| keep(item, &selection)).collect(),
        Value::Object(mut fields)
            if fields.contains_key("results") && fields.contains_key("count") =>
        {
            if let Some(Value::Array(items)) = fields.remove("results") {
                let kept = items.into_iter().map(|item| keep(item, &selection)).collect();
                fields.insert("results".to_owned(), kept);
            }
            Value::Object(fields)
        }
        other => keep(other, &selection),
    }
}

fn keep(value: Value, selection: &Selection) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(|item| keep(item, selection)).collect(),
        Value::Object(fields) => {
            let everything = selection.all || selection.wanted.is_empty();
            let mut kept = serde_json::Map::new();
            for (key, value) in fields {
                let wanted = selection.wanted.iter().find(|(name, _)| *name == key);
                if selection.unwanted.contains(&key) || (!everything && wanted.is_none()) {
                    continue;
                }
                let value = match wanted {
                    Some((_, Some(inner))) => keep(value, inner),
                    _ => value,
                };
                kept.insert(key, value);
            }
            Value::Object(kept)
        }
        other => other,
    }
}

fn parse(text: &str) -> Option<Selection> {
    let mut rest = text.trim();
    let selection = group(&mut rest)?;
    rest.is_empty().then_some(selection)
}

fn group(rest: &mut &str) -> Option<Selection> {
    *rest = rest.strip_prefix('{')?;
    let mut selection = Selection::default();
    loop {
        *rest = rest.trim_start_matches([',', ' ']);
        if let Some(after) = rest.strip_prefix('}') {
            *rest = after.trim_start();
            return Some(selection);
        }
        let end = rest.find(['{', '}', ','])?;
        let name = rest[..end].trim().to_owned();
        *rest = &rest[end..];
        let inner = if rest.starts_with('{') { Some(group(rest)?) } else { None };
        if name == "*" {
            selection.all = true;
        } else if let Some(name) = name.strip_prefix('-') {
            selection.unwanted.push(name.to_owned());
        } else if !name.is_empty() {
            selection.wanted.push((name, inner));
        }
    }
}
