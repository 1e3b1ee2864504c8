//! What a database does at most: the limit that the service is measured against.
//!
//! `cargo xtask bench` builds and runs it. It knows neither documents, nor keys, nor events: one table
//! of rows as long as a usual user.
//!
//! ```text
//! bare_database URL prepare ROWS
//! bare_database URL look-up ROWS CONNECTIONS SECONDS
//! bare_database URL commit CONNECTIONS SECONDS
//! ```
//!
//! A look-up reads one row by its key with a prepared statement, through a pool. A commit adds one row,
//! and waits until it is on the disk. What was counted is printed as a JSON object.

#[path = "bare_database/postgres.rs"]
mod postgres;
#[path = "bare_database/sqlite.rs"]
mod sqlite;

use std::error::Error;
use std::io::Write as _;
use std::time::{Duration, Instant};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// As long as a user whose every common attribute is filled.
const BYTES: usize = 1_100;

/// What is asked of the database.
#[derive(Clone, Copy, Debug)]
enum Work {
    Prepare { rows: i64 },
    LookUp { rows: i64, connections: usize, length: Duration },
    Commit { connections: usize, length: Duration },
}

impl Work {
    fn read(words: &[String]) -> Result<Self> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let length =
            |seconds: &str| -> Result<Duration> { Ok(Duration::from_secs(seconds.parse()?)) };
        match words.as_slice() {
            ["prepare", rows] => Ok(Self::Prepare { rows: rows.parse()? }),
            ["look-up", rows, connections, seconds] => Ok(Self::LookUp {
                rows: rows.parse()?,
                connections: connections.parse()?,
                length: length(seconds)?,
            }),
            ["commit", connections, seconds] => {
                Ok(Self::Commit { connections: connections.parse()?, length: length(seconds)? })
            }
            _ => Err("usage: bare_database URL prepare|look-up|commit NUMBER…".into()),
        }
    }

    /// How long it is done, where that is given.
    fn length(self) -> Option<Duration> {
        match self {
            Self::Prepare { rows: _ } => None,
            Self::LookUp { length, .. } | Self::Commit { length, .. } => Some(length),
        }
    }
}

/// The key of the row that a look-up reads: everybody's turn comes, in no order of the disk.
fn key(number: i64, rows: i64) -> i64 {
    number.wrapping_mul(7_919).rem_euclid(rows.max(1)) + 1
}

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let url = words.next().ok_or("usage: bare_database URL …")?;
    let work = Work::read(&words.collect::<Vec<_>>())?;
    let begun = Instant::now();
    let count = match url.strip_prefix("sqlite://") {
        Some(path) => sqlite::run(path, work)?,
        None => postgres::run(&url, work)?,
    };
    // Opening and closing are none of it.
    let seconds = work.length().unwrap_or(begun.elapsed()).as_secs_f64();
    writeln!(std::io::stdout(), r#"{{"answers":{count},"seconds":{seconds}}}"#)?;
    Ok(())
}
