//! The commands of the page. The list is in `list.rs`; each body is one line in the file of its
//! noun. What all of them share stands here: a panic becomes an error, and the program stays alive.

#![allow(
    clippy::unused_async,
    clippy::needless_pass_by_value,
    reason = "every body has one shape, so that the list can call it: arguments as they came, an answer to wait for"
)]

mod app;
mod call;
mod catalogue;
mod connection;
mod draft;
mod key;
mod launch;
mod plan;
mod result;
mod settings;
mod workspace;

use engine::view::{
    AppState, CallView, CatalogueView, Confirmation, ConnectRequest, ConnectionView, DraftBody,
    DraftMade, DraftView, ErrorView, EvaluatorDetail, EvaluatorsTold, FeedNotice, HumanView,
    ImportView, KeyView, LaunchView, PlanReview, PlanView, RepeatMade, RepeatPart, ResultTold,
    ResultsPage, ResultsQuery, SaidView, SavedPlanView, Settings, UsageView, WorkspaceView,
};
use engine::{Code, EngineError};
use tauri::async_runtime::block_on;
use tauri::{AppHandle, Manager};

use crate::ipc::{Bytes, KeyText, TextChannel};
use crate::shell::Shell;

macro_rules! commands {
    ($($noun:ident { $(
        $(#[doc = $doc:literal])*
        $name:ident($($arg:ident: $type:ty),*) -> $result:ty;
    )* })*) => {
        $($(
            $(#[doc = $doc])*
            #[tauri::command]
            async fn $name(app: AppHandle, $($arg: $type),*) -> Result<$result, ErrorView> {
                answer(stringify!($name), move || {
                    block_on($noun::$name(&app.state::<Shell>(), $($arg),*))
                })
                .await
            }
        )*)*

        /// What Tauri calls when the page asks for something.
        pub(crate) fn handler() -> impl Fn(tauri::ipc::Invoke<tauri::Wry>) -> bool + Send + Sync {
            tauri::generate_handler![$($($name),*),*]
        }

        /// The declarations, for the page's types and for the tests that hold them.
        #[cfg(test)]
        pub(crate) fn describe(to: &mut crate::bindings::Description) {
            $($(
                to.command(stringify!($name), concat!($($doc, "\n"),*));
                $( to.argument::<$type>(stringify!($arg)); )*
                to.result::<$result>();
            )*)*
        }
    };
}

include!("list.rs");

/// Runs a command's body on a thread of its own: it may wait for the ledger, and so for a disk, which
/// neither the window nor a worker of the runtime may. A panic in it is an `internal` error on the
/// screen, not the end of the program; what it said goes to the log only, because it may quote an answer
/// of the server.
async fn answer<T: Send + 'static>(
    name: &'static str,
    body: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, ErrorView> {
    match tauri::async_runtime::spawn_blocking(body).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => {
            tracing::debug!(command = name, code = error.code.as_str(), "refused");
            Err(error.view())
        }
        Err(_) => {
            tracing::error!(command = name, "panicked");
            Err(EngineError::new(Code::Internal).with_detail(format!("{name} panicked")).view())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, EngineError, answer};

    #[tokio::test]
    async fn a_panic_becomes_an_internal_error() {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let answered = answer::<()>("app_state", || panic!("a transcript")).await;
        std::panic::set_hook(before);
        let error = answered.expect_err("a panic is not an answer");
        assert_eq!(error.code, Code::Internal);
        assert_eq!(error.detail.as_deref(), Some("app_state panicked"));
    }

    #[tokio::test]
    async fn an_error_keeps_its_code() {
        let answered = answer::<()>("app_state", || Err(EngineError::new(Code::NoWorkspace))).await;
        assert_eq!(answered.map_err(|error| error.code), Err(Code::NoWorkspace));
    }
}
