//! The shell of Linecheck: the only code that knows Tauri. It gives the engine its place, clock,
//! key store and practice studio, and the page its commands and its feed.

#[cfg(test)]
mod bindings;
mod clock;
mod closing;
mod commands;
pub mod environment;
mod feed;
mod files;
mod ipc;
mod log;
#[cfg(target_os = "macos")]
mod menu;
mod notice;
mod page;
mod places;
mod shell;
mod start;
mod studio;
mod window;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use tauri::{App, AppHandle, Context, Manager, RunEvent, Wry};

use crate::closing::Ending;
use crate::feed::Feed;
use crate::files::Files;
use crate::page::First;
pub use crate::page::replace_files;
use crate::shell::Shell;
use crate::start::Start;
use crate::window::Showing;

/// Runs the program until its window is closed.
#[allow(clippy::exit, reason = "in what `generate_context!` makes, for a page that is not there")]
pub fn run() -> ExitCode {
    run_page(tauri::generate_context!())
}

/// The same with files of another page, for the tests of what becomes of a broken one.
pub fn run_page(mut context: Context<Wry>) -> ExitCode {
    let first = First::default();
    page::with_first(&mut context, first.clone());
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
    #[cfg(target_os = "macos")]
    {
        builder = builder.menu(menu::menu).on_menu_event(|app, event| {
            if event.id() == menu::QUIT {
                closing::asked(app);
            }
        });
    }
    let built = builder
        .invoke_handler(commands::handler())
        .setup(move |app| set_up(app, asked, first))
        .build(context);
    match built {
        Ok(app) => {
            app.run(hear);
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(%error, "the window could not be opened");
            ExitCode::FAILURE
        }
    }
}

/// What the system tells the program.
fn hear(app: &AppHandle, event: RunEvent) {
    match event {
        RunEvent::ExitRequested { code: None, api, .. } if closing::must_ask(app) => {
            api.prevent_exit();
            closing::asked(app);
        }
        RunEvent::Exit => closing::last(app),
        // A press on the icon of one that runs starts no second one there.
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::bring_forward(app),
        _ => {}
    }
}

fn set_up(app: &mut App, asked: Option<PathBuf>, first: First) -> Result<(), Box<dyn Error>> {
    let data_dir = match asked {
        Some(dir) => std::path::absolute(dir)?,
        None => app.path().app_data_dir()?,
    };
    log::start(&data_dir.join("logs"));
    if !cfg!(debug_assertions) {
        log::quiet_panics();
    }
    tracing::info!(version = %app.package_info().version, "started");
    let start = Start::new(data_dir.clone(), app.package_info().version.to_string());
    let instead = std::env::var_os("LINECHECK_FILES_DIR").map(PathBuf::from);
    let files = Files::new(app.handle().clone(), instead);
    app.manage(Showing::default());
    app.manage(Ending::default());
    app.manage(Shell::new(app.handle().clone(), start, Feed::default(), files));
    #[cfg(unix)]
    closing::hear_signals(app.handle());
    // The ledger is opened while the web view is made, which takes longer, and nothing waits for it
    // here: a disk that is slow keeps neither the window nor the system waiting.
    shell::begin(app.handle(), first);
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
    window::open(app.handle())?;
    Ok(())
}
