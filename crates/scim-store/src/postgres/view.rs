use std::sync::Arc;

use scim_app::ports::StoreError;

use super::{Pool, conversation::Conversation};
use crate::{
    dialect::Dialect,
    error::failed,
    session::{Call, Read, Session},
};

/// What was committed when the first statement ran, for all that follow.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A snapshot.
#[derive(Debug)]
pub(crate) struct View(Conversation);

impl View {
    pub(crate) async fn open(pool: &Arc<Pool>) -> Result<Self, StoreError> {
        Ok(Self(Conversation::new(pool.connection().await?, Arc::clone(pool), BEGIN)))
    }
}

impl Session for View {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    async fn execute(&mut self, _: Call) -> Result<u64, StoreError> {
        Err(failed("a snapshot changes nothing"))
    }

    async fn rows<T: Send + 'static>(
        &mut self,
        call: Call,
        read: Read<T>,
    ) -> Result<Vec<T>, StoreError> {
        self.0.rows(&call, read).await
    }

    fn ahead(&mut self, calls: Vec<Call>) {
        self.0.ahead(calls);
    }

    async fn compute<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        tokio::task::spawn_blocking(work).await.map_err(failed)
    }
}

impl Drop for View {
    fn drop(&mut self) {
        self.0.leave("COMMIT");
    }
}
