//! A copy of a database that is in use.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};
use scim_app::ports::StoreError;

use super::values::refused;
use crate::{dialect::Dialect, error::failed, statements};

/// How long to wait for whoever keeps a copy from beginning.
const PATIENCE: Duration = Duration::from_secs(30);

/// After how many steps of a statement it is asked whether to stop: some microseconds.
const STEPS: i32 = 10_000;

/// Writes all that was committed at one moment into a file, which must be empty or not there, and
/// checks it. Neither waits for writers nor keeps any of them waiting; until it is done, the log of
/// the database grows by what they write.
///
/// `VACUUM INTO`, and not the backup API: that begins anew whenever another process writes, or else
/// copies pages as they are, with the remains of what was deleted in them. This reads every row and
/// writes it anew, so a damaged page is noticed, and what was erased is in no copy. The file is the
/// whole database: it has no log beside it.
///
/// Soon after `stop` says so it fails, with nothing of it left at work.
///
/// # Errors
/// A database that cannot be read, a copy that cannot be written or is damaged, or one whose schema
/// is not `schema`. The file may be there then, and is good for nothing.
pub fn back_up_sqlite(
    database: &Path,
    copy: &Path,
    schema: &str,
    stop: &Arc<AtomicBool>,
) -> Result<(), StoreError> {
    let target = copy.to_str().ok_or_else(|| failed("the path of the copy is no UTF-8"))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags).map_err(refused)?;
    connection.busy_timeout(PATIENCE).map_err(refused)?;
    stop_on(&connection, stop)?;
    connection.execute("VACUUM INTO ?1", [target]).map_err(refused)?;
    drop(connection);
    check(copy, schema, stop)
}

fn stop_on(connection: &Connection, stop: &Arc<AtomicBool>) -> Result<(), StoreError> {
    let stop = Arc::clone(stop);
    let stops = move || stop.load(Ordering::Relaxed);
    connection.progress_handler(STEPS, Some(stops)).map_err(refused)
}

fn check(copy: &Path, schema: &str, stop: &Arc<AtomicBool>) -> Result<(), StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(copy, flags).map_err(refused)?;
    stop_on(&connection, stop)?;
    let verdict: String =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(refused)?;
    if verdict != "ok" {
        return Err(failed(format!("the copy is damaged: {verdict}")));
    }
    let newest = statements::schema::NEWEST.text(Dialect::Sqlite, 1);
    let newest: String =
        connection.query_row(newest, [1_i64], |row| row.get(0)).map_err(refused)?;
    if newest != schema {
        return Err(failed(format!("the schema of the copy is {newest}, and not {schema}")));
    }
    Ok(())
}
