//! What a studio is given, and how it may fail to start.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use crate::calls::sound;

/// Everything the studio does not decide by itself.
#[derive(Clone)]
pub struct StudioConfig {
    /// Where launches, stops and votes are kept. `None` keeps them in memory only.
    pub data_dir: Option<PathBuf>,
    /// The key the studio accepts. Any key that starts with `readonly-` is accepted too but may
    /// not launch, and any that starts with `project-` may not see the balance.
    pub key: String,
    /// The port on loopback; 0 takes any free one.
    pub port: u16,
    /// Which world: the same seed gives the same evaluators and the same fates.
    pub seed: u64,
    /// How many times faster than life calls go. The durations the studio reports stay those of
    /// life.
    pub speed: f64,
    /// How many evaluators there are.
    pub evaluators: usize,
    /// Accept what the vendor's own client sends against its documentation: integers in
    /// `scenarios`, `agent_id`, `tags`, `folder_path`, and `ids` for `run_ids`.
    pub lenient: bool,
    /// Answer as to a key of a whole organisation: a list has to be asked for by what it is of.
    pub scoped: bool,
    /// Start with about six finished results from the days before.
    pub history: bool,
    /// How many calls the organisation may have at once; the others wait in the queue.
    pub parallel_limit: u32,
    /// Samples a second on each channel of a recording: 8,000 as on a telephone. More make larger
    /// files of the same sound.
    pub sound_rate: u32,
    /// The time.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

impl StudioConfig {
    /// A studio as the app starts it: 128 evaluators, thirty times faster than life, a small
    /// history, any free port, in memory.
    pub fn new(now: Arc<dyn Fn() -> Timestamp + Send + Sync>) -> Self {
        Self {
            data_dir: None,
            key: "practice-key".to_owned(),
            port: 0,
            seed: 1,
            speed: 30.0,
            evaluators: 128,
            lenient: false,
            scoped: false,
            history: true,
            parallel_limit: 10,
            sound_rate: sound::RATE,
            now,
        }
    }
}

impl std::fmt::Debug for StudioConfig {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("StudioConfig")
            .field("data_dir", &self.data_dir)
            .field("port", &self.port)
            .field("seed", &self.seed)
            .field("speed", &self.speed)
            .field("evaluators", &self.evaluators)
            .field("lenient", &self.lenient)
            .field("scoped", &self.scoped)
            .field("history", &self.history)
            .field("parallel_limit", &self.parallel_limit)
            .field("sound_rate", &self.sound_rate)
            .finish_non_exhaustive()
    }
}

/// Why a studio did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StudioError {
    /// The port could not be had.
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Port {
        /// The port asked for; 0 for any.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
    /// The data folder cannot be read or written.
    #[error("cannot use the data folder {path}: {source}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A speed that is not a positive number, or no evaluators at all.
    #[error("a studio needs a positive speed and at least one evaluator")]
    Nonsense,
}

impl StudioError {
    /// A stable word for it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Port { .. } => "port_taken",
            Self::Folder { .. } => "folder_unusable",
            Self::Nonsense => "bad_settings",
        }
    }
}
