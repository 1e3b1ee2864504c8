use std::{fmt, sync::Arc};

use scim_app::ports::{Ahead, StoreError};

use super::{
    Pool,
    conversation::{Conversation, Kind},
    together::{self, Told},
};
use crate::{
    dialect::Dialect,
    error::failed,
    session::{Call, Read, Session},
};

/// A snapshot.
pub(crate) struct View {
    conversation: Conversation,
    /// What will be asked for, until the key is.
    wanted: Ahead,
    /// What was told together with the key, before there was a transaction.
    told: Option<Told>,
}

impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What was told is personal data.
        f.debug_struct("View").field("conversation", &self.conversation).finish_non_exhaustive()
    }
}

impl View {
    pub(crate) async fn open(pool: &Arc<Pool>) -> Result<Self, StoreError> {
        let conversation =
            Conversation::new(pool.connection().await?, Arc::clone(pool), Kind::View);
        Ok(Self { conversation, wanted: Ahead::Nothing, told: None })
    }

    /// The key, and all that is wanted with it, outside of a transaction.
    async fn first<T>(&mut self, call: Call, read: Read<T>) -> Result<Vec<T>, StoreError> {
        let wanted = std::mem::replace(&mut self.wanted, Ahead::Nothing);
        let rows = self.conversation.alone(&call).await?;
        let told = Told::new(call, rows, wanted);
        let key = told.key(read);
        self.told = Some(told);
        key
    }

    /// Another statement, with a look at whether what was told before still holds: then that and
    /// this are of one state.
    async fn next<T>(&mut self, call: &Call, read: Read<T>) -> Result<Vec<T>, StoreError> {
        let Some(told) = self.told.as_mut().filter(|it| !it.fixed) else {
            return self.conversation.rows(call, read).await;
        };
        self.conversation.ahead(vec![told.call.clone()]);
        let answer = self.conversation.rows(call, read).await?;
        let again = self.conversation.take_kept(&told.call).unwrap_or_default();
        if !told.is_still(&again) {
            return Err(StoreError::Conflict("what was read first has changed".into()));
        }
        told.fixed = true;
        Ok(answer)
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
        if !self.conversation.has_begun()
            && let Some(all) = together::call(&call, &self.wanted)
        {
            return self.first(all, read).await;
        }
        if let Some(told) = &self.told
            && let Some(answer) = told.answer(&call, read)?
        {
            return Ok(answer);
        }
        self.next(&call, read).await
    }

    fn together(&mut self, wanted: &Ahead) {
        self.wanted = wanted.clone();
    }

    async fn compute<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        tokio::task::spawn_blocking(work).await.map_err(failed)
    }
}
