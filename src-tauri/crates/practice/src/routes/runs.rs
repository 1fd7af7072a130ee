//! Calls: the list, several at once, one, and what people do with them.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Asked, Reply, launch};
use crate::answers::View;
use crate::answers::page::paged;
use crate::calls::record::{Entry, Review, Vote};
use crate::calls::schedule::{Call, Planned, Stage};
use crate::desk::Desk;
use crate::world::World;

pub(super) fn answer(desk: &Arc<Desk>, asked: &Asked, rest: &[&str]) -> Reply {
    let outcome = match (asked.method.as_str(), rest) {
        ("GET" | "HEAD", []) => list(desk, asked),
        ("GET" | "HEAD", ["bulk"]) => bulk(desk, asked),
        (_, [id, action @ ..]) => match id.parse::<i64>() {
            Ok(id) => one(desk, asked, id, action),
            Err(_) => Err(Reply::not_found()),
        },
        (method, []) => Err(Reply::not_allowed(method)),
    };
    outcome.unwrap_or_else(|refusal| refusal)
}

fn list(desk: &Desk, asked: &Asked) -> Result<Reply, Reply> {
    let result = asked.number("result_id")?.or(asked.number("result__id")?);
    let agent = asked.number("agent_id")?;
    let project = asked.number("project_id")?;
    if result.is_none() && agent.is_none() && project.is_none() {
        return Err(Reply::detail(
            400,
            "Please provide one of the required query parameter: result_id, agent_id, project_id",
        ));
    }
    let statuses: Option<Vec<&str>> =
        asked.param("status__in").or(asked.param("status")).map(|text| text.split(',').collect());
    let success = asked.param("success").map(|text| text.eq_ignore_ascii_case("true"));
    let scenarios = asked.numbers("scenario__id__in").or(asked.numbers("scenarios"));
    Ok(desk.answer(&asked.headers, asked.dialect, |view| {
        let results = view
            .plan
            .results
            .iter()
            .filter(|one| !view.book.deleted.contains(&one.launch.result))
            .filter(|one| result.is_none_or(|id| id == one.launch.result))
            .filter(|one| agent.is_none_or(|id| id == one.launch.agent))
            .filter(|one| {
                project.is_none_or(|id| {
                    World::agent(one.launch.agent).is_some_and(|agent| agent.project == id)
                })
            });
        let chosen: Vec<(&Planned, &Call)> = results
            .flat_map(|one| one.calls.iter().map(move |call| (one, call)))
            .filter(|(_, call)| {
                statuses.as_ref().is_none_or(|words| words.contains(&view.status(call)))
            })
            .filter(|(_, call)| success.is_none_or(|wanted| view.success(call) == wanted))
            .filter(|(_, call)| scenarios.as_ref().is_none_or(|ids| ids.contains(&call.scenario)))
            .collect();
        Reply::page(paged(chosen, &asked.query, view.host, &asked.path, |(planned, call)| {
            view.run_light(planned, call)
        }))
    }))
}

fn bulk(desk: &Desk, asked: &Asked) -> Result<Reply, Reply> {
    // The vendor's own client says `ids`; its API wants `run_ids`.
    let given = asked.param("run_ids").or(asked.param("ids").filter(|_| desk.config.lenient));
    let given = given.ok_or_else(|| Reply::field("run_ids", "This field is required."))?;
    let ids: Result<Vec<i64>, _> =
        given.split(',').map(|part| part.trim().parse::<i64>()).collect();
    let ids = ids.map_err(|_| {
        Reply::with_status(400, json!(["run_ids must be comma-separated integers"]))
    })?;
    Ok(desk.answer(&asked.headers, asked.dialect, |view| {
        let runs: Vec<Value> = ids.iter().filter_map(|id| full(view, *id)).collect();
        Reply::json(runs)
    }))
}

fn full(view: &View<'_>, id: i64) -> Option<Value> {
    let (planned, call) = view.plan.run(id)?;
    if view.book.deleted.contains(&planned.launch.result) {
        return None;
    }
    Some(view.run_full(planned, call, &view.result_name(planned)))
}

fn whole(desk: &Desk, asked: &Asked, id: i64) -> Reply {
    desk.answer(&asked.headers, asked.dialect, |view| {
        full(view, id).map_or_else(Reply::not_found, Reply::json)
    })
}

fn one(desk: &Arc<Desk>, asked: &Asked, id: i64, action: &[&str]) -> Result<Reply, Reply> {
    let stage = desk.answer(&asked.headers, asked.dialect, |view| {
        let (planned, call) = view.plan.run(id)?;
        (!view.book.deleted.contains(&planned.launch.result)).then(|| call.times.stage(view.now))
    });
    let stage = stage.ok_or_else(Reply::not_found)?;
    match (asked.method.as_str(), action) {
        ("GET" | "HEAD", []) => Ok(whole(desk, asked, id)),
        ("PATCH", []) => {
            let review = review(&asked.json()?)?;
            launch::add(desk, Entry::Review { run: id, review })?;
            Ok(whole(desk, asked, id))
        }
        ("POST", ["end_call"]) => {
            let at = desk.now(&desk.book());
            launch::add(desk, Entry::StopRun { at, run: id })?;
            Ok(Reply::nothing(200))
        }
        ("POST", ["mark_metric_vote"]) => metric_vote(desk, asked, id),
        ("POST", ["mark_expected_outcome_vote"]) => {
            let body = asked.json()?;
            let vote = vote(&body)?;
            vote_is_kept(desk, id, 0, vote)?;
            Ok(whole(desk, asked, id))
        }
        // Nobody has published this answer; the client takes any of several shapes.
        ("GET", ["get_listen_url"]) if stage == Stage::Talking => {
            let host =
                asked.headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
            Ok(Reply::json(json!({ "listen_url": format!("http://{host}/listen/{id}") })))
        }
        ("GET", ["get_listen_url"]) => Err(Reply::detail(400, "The call is not in progress.")),
        (_, []) => Err(Reply::not_allowed(asked.method.as_str())),
        _ => Err(Reply::not_found()),
    }
}

fn review(body: &Value) -> Result<Review, Reply> {
    let text = |name: &str| match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Reply::field(name, "Not a valid string.")),
    };
    let flag = |name: &str| match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(Reply::field(name, "Must be a valid boolean.")),
    };
    let evaluation_status = text("evaluation_status")?;
    if let Some(word) = &evaluation_status
        && !["success", "failure", "reviewed_success", "reviewed_failure"].contains(&word.as_str())
    {
        return Err(Reply::field(
            "evaluation_status",
            &format!("\"{word}\" is not a valid choice."),
        ));
    }
    Ok(Review {
        evaluation_status,
        success: flag("success")?,
        is_reviewed: flag("is_reviewed")?,
        feedback: text("feedback")?,
        error_message: text("error_message")?,
    })
}

fn vote(body: &Value) -> Result<Vote, Reply> {
    let thumbs_up = match body.get("thumbs_up") {
        Some(Value::Bool(up)) => Some(*up),
        Some(Value::Null) => None,
        Some(_) => return Err(Reply::field("thumbs_up", "Must be a valid boolean.")),
        None => return Err(Reply::field("thumbs_up", "This field is required.")),
    };
    let feedback = body.get("feedback").and_then(Value::as_str).map(str::to_owned);
    Ok(Vote {
        thumbs_up,
        expected_value: body.get("expected_value").cloned().unwrap_or_default(),
        feedback,
    })
}

/// A vote marks the call as reviewed, says the document.
fn vote_is_kept(desk: &Desk, run: i64, metric: i64, vote: Vote) -> Result<(), Reply> {
    launch::add(desk, Entry::Vote { run, metric, vote })?;
    let review = Review { is_reviewed: Some(true), ..Review::default() };
    launch::add(desk, Entry::Review { run, review })
}

fn metric_vote(desk: &Desk, asked: &Asked, id: i64) -> Result<Reply, Reply> {
    let body = asked.json()?;
    let metric = match body.get("metric_id") {
        None => return Err(Reply::field("metric_id", "This field is required.")),
        Some(value) => value
            .as_i64()
            .ok_or_else(|| Reply::field("metric_id", "A valid integer is required."))?,
    };
    if body.get("expected_value").is_none() {
        return Err(Reply::field("expected_value", "This field is required."));
    }
    let vote = vote(&body)?;
    let has_metric = desk.answer(&asked.headers, asked.dialect, |view| {
        view.plan.run(id).is_some_and(|(_, call)| {
            let turns = view.turns(call);
            view.metrics(call, &turns).iter().any(|one| one["id"] == metric)
        })
    });
    if !has_metric {
        return Err(Reply::detail(404, "Metric evaluation not found for this run."));
    }
    vote_is_kept(desk, id, metric, vote)?;
    Ok(Reply::json(json!({ "success": true })))
}
