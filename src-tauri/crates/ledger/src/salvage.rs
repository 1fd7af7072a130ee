//! Launches that are newer than the backup, read out of the damaged journal as far as it goes.
//!
//! A launch is money, and a draft that was launched after the backup must not come back as one
//! that was not. What else changed since the backup (names, notes, plans) stays in the file that
//! was set aside.

use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

use crate::error::Result;
use crate::ledger::write;

/// Tables in the order their rows refer to each other.
const TABLES: [&str; 4] = ["workspaces", "drafts", "launches", "launch_events"];

/// Copies what the restored journal lacks. Gives how many launches that were; a damaged file may
/// give none, which is no error.
pub(crate) fn salvage(damaged: &Path, restored: &mut Connection) -> usize {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let Ok(source) = Connection::open_with_flags(damaged, flags) else { return 0 };
    // The file is kept as it was found: closing it must not touch its write-ahead log.
    let untouched = rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
    if source.set_db_config(untouched, true).is_err()
        || source.execute_batch("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF").is_err()
    {
        return 0;
    }
    let copied = write(restored, |conn| {
        let known = launches(conn)?;
        // Only the history of launches that are new here: the rest has its own.
        conn.execute_batch("CREATE TEMP TABLE known AS SELECT id FROM launches")?;
        for table in TABLES {
            copy(&source, conn, table);
        }
        conn.execute_batch(
            "DROP TABLE temp.known;
             UPDATE drafts SET spent = 1 WHERE spent = 0 AND id IN (SELECT draft FROM launches)",
        )?;
        Ok(launches(conn)? - known)
    });
    match copied {
        Ok(count) => usize::try_from(count).unwrap_or(0),
        Err(error) => {
            tracing::warn!(code = error.code(), "nothing could be read from the damaged journal");
            0
        }
    }
}

fn launches(conn: &Connection) -> Result<i64> {
    Ok(conn.query_row("SELECT count(*) FROM launches", [], |row| row.get(0))?)
}

/// Copies the rows of a table that can be read and that fit; ends at the first that cannot be read.
fn copy(source: &Connection, conn: &Connection, table: &str) {
    // The names come from the sound file: those of the damaged one may not even be text.
    let Ok(mut names) = columns_of(conn, table) else { return };
    let Ok(mut rows) =
        source.prepare(&format!("SELECT {} FROM {table} ORDER BY rowid", names.join(", ")))
    else {
        return;
    };
    let history = table == "launch_events";
    let number = names.iter().position(|name| history && name == "id");
    if let Some(number) = number {
        // Lines of history are numbered anew.
        names.remove(number);
    }
    let places: Vec<String> = (1..=names.len()).map(|place| format!("?{place}")).collect();
    let insert = format!(
        "INSERT OR IGNORE INTO {table} ({}) SELECT {}{}",
        names.join(", "),
        places.join(", "),
        match names.iter().position(|name| history && name == "launch") {
            Some(launch) => format!(
                " WHERE ?{0} NOT IN (SELECT id FROM temp.known)
                   AND ?{0} IN (SELECT id FROM launches)",
                launch + 1
            ),
            None => String::new(),
        }
    );
    let Ok(mut insert) = conn.prepare(&insert) else { return };
    let state = names.iter().position(|name| table == "launches" && name == "state");
    let code = names.iter().position(|name| table == "launches" && name == "code");
    let Ok(mut found) = rows.query([]) else { return };
    while let Ok(Some(row)) = found.next() {
        let columns = names.len() + usize::from(number.is_some());
        let read: rusqlite::Result<Vec<Value>> = (0..columns)
            .filter(|place| Some(*place) != number)
            .map(|place| row.get(place))
            .collect();
        let Ok(mut values) = read else { continue };
        if let (Some(state), Some(code)) = (state, code)
            && values.get(state) == Some(&Value::Text("sending".to_owned()))
        {
            // Nobody waits for its answer any more.
            values[state] = Value::Text("unknown".to_owned());
            values[code] = Value::Text("killed".to_owned());
        }
        // A row that breaks a rule of the schema was damaged itself.
        if let Err(error) = insert.execute(params_from_iter(values)) {
            tracing::warn!(table, %error, "a row could not be taken over");
        }
    }
}

fn columns_of(conn: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = conn.prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?;
    statement.query_map([table], |row| row.get(0))?.collect()
}
