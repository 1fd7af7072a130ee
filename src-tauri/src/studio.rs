//! The practice studio, inside the app: started on loopback when its workspace is opened.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;

use engine::{PracticeDoor, PracticeStudio, StudioFailed};
use practice::{Running, Studio, StudioConfig};
use tokio::sync::Mutex;

use crate::clock;

/// The studio of one data folder; at most one runs.
pub(crate) struct InApp {
    folder: PathBuf,
    speed: f64,
    running: Mutex<Option<Running>>,
}

impl InApp {
    pub(crate) fn new(folder: PathBuf, speed: f64) -> Self {
        Self { folder, speed, running: Mutex::new(None) }
    }

    async fn door(&self) -> Result<PracticeDoor, StudioFailed> {
        let mut running = self.running.lock().await;
        if running.is_none() {
            let mut config = StudioConfig::new(clock::now());
            config.data_dir = Some(self.folder.clone());
            config.speed = self.speed;
            *running = Some(Studio::start(config).await.map_err(failed)?);
        }
        let Some(studio) = running.as_ref() else {
            return Err(StudioFailed("the studio is gone".to_owned()));
        };
        Ok(PracticeDoor {
            base_url: studio.base_url.clone(),
            key: studio.key.clone().into(),
            speed: studio.speed,
        })
    }

    async fn end(&self) -> Result<(), StudioFailed> {
        if let Some(studio) = self.running.lock().await.take() {
            studio.stop().await;
        }
        match tokio::fs::remove_dir_all(&self.folder).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(error)),
            _ => Ok(()),
        }
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn failed(error: impl ToString) -> StudioFailed {
    StudioFailed(error.to_string())
}

impl PracticeStudio for InApp {
    fn start(
        &self,
    ) -> Pin<Box<dyn Future<Output = Result<PracticeDoor, StudioFailed>> + Send + '_>> {
        Box::pin(self.door())
    }

    fn erase(&self) -> Pin<Box<dyn Future<Output = Result<(), StudioFailed>> + Send + '_>> {
        Box::pin(self.end())
    }
}
