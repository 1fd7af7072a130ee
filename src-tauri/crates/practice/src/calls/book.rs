//! The book: everything that was asked of the studio, in memory and on disk.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::history::{self, FIRST_RESULT, FIRST_RUN};
use super::record::{Entry, Launch, Lines, Review, Vote};
use super::schedule::{Plan, Stops, plan};
use crate::world::World;

/// Everything that was asked, and what follows from it.
#[derive(Debug)]
pub(crate) struct Book {
    lines: Lines,
    began: Timestamp,
    history: bool,
    parallel: u32,
    launches: Vec<Launch>,
    stops: Stops,
    pub(crate) reviews: HashMap<i64, Review>,
    /// By call and metric; metric 0 is the expected outcome.
    pub(crate) votes: HashMap<(i64, i64), Vote>,
    pub(crate) names: HashMap<i64, String>,
    pub(crate) deleted: HashSet<i64>,
    pub(crate) ahead: SignedDuration,
    pub(crate) balance: Option<(Timestamp, f64)>,
    plan: Option<Arc<Plan>>,
}

impl Book {
    /// Opens the book of a folder, or a new one that is kept nowhere.
    pub(crate) fn open(
        folder: Option<&Path>,
        world: &World,
        history: bool,
        parallel: u32,
        now: Timestamp,
    ) -> io::Result<Self> {
        let (lines, entries) = Lines::open(folder)?;
        let began = entries.iter().find_map(|entry| match entry {
            Entry::Began { at } => Some(*at),
            _ => None,
        });
        let mut book = Self {
            lines,
            began: began.unwrap_or(now),
            history,
            parallel,
            launches: Vec::new(),
            stops: Stops::default(),
            reviews: HashMap::new(),
            votes: HashMap::new(),
            names: HashMap::new(),
            deleted: HashSet::new(),
            ahead: SignedDuration::ZERO,
            balance: None,
            plan: None,
        };
        if began.is_none() {
            book.lines.append(&[Entry::Began { at: now }])?;
        }
        book.begin(world);
        for entry in entries {
            book.take(entry);
        }
        Ok(book)
    }

    fn begin(&mut self, world: &World) {
        self.launches =
            if self.history { history::launches(world, self.began) } else { Vec::new() };
    }

    /// When the folder was first used.
    pub(crate) fn began(&self) -> Timestamp {
        self.began
    }

    /// Writes down and takes in.
    pub(crate) fn add(&mut self, entry: Entry) -> io::Result<()> {
        self.lines.append(std::slice::from_ref(&entry))?;
        self.take(entry);
        Ok(())
    }

    fn take(&mut self, entry: Entry) {
        match entry {
            Entry::Began { .. } => {}
            // A number that is taken already would hide a result behind another.
            Entry::Launch(launch) => {
                if launch.result >= self.next_result() && launch.first_run >= self.next_run() {
                    self.launches.push(launch);
                    self.plan = None;
                }
            }
            Entry::StopResult { at, result } => {
                self.stops.results.entry(result).or_insert(at);
                self.plan = None;
            }
            Entry::StopRun { at, run } => {
                self.stops.runs.entry(run).or_insert(at);
                self.plan = None;
            }
            Entry::Review { run, review } => {
                let kept = self.reviews.entry(run).or_default();
                let Review { evaluation_status, success, is_reviewed, feedback, error_message } =
                    review;
                kept.evaluation_status = evaluation_status.or(kept.evaluation_status.take());
                kept.success = success.or(kept.success);
                kept.is_reviewed = is_reviewed.or(kept.is_reviewed);
                kept.feedback = feedback.or(kept.feedback.take());
                kept.error_message = error_message.or(kept.error_message.take());
            }
            Entry::Vote { run, metric, vote } => {
                self.votes.insert((run, metric), vote);
            }
            Entry::Rename { result, name } => {
                self.names.insert(result, name);
            }
            Entry::Delete { result } => {
                self.deleted.insert(result);
            }
            Entry::Clock { seconds } => self.ahead = SignedDuration::from_secs(seconds),
            Entry::Balance { at, credits } => self.balance = Some((at, credits)),
        }
    }

    /// The number the next result gets.
    pub(crate) fn next_result(&self) -> i64 {
        self.launches.last().map_or(FIRST_RESULT, |last| last.result + 1)
    }

    /// The number the next call gets.
    pub(crate) fn next_run(&self) -> i64 {
        self.launches.last().map_or(FIRST_RUN, |last| last.first_run + last.calls() as i64)
    }

    /// Every call, worked out anew only when something was added.
    pub(crate) fn plan(&mut self, world: &World) -> Arc<Plan> {
        if let Some(plan) = &self.plan {
            return Arc::clone(plan);
        }
        let fresh = Arc::new(plan(world, &self.launches, &self.stops, self.parallel));
        self.plan = Some(Arc::clone(&fresh));
        fresh
    }

    /// Forgets everything and begins anew.
    pub(crate) fn clear(&mut self, world: &World, now: Timestamp) -> io::Result<()> {
        self.lines.clear()?;
        self.lines.append(&[Entry::Began { at: now }])?;
        self.began = now;
        self.stops = Stops::default();
        self.reviews.clear();
        self.votes.clear();
        self.names.clear();
        self.deleted.clear();
        self.ahead = SignedDuration::ZERO;
        self.balance = None;
        self.plan = None;
        self.begin(world);
        Ok(())
    }
}
