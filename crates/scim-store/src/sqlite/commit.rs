//! Durable commits, shared by all units that wait for one.

use std::{sync::mpsc, time::Instant};

use rusqlite::{Connection, ErrorCode};
use scim_app::ports::StoreError;
use tokio::sync::{OwnedMutexGuard, oneshot};

use super::values::run;
use crate::error::unavailable;

/// What became of a commit; told to everybody who waited for it.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// It is on the disk.
    Durable,
    /// It surely did not happen.
    Undone(String),
    /// It may have happened: the disk failed in the middle of it.
    Unknown(String),
}

impl Outcome {
    pub(super) fn into_result(self) -> Result<(), StoreError> {
        match self {
            Self::Durable => Ok(()),
            Self::Undone(reason) => Err(unavailable(reason)),
            Self::Unknown(reason) => Err(StoreError::Unknown(reason.into())),
        }
    }
}

/// The writer's connection, with what was done on it since the last commit.
pub(super) struct Batch {
    pub(super) connection: Connection,
    /// Since when a transaction is open; none between batches.
    pub(super) open: Option<Instant>,
    /// Those whose work is part of it, and who have been told nothing yet.
    pub(super) waiting: Vec<oneshot::Sender<Outcome>>,
    /// How many commits there were.
    pub(super) commits: u64,
}

impl Batch {
    /// Whether the transaction ended by itself, as it does when the disk is full or fails: then
    /// nobody's work is in it any more.
    pub(super) fn is_lost(&self) -> bool {
        self.open.is_some() && self.connection.is_autocommit()
    }

    /// Ends a transaction that nobody's work is in.
    pub(super) fn discard(&mut self) {
        if !self.connection.is_autocommit() {
            // Should this fail, the next one to lease the connection tries again.
            let _ = run(&self.connection, "ROLLBACK");
        }
        self.open = None;
    }

    /// Ends the transaction in one way or the other, and hands over those who are to be told.
    fn end(&mut self) -> (Outcome, Vec<oneshot::Sender<Outcome>>) {
        let outcome = if self.connection.is_autocommit() {
            Outcome::Undone("the transaction was rolled back by the database".to_owned())
        } else {
            match run(&self.connection, "COMMIT") {
                Ok(()) => Outcome::Durable,
                Err(error) => self.abandon(&error),
            }
        };
        if matches!(outcome, Outcome::Durable) {
            self.commits += 1;
        }
        self.open = None;
        (outcome, std::mem::take(&mut self.waiting))
    }

    /// A commit failed: makes sure that nothing of it stays, and says how sure that is.
    fn abandon(&self, error: &rusqlite::Error) -> Outcome {
        let reason = error.to_string();
        if !self.connection.is_autocommit() && run(&self.connection, "ROLLBACK").is_err() {
            return Outcome::Unknown(reason);
        }
        match error.sqlite_error_code() {
            // The disk failed on the way: for all SQLite knows, the log may hold the commit.
            None | Some(ErrorCode::SystemIoFailure) => Outcome::Unknown(reason),
            Some(_) => Outcome::Undone(reason),
        }
    }
}

/// Commits, lets the next batch begin, then tells those who waited.
pub(super) fn commit(mut batch: OwnedMutexGuard<Batch>) {
    let (outcome, waiting) = batch.end();
    drop(batch);
    if let Outcome::Undone(reason) | Outcome::Unknown(reason) = &outcome
        && !waiting.is_empty()
    {
        tracing::error!(units = waiting.len(), reason, "a commit failed");
    }
    for unit in waiting {
        // Whoever no longer waits does not need to know.
        let _ = unit.send(outcome.clone());
    }
}

/// The thread that commits: syncing a disk takes milliseconds, which no thread that serves
/// requests has. It ends when the sender is dropped.
pub(super) fn committer() -> Result<mpsc::Sender<OwnedMutexGuard<Batch>>, StoreError> {
    let (sender, batches) = mpsc::channel();
    let work = move || {
        for batch in batches {
            commit(batch);
        }
    };
    let thread = std::thread::Builder::new().name("sqlite-commit".to_owned());
    thread.spawn(work).map_err(unavailable)?;
    Ok(sender)
}
