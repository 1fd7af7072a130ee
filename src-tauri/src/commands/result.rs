//! Results.

use engine::EngineError;
use engine::view::{RepeatMade, RepeatPart, ResultTold, ResultsPage, ResultsQuery, SaidView};

use crate::files;
use crate::ipc::TextChannel;
use crate::shell::Shell;
use crate::window;

pub(super) async fn results_list(
    shell: &Shell,
    query: ResultsQuery,
) -> Result<ResultsPage, EngineError> {
    shell.engine().await?.results_list(&query)
}

pub(super) async fn results_refresh(shell: &Shell) -> Result<(), EngineError> {
    shell.engine().await?.results_refresh()
}

pub(super) async fn result_read(
    shell: &Shell,
    id: i64,
    have: Option<u64>,
) -> Result<ResultTold, EngineError> {
    shell.engine().await?.result_told(id, have)
}

pub(super) async fn result_stop(shell: &Shell, id: i64) -> Result<(), EngineError> {
    shell.engine().await?.result_stop(id).await
}

pub(super) async fn result_repeat(
    shell: &Shell,
    id: i64,
    part: RepeatPart,
    evaluators: Vec<i64>,
) -> Result<RepeatMade, EngineError> {
    shell.engine().await?.result_repeat(id, part, &evaluators)
}

pub(super) async fn result_open(
    shell: &Shell,
    id: i64,
    call: Option<i64>,
) -> Result<bool, EngineError> {
    window::open_outside(shell.engine().await?.dashboard_of(id, call)?.as_deref())
}

pub(super) async fn result_said(shell: &Shell, id: i64) -> Result<Vec<SaidView>, EngineError> {
    shell.engine().await?.result_said(id)
}

pub(super) async fn result_export(
    shell: &Shell,
    id: i64,
    text: String,
) -> Result<Option<String>, EngineError> {
    let name = shell.engine().await?.result_file(id, &text)?;
    shell.files().save(&name, files::TABLE, text.as_bytes()).await
}

pub(super) async fn failures_ask(
    shell: &Shell,
    result: i64,
    question: String,
    channel: TextChannel,
) -> Result<(), EngineError> {
    shell.engine().await?.failures_ask(result, &question, |piece| channel.send(piece)).await
}

pub(super) async fn failures_leave(shell: &Shell, result: i64) -> Result<(), EngineError> {
    shell.engine().await?.failures_leave(result)
}
