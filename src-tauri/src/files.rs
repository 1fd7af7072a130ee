//! Files that a person chooses, through the system's own dialogs.
//!
//! Where `LINECHECK_FILES_DIR` is set no dialog opens: files are written into that folder, and the
//! newest plan in it is read. That is how the window is driven without a person, since the system's
//! dialogs cannot be.

use std::path::{Path, PathBuf};

use engine::{Code, EngineError};
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt;

/// Nothing that a person would open here comes near this size.
const LARGEST: u64 = 4 * 1024 * 1024;
/// What the names of plan files end in.
pub(crate) const PLAN: &str = "json";
/// What the names of tables end in.
pub(crate) const TABLE: &str = "csv";

/// Opens the dialogs.
pub(crate) struct Files {
    app: AppHandle,
    instead: Option<PathBuf>,
}

impl Files {
    pub(crate) fn new(app: AppHandle, instead: Option<PathBuf>) -> Self {
        Self { app, instead }
    }

    /// Writes bytes to a file that a person chooses: whole, or not at all. Gives the path. The name
    /// that is proposed, and what it ends in, are ours, never the API's.
    pub(crate) async fn save(
        &self,
        name: &str,
        extension: &str,
        bytes: &[u8],
    ) -> Result<Option<String>, EngineError> {
        let path = if let Some(folder) = &self.instead {
            Some(folder.join(name))
        } else {
            let (send, receive) = tokio::sync::oneshot::channel();
            self.app
                .dialog()
                .file()
                .set_file_name(name)
                .add_filter("Linecheck", &[extension])
                .save_file(move |path| {
                    let _ = send.send(path);
                });
            chosen(receive.await.ok().flatten())?
        };
        let Some(path) = path else { return Ok(None) };
        write_whole(&path, bytes).await.map_err(failed)?;
        Ok(Some(path.display().to_string()))
    }

    /// The text of a file that a person chooses.
    pub(crate) async fn open(&self) -> Result<Option<String>, EngineError> {
        let path = if let Some(folder) = &self.instead {
            newest(folder).await.map_err(failed)?
        } else {
            let (send, receive) = tokio::sync::oneshot::channel();
            self.app.dialog().file().add_filter("Linecheck", &[PLAN]).pick_file(move |path| {
                let _ = send.send(path);
            });
            chosen(receive.await.ok().flatten())?
        };
        let Some(path) = path else { return Ok(None) };
        let unreadable =
            |detail: String| EngineError::new(Code::PlanUnreadable).with_detail(detail);
        let size =
            tokio::fs::metadata(&path).await.map_err(|error| unreadable(error.to_string()))?;
        if size.len() > LARGEST {
            return Err(unreadable("larger than 4 MiB".to_owned()));
        }
        tokio::fs::read_to_string(&path)
            .await
            .map(Some)
            .map_err(|error| unreadable(error.to_string()))
    }
}

fn chosen(path: Option<tauri_plugin_dialog::FilePath>) -> Result<Option<PathBuf>, EngineError> {
    path.map(|path| {
        path.into_path()
            .map_err(|error| EngineError::new(Code::BadInput).with_detail(error.to_string()))
    })
    .transpose()
}

/// Beside it, flushed, then renamed over it.
async fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use tokio::io::AsyncWriteExt;

    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let mut file = tokio::fs::File::create(&beside).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    tokio::fs::rename(&beside, path).await
}

async fn newest(folder: &Path) -> std::io::Result<Option<PathBuf>> {
    let mut entries = tokio::fs::read_dir(folder).await?;
    let mut best = None;
    while let Some(entry) = entries.next_entry().await? {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != PLAN) {
            continue;
        }
        let at = entry.metadata().await?.modified()?;
        if best.as_ref().is_none_or(|(newest, _)| at > *newest) {
            best = Some((at, path));
        }
    }
    Ok(best.map(|(_, path)| path))
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn failed(error: std::io::Error) -> EngineError {
    let code = match error.kind() {
        std::io::ErrorKind::StorageFull => Code::DiskFull,
        std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => {
            Code::DiskReadOnly
        }
        _ => Code::Internal,
    };
    EngineError::new(code).with_detail(error.to_string())
}
