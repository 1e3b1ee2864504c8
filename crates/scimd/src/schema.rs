//! The schema of the database beside the one this program speaks to.

use std::error::Error as _;

use anyhow::{Context as _, anyhow, ensure};
use scim_migrations::MigrationError;

use crate::database::{Database, Lock};

/// A step of the schema's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name, which sorts by age.
    pub name: String,
    /// Whether the database has it.
    pub applied: bool,
}

/// All steps, oldest first. Changes nothing, and makes no database where there is none.
///
/// # Errors
/// A database that cannot be read, or one that a newer program has migrated.
pub async fn status(database: &Database) -> anyhow::Result<Vec<Step>> {
    let steps = scim_migrations::status(&database.url())
        .await
        .map_err(|error| unreadable(database, &error))?;
    Ok(steps.into_iter().map(|(name, applied)| Step { name, applied }).collect())
}

/// Applies what is missing, and gives its names. The lock shows that nobody else does.
///
/// # Errors
/// A database that cannot be read or changed, or one that a newer program has migrated.
pub async fn up(database: &Database, _lock: &Lock) -> anyhow::Result<Vec<String>> {
    let missing = missing(database).await?;
    if !missing.is_empty() {
        scim_migrations::up(&database.url()).await.with_context(|| failed(database))?;
    }
    Ok(missing)
}

/// Undoes the latest steps, and gives their names, the latest first.
///
/// # Errors
/// No such database, or one that cannot be read or changed.
pub async fn down(
    database: &Database,
    _lock: &Lock,
    steps: Option<u32>,
) -> anyhow::Result<Vec<String>> {
    let all = status(database).await?;
    let applied = all.into_iter().rev().filter(|step| step.applied).map(|step| step.name);
    let limit = steps.map_or(usize::MAX, |steps| usize::try_from(steps).unwrap_or(usize::MAX));
    let undone: Vec<String> = applied.take(limit).collect();
    let count = u32::try_from(undone.len()).unwrap_or(u32::MAX);
    if count > 0 {
        scim_migrations::down(&database.url(), count).await.with_context(|| failed(database))?;
    }
    Ok(undone)
}

/// Refuses a database whose schema is not the program's.
///
/// # Errors
/// No such database, an older or a newer schema; says what to do.
pub async fn check(database: &Database) -> anyhow::Result<()> {
    database.exists()?;
    let shown = database.shown();
    let steps = status(database).await?;
    let missing = steps.iter().filter(|step| !step.applied).count();
    ensure!(
        missing == 0,
        "the schema of {shown} lacks {missing} of {} migrations: run `scimd migrate up`",
        steps.len()
    );
    Ok(())
}

async fn missing(database: &Database) -> anyhow::Result<Vec<String>> {
    let steps = status(database).await?;
    Ok(steps.into_iter().filter(|step| !step.applied).map(|step| step.name).collect())
}

fn failed(database: &Database) -> String {
    format!("migrating {} failed", database.shown())
}

/// What to say of a database that cannot be read: which it is, and why.
pub fn unreadable(database: &Database, error: &MigrationError) -> anyhow::Error {
    let shown = database.shown();
    let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    match error {
        MigrationError::Unreachable(_) => anyhow!("{shown} cannot be reached: {cause}"),
        MigrationError::File(_) | MigrationError::Database(_) => {
            anyhow!("{shown} is no database of this scimd; it may be from a newer one: {cause}")
        }
    }
}
