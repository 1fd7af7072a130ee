//! Answers in the shapes the API is known to send, with values of our own.

use serde_json::{Value, json};

pub(crate) fn project(id: i64) -> Value {
    json!({
        "id": id,
        "name": "Harbour desk",
        "organization": { "id": 4, "name": "Saltmarsh Ferries", "members": [] },
        "members": [{ "id": 1 }],
        "timezone": "Europe/Dublin",
        "pipecat_api_key_configured": true,
    })
}

/// An agent as v2 sends it.
pub(crate) fn agent(id: i64) -> Value {
    json!({
        "id": id,
        "name": "Ticket clerk",
        "description": "Books crossings",
        "project": 12,
        "language": "en",
        "telephony": { "phone_number": null, "inbound": true },
        "provider": {
            "type": "pipecat",
            "credentials": { "config": {
                "pipecat_agent_name": "ticket-clerk-eu",
                "config": { "desk": 3 },
                "tracing_enabled": false,
            }},
        },
        "enabled_personalities": [31, "32"],
        "mock_tools": [
            { "id": 1, "name": "find_crossing", "description": "Looks up a crossing", "mock_data": [] },
            { "id": 2, "name": "book_crossing", "description": "", "mock_data": [] },
        ],
        "mock_tools_enabled": true,
    })
}

/// An agent as v1 sends it: flat names.
pub(crate) fn agent_v1(id: i64) -> Value {
    json!({
        "id": id,
        "agent_name": "Ticket clerk",
        "project": "12",
        "assistant_provider": "pipecat",
        "pipecat_data": { "pipecat_agent_name": "ticket-clerk-eu", "tracing_enabled": "true" },
        "enabled_personalities": null,
    })
}

pub(crate) fn scenario(id: i64) -> Value {
    json!({
        "id": id,
        "name": "Missed the last boat",
        "personality": 31,
        "personality_name": "Hurried commuter",
        "agent": 501,
        "agent_name": "Ticket clerk",
        "expected_outcome_prompt": "Offers the first crossing of the next day",
        "instructions": "You missed the boat and want another.",
        "scenario_language": "en",
        "scenario_type": "instruction",
        "tags": ["smoke", "rebooking"],
        "metrics": [71, 72],
        "metric_names": ["Reads the time back", "Latency"],
        "test_profile": 41,
        "test_profile_data": { "id": 41, "name": "Season ticket", "information": {} },
        "folder_path": "bookings.missed",
        "updated_at": "2026-10-02T08:00:00Z",
    })
}

pub(crate) fn folder(path: &str) -> Value {
    json!({ "name": path.rsplit('.').next(), "path": path, "created_at": "2026-01-05T10:00:00Z" })
}

pub(crate) fn personality(id: i64) -> Value {
    json!({ "id": id, "name": "Hurried commuter", "prompt": "Talks fast", "language": "en" })
}

pub(crate) fn test_profile(id: i64) -> Value {
    json!({
        "id": id,
        "name": "Season ticket",
        "agent": 501,
        "project": 12,
        "information": { "main_agent_variables": { "ticket": "S-9" } },
    })
}

pub(crate) fn metric(id: i64) -> Value {
    json!({
        "id": id,
        "name": "Reads the time back",
        "eval_type": "binary",
        "metric_cost": "0.20",
        "simulation_enabled": true,
    })
}

/// A run as it stands in a list: no transcript.
pub(crate) fn run_row(id: i64) -> Value {
    json!({
        "id": id,
        "scenario": 9001,
        "scenario_name": "Missed the last boat",
        "personality": 31,
        "personality_name": "Hurried commuter",
        "result_id": 7001,
        "agent": 501,
        "status": "completed",
        "evaluation_status": "failure",
        "success": false,
        "duration": "01:32",
        "timestamp": "2026-10-02T09:00:00.120000Z",
        "executed_at": "2026-10-02T09:00:07Z",
        "metadata": { "ended_reason": "Main agent-ended-call", "ringing_duration": 1.2 },
        "expected_outcome": { "score": 50 },
        "error_message": "",
        "test_profile_name": "Season ticket",
    })
}

/// A run in full as v2 sends it.
pub(crate) fn run_full(id: i64) -> Value {
    json!({
        "id": id,
        "scenario": 9001,
        "scenario_name": "Missed the last boat",
        "personality": 31,
        "personality_name": "Hurried commuter",
        "result_id": 7001,
        "agent": 501,
        "status": "completed",
        "evaluation_status": "failure",
        "success": false,
        "is_reviewed": false,
        "duration": "01:32",
        "timestamp": "2026-10-02T09:00:00.120000Z",
        "executed_at": "2026-10-02T09:00:07Z",
        "metadata": { "ended_reason": "Main agent-ended-call" },
        "error_message": "",
        "test_profile_data": { "id": 41, "name": "Season ticket", "information": {} },
        "expected_outcome": {
            "score": 50,
            "explanation": ["✅ Offered a crossing (00:21)", "❌ Did not read the time back (01:10)"],
            "outcome_alignments": [
                { "outcome": "A crossing was offered", "prompt_part": "Offers the first crossing", "aligned": true },
                { "outcome": "The time was not read back", "prompt_part": "Reads it back", "aligned": false },
            ],
        },
        "evaluation": { "metrics": [
            {
                "id": 71, "name": "Reads the time back", "type": "binary", "score": false,
                "score_normalized": 0, "explanation": ["Never said the time"],
                "vocera_defined_metric_code": "", "thumbs_up": null,
            },
            {
                "id": 72, "name": "Latency", "type": "numeric", "score": 1840.5,
                "score_normalized": 1840.5, "explanation": "", "vocera_defined_metric_code": "lat01",
            },
            { "id": 73, "name": "Warmth", "type": "continuous_qualitative", "score": 4 },
            { "id": 74, "name": "Mood", "type": "enum", "enum": "impatient" },
        ]},
        "rubric": [{
            "metric_id": 71, "metric_name": "Reads the time back", "value": false,
            "explanation": ["Rule not met"], "passed": false, "conditions": "score eq true",
        }],
        "transcript": "[00:01] Main Agent: Harbour desk.\n[00:03] Testing Agent: I missed the boat.",
        "transcript_object": [
            { "role": "Main Agent", "time": "00:01", "content": "Harbour desk.", "start_time": 1.0, "end_time": 2.2 },
            { "role": "Testing Agent", "time": "00:03", "content": "I missed the boat.", "start_time": 3.1, "end_time": 4.0 },
            { "role": "Function Call", "time": "00:05", "content": "",
              "data": { "id": "tool_1", "name": "find_crossing", "arguments": "{\"day\":\"tomorrow\"}" } },
            { "role": "Function Call Result", "time": "00:06",
              "data": { "id": "tool_1", "name": "find_crossing", "result": { "at": "06:40" } } },
        ],
        "voice_recording_url": "https://recordings.example/7/9.wav",
        "waveform": { "0": [0.1, 0.4], "1": [0.0, 0.2] },
        "testing_channel_index": 1,
        "is_log_present": false,
    })
}

/// A run as v1 and the documents of 2025 show it: binary metrics on a scale of five.
pub(crate) fn run_v1(id: i64) -> Value {
    json!({
        "id": id,
        "scenario": 9001,
        "scenario_name": "Missed the last boat",
        "success": true,
        "status": "completed",
        "duration": "00:41",
        "evaluation": { "metrics": [
            { "id": 71, "name": "Reads the time back", "type": "binary_workflow_adherence", "score": 5, "explanation": "Said it" },
            { "id": 75, "name": "Polite", "type": "binary_qualitative", "score": 0, "explanation": [] },
        ]},
        "expected_outcome": "Offered and read back",
        "transcript": "[00:01] Main Agent: Harbour desk.",
        "timestamp": "2025-11-02T09:00:00Z",
        "call_ended_reason": "exceeded-max-duration",
    })
}

/// A run as webhooks and the documents of 2024 show it: objects where the API has ids.
pub(crate) fn run_webhook(id: i64) -> Value {
    json!({
        "id": id,
        "scenario": { "id": "9001", "name": "Missed the last boat", "personality_name": "Hurried commuter ", "expected_outcome_prompt": "" },
        "personality": { "id": 31, "name": "Hurried commuter" },
        "test_profile": { "id": 41, "name": "Season ticket" },
        "expected_outcome": {},
        "success": true,
        "status": "completed",
        "evaluation": { "metrics": [
            { "id": 71, "name": "Reads the time back", "eval_type": "binary", "passed": true, "explanation": ["Said it"] },
        ]},
        "transcript_object": [],
        "voice_recording": "https://recordings.example/7/10.wav",
        "error_message": "",
    })
}

pub(crate) fn result_row(id: i64) -> Value {
    json!({
        "id": id,
        "name": "Morning check",
        "agent": 501,
        "agent_name": "Ticket clerk",
        "status": "completed",
        "success_rate": 50.0,
        "is_cronjob": "false",
        "run_type": "Pipecat",
        "runs": [run_row(id * 10 + 1), run_row(id * 10 + 2)],
        "total_runs_count": "2",
        "completed_runs_count": 2,
        "success_runs_count": 0,
        "failed_runs_count": "2",
        "created_at": "2026-10-02T09:00:00Z",
        "updated_at": "2026-10-02T09:04:00Z",
    })
}

pub(crate) fn result_detail(id: i64) -> Value {
    let mut detail = result_row(id);
    let runs = [run_full(id * 10 + 1), run_full(id * 10 + 2)];
    detail["runs"] = runs.into_iter().map(|run| (run["id"].to_string(), run)).collect();
    detail["ai_summary"] = json!({ "what_happened": "Both calls missed the time." });
    detail["ai_summary_status"] = json!("completed");
    detail["failed_reasons"] = json!({ "issues": [], "total_failed_runs": 2 });
    detail
}

/// The answer to a launch.
pub(crate) fn launched(id: i64) -> Value {
    json!({
        "id": id,
        "name": "Morning check",
        "agent": 501,
        "status": "in_progress",
        "success_rate": 0.0,
        "run_as_text": false,
        "is_cronjob": false,
        "runs": [
            { "id": id * 10 + 1, "status": "running", "scenario": 9001, "number": null, "scenario_name": "Missed the last boat", "test_profile_data": null },
            { "id": id * 10 + 2, "status": "running", "scenario": 9002, "number": null, "scenario_name": "Asks for a refund", "test_profile_data": null },
        ],
        "created_at": "2026-10-02T09:00:00.5Z",
        "updated_at": "2026-10-02T09:00:00.6Z",
    })
}

pub(crate) fn billing() -> Value {
    json!({
        "organization": 4,
        "credits_remaining": "812.40",
        "credits_used": "187.60",
        "subscription_status": { "status": "active", "pack": { "max_concurrent_runs_limit": "25" } },
    })
}

pub(crate) fn page(items: Vec<Value>, count: impl Into<Value>) -> Value {
    let mut page = json!({ "count": count.into(), "next": null, "previous": null });
    page["results"] = Value::Array(items);
    page
}
