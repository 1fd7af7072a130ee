//! The log: a file in the data folder, five of two MiB at most. What the program says about itself
//! goes there; bodies, keys and addresses with queries do not, because no code of ours logs them,
//! and what libraries say is not kept.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

const FILES: u32 = 5;
const BYTES: u64 = 2 * 1024 * 1024;

/// Our own crates; the rest is silent.
const OURS: [&str; 7] = ["linecheck", "engine", "cekura", "ledger", "vault", "verdict", "practice"];

/// Starts logging into `folder`. A folder that cannot be written costs the log, not the program.
pub(crate) fn start(folder: &Path) {
    let Ok(file) = Rotating::open(folder.to_owned(), BYTES) else { return };
    let targets = OURS
        .into_iter()
        .fold(Targets::new(), |targets, name| targets.with_target(name, LevelFilter::INFO));
    let layer = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(Mutex::new(file))
        .with_filter(targets);
    let _ = tracing_subscriber::registry().with(layer).try_init();
}

/// From now on a panic logs where it happened and nothing of what it said: its words may quote an
/// answer of the server.
pub(crate) fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panicked");
    }));
}

/// A file that is put aside when it is full.
struct Rotating {
    folder: PathBuf,
    file: File,
    written: u64,
    limit: u64,
}

impl Rotating {
    fn open(folder: PathBuf, limit: u64) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        let file = append(&name(&folder, 0))?;
        let written = file.metadata()?.len();
        Ok(Self { folder, file, written, limit })
    }

    fn turn(&mut self) -> io::Result<()> {
        for older in (1..FILES).rev() {
            let from = name(&self.folder, older - 1);
            if from.exists() {
                fs::rename(from, name(&self.folder, older))?;
            }
        }
        self.file = append(&name(&self.folder, 0))?;
        self.written = 0;
        Ok(())
    }
}

fn name(folder: &Path, age: u32) -> PathBuf {
    if age == 0 {
        folder.join("linecheck.log")
    } else {
        folder.join(format!("linecheck.{age}.log"))
    }
}

fn append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl Write for Rotating {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.written > 0 && self.written + line.len() as u64 > self.limit {
            self.turn()?;
        }
        let written = self.file.write(line)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::{FILES, Rotating};

    #[test]
    fn the_log_never_takes_more_than_its_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut log = Rotating::open(folder.path().to_owned(), 100).expect("a log");
        for number in 0..200 {
            writeln!(log, "line {number:04}").expect("a line");
        }
        let mut names: Vec<_> = std::fs::read_dir(folder.path())
            .expect("the folder")
            .map(|entry| entry.expect("an entry"))
            .inspect(|entry| assert!(entry.metadata().expect("a file").len() <= 100))
            .map(|entry| entry.file_name())
            .collect();
        names.sort();
        assert_eq!(names.len(), FILES as usize);
        let newest = std::fs::read_to_string(folder.path().join("linecheck.log")).expect("text");
        assert!(newest.ends_with("line 0199\n"));
    }
}
