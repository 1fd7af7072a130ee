//! The settings of a result that was not placed from here, as far as a plan can hold them.

use serde_json::Value;

use crate::view::{DraftBody, DraftMessage, DraftPipecat, ToolMocks};

/// What a plan holds of somebody else's settings, and what it does not.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Carried {
    /// Everything but the evaluators.
    pub(crate) body: DraftBody,
    /// How the calls were connected, where that was not Pipecat.
    pub(crate) run_type: Option<String>,
    /// The API's names of settings that a plan has no place for.
    pub(crate) settings: Vec<String>,
}

/// Settings that say nothing a plan would need: it names its own.
const ASIDE: [&str; 5] = ["name", "agent", "agent_id", "project", "project_id"];

/// Reads `run_settings` of a result.
pub(crate) fn carried(settings: &Value, agent: Option<i64>, run_type: Option<&str>) -> Carried {
    let fresh = DraftBody::default();
    let mut of = Carried {
        body: DraftBody { agent, ..fresh },
        run_type: run_type
            .map(str::trim)
            .filter(|kind| !kind.is_empty() && !kind.to_lowercase().contains("pipecat"))
            .map(str::to_owned),
        settings: Vec::new(),
    };
    let body = &mut of.body;
    // Absent there means what it means to the API: every tool.
    body.mocks = ToolMocks::All;
    for (name, value) in settings.as_object().into_iter().flatten() {
        if says_nothing(value) && name != "mock_tool_names" {
            continue;
        }
        match name.as_str() {
            "frequency" => set(&mut body.times, whole(value)),
            "concurrency_limit" => set(&mut body.at_once, whole(value)),
            "personality_ids" => add(&mut body.callers, value),
            "personality_id" => add(&mut body.callers, &Value::from(vec![value.clone()])),
            "test_profile_ids" => add(&mut body.profiles, value),
            "test_profile_id" => add(&mut body.profiles, &Value::from(vec![value.clone()])),
            "mock_tool_names" => {
                body.mocks = match value.as_array() {
                    None => ToolMocks::All,
                    Some(names) if names.is_empty() => ToolMocks::None,
                    Some(names) => ToolMocks::Chosen(
                        names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect(),
                    ),
                };
            }
            "pipecat_data" => body.pipecat = pipecat(value, &mut of.settings),
            "scenarios" => body.messages = messages(value),
            name if ASIDE.contains(&name) => {}
            name => of.settings.push(name.to_owned()),
        }
    }
    of
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.values().all(says_nothing),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

fn pipecat(value: &Value, lost: &mut Vec<String>) -> DraftPipecat {
    let mut of = DraftPipecat::default();
    for (name, value) in value.as_object().into_iter().flatten() {
        if says_nothing(value) {
            continue;
        }
        match name.as_str() {
            "pipecat_agent_name" => {
                value.as_str().unwrap_or_default().clone_into(&mut of.agent_name);
            }
            "config" => of.config = value.to_string(),
            "room_properties" => of.room_properties = value.to_string(),
            name => lost.push(name.to_owned()),
        }
    }
    of
}

/// The data messages beside the evaluators, where they are named with them.
fn messages(value: &Value) -> Vec<DraftMessage> {
    let items = value.as_array().into_iter().flatten();
    items
        .filter_map(|item| {
            let message = item.get("publish_data_message").filter(|message| !message.is_null())?;
            let evaluator = item.get("scenario").and_then(whole)?;
            Some(DraftMessage { evaluator: Some(evaluator), text: message.to_string() })
        })
        .collect()
}

fn set(field: &mut String, number: Option<i64>) {
    if let Some(number) = number {
        *field = number.to_string();
    }
}

fn add(ids: &mut Vec<i64>, value: &Value) {
    for id in value.as_array().into_iter().flatten().filter_map(whole) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
}

/// A whole number, or a text of one: the API writes both.
fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Carried, carried};
    use crate::view::{DraftBody, DraftMessage, DraftPipecat, ToolMocks};

    #[test]
    fn what_a_plan_can_hold_is_carried_over() {
        let settings = json!({
            "frequency": 2, "concurrency_limit": "5", "personality_ids": [3, "7"],
            "personality_id": 7, "test_profile_ids": [20], "mock_tool_names": ["a"],
            "pipecat_data": { "pipecat_agent_name": "night", "config": { "b": 1 }, "room_properties": null },
            "scenarios": [{ "scenario": 4, "publish_data_message": { "c": 2 } }, { "scenario": 5 }],
            "name": "Nightly", "agent": 9,
        });
        let expected = DraftBody {
            agent: Some(9),
            times: "2".to_owned(),
            at_once: "5".to_owned(),
            callers: vec![3, 7],
            profiles: vec![20],
            mocks: ToolMocks::Chosen(vec!["a".to_owned()]),
            pipecat: DraftPipecat {
                agent_name: "night".to_owned(),
                config: r#"{"b":1}"#.to_owned(),
                room_properties: String::new(),
            },
            messages: vec![DraftMessage { evaluator: Some(4), text: r#"{"c":2}"#.to_owned() }],
            ..DraftBody::default()
        };
        let of = carried(&settings, Some(9), Some("Pipecat V2"));
        assert_eq!(of, Carried { body: expected, run_type: None, settings: Vec::new() });
    }

    #[test]
    fn what_a_plan_has_no_place_for_is_named() {
        let settings = json!({
            "mode": "same_number", "livekit_data": { "room": "x" }, "override_value": 0,
            "websocket_data": {}, "headers": null, "dry": false, "pipecat_data": { "region": "eu" },
        });
        let of = carried(&settings, None, Some(" LiveKit "));
        assert_eq!(of.run_type.as_deref(), Some("LiveKit"));
        let mut named = of.settings;
        named.sort();
        assert_eq!(named, ["livekit_data", "mode", "override_value", "region"]);
    }

    #[test]
    fn tools_are_mocked_as_they_were() {
        let mocks = |settings: Value| carried(&settings, None, None).body.mocks;
        assert_eq!(mocks(json!({})), ToolMocks::All);
        assert_eq!(mocks(json!({ "mock_tool_names": null })), ToolMocks::All);
        assert_eq!(mocks(json!({ "mock_tool_names": [] })), ToolMocks::None);
        assert_eq!(mocks(Value::Null), ToolMocks::All);
        assert_eq!(carried(&Value::Null, None, Some("")).run_type, None);
    }
}
