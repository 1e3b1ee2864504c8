//! The places for answers that are sent while they are read.
//!
//! Views of the store are few, so the places are, and whoever takes long over an answer has a place
//! for long. Nobody gets all of them: an organization has half of them at most, one of its keys two.

use std::sync::Arc;

use scim_domain::{ApiKeyId, OrganizationId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::super::{
    error::Refusal,
    turns::{Turn, Turns},
};

#[cfg(test)]
mod tests;

/// How many places one key has at most.
const OF_ONE_KEY: usize = 2;

/// How many more requests of one key may wait for a place. They keep their turns meanwhile, and so
/// leave most turns of the key to requests that need no place.
const WAITING: usize = 4;

/// How many requests of an organization may wait for a place: all that have one of their key.
const OF_ANY_KEYS: usize = 1_000_000;

/// All places.
#[derive(Debug)]
pub(super) struct Places {
    of_keys: Turns,
    of_organizations: Turns,
    of_all: Arc<Semaphore>,
}

/// One place, until it is dropped, and with it the turn of its request.
#[derive(Debug)]
pub(super) struct Place {
    _of_all: OwnedSemaphorePermit,
    _of_organization: Turn,
    _of_key: Turn,
    _turn: Arc<Turn>,
}

impl Places {
    /// So many.
    pub(super) fn new(at_once: usize) -> Self {
        let half = (at_once / 2).max(1);
        Self {
            of_keys: Turns::new(half.min(OF_ONE_KEY), WAITING),
            of_organizations: Turns::new(half, OF_ANY_KEYS),
            of_all: Arc::new(Semaphore::new(at_once)),
        }
    }

    /// Waits for a place. Refuses where too many with the same key do.
    pub(super) async fn take(
        &self,
        organization: OrganizationId,
        key: ApiKeyId,
        turn: &Arc<Turn>,
    ) -> Result<Place, Refusal> {
        // The narrowest first: who waits for one of its own takes nothing from others.
        let of_key = self.of_keys.take(key).await?;
        let of_organization = self.of_organizations.take(organization).await?;
        let of_all = Arc::clone(&self.of_all).acquire_owned().await;
        Ok(Place {
            // Nobody closes the semaphore.
            _of_all: of_all.map_err(|_| Refusal::Crowded)?,
            _of_organization: of_organization,
            _of_key: of_key,
            _turn: Arc::clone(turn),
        })
    }
}
