//! Reading rows, column by column, without trusting what stands in them.

use std::borrow::Cow;

use jiff::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{Error, Row};
use serde_json::Value;

/// The columns of a row in the order they were selected.
pub(crate) struct Columns<'a> {
    row: &'a Row<'a>,
    next: usize,
}

type Read<T> = rusqlite::Result<T>;

impl<'a> Columns<'a> {
    pub(crate) fn of(row: &'a Row<'a>) -> Self {
        Self { row, next: 0 }
    }

    fn take(&mut self) -> Read<(usize, ValueRef<'a>)> {
        let at = self.next;
        self.next += 1;
        Ok((at, self.row.get_ref(at)?))
    }

    fn get<T: rusqlite::types::FromSql>(&mut self) -> Read<T> {
        let at = self.next;
        self.next += 1;
        self.row.get(at)
    }

    /// Text as it stands in the row, as long as that is looked at.
    pub(crate) fn opt_str(&mut self) -> Read<Option<Cow<'a, str>>> {
        let (at, value) = self.take()?;
        match value {
            ValueRef::Null => Ok(None),
            // A flipped bit in a name must not hide the row: it shows as a replacement character.
            ValueRef::Text(bytes) => Ok(Some(String::from_utf8_lossy(bytes))),
            other => Err(Error::InvalidColumnType(at, String::new(), other.data_type())),
        }
    }

    pub(crate) fn opt_text(&mut self) -> Read<Option<String>> {
        Ok(self.opt_str()?.map(Cow::into_owned))
    }

    pub(crate) fn text(&mut self) -> Read<String> {
        Ok(self.opt_text()?.unwrap_or_default())
    }

    /// JSON; null where it cannot be read.
    pub(crate) fn json(&mut self) -> Read<Value> {
        let (_, value) = self.take()?;
        Ok(match value {
            ValueRef::Text(bytes) => serde_json::from_slice(bytes).unwrap_or_else(|_| {
                let text: Cow<'_, str> = String::from_utf8_lossy(bytes);
                serde_json::from_str(&text).unwrap_or(Value::Null)
            }),
            _ => Value::Null,
        })
    }

    pub(crate) fn int(&mut self) -> Read<i64> {
        self.get()
    }

    pub(crate) fn opt_int(&mut self) -> Read<Option<i64>> {
        self.get()
    }

    /// A count. One that a flipped bit made impossible must not hide the row for ever: no check of
    /// SQLite's finds it, so it is taken as the nearest possible one. The same holds for times.
    pub(crate) fn count(&mut self) -> Read<u32> {
        Ok(self.opt_count()?.unwrap_or(0))
    }

    pub(crate) fn opt_count(&mut self) -> Read<Option<u32>> {
        let count = self.opt_int()?;
        Ok(count.map(|count| u32::try_from(count.max(0)).unwrap_or(u32::MAX)))
    }

    pub(crate) fn flag(&mut self) -> Read<bool> {
        self.get()
    }

    pub(crate) fn opt_flag(&mut self) -> Read<Option<bool>> {
        self.get()
    }

    pub(crate) fn real(&mut self) -> Read<f64> {
        self.get()
    }

    pub(crate) fn opt_real(&mut self) -> Read<Option<f64>> {
        self.get()
    }

    pub(crate) fn opt_time(&mut self) -> Read<Option<Timestamp>> {
        let micros = self.opt_int()?;
        Ok(micros.map(|micros| {
            Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 {
                Timestamp::MIN
            } else {
                Timestamp::MAX
            })
        }))
    }

    pub(crate) fn time(&mut self) -> Read<Timestamp> {
        let at = self.next;
        self.opt_time()?
            .ok_or_else(|| Error::InvalidColumnType(at, String::new(), rusqlite::types::Type::Null))
    }
}

/// A time as it is stored: microseconds since the epoch.
pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on should say so")]
mod tests {
    use jiff::Timestamp;
    use serde_json::{Value, json};

    use super::Columns;

    #[test]
    fn what_a_flipped_bit_made_impossible_still_reads() {
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        conn.query_row(
            "SELECT CAST(x'61ff62' AS TEXT), '{\"a\":', -5, 1 << 40, 1 << 62, -(1 << 62), '[1]'",
            [],
            |row| {
                let mut columns = Columns::of(row);
                assert_eq!(columns.text()?, "a\u{fffd}b");
                assert_eq!(columns.json()?, Value::Null);
                assert_eq!(columns.count()?, 0);
                assert_eq!(columns.count()?, u32::MAX);
                assert_eq!(columns.time()?, Timestamp::MAX);
                assert_eq!(columns.time()?, Timestamp::MIN);
                assert_eq!(columns.json()?, json!([1]));
                Ok(())
            },
        )
        .unwrap();
    }
}
