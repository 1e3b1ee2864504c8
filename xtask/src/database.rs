//! Which database a task is about.

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::postgres::Postgres;

/// What a person may choose.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Databases {
    Sqlite,
    Postgres,
    Both,
}

/// One of the databases that the service can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// Embedded.
    Sqlite,
    /// A server.
    Postgres,
}

impl Database {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// The address of a new one of this name on the server, if it is one of a server's; the embedded
    /// one is wherever its service makes it.
    ///
    /// # Errors
    /// When no server was started, or it refuses.
    pub fn create(self, server: Option<&Postgres>, name: &str) -> Result<Option<String>> {
        match (self, server) {
            (Self::Sqlite, _) => Ok(None),
            (Self::Postgres, Some(server)) => server.create_database(name).map(Some),
            (Self::Postgres, None) => bail!("no PostgreSQL was started"),
        }
    }
}

impl Databases {
    /// Each of them.
    pub fn all(self) -> &'static [Database] {
        match self {
            Self::Sqlite => &[Database::Sqlite],
            Self::Postgres => &[Database::Postgres],
            Self::Both => &[Database::Sqlite, Database::Postgres],
        }
    }
}
