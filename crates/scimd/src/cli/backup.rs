//! `scimd backup …`

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use scim_store::back_up_sqlite;
use serde_json::json;

use crate::database::Database;
use crate::database_file::DatabaseFile;
use crate::output::Answer;
use crate::schema;

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
    /// No such database, a schema that is not this program's, a file that is there already, or a
    /// copy that is damaged.
    pub async fn run(self, database: &Database) -> anyhow::Result<Answer> {
        let file = embedded(database)?;
        schema::check(database).await?;
        let shown = self.output.display().to_string();
        ensure!(!self.output.exists(), "{shown} is there already: a backup overwrites nothing");
        let partial = Partial::make(&self.output)?;
        let (from, to) = (file.path().to_owned(), partial.0.clone());
        let copying = move || back_up_sqlite(&from, &to, scim_migrations::LATEST);
        let copied = tokio::task::spawn_blocking(copying).await.context("the copy broke off")?;
        copied.with_context(|| format!("cannot back up {}", database.shown()))?;
        let size = partial.keep_as(&self.output)?;
        let text = format!("{shown} is a checked copy of the database, {size} bytes.");
        Ok(Answer { json: json!({ "file": shown, "bytes": size }), text })
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

/// A copy that is being written. Gone with it, unless it is kept.
struct Partial(PathBuf);

impl Partial {
    /// An empty file for its owner alone, beside the one that it becomes.
    fn make(output: &Path) -> anyhow::Result<Self> {
        let mut name = output.file_name().context("the output names no file")?.to_owned();
        name.push(format!(".{}.partial", std::process::id()));
        let path = output.with_file_name(name);
        let mut options = OpenOptions::new();
        let made = options.write(true).create_new(true).mode(0o600).open(&path);
        made.with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self(path))
    }

    /// Makes it durable and gives it its name, unless somebody has taken that meanwhile; answers
    /// its size in bytes.
    fn keep_as(self, output: &Path) -> anyhow::Result<u64> {
        let keep = || {
            let file = File::open(&self.0)?;
            file.sync_all()?;
            // Unlike renaming, this overwrites nothing; not every file system has it.
            if let Err(error) = std::fs::hard_link(&self.0, output) {
                if output.exists() {
                    return Err(error);
                }
                std::fs::rename(&self.0, output)?;
            }
            let directory = output.parent().filter(|it| !it.as_os_str().is_empty());
            File::open(directory.unwrap_or(Path::new(".")))?.sync_all()?;
            Ok::<u64, std::io::Error>(file.metadata()?.len())
        };
        keep().map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                anyhow::anyhow!(
                    "{} is there already: a backup overwrites nothing",
                    output.display()
                )
            }
            _ => anyhow::Error::new(error).context(format!("cannot keep {}", output.display())),
        })
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Under its name or not at all.
        let _ = std::fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests;
