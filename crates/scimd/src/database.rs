//! The database that the settings name: a file here, or a PostgreSQL server.

use std::path::{Path, PathBuf};

use anyhow::ensure;
use scim_migrations::Turn;
use secrecy::{ExposeSecret as _, SecretString};

use crate::database_file::{self, DatabaseFile};
use crate::schema;
use crate::settings::{DatabaseUrl, server_of};

/// Where files go that belong to a database which has no directory of its own.
const DIRECTORY: &str = "data";

/// A database without anything in it, which every new one is.
const NOTHING: &str = "sqlite::memory:";

/// Where the data is.
#[derive(Debug, Clone)]
pub enum Database {
    /// Embedded, in this file.
    File(DatabaseFile),
    /// On a PostgreSQL server, at this address.
    Server(SecretString),
}

impl Database {
    /// The database of the setting `database.url`.
    ///
    /// # Errors
    /// An address that cannot be used; it is never repeated.
    pub fn of(url: &SecretString) -> anyhow::Result<Self> {
        Ok(match DatabaseUrl::parse(url)? {
            DatabaseUrl::Sqlite(path) => Self::File(DatabaseFile::new(path)),
            DatabaseUrl::Postgres => Self::Server(url.expose_secret().trim().to_owned().into()),
        })
    }

    /// Makes what can be made here: the file. A database on a server is made by its operator.
    ///
    /// # Errors
    /// A directory or file that cannot be made or changed.
    pub fn prepare(&self) -> anyhow::Result<()> {
        match self {
            Self::File(file) => file.prepare(),
            Self::Server(_) => Ok(()),
        }
    }

    /// Waits until nobody else changes the schema, or fills a database in which there is nothing.
    ///
    /// # Errors
    /// A lock file that cannot be made or locked, or a server that cannot be reached.
    pub async fn lock(&self) -> anyhow::Result<Lock> {
        Ok(match self {
            Self::File(file) => Lock::File(file.lock()?),
            Self::Server(url) => {
                let turn = Turn::take(url.expose_secret()).await;
                Lock::Server(turn.map_err(|error| schema::unreadable(self, &error))?)
            }
        })
    }

    /// Refuses an embedded database that is not there.
    ///
    /// # Errors
    /// No such file.
    pub fn exists(&self) -> anyhow::Result<()> {
        ensure!(
            self.may_hold_something(),
            "there is no database at {} yet: run `scimd migrate up` or start the server",
            self.shown()
        );
        Ok(())
    }

    /// Whether there may be a schema; only for a file it is known that there is none.
    pub fn may_hold_something(&self) -> bool {
        match self {
            Self::File(file) => file.exists(),
            Self::Server(_) => true,
        }
    }

    /// The address for those who change the schema, which may hold a password.
    pub fn url(&self) -> String {
        match self {
            Self::File(file) if file.exists() => format!("sqlite://{}", file.path().display()),
            Self::File(_) => NOTHING.to_owned(),
            Self::Server(url) => url.expose_secret().to_owned(),
        }
    }

    /// What to call it: the path, or the server without user, password and parameters.
    pub fn shown(&self) -> String {
        match self {
            Self::File(file) => file.path().display().to_string(),
            Self::Server(url) => shown(url.expose_secret()),
        }
    }

    /// Writes a file for the owner alone beside the database, or into `data` where it has no
    /// directory, and gives its path.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write_beside(&self, name: &str, content: &str) -> anyhow::Result<PathBuf> {
        match self {
            Self::File(file) => file.write_beside(name, content),
            Self::Server(_) => {
                let beside = DatabaseFile::new(Path::new(DIRECTORY).join("postgres"));
                beside.prepare_directory()?;
                beside.write_beside(name, content)
            }
        }
    }
}

fn shown(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    format!("{scheme}://{}", server_of(rest).unwrap_or("…"))
}

/// Nobody else changes the schema, or fills an empty database, while this lives.
#[derive(Debug)]
#[expect(dead_code, reason = "held for its lock, which ends with it")]
pub enum Lock {
    /// On a file beside the embedded database.
    File(database_file::Lock),
    /// On a server, seen by all instances.
    Server(Turn),
}

#[cfg(test)]
mod tests;
