//! How long events are kept.

use std::{sync::Arc, time::Duration};

use scim_domain::OrganizationId;

use crate::{
    journal,
    ports::{Clock, Store, StoreError},
};

/// Events taken away in one unit of work: short enough for writers not to notice.
const BATCH: u64 = 500;

/// Takes events away that have been kept long enough.
#[derive(Clone)]
pub struct Retention {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    kept: Duration,
}

impl std::fmt::Debug for Retention {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Retention").field("kept", &self.kept).finish_non_exhaustive()
    }
}

impl Retention {
    /// Keeps events for so long.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, kept: Duration) -> Self {
        Self { store, clock, kept }
    }

    /// Takes away what is older, in all organizations and in small units; stops between two of them
    /// once it should not go on. Answers how many events it took away.
    pub async fn run(&self, go_on: impl Fn() -> bool + Sync) -> Result<u64, StoreError> {
        let organizations = self.store.read().await?.feed().organizations().await?;
        let mut taken = 0;
        for organization in organizations {
            while go_on() {
                let batch = self.batch(organization).await?;
                taken += batch;
                if batch < BATCH {
                    break;
                }
            }
        }
        Ok(taken)
    }

    async fn batch(&self, organization: OrganizationId) -> Result<u64, StoreError> {
        let seconds = i64::try_from(self.kept.as_secs()).unwrap_or(i64::MAX);
        let before = self.clock.now().plus_seconds(-seconds);
        // Most of the time nothing is old enough, and a look takes no writer's turn.
        let oldest = self.store.read().await?.feed().after(organization, 0, 1).await?;
        if oldest.first().is_none_or(|oldest| oldest.record.at >= before) {
            return Ok(0);
        }
        let mut unit = self.store.begin().await?;
        let taken = unit.outbox().forget(organization, before, BATCH).await?;
        journal::commit_bookkeeping(unit).await?;
        Ok(taken)
    }
}
