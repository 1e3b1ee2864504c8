//! SQLite by rusqlite. Readers and the writer run their statements on the thread that asks; only
//! long scans and durable commits have threads of their own.

mod backup;
mod commit;
mod connection;
mod reader;
mod values;
mod writer;

use std::time::Duration;

pub use backup::back_up_sqlite;
pub(crate) use connection::Connector;
pub(crate) use reader::Readers;
pub(crate) use writer::Writer;

use crate::blocks::Lengths;

/// How an SQLite database is used.
#[derive(Clone, Copy, Debug)]
pub struct SqliteOptions {
    /// How many read connections are kept open when nobody reads; each may hold up to 16 MiB of
    /// pages. More are opened while more snapshots are, up to 64.
    pub readers: usize,
    /// How long a unit of work waits for the writer or another process, and a snapshot for a
    /// connection, before it fails as unavailable.
    pub patience: Duration,
    /// How many users or groups are counted together where there are many.
    pub blocks: Lengths,
    /// The newest migration that this program knows; the store is not ready on any other schema.
    pub schema: &'static str,
}

impl SqliteOptions {
    /// Four readers, five seconds of patience.
    pub const fn new(schema: &'static str) -> Self {
        Self { readers: 4, patience: Duration::from_secs(5), blocks: Lengths::USUAL, schema }
    }
}
