//! Opening, connecting, leaving and erasing workspaces.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use ledger::{NewWorkspace, Workspace, WorkspaceKind};
use secrecy::SecretString;
use tokio::task::{JoinError, JoinHandle};
use url::Url;

use crate::account::account_of;
use crate::code::Code;
use crate::config::PracticeDoor;
use crate::connection::state_of;
use crate::core::{Engine, workspace_view};
use crate::error::{EngineError, Outcome};
use crate::first::first_question;
use crate::session::Session;
use crate::view::{ConnectRequest, ConnectionState, FeedTopic, Notice, WorkspaceView};

/// The practice studio's workspace goes by this name, because its port changes with every start.
pub(crate) const PRACTICE_ORIGIN: &str = "practice";
/// What it is called until a person gives it another name.
pub(crate) const PRACTICE_LABEL: &str = "Practice studio";
/// A key store that is open answers well within this time. One that does not is asking a person.
const KEY_AT_ONCE: Duration = Duration::from_millis(1500);

impl Engine {
    /// Starts the practice studio and opens its workspace.
    pub async fn practice_open(&self) -> Result<WorkspaceView, EngineError> {
        let _one_at_a_time = self.inner.turnstile.lock().await;
        let door = self.practice_door().await?;
        let workspace = self.ledger().workspace_add(&NewWorkspace {
            kind: WorkspaceKind::Practice,
            origin: PRACTICE_ORIGIN.to_owned(),
            label: PRACTICE_LABEL.to_owned(),
        })?;
        self.enter_practice(workspace, &door)
    }

    /// Checks the key against the server, keeps it, and opens the workspace. Nothing is kept of a
    /// key that the server does not accept, or that is of another account than the workspace of
    /// this server keeps.
    pub async fn workspace_connect(
        &self,
        key: &str,
        request: &ConnectRequest,
    ) -> Result<WorkspaceView, EngineError> {
        let _one_at_a_time = self.inner.turnstile.lock().await;
        let key = read_key(key)?;
        let base_url = self.server_address(&request.server)?;
        let client = self.client(base_url, key.clone())?;
        let projects = first_question(&client).await?;
        let origin = client.origin().to_owned();
        let account = account_of(&projects.items);
        for known in self.ledger().workspaces()?.iter().filter(|one| one.origin == origin) {
            self.refuse_other_account(known, &account)?;
        }
        self.keep_key(&origin, key, request.session_only).await?;
        let label = projects
            .items
            .iter()
            .find_map(|project| project.organization_name.clone())
            .or_else(|| projects.items.first().map(|project| project.name.clone()))
            .filter(|name| !name.trim().is_empty())
            .unwrap_or_else(|| origin.trim_start_matches("https://").to_owned());
        let workspace = self.ledger().workspace_add(&NewWorkspace {
            kind: WorkspaceKind::Cekura,
            origin,
            label,
        })?;
        self.remember_account(workspace.id, &account)?;
        self.enter(workspace, Some(client), 1.0, None)
    }

    /// Opens a workspace that is known. A key that cannot be had does not close the door: what the
    /// ledger holds is shown, and the connection says why there is nothing newer. Neither does a key
    /// store that keeps one waiting, because it asks a person for a password: the key comes later.
    pub async fn workspace_open(&self, id: i64) -> Result<WorkspaceView, EngineError> {
        let _one_at_a_time = self.inner.turnstile.lock().await;
        let workspace = self.ledger().workspace(id)?;
        if workspace.kind == WorkspaceKind::Practice {
            return match self.practice_door().await {
                Ok(door) => self.enter_practice(workspace, &door),
                Err(error) => self.enter(workspace, None, 1.0, Some(error)),
            };
        }
        let (engine, known) = (self.clone(), workspace.clone());
        let mut reading = self.inner.tasks.spawn(async move { engine.client_of(&known).await });
        match tokio::time::timeout(KEY_AT_ONCE, &mut reading).await.map(read_of) {
            Ok(Ok(client)) => self.enter(workspace, Some(client), 1.0, None),
            Ok(Err(error)) => self.enter(workspace, None, 1.0, Some(error)),
            Err(_) => {
                let waits = EngineError::new(Code::KeychainWaits);
                let view = self.enter(workspace, None, 1.0, Some(waits))?;
                self.key_later(self.session()?, reading);
                Ok(view)
            }
        }
    }

    /// Hands the key to a session that was entered without it, when the key store gives it.
    fn key_later(&self, session: Arc<Session>, mut reading: JoinHandle<Outcome<cekura::Client>>) {
        let engine = self.clone();
        self.inner.tasks.spawn(async move {
            let read = tokio::select! {
                () = session.cancel.cancelled() => {
                    reading.abort();
                    return;
                }
                read = &mut reading => read_of(read),
            };
            // Meanwhile a person may have given a key for this session only.
            if session.client().is_ok() {
                return;
            }
            match read {
                Ok(client) => engine.key_came(&session, client),
                Err(error) => {
                    engine.failed(&session, &error);
                }
            }
        });
    }

    /// The key is there after all: the follower goes on at once.
    pub(crate) fn key_came(&self, session: &Session, client: cekura::Client) {
        session.set_client(Some(client));
        {
            let mut connection = session.connection();
            connection.state = ConnectionState::Connecting;
            connection.code = None;
            connection.detail = None;
        }
        session.nudge.notify_one();
        self.tell(FeedTopic::Connection, &[]);
    }

    /// Leaves the open workspace; nothing is erased, and calls under way go on at the server.
    pub async fn workspace_close(&self) -> Result<(), EngineError> {
        let _one_at_a_time = self.inner.turnstile.lock().await;
        self.leave_session();
        self.ledger().workspace_close()?;
        Ok(())
    }

    /// Gives a workspace another name, 1 to 80 characters.
    pub fn workspace_rename(&self, id: i64, label: &str) -> Result<WorkspaceView, EngineError> {
        let label = label.trim();
        if label.is_empty() || label.chars().count() > 80 {
            return Err(EngineError::bad_length(80));
        }
        self.ledger().workspace_rename(id, label)?;
        Ok(workspace_view(&self.ledger().workspace(id)?))
    }

    /// Erases a workspace: its key, and everything kept of it. Takes its time where much is kept;
    /// others go on meanwhile. A key that stays in a locked key store is told by a notice. Refused
    /// while a launch of it is on the wire: its row is the only record of what was paid for.
    pub async fn workspace_erase(&self, id: i64) -> Result<(), EngineError> {
        let _one_at_a_time = self.inner.turnstile.lock().await;
        let workspace = self.ledger().workspace(id)?;
        self.refuse_while_sending(id)?;
        if self.session().is_ok_and(|session| session.workspace.id == id) {
            self.leave_session();
        }
        if workspace.kind == WorkspaceKind::Practice {
            self.inner.config.studio.erase().await.map_err(practice_failed)?;
        }
        let kept = self.forget_key(&workspace).await;
        // The key store may have waited for a person.
        self.refuse_while_sending(id)?;
        self.ledger().workspace_erase(id)?;
        if let Some(notice) = kept {
            self.notice(notice);
            self.tell(FeedTopic::Workspaces, &[]);
        }
        Ok(())
    }

    /// The journal must not lose what is being paid for.
    pub(crate) fn refuse_while_sending(&self, workspace: i64) -> Outcome<()> {
        let sending = |launch: &ledger::Launch| launch.state == ledger::LaunchState::Sending;
        if self.ledger().launches_unsettled(workspace)?.iter().any(sending) {
            return Err(EngineError::new(Code::LaunchUnderWay));
        }
        Ok(())
    }

    /// Takes the key of a workspace that is being erased out of the key store. A store that is
    /// locked must not keep the rest from being erased: what is to be said of the key then.
    pub(crate) async fn forget_key(&self, workspace: &Workspace) -> Option<Notice> {
        if workspace.kind == WorkspaceKind::Practice {
            return None;
        }
        let error = self.inner.config.vault.forget(&workspace.origin).await.err()?;
        tracing::warn!(code = error.code(), "a key could not be erased");
        Some(Notice { code: Code::KeyStays, detail: Some(workspace.origin.clone()) })
    }

    /// The client of a known workspace, with its key from the vault.
    pub(crate) async fn client_of(&self, workspace: &Workspace) -> Outcome<cekura::Client> {
        let key = self
            .inner
            .config
            .vault
            .read(&workspace.origin)
            .await?
            .ok_or_else(|| EngineError::new(Code::KeyEmpty))?;
        let base_url = self.server_address(&workspace.origin)?;
        self.client(base_url, key)
    }

    pub(crate) fn client(&self, base_url: Url, key: SecretString) -> Outcome<cekura::Client> {
        Ok(cekura::Client::new(cekura::ClientConfig {
            base_url,
            key,
            limits: self.inner.config.network.limits.clone(),
            retry: self.inner.config.network.retry.clone(),
            random: Arc::clone(&self.inner.config.random),
            user_agent: format!("Linecheck/{}", self.inner.config.app_version),
        })?)
    }

    pub(crate) async fn keep_key(
        &self,
        origin: &str,
        key: SecretString,
        session_only: bool,
    ) -> Outcome<()> {
        let vault = &self.inner.config.vault;
        if session_only {
            vault.keep_for_session(origin, key).await;
        } else {
            vault.save(origin, key).await?;
        }
        Ok(())
    }

    pub(crate) fn leave_session(&self) {
        let left = self.inner.session.write().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(session) = left {
            session.cancel.cancel();
        }
    }

    async fn practice_door(&self) -> Outcome<PracticeDoor> {
        self.inner.config.studio.start().await.map_err(practice_failed)
    }

    fn enter_practice(&self, workspace: Workspace, door: &PracticeDoor) -> Outcome<WorkspaceView> {
        let base_url = Url::parse(&door.base_url).map_err(|error| {
            EngineError::new(Code::PracticeFailed).with_detail(error.to_string())
        })?;
        let client = self.client(base_url, door.key.clone())?;
        self.enter(workspace, Some(client), door.speed, None)
    }

    fn enter(
        &self,
        workspace: Workspace,
        client: Option<cekura::Client>,
        speed: f64,
        trouble: Option<EngineError>,
    ) -> Outcome<WorkspaceView> {
        self.leave_session();
        self.ledger().workspace_touch(workspace.id)?;
        let view = workspace_view(&workspace);
        let network = &self.inner.config.network;
        let cadence = match workspace.kind {
            WorkspaceKind::Practice => network.practice_cadence,
            WorkspaceKind::Cekura => network.cadence,
        };
        let session = Session::new(workspace, client, cadence, speed);
        if let Some(error) = trouble {
            let mut connection = session.connection();
            if let Some(state) = state_of(&error) {
                connection.state = state;
            }
            connection.code = Some(error.code);
            connection.detail = error.detail;
        }
        *self.inner.session.write().unwrap_or_else(PoisonError::into_inner) =
            Some(Arc::clone(&session));
        self.follow(Arc::clone(&session));
        self.reread(session);
        self.tell(FeedTopic::Workspaces, &[]);
        self.tell(FeedTopic::Connection, &[]);
        Ok(view)
    }

    fn server_address(&self, typed: &str) -> Outcome<Url> {
        let typed = typed.trim();
        let text = if typed.is_empty() { self.inner.config.default_server.as_str() } else { typed };
        // People leave the scheme out; https is the only one a key may travel by, so it is meant.
        let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        Url::parse(&whole)
            .map_err(|error| EngineError::new(Code::BadAddress).with_detail(error.to_string()))
    }
}

/// The key as typed, made safe to put into a header.
pub(crate) fn read_key(typed: &str) -> Outcome<SecretString> {
    if typed.trim().is_empty() {
        return Err(EngineError::new(Code::KeyEmpty));
    }
    Ok(vault::check_key_text(typed)?)
}

/// What a task that read the key gave.
fn read_of(read: Result<Outcome<cekura::Client>, JoinError>) -> Outcome<cekura::Client> {
    read.unwrap_or_else(
        |error| Err(EngineError::new(Code::Internal).with_detail(error.to_string())),
    )
}

fn practice_failed(error: crate::config::StudioFailed) -> EngineError {
    EngineError::new(Code::PracticeFailed).with_detail(error.0)
}
