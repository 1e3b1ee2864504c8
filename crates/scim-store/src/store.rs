use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use scim_app::ports::{Snapshot, Store, StoreError, UnitOfWork};
use tokio::sync::Notify;

use crate::{
    dialect::Dialect,
    error::unavailable,
    repositories::{Reading, Writing},
    rows::read_text,
    session::Session,
    sqlite::{Connector, Counter, Readers, SqliteOptions, Writer},
    statements,
};

/// The store on an SQL database.
#[derive(Debug)]
pub struct SqlStore {
    readers: Arc<Readers>,
    writer: Arc<Writer>,
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
        Ok(Self {
            writer: Writer::new(&connector, options)?,
            statements: connector.counter(),
            readers: Readers::new(connector, options)?,
            schema: options.schema,
        })
    }

    /// How many statements have run since the store was opened, without those that begin and end
    /// transactions.
    pub fn statements(&self) -> u64 {
        self.statements.get()
    }

    /// How many durable commits there were since the store was opened; units share them.
    pub async fn commits(&self) -> u64 {
        self.writer.commits().await
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
}

#[async_trait]
impl Store for SqlStore {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        Ok(Box::new(Writing::new(self.writer.lease().await?)))
    }

    async fn read(&self) -> Result<Box<dyn Snapshot>, StoreError> {
        Ok(Box::new(Reading::new(self.readers.view().await?)))
    }

    fn committed(&self) -> Arc<Notify> {
        self.writer.committed()
    }

    async fn ready(&self) -> Result<(), StoreError> {
        let mut view = self.readers.view().await?;
        let newest = view.first(statements::schema::NEWEST.call([1_i64.into()]), read_text).await?;
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
