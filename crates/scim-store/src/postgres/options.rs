use std::time::Duration;

use crate::blocks::BLOCK;

/// How a PostgreSQL database is used.
#[derive(Clone, Copy, Debug)]
pub struct PostgresOptions {
    /// How many connections this process opens at most, for snapshots and units of work together.
    pub connections: usize,
    /// How many threads with a runtime of their own serve requests. Where there are at least four
    /// connections for each, and two for everything else, each thread keeps connections for itself:
    /// nothing then has to be handed from one thread to another.
    pub threads: usize,
    /// How long a snapshot or a unit waits for a connection, a connection for being made, and a
    /// statement for a lock that another unit holds, before it fails as unavailable.
    pub patience: Duration,
    /// How long one statement may take; a database that does not answer within this and a second
    /// is given up, and its connection with it.
    pub statement_timeout: Duration,
    /// How many users or groups are counted together where there are many: see [`BLOCK`].
    pub block: u64,
    /// The newest migration that this program knows; the store is not ready on any other schema.
    pub schema: &'static str,
}

impl PostgresOptions {
    /// Sixteen connections, shared by all threads, five seconds of patience, thirty for a statement.
    pub const fn new(schema: &'static str) -> Self {
        Self {
            connections: 16,
            threads: 0,
            patience: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
            block: BLOCK,
            schema,
        }
    }
}
