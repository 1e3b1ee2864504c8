//! The limits: programs that do nothing but one thing.

use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;

use super::Database;
use crate::load::Outcome;
use crate::postgres::Postgres;
use crate::service::free_address;

/// How many rows a bare look-up chooses from.
const ROWS: u32 = 100_000;

/// The running bare handler; dropping it ends the process.
#[derive(Debug)]
pub struct BareHandler {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl BareHandler {
    /// Starts it and waits until it listens.
    ///
    /// # Errors
    /// When it ends, or does not listen.
    pub fn start(binary: &Path) -> Result<Self> {
        let address = free_address()?;
        let child = Command::new(binary)
            .arg(address.to_string())
            .stdin(Stdio::null())
            .spawn()
            .context("could not start the bare handler")?;
        let mut bare = Self { child, address };
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(10) {
            ensure!(bare.child.try_wait()?.is_none(), "the bare handler ended at once");
            if TcpStream::connect(address).is_ok() {
                return Ok(bare);
            }
            thread::sleep(Duration::from_millis(20));
        }
        bail!("the bare handler did not listen in 10 s")
    }
}

impl Drop for BareHandler {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A database with nothing but a table, and the program that uses it.
#[derive(Debug)]
pub struct BareDatabase {
    /// Which.
    pub database: Database,
    binary: PathBuf,
    url: String,
    // SQLite's file lives in it.
    _directory: TempDir,
}

/// What a bare database is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bare {
    /// One row by its key, through a pool.
    LookUp,
    /// One more row, durable.
    Commit,
}

impl BareDatabase {
    /// Makes the table and fills it.
    ///
    /// # Errors
    /// When the program fails.
    pub fn prepare(binary: &Path, database: Database, server: Option<&Postgres>) -> Result<Self> {
        let directory = tempfile::Builder::new().prefix("scimd-bare-").tempdir()?;
        let url = match (database, server) {
            (Database::Sqlite, _) => {
                format!("sqlite://{}", directory.path().join("bare.db").display())
            }
            (Database::Postgres, Some(server)) => server.create_database("bare")?,
            (Database::Postgres, None) => bail!("no PostgreSQL was started"),
        };
        let binary = binary.to_owned();
        let bare = Self { database, binary, url, _directory: directory };
        bare.run(&["prepare".to_owned(), ROWS.to_string()])?;
        Ok(bare)
    }

    /// Asks it over so many connections for a time.
    ///
    /// # Errors
    /// When the program fails.
    pub fn measure(&self, bare: Bare, connections: usize, length: Duration) -> Result<Outcome> {
        let seconds = length.as_secs().max(1);
        let (connections, seconds) = (connections.to_string(), seconds.to_string());
        self.run(&match bare {
            Bare::LookUp => vec!["look-up".to_owned(), ROWS.to_string(), connections, seconds],
            Bare::Commit => vec!["commit".to_owned(), connections, seconds],
        })
    }

    fn run(&self, words: &[String]) -> Result<Outcome> {
        let mut command = Command::new(&self.binary);
        let output = command.arg(&self.url).args(words).output().context("no bare database")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "the bare database ended with {}: {said}", output.status);
        let counted: Value = serde_json::from_slice(&output.stdout)?;
        let answers = counted["answers"].as_u64().context("no count of a bare database")?;
        let seconds = counted["seconds"].as_f64().context("no time of a bare database")?;
        Ok(Outcome { answers, bytes: 0, time: Duration::from_secs_f64(seconds), next: answers })
    }
}
