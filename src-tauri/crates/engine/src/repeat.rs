//! Running a part of a result again: a fresh draft with the same settings, tied to its parent. It
//! goes through the plan and its checks like any other; nothing is placed here.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::calls::KnownCall;
use crate::carried::{Carried, carried};
use crate::code::Code;
use crate::core::Engine;
use crate::drafts::draft_body;
use crate::error::{EngineError, Outcome};
use crate::launch::shown_name;
use crate::view::{
    DraftBody, DraftFilter, DraftParent, PartView, RepeatMade, RepeatPart, RepeatView,
};

impl Engine {
    /// Opens a draft that repeats a part of a result.
    ///
    /// Errors: `nothing_to_repeat` when the part is empty or all of it is gone.
    pub fn result_repeat(
        &self,
        id: i64,
        part: RepeatPart,
        chosen: &[i64],
    ) -> Result<RepeatMade, EngineError> {
        let workspace = self.workspace_shown()?;
        let record =
            self.ledger().result(workspace, id)?.ok_or_else(|| EngineError::new(Code::Gone))?;
        let calls = self.known_calls(workspace, id)?;
        let chosen: BTreeSet<i64> = chosen.iter().copied().collect();
        let wanted = wanted(&calls, part, &chosen);
        let Carried { mut body, run_type, settings } = self.settings_of(&record)?;
        body.evaluators = evaluators_of(&wanted);
        body.name = repeat_name(shown_name(&record.summary.name));
        body.filter = DraftFilter::default();
        body.parent = Some(DraftParent { result: id, part });
        if names_its_calls(part) {
            only_what_is_missing(&mut body, &wanted);
        }
        if matches!(part, RepeatPart::NeverConnected | RepeatPart::AtLimit)
            && wanted.iter().any(|call| was_at_limit(call))
        {
            body.at_once = fewer(&body.at_once);
        }
        let (body, gone) = self.without_gone(workspace, body)?;
        if body.evaluators.is_empty() {
            return Err(EngineError::new(Code::NothingToRepeat));
        }
        Ok(RepeatMade {
            draft: self.draft_put(workspace, &body)?,
            gone,
            run_type,
            settings,
            unnamed: count(
                wanted.iter().filter(|call| call.judged.key.evaluator.is_none()).count(),
            ),
        })
    }

    /// What each part of a result would place if it were run again.
    pub(crate) fn again(
        &self,
        record: &ledger::ResultRecord,
        calls: &[KnownCall],
    ) -> Outcome<RepeatView> {
        let mut body = self.settings_of(record)?.body;
        body.evaluators.clear();
        body.messages.clear();
        let part = |part| {
            let wanted = wanted(calls, part, &BTreeSet::new());
            let mut body = body.clone();
            if names_its_calls(part) {
                only_what_is_missing(&mut body, &wanted);
            }
            let evaluators = count(evaluators_of(&wanted).len());
            let up_to = evaluators.saturating_mul(calls_each(&body));
            PartView { calls: count(wanted.len()), evaluators, up_to }
        };
        Ok(RepeatView {
            never_connected: part(RepeatPart::NeverConnected),
            at_limit: part(RepeatPart::AtLimit),
            agent_failed: part(RepeatPart::AgentFailed),
            everything: part(RepeatPart::Everything),
            each: calls_each(&body),
        })
    }

    /// The settings of a result: the draft it was placed from, or what the API says of it.
    fn settings_of(&self, record: &ledger::ResultRecord) -> Outcome<Carried> {
        if let Some(launch) = &record.summary.launch_id
            && let Some(launch) = self.launch_known(launch)?
            && let Some(draft) = self.draft_known(&launch.draft)?
        {
            return Ok(Carried { body: draft_body(&draft), ..Carried::default() });
        }
        let settings = record.raw.get("run_settings").unwrap_or(&Value::Null);
        Ok(carried(settings, record.summary.agent, record.summary.run_type.as_deref()))
    }
}

/// The calls of a part; `chosen` are evaluators.
fn wanted<'a>(
    calls: &'a [KnownCall],
    part: RepeatPart,
    chosen: &BTreeSet<i64>,
) -> Vec<&'a KnownCall> {
    calls
        .iter()
        .filter(|call| match part {
            RepeatPart::NeverConnected => call.judged.outcome == verdict::Outcome::NeverConnected,
            RepeatPart::AtLimit => was_at_limit(call),
            RepeatPart::AgentFailed => call.judged.outcome == verdict::Outcome::AgentFailed,
            RepeatPart::Chosen => {
                call.judged.key.evaluator.is_some_and(|evaluator| chosen.contains(&evaluator))
            }
            RepeatPart::Everything => true,
        })
        .collect()
}

/// Whether a part is made of calls, and not of whole evaluators.
const fn names_its_calls(part: RepeatPart) -> bool {
    matches!(part, RepeatPart::NeverConnected | RepeatPart::AtLimit | RepeatPart::AgentFailed)
}

/// In the order of their first calls.
fn evaluators_of(calls: &[&KnownCall]) -> Vec<i64> {
    let mut seen = BTreeSet::new();
    calls
        .iter()
        .filter_map(|call| call.judged.key.evaluator)
        .filter(|evaluator| seen.insert(*evaluator))
        .collect()
}

/// Calls that one evaluator makes by these choices.
fn calls_each(body: &DraftBody) -> u32 {
    let times: u32 = body.times.trim().parse().unwrap_or(1);
    let kinds = body.callers.len().max(1).saturating_mul(body.profiles.len().max(1));
    times.max(1).saturating_mul(count(kinds))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn was_at_limit(call: &KnownCall) -> bool {
    call.judged.reason.code == verdict::Barrier::AtLimit.code()
}

/// As few calls as make up for these: no caller and no profile that none of them had, and no more
/// times than the most that any evaluator, caller and profile has among them. A plan places every
/// evaluator with every caller and profile, so that it may still be more than they were.
fn only_what_is_missing(body: &mut DraftBody, wanted: &[&KnownCall]) {
    // Where it is not known of every call, none can be left out.
    let known = |of: fn(&KnownCall) -> Option<i64>| -> Option<BTreeSet<i64>> {
        wanted.iter().map(|call| of(call)).collect()
    };
    for (ids, had) in [
        (&mut body.callers, known(|call| call.judged.key.caller)),
        (&mut body.profiles, known(|call| call.judged.key.profile)),
    ] {
        if let Some(had) = had.filter(|had| ids.iter().any(|id| had.contains(id))) {
            ids.retain(|id| had.contains(id));
        }
    }
    let mut lacking: BTreeMap<_, u32> = BTreeMap::new();
    for call in wanted {
        *lacking
            .entry((call.judged.key.evaluator, call.judged.key.caller, call.judged.key.profile))
            .or_insert(0) += 1;
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
