//! Running a part of a result again: a fresh draft with the same settings, tied to its parent. It
//! goes through the plan and its checks like any other; nothing is placed here.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::code::Code;
use crate::core::Engine;
use crate::drafts::draft_body;
use crate::error::{EngineError, Outcome};
use crate::launch::shown_name;
use crate::view::{DraftBody, DraftFilter, DraftMade, DraftParent, RepeatPart, ToolMocks};

impl Engine {
    /// Opens a draft that repeats a part of a result.
    ///
    /// Errors: `nothing_to_repeat` when the part is empty or all of it is gone.
    pub fn result_repeat(
        &self,
        id: i64,
        part: RepeatPart,
        chosen: &[i64],
    ) -> Result<DraftMade, EngineError> {
        let workspace = self.workspace_shown()?;
        let record =
            self.ledger().result(workspace, id)?.ok_or_else(|| EngineError::new(Code::Gone))?;
        let calls = self.known_calls(workspace, id)?;
        let chosen: BTreeSet<i64> = chosen.iter().copied().collect();
        let wanted: Vec<&crate::calls::KnownCall> = calls
            .iter()
            .filter(|call| match part {
                RepeatPart::NeverConnected => call.outcome == verdict::Outcome::NeverConnected,
                RepeatPart::AtLimit => was_at_limit(call),
                RepeatPart::AgentFailed => call.outcome == verdict::Outcome::AgentFailed,
                RepeatPart::Chosen => {
                    call.row.evaluator.is_some_and(|evaluator| chosen.contains(&evaluator))
                }
                RepeatPart::Everything => true,
            })
            .collect();
        let mut seen = BTreeSet::new();
        let evaluators = wanted
            .iter()
            .filter_map(|call| call.row.evaluator)
            .filter(|evaluator| seen.insert(*evaluator))
            .collect();
        let mut body = self.settings_of(&record)?;
        body.evaluators = evaluators;
        body.name = repeat_name(shown_name(&record.summary.name));
        body.filter = DraftFilter::default();
        body.parent = Some(DraftParent { result: id, part });
        if matches!(part, RepeatPart::NeverConnected | RepeatPart::AtLimit) {
            only_what_is_missing(&mut body, &wanted);
            if wanted.iter().any(|call| was_at_limit(call)) {
                body.at_once = fewer(&body.at_once);
            }
        }
        let (body, gone) = self.without_gone(workspace, body)?;
        if body.evaluators.is_empty() {
            return Err(EngineError::new(Code::NothingToRepeat));
        }
        Ok(DraftMade { draft: self.draft_put(workspace, &body)?, gone })
    }

    /// The settings of a result: the draft it was placed from, or what the API says of it.
    fn settings_of(&self, record: &ledger::ResultRecord) -> Outcome<DraftBody> {
        if let Some(launch) = &record.summary.launch_id {
            let launch = self.ledger().launch(launch)?;
            return Ok(draft_body(&self.ledger().draft(&launch.draft)?));
        }
        let settings = record.raw.get("run_settings").cloned().unwrap_or(Value::Null);
        let ids = |field: &str| -> Vec<i64> {
            settings
                .get(field)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(whole)
                .collect()
        };
        let number = |field: &str| settings.get(field).and_then(whole);
        let fresh = DraftBody::default();
        Ok(DraftBody {
            agent: record.summary.agent,
            times: number("frequency").map_or(fresh.times, |times| times.to_string()),
            at_once: number("concurrency_limit").map_or(fresh.at_once, |calls| calls.to_string()),
            callers: ids("personality_ids"),
            profiles: ids("test_profile_ids"),
            // Absent there means what it means to the API: every tool.
            mocks: match settings.get("mock_tool_names").and_then(Value::as_array) {
                None => ToolMocks::All,
                Some(names) if names.is_empty() => ToolMocks::None,
                Some(names) => ToolMocks::Chosen(
                    names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect(),
                ),
            },
            ..DraftBody::default()
        })
    }
}

/// A whole number, or a text of one: the API writes both.
fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn was_at_limit(call: &crate::calls::KnownCall) -> bool {
    call.stored.reason.code == verdict::Barrier::AtLimit.code()
}

/// As few calls as make up for those that are missing: no caller and no profile that none of them
/// had, and no more times than the most that any evaluator, caller and profile lacks.
fn only_what_is_missing(body: &mut DraftBody, wanted: &[&crate::calls::KnownCall]) {
    let callers: BTreeSet<i64> = wanted.iter().filter_map(|call| call.row.caller).collect();
    let profiles: BTreeSet<i64> = wanted.iter().filter_map(|call| call.row.profile).collect();
    if !callers.is_empty() {
        body.callers.retain(|caller| callers.contains(caller));
    }
    if !profiles.is_empty() {
        body.profiles.retain(|profile| profiles.contains(profile));
    }
    let mut lacking: BTreeMap<_, u32> = BTreeMap::new();
    for call in wanted {
        *lacking.entry((call.row.evaluator, call.row.caller, call.row.profile)).or_insert(0) += 1;
    }
    if let Some(times) = lacking.values().max() {
        body.times = times.to_string();
    }
}

/// Half as many calls at once, at least one: the agent was at its limit.
fn fewer(at_once: &str) -> String {
    let calls: u32 = at_once.trim().parse().unwrap_or(2);
    (calls / 2).max(1).to_string()
}

/// The name of a repeat: the first one says that it is one, the others say which.
fn repeat_name(name: &str) -> String {
    if name.is_empty() {
        return String::new();
    }
    match name.rsplit_once(" · again") {
        Some((base, "")) => format!("{base} · again 2"),
        Some((base, number)) => match number.trim().parse::<u32>() {
            Ok(number) => format!("{base} · again {}", number.saturating_add(1)),
            Err(_) => format!("{name} · again"),
        },
        None => format!("{name} · again"),
    }
}

#[cfg(test)]
mod tests {
    use super::{fewer, repeat_name};

    #[test]
    fn repeats_are_counted_in_their_names() {
        assert_eq!(repeat_name("Nightly"), "Nightly · again");
        assert_eq!(repeat_name("Nightly · again"), "Nightly · again 2");
        assert_eq!(repeat_name("Nightly · again 2"), "Nightly · again 3");
        assert_eq!(repeat_name(""), "");
    }

    #[test]
    fn fewer_calls_at_once_are_at_least_one() {
        assert_eq!(fewer("15"), "7");
        assert_eq!(fewer("1"), "1");
        assert_eq!(fewer("many"), "1");
    }
}
