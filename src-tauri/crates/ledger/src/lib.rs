//! The SQLite journal of launches and archive of results.
