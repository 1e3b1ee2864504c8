use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::Connection;
use scim_app::ports::StoreError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    SqliteOptions,
    connection::{Connector, Purpose},
    values::{query, refused, run},
};
use crate::{
    dialect::Dialect,
    error::{failed, unavailable},
    session::{Call, Cost, Read, Session},
};

/// How many snapshots can be open at once. What is read in one is read in microseconds, so more
/// would only cost memory.
const MOST_SNAPSHOTS: usize = 64;

/// How many long scans run at once; the rest of the machine belongs to short requests.
const MOST_SCANS: usize = 2;

/// The read connections.
#[derive(Debug)]
pub(crate) struct Readers {
    connector: Connector,
    idle: Mutex<Vec<Connection>>,
    options: SqliteOptions,
    snapshots: Arc<Semaphore>,
    scans: Semaphore,
}

impl Readers {
    pub(crate) fn new(
        connector: Connector,
        options: SqliteOptions,
    ) -> Result<Arc<Self>, StoreError> {
        let idle = vec![connector.connect(Purpose::Read)?];
        Ok(Arc::new(Self {
            connector,
            idle: Mutex::new(idle),
            options,
            snapshots: Arc::new(Semaphore::new(MOST_SNAPSHOTS)),
            scans: Semaphore::new(MOST_SCANS),
        }))
    }

    /// One consistent view, on a connection of its own until it is dropped.
    pub(crate) async fn view(self: &Arc<Self>) -> Result<View, StoreError> {
        let permit = self.permit().await?;
        let idle = self.idle.lock().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.connector.connect(Purpose::Read)?,
        };
        run(&connection, "BEGIN").map_err(refused)?;
        Ok(View { connection: Some(connection), readers: Arc::clone(self), _permit: permit })
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, StoreError> {
        if let Ok(permit) = Arc::clone(&self.snapshots).try_acquire_owned() {
            return Ok(permit);
        }
        let waiting = Arc::clone(&self.snapshots).acquire_owned();
        let waited = tokio::time::timeout(self.options.patience, waiting).await;
        waited.map_err(unavailable)?.map_err(failed)
    }
}

/// A snapshot: what was committed when its first statement ran.
#[derive(Debug)]
pub(crate) struct View {
    // Away while a scan runs with it, and for good if that scan's caller went away.
    connection: Option<Connection>,
    readers: Arc<Readers>,
    _permit: OwnedSemaphorePermit,
}

fn gone() -> StoreError {
    failed("the snapshot was left in the middle of a scan")
}

impl View {
    async fn scan<T: Send + 'static>(
        &mut self,
        call: Call,
        read: Read<T>,
    ) -> Result<Vec<T>, StoreError> {
        let connection = self.connection.take().ok_or_else(gone)?;
        let scan = move || {
            let rows = query(&connection, &call, read);
            (connection, rows)
        };
        let (connection, rows) = self.compute(scan).await?;
        self.connection = Some(connection);
        rows
    }
}

impl Session for View {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    async fn execute(&mut self, _: Call) -> Result<u64, StoreError> {
        Err(failed("a snapshot changes nothing"))
    }

    async fn rows<T: Send + 'static>(
        &mut self,
        call: Call,
        read: Read<T>,
    ) -> Result<Vec<T>, StoreError> {
        self.readers.connector.statements.add();
        match call.cost {
            Cost::Point => query(self.connection.as_ref().ok_or_else(gone)?, &call, read),
            Cost::Scan => self.scan(call, read).await,
        }
    }

    async fn compute<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        // Whoever waits holds a snapshot, of which there are so many: not for ever.
        let waiting = self.readers.scans.acquire();
        let waited = tokio::time::timeout(self.readers.options.patience, waiting).await;
        let _turn = waited.map_err(unavailable)?.map_err(failed)?;
        tokio::task::spawn_blocking(work).await.map_err(failed)
    }
}

impl Drop for View {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if run(&connection, "COMMIT").is_err() {
            return;
        }
        let mut idle = self.readers.idle.lock();
        if idle.len() < self.readers.options.readers {
            idle.push(connection);
        }
    }
}
