//! What happens to a file that is damaged, empty or gone: it is set aside whole, never deleted, and
//! the journal is put together again from everything that is still known of it.
//!
//! A restore can be cut off anywhere. It is made beside the damaged journal, which stays where it is
//! until the whole one takes its place with one rename; the next start finds a restore that was cut
//! off by the file it was made in, and begins it again.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::Connection;

use crate::backup::{backup, backups, copy_database, stamp};
use crate::columns::micros;
use crate::error::{LedgerError, Result};
use crate::journal::settle_killed;
use crate::launch_history::{LaunchHistory, look_into};
use crate::ledger::write;
use crate::migrations::{Kind, bring_up_to_date};
use crate::open::{
    Check, check_now, checkpoint, is_empty, keep_log_at_close, open_unchecked, private_dir,
    private_file,
};
use crate::places::{Places, companions, length, remove_if_there, sync_dir, sync_file};
use crate::salvage::{Take, keep_erasing, salvage};

/// What a start reads of the journal, each by an index or from a table of few rows.
const START_READS_OF_JOURNAL: [&str; 4] = [
    "SELECT * FROM workspaces",
    "SELECT * FROM erasures",
    "SELECT * FROM settings",
    "SELECT * FROM launches WHERE state = 'sending'",
];
/// What a start reads of the archive.
const START_READS_OF_ARCHIVE: [&str; 2] = ["SELECT * FROM meta", "SELECT * FROM origins"];

/// What had to be done to a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovery {
    /// The folder that the damaged file was moved to; `None` where there was no file.
    pub set_aside: Option<PathBuf>,
    /// The file that the journal was restored from; `None` for one that begins anew, and for the
    /// archive.
    pub restored_from: Option<PathBuf>,
}

/// An opened file, and what had to be done to it.
pub(crate) struct Opened {
    pub(crate) conn: Connection,
    pub(crate) recovery: Option<Recovery>,
}

/// Opens the journal. One that is damaged, empty, gone, or without its write-ahead log is restored
/// where anything else is left of it; only where nothing is does a new one begin.
pub(crate) fn open_journal(places: &Places, now: Timestamp) -> Result<Opened> {
    let path = places.file(Kind::Journal);
    let there = length(&path).is_some_and(|length| length > 0);
    let cut_off = places.restoring().exists();
    let incomplete = there && places.is_incomplete(Kind::Journal);
    if cut_off || incomplete || (!there && is_known(places)?) {
        let why = if cut_off {
            "a restore was cut off"
        } else if incomplete {
            "its write-ahead log is gone, or it was replaced"
        } else {
            "it is empty or gone"
        };
        return restore_journal(places, now, why);
    }
    // Nothing is checked here: a start waits for it. What cannot be used shows itself.
    let mut before_migration = |conn: &Connection, version: i64| match version {
        0 if is_known(places)? => Err(LedgerError::Damaged("it holds nothing".to_owned())),
        0 => Ok(()),
        _ => backup(conn, places, now).map(drop),
    };
    let opened = open_unchecked(&path, Kind::Journal, &mut before_migration)
        .and_then(|conn| can_be_read(conn, &START_READS_OF_JOURNAL));
    match opened {
        Ok(conn) => Ok(Opened { conn, recovery: None }),
        Err(LedgerError::Damaged(damage)) => restore_journal(places, now, &damage),
        Err(other) => Err(other),
    }
}

/// Reads what a start reads, so that damage there is met while it can be mended. Closing a file that
/// cannot be read leaves its write-ahead log as it is.
fn can_be_read(conn: Connection, queries: &[&str]) -> Result<Connection> {
    let read = || -> Result<()> {
        for query in queries {
            let mut statement = conn.prepare(query)?;
            let mut rows = statement.query([])?;
            while rows.next()?.is_some() {}
        }
        Ok(())
    };
    match read() {
        Ok(()) => Ok(conn),
        Err(error) => {
            keep_log_at_close(&conn, true)?;
            Err(error)
        }
    }
}

/// Whether anything but the journal itself says that there was one.
fn is_known(places: &Places) -> Result<bool> {
    Ok(length(&places.file(Kind::Archive)).is_some_and(|length| length > 0)
        || !backups(places)?.is_empty()
        || !journals_set_aside(places).is_empty())
}

/// Puts the journal together again. No connection to it may be open.
pub(crate) fn restore_journal(places: &Places, now: Timestamp, why: &str) -> Result<Opened> {
    tracing::warn!(why, "the journal is restored");
    let path = places.file(Kind::Journal);
    let work = places.restoring();
    let cut_off = work.exists();
    places.at("restore.begun")?;
    // From here until it takes the journal's place it exists.
    for companion in companions(&work) {
        remove_if_there(&companion)?;
    }
    private_file(&work)?.set_len(0)?;
    sync_dir(&places.dir);
    places.at("restore.marked")?;

    let kept_before = if cut_off { kept_before(places) } else { None };
    let folder = match kept_before {
        Some(folder) => Some(folder),
        None => keep_aside(places, now)?,
    };
    places.at("restore.kept")?;

    let copies = backups(places)?;
    let earlier = journals_set_aside(places);
    let journal = std::slice::from_ref(&path);
    // Of a restore that was cut off, the log may have been moved already: the journal beside it is
    // the whole one.
    let order: [&[PathBuf]; 3] = if cut_off && !has_log(&path) {
        [&earlier, journal, &copies]
    } else {
        [journal, &copies, &earlier]
    };
    let base = best_of(order.into_iter().flatten());
    if let Some(base) = &base
        && let Some(source) = look_into(base)
    {
        // SQLite takes the copy for a write, though the source stays as it is.
        source.execute_batch("PRAGMA query_only = OFF")?;
        copy_database(&source, &work)?;
    }
    places.at("restore.copied")?;
    let mut conn = open_unchecked(&work, Kind::Journal, &mut |_, _| Ok(()))?;
    // The newest of them is the journal itself, whose log may be there. Others are older than the
    // copies, and hold what a person deleted since.
    let itself =
        earlier.first().filter(|kept| folder.is_some() && kept.parent() == folder.as_deref());
    for source in std::iter::once(&path).chain(itself) {
        keep_erasing(source, &mut conn)?;
    }
    salvage(&path, &mut conn, Take::All)?;
    for source in &earlier {
        let all = base.is_none() || itself == Some(source);
        salvage(source, &mut conn, if all { Take::All } else { Take::Launches })?;
    }
    for copy in &copies {
        salvage(copy, &mut conn, Take::Launches)?;
    }
    write(&mut conn, |conn| {
        // Rows may have come from a file of an earlier version.
        bring_up_to_date(conn)?;
        settle_killed(conn, micros(now))
    })?;
    places.at("restore.salvaged")?;
    checkpoint(&conn)?;
    keep_log_at_close(&conn, false)?;
    drop(conn);
    sync_file(&work)?;
    places.at("restore.flushed")?;

    // Beside the restored file, the damaged one's log would be taken for its own.
    // An empty one that has come up since must not take the place of the one that was kept.
    for companion in companions(&path) {
        if let (Some(folder), Some(name)) = (&folder, companion.file_name())
            && companion.exists()
            && (has_log(&path) || !has_log(&folder.join(Kind::Journal.file_name())))
        {
            fs::rename(&companion, folder.join(name))?;
        }
        remove_if_there(&companion)?;
    }
    places.at("restore.cleared")?;
    fs::rename(&work, &path)?;
    sync_dir(&places.dir);
    places.at("restore.renamed")?;
    remove_if_there(&places.suspect_mark(Kind::Journal))?;
    let conn = open_unchecked(&path, Kind::Journal, &mut |_, _| Ok(()))?;
    let history = LaunchHistory::of(&conn)?;
    tracing::warn!(launches = history.launches(), from = ?base, "the journal was restored");
    // A copy with rows that no journal takes must not have it restored again at each start.
    for copy in &copies {
        let holds_more =
            LaunchHistory::of_file(copy).is_some_and(|copy| copy.holds_more_than(&history));
        if let (true, Some(folder), Some(name)) = (holds_more, &folder, copy.file_name()) {
            // The journal is in its place by now; this costs the next start one more restore.
            if let Err(error) = fs::rename(copy, folder.join(name)) {
                tracing::warn!(%error, "a copy that holds more was not set aside");
            }
        }
    }
    Ok(Opened { conn, recovery: Some(Recovery { set_aside: folder, restored_from: base }) })
}

/// Whether a copy knows more of some launch than the open journal: then that is an older one, put
/// back from somewhere.
pub(crate) fn is_behind_a_copy(conn: &Connection, places: &Places) -> Result<bool> {
    let history = LaunchHistory::of(conn)?;
    let erased = conn
        .prepare("SELECT workspace FROM erasures")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<i64>>>()?;
    Ok(backups(places)?
        .iter()
        .filter_map(|copy| LaunchHistory::of_file_without(copy, &erased))
        .any(|copy| copy.holds_more_than(&history)))
}

/// The sound file that knows most of launches; of several, the first.
fn best_of<'a>(files: impl Iterator<Item = &'a PathBuf>) -> Option<PathBuf> {
    let mut best: Option<(i64, &PathBuf)> = None;
    for file in files {
        let Some(conn) = look_into(file) else { continue };
        let sound = check_now(&conn, Check::Full)
            .and_then(|()| if is_empty(&conn)? { Err(LedgerError::NotFound) } else { Ok(()) })
            .and_then(|()| LaunchHistory::of(&conn));
        match sound {
            Ok(history) if best.is_none_or(|(size, _)| history.size() > size) => {
                best = Some((history.size(), file));
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(?file, %error, "not restored from"),
        }
    }
    best.map(|(_, file)| file.clone())
}

/// The folder that a restore which was cut off has kept this journal in. Its log may be there already;
/// where another one has come up beside the journal since, that is kept in a folder of its own.
fn kept_before(places: &Places) -> Option<PathBuf> {
    let path = places.file(Kind::Journal);
    let kept = journals_set_aside(places).into_iter().next()?;
    let same = fs::read(&kept).ok()? == fs::read(&path).ok()?;
    (same && !(has_log(&kept) && has_log(&path))).then(|| kept.parent().map(Path::to_owned))?
}

/// Whether something is in the write-ahead log beside a file.
fn has_log(path: &Path) -> bool {
    let [log, _] = companions(path);
    length(&log).is_some_and(|length| length > 0)
}

/// Keeps the journal as it was found under a second name, while it stays where it is. Returns the
/// folder; `None` where there is no file.
fn keep_aside(places: &Places, now: Timestamp) -> Result<Option<PathBuf>> {
    let path = places.file(Kind::Journal);
    let there = length(&path).is_some();
    if !there && companions(&path).iter().all(|companion| length(companion).is_none()) {
        return Ok(None);
    }
    let folder = new_folder(places, Kind::Journal, now)?;
    let kept = folder.join(Kind::Journal.file_name());
    // A second name takes no room; not every file system has one, and on Windows it could not be
    // removed while the journal is open.
    if there && (cfg!(windows) || fs::hard_link(&path, &kept).is_err()) {
        fs::copy(&path, &kept)?;
        sync_file(&kept)?;
    }
    sync_dir(&folder);
    Ok(Some(folder))
}

/// Journals that were set aside, the newest first.
fn journals_set_aside(places: &Places) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(places.set_aside()) else { return Vec::new() };
    let mut all: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|folder| {
            folder
                .file_name()
                .and_then(|name| name.to_str())
                .is_some_and(|name| name.starts_with("journal-"))
        })
        .map(|folder| folder.join(Kind::Journal.file_name()))
        .filter(|file| file.is_file())
        .collect();
    all.sort();
    all.reverse();
    all
}

/// Opens the archive; one that cannot be used is set aside and an empty one takes its place.
pub(crate) fn open_archive(places: &Places, now: Timestamp) -> Result<Opened> {
    let path = places.file(Kind::Archive);
    let opened = open_unchecked(&path, Kind::Archive, &mut |_, _| Ok(()))
        .and_then(|conn| can_be_read(conn, &START_READS_OF_ARCHIVE));
    match opened {
        Ok(conn) => Ok(Opened { conn, recovery: None }),
        Err(LedgerError::Damaged(damage)) => replace_archive(places, now, &damage),
        Err(other) => Err(other),
    }
}

/// Sets the archive aside and begins an empty one. No connection to it may be open.
pub(crate) fn replace_archive(places: &Places, now: Timestamp, why: &str) -> Result<Opened> {
    tracing::warn!(why, "the archive is damaged");
    let path = places.file(Kind::Archive);
    places.at("archive.begun")?;
    let folder = new_folder(places, Kind::Archive, now)?;
    // The log goes first: beside the new archive it would be taken for that one's.
    let [log, index] = companions(&path);
    for file in [log, index, path.clone()] {
        if let Some(name) = file.file_name()
            && file.exists()
        {
            fs::rename(&file, folder.join(name))?;
            places.at("archive.moving")?;
        }
    }
    sync_dir(&places.dir);
    places.at("archive.moved")?;
    remove_if_there(&places.suspect_mark(Kind::Archive))?;
    let conn = open_unchecked(&path, Kind::Archive, &mut |_, _| Ok(()))?;
    let recovery = Some(Recovery { set_aside: Some(folder), restored_from: None });
    Ok(Opened { conn, recovery })
}

/// Makes a folder of its own for a file that is set aside.
fn new_folder(places: &Places, kind: Kind, now: Timestamp) -> Result<PathBuf> {
    private_dir(&places.set_aside())?;
    let base = format!("{}-{}", kind.file_name().trim_end_matches(".db"), stamp(now));
    // Two in one second happen in tests only, and a name that is taken must never be written over.
    let folder = (0..1_000)
        .map(|count| match count {
            0 => places.set_aside().join(&base),
            _ => places.set_aside().join(format!("{base}-{count:03}")),
        })
        .find(|folder| !folder.exists())
        .ok_or_else(|| LedgerError::Failed("no free name to set a file aside under".to_owned()))?;
    private_dir(&folder)?;
    Ok(folder)
}

/// Which file a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileIdentity(#[cfg(unix)] (u64, u64));

impl FileIdentity {
    /// `None` where there is no file. The file is not opened: closing another handle on it would
    /// give up the locks that SQLite holds (<https://www.sqlite.org/howtocorrupt.html>, 2.2).
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let file = fs::metadata(path).ok()?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            Some(Self((file.dev(), file.ino())))
        }
        // Windows lets nobody move or delete a file that SQLite has open, so that it is there says
        // enough.
        #[cfg(not(unix))]
        file.is_file().then_some(Self())
    }
}
