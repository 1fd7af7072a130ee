//! Agents and evaluators.

use engine::EngineError;
use engine::view::{CatalogueView, EvaluatorDetail, EvaluatorView};

use crate::shell::Shell;

pub(super) async fn catalogue_read(shell: &Shell) -> Result<CatalogueView, EngineError> {
    shell.engine()?.catalogue_read()
}

pub(super) async fn catalogue_refresh(shell: &Shell) -> Result<(), EngineError> {
    shell.engine()?.catalogue_refresh()
}

pub(super) async fn evaluators_list(
    shell: &Shell,
    agent: Option<i64>,
) -> Result<Vec<EvaluatorView>, EngineError> {
    shell.engine()?.evaluators_list(agent)
}

pub(super) async fn evaluator_read(shell: &Shell, id: i64) -> Result<EvaluatorDetail, EngineError> {
    shell.engine()?.evaluator_read(id).await
}
