//! Projects, agents, evaluators, callers, profiles, metrics, billing.

use std::sync::Arc;

use axum::http::Method;
use serde_json::{Value, json};

use super::{Asked, Reply};
use crate::answers::catalogue;
use crate::answers::page::paged;
use crate::calls::judge::Dialect;
use crate::desk::{Desk, Rights};
use crate::world::{AGENTS, METRICS, PROJECTS, Scenario, World};

pub(super) fn answer(desk: &Arc<Desk>, asked: &Asked, names: &[&str]) -> Reply {
    if !matches!(asked.method, Method::GET | Method::HEAD) {
        return Reply::not_allowed(asked.method.as_str());
    }
    read(desk, asked, names).unwrap_or_else(|refusal| refusal)
}

fn read(desk: &Arc<Desk>, asked: &Asked, names: &[&str]) -> Result<Reply, Reply> {
    let began = desk.began();
    let parallel = desk.config.parallel_limit;
    let host = asked.headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    let pages =
        |items: Vec<Value>| Reply::page(paged(items, &asked.query, host, &asked.path, |item| item));
    let project = asked.number("project_id")?;
    let agent = asked.number("agent_id")?;
    Ok(match names {
        ["user", "projects"] => Reply::json(catalogue::projects(began)),
        ["user", "projects", id] => {
            found(PROJECTS.iter().find(|one| one.0.to_string() == *id), |one| {
                catalogue::project(one.0, one.1, began)
            })
        }
        // Two paths, two shapes: the first version is an array, the second has pages.
        ["user", "organizations"] if asked.dialect == Dialect::V2 => {
            pages(vec![catalogue::organisation(began, parallel)])
        }
        ["user", "organizations"] => Reply::json(vec![catalogue::organisation(began, parallel)]),
        ["schedules", "cron-jobs"] | ["test_framework", "predefined-metrics"] => {
            Reply::json(Vec::<Value>::new())
        }
        ["test_framework", "billing", "info"] if asked.rights == Rights::Project => {
            Reply::detail(403, "Project-scoped API keys are not allowed")
        }
        ["test_framework", "billing", "info"] => {
            Reply::json(desk.answer(&asked.headers, asked.dialect, |view| view.billing(parallel)))
        }
        ["test_framework", "aiagents"] => {
            let word = asked.param("q").map(str::to_lowercase);
            let rows = AGENTS
                .iter()
                .filter(|one| project.is_none_or(|id| id == one.project))
                .filter(|one| {
                    word.as_ref().is_none_or(|word| one.name.to_lowercase().contains(word))
                })
                .map(|one| match asked.dialect {
                    Dialect::V1 => catalogue::agent_v1(one, began),
                    Dialect::V2 => catalogue::agent_v2(one, began),
                });
            pages(rows.collect())
        }
        ["test_framework", "aiagents", "short_list"] => {
            pages(AGENTS.iter().map(|one| catalogue::agent_v1(one, began)).collect())
        }
        ["test_framework", "aiagents", id] => {
            found(AGENTS.iter().find(|one| one.id.to_string() == *id), |one| match asked.dialect {
                Dialect::V1 => catalogue::agent_v1(one, began),
                Dialect::V2 => catalogue::agent_v2(one, began),
            })
        }
        ["test_framework", "aiagents", _, "personalities"] => pages(catalogue::callers()),
        ["test_framework", "personalities"] => Reply::json(catalogue::callers()),
        ["test_framework", "personalities", id] => {
            found(id.parse().ok().and_then(World::caller), catalogue::caller)
        }
        ["test_framework", "test-profiles"] if project.is_none() && agent.is_none() => {
            Reply::detail(
                400,
                "Please provide one of the required query parameter: agent_id, project_id",
            )
        }
        ["test_framework", "test-profiles"] => Reply::json(catalogue::profiles(&desk.world, began)),
        ["test_framework", "metrics"] => Reply::json(catalogue::metrics()),
        ["test_framework", "metrics", id] => found(
            METRICS.iter().enumerate().find(|(_, one)| one.id.to_string() == *id),
            |(order, one)| catalogue::metric_json(one, order),
        ),
        ["test_framework", "scenarios"] => {
            let chosen: Vec<&Scenario> = chosen(&desk.world, asked, project, agent);
            Reply::page(paged(chosen, &asked.query, host, &asked.path, |one| {
                catalogue::scenario_row(one, began)
            }))
        }
        ["test_framework", "scenarios", "folders"] => {
            let parent = asked.param("parent_path");
            let word = asked.param("search").map(str::to_lowercase);
            let paths = desk.world.folders(project).into_iter();
            let rows = paths
                .filter(|path| {
                    parent.is_none_or(|parent| {
                        path.strip_prefix(parent).is_some_and(|rest| rest.starts_with('.'))
                    })
                })
                .filter(|path| word.as_ref().is_none_or(|word| path.to_lowercase().contains(word)))
                .map(|path| catalogue::folder(&path, began));
            pages(rows.collect())
        }
        ["test_framework", "scenarios", "tags"] => {
            let chosen = desk
                .world
                .scenarios
                .iter()
                .filter(|one| project.is_none_or(|id| id == one.project));
            let tags: std::collections::BTreeSet<&str> =
                chosen.flat_map(|one| one.tags.iter().copied()).collect();
            Reply::json(json!(tags))
        }
        ["test_framework", "scenarios", id] => {
            found(id.parse().ok().and_then(|id| desk.world.scenario(id)), |one| {
                catalogue::scenario_detail(one, began)
            })
        }
        _ => Reply::not_found(),
    })
}

fn found<T>(thing: Option<T>, make: impl FnOnce(T) -> Value) -> Reply {
    thing.map_or_else(Reply::not_found, |thing| Reply::json(make(thing)))
}

fn chosen<'a>(
    world: &'a World,
    asked: &Asked,
    project: Option<i64>,
    agent: Option<i64>,
) -> Vec<&'a Scenario> {
    let tags: Option<Vec<&str>> =
        asked.param("tags").map(|tags| tags.split(',').map(str::trim).collect());
    let filter = asked.param("tag_filter_type").unwrap_or("or");
    // An empty path asks for what lies in no folder at all; here everything lies in one.
    let folder =
        asked.query.iter().find(|(key, _)| key == "folder_path").map(|(_, value)| value.as_str());
    world
        .scenarios
        .iter()
        .filter(|one| project.is_none_or(|id| id == one.project))
        .filter(|one| agent.is_none_or(|id| id == one.agent))
        .filter(|one| {
            folder.is_none_or(|path| {
                one.script
                    .folder
                    .strip_prefix(path)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        })
        .filter(|one| {
            tags.as_ref().is_none_or(|tags| match filter {
                "and" => tags.iter().all(|tag| one.tags.contains(tag)),
                "not" => !tags.iter().any(|tag| one.tags.contains(tag)),
                _ => tags.iter().any(|tag| one.tags.contains(tag)),
            })
        })
        .collect()
}
