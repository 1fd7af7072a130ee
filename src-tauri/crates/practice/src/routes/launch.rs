//! Placing calls.
//!
//! The messages the vendor has published are used as they are; where it has published none, the
//! ones its framework gives for the same mistake stand in.

use std::sync::Arc;

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::{Asked, Reply};
use crate::answers::View;
use crate::answers::result::Shape;
use crate::calls::record::{Entry, Launch};
use crate::desk::Desk;
use crate::world::{AGENTS, World};

/// Most calls of one launch. The vendor names no limit; this one keeps the studio responsive.
const MOST_CALLS: usize = 20_000;
const RUN: &str = "run_scenarios_pipecat_v2";

/// Whether a request is a launch, under whichever name.
pub(super) fn is_launch(method: &Method, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    *method == Method::POST && (path.contains("/run_scenarios") || path.ends_with("/rerun"))
}

/// `POST …/scenarios/run_scenarios_pipecat_v2/`.
pub(super) fn answer(desk: &Arc<Desk>, asked: &Asked, name: &str) -> Reply {
    if asked.method != Method::POST {
        return Reply::not_allowed(asked.method.as_str());
    }
    // Phone, text and the other ways to run are the vendor's, not this studio's.
    if name != RUN {
        return Reply::detail(400, "The practice studio places Pipecat Cloud calls only.");
    }
    let launched = asked.json().and_then(|body| read(desk, &body));
    launched
        .and_then(|launch| accept(desk, asked, launch, Shape::Launched))
        .unwrap_or_else(|refusal| refusal)
}

/// Writes something into the book.
pub(super) fn add(desk: &Desk, entry: Entry) -> Result<(), Reply> {
    desk.book().add(entry).map_err(|error| {
        tracing::error!(%error, "the practice record cannot be written");
        Reply::detail(500, "The practice record cannot be written.")
    })
}

/// Takes a checked launch in and answers with what came of it.
pub(super) fn accept(
    desk: &Desk,
    asked: &Asked,
    mut launch: Launch,
    shape: Shape,
) -> Result<Reply, Reply> {
    let calls = launch.calls();
    let too_little =
        desk.answer(&asked.headers, asked.dialect, |view| view.remaining() < View::least(calls));
    if too_little {
        return Err(Reply::detail(402, "Insufficient balance for this operation"));
    }
    {
        // Number and line belong together: two launches at once must not get the same number.
        let mut book = desk.book();
        launch.result = book.next_result();
        launch.first_run = book.next_run();
        launch.at = desk.now(&book);
        launch.speed = desk.config.speed;
        book.add(Entry::Launch(launch.clone())).map_err(|error| {
            tracing::error!(%error, "the practice record cannot be written");
            Reply::detail(500, "The practice record cannot be written.")
        })?;
    }
    let id = launch.result;
    let mut reply = desk.answer(&asked.headers, asked.dialect, |view| {
        view.plan
            .result(id)
            .map_or_else(Reply::not_found, |planned| Reply::json(view.result(planned, shape)))
    });
    reply.result = Some(id);
    Ok(reply)
}

fn read(desk: &Desk, body: &Value) -> Result<Launch, Reply> {
    let Some(fields) = body.as_object() else {
        return Err(Reply::with_status(
            400,
            json!({ "non_field_errors": ["Invalid data. Expected a dictionary."] }),
        ));
    };
    let lenient = desk.config.lenient;
    // Every field is looked at, so that all mistakes come back at once.
    let mut wrong = Map::new();
    let mut note = |name: &str, message: String| {
        wrong.insert(name.to_owned(), json!([message]));
    };
    let frequency = whole(fields, "frequency").and_then(|number| match number.unwrap_or(1) {
        below if below < 1 => Err("Ensure this value is greater than or equal to 1."),
        above if above > 100 => Err("Ensure this value is less than or equal to 100."),
        number => Ok(number as u32),
    });
    let frequency = frequency.unwrap_or_else(|message| {
        note("frequency", message.to_owned());
        1
    });
    let limit = whole(fields, "concurrency_limit").and_then(|number| match number {
        Some(below) if below < 1 => Err("Ensure this value is greater than or equal to 1."),
        other => Ok(other.map(|number| u32::try_from(number).unwrap_or(u32::MAX))),
    });
    let concurrency_limit = limit.unwrap_or_else(|message| {
        note("concurrency_limit", message.to_owned());
        None
    });
    let name = match fields.get("name") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(name)) if name.chars().count() <= 255 => name.clone(),
        Some(Value::String(_)) => {
            note("name", "Ensure this field has no more than 255 characters.".to_owned());
            String::new()
        }
        Some(_) => {
            note("name", "Not a valid string.".to_owned());
            String::new()
        }
    };
    let mock_tool_names = names(fields).unwrap_or_else(|message| {
        note("mock_tool_names", message.to_owned());
        None
    });
    let personalities =
        merged(fields, "personality_ids", "personality_id").unwrap_or_else(|message| {
            note("personality_ids", message.to_owned());
            Vec::new()
        });
    let profiles =
        merged(fields, "test_profile_ids", "test_profile_id").unwrap_or_else(|message| {
            note("test_profile_ids", message.to_owned());
            Vec::new()
        });
    if let Some(unknown) = profiles.iter().find(|id| World::profile(**id).is_none()) {
        note("test_profile_ids", format!("Invalid pk \"{unknown}\" - object does not exist."));
    }
    if fields.get("pipecat_data").is_some_and(|data| !data.is_object() && !data.is_null()) {
        note("pipecat_data", "Invalid data. Expected a dictionary.".to_owned());
    }
    let scenarios = scenarios(desk, fields, lenient).unwrap_or_else(|message| {
        note("scenarios", message);
        Vec::new()
    });
    let agent_field = if lenient && !fields.contains_key("agent") { "agent_id" } else { "agent" };
    let agent = whole(fields, agent_field).unwrap_or_else(|message| {
        note("agent", message.to_owned());
        None
    });
    let own = scenarios.first().and_then(|id| desk.world.scenario(*id)).map(|one| one.agent);
    if agent.is_none()
        && scenarios.iter().any(|id| desk.world.scenario(*id).map(|one| one.agent) != own)
    {
        note("scenarios", "All scenarios must belong to the same agent.".to_owned());
    }
    let chosen = agent.or(own).unwrap_or(AGENTS[0].id);
    match World::agent(chosen) {
        None => note("agent", format!("Invalid pk \"{chosen}\" - object does not exist.")),
        Some(agent) if agent.pipecat_name.is_none() => note(
            "agent",
            "Agent must have Pipecat credentials configured (pipecat_data with pipecat_agent_name).".to_owned(),
        ),
        Some(_) => {}
    }
    if !wrong.is_empty() {
        return Err(Reply::with_status(400, wrong));
    }
    // A caller has to be enabled for the agent that is called.
    let enabled = |id| World::agent(chosen).is_none_or(|agent| agent.enables(id));
    if personalities.iter().any(|id| World::caller(*id).is_none() || !enabled(*id)) {
        return Err(Reply::with_status(400, json!(["Invalid personalities provided."])));
    }
    let launch = Launch {
        result: 0,
        first_run: 0,
        at: jiff::Timestamp::UNIX_EPOCH,
        agent: chosen,
        name,
        scenarios,
        frequency,
        personalities,
        profiles,
        mock_tool_names,
        concurrency_limit,
        settings: settings(fields),
        speed: desk.config.speed,
    };
    if launch.calls() > MOST_CALLS {
        let message = format!(
            "This would place {} calls; {MOST_CALLS} are possible at once.",
            launch.calls()
        );
        return Err(Reply::with_status(400, json!({ "non_field_errors": [message] })));
    }
    Ok(launch)
}

/// A whole number or nothing.
fn whole(fields: &Map<String, Value>, name: &str) -> Result<Option<i64>, &'static str> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(number)) if number.is_i64() => Ok(number.as_i64()),
        // The vendor's framework takes numbers in text as numbers.
        Some(Value::String(text)) if text.parse::<i64>().is_ok() => Ok(text.parse().ok()),
        Some(_) => Err("A valid integer is required."),
    }
}

fn list(fields: &Map<String, Value>, name: &str) -> Result<Vec<i64>, &'static str> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => {
            items.iter().map(|item| item.as_i64().ok_or("A valid integer is required.")).collect()
        }
        Some(_) => Err("Expected a list of items."),
    }
}

/// The older singular field is merged into the plural one.
fn merged(
    fields: &Map<String, Value>,
    plural: &str,
    singular: &str,
) -> Result<Vec<i64>, &'static str> {
    let mut ids = list(fields, plural)?;
    if let Some(id) = whole(fields, singular)?
        && !ids.contains(&id)
    {
        ids.push(id);
    }
    Ok(ids)
}

/// `None` mocks every tool, an empty list none.
fn names(fields: &Map<String, Value>) -> Result<Option<Vec<String>>, &'static str> {
    match fields.get("mock_tool_names") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(items)) => {
            let names: Option<Vec<String>> =
                items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
            names.map(Some).ok_or("Not a valid string.")
        }
        Some(_) => Err("Expected a list of items."),
    }
}

fn scenarios(desk: &Desk, fields: &Map<String, Value>, lenient: bool) -> Result<Vec<i64>, String> {
    let items = match fields.get("scenarios") {
        None | Some(Value::Null) if lenient => return by_tag_or_folder(desk, fields),
        None | Some(Value::Null) => return Err("This field is required.".to_owned()),
        Some(Value::Array(items)) => items,
        Some(_) => return Err("Expected a list of items.".to_owned()),
    };
    if items.is_empty() {
        return Err("This list may not be empty.".to_owned());
    }
    let mut ids = Vec::with_capacity(items.len());
    for item in items {
        let id = match item {
            Value::Object(entry) => match entry.get("scenario") {
                None => return Err("scenario: This field is required.".to_owned()),
                Some(value) => value.as_i64().ok_or("scenario: A valid integer is required.")?,
            },
            Value::Number(number) if lenient => {
                number.as_i64().ok_or("A valid integer is required.")?
            }
            _ => {
                return Err(
                    "Invalid data. Expected a dictionary, such as {\"scenario\": 101}.".to_owned()
                );
            }
        };
        ids.push(id);
    }
    if ids.iter().any(|id| desk.world.scenario(*id).is_none()) {
        return Err("Invalid scenario IDs or scenarios not found".to_owned());
    }
    Ok(ids)
}

/// What the vendor's command line sends to this address although it is not documented there.
fn by_tag_or_folder(desk: &Desk, fields: &Map<String, Value>) -> Result<Vec<i64>, String> {
    let tags: Vec<&str> = match fields.get("tags") {
        Some(Value::Array(tags)) => tags.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let folder = fields.get("folder_path").and_then(Value::as_str);
    if tags.is_empty() && folder.is_none() {
        return Err("This field is required.".to_owned());
    }
    let agent = fields.get("agent").or(fields.get("agent_id")).and_then(Value::as_i64);
    let found: Vec<i64> = desk
        .world
        .scenarios
        .iter()
        .filter(|one| agent.is_none_or(|id| id == one.agent))
        .filter(|one| tags.is_empty() || one.tags.iter().any(|tag| tags.contains(tag)))
        .filter(|one| folder.is_none_or(|path| one.script.folder.starts_with(path)))
        .map(|one| one.id)
        .collect();
    if found.is_empty() {
        Err("Invalid scenario IDs or scenarios not found".to_owned())
    } else {
        Ok(found)
    }
}

/// The part of the request that a result shows again as `run_settings`.
fn settings(fields: &Map<String, Value>) -> Value {
    const KEPT: [&str; 6] = [
        "frequency",
        "concurrency_limit",
        "personality_ids",
        "test_profile_ids",
        "mock_tool_names",
        "pipecat_data",
    ];
    let kept =
        KEPT.iter().filter_map(|name| Some(((*name).to_owned(), fields.get(*name)?.clone())));
    Value::Object(kept.collect())
}
