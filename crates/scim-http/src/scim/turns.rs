//! So many requests of one credential are worked on at once; the others of it wait for those, and
//! not before the requests of everybody else.
//!
//! Whose request it is, is known once its key was read, which costs as much as a short answer. So
//! requests queue by the credential that they show, before anything is asked of the database:
//! whoever floods the service has as many requests in it as anybody may have, and waits in a queue
//! of its own. The credential is compared whole. A forged one of a known key queues apart, and takes
//! nothing from the key.
//!
//! A turn is held by all who do something for its request, and given back with the last of them: by
//! a write whose client has hung up, too. Who only waits for its client steps aside.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, Hash, RandomState},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::Refusal;

#[cfg(test)]
mod tests;

/// How many requests of one credential may have stepped aside at once. Each may have a body in memory,
/// as each that has its turn may: with 16 turns and 16 MiB for the largest body that is 384 MiB.
const ASIDE: usize = 8;

/// Those who are here, by their credential.
#[derive(Clone, Debug)]
pub(super) struct Turns(Arc<All>);

#[derive(Debug)]
struct All {
    at_once: usize,
    /// How many may be here.
    most: usize,
    /// Of how many credentials as many are here.
    crowded: AtomicUsize,
    hasher: RandomState,
    present: Mutex<HashMap<u64, Queue>>,
}

#[derive(Debug)]
struct Queue {
    present: usize,
    aside: usize,
    turns: Arc<Semaphore>,
}

/// As many requests of the credential are here as may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Crowded;

/// One request that is here, and has no turn yet.
#[derive(Debug)]
pub(super) struct Waiting {
    place: Place,
    turns: Arc<Semaphore>,
}

/// One request that is worked on, until it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    /// None while the request has stepped aside. Given back before the place is: fields are dropped
    /// in their order.
    permit: Mutex<Option<OwnedSemaphorePermit>>,
    place: Place,
}

/// A request that lets others have its turn, until it comes back.
#[derive(Debug)]
pub(super) struct Aside(Arc<Turn>);

/// One request that is here.
#[derive(Debug)]
struct Place {
    all: Arc<All>,
    credential: u64,
}

impl Turns {
    /// With so many turns of one credential at once, and so many more requests of it that may wait.
    pub(super) fn new(at_once: usize, waiting: usize) -> Self {
        let (hasher, present) = (RandomState::new(), Mutex::default());
        let (most, crowded) = (at_once + waiting, AtomicUsize::new(0));
        Self(Arc::new(All { at_once, most, crowded, hasher, present }))
    }

    /// Waits for the turn of a request with this credential.
    pub(super) async fn take(&self, credential: impl Hash) -> Result<Turn, Refusal> {
        self.enter(credential)?.turn().await
    }

    /// Lets a request with this credential in, to wait for its turn. Turning one away costs as little
    /// as can be: in a flood nearly all are.
    pub(super) fn enter(&self, credential: impl Hash) -> Result<Waiting, Crowded> {
        let credential = self.0.hasher.hash_one(credential);
        let at_once = self.0.at_once;
        let mut present = self.0.present();
        let queue = present.entry(credential).or_insert_with(|| Queue {
            present: 0,
            aside: 0,
            turns: Arc::new(Semaphore::new(at_once)),
        });
        if queue.present >= self.0.most {
            return Err(Crowded);
        }
        queue.present += 1;
        if queue.present == self.0.most {
            self.0.crowded.fetch_add(1, Relaxed);
        }
        let place = Place { all: Arc::clone(&self.0), credential };
        Ok(Waiting { place, turns: Arc::clone(&queue.turns) })
    }

    /// Whether anybody would be turned away at all: to be asked before anything of a request is read.
    pub(super) fn any_crowded(&self) -> bool {
        self.0.crowded.load(Relaxed) > 0
    }

    /// Whether a request with this credential would be turned away.
    pub(super) fn is_crowded(&self, credential: impl Hash) -> bool {
        let credential = self.0.hasher.hash_one(credential);
        self.0.present().get(&credential).is_some_and(|queue| queue.present >= self.0.most)
    }
}

impl From<Crowded> for Refusal {
    fn from(Crowded: Crowded) -> Self {
        Self::Crowded
    }
}

impl Waiting {
    /// Waits for the turn.
    pub(super) async fn turn(self) -> Result<Turn, Refusal> {
        let Self { place, turns } = self;
        // Nobody closes the semaphore.
        let permit = turns.acquire_owned().await.map_err(|_| Refusal::Crowded)?;
        Ok(Turn { permit: Mutex::new(Some(permit)), place })
    }
}

impl Turn {
    /// Lets others of the credential have the turn, while its client is waited for. None, and the
    /// turn is kept, if as many have done so as may.
    pub(super) fn step_aside(self: &Arc<Self>) -> Option<Aside> {
        let mut present = self.place.all.present();
        let queue = present.get_mut(&self.place.credential)?;
        if queue.aside >= ASIDE {
            return None;
        }
        queue.aside += 1;
        drop(present);
        drop(self.permit().take());
        Some(Aside(Arc::clone(self)))
    }

    fn permit(&self) -> MutexGuard<'_, Option<OwnedSemaphorePermit>> {
        self.permit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Aside {
    /// Waits for a turn once more. Until it has come, the request counts among those aside.
    pub(super) async fn back(self) -> Result<(), Refusal> {
        let turns = {
            let present = self.0.place.all.present();
            let queue = present.get(&self.0.place.credential).ok_or(Refusal::Crowded)?;
            Arc::clone(&queue.turns)
        };
        // Nobody closes the semaphore.
        let permit = turns.acquire_owned().await.map_err(|_| Refusal::Crowded)?;
        *self.0.permit() = Some(permit);
        Ok(())
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        let mut present = self.0.place.all.present();
        if let Some(queue) = present.get_mut(&self.0.place.credential) {
            queue.aside -= 1;
        }
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
            if queue.present == self.all.most {
                self.all.crowded.fetch_sub(1, Relaxed);
            }
            queue.present -= 1;
            if queue.present == 0 {
                present.remove(&self.credential);
            }
        }
    }
}
