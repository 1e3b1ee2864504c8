//! The index of blocks: how many users and groups an organization has, and which is the n-th,
//! without a look at all of them.
//!
//! Ids come in their order, nearly, so what is new is beyond the last block and touches none: no
//! creation waits for another. What is deleted, and the rare id that comes late, is counted in its
//! block, and in the span of blocks that this is in, by the same unit. Sealing makes blocks of the tail
//! once it has become long, and spans of the blocks.

mod sealing;

use std::{
    error::Error,
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use scim_app::ports::StoreError;
use tokio::runtime::Handle;
use uuid::Uuid;

use crate::{
    engine::Engine,
    statements::blocks::{Resource, USUAL_TAIL},
};

/// How much is counted together.
#[derive(Clone, Copy, Debug)]
pub struct Lengths {
    /// How many users or groups a block begins with. A page by number passes over half a block, and
    /// every page counts a tail of more than one, row by row where PostgreSQL has not cleaned up yet.
    pub block: u64,
    /// How many blocks a span begins with. A page by number reads a row for each span before it, and
    /// one for each block of its span.
    pub span: u64,
}

impl Lengths {
    /// As it is everywhere: with a million users there are 62 spans.
    pub const USUAL: Self = Self { block: 125, span: 128 };
}

/// How long to leave it after sealing failed, whatever lists come by.
const PAUSE: Duration = Duration::from_secs(10);

/// What the sessions of a store know about blocks.
#[derive(Debug)]
pub(crate) struct Blocks {
    /// Gone with the store: whatever goes on here does not keep it.
    engine: Weak<Engine>,
    block: u64,
    span: u64,
    busy: AtomicBool,
}

/// Whoever seals, until it ends in whatever way.
struct Busy(Arc<Blocks>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.busy.store(false, Ordering::Release);
    }
}

impl Blocks {
    pub(crate) fn new(engine: Weak<Engine>, lengths: Lengths) -> Arc<Self> {
        // A block of none would never end, nor would a span.
        let (block, span) = (lengths.block.max(1), lengths.span.max(1));
        Arc::new(Self { engine, block, span, busy: AtomicBool::new(false) })
    }

    /// How many resources a block begins with.
    pub(crate) const fn length(&self) -> u64 {
        self.block
    }

    /// How many of the newest stay in no block: the clocks of instances differ, so what comes next
    /// may not be beyond them all.
    const fn margin(&self) -> u64 {
        self.block / 2
    }

    /// How much of a tail is counted for a page. One that is as long is not counted to its end.
    pub(crate) fn most_counted(&self) -> u64 {
        self.block.saturating_mul(32).min(USUAL_TAIL)
    }

    /// Told of the length of every tail that somebody met, as far as it was counted; has it sealed
    /// when it is long. Nobody waits for that.
    pub(crate) fn met(
        self: &Arc<Self>,
        organization: Uuid,
        resource: &'static Resource,
        tail: u64,
    ) {
        // Two blocks at a time: to make them takes the organization's row from everybody.
        if tail < self.block.saturating_mul(2).saturating_add(self.margin()) {
            return;
        }
        let Ok(runtime) = Handle::try_current() else { return };
        if self.busy.swap(true, Ordering::Acquire) {
            return;
        }
        let busy = Busy(Arc::clone(self));
        runtime.spawn(async move {
            if let Err(error) = busy.0.seal(organization, resource).await {
                tracing::warn!(
                    error = &error as &dyn Error,
                    "a long list could not be counted into blocks; it stays slow until it is"
                );
                tokio::time::sleep(PAUSE).await;
            }
        });
    }

    /// Makes blocks of the tail, a few in each unit, until it is short or the store is gone.
    pub(crate) async fn seal(
        &self,
        organization: Uuid,
        resource: &'static Resource,
    ) -> Result<(), StoreError> {
        loop {
            let Some(engine) = self.engine.upgrade() else { return Ok(()) };
            let more = match &*engine {
                Engine::Sqlite { writer, .. } => {
                    self.seal_some(writer.lease().await?, organization, resource).await?
                }
                Engine::Postgres { pool, committed } => {
                    let unit = crate::postgres::Unit::begin(pool, committed).await?;
                    self.seal_some(unit, organization, resource).await?
                }
            };
            if !more {
                return Ok(());
            }
        }
    }
}
