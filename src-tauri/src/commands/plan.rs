//! The sum and the checks, and saved plans.

use engine::EngineError;
use engine::view::{DraftBody, DraftMade, ImportView, PlanReview, PlanView, SavedPlanView};

use crate::files;
use crate::shell::Shell;

pub(super) async fn plan_check(shell: &Shell, body: DraftBody) -> Result<PlanView, EngineError> {
    shell.engine().await?.plan_check(&body)
}

pub(super) async fn plan_review(shell: &Shell, body: DraftBody) -> Result<PlanReview, EngineError> {
    shell.engine().await?.plan_review(&body)
}

pub(super) async fn plans_list(shell: &Shell) -> Result<Vec<SavedPlanView>, EngineError> {
    shell.engine().await?.plans_list()
}

pub(super) async fn plan_save(
    shell: &Shell,
    name: String,
    body: DraftBody,
    id: Option<String>,
) -> Result<SavedPlanView, EngineError> {
    shell.engine().await?.plan_save(&name, &body, id.as_deref())
}

pub(super) async fn plan_open(shell: &Shell, id: String) -> Result<DraftMade, EngineError> {
    shell.engine().await?.plan_open(&id)
}

pub(super) async fn plan_duplicate(
    shell: &Shell,
    id: String,
) -> Result<SavedPlanView, EngineError> {
    shell.engine().await?.plan_duplicate(&id)
}

pub(super) async fn plan_rename(
    shell: &Shell,
    id: String,
    name: String,
) -> Result<SavedPlanView, EngineError> {
    shell.engine().await?.plan_rename(&id, &name)
}

pub(super) async fn plan_delete(shell: &Shell, id: String) -> Result<(), EngineError> {
    shell.engine().await?.plan_delete(&id)
}

pub(super) async fn plan_export(shell: &Shell, id: String) -> Result<Option<String>, EngineError> {
    let (name, text) = shell.engine().await?.plan_export_text(&id)?;
    shell.files().save(&name, files::PLAN, text.as_bytes()).await
}

pub(super) async fn plan_import(shell: &Shell) -> Result<Option<ImportView>, EngineError> {
    match shell.files().open().await? {
        Some(text) => shell.engine().await?.plan_import_text(&text).map(Some),
        None => Ok(None),
    }
}
