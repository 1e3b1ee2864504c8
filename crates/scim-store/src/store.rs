use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use scim_app::ports::{Snapshot, Store, StoreError, UnitOfWork};
use scim_domain::OrganizationId;
use tokio::sync::Notify;

use crate::{
    blocks::{Blocks, Lengths},
    counter::Counter,
    dialect::Dialect,
    engine::Engine,
    error::unavailable,
    postgres::{Pool, PostgresOptions, Unit, View},
    repositories::{Reading, Writing},
    rows::read_text,
    session::Session,
    sqlite::{Connector, Readers, SqliteOptions, Writer},
    statements,
};

/// The store on an SQL database.
#[derive(Debug)]
pub struct SqlStore {
    engine: Arc<Engine>,
    blocks: Arc<Blocks>,
    statements: Counter,
    schema: &'static str,
}

/// The text of a statement that the store keeps, for inspection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptStatement {
    /// Table and verb.
    pub name: &'static str,
    /// The text for SQLite.
    pub sqlite: &'static str,
    /// The text for PostgreSQL.
    pub postgres: &'static str,
}

impl SqlStore {
    /// Opens an SQLite database; makes the file, readable by its owner alone, if there is none.
    /// Does not migrate it: see [`Store::ready`].
    ///
    /// Several processes may open the same file; their units of work take turns.
    pub fn open_sqlite(path: &Path, options: SqliteOptions) -> Result<Self, StoreError> {
        let connector = Connector::new(path)?;
        let (writer, statements) = (Writer::new(&connector, options)?, connector.counter());
        let engine = Engine::Sqlite { writer, readers: Readers::new(connector, options)? };
        Ok(Self::on(engine, statements, options.blocks, options.schema))
    }

    /// Speaks to a PostgreSQL database, `postgres://…`, once it is asked for something. Call it
    /// inside the runtime that shall serve the connections. Does not migrate it: see
    /// [`Store::ready`].
    ///
    /// Any number of processes may use the same database; nothing that one needs is in another.
    pub fn open_postgres(url: &str, options: PostgresOptions) -> Result<Self, StoreError> {
        let pool = Pool::new(url, options)?;
        let statements = pool.counter();
        let engine = Engine::Postgres { pool, committed: Arc::default() };
        Ok(Self::on(engine, statements, options.blocks, options.schema))
    }

    fn on(engine: Engine, statements: Counter, blocks: Lengths, schema: &'static str) -> Self {
        let engine = Arc::new(engine);
        let blocks = Blocks::new(Arc::downgrade(&engine), blocks);
        Self { engine, blocks, statements, schema }
    }

    /// Counts the users and groups of an organization into blocks, so that lists of many are as
    /// quick as lists of few. The store does so by itself, beside what it serves, when it comes upon
    /// a list that has become long; several instances may be at it.
    pub async fn seal(&self, organization: OrganizationId) -> Result<(), StoreError> {
        self.blocks.seal(organization.uuid(), &statements::blocks::USERS).await?;
        self.blocks.seal(organization.uuid(), &statements::blocks::GROUPS).await
    }

    /// How many statements have run since the store was opened, without those that begin and end
    /// transactions.
    pub fn statements(&self) -> u64 {
        self.statements.get()
    }

    /// How many durable commits there were since the store was opened; units share them. Known of
    /// SQLite alone: PostgreSQL shares them among all its clients.
    pub async fn commits(&self) -> Option<u64> {
        match &*self.engine {
            Engine::Sqlite { writer, .. } => Some(writer.commits().await),
            Engine::Postgres { .. } => None,
        }
    }

    /// Every statement whose text is kept, in every size. Those of searches are made for their
    /// filters and not among them.
    pub fn kept_statements() -> Vec<KeptStatement> {
        let texts = |kept: &'static crate::kept::Kept| {
            let [sqlite, postgres] = Dialect::ALL.map(|dialect| kept.texts(dialect));
            sqlite.into_iter().zip(postgres).map(|(sqlite, postgres)| KeptStatement {
                name: kept.name(),
                sqlite,
                postgres,
            })
        };
        statements::all().flat_map(texts).collect()
    }

    /// Name and text of the statements that are PostgreSQL's alone, for tests.
    pub fn postgres_statements() -> Vec<(&'static str, &'static str)> {
        let texts = |kept: &'static crate::kept::Kept| {
            kept.texts(Dialect::Postgres).into_iter().map(|text| (kept.name(), text))
        };
        crate::postgres::ALL.iter().copied().flat_map(texts).collect()
    }
}

#[async_trait]
impl Store for SqlStore {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let blocks = Arc::clone(&self.blocks);
        Ok(match &*self.engine {
            Engine::Sqlite { writer, .. } => Box::new(Writing::new(writer.lease().await?, blocks)),
            Engine::Postgres { pool, committed } => {
                Box::new(Writing::new(Unit::begin(pool, committed).await?, blocks))
            }
        })
    }

    async fn read(&self) -> Result<Box<dyn Snapshot>, StoreError> {
        let blocks = Arc::clone(&self.blocks);
        Ok(match &*self.engine {
            Engine::Sqlite { readers, .. } => Box::new(Reading::new(readers.view().await?, blocks)),
            Engine::Postgres { pool, .. } => {
                Box::new(Reading::new(View::open(pool).await?, blocks))
            }
        })
    }

    fn committed(&self) -> Arc<Notify> {
        match &*self.engine {
            Engine::Sqlite { writer, .. } => writer.committed(),
            Engine::Postgres { committed, .. } => Arc::clone(committed),
        }
    }

    async fn ready(&self) -> Result<(), StoreError> {
        let newest = match &*self.engine {
            Engine::Sqlite { readers, .. } => newest(&mut readers.view().await?).await?,
            Engine::Postgres { pool, .. } => newest(&mut View::open(pool).await?).await?,
        };
        match newest.as_deref() {
            Some(newest) if newest == self.schema => Ok(()),
            Some(newest) => Err(unavailable(format!(
                "the schema of the database is {newest}, this program's is {}",
                self.schema
            ))),
            None => Err(unavailable("the database has no schema yet")),
        }
    }
}

/// The newest migration of the database.
async fn newest(session: &mut impl Session) -> Result<Option<String>, StoreError> {
    session.first(statements::schema::NEWEST.call([1_i64.into()]), read_text).await
}
