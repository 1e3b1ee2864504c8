//! Which database a task is about.

use clap::ValueEnum;

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
