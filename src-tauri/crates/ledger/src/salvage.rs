//! What other files know of launches, taken over into a journal that is being restored.
//!
//! A launch is money, and a draft that was launched must not come back as one that was not. So
//! launches are taken from every file that can still be read, the copies included, each with the
//! longest history that is known of it. Notes, plans and verdicts are taken from the newest file
//! alone, where the restored journal lacks them: an older copy may hold what a person deleted.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::error::Result;
use crate::launch_history::look_into;
use crate::ledger::write;

/// What people said and chose.
const OF_PEOPLE: [&str; 7] =
    ["settings", "plans", "notes", "human_verdicts", "judged", "stops", "accounts"];

/// Which rows are taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Take {
    /// Launches, and what they need.
    Launches,
    /// Everything.
    All,
}

/// Takes over what the restored journal lacks. A damaged file may give nothing, which is no error;
/// that the restored journal cannot be written is one.
pub(crate) fn salvage(source: &Path, restored: &mut Connection, take: Take) -> Result<()> {
    let Some(source) = look_into(source) else { return Ok(()) };
    write(restored, |conn| {
        let known = workspaces(&source, conn)?;
        // A draft that is open in an older copy may have been discarded since.
        let which = if take == Take::All { "" } else { " WHERE spent = 1" };
        copy(&source, conn, "drafts", which, &known)?;
        launches(&source, conn, &known)?;
        spent(&source, conn)?;
        if take == Take::All {
            for table in OF_PEOPLE {
                copy(&source, conn, table, "", &known)?;
            }
        }
        conn.execute(
            "UPDATE drafts SET spent = 1 WHERE spent = 0 AND id IN (SELECT draft FROM launches)",
            [],
        )?;
        Ok(())
    })
}

/// Adds the workspaces that are not there yet. Returns which id of the source is which here: two
/// files may have given one number to different servers. One that is being erased is left out.
fn workspaces(source: &Connection, conn: &Connection) -> Result<HashMap<i64, i64>> {
    let names = columns_of(source, conn, "workspaces")?;
    let find = |name: &str| names.iter().position(|known| known == name);
    let (Some(id), Some(origin)) = (find("id"), find("origin")) else {
        return Ok(HashMap::new());
    };
    let current = find("current");
    let insert =
        format!("INSERT INTO workspaces ({}) VALUES ({})", names.join(", "), marks(&names));
    let mut known = HashMap::new();
    for mut values in readable(source, &format!("SELECT {} FROM workspaces", names.join(", "))) {
        let Some(Value::Integer(there)) = values.get(id).cloned() else { continue };
        let (here, taken, erasing): (Option<i64>, bool, bool) = conn.query_row(
            "SELECT (SELECT id FROM workspaces WHERE origin = ?1),
                 EXISTS (SELECT 1 FROM workspaces WHERE id = ?2),
                 EXISTS (SELECT 1 FROM erasures WHERE workspace = ?2)",
            (&values[origin], there),
            |row| row.try_into(),
        )?;
        if let Some(here) = here {
            known.insert(there, here);
            continue;
        }
        if erasing {
            continue;
        }
        let mut number = there;
        if taken {
            number = conn.query_row("SELECT max(id) + 1 FROM workspaces", [], |row| row.get(0))?;
            values[id] = Value::Integer(number);
        }
        if let Some(current) = current {
            let open: bool = conn.query_row(
                "SELECT EXISTS (SELECT 1 FROM workspaces WHERE current = 1)",
                [],
                |row| row.get(0),
            )?;
            if open {
                values[current] = Value::Integer(0);
            }
        }
        match conn.execute(&insert, params_from_iter(values)) {
            Err(error) if is_of_the_row(&error) => {
                tracing::warn!(%error, "a workspace could not be taken over");
            }
            other => {
                other?;
                known.insert(there, number);
            }
        }
    }
    Ok(known)
}

/// Puts the workspace's own number into a row; false for a row of a workspace that is not known.
fn of_a_known(names: &[String], values: &mut [Value], known: &HashMap<i64, i64>) -> bool {
    let Some(place) = names.iter().position(|name| name == "workspace") else { return true };
    match values.get(place) {
        Some(Value::Integer(there)) => match known.get(there) {
            Some(here) => {
                values[place] = Value::Integer(*here);
                true
            }
            None => false,
        },
        _ => false,
    }
}

/// Copies the rows of a table that can be read, that fit, and whose key is not there yet.
fn copy(
    source: &Connection,
    conn: &Connection,
    table: &str,
    which: &str,
    known: &HashMap<i64, i64>,
) -> Result<()> {
    let names = columns_of(source, conn, table)?;
    let insert =
        format!("INSERT OR IGNORE INTO {table} ({}) VALUES ({})", names.join(", "), marks(&names));
    let mut insert = conn.prepare(&insert)?;
    for mut values in readable(source, &format!("SELECT {} FROM {table}{which}", names.join(", ")))
    {
        if !of_a_known(&names, &mut values, known) {
            continue;
        }
        match insert.execute(params_from_iter(values)) {
            // A row that breaks a rule of the schema was damaged itself.
            Err(error) if is_of_the_row(&error) => {
                tracing::warn!(table, %error, "a row could not be taken over");
            }
            other => drop(other?),
        }
    }
    Ok(())
}

/// Launches that are not there yet, or of which the source knows more.
fn launches(source: &Connection, conn: &Connection, workspaces: &HashMap<i64, i64>) -> Result<()> {
    let names = columns_of(source, conn, "launches")?;
    let find = |name: &str| names.iter().position(|known| known == name);
    let (Some(id), Some(draft), Some(state), Some(code)) =
        (find("id"), find("draft"), find("state"), find("code"))
    else {
        return Ok(());
    };
    let mut all_events = events(source);
    let insert = format!("INSERT INTO launches ({}) VALUES ({})", names.join(", "), marks(&names));
    for mut values in readable(source, &format!("SELECT {} FROM launches", names.join(", "))) {
        let Some(Value::Text(launch)) = values.get(id).cloned() else { continue };
        if !of_a_known(&names, &mut values, workspaces) {
            continue;
        }
        let events = all_events.remove(&launch).unwrap_or_default();
        let known: Option<i64> = conn
            .prepare_cached(
                "SELECT (SELECT count(*) FROM launch_events WHERE launch = launches.id)
                 FROM launches WHERE id = ?1",
            )?
            .query_row([&launch], |row| row.get(0))
            .map(Some)
            .or_else(none_for_no_row)?;
        if known.is_some_and(|known| known >= events.len() as i64) {
            continue;
        }
        if values.get(state) == Some(&Value::Text("sending".to_owned())) {
            // Nobody waits for its answer any more.
            values[state] = Value::Text("unknown".to_owned());
            values[code] = Value::Text("killed".to_owned());
        }
        let taken = conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM launches WHERE draft = ?1 AND id <> ?2)")?
            .query_row((&values[draft], &launch), |row| row.get::<_, bool>(0))?;
        if taken {
            // The draft was open again in one of the files, and was launched once more. Both
            // launches are money; the draft is spent either way.
            values[draft] = Value::Text(format!("launched again: {launch}"));
        }
        // All of it or nothing.
        conn.execute_batch("SAVEPOINT launch")?;
        let written = conn
            .execute("DELETE FROM launches WHERE id = ?1", [&launch])
            .and_then(|_| conn.prepare_cached(&insert)?.execute(params_from_iter(values)))
            .and_then(|_| {
                let mut line = conn.prepare_cached(
                    "INSERT INTO launch_events (launch, at, event, detail)
                     VALUES (?1, ?2, ?3, ?4)",
                )?;
                for event in events {
                    let launch = Value::Text(launch.clone());
                    line.execute(params_from_iter(std::iter::once(launch).chain(event)))?;
                }
                Ok(())
            });
        match written {
            Ok(()) => conn.execute_batch("RELEASE launch")?,
            Err(error) => {
                conn.execute_batch("ROLLBACK TO launch; RELEASE launch")?;
                if !is_of_the_row(&error) {
                    return Err(error.into());
                }
                tracing::warn!(%error, "a launch could not be taken over");
            }
        }
    }
    Ok(())
}

/// What happened to each launch, the oldest first. Read as it stands, by no index: that may be what is
/// damaged.
fn events(source: &Connection) -> HashMap<String, Vec<Vec<Value>>> {
    let mut all: HashMap<String, Vec<Vec<Value>>> = HashMap::new();
    let sql = "SELECT launch, at, event, detail FROM launch_events ORDER BY id";
    for mut values in readable(source, sql) {
        if let Value::Text(launch) = values.remove(0) {
            all.entry(launch).or_default().push(values);
        }
    }
    all
}

/// Takes workspaces out that were being erased in the source, and has them erased to the end.
pub(crate) fn keep_erasing(source: &Path, restored: &mut Connection) -> Result<()> {
    let Some(source) = look_into(source) else { return Ok(()) };
    write(restored, |conn| {
        for values in readable(&source, "SELECT workspace FROM erasures") {
            conn.execute(
                "INSERT OR IGNORE INTO erasures (workspace) VALUES (?1)",
                params_from_iter(&values),
            )?;
            conn.execute("DELETE FROM workspaces WHERE id = ?1", params_from_iter(&values))?;
        }
        Ok(())
    })
}

/// What was launched in one file is launched: also where the launch itself cannot be read.
fn spent(source: &Connection, conn: &Connection) -> Result<()> {
    let mut spend = conn.prepare("UPDATE drafts SET spent = 1 WHERE id = ?1 AND spent = 0")?;
    for values in readable(source, "SELECT id FROM drafts WHERE spent = 1") {
        spend.execute(params_from_iter(values))?;
    }
    Ok(())
}

/// Columns that both files have. The names of a damaged file may not even be text: then those of
/// the sound one are tried.
fn columns_of(source: &Connection, conn: &Connection, table: &str) -> Result<Vec<String>> {
    let names = |conn: &Connection| -> rusqlite::Result<Vec<String>> {
        let mut statement = conn.prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?;
        statement.query_map([table], |row| row.get(0))?.collect()
    };
    let all = names(conn)?;
    let there = names(source).unwrap_or_default();
    let both: Vec<String> = all.iter().filter(|name| there.contains(name)).cloned().collect();
    Ok(if both.is_empty() { all } else { both })
}

fn marks(names: &[String]) -> String {
    (1..=names.len()).map(|place| format!("?{place}")).collect::<Vec<_>>().join(", ")
}

/// The rows that can be read, up to the first place that cannot.
fn readable(source: &Connection, sql: &str) -> Vec<Vec<Value>> {
    let Ok(mut statement) = source.prepare(sql) else { return Vec::new() };
    let columns = statement.column_count();
    let Ok(mut rows) = statement.query([]) else { return Vec::new() };
    let mut all = Vec::new();
    while let Ok(Some(row)) = rows.next() {
        let values: rusqlite::Result<Vec<Value>> = (0..columns).map(|at| row.get(at)).collect();
        all.extend(values);
    }
    all
}

/// Whether an error is about what the row holds, and not about the file it is written to.
fn is_of_the_row(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::ConstraintViolation | rusqlite::ErrorCode::TypeMismatch)
    )
}

fn none_for_no_row<T>(error: rusqlite::Error) -> rusqlite::Result<Option<T>> {
    match error {
        rusqlite::Error::QueryReturnedNoRows => Ok(None),
        other => Err(other),
    }
}
