use std::time::Duration;

use crate::blocks::Lengths;

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
    /// How many users or groups are counted together where there are many.
    pub blocks: Lengths,
    /// The newest migration that this program knows; the store is not ready on any other schema.
    pub schema: &'static str,
}

/// Connections that a thread must have at least: with fewer, requests would wait for each other on
/// one thread while connections of another are idle.
const NEAR_AT_LEAST: usize = 4;

/// Connections that are left for those without a thread of their own: what is done in the background.
const SHARED_AT_LEAST: usize = 2;

impl PostgresOptions {
    /// How many connections each thread has for itself; none where there are too few.
    pub fn near(&self) -> Option<usize> {
        let near = self.connections.saturating_sub(SHARED_AT_LEAST).checked_div(self.threads)?;
        (near >= NEAR_AT_LEAST).then_some(near)
    }

    /// How many may be held for long, as by clients that are slow to read: a quarter, two where there
    /// are four, and of one thread's half at most, so that wherever they fall others are left.
    pub fn for_long(&self) -> usize {
        let all = (self.connections / 4).max(self.connections.min(4) / 2);
        self.near().map_or(all, |near| all.min(near / 2))
    }

    /// Sixteen connections, shared by all threads, five seconds of patience, thirty for a statement.
    pub const fn new(schema: &'static str) -> Self {
        Self {
            connections: 16,
            threads: 0,
            patience: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
            blocks: Lengths::USUAL,
            schema,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PostgresOptions;

    fn with(connections: usize, threads: usize) -> PostgresOptions {
        PostgresOptions { connections, threads, ..PostgresOptions::new("") }
    }

    #[test]
    fn threads_have_connections_of_their_own_if_there_are_enough() {
        assert_eq!(with(16, 2).near(), Some(7));
        assert_eq!(with(100, 16).near(), Some(6));
        // Too few for each, or no threads to divide them among.
        assert_eq!(with(16, 8).near(), None);
        assert_eq!(with(16, 0).near(), None);
        assert_eq!(with(2, 1).near(), None);
    }

    #[test]
    fn no_thread_has_only_slow_readers() {
        for connections in 2..200 {
            for threads in 0..20 {
                let options = with(connections, threads);
                let of_one = options.near().unwrap_or(connections);
                assert!((1..=of_one / 2).contains(&options.for_long()), "{options:?}");
            }
        }
        assert_eq!((with(4, 0).for_long(), with(16, 3).for_long()), (2, 2));
    }
}
