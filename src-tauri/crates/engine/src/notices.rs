//! What has to be said to a person although nobody asked. What was done to the files is kept until they
//! have seen it, also through a restart.

use std::sync::{MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::code::Code;
use crate::core::Engine;
use crate::error::EngineError;
use crate::view::{FeedTopic, Notice};

const KEY: &str = "notices";

/// A notice as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    code: String,
    detail: Option<String>,
}

impl Engine {
    /// A person has seen what is said under this code.
    pub fn notice_dismiss(&self, code: &str) -> Result<(), EngineError> {
        let mut notices = self.pending();
        notices.retain(|notice| notice.code.as_str() != code);
        self.keep(&notices);
        drop(notices);
        self.tell(FeedTopic::Workspaces, &[]);
        Ok(())
    }

    /// Returns what nobody has seen yet, the oldest first.
    pub(crate) fn notices(&self) -> Vec<Notice> {
        self.pending().clone()
    }

    /// Has something said until a person has seen it, or the program ends.
    pub(crate) fn notice(&self, notice: Notice) {
        let mut notices = self.pending();
        notices.retain(|known| known.code != notice.code);
        notices.push(notice);
        self.keep(&notices);
    }

    /// Takes up what an earlier start had to say and nobody has seen.
    pub(crate) fn notices_of_before(&self) {
        let kept = self.ledger().setting(KEY).ok().flatten();
        let kept: Vec<Kept> =
            kept.and_then(|kept| serde_json::from_value(kept).ok()).unwrap_or_default();
        let notices = kept
            .into_iter()
            .map(|kept| Notice { code: Code::parse(&kept.code), detail: kept.detail });
        self.pending().extend(notices);
    }

    /// Has it said what had to be done to the files.
    pub(crate) fn notice_recoveries(&self) {
        let shown = |path: Option<std::path::PathBuf>| path.map(|path| path.display().to_string());
        if let Some(recovery) = self.ledger().archive_recovery() {
            let set_aside = recovery.set_aside.is_some();
            self.notice(Notice {
                code: if set_aside { Code::ArchiveSetAside } else { Code::ArchiveMissing },
                detail: shown(recovery.set_aside),
            });
        }
        if let Some(recovery) = self.ledger().journal_recovery() {
            self.notice(Notice {
                code: if recovery.restored_from.is_some() {
                    Code::JournalRestored
                } else if recovery.set_aside.is_some() {
                    Code::JournalSetAside
                } else {
                    Code::JournalMissing
                },
                detail: shown(recovery.set_aside),
            });
        }
    }

    fn pending(&self) -> MutexGuard<'_, Vec<Notice>> {
        self.inner.notices.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what is about the files. The rest means nothing after a restart.
    fn keep(&self, notices: &[Notice]) {
        let kept: Vec<Kept> = notices
            .iter()
            .filter(|notice| is_about_files(notice.code))
            .map(|notice| Kept {
                code: notice.code.as_str().to_owned(),
                detail: notice.detail.clone(),
            })
            .collect();
        let value = serde_json::to_value(&kept).unwrap_or_default();
        let known = self.ledger().setting(KEY).ok().flatten();
        if known.as_ref() == Some(&value) || (known.is_none() && kept.is_empty()) {
            return;
        }
        if let Err(error) = self.ledger().set_setting(KEY, &value) {
            // It is said now all the same.
            tracing::warn!(code = error.code(), "a notice is not kept for the next start");
        }
    }
}

fn is_about_files(code: Code) -> bool {
    matches!(
        code,
        Code::ArchiveSetAside
            | Code::ArchiveMissing
            | Code::JournalRestored
            | Code::JournalSetAside
            | Code::JournalMissing
    )
}
