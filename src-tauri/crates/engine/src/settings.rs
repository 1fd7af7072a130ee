//! What a person can set, what is kept on this computer, and erasing it.

use crate::code::Code;
use crate::core::Engine;
use crate::error::EngineError;
use crate::view::{FeedTopic, Settings, UsageView};

const KEY: &str = "settings";

impl Engine {
    /// The settings; defaults for what was never set or cannot be read.
    pub fn settings_read(&self) -> Result<Settings, EngineError> {
        Ok(self
            .ledger()
            .setting(KEY)?
            .and_then(|value| serde_json::from_value(value).ok())
            .unwrap_or_default())
    }

    /// Keeps the settings. The limit is held here, so that the page cannot walk around it.
    pub fn settings_save(&self, settings: &Settings) -> Result<Settings, EngineError> {
        if !(1..=10_000).contains(&settings.confirm_above) {
            return Err(EngineError::new(Code::BadInput).with_detail("1 to 10,000 calls"));
        }
        let value = serde_json::to_value(settings)
            .map_err(|error| EngineError::new(Code::Internal).with_detail(error.to_string()))?;
        self.ledger().set_setting(KEY, &value)?;
        self.settings_read()
    }

    /// What is kept on this computer.
    pub fn usage_read(&self) -> Result<UsageView, EngineError> {
        let usage = self.ledger().usage()?;
        Ok(UsageView {
            folder: usage.dir.display().to_string(),
            journal_bytes: usage.journal_bytes,
            archive_bytes: usage.archive_bytes,
            results: usage.results,
            calls: usage.calls,
        })
    }

    /// Erases everything: keys, launches, results, the practice studio's own record.
    pub async fn data_erase(&self) -> Result<(), EngineError> {
        let _one_at_a_time = self.inner.turnstile.lock().await;
        self.leave_session();
        for workspace in self.ledger().workspaces()? {
            if workspace.kind == ledger::WorkspaceKind::Cekura {
                // A store that is locked must not keep the rest from being erased; the key in it
                // can be removed with the system's own tool, which the sentence for it says.
                if let Err(error) = self.inner.config.vault.forget(&workspace.origin).await {
                    tracing::warn!(code = error.code(), "a key could not be erased");
                }
            }
        }
        self.inner
            .config
            .studio
            .erase()
            .await
            .map_err(|error| EngineError::new(Code::PracticeFailed).with_detail(error.0))?;
        self.ledger().erase_all()?;
        self.tell(FeedTopic::Workspaces, &[]);
        Ok(())
    }
}
