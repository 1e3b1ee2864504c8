use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, config::DbConfig};
use scim_app::ports::StoreError;

use super::values::refused;
use crate::{counter::Counter, error::unavailable};

/// How many statements a connection keeps prepared.
const PREPARED: usize = 256;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Read,
    Write,
}

/// Opens connections to one file.
#[derive(Clone, Debug)]
pub(crate) struct Connector {
    path: PathBuf,
    pub(super) statements: Counter,
}

impl Connector {
    /// Makes the file, for its owner alone, if there is none.
    pub(crate) fn new(path: &Path) -> Result<Self, StoreError> {
        let mut options = std::fs::OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path).map_err(unavailable)?;
        Ok(Self { path: path.to_owned(), statements: Counter::default() })
    }

    /// What counts the statements of all its connections.
    pub(crate) fn counter(&self) -> Counter {
        self.statements.clone()
    }

    pub(super) fn connect(&self, purpose: Purpose) -> Result<Connection, StoreError> {
        // Readers need write access to the index of the log; what they may not write is data.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags).map_err(refused)?;
        // The writer never waits inside SQLite, where it would hold a thread.
        let (busy, query_only) = match purpose {
            Purpose::Read => (5000, "ON"),
            Purpose::Write => (0, "OFF"),
        };
        connection
            .execute_batch(&format!(
                "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL;
                 PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
                 PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;
                 PRAGMA wal_autocheckpoint = 4000; PRAGMA busy_timeout = {busy};
                 PRAGMA query_only = {query_only};"
            ))
            .map_err(refused)?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        // The bundled SQLite looks at bound values to plan, and so plans again for other values.
        // Every statement here has one good plan.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(refused)?;
        Ok(connection)
    }
}
