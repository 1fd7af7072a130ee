//! What all answers share: the world, the book, the clock, and the records for tests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::HeaderMap;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;

use crate::answers::View;
use crate::calls::book::Book;
use crate::calls::judge::Dialect;
use crate::config::{StudioConfig, StudioError};
use crate::faults::{Fault, Kind};
use crate::world::World;

/// A launch as it arrived, accepted or not.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Arrival {
    pub(crate) at: String,
    pub(crate) path: String,
    /// The body as JSON, or as text where it is none.
    pub(crate) body: Value,
    /// Whether `X-CEKURA-API-KEY` came with it. The key itself is not kept.
    pub(crate) key: bool,
    /// Every header's name, lower case.
    pub(crate) headers: Vec<String>,
    /// The status it was answered with; absent when the connection was ended.
    pub(crate) status: Option<u16>,
    /// The result it made, if it was accepted, answered or not.
    pub(crate) result: Option<i64>,
}

/// What tests ask about afterwards.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) launches: Vec<Arrival>,
    /// By `METHOD path`.
    pub(crate) requests: BTreeMap<String, u64>,
    /// Answers in pieces that whoever asked did not hear to their end.
    pub(crate) left: u64,
}

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rights {
    Everything,
    /// May not launch or change anything.
    ReadOnly,
    /// May not see the balance.
    Project,
}

/// The shared state.
pub(crate) struct Desk {
    pub(crate) config: StudioConfig,
    pub(crate) world: World,
    book: Mutex<Book>,
    key: Mutex<String>,
    faults: Mutex<Vec<Fault>>,
    seen: Mutex<Seen>,
    pub(crate) stopping: watch::Receiver<bool>,
}

impl Desk {
    pub(crate) fn open(
        config: StudioConfig,
        stopping: watch::Receiver<bool>,
    ) -> Result<Arc<Self>, StudioError> {
        let world = World::new(config.seed, config.evaluators);
        let folder = config.data_dir.as_deref();
        let book = Book::open(
            folder,
            &world,
            config.history,
            config.parallel_limit.max(1),
            (config.now)(),
        )
        .map_err(|source| StudioError::Folder {
            path: folder.unwrap_or("".as_ref()).to_owned(),
            source,
        })?;
        Ok(Arc::new(Self {
            key: Mutex::new(config.key.clone()),
            config,
            world,
            book: Mutex::new(book),
            faults: Mutex::new(Vec::new()),
            seen: Mutex::new(Seen::default()),
            stopping,
        }))
    }

    /// The book. A panic in another answer leaves it as it was before.
    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a fault holds answers, or the rest of them, and the studio is not to stop.
    pub(crate) fn holds(&self) -> bool {
        let holds = |fault: &Fault| matches!(fault.kind, Kind::Hold | Kind::HoldAfter(_));
        self.faults().iter().any(holds) && !*self.stopping.borrow()
    }

    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The studio's time: the given one, and as much ahead as it was set.
    pub(crate) fn now(&self, book: &Book) -> Timestamp {
        let now = (self.config.now)();
        now.checked_add(book.ahead).unwrap_or(now)
    }

    /// Makes an answer from the world, the book and the time.
    pub(crate) fn answer<T>(
        &self,
        headers: &HeaderMap,
        dialect: Dialect,
        make: impl FnOnce(&View<'_>) -> T,
    ) -> T {
        let mut book = self.book();
        let plan = book.plan(&self.world);
        let now = self.now(&book).as_millisecond();
        let host = headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
        make(&View { world: &self.world, book: &book, plan, now, host, dialect })
    }

    /// When the data folder was first used, in milliseconds since 1970.
    pub(crate) fn began(&self) -> i64 {
        self.book().began().as_millisecond()
    }

    pub(crate) fn set_key(&self, key: &str) {
        key.clone_into(&mut self.key.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// What the key of a request may do; `None` when it is not accepted.
    pub(crate) fn rights(&self, headers: &HeaderMap) -> Option<Rights> {
        let given = headers.get("x-cekura-api-key")?.to_str().ok()?;
        if given == *self.key.lock().unwrap_or_else(PoisonError::into_inner) {
            return Some(Rights::Everything);
        }
        if given.starts_with("readonly-") {
            return Some(Rights::ReadOnly);
        }
        given.starts_with("project-").then_some(Rights::Project)
    }
}
