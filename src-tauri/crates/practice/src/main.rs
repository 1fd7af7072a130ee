//! `linecheck-practice`: the practice studio by itself.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use jiff::Timestamp;
use practice::{Studio, StudioConfig};

/// The practice studio: a local server that speaks the Cekura API and places no real calls.
///
/// It answers under /test_framework, /user and /schedules as the real API does. Under
/// /__practice__ it tells what has arrived (GET launches, GET requests) and takes faults (POST
/// faults), a clock to move ahead (POST clock), another key (POST key), another balance (POST
/// balance); DELETE everything begins anew.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes any free one.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// The key to accept. Keys that start with "readonly-" are accepted too but may not launch;
    /// those that start with "project-" may not see the balance.
    #[arg(long, default_value = "practice-key")]
    key: String,
    /// Which world: the same seed gives the same evaluators and fates.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many times faster than life calls go.
    #[arg(long, default_value_t = 30.0)]
    speed: f64,
    /// How many evaluators there are.
    #[arg(long, default_value_t = 128)]
    evaluators: usize,
    /// How many calls the organisation may have at once.
    #[arg(long, default_value_t = 10)]
    parallel: u32,
    /// Accept what the vendor's own client sends against its documentation: integers in
    /// scenarios, agent_id, tags, folder_path, and ids for run_ids.
    #[arg(long)]
    lenient: bool,
    /// Answer as to a key of a whole organisation: a list has to be asked for by project_id,
    /// agent_id, organization_id or result_id, else it is a 400.
    #[arg(long)]
    scoped: bool,
    /// Start without the results of the days before.
    #[arg(long)]
    no_history: bool,
    /// Folder to keep launches in; without it they are forgotten at the end.
    #[arg(long)]
    data_dir: Option<PathBuf>,
}

#[expect(clippy::disallowed_methods, reason = "the binary is where the studio's time comes from")]
#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let config = StudioConfig {
        data_dir: arguments.data_dir,
        key: arguments.key,
        port: arguments.port,
        seed: arguments.seed,
        speed: arguments.speed,
        evaluators: arguments.evaluators,
        lenient: arguments.lenient,
        scoped: arguments.scoped,
        history: !arguments.no_history,
        parallel_limit: arguments.parallel,
        ..StudioConfig::new(Arc::new(Timestamp::now))
    };
    let running = match Studio::start(config).await {
        Ok(running) => running,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "linecheck-practice: {error}");
            return ExitCode::FAILURE;
        }
    };
    // Scripts read the address from this line.
    let line = format!(
        "The practice studio listens on {} and accepts the key {}",
        running.base_url, running.key
    );
    if writeln!(std::io::stdout(), "{line}").and_then(|()| std::io::stdout().flush()).is_err() {
        tracing::debug!("nobody reads the address");
    }
    let _ = tokio::signal::ctrl_c().await;
    running.stop().await;
    ExitCode::SUCCESS
}
