//! `scimd migrate …`

use clap::Subcommand;
use serde_json::json;

use crate::database::Database;
use crate::output::{Answer, table};
use crate::schema;

/// The commands for the schema.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Migrate {
    /// Apply every migration that is missing
    Up,
    /// Undo the latest migration, or several, with the data they hold
    ///
    /// Stop the server first.
    Down {
        /// How many to undo
        #[arg(long, default_value_t = 1, value_name = "NUMBER")]
        steps: u32,
        /// Undo all of them, which leaves an empty database
        #[arg(long, conflicts_with = "steps")]
        all: bool,
    },
    /// List the migrations, oldest first, and whether each is applied
    Status,
}

impl Migrate {
    /// Does it.
    ///
    /// # Errors
    /// A database that cannot be read or changed.
    pub async fn run(self, database: &Database) -> anyhow::Result<Answer> {
        match self {
            Self::Up => up(database).await,
            Self::Down { steps, all } => down(database, (!all).then_some(steps)).await,
            Self::Status => status(database).await,
        }
    }
}

async fn up(database: &Database) -> anyhow::Result<Answer> {
    database.prepare()?;
    let applied = schema::up(database, &database.lock().await?).await?;
    let text = if applied.is_empty() {
        "The schema is up to date.".to_owned()
    } else {
        format!("Applied {}:\n{}", count(applied.len()), indented(&applied))
    };
    Ok(Answer { json: json!({ "applied": applied }), text })
}

async fn down(database: &Database, steps: Option<u32>) -> anyhow::Result<Answer> {
    if !database.may_hold_something() {
        anyhow::bail!("there is no database at {}", database.shown());
    }
    let undone = schema::down(database, &database.lock().await?, steps).await?;
    let text = if undone.is_empty() {
        "There is nothing to undo: the database is empty.".to_owned()
    } else {
        format!("Undid {}:\n{}", count(undone.len()), indented(&undone))
    };
    Ok(Answer { json: json!({ "undone": undone }), text })
}

async fn status(database: &Database) -> anyhow::Result<Answer> {
    let steps = schema::status(database).await?;
    let json = steps.iter().map(|step| json!({ "name": step.name, "applied": step.applied }));
    let json = json.collect();
    let word = |applied| if applied { "applied" } else { "missing" };
    let rows: Vec<_> =
        steps.into_iter().map(|step| [step.name, word(step.applied).to_owned()]).collect();
    Ok(Answer { json, text: table("There are no migrations.", ["migration", "state"], &rows) })
}

fn count(number: usize) -> String {
    if number == 1 { "1 migration".to_owned() } else { format!("{number} migrations") }
}

fn indented(names: &[String]) -> String {
    names.iter().map(|name| format!("  {name}")).collect::<Vec<_>>().join("\n")
}
