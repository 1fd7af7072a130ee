//! Starting the engine: with the program, and again when a person asks after it had failed.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use engine::{Code, Engine, EngineConfig, EngineError};
use tauri::{AppHandle, Manager};

use crate::feed::Feed;
use crate::studio::InApp;
use crate::window::Showing;
use crate::{clock, places};

/// How long the system usually takes to paint a window that is shown.
const FIRST_PAINT: Duration = Duration::from_millis(200);

/// The Linecheck that holds the data folder may be on its way out, which takes it two seconds at
/// most: the folder is asked for this often, with a pause after each time.
const HELD_LOOKS: u32 = 25;
const HELD_PAUSE: Duration = Duration::from_millis(100);

/// Cekura's own server, used when no address is given.
const CEKURA: &str = "https://api.cekura.ai";

/// What an engine is started with.
#[derive(Clone)]
pub(crate) struct Start {
    data_dir: PathBuf,
    app_version: String,
}

impl Start {
    pub(crate) fn new(data_dir: PathBuf, app_version: String) -> Self {
        Self { data_dir, app_version }
    }

    /// Starts an engine on the data folder. Reads and writes files: not for a thread that others
    /// wait for.
    pub(crate) fn engine(&self) -> Result<Engine, EngineError> {
        for _ in 0..HELD_LOOKS {
            match self.engine_once() {
                Err(error) if error.code == Code::LedgerInUse => std::thread::sleep(HELD_PAUSE),
                started => return started,
            }
        }
        self.engine_once()
    }

    fn engine_once(&self) -> Result<Engine, EngineError> {
        // A build for development never touches the keys of the released program.
        let namespace = if cfg!(debug_assertions) {
            "dev.linecheck.desktop.dev"
        } else {
            "dev.linecheck.desktop"
        };
        Engine::start(EngineConfig {
            data_dir: self.data_dir.clone(),
            now: clock::now(),
            zone: clock::zone(),
            random: clock::random(),
            vault: vault::Vault::system(namespace),
            studio: Arc::new(InApp::new(self.data_dir.join("practice"), places::practice_speed())),
            default_server: CEKURA.to_owned(),
            app_version: self.app_version.clone(),
            network: engine::Network::default(),
            failpoint: None,
        })
    }
}

/// Has the feed tell what changes in an engine.
pub(crate) fn connect(engine: &Engine, feed: &Feed) {
    let teller = feed.clone();
    engine.on_change(Box::new(move |topic, ids| teller.tell(topic, ids)));
}

/// Opens the last workspace of an engine that has started, and has its files checked, when the first
/// screen is there.
pub(crate) fn resume(engine: &Engine, app: &AppHandle) {
    let engine = engine.clone();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        // The screen first: it shows what the ledger holds. The key store and the network want a
        // processor each just when the page does, and nobody waits for them yet.
        app.state::<Showing>().wait().await;
        tokio::time::sleep(FIRST_PAINT).await;
        let files = engine.clone();
        tauri::async_runtime::spawn_blocking(move || {
            if let Err(error) = files.check_files() {
                tracing::warn!(code = error.code.as_str(), "the files were not checked");
            }
        });
        if let Err(error) = engine.resume().await {
            tracing::warn!(code = error.code.as_str(), "the last workspace did not open");
        }
    });
}
