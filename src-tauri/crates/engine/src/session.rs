//! An open workspace: its client, the state of its connection, and the task that follows it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use ledger::{Workspace, WorkspaceKind};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::calls::Tried;
use crate::code::Code;
use crate::config::Cadence;
use crate::connection::Connection;
use crate::error::{EngineError, Outcome};
use crate::evaluators::{Opened, Readings};

/// One open workspace. Closing it cancels its task; what it learnt is in the ledger.
pub(crate) struct Session {
    pub(crate) workspace: Workspace,
    pub(crate) cadence: Cadence,
    /// Seconds on the clock for one second of a call's own duration: 1 for real calls, less in the
    /// practice studio, whose calls go faster than life.
    pub(crate) clock_per_second: f64,
    client: RwLock<Option<cekura::Client>>,
    pub(crate) connection: Mutex<Connection>,
    /// Wakes the following task at once.
    pub(crate) nudge: Notify,
    /// The catalogue is to be read (again).
    pub(crate) wants_catalogue: AtomicBool,
    /// The list of results has been read since this session began.
    pub(crate) list_read: AtomicBool,
    /// The list of results is to be read (again).
    pub(crate) wants_results: AtomicBool,
    /// A person asked for that and has not had an answer yet.
    pub(crate) list_asked: AtomicBool,
    /// Calls that are being fetched in full because a person looks at them.
    fetching: Mutex<BTreeSet<i64>>,
    /// Calls that were fetched so, and how that went: not asked for again before their rows change.
    fetched: Mutex<BTreeMap<i64, Tried>>,
    /// Questions about the failures of results, the last of each.
    asked: Mutex<BTreeMap<i64, CancellationToken>>,
    /// Evaluators that were opened.
    opened: Mutex<BTreeMap<i64, Opened>>,
    /// How far the reading of those is.
    readings: Mutex<Readings>,
    pub(crate) cancel: CancellationToken,
}

impl Session {
    pub(crate) fn new(
        workspace: Workspace,
        client: Option<cekura::Client>,
        cadence: Cadence,
        speed: f64,
    ) -> Arc<Self> {
        Arc::new(Self {
            workspace,
            cadence,
            clock_per_second: 1.0 / speed.max(0.001),
            client: RwLock::new(client),
            connection: Mutex::new(Connection::default()),
            nudge: Notify::new(),
            wants_catalogue: AtomicBool::new(true),
            list_read: AtomicBool::new(false),
            wants_results: AtomicBool::new(true),
            list_asked: AtomicBool::new(false),
            fetching: Mutex::new(BTreeSet::new()),
            fetched: Mutex::new(BTreeMap::new()),
            asked: Mutex::new(BTreeMap::new()),
            opened: Mutex::new(BTreeMap::new()),
            readings: Mutex::new(Readings::default()),
            cancel: CancellationToken::new(),
        })
    }

    pub(crate) fn is_practice(&self) -> bool {
        self.workspace.kind == WorkspaceKind::Practice
    }

    /// The client, or the reason why there is none: the key could not be had.
    pub(crate) fn client(&self) -> Outcome<cekura::Client> {
        self.client.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or_else(|| {
            EngineError::new(self.connection().code.unwrap_or(Code::KeychainMissing))
        })
    }

    pub(crate) fn set_client(&self, client: Option<cekura::Client>) {
        *self.client.write().unwrap_or_else(PoisonError::into_inner) = client;
    }

    pub(crate) fn opened(&self) -> MutexGuard<'_, BTreeMap<i64, Opened>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn readings(&self) -> MutexGuard<'_, Readings> {
        self.readings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn asked(&self) -> MutexGuard<'_, BTreeMap<i64, CancellationToken>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn fetched(&self) -> MutexGuard<'_, BTreeMap<i64, Tried>> {
        self.fetched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn fetching(&self) -> MutexGuard<'_, BTreeSet<i64>> {
        self.fetching.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
