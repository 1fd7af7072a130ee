//! Saved plans: kept, opened, and shared as files that hold no secret.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::checks::Checked;
use crate::code::Code;
use crate::core::Engine;
use crate::drafts::to_json;
use crate::error::{EngineError, Outcome};
use crate::view::{DraftBody, DraftFilter, DraftMade, ImportView, SavedPlanView};

/// What a plan file says of itself. Raised when an older Linecheck could misread the rest.
const FILE_VERSION: u32 = 1;
/// A plan file is text that people may edit; nothing honest comes near this size.
const FILE_MAX: usize = 4 * 1024 * 1024;
/// A name has at most so many characters.
const NAME_MAX: u16 = 120;

/// A plan as a file. Names stand beside the ids, so that the file can be read, and so that what is
/// gone can be named.
#[derive(Debug, Serialize, Deserialize)]
struct PlanFile {
    linecheck_plan: u32,
    name: String,
    #[serde(default)]
    agent_name: Option<String>,
    #[serde(default)]
    evaluator_names: BTreeMap<i64, String>,
    plan: DraftBody,
}

/// A plan as it is kept here.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeptPlan {
    #[serde(flatten)]
    body: DraftBody,
    #[serde(default)]
    evaluator_names: BTreeMap<i64, String>,
}

impl Engine {
    /// The saved plans, by name.
    pub fn plans_list(&self) -> Result<Vec<SavedPlanView>, EngineError> {
        let workspace = self.workspace_shown()?;
        let mut views = Vec::new();
        for plan in self.ledger().plans(workspace)? {
            views.push(self.plan_view(&plan)?);
        }
        Ok(views)
    }

    /// Saves choices under a name; with an id, in place of what was saved before.
    pub fn plan_save(
        &self,
        name: &str,
        body: &DraftBody,
        id: Option<&str>,
    ) -> Result<SavedPlanView, EngineError> {
        let workspace = self.workspace_shown()?;
        let names = self.evaluator_names(workspace, body)?;
        let plan = self.ledger().plan_save(
            workspace,
            id,
            &self.new_id(),
            plan_name(name)?,
            &to_json(&KeptPlan { body: kept(body), evaluator_names: names })?,
        )?;
        self.plan_view(&plan)
    }

    /// Names beside ids, so that what is gone can be named.
    fn evaluator_names(&self, workspace: i64, body: &DraftBody) -> Outcome<BTreeMap<i64, String>> {
        let rows = self.ledger().evaluators_by_id(workspace, &body.evaluators)?;
        Ok(rows.into_iter().map(|(id, row)| (id, row.name)).collect())
    }

    /// Opens a saved plan as the draft. Evaluators that are gone are left out and named.
    pub fn plan_open(&self, id: &str) -> Result<DraftMade, EngineError> {
        let plan = self.ledger().plan(id)?;
        let (body, gone) = self.without_gone(plan.workspace, plan_body(&plan))?;
        let gone = named(gone, &plan_names(&plan));
        let body = DraftBody { name: String::new(), ..body };
        Ok(DraftMade { draft: self.draft_put(plan.workspace, &body)?, gone })
    }

    /// Saves a copy under a name that is free.
    pub fn plan_duplicate(&self, id: &str) -> Result<SavedPlanView, EngineError> {
        let plan = self.ledger().plan(id)?;
        let (copy, _) = self.save_under_free_name(plan.workspace, &plan.name, &plan.body)?;
        self.plan_view(&copy)
    }

    /// Gives a plan another name.
    pub fn plan_rename(&self, id: &str, name: &str) -> Result<SavedPlanView, EngineError> {
        let plan = self.ledger().plan(id)?;
        let renamed =
            self.ledger().plan_save(plan.workspace, Some(id), id, plan_name(name)?, &plan.body)?;
        self.plan_view(&renamed)
    }

    /// Deletes a plan.
    pub fn plan_delete(&self, id: &str) -> Result<(), EngineError> {
        Ok(self.ledger().plan_delete(id)?)
    }

    /// A plan as the text of a file, and a name for the file.
    pub fn plan_export_text(&self, id: &str) -> Result<(String, String), EngineError> {
        let plan = self.ledger().plan(id)?;
        let body = without_secrets(plan_body(&plan));
        let mut evaluator_names = plan_names(&plan);
        evaluator_names.extend(self.evaluator_names(plan.workspace, &body)?);
        let file = PlanFile {
            linecheck_plan: FILE_VERSION,
            name: plan.name.clone(),
            agent_name: self.agent_name(plan.workspace, body.agent)?,
            evaluator_names,
            plan: body,
        };
        let text = serde_json::to_string_pretty(&file)
            .map_err(|error| EngineError::new(Code::Internal).with_detail(error.to_string()))?;
        Ok((file_name(&plan.name), text + "\n"))
    }

    /// Saves the plan a file holds. Nothing is opened, and nothing is placed.
    pub fn plan_import_text(&self, text: &str) -> Result<ImportView, EngineError> {
        let workspace = self.workspace_shown()?;
        let unreadable =
            |detail: String| EngineError::new(Code::PlanUnreadable).with_detail(detail);
        if text.len() > FILE_MAX {
            return Err(unreadable("larger than 4 MiB".to_owned()));
        }
        let file: PlanFile =
            serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))?;
        if file.linecheck_plan > FILE_VERSION {
            return Err(unreadable(format!(
                "version {} of a plan, made by a later Linecheck",
                file.linecheck_plan
            )));
        }
        let name =
            plan_name(&file.name).map_err(|_| unreadable("the name is missing".to_owned()))?;
        let body =
            to_json(&KeptPlan { body: kept(&file.plan), evaluator_names: file.evaluator_names })?;
        let (plan, renamed) = self.save_under_free_name(workspace, name, &body)?;
        Ok(ImportView { plan: self.plan_view(&plan)?, renamed })
    }

    fn save_under_free_name(
        &self,
        workspace: i64,
        name: &str,
        body: &serde_json::Value,
    ) -> Outcome<(ledger::SavedPlan, bool)> {
        let mut free = name.to_owned();
        for number in 2.. {
            match self.ledger().plan_save(workspace, None, &self.new_id(), &free, body) {
                Err(ledger::LedgerError::NameTaken) => free = format!("{name} {number}"),
                other => return Ok((other?, number > 2)),
            }
        }
        Err(EngineError::new(Code::NameTaken))
    }

    /// Choices without the evaluators that are gone, and which those were. Callers and profiles that
    /// are gone stay chosen: without one of them every call would be another one than was meant, so
    /// the plan's checks stop it and a person decides.
    pub(crate) fn without_gone(
        &self,
        workspace: i64,
        mut body: DraftBody,
    ) -> Outcome<(DraftBody, Vec<String>)> {
        let known = self.ledger().evaluators_by_id(workspace, &body.evaluators)?;
        let (there, gone): (Vec<i64>, Vec<i64>) =
            body.evaluators.iter().partition(|id| known.contains_key(id));
        body.evaluators = there;
        Ok((body, gone.iter().map(i64::to_string).collect()))
    }

    fn plan_view(&self, plan: &ledger::SavedPlan) -> Outcome<SavedPlanView> {
        let body = plan_body(plan);
        let facts = self.plan_facts(plan.workspace, &body)?;
        let checked = Checked::new(&body, &facts);
        let gone = body
            .evaluators
            .iter()
            .filter(|id| !facts.evaluators.contains_key(id))
            .map(ToString::to_string)
            .collect();
        let gone = named(gone, &plan_names(plan));
        Ok(SavedPlanView {
            id: plan.id.clone(),
            name: plan.name.clone(),
            agent_name: Some(checked.agent_name.clone()).filter(|name| !name.is_empty()),
            evaluators: u32::try_from(body.evaluators.len()).unwrap_or(u32::MAX),
            gone,
            calls: checked.calls(),
            changed_at: plan.changed_at.to_string(),
        })
    }
}

/// What of a draft makes a plan: the choices, not what the list was narrowed to while choosing.
fn kept(body: &DraftBody) -> DraftBody {
    DraftBody { filter: DraftFilter::default(), parent: None, ..body.clone() }
}

fn plan_body(plan: &ledger::SavedPlan) -> DraftBody {
    serde_json::from_value(plan.body.clone()).unwrap_or_default()
}

fn plan_names(plan: &ledger::SavedPlan) -> BTreeMap<i64, String> {
    serde_json::from_value::<KeptPlan>(plan.body.clone())
        .map(|kept| kept.evaluator_names)
        .unwrap_or_default()
}

/// Ids as names, where a name is known.
pub(crate) fn named(ids: Vec<String>, names: &BTreeMap<i64, String>) -> Vec<String> {
    ids.into_iter()
        .map(|id| match id.parse::<i64>().ok().and_then(|id| names.get(&id)) {
            Some(name) => name.clone(),
            None => id,
        })
        .collect()
}

/// A plan without what looks like a credential: data messages and settings can carry tokens of third
/// parties, and a file is for sharing. A text that is not JSON cannot be looked through, so it is
/// left out as a whole.
fn without_secrets(mut body: DraftBody) -> DraftBody {
    for message in &mut body.messages {
        message.text = blanked(&message.text);
    }
    body.pipecat.config = blanked(&body.pipecat.config);
    body.pipecat.room_properties = blanked(&body.pipecat.room_properties);
    body
}

fn blanked(text: &str) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    let Ok(mut value) = serde_json::from_str::<Value>(text) else { return String::new() };
    if ledger::without_credentials(&mut value) {
        serde_json::to_string_pretty(&value).unwrap_or_default()
    } else {
        text.to_owned()
    }
}

fn plan_name(name: &str) -> Outcome<&str> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX.into() {
        return Err(EngineError::bad_length(NAME_MAX));
    }
    Ok(name)
}

/// A name any file system takes, whatever the plan is called.
fn file_name(name: &str) -> String {
    format!("{}.linecheck.json", safe_name(name, "plan"))
}

/// A name without anything that leads elsewhere, or the other one where nothing is left of it.
pub(crate) fn safe_name(name: &str, otherwise: &str) -> String {
    let safe: String = name
        .chars()
        .map(|one| if one.is_alphanumeric() || one == ' ' || one == '-' { one } else { '-' })
        .take(60)
        .collect();
    let safe = safe.trim_matches([' ', '-']);
    if safe.is_empty() { otherwise } else { safe }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{blanked, file_name};

    #[test]
    fn credentials_are_left_out_of_a_file() {
        let text = r#"{"apiKey":"k-1","room":{"token":"t-2","name":"demo"},"tries":3}"#;
        let blank = blanked(text);
        assert!(!blank.contains("k-1") && !blank.contains("t-2"), "{blank}");
        assert!(blank.contains("demo") && blank.contains('3'), "{blank}");
        assert_eq!(blanked("{\"a\": 1}"), "{\"a\": 1}", "what holds none stays as it was typed");
        assert_eq!(blanked("token=abc"), "", "what cannot be looked through");
        assert_eq!(blanked("  "), "");
    }

    #[test]
    fn a_file_name_leads_nowhere_else() {
        assert_eq!(file_name("Nightly"), "Nightly.linecheck.json");
        assert_eq!(file_name("../../etc/passwd"), "etc-passwd.linecheck.json");
        assert_eq!(file_name("///"), "plan.linecheck.json");
        assert_eq!(file_name("Прогон 5"), "Прогон 5.linecheck.json");
    }
}
