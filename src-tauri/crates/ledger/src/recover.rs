//! Backups, and what happens to a file that is damaged: it is set aside whole, never deleted.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

use crate::error::{LedgerError, Result};
use crate::migrations::Kind;
use crate::open::{Check, check_now, open_sound, private_dir, private_file};
use crate::salvage::salvage;

/// Backups kept.
const KEEP: usize = 7;
/// Time between backups.
const BETWEEN: SignedDuration = SignedDuration::from_hours(24);
/// Time between full checks of the archive.
const CHECK_EVERY: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Where things are in the data folder.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    pub(crate) dir: PathBuf,
}

impl Places {
    pub(crate) fn file(&self, kind: Kind) -> PathBuf {
        self.dir.join(kind.file_name())
    }

    pub(crate) fn wal(&self, kind: Kind) -> PathBuf {
        self.dir.join(format!("{}-wal", kind.file_name()))
    }

    fn shm(&self, kind: Kind) -> PathBuf {
        self.dir.join(format!("{}-shm", kind.file_name()))
    }

    pub(crate) fn backups(&self) -> PathBuf {
        self.dir.join("backups")
    }

    pub(crate) fn set_aside(&self) -> PathBuf {
        self.dir.join("set-aside")
    }

    /// There when a read met damage: the next start checks the file.
    pub(crate) fn suspect(&self, kind: Kind) -> PathBuf {
        self.dir.join(format!("{}.suspect", kind.file_name()))
    }

    /// Holds when the archive was last checked.
    fn checked(&self) -> PathBuf {
        self.dir.join("archive.checked")
    }
}

/// An opened journal, and what had to be done to open it.
pub(crate) struct OpenedJournal {
    pub(crate) conn: Connection,
    pub(crate) set_aside: Option<PathBuf>,
    pub(crate) restored_from: Option<PathBuf>,
}

/// Opens the journal; a damaged one is set aside and the newest good backup takes its place, or an
/// empty journal where there is none.
pub(crate) fn open_journal(places: &Places, now: Timestamp) -> Result<OpenedJournal> {
    let path = places.file(Kind::Journal);
    let mut snapshot = |conn: &Connection| backup(conn, places, now).map(drop);
    // It is small: checking it at every start costs a few milliseconds.
    let damage = match open_sound(&path, Kind::Journal, Check::Full, &mut snapshot) {
        Ok(conn) => {
            remove_if_there(&places.suspect(Kind::Journal))?;
            return Ok(OpenedJournal { conn, set_aside: None, restored_from: None });
        }
        Err(LedgerError::Damaged(damage)) => damage,
        Err(other) => return Err(other),
    };
    tracing::warn!(damage, "the journal is damaged");
    let folder = set_aside(places, Kind::Journal, now)?;
    remove_if_there(&places.suspect(Kind::Journal))?;
    for backup in backups(places)? {
        fs::copy(&backup, &path)?;
        File::open(&path)?.sync_all()?;
        match open_sound(&path, Kind::Journal, Check::Full, &mut |_| Ok(())) {
            Ok(mut conn) => {
                let saved = salvage(&folder.join(Kind::Journal.file_name()), &mut conn);
                tracing::warn!(saved, "launches since the backup were read from the damaged file");
                return Ok(OpenedJournal {
                    conn,
                    set_aside: Some(folder),
                    restored_from: Some(backup),
                });
            }
            Err(LedgerError::Damaged(damage)) => {
                tracing::warn!(damage, "a backup is damaged as well");
                for file in [&path, &places.wal(Kind::Journal), &places.shm(Kind::Journal)] {
                    remove_if_there(file)?;
                }
            }
            Err(other) => return Err(other),
        }
    }
    let mut conn = open_sound(&path, Kind::Journal, Check::None, &mut |_| Ok(()))?;
    let saved = salvage(&folder.join(Kind::Journal.file_name()), &mut conn);
    tracing::warn!(saved, "there is no good backup; launches were read from the damaged file");
    Ok(OpenedJournal { conn, set_aside: Some(folder), restored_from: None })
}

/// Opens the archive; a damaged one is set aside and an empty one takes its place.
pub(crate) fn open_archive(
    places: &Places,
    now: Timestamp,
) -> Result<(Connection, Option<PathBuf>)> {
    let path = places.file(Kind::Archive);
    // Only the last connection to close removes the write-ahead log: one that is there was left by
    // a process that did not end properly.
    let unclean = fs::metadata(places.wal(Kind::Archive)).is_ok_and(|wal| wal.len() > 0);
    let suspect = places.suspect(Kind::Archive).exists();
    let last_check = fs::read_to_string(places.checked())
        .ok()
        .and_then(|text| text.trim().parse::<Timestamp>().ok());
    let due = last_check.is_some_and(|at| now.duration_since(at).abs() > CHECK_EVERY);
    // It may be large: after a process that was killed, the quick check has to do.
    let check = match (suspect || due, unclean) {
        (true, _) => Check::Full,
        (false, true) => Check::Quick,
        (false, false) => Check::None,
    };
    let opened = open_sound(&path, Kind::Archive, check, &mut |_| Ok(()));
    if check == Check::Full || last_check.is_none() {
        // A failure to write this costs one more check, nothing else.
        let written = private_file(&places.checked())
            .and_then(|_| Ok(fs::write(places.checked(), now.to_string())?));
        if let Err(error) = written {
            tracing::warn!(code = error.code(), "the time of the check was not kept");
        }
    }
    match opened {
        Ok(conn) => {
            remove_if_there(&places.suspect(Kind::Archive))?;
            Ok((conn, None))
        }
        Err(LedgerError::Damaged(damage)) => {
            tracing::warn!(damage, "the archive is damaged");
            let folder = set_aside(places, Kind::Archive, now)?;
            remove_if_there(&places.suspect(Kind::Archive))?;
            let conn = open_sound(&path, Kind::Archive, Check::None, &mut |_| Ok(()))?;
            Ok((conn, Some(folder)))
        }
        Err(other) => Err(other),
    }
}

/// Moves a database and its companions into a folder of their own; apart they are worth nothing.
fn set_aside(places: &Places, kind: Kind, now: Timestamp) -> Result<PathBuf> {
    private_dir(&places.set_aside())?;
    let base = format!("{}-{}", kind.file_name().trim_end_matches(".db"), stamp(now));
    // Two in one second happen in tests only, and a name that is taken must never be written over.
    let folder = (0..1_000)
        .map(|count| match count {
            0 => places.set_aside().join(&base),
            _ => places.set_aside().join(format!("{base}-{count}")),
        })
        .find(|folder| !folder.exists())
        .ok_or_else(|| LedgerError::Failed("no free name to set a file aside under".to_owned()))?;
    private_dir(&folder)?;
    for file in [places.wal(kind), places.shm(kind), places.file(kind)] {
        if let Some(name) = file.file_name()
            && file.exists()
        {
            fs::rename(&file, folder.join(name))?;
        }
    }
    sync_dir(&places.dir);
    Ok(folder)
}

/// Writes a backup if the newest is a day old; tells where.
pub(crate) fn backup_if_due(
    conn: &Connection,
    places: &Places,
    now: Timestamp,
) -> Result<Option<PathBuf>> {
    let newest = backups(places)?.into_iter().next().and_then(|path| stamp_of(&path));
    // A clock that was set back must not stop backups for good.
    let due = newest.is_none_or(|at| now.duration_since(at).abs() >= BETWEEN);
    if due { backup(conn, places, now).map(Some) } else { Ok(None) }
}

/// Writes a backup now. It is checked before it counts as one.
pub(crate) fn backup(conn: &Connection, places: &Places, now: Timestamp) -> Result<PathBuf> {
    let folder = places.backups();
    private_dir(&folder)?;
    let unfinished = folder.join("unfinished.db");
    remove_if_there(&unfinished)?;
    // VACUUM INTO takes an empty file, and so the file keeps its mode.
    drop(private_file(&unfinished)?);
    let text = unfinished
        .to_str()
        .ok_or_else(|| LedgerError::Failed("the folder's name is not Unicode".to_owned()))?;
    conn.execute("VACUUM INTO ?1", [text])?;
    let copy = Connection::open_with_flags(
        &unfinished,
        rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    check_now(&copy, Check::Full)?;
    drop(copy);
    private_file(&unfinished)?.sync_all()?;
    let path = folder.join(format!("journal-{}.db", stamp(now)));
    fs::rename(&unfinished, &path)?;
    sync_dir(&folder);
    for old in backups(places)?.into_iter().skip(KEEP) {
        remove_if_there(&old)?;
    }
    Ok(path)
}

/// All backups, the newest first.
fn backups(places: &Places) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(places.backups()) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut all: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| stamp_of(path).is_some())
        .collect();
    all.sort();
    all.reverse();
    Ok(all)
}

fn stamp(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn stamp_of(path: &Path) -> Option<Timestamp> {
    let text = path.file_name()?.to_str()?.strip_prefix("journal-")?.strip_suffix(".db")?;
    text.parse().ok()
}

pub(crate) fn remove_if_there(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

pub(crate) fn remove_dir_if_there(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Makes a rename last. Not every system lets a folder be synced; then there is nothing to do.
fn sync_dir(dir: &Path) {
    if let Ok(folder) = File::open(dir) {
        drop(folder.sync_all());
    }
}
