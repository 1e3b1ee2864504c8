use std::sync::Arc;

use scim_app::ports::StoreError;
use tokio::sync::Notify;

use super::{
    Pool,
    conversation::{Conversation, Ended, Kind},
    errors::uncommitted,
};
use crate::{
    dialect::Dialect,
    error::{failed, unavailable},
    session::{Call, Read, Session, Transaction},
};

/// A unit of work.
#[derive(Debug)]
pub(crate) struct Unit {
    // Gone only once the unit has ended.
    conversation: Option<Conversation>,
    committed: Arc<Notify>,
}

impl Unit {
    pub(crate) async fn begin(
        pool: &Arc<Pool>,
        committed: &Arc<Notify>,
    ) -> Result<Self, StoreError> {
        let conversation =
            Conversation::new(pool.connection().await?, Arc::clone(pool), Kind::Unit);
        Ok(Self { conversation: Some(conversation), committed: Arc::clone(committed) })
    }

    fn conversation(&mut self) -> Result<&mut Conversation, StoreError> {
        self.conversation.as_mut().ok_or_else(|| failed("the unit has ended"))
    }
}

impl Session for Unit {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    async fn execute(&mut self, call: Call) -> Result<u64, StoreError> {
        self.conversation()?.execute(&call).await
    }

    async fn rows<T: Send + 'static>(
        &mut self,
        call: Call,
        read: Read<T>,
    ) -> Result<Vec<T>, StoreError> {
        self.conversation()?.rows(&call, read).await
    }

    fn ahead(&mut self, calls: Vec<Call>) {
        if let Some(conversation) = &mut self.conversation {
            conversation.ahead(calls);
        }
    }

    async fn compute<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        tokio::task::spawn_blocking(work).await.map_err(failed)
    }
}

impl Transaction for Unit {
    async fn later(&mut self, call: Call) -> Result<(), StoreError> {
        self.conversation()?.later(call);
        Ok(())
    }

    async fn commit(mut self) -> Result<(), StoreError> {
        let conversation = self.conversation.take().ok_or_else(|| failed("the unit has ended"))?;
        match conversation.end("COMMIT").await {
            Ok(()) => {
                self.committed.notify_one();
                Ok(())
            }
            Err(Ended::Failed(error)) => Err(error),
            Err(Ended::Broken) => Err(unavailable("a statement of the unit had failed")),
            Err(Ended::Refused(error)) => Err(uncommitted(error)),
            Err(Ended::Late(error)) => Err(StoreError::Unknown(error)),
        }
    }
}
