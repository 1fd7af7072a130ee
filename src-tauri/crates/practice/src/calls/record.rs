//! What is written down: one line of JSON for everything that was ever asked of the studio.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An accepted launch. With the seed and the time it says everything about its calls.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub(crate) struct Launch {
    pub(crate) result: i64,
    /// The number of its first call; the others follow.
    pub(crate) first_run: i64,
    pub(crate) at: Timestamp,
    pub(crate) agent: i64,
    pub(crate) name: String,
    /// In the order they were sent, each as often as it was sent.
    pub(crate) scenarios: Vec<i64>,
    pub(crate) frequency: u32,
    #[serde(default)]
    pub(crate) personalities: Vec<i64>,
    #[serde(default)]
    pub(crate) profiles: Vec<i64>,
    /// `None` mocks every tool, an empty list none.
    #[serde(default)]
    pub(crate) mock_tool_names: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) concurrency_limit: Option<u32>,
    /// The part of the request that can be repeated.
    #[serde(default)]
    pub(crate) settings: Value,
    /// How much faster than life, kept so that another speed at the next start does not rewrite
    /// what has happened.
    pub(crate) speed: f64,
}

impl Launch {
    /// Evaluators × times × callers × profiles.
    pub(crate) fn calls(&self) -> usize {
        self.scenarios.len()
            * self.frequency as usize
            * self.personalities.len().max(1)
            * self.profiles.len().max(1)
    }
}

/// What a person said of a call.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
pub(crate) struct Review {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) evaluation_status: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) success: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) is_reviewed: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) feedback: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error_message: Option<String>,
}

/// A vote on one check of a call.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub(crate) struct Vote {
    pub(crate) thumbs_up: Option<bool>,
    #[serde(default)]
    pub(crate) expected_value: Value,
    #[serde(default)]
    pub(crate) feedback: Option<String>,
}

/// One line.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(crate) enum Entry {
    /// The first line: when the folder was first used.
    Began {
        at: Timestamp,
    },
    Launch(Launch),
    StopResult {
        at: Timestamp,
        result: i64,
    },
    StopRun {
        at: Timestamp,
        run: i64,
    },
    Review {
        run: i64,
        review: Review,
    },
    /// `metric` 0 stands for the expected outcome.
    Vote {
        run: i64,
        metric: i64,
        vote: Vote,
    },
    Rename {
        result: i64,
        name: String,
    },
    Delete {
        result: i64,
    },
    /// How far the studio's clock is ahead, in seconds.
    Clock {
        seconds: i64,
    },
    /// From here on the balance counts down from this many credits.
    Balance {
        at: Timestamp,
        credits: f64,
    },
}

/// The file of lines; without a folder, nothing.
#[derive(Debug)]
pub(crate) struct Lines {
    file: Option<(PathBuf, File)>,
}

impl Lines {
    /// Opens the folder's file and reads what is in it. Lines that cannot be read are skipped:
    /// the last one may have been cut short by a crash.
    pub(crate) fn open(folder: Option<&Path>) -> io::Result<(Self, Vec<Entry>)> {
        let Some(folder) = folder else {
            return Ok((Self { file: None }, Vec::new()));
        };
        fs::create_dir_all(folder)?;
        let path = folder.join("practice.jsonl");
        let mut entries = Vec::new();
        let mut ends_in_newline = true;
        match fs::read(&path) {
            Ok(bytes) => {
                ends_in_newline = bytes.last().is_none_or(|last| *last == b'\n');
                for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                    match serde_json::from_slice(line) {
                        Ok(entry) => entries.push(entry),
                        Err(error) => {
                            tracing::warn!(%error, "a damaged line of the practice record is skipped");
                        }
                    }
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
        if !ends_in_newline {
            file.write_all(b"\n")?;
        }
        Ok((Self { file: Some((path, file)) }, entries))
    }

    /// Adds lines and waits until the disk has them.
    pub(crate) fn append(&mut self, entries: &[Entry]) -> io::Result<()> {
        let Some((_, file)) = &mut self.file else { return Ok(()) };
        let mut text = Vec::new();
        for entry in entries {
            serde_json::to_writer(&mut text, entry).map_err(io::Error::other)?;
            text.push(b'\n');
        }
        file.write_all(&text)?;
        file.sync_data()
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) -> io::Result<()> {
        let Some((_, file)) = &mut self.file else { return Ok(()) };
        file.set_len(0)?;
        file.sync_all()
    }
}
