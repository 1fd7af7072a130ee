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
            return Err(EngineError::new(Code::BadInput));
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
            set_aside_bytes: usage.set_aside_bytes,
            other_bytes: usage.other_bytes,
            results: usage.results,
            calls: usage.calls,
        })
    }

    /// Erases everything: keys, launches, results, the practice studio's own record. Refused while a
    /// launch is on the wire: its row is the only record of what was paid for.
    pub async fn data_erase(&self) -> Result<(), EngineError> {
        let _one_at_a_time = self.inner.turnstile.lock().await;
        let workspaces = self.ledger().workspaces()?;
        for workspace in &workspaces {
            self.refuse_while_sending(workspace.id)?;
        }
        self.leave_session();
        let mut kept = Vec::new();
        for workspace in &workspaces {
            kept.extend(self.forget_key(workspace).await);
        }
        self.inner
            .config
            .studio
            .erase()
            .await
            .map_err(|error| EngineError::new(Code::PracticeFailed).with_detail(error.0))?;
        for workspace in &workspaces {
            // The key store may have waited for a person.
            self.refuse_while_sending(workspace.id)?;
        }
        self.ledger().erase_all()?;
        for notice in kept {
            self.notice(notice);
        }
        self.tell(FeedTopic::Workspaces, &[]);
        Ok(())
    }
}
