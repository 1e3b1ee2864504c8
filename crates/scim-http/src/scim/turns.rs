//! So many requests of one credential are worked on at once; the others of it wait for those, and
//! not before the requests of everybody else.
//!
//! Whose request it is, is known once its key was read, which costs as much as a short answer. So
//! requests queue by the credential that they show, before anything is asked of the database:
//! whoever floods the service has as many requests in it as anybody may have, and waits in a queue
//! of its own. The credential is compared whole. A forged one of a known key queues apart, and takes
//! nothing from the key.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, Hash, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::Refusal;

#[cfg(test)]
mod tests;

/// How many more requests of one credential may wait. The last of them are answered in time by any
/// database that works.
const WAITING: usize = 1_000;

/// Those who are here, by their credential.
#[derive(Clone, Debug)]
pub(super) struct Turns(Arc<All>);

#[derive(Debug)]
struct All {
    at_once: usize,
    hasher: RandomState,
    present: Mutex<HashMap<u64, Queue>>,
}

#[derive(Debug)]
struct Queue {
    present: usize,
    turns: Arc<Semaphore>,
}

/// One request that is worked on, until it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    // Given back before the place is: fields are dropped in their order.
    _permit: OwnedSemaphorePermit,
    _place: Place,
}

/// One request that is here.
#[derive(Debug)]
struct Place {
    all: Arc<All>,
    credential: u64,
}

impl Turns {
    /// With so many turns of one credential at once.
    pub(super) fn new(at_once: usize) -> Self {
        let (hasher, present) = (RandomState::new(), Mutex::default());
        Self(Arc::new(All { at_once, hasher, present }))
    }

    /// Waits for the turn of a request with this credential.
    pub(super) async fn take(&self, credential: impl Hash) -> Result<Turn, Refusal> {
        let (place, turns) = self.enter(self.0.hasher.hash_one(credential))?;
        // Nobody closes the semaphore.
        let permit = turns.acquire_owned().await.map_err(|_| Refusal::Crowded)?;
        Ok(Turn { _permit: permit, _place: place })
    }

    fn enter(&self, credential: u64) -> Result<(Place, Arc<Semaphore>), Refusal> {
        let at_once = self.0.at_once;
        let mut present = self.0.present();
        let queue = present
            .entry(credential)
            .or_insert_with(|| Queue { present: 0, turns: Arc::new(Semaphore::new(at_once)) });
        if queue.present >= at_once + WAITING {
            return Err(Refusal::Crowded);
        }
        queue.present += 1;
        Ok((Place { all: Arc::clone(&self.0), credential }, Arc::clone(&queue.turns)))
    }
}

impl All {
    fn present(&self) -> MutexGuard<'_, HashMap<u64, Queue>> {
        // Nothing that is done under it can stop halfway.
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut present = self.all.present();
        if let Some(queue) = present.get_mut(&self.credential) {
            queue.present -= 1;
            if queue.present == 0 {
                present.remove(&self.credential);
            }
        }
    }
}
