//! The engine itself: its parts, how it starts, and who hears of changes.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use ledger::{Ledger, LedgerConfig, NewWorkspace, Topic};
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use crate::code::Code;
use crate::config::EngineConfig;
use crate::connect::{PRACTICE_LABEL, PRACTICE_ORIGIN};
use crate::error::{EngineError, Outcome};
use crate::session::Session;
use crate::view::{AppState, FeedTopic, Notice, WorkspaceKind, WorkspaceView};

/// Tasks have so long to end by themselves when the engine is closed. Most end at once.
const TASKS_END: Duration = Duration::from_secs(1);

/// Hears that something changed; must return at once.
pub type Listener = Box<dyn Fn(FeedTopic, &[i64]) + Send + Sync>;

/// The use-cases. Cheap to clone; all clones are the same engine.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) config: EngineConfig,
    pub(crate) ledger: Ledger,
    pub(crate) session: RwLock<Option<Arc<Session>>>,
    /// Opening and closing a workspace happen one at a time.
    pub(crate) turnstile: tokio::sync::Mutex<()>,
    pub(crate) catalogue: crate::catalogue::CatalogueTrouble,
    /// Held from the reading of a draft to the row of its launch.
    pub(crate) placing: Mutex<()>,
    /// Ids of the launches this process is sending.
    pub(crate) in_flight: watch::Sender<BTreeSet<String>>,
    /// Held while calls are read together with what people say of them, and written: otherwise a
    /// reading that began before a verdict could write over it.
    pub(crate) storing: Mutex<()>,
    /// What the page was given of long lists.
    pub(crate) told: crate::told::Told,
    /// Every task of the engine, so that it can be ended cleanly.
    pub(crate) tasks: TaskTracker,
    /// Whether a person looks at what is shown.
    pub(crate) looked_at: watch::Sender<bool>,
    pub(crate) notices: Mutex<Vec<Notice>>,
    listener: Arc<RwLock<Option<Listener>>>,
}

impl Engine {
    /// Opens the ledger and turns every launch that was being sent when the program ended into
    /// one that is not known to have started. Makes no connection: see [`Engine::resume`].
    pub fn start(config: EngineConfig) -> Result<Self, EngineError> {
        let failpoint = config.failpoint.clone();
        let ledger = Ledger::open(LedgerConfig {
            dir: config.data_dir.clone(),
            now: Arc::clone(&config.now),
            failpoint: failpoint.map(|failpoint| -> ledger::Failpoint {
                Arc::new(move |step| {
                    failpoint(step);
                    Ok(())
                })
            }),
        })?;
        ledger.launches_sending_at_start()?;
        let listener: Arc<RwLock<Option<Listener>>> = Arc::new(RwLock::new(None));
        let heard = Arc::clone(&listener);
        ledger.on_change(Box::new(move |change| {
            if let Some(tell) = heard.read().unwrap_or_else(PoisonError::into_inner).as_ref() {
                tell(feed_topic(change.topic), &change.ids);
            }
        }));
        let engine = Self {
            inner: Arc::new(Inner {
                config,
                ledger,
                session: RwLock::new(None),
                turnstile: tokio::sync::Mutex::new(()),
                catalogue: crate::catalogue::CatalogueTrouble::default(),
                placing: Mutex::new(()),
                in_flight: watch::Sender::default(),
                storing: Mutex::new(()),
                told: crate::told::Told::default(),
                tasks: TaskTracker::new(),
                looked_at: watch::Sender::new(true),
                notices: Mutex::new(Vec::new()),
                listener,
            }),
        };
        engine.find_lost_workspaces()?;
        engine.notices_of_before();
        engine.notice_recoveries();
        Ok(engine)
    }

    /// Checks the ledger's files, mends what it can, and finishes an erasing that was cut off. What had
    /// to be done is told as a notice. Blocks for as long as the disk takes: to be called once the
    /// window is there, on a thread of its own.
    pub fn check_files(&self) -> Result<(), EngineError> {
        let checked = self.ledger().check();
        if matches!(checked, Ok(true)) {
            self.find_lost_workspaces()?;
            self.notice_recoveries();
            self.tell(FeedTopic::Workspaces, &[]);
        }
        // Whatever came of the check.
        self.ledger().erase_unfinished()?;
        checked?;
        Ok(())
    }

    /// Lists workspaces again of which only the archive knows, because the journal was lost: what is
    /// kept of them stays readable, and their keys are found by their servers.
    fn find_lost_workspaces(&self) -> Outcome<()> {
        if self.ledger().journal_recovery().is_none() {
            return Ok(());
        }
        for origin in self.ledger().origins_without_workspace()? {
            let practice = origin == PRACTICE_ORIGIN;
            let label = if practice {
                PRACTICE_LABEL.to_owned()
            } else {
                origin.trim_start_matches("https://").to_owned()
            };
            let kind = if practice {
                ledger::WorkspaceKind::Practice
            } else {
                ledger::WorkspaceKind::Cekura
            };
            let found = self.ledger().workspace_add(&NewWorkspace { kind, origin, label })?;
            if self.ledger().workspace_current()?.is_none() {
                self.ledger().workspace_touch(found.id)?;
            }
        }
        Ok(())
    }

    /// Who is told of changes: what they are about, and the ids (none means all).
    pub fn on_change(&self, listener: Listener) {
        *self.inner.listener.write().unwrap_or_else(PoisonError::into_inner) = Some(listener);
    }

    /// Whether a person looks at what is shown; until told, one does. Sets the pace at which calls
    /// under way are followed, and with it the pauses after failures: see [`crate::Cadence`]. When
    /// somebody looks again and the last look at the server is older than that pace, it is asked at
    /// once, but never before a time that it named itself, and not where it refused the key. Returns
    /// at once.
    pub fn looked_at(&self, looked_at: bool) {
        self.inner.looked_at.send_if_modified(|now| std::mem::replace(now, looked_at) != looked_at);
    }

    /// Opens the workspace that was open when the program ended, if any. What the ledger holds of
    /// it can be read before this returns.
    pub async fn resume(&self) -> Result<(), EngineError> {
        match self.ledger().workspace_current()? {
            Some(workspace) => self.workspace_open(workspace.id).await.map(|_| ()),
            None => Ok(()),
        }
    }

    /// Ends the tasks, empties the ledger's logs into its files and closes them. Every later call is
    /// [`Code::LedgerClosed`]; closing twice is fine. Tasks have a second to end by themselves; one that
    /// waits for the server is left, and what it would have written is missing: an unsettled launch is
    /// looked for at the next start.
    pub async fn close(&self) -> Result<(), EngineError> {
        self.leave_session();
        self.inner.tasks.close();
        if tokio::time::timeout(TASKS_END, self.inner.tasks.wait()).await.is_err() {
            tracing::info!("closed before every task had ended");
        }
        let ledger = self.ledger().clone();
        tokio::task::spawn_blocking(move || ledger.close())
            .await
            .map_err(|error| EngineError::new(Code::Internal).with_detail(error.to_string()))??;
        Ok(())
    }

    /// What the page needs to choose its first screen.
    pub fn app_state(&self) -> Result<AppState, EngineError> {
        let workspaces = self.ledger().workspaces()?;
        let current = self.ledger().workspace_current()?;
        Ok(AppState {
            workspaces: workspaces.iter().map(workspace_view).collect(),
            current: current.as_ref().map(workspace_view),
            version: self.inner.config.app_version.clone(),
            data_dir: self.inner.config.data_dir.display().to_string(),
            notices: self.notices(),
        })
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.inner.ledger
    }

    pub(crate) fn now(&self) -> jiff::Timestamp {
        (self.inner.config.now)()
    }

    pub(crate) fn tell(&self, topic: FeedTopic, ids: &[i64]) {
        if let Some(tell) =
            self.inner.listener.read().unwrap_or_else(PoisonError::into_inner).as_ref()
        {
            tell(topic, ids);
        }
    }

    /// The open session.
    pub(crate) fn session(&self) -> Outcome<Arc<Session>> {
        self.inner
            .session
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .ok_or_else(|| EngineError::new(Code::NoWorkspace))
    }

    /// The workspace whose data is shown. It may be there before its session is: reading works
    /// from the first moment after a restart.
    pub(crate) fn workspace_shown(&self) -> Outcome<i64> {
        if let Ok(session) = self.session() {
            return Ok(session.workspace.id);
        }
        self.ledger()
            .workspace_current()?
            .map(|workspace| workspace.id)
            .ok_or_else(|| EngineError::new(Code::NoWorkspace))
    }
}

pub(crate) fn workspace_view(workspace: &ledger::Workspace) -> WorkspaceView {
    WorkspaceView {
        id: workspace.id,
        kind: match workspace.kind {
            ledger::WorkspaceKind::Practice => WorkspaceKind::Practice,
            ledger::WorkspaceKind::Cekura => WorkspaceKind::Cekura,
        },
        label: workspace.label.clone(),
        origin: workspace.origin.clone(),
    }
}

fn feed_topic(topic: Topic) -> FeedTopic {
    match topic {
        Topic::Workspaces => FeedTopic::Workspaces,
        Topic::Settings => FeedTopic::Settings,
        Topic::Drafts => FeedTopic::Drafts,
        Topic::Launches => FeedTopic::Launches,
        Topic::Catalogue => FeedTopic::Catalogue,
        Topic::Results => FeedTopic::Results,
        Topic::Calls => FeedTopic::Calls,
        Topic::Plans => FeedTopic::Plans,
        Topic::Notes => FeedTopic::Notes,
    }
}
