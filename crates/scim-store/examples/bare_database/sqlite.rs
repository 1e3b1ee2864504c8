//! SQLite: a pool of readers, and one writer, as an embedded database has them.

use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::{BYTES, Result, Work, key};

pub fn run(path: &str, work: Work) -> Result<u64> {
    match work {
        Work::Prepare { rows } => prepare(path, rows),
        Work::LookUp { rows, connections, length } => look_up(path, rows, connections, length),
        // SQLite has one writer, whoever waits for it.
        Work::Commit { connections: _, length } => commit(path, length),
    }
}

fn open(path: &str) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;
         PRAGMA wal_autocheckpoint = 4000; PRAGMA busy_timeout = 5000;",
    )?;
    Ok(connection)
}

fn prepare(path: &str, rows: i64) -> Result<u64> {
    let connection = open(path)?;
    connection.execute_batch(
        "BEGIN; CREATE TABLE bare (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
         CREATE TABLE written (id INTEGER PRIMARY KEY, body TEXT NOT NULL);",
    )?;
    let body = "x".repeat(BYTES);
    let mut insert = connection.prepare("INSERT INTO bare (id, body) VALUES (?1, ?2)")?;
    for id in 1..=rows {
        insert.execute((id, &body))?;
    }
    connection.execute_batch("COMMIT")?;
    Ok(rows.unsigned_abs())
}

fn look_up(path: &str, rows: i64, connections: usize, length: Duration) -> Result<u64> {
    // More readers than cores would only wait for each other.
    let readers = thread::available_parallelism()?.get().min(connections);
    let numbers = AtomicI64::new(0);
    let begun = Instant::now();
    thread::scope(|scope| {
        let read = || -> Result<u64> {
            let connection = open(path)?;
            let mut statement = connection.prepare("SELECT body FROM bare WHERE id = ?1")?;
            let mut count = 0;
            while begun.elapsed() < length {
                let number = numbers.fetch_add(1, Ordering::Relaxed);
                statement.query_row([key(number, rows)], |row| row.get::<_, String>(0))?;
                count += 1;
            }
            Ok(count)
        };
        let workers: Vec<_> = (0..readers).map(|_| scope.spawn(read)).collect();
        let counts = workers.into_iter().map(|it| it.join().map_err(|_| "a reader ended badly")?);
        counts.sum()
    })
}

fn commit(path: &str, length: Duration) -> Result<u64> {
    let connection = open(path)?;
    let body = "x".repeat(BYTES);
    let mut insert = connection.prepare("INSERT INTO written (body) VALUES (?1)")?;
    let begun = Instant::now();
    let mut count = 0;
    while begun.elapsed() < length {
        insert.execute([&body])?;
        count += 1;
    }
    Ok(count)
}
