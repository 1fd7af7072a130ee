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

/// A connection with the settings of its kind.
pub(crate) fn connect(path: &Path, kind: Kind) -> Result<Connection> {
    drop(private_file(path)?);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(Duration::from_secs(5))?;
    conn.set_prepared_statement_cache_capacity(128);
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // Until the file is known to be sound, closing it must leave the write-ahead log as it was: a
    // damaged file is set aside with it.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // Temporary tables stay in memory: what people said must not pass through a shared folder. Pages
    // are kept by the system; a check alone would leave 2 MB of them in each connection's own cache.
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

/// Opens a file, checks it where asked, and brings its schema up to date.
///
/// [`LedgerError::Damaged`] means that the file is to be set aside. `before_migration` is called
/// when the schema is about to change, with what there is still as it was.
pub(crate) fn open_sound(
    path: &Path,
    kind: Kind,
    check: Check,
    before_migration: &mut dyn FnMut(&Connection) -> Result<()>,
) -> Result<Connection> {
    let opened = open_and_migrate(path, kind, check, before_migration);
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
    check: Check,
    before_migration: &mut dyn FnMut(&Connection) -> Result<()>,
) -> Result<Connection> {
    let mut conn = connect(path, kind)?;
    check_now(&conn, check)?;
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
    if version > 0 && schema(&conn)? != expected_schema(kind, version)? {
        return Err(LedgerError::Damaged("the schema is not the one this version has".to_owned()));
    }
    if version < latest {
        if version > 0 {
            before_migration(&conn)?;
        }
        kind.migrations().to_latest(&mut conn)?;
    }
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(conn)
}

/// The version of the schema, from the table that says so; the header is set right if it differs.
fn schema_version(conn: &Connection) -> Result<i64> {
    let header: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
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

/// What the file says its tables, indices and triggers are, without regard to white space.
///
/// SQLite checks pages and rows against this text, but a flipped bit in the text itself only
/// renames a column, and every check of SQLite's own still passes.
pub(crate) fn schema(conn: &Connection) -> Result<Vec<String>> {
    let mut statement = conn.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name, type")?;
    let rows = statement.query_map([], |row| {
        let mut columns = Columns::of(row);
        Ok((columns.text()?, columns.text()?))
    })?;
    rows.map(|row| {
        let (name, sql) = row?;
        let words: Vec<&str> = sql.split_whitespace().collect();
        Ok(format!("{name}: {}", words.join(" ")))
    })
    .collect()
}

fn expected_schema(kind: Kind, version: i64) -> Result<Vec<String>> {
    let mut pattern = Connection::open_in_memory()?;
    kind.migrations().to_version(&mut pattern, version as usize)?;
    schema(&pattern)
}

/// How closely a file is looked at when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    /// Not at all.
    None,
    /// Structure, types and constraints.
    Quick,
    /// The same, and that every index agrees with its table.
    Full,
}

/// SQLite's own checks.
pub(crate) fn check_now(conn: &Connection, check: Check) -> Result<()> {
    let pragma = match check {
        Check::None => return Ok(()),
        Check::Quick => "PRAGMA quick_check(1)",
        Check::Full => "PRAGMA integrity_check(1)",
    };
    let said = conn.query_row(pragma, [], |row| Columns::of(row).text()).map_err(|error| {
        match LedgerError::from(error) {
            full @ (LedgerError::DiskFull(_) | LedgerError::LedgerInUse) => full,
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
