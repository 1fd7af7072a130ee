//! Results: the list, one, and what can be done with them.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Asked, Reply, launch};
use crate::answers::View;
use crate::answers::page::paged;
use crate::answers::result::Shape;
use crate::calls::record::{Entry, Launch};
use crate::calls::schedule::Planned;
use crate::chance::Chance;
use crate::desk::Desk;
use crate::world::World;

pub(super) fn answer(desk: &Arc<Desk>, asked: &Asked, rest: &[&str]) -> Reply {
    let outcome = match (asked.method.as_str(), rest) {
        ("GET" | "HEAD", []) => list(desk, asked),
        ("POST", ["bulk_delete"]) => bulk_delete(desk, asked),
        (_, [id, action @ ..]) => match id.parse::<i64>() {
            Ok(id) => one(desk, asked, id, action),
            Err(_) => Err(Reply::not_found()),
        },
        (method, []) => Err(Reply::not_allowed(method)),
    };
    outcome.unwrap_or_else(|refusal| refusal)
}

fn shown<'a>(view: &'a View<'_>) -> impl DoubleEndedIterator<Item = &'a Planned> {
    view.plan.results.iter().filter(|planned| !view.book.deleted.contains(&planned.launch.result))
}

fn list(desk: &Desk, asked: &Asked) -> Result<Reply, Reply> {
    let agent = asked.number("agent_id")?;
    let project = asked.number("project_id")?;
    let word = asked.param("search").map(str::to_lowercase);
    let scenarios = asked.numbers("scenarios");
    Ok(desk.answer(&asked.headers, asked.dialect, |view| {
        // Newest first, as the published lists are.
        let chosen: Vec<&Planned> = shown(view)
            .rev()
            .filter(|one| agent.is_none_or(|id| id == one.launch.agent))
            .filter(|one| {
                project.is_none_or(|id| {
                    World::agent(one.launch.agent).is_some_and(|agent| agent.project == id)
                })
            })
            .filter(|one| {
                word.as_ref().is_none_or(|word| view.result_name(one).to_lowercase().contains(word))
            })
            .filter(|one| {
                scenarios
                    .as_ref()
                    .is_none_or(|ids| one.launch.scenarios.iter().any(|id| ids.contains(id)))
            })
            .collect();
        Reply::page(paged(chosen, &asked.query, view.host, &asked.path, |one| {
            view.result(one, Shape::Row)
        }))
    }))
}

fn one(desk: &Arc<Desk>, asked: &Asked, id: i64, action: &[&str]) -> Result<Reply, Reply> {
    let launched = desk.answer(&asked.headers, asked.dialect, |view| {
        let planned = view.plan.result(id).filter(|_| !view.book.deleted.contains(&id))?;
        Some(planned.launch.clone())
    });
    let launched = launched.ok_or_else(Reply::not_found)?;
    match (asked.method.as_str(), action) {
        ("GET" | "HEAD", []) => Ok(made(desk, asked, id, Shape::Detail)),
        ("PATCH", []) => rename(desk, asked, id),
        ("DELETE", []) => {
            launch::add(desk, Entry::Delete { result: id })?;
            Ok(Reply::nothing(204))
        }
        ("POST", ["end_calls"]) => {
            let at = desk.now(&desk.book());
            launch::add(desk, Entry::StopResult { at, result: id })?;
            Ok(Reply::nothing(200))
        }
        ("POST", ["rerun"]) => launch::accept(desk, asked, again(&launched), Shape::Row),
        ("POST", ["ask_about_failures"]) => ask(desk, asked, id),
        ("POST", ["regenerate_ai_summary"]) => Ok(Reply::nothing(202)),
        ("POST", ["evaluate_metrics"]) => Ok(made(desk, asked, id, Shape::Row)),
        ("POST", ["create_shareable_link_token"]) => {
            let token = format!("{:016x}", Chance::of(desk.world.seed, &[95, id as u64]).next());
            let link = format!("https://practice.invalid/shared/{token}");
            Ok(Reply::json(json!({ "token": token, "shareable_link": link })))
        }
        (_, []) => Err(Reply::not_allowed(asked.method.as_str())),
        _ => Err(Reply::not_found()),
    }
}

fn made(desk: &Desk, asked: &Asked, id: i64, shape: Shape) -> Reply {
    desk.answer(&asked.headers, asked.dialect, |view| match view.plan.result(id) {
        None => Reply::not_found(),
        Some(planned) => Reply::json(view.result(planned, shape)),
    })
}

/// Every evaluator once more, with the settings of the first time, says the document: "one run
/// per scenario".
fn again(first: &Launch) -> Launch {
    let mut seen = std::collections::BTreeSet::new();
    Launch {
        scenarios: first.scenarios.iter().copied().filter(|id| seen.insert(*id)).collect(),
        frequency: 1,
        personalities: Vec::new(),
        profiles: Vec::new(),
        ..first.clone()
    }
}

fn rename(desk: &Desk, asked: &Asked, id: i64) -> Result<Reply, Reply> {
    let body = asked.json()?;
    if let Some(name) = body.get("name") {
        let name = name.as_str().ok_or_else(|| Reply::field("name", "Not a valid string."))?;
        if name.chars().count() > 255 {
            return Err(Reply::field("name", "Ensure this field has no more than 255 characters."));
        }
        launch::add(desk, Entry::Rename { result: id, name: name.to_owned() })?;
    }
    Ok(made(desk, asked, id, Shape::Detail))
}

fn bulk_delete(desk: &Desk, asked: &Asked) -> Result<Reply, Reply> {
    let body = asked.json()?;
    let ids = body.get("result_ids").and_then(Value::as_array);
    let ids = ids.ok_or_else(|| Reply::field("result_ids", "This field is required."))?;
    if ids.is_empty() || ids.len() > 100 {
        return Err(Reply::field(
            "result_ids",
            "Ensure this field has between 1 and 100 elements.",
        ));
    }
    for id in ids.iter().filter_map(Value::as_i64) {
        launch::add(desk, Entry::Delete { result: id })?;
    }
    Ok(Reply::nothing(204))
}

fn ask(desk: &Desk, asked: &Asked, id: i64) -> Result<Reply, Reply> {
    let body = asked.json()?;
    let question = body.get("question").and_then(Value::as_str).map(str::trim).unwrap_or_default();
    if question.is_empty() {
        return Err(Reply::field("question", "This field is required."));
    }
    if question.chars().count() > 2000 {
        return Err(Reply::field(
            "question",
            "Ensure this field has no more than 2000 characters.",
        ));
    }
    Ok(desk.answer(&asked.headers, asked.dialect, |view| {
        view.plan
            .result(id)
            .map_or_else(Reply::not_found, |planned| Reply::pieces(view.answer(planned, question)))
    }))
}
