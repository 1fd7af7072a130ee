//! Where the key of the open workspace is, and what can be done about it.

use std::sync::atomic::Ordering;

use vault::KeyState;

use crate::account::account_of;
use crate::code::Code;
use crate::connect::read_key;
use crate::core::Engine;
use crate::error::EngineError;
use crate::first::of_a_key;
use crate::view::{ConnectionState, FeedTopic, KeyStateView, KeyView};

impl Engine {
    /// Where the key is; never the key.
    pub async fn key_read(&self) -> Result<KeyView, EngineError> {
        let session = self.session()?;
        let origin = session.workspace.origin.clone();
        if session.is_practice() {
            return Ok(KeyView { state: KeyStateView::Practice, last4: None, origin });
        }
        let vault = &self.inner.config.vault;
        if session.connection().code == Some(Code::KeychainWaits) {
            // To ask once more would wait as well.
            return Ok(KeyView { state: KeyStateView::Slow, last4: None, origin });
        }
        let rejected = session.connection().state == ConnectionState::KeyRejected;
        let state = match vault.status(&origin).await {
            KeyState::Saved | KeyState::SessionOnly if rejected => KeyStateView::Rejected,
            KeyState::Saved => KeyStateView::Saved,
            KeyState::SessionOnly => KeyStateView::SessionOnly,
            KeyState::None => KeyStateView::None,
            KeyState::Locked => KeyStateView::Locked,
            KeyState::StoreMissing => KeyStateView::StoreMissing,
            KeyState::Unreadable => KeyStateView::Unreadable,
            KeyState::Failed => KeyStateView::StoreFailed,
            KeyState::Slow => KeyStateView::Slow,
        };
        Ok(KeyView { state, last4: vault.last4(&origin).await, origin })
    }

    /// Puts another key of the same account in place of the kept one, after the server has accepted
    /// it.
    pub async fn key_replace(&self, key: &str, session_only: bool) -> Result<KeyView, EngineError> {
        // A workspace that is erased meanwhile must not leave its new key behind.
        let _one_at_a_time = self.inner.turnstile.lock().await;
        let session = self.session()?;
        if session.is_practice() {
            return Err(EngineError::new(Code::BadInput));
        }
        let key = read_key(key)?;
        let origin = session.workspace.origin.clone();
        let base_url = url::Url::parse(&origin)
            .map_err(|error| EngineError::new(Code::BadAddress).with_detail(error.to_string()))?;
        let client = self.client(base_url, key.clone())?;
        let projects = client.projects().await.map_err(|error| of_a_key(error, Code::WebPage))?;
        let account = account_of(&projects.items);
        self.refuse_other_account(&session.workspace, &account)?;
        self.keep_key(&origin, key, session_only).await?;
        self.remember_account(session.workspace.id, &account)?;
        session.set_client(Some(client));
        session.connection().may_launch = None;
        self.came_through(&session);
        session.nudge.notify_one();
        self.key_read().await
    }

    /// Asks the key store again, after a person unlocked or installed it; and the server, where the
    /// key is there.
    pub async fn key_retry(&self) -> Result<KeyView, EngineError> {
        let session = self.session()?;
        if session.client().is_ok() {
            // The key is there and the server refused it, or did not answer: it is asked again.
            session.connection().next_try_at = None;
            session.wants_results.store(true, Ordering::Release);
            session.nudge.notify_one();
        } else if !session.is_practice() {
            match self.client_of(&session.workspace).await {
                Ok(client) => self.key_came(&session, client),
                Err(error) => {
                    self.failed(&session, &error);
                }
            }
        }
        self.key_read().await
    }

    /// Forgets the key. What was read with it stays readable.
    pub async fn key_forget(&self) -> Result<KeyView, EngineError> {
        let session = self.session()?;
        if session.is_practice() {
            return Err(EngineError::new(Code::BadInput));
        }
        self.inner.config.vault.forget(&session.workspace.origin).await?;
        session.set_client(None);
        {
            let mut connection = session.connection();
            connection.state = ConnectionState::KeyMissing;
            connection.code = Some(Code::KeyEmpty);
            connection.detail = None;
        }
        self.tell(FeedTopic::Connection, &[]);
        self.key_read().await
    }
}
