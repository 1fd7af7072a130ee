//! Agents and evaluators.

use engine::EngineError;
use engine::view::{CatalogueView, EvaluatorDetail, EvaluatorsTold};

use crate::shell::Shell;

pub(super) async fn catalogue_read(shell: &Shell) -> Result<CatalogueView, EngineError> {
    shell.engine().await?.catalogue_read()
}

pub(super) async fn catalogue_refresh(shell: &Shell) -> Result<(), EngineError> {
    shell.engine().await?.catalogue_refresh()
}

pub(super) async fn evaluators_list(
    shell: &Shell,
    agent: Option<i64>,
    have: Option<u64>,
) -> Result<EvaluatorsTold, EngineError> {
    shell.engine().await?.evaluators_told(agent, have)
}

pub(super) async fn evaluator_read(shell: &Shell, id: i64) -> Result<EvaluatorDetail, EngineError> {
    shell.engine().await?.evaluator_read(id).await
}
