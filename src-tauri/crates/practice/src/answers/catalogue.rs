//! What there is to choose from: projects, agents, evaluators, callers, profiles, metrics.

use serde_json::{Value, json};

use super::stamp;
use crate::world::{
    AGENTS, Agent, CALLERS, Caller, Kind, METRICS, Metric, ORGANISATION, ORGANISATION_NAME,
    PROFILES, PROJECTS, Profile, Scenario, World, profile_information,
};

const DAY_MS: i64 = 86_400_000;

/// `GET /user/v1/projects/`: an array. The document calls the `_configured` flags text; they are
/// answers to a yes-or-no question.
pub(crate) fn projects(began: i64) -> Vec<Value> {
    PROJECTS.iter().map(|(id, name)| project(*id, name, began)).collect()
}

/// One project.
pub(crate) fn project(id: i64, name: &str, began: i64) -> Value {
    let has_pipecat =
        AGENTS.iter().any(|agent| agent.project == id && agent.pipecat_name.is_some());
    json!({
        "id": id,
        "name": name,
        "members": [],
        "organization": {
            "id": ORGANISATION,
            "name": ORGANISATION_NAME,
            "members": [],
            "created_at": stamp(began - 300 * DAY_MS),
            "updated_at": stamp(began - 10 * DAY_MS),
        },
        "outbound_timeout": 300,
        "max_call_duration": 300,
        "min_call_duration": 0,
        "rubric_config": null,
        "timezone": "Europe/London",
        "pipecat_api_key_configured": has_pipecat,
        "vapi_api_key_configured": false,
        "retell_api_key_configured": false,
        "livekit_api_key_configured": false,
        "elevenlabs_api_key_configured": false,
        "created_at": stamp(began - 300 * DAY_MS),
        "updated_at": stamp(began - 10 * DAY_MS),
    })
}

/// `GET /user/organizations/`.
pub(crate) fn organisation(began: i64, parallel: u32) -> Value {
    json!({
        "id": ORGANISATION,
        "name": ORGANISATION_NAME,
        "max_concurrent_runs_limit": parallel,
        "max_concurrent_chat_runs_limit": parallel,
        "max_call_duration": 300,
        "limit_to_exclusive_numbers": false,
        "members": [],
        "projects": PROJECTS.iter().map(|(id, name)| json!({ "id": id, "name": name })).collect::<Vec<_>>(),
        "created_at": stamp(began - 300 * DAY_MS),
        "updated_at": stamp(began - 10 * DAY_MS),
        "timezone": "Europe/London",
    })
}

/// An agent as the second version has it.
pub(crate) fn agent_v2(agent: &Agent, began: i64) -> Value {
    let credentials = agent.pipecat_name.map(|name| {
        json!({
            "config": { "pipecat_agent_name": name, "config": {}, "room_properties": {}, "tracing_enabled": false },
        })
    });
    json!({
        "id": agent.id,
        "name": agent.name,
        "description": agent.description,
        "project": agent.project,
        "language": "en",
        "telephony": {
            "phone_number": agent.phone,
            "inbound": true,
            "sip_uri": null,
            "websocket_url": null,
            "outbound_numbers": [],
        },
        "provider": {
            "type": agent.provider,
            "agent_id": null,
            "credentials": credentials,
            "chat_agent_details": null,
        },
        "agent_speaks_first": true,
        "knowledge_base_files": [],
        "enabled_personalities": CALLERS.iter().map(|caller| caller.id).filter(|id| agent.enables(*id)).collect::<Vec<_>>(),
        "mock_tools": agent.tools.iter().map(tool).collect::<Vec<_>>(),
        "mock_tools_enabled": !agent.tools.is_empty(),
        "mock_tools_provider": null,
        "dynamic_variables": [],
        "email_id": null,
        "created_at": stamp(began - 280 * DAY_MS),
        "updated_at": stamp(began - 3 * DAY_MS),
    })
}

fn tool((id, name, description, input, output): &(i64, &str, &str, &str, &str)) -> Value {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    json!({
        "id": id,
        "name": name,
        "description": description,
        "mock_data": [{ "input": parsed(input), "output": parsed(output) }],
        "served_via": { "type": "direct", "url": format!("https://tools.example/{name}") },
        "mcp_server": null,
        "subscriber_count": 1,
        "is_shared": false,
    })
}

/// An agent as the first version has it, with flat names.
pub(crate) fn agent_v1(agent: &Agent, began: i64) -> Value {
    json!({
        "id": agent.id,
        "agent_name": agent.name,
        "description": agent.description,
        "organization": ORGANISATION,
        "project": agent.project,
        "language": "en",
        "contact_number": agent.phone,
        "inbound": true,
        // The first version has another word for what the second calls custom.
        "assistant_provider": if agent.provider == "custom" { "self_hosted" } else { agent.provider },
        "pipecat_data": agent.pipecat_name.map(|name| json!({ "pipecat_agent_name": name })),
        "agent_gives_first_message": true,
        "created_at": stamp(began - 280 * DAY_MS),
        "updated_at": stamp(began - 3 * DAY_MS),
    })
}

/// An evaluator as the list has it.
pub(crate) fn scenario_row(scenario: &Scenario, began: i64) -> Value {
    let agent = World::agent(scenario.agent).unwrap_or(&AGENTS[0]);
    let profile = scenario.profile.and_then(World::profile);
    let written = began - scenario.age_days * DAY_MS;
    let metrics: Vec<&Metric> =
        scenario.metrics.iter().filter_map(|id| World::metric(*id)).collect();
    json!({
        "id": scenario.id,
        "name": scenario.name,
        "personality": scenario.caller,
        "personality_name": World::caller(scenario.caller).map(|one| one.name),
        "agent": agent.id,
        "agent_name": agent.name,
        "phone_number": agent.phone,
        "expected_outcome_prompt": scenario.expectation(),
        "instructions": scenario.instructions(),
        "scenario_language": scenario.script.language,
        "scenario_type": "instruction",
        "tags": scenario.tags,
        "inbound_phone_number": null,
        "metrics": metrics.iter().map(|one| one.id).collect::<Vec<_>>(),
        "metric_names": metrics.iter().map(|one| one.name).collect::<Vec<_>>(),
        "first_message": scenario.details.fill(scenario.script.opening),
        "tool_ids": ["TOOL_END_CALL"],
        "test_profile": profile.map(|one| one.id),
        "test_profile_data": profile.map(|one| profile_json(one, began)),
        "created_at": stamp(written),
        "updated_at": stamp(written + 5 * DAY_MS),
        "created_by": 12,
        "last_updated_by": 12,
        "folder_path": scenario.script.folder,
    })
}

/// An evaluator by itself: the row and a little more.
pub(crate) fn scenario_detail(scenario: &Scenario, began: i64) -> Value {
    let mut value = scenario_row(scenario, began);
    let more = json!({
        "project": scenario.project,
        "max_duration": null,
        "simulation_description": "",
        "information_fields": {},
        "suite_type": "undefined",
        "is_predefined": false,
        "generated_mock_tool_entries": null,
    });
    if let (Some(fields), Value::Object(more)) = (value.as_object_mut(), more) {
        fields.extend(more);
    }
    value
}

/// A folder: neither number nor count, says the API.
pub(crate) fn folder(path: &str, began: i64) -> Value {
    json!({
        "name": path.rsplit('.').next().unwrap_or(path),
        "path": path,
        "created_at": stamp(began - 250 * DAY_MS),
        "updated_at": stamp(began - 250 * DAY_MS),
    })
}

/// A caller.
pub(crate) fn caller(one: &Caller) -> Value {
    json!({
        "id": one.id,
        "project": PROJECTS[0].0,
        "organization": null,
        "name": one.name,
        "prompt": one.prompt,
        "language": "en",
        "accent": one.accent,
        "gender": one.gender,
        "enabled": true,
        "background_noise": one.noise,
        "voice_model": "practice",
        "voice_id": format!("practice-{}", one.id),
        "interruption_level": one.interruptions,
        "speed": one.speed,
        "provider": "cartesia",
    })
}

/// All callers.
pub(crate) fn callers() -> Vec<Value> {
    CALLERS.iter().map(caller).collect()
}

fn profile_json(profile: &Profile, began: i64) -> Value {
    json!({
        "id": profile.id,
        "project": PROJECTS[0].0,
        "agent": null,
        "agent_name": "",
        "name": profile.name,
        "information": profile_information(profile),
        "created_by": 12,
        "last_updated_by": 12,
        "created_at": stamp(began - 100 * DAY_MS),
        "updated_at": stamp(began - 90 * DAY_MS),
    })
}

/// All test profiles, with the evaluators that carry them.
pub(crate) fn profiles(world: &World, began: i64) -> Vec<Value> {
    let with_scenarios = |profile: &Profile| {
        let mut value = profile_json(profile, began);
        let carried: Vec<i64> = world
            .scenarios
            .iter()
            .filter(|one| one.profile == Some(profile.id))
            .map(|one| one.id)
            .collect();
        value["scenarios"] = json!(carried);
        value
    };
    PROFILES.iter().map(with_scenarios).collect()
}

/// All metrics.
pub(crate) fn metrics() -> Vec<Value> {
    METRICS.iter().enumerate().map(|(order, metric)| metric_json(metric, order)).collect()
}

/// One metric.
pub(crate) fn metric_json(metric: &Metric, order: usize) -> Value {
    let eval_type = match metric.kind {
        Kind::Binary => "binary",
        Kind::Rating => "continuous_qualitative",
        Kind::Number => "numeric",
        Kind::Category => "enum",
    };
    json!({
        "id": metric.id,
        "slug": metric.slug,
        "project": PROJECTS[0].0,
        "agents": [],
        "agent_names": [],
        "name": metric.name,
        "description": metric.description,
        "function_name": null,
        "type": "llm_judge",
        "eval_type": eval_type,
        "enum_values": metric.values,
        "audio_enabled": metric.audio,
        "observability_enabled": false,
        "simulation_enabled": true,
        "display_order": order + 1,
        "evaluation_trigger": "always",
        "vocera_defined_metric_code": metric.code,
        "metric_cost": metric.cost,
        "knowledge_base_files": [],
        "kb_file_ids": [],
    })
}
