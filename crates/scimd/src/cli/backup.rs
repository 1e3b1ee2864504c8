//! `scimd backup …`

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, bail};
use clap::Args;
use scim_app::ports::StoreError;
use scim_store::back_up_sqlite;
use serde_json::json;

use crate::database::Database;
use crate::database_file::DatabaseFile;
use crate::output::Answer;
use crate::partial::{Partial, Taken};
use crate::schema;
use crate::stop::StopSignals;

/// Where to.
#[derive(Debug, Args)]
pub struct Backup {
    /// A new file for the copy, readable by its owner alone
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
}

impl Backup {
    /// Does it: writes beside the file, checks and syncs what was written, and gives it its name at
    /// the end, so that no half of a copy ever has it.
    ///
    /// # Errors
    /// No such database, a schema that is not this program's, a file that is there already, a copy
    /// that is damaged, or a signal.
    pub async fn run(self, database: &Database) -> anyhow::Result<Answer> {
        let file = embedded(database)?;
        schema::check(database).await?;
        let signals = StopSignals::take()?;
        let partial = Partial::make(&self.output, Taken::Stays)?;
        let copied = copy(file, &partial, signals).await?;
        copied.with_context(|| format!("cannot back up {}", database.shown()))?;
        let (shown, size) = (self.output.display().to_string(), partial.keep()?);
        let text = format!("{shown} is a checked copy of the database, {size} bytes.");
        Ok(Answer { json: json!({ "file": shown, "bytes": size }), text })
    }
}

/// Copies, and checks the copy. A signal ends it, and is an error, once nobody writes any more.
async fn copy(
    file: &DatabaseFile,
    partial: &Partial,
    mut signals: StopSignals,
) -> anyhow::Result<Result<(), StoreError>> {
    let stop = Arc::new(AtomicBool::new(false));
    let (from, to, stops) = (file.path().to_owned(), partial.path().to_owned(), stop.clone());
    let copying = move || back_up_sqlite(&from, &to, scim_migrations::LATEST, &stops);
    let mut copying = tokio::task::spawn_blocking(copying);
    tokio::select! {
        copied = &mut copying => copied.context("the copy broke off"),
        signal = signals.first() => {
            stop.store(true, Ordering::Relaxed);
            // Whatever became of it, nobody wants it any more.
            let _ = copying.await;
            bail!("stopped by {signal}: there is no copy")
        }
    }
}

/// The file of an embedded database.
///
/// # Errors
/// One that is PostgreSQL's; names the tools for it.
fn embedded(database: &Database) -> anyhow::Result<&DatabaseFile> {
    match database {
        Database::File(file) => Ok(file),
        Database::Server(_) => bail!(
            "scimd backup copies the embedded database; for PostgreSQL use pg_dump, or \
             pg_basebackup with its log: docs/operations.md, Backup and restore"
        ),
    }
}

#[cfg(test)]
mod tests;
