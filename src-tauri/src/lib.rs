//! The shell of Linecheck: the only code that knows Tauri. It gives the engine its place, clock,
//! key store and practice studio, and the page its commands and its feed.

#[cfg(test)]
mod bindings;
mod clock;
mod commands;
pub mod environment;
mod feed;
mod files;
mod ipc;
mod log;
mod notice;
mod places;
mod shell;
mod studio;
mod window;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use engine::{Engine, EngineConfig, EngineError};
use tauri::{App, Context, Manager, Wry};

use crate::feed::Feed;
use crate::files::Files;
use crate::shell::Shell;
use crate::studio::InApp;
use crate::window::Showing;

/// How long the system usually takes to paint a window that is shown.
const FIRST_PAINT: Duration = Duration::from_millis(200);

/// Cekura's own server, used when no address is given.
const CEKURA: &str = "https://api.cekura.ai";

/// Runs the program until its window is closed.
#[allow(clippy::exit, reason = "in what `generate_context!` makes, for a page that is not there")]
pub fn run() -> ExitCode {
    run_page(tauri::generate_context!())
}

/// The same with files of another page, for the tests of what becomes of a broken one.
pub fn run_page(context: Context<Wry>) -> ExitCode {
    let asked = places::data_dir_asked();
    let mut builder = tauri::Builder::default();
    // One program per data folder. Where the system's means cannot tell folders apart, the lock in
    // the data folder decides alone.
    if asked.is_none() || cfg!(target_os = "linux") {
        let id = places::instance_id(&context.config().identifier, asked.as_deref());
        builder = builder.plugin(
            tauri_plugin_single_instance::Builder::new()
                .dbus_id(id)
                .callback(|app, _, _| window::bring_forward(app))
                .build(),
        );
    }
    let ran = builder
        .invoke_handler(commands::handler())
        .setup(move |app| set_up(app, asked))
        .run(context);
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the window could not be opened");
            ExitCode::FAILURE
        }
    }
}

fn set_up(app: &mut App, asked: Option<PathBuf>) -> Result<(), Box<dyn Error>> {
    let data_dir = match asked {
        Some(dir) => std::path::absolute(dir)?,
        None => app.path().app_data_dir()?,
    };
    log::start(&data_dir.join("logs"));
    if !cfg!(debug_assertions) {
        log::quiet_panics();
    }
    tracing::info!(version = %app.package_info().version, "started");
    // The ledger is opened while the web view is made, which takes longer. No command can come before
    // both are there: the page's first one waits for this function's end.
    let version = app.package_info().version.to_string();
    let place = data_dir.clone();
    let starting = std::thread::spawn(move || start_engine(&place, version));
    app.handle().plugin(
        tauri_plugin_window_state::Builder::new()
            // Not whether it is visible: the window is shown when its first screen is drawn.
            .with_state_flags(
                tauri_plugin_window_state::StateFlags::SIZE
                    | tauri_plugin_window_state::StateFlags::POSITION
                    | tauri_plugin_window_state::StateFlags::MAXIMIZED,
            )
            .with_filename(data_dir.join("window.json").display().to_string())
            .build(),
    )?;
    app.handle().plugin(tauri_plugin_dialog::init())?;
    app.manage(Showing::default());
    window::open(app.handle())?;

    let feed = Feed::default();
    let engine = starting.join().unwrap_or_else(|_| Err(EngineError::new(engine::Code::Internal)));
    match &engine {
        Ok(engine) => {
            let teller = feed.clone();
            engine.on_change(Box::new(move |topic, ids| teller.tell(topic, ids)));
            tauri::async_runtime::spawn(feed.clone().run());
            let engine = engine.clone();
            let app = app.handle().clone();
            tauri::async_runtime::spawn(async move {
                // The screen first: it shows what the ledger holds. The key store and the network
                // want a processor each just when the page does, and nobody waits for them yet.
                app.state::<Showing>().wait().await;
                tokio::time::sleep(FIRST_PAINT).await;
                if let Err(error) = engine.resume().await {
                    tracing::warn!(code = error.code.as_str(), "the last workspace did not open");
                }
            });
        }
        Err(error) => tracing::error!(code = error.code.as_str(), "the engine did not start"),
    }
    let instead = std::env::var_os("LINECHECK_FILES_DIR").map(PathBuf::from);
    let files = Files::new(app.handle().clone(), instead);
    app.manage(Shell::new(app.handle().clone(), engine, feed, files));
    Ok(())
}

fn start_engine(data_dir: &Path, app_version: String) -> Result<Engine, EngineError> {
    // A build for development never touches the keys of the released program.
    let namespace =
        if cfg!(debug_assertions) { "dev.linecheck.desktop.dev" } else { "dev.linecheck.desktop" };
    Engine::start(EngineConfig {
        data_dir: data_dir.to_owned(),
        now: clock::now(),
        zone: clock::zone(),
        random: clock::random(),
        vault: vault::Vault::system(namespace),
        studio: Arc::new(InApp::new(data_dir.join("practice"), places::practice_speed())),
        default_server: CEKURA.to_owned(),
        app_version,
        network: engine::Network::default(),
        failpoint: None,
    })
}
