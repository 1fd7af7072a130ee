//! A typed client of the Cekura API, for choosing, launching, following and stopping test runs of
//! voice agents on Pipecat Cloud.
//!
//! What it promises:
//!
//! - **A launch is sent once.** The API has no idempotency key, so [`Client::launch`] never repeats
//!   a request, follows no redirect and reuses no connection; when the answer is lost it says so
//!   ([`Fate::Unknown`]) instead of trying again.
//! - **The key goes to one origin only**, in one header set by one function. No redirect is
//!   followed, and a `next` link of the server is never used.
//! - **What the server sends is data.** Numbers may be text, enums are open, `runs` may be an array
//!   or an object, and items are decoded one by one: one that cannot be read is listed as
//!   [`Unreadable`] and hides none of its neighbours. The JSON itself is always kept (`raw`); tokens
//!   that are no JSON are repaired and noted in it ([`REPAIRED`]).
//! - **Every refusal has one shape**, [`Problem`], and every error one stable [`Error::code`].
//!
//! ```no_run
//! # async fn example(key: secrecy::SecretString) -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//! let client = cekura::Client::new(cekura::ClientConfig {
//!     base_url: "https://api.cekura.ai".parse()?,
//!     key,
//!     limits: cekura::Limits::default(),
//!     retry: cekura::RetryPolicy::default(),
//!     random: Arc::new(|| 0.5),
//!     user_agent: "example/1.0".to_owned(),
//! })?;
//! for project in client.projects().await?.items {
//!     println!("{}", project.name);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Facts about the API come from the vendor's OpenAPI document, its documentation pages, the source
//! of its own SDK and answers that users have published. They contradict each other in places; the
//! docstrings say which was believed. "The document" is the OpenAPI document; a name such as
//! `AIAgentV2` that is none of this crate's is one of its schemas.

mod address;
mod agents;
mod ask;
mod billing;
mod body;
mod client;
mod config;
mod error;
mod evaluation;
mod ids;
mod json;
mod key;
mod launch;
mod listing;
mod loose;
mod metrics;
mod moment;
mod pace;
mod personalities;
mod problem;
mod projects;
mod recording;
mod results;
mod retry;
mod review;
mod runs;
mod scenarios;
mod send;
mod transcript;
mod transport;
mod waveform;

pub use agents::{Agent, AgentFilter, MockTool};
pub use billing::Billing;
pub use client::Client;
pub use config::{ClientConfig, Limits, Randomness, RetryPolicy};
pub use error::{Error, ErrorKind};
pub use evaluation::{
    Alignment, ExpectedOutcome, MetricKind, MetricResult, MetricValue, RubricRule,
};
pub use ids::{
    AgentId, MetricId, PersonalityId, ProjectId, ResultId, RunId, ScenarioId, TestProfileId,
};
pub use json::REPAIRED;
pub use launch::{LaunchRequest, LaunchScenario, Launched, MockTools, PipecatData};
pub use listing::{Listing, Page, Unreadable};
pub use metrics::{Metric, MetricFilter};
pub use moment::moment;
pub use pace::Pace;
pub use personalities::{Personality, TestProfile, TestProfileScope};
pub use problem::{FieldMessages, Problem};
pub use projects::Project;
pub use recording::Recording;
pub use results::{ResultDetail, ResultFilter, ResultRow};
pub use review::RunReview;
pub use runs::{Run, RunsRead};
pub use scenarios::{Folder, Scenario, ScenarioFilter};
pub use send::{Fate, LaunchFailure};
pub use transcript::{Role, ToolUse, Turn};
pub use waveform::Waveform;
