//! Copies of the journal: one a day, seven of them, and never a poorer one in place of a fuller one.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

use crate::error::{LedgerError, Result};
use crate::launch_history::LaunchHistory;
use crate::open::{Check, check_now, private_dir, private_file};
use crate::places::{Places, remove_database, remove_if_there, sync_dir, sync_file};

/// Copies kept.
const KEEP: usize = 7;
/// Time between copies.
const BETWEEN: SignedDuration = SignedDuration::from_hours(24);

/// Writes a copy if the newest is a day old; returns where.
pub(crate) fn backup_if_due(
    conn: &Connection,
    places: &Places,
    now: Timestamp,
) -> Result<Option<PathBuf>> {
    let newest = backups(places)?.into_iter().next().and_then(|path| stamp_of(&path));
    // A clock that was set back must not stop copies for good.
    let due = newest.is_none_or(|at| now.duration_since(at).abs() >= BETWEEN);
    if due { backup(conn, places, now).map(Some) } else { Ok(None) }
}

/// Writes a copy now. It is checked before it counts as one.
pub(crate) fn backup(conn: &Connection, places: &Places, now: Timestamp) -> Result<PathBuf> {
    let folder = places.backups();
    private_dir(&folder)?;
    places.at("backup.begun")?;
    let unfinished = folder.join("unfinished.db");
    remove_database(&unfinished)?;
    copy_database(conn, &unfinished)?;
    places.at("backup.copied")?;
    let copy = Connection::open_with_flags(
        &unfinished,
        rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    check_now(&copy, Check::Full)?;
    let history = LaunchHistory::of(&copy)?;
    drop(copy);
    sync_file(&unfinished)?;
    places.at("backup.checked")?;
    let path = folder.join(format!("journal-{}.db", stamp(now)));
    fs::rename(&unfinished, &path)?;
    sync_dir(&folder);
    places.at("backup.renamed")?;
    // An old copy that holds launches which the new one lacks is the only record of them.
    // The new one is kept whatever its name says: the clock may have been set back.
    let others = backups(places)?.into_iter().filter(|other| *other != path);
    for old in others.skip(KEEP - 1) {
        let known = LaunchHistory::of_file(&old).is_none_or(|old| !old.holds_more_than(&history));
        if known {
            remove_if_there(&old)?;
        }
    }
    places.at("backup.pruned")?;
    Ok(path)
}

/// Writes a whole copy of a database, its write-ahead log included, to a path where nothing is.
pub(crate) fn copy_database(conn: &Connection, to: &Path) -> Result<()> {
    // VACUUM INTO takes an empty file, and so the file keeps its mode.
    drop(private_file(to)?);
    let text = to
        .to_str()
        .ok_or_else(|| LedgerError::Failed("the folder's name is not Unicode".to_owned()))?;
    conn.execute("VACUUM INTO ?1", [text])?;
    Ok(())
}

/// All copies, the newest first.
pub(crate) fn backups(places: &Places) -> Result<Vec<PathBuf>> {
    // There are none either where something else is in the folder's place.
    if !places.backups().is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(places.backups())?;
    let mut all: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| stamp_of(path).is_some())
        .collect();
    all.sort();
    all.reverse();
    Ok(all)
}

pub(crate) fn stamp(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn stamp_of(path: &Path) -> Option<Timestamp> {
    let text = path.file_name()?.to_str()?.strip_prefix("journal-")?.strip_suffix(".db")?;
    text.parse().ok()
}
