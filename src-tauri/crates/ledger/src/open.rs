//! Opening one database file: modes, settings, checks, schema.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::columns::Columns;
use crate::error::{LedgerError, Result};
use crate::migrations::Kind;

/// Makes a folder that only its owner can look into.
pub(crate) fn private_dir(dir: &Path) -> Result<()> {
    fs::create_dir_all(dir)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Opens, or makes, a file that only its owner can read.
///
/// SQLite gives its companions (`-wal`, `-shm`) the mode of the database itself, so it is enough
/// that the file exists before SQLite sees it.
pub(crate) fn private_file(path: &Path) -> Result<File> {
    let mut options = File::options();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let file = options.open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    Ok(file)
}

/// The same where the file may be open already: opening and closing it once more would give up the
/// locks that SQLite holds on it (<https://www.sqlite.org/howtocorrupt.html>, 2.2).
fn make_private(path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o777 == 0o600) {
            return Ok(());
        }
    }
    #[cfg(not(unix))]
    if path.is_file() {
        return Ok(());
    }
    private_file(path).map(drop)
}

/// A connection with the settings of its kind.
pub(crate) fn connect(path: &Path, kind: Kind) -> Result<Connection> {
    make_private(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(Duration::from_secs(5))?;
    conn.set_prepared_statement_cache_capacity(128);
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // Until the file is known to be sound, closing it must leave the write-ahead log as it was: a
    // damaged file is set aside with it.
    keep_log_at_close(&conn, true)?;
    // Temporary tables stay in memory: what people said must not pass through a shared folder. Pages
    // are kept by the system; a check alone would leave 2 MB of them in each connection's own cache.
    if kind == Kind::Archive {
        // Means something only before the first table: room is given back in steps.
        conn.execute_batch("PRAGMA auto_vacuum = INCREMENTAL")?;
    }
    conn.execute_batch(
        "PRAGMA trusted_schema = OFF;
         PRAGMA foreign_keys = ON;
         PRAGMA cell_size_check = ON;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -256;
         PRAGMA journal_mode = WAL;",
    )?;
    // A launch on disk must survive a loss of power, which WAL with NORMAL does not promise. The
    // two fsync settings mean something on macOS only, where a plain fsync leaves the data in the
    // drive's own memory.
    conn.execute_batch(match kind {
        Kind::Journal => {
            "PRAGMA synchronous = FULL;
             PRAGMA fullfsync = ON;
             PRAGMA checkpoint_fullfsync = ON;"
        }
        Kind::Archive => "PRAGMA synchronous = NORMAL;",
    })?;
    let mode: String = conn.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    if !mode.eq_ignore_ascii_case("wal") {
        return Err(LedgerError::Failed(format!("the journal mode is {mode}, not WAL")));
    }
    Ok(conn)
}

/// Opens a file and brings its schema up to date. Checks nothing beyond what that needs: a check
/// reads the whole file, and a start waits for this.
///
/// [`LedgerError::Damaged`] means that the file cannot be used. `before_migration` is called when the
/// schema is about to change, with what there is still as it was, and its version; 0 is a file that
/// holds nothing. Closing the connection leaves the write-ahead log where it is: a start that fails
/// must not look like one that lost it.
pub(crate) fn open_unchecked(
    path: &Path,
    kind: Kind,
    before_migration: &mut dyn FnMut(&Connection, i64) -> Result<()>,
) -> Result<Connection> {
    let opened = open_and_migrate(path, kind, before_migration);
    match opened {
        // A header that makes no sense shows itself in many errors, not only as damage.
        Err(error @ (LedgerError::Failed(_) | LedgerError::DiskReadOnly(_)))
            if !header_is_sound(path) =>
        {
            Err(LedgerError::Damaged(error.to_string()))
        }
        other => other,
    }
}

fn open_and_migrate(
    path: &Path,
    kind: Kind,
    before_migration: &mut dyn FnMut(&Connection, i64) -> Result<()>,
) -> Result<Connection> {
    let mut conn = connect(path, kind)?;
    // SQLite opens a file whose header names a later format without a word, for reading only.
    if conn.is_readonly("main")? {
        return Err(LedgerError::DiskReadOnly(format!("{} cannot be written", kind.file_name())));
    }
    let version = schema_version(&conn)?;
    let latest = kind.latest();
    if version > latest {
        return Err(LedgerError::Failed(format!(
            "{} was written by a later version of the program (schema {version}, known {latest})",
            kind.file_name()
        )));
    }
    if version < latest {
        before_migration(&conn, version)?;
        kind.migrations().to_latest(&mut conn)?;
    }
    Ok(conn)
}

/// Whether closing the last connection leaves the write-ahead log as it is, instead of copying it
/// into the file and removing it.
pub(crate) fn keep_log_at_close(conn: &Connection, keep: bool) -> Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep)?;
    Ok(())
}

/// Copies the write-ahead log into the file and empties it.
pub(crate) fn checkpoint(conn: &Connection) -> Result<()> {
    let (busy, _, _): (i64, i64, i64) =
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    if busy == 0 {
        Ok(())
    } else {
        Err(LedgerError::Failed("the write-ahead log could not be emptied".to_owned()))
    }
}

/// Whether a database has no tables.
pub(crate) fn is_empty(conn: &Connection) -> Result<bool> {
    Ok(conn.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))?)
}

/// The version of the schema, from the table that says so; the header is set right if it differs.
fn schema_version(conn: &Connection) -> Result<i64> {
    let header: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if is_empty(conn)? {
        return if header == 0 {
            Ok(0)
        } else {
            Err(LedgerError::Damaged("the file names a schema and holds none".to_owned()))
        };
    }
    let version: i64 =
        conn.query_row("SELECT version FROM about", [], |row| row.get(0)).map_err(|error| {
            LedgerError::Damaged(format!("the file does not say what it is: {error}"))
        })?;
    if version != header {
        tracing::warn!(header, version, "the header named another schema version");
        conn.pragma_update(None, "user_version", version)?;
    }
    Ok(version)
}

/// How closely a file is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    /// Structure, types and constraints.
    Quick,
    /// The same, and that every index agrees with its table.
    Full,
}

/// Runs SQLite's own check, which reads the whole file. [`LedgerError::Damaged`] says what it found.
pub(crate) fn check_now(conn: &Connection, check: Check) -> Result<()> {
    let pragma = match check {
        Check::Quick => "PRAGMA quick_check(1)",
        Check::Full => "PRAGMA integrity_check(1)",
    };
    let said = conn.query_row(pragma, [], |row| Columns::of(row).text()).map_err(|error| {
        match LedgerError::from(error) {
            // What kept the check from being made says nothing about the file.
            other @ (LedgerError::DiskFull(_)
            | LedgerError::LedgerInUse
            | LedgerError::Interrupted) => other,
            other => LedgerError::Damaged(other.to_string()),
        }
    })?;
    if said == "ok" { Ok(()) } else { Err(LedgerError::Damaged(said)) }
}

/// Whether the fixed fields of the file's header have values that this program's files have
/// (<https://www.sqlite.org/fileformat.html#the_database_header>). An empty file is sound.
fn header_is_sound(path: &Path) -> bool {
    let mut header = Vec::with_capacity(100);
    let read = File::open(path).and_then(|file| file.take(100).read_to_end(&mut header));
    if read.is_err() || header.is_empty() {
        return true;
    }
    header.len() == 100
        && header.starts_with(b"SQLite format 3\0")
        && header
            .get(18..20)
            .is_some_and(|versions| versions.iter().all(|one| matches!(one, 1 | 2)))
        && header.get(20..24) == Some(&[0, 64, 32, 32])
        && header.get(44..48).is_some_and(|format| matches!(format, [0, 0, 0, 0..=4]))
        && header.get(56..60).is_some_and(|encoding| matches!(encoding, [0, 0, 0, 0 | 1]))
}
