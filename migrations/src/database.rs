use std::time::Duration;

use sea_orm_migration::{
    MigrationStatus, MigratorTrait,
    sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr},
};

use crate::{Migrator, address};

/// Why the schema could not be read or changed.
#[derive(Debug)]
pub enum MigrationError {
    /// The file of an SQLite database could not be made.
    File(std::io::Error),
    /// There was no connection to the database.
    Unreachable(DbErr),
    /// The database refused.
    Database(DbErr),
}

impl std::fmt::Display for MigrationError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(_) => f.write_str("the database file cannot be made"),
            Self::Unreachable(_) => f.write_str("the database cannot be reached"),
            Self::Database(_) => f.write_str("the database cannot be migrated"),
        }
    }
}

impl std::error::Error for MigrationError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File(source) => Some(source),
            Self::Unreachable(source) | Self::Database(source) => Some(source),
        }
    }
}

impl From<DbErr> for MigrationError {
    fn from(source: DbErr) -> Self {
        match source {
            DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => Self::Unreachable(source),
            other => Self::Database(other),
        }
    }
}

/// Brings the database to [`crate::LATEST`]; makes the file of an SQLite database, readable by its
/// owner alone, if there is none.
///
/// `url` is `sqlite://PATH` or `postgres://…`. On SQLite the caller keeps other processes away.
pub async fn up(url: &str) -> Result<(), MigrationError> {
    make_file(url)?;
    let locked = Locked::take(url).await?;
    let outcome = Migrator::up(&locked.0, None).await;
    locked.release(outcome).await
}

/// Takes the newest `steps` steps back, with the data they hold.
pub async fn down(url: &str, steps: u32) -> Result<(), MigrationError> {
    let locked = Locked::take(url).await?;
    let outcome = Migrator::down(&locked.0, Some(steps)).await;
    locked.release(outcome).await
}

/// Drops everything in the database and builds the schema anew.
pub async fn fresh(url: &str) -> Result<(), MigrationError> {
    make_file(url)?;
    let locked = Locked::take(url).await?;
    let outcome = Migrator::fresh(&locked.0).await;
    locked.release(outcome).await
}

/// Every step, oldest first, and whether it is applied. Changes nothing, and fails if there is no
/// such database or if it has steps that this program does not know.
pub async fn status(url: &str) -> Result<Vec<(String, bool)>, MigrationError> {
    let connection = connect(url).await?;
    let steps = Migrator::get_migration_with_status_read_only(&connection).await;
    connection.close().await?;
    let told = |it: &sea_orm_migration::Migration| {
        (it.name().to_owned(), it.status() == MigrationStatus::Applied)
    };
    Ok(steps?.iter().map(told).collect())
}

/// The names of the steps that [`up`] would take; fails like [`status`].
pub async fn pending(url: &str) -> Result<Vec<String>, MigrationError> {
    let steps = status(url).await?;
    Ok(steps.into_iter().filter(|(_, applied)| !applied).map(|(name, _)| name).collect())
}

/// One connection; on PostgreSQL it holds the lock that lets one instance migrate at a time.
struct Locked(DatabaseConnection);

/// Any number that nobody else uses for an advisory lock: "scimd" in ASCII.
const LOCK: i64 = 495_589_092_708;

impl Locked {
    async fn take(url: &str) -> Result<Self, DbErr> {
        let connection = connect(url).await?;
        if connection.get_database_backend() == DbBackend::Postgres {
            connection.execute_unprepared(&format!("SELECT pg_advisory_lock({LOCK})")).await?;
        }
        Ok(Self(connection))
    }

    /// Closing the connection gives the lock back, whatever became of the migration.
    async fn release(self, outcome: Result<(), DbErr>) -> Result<(), MigrationError> {
        let closed = self.0.close().await;
        outcome?;
        Ok(closed?)
    }
}

/// Any other number: "start" in ASCII.
const START: i64 = 495_874_110_068;

/// The turn of one process among all that prepare the same PostgreSQL database: from a look at what
/// is there to everything that follows from it. It ends when this is dropped, or the process.
///
/// What is only one step of it takes a lock of its own, so a turn may hold migrations.
#[derive(Debug)]
pub struct Turn(
    #[expect(dead_code, reason = "held for its lock, which ends with it")] DatabaseConnection,
);

impl Turn {
    /// Waits for the turn.
    pub async fn take(url: &str) -> Result<Self, MigrationError> {
        let connection = connect(url).await?;
        connection.execute_unprepared(&format!("SELECT pg_advisory_lock({START})")).await?;
        Ok(Self(connection))
    }
}

/// How long a server may take to let a connection in.
const PATIENCE: Duration = Duration::from_secs(10);

async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(address::for_sqlx(url));
    options
        .connect_timeout(PATIENCE)
        .acquire_timeout(PATIENCE)
        .max_connections(1)
        .min_connections(1)
        .sqlx_logging(false)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>);
    Database::connect(options).await
}

fn make_file(url: &str) -> Result<(), MigrationError> {
    let Some(path) = url.strip_prefix("sqlite://") else { return Ok(()) };
    let path = path.split('?').next().unwrap_or(path);
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(MigrationError::File)
}
