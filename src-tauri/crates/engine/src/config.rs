//! What the engine is given: a place, a clock, chance, addresses, and the practice studio's door.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use secrecy::SecretString;

/// A source of numbers in `[0, 1)`.
pub type Randomness = Arc<dyn Fn() -> f64 + Send + Sync>;

/// Everything the engine does not decide by itself.
#[derive(Clone)]
pub struct EngineConfig {
    /// The folder of the ledger.
    pub data_dir: PathBuf,
    /// The time.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// The time zone in which people read it. It may change while the program runs.
    pub zone: Arc<dyn Fn() -> TimeZone + Send + Sync>,
    /// Chance: jitter, and the tokens in launch names.
    pub random: Randomness,
    /// Where keys are kept.
    pub vault: vault::Vault,
    /// Starts the practice studio.
    pub studio: Arc<dyn PracticeStudio>,
    /// The server used when no address is given.
    pub default_server: String,
    /// Version of the program, written beside each launch.
    pub app_version: String,
    /// How the network is used.
    pub network: Network,
    /// Told of named places as they are passed, so that a test can end the program there; absent
    /// in the program itself.
    pub failpoint: Option<Failpoint>,
}

/// Hears the name of a place in the order of a launch.
pub type Failpoint = Arc<dyn Fn(&'static str) + Send + Sync>;

/// How the network is used: how long is waited for an answer, how often a request is repeated, how
/// often a server is asked, and how time passes in between. The defaults are the program's.
#[derive(Clone)]
pub struct Network {
    /// Time and size limits of each request.
    pub limits: cekura::Limits,
    /// How often reads and stops are repeated that a person waits for. Polling repeats nothing: its
    /// next pass is the repetition.
    pub retry: cekura::RetryPolicy,
    /// How often a server over the internet is asked.
    pub cadence: Cadence,
    /// How often the practice studio is asked.
    pub practice_cadence: Cadence,
    /// How the pauses between passes go by. A test lets them pass on its own clock.
    pub sleep: Sleep,
}

/// Lets so much time pass.
pub type Sleep = Arc<dyn Fn(Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

impl Default for Network {
    fn default() -> Self {
        Self {
            limits: cekura::Limits::default(),
            retry: cekura::RetryPolicy::default(),
            cadence: Cadence::REAL,
            practice_cadence: Cadence::PRACTICE,
            sleep: Arc::new(|time| Box::pin(tokio::time::sleep(time))),
        }
    }
}

/// How often the server is asked.
#[derive(Debug, Clone, Copy)]
pub struct Cadence {
    /// Between polls while a call moves and somebody looks.
    pub moving: Duration,
    /// Between polls while a call moves and nobody looks. The pauses after failures are multiples of
    /// it then: a server in trouble is asked no more often than one that is well.
    pub unseen: Duration,
    /// Between looks for news while nothing moves.
    pub idle: Duration,
    /// Longest pause after failures.
    pub longest_pause: Duration,
    /// Followed results read in one pass at most; the others have their turn in the next ones.
    pub reads_a_pass: usize,
}

impl Cadence {
    /// Between polls while a call moves.
    pub(crate) fn polls(&self, looked_at: bool) -> Duration {
        if looked_at { self.moving } else { self.unseen }
    }

    /// For a server over the internet: five seconds, as the vendor's own client polls, fifteen while
    /// nobody looks; a minute when nothing moves; failures double the pause up to five minutes.
    pub const REAL: Self = Self {
        moving: Duration::from_secs(5),
        unseen: Duration::from_secs(15),
        idle: Duration::from_secs(60),
        longest_pause: Duration::from_secs(300),
        // With a pass every five seconds, two requests a second.
        reads_a_pass: 10,
    };
    /// For the practice studio, whose calls live many times faster. It is on this computer: nobody is
    /// spared anything while nobody looks.
    pub const PRACTICE: Self = Self {
        moving: Duration::from_secs(1),
        unseen: Duration::from_secs(1),
        idle: Duration::from_secs(10),
        longest_pause: Duration::from_secs(10),
        reads_a_pass: 50,
    };
}

/// The practice studio as the engine knows it: something that can be started and then speaks the
/// API at an address. The engine shares no type with it.
pub trait PracticeStudio: Send + Sync {
    /// Starts it, or gives the door of the one that runs.
    fn start(
        &self,
    ) -> Pin<Box<dyn Future<Output = Result<PracticeDoor, StudioFailed>> + Send + '_>>;
    /// Ends it and forgets what it kept.
    fn erase(&self) -> Pin<Box<dyn Future<Output = Result<(), StudioFailed>> + Send + '_>>;
}

/// Where the running studio is.
#[derive(Debug, Clone)]
pub struct PracticeDoor {
    /// Its address, http on loopback.
    pub base_url: String,
    /// Its key: a formality, it guards nothing.
    pub key: SecretString,
    /// How many times faster than life its calls go.
    pub speed: f64,
}

/// The studio did not start.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the practice studio failed: {0}")]
pub struct StudioFailed(pub String);
