//! Who waits for the next event of which organization.

use std::{collections::HashMap, sync::Arc};

use parking_lot::Mutex;
use scim_domain::OrganizationId;
use tokio::sync::watch;

use super::Refused;

/// How many may wait in this process.
pub const MOST_WAITING: usize = 1_000;
/// How many may wait for events of one organization, so that none takes all places.
pub const MOST_WAITING_OF_ONE: usize = 50;

/// Those who wait in this process.
#[derive(Debug)]
pub(super) struct Waiting {
    /// What they wait for: the number of the newest event that anybody has told of.
    feeds: Mutex<HashMap<OrganizationId, Awaited>>,
    count: watch::Sender<usize>,
}

#[derive(Debug)]
struct Awaited {
    latest: watch::Sender<u64>,
    waiting: usize,
}

impl Default for Waiting {
    fn default() -> Self {
        Self { feeds: Mutex::default(), count: watch::Sender::new(0) }
    }
}

impl Waiting {
    /// A place among them, until it is dropped.
    pub fn enter(self: &Arc<Self>, organization: OrganizationId) -> Result<Place, Refused> {
        let mut feeds = self.feeds.lock();
        if *self.count.borrow() >= MOST_WAITING {
            return Err(Refused::TooMany);
        }
        let awaited = feeds
            .entry(organization)
            .or_insert_with(|| Awaited { latest: watch::Sender::new(0), waiting: 0 });
        if awaited.waiting >= MOST_WAITING_OF_ONE {
            return Err(Refused::TooManyOfOne);
        }
        awaited.waiting += 1;
        let latest = awaited.latest.subscribe();
        self.count.send_modify(|count| *count += 1);
        Ok(Place { waiting: Arc::clone(self), organization, latest })
    }

    /// The organizations whose events are waited for: no more than [`MOST_WAITING`].
    pub fn organizations(&self) -> Vec<OrganizationId> {
        self.feeds.lock().keys().copied().collect()
    }

    /// The feed of an organization has grown up to a number.
    pub fn tell(&self, organization: OrganizationId, latest: u64) {
        if let Some(awaited) = self.feeds.lock().get(&organization) {
            awaited.latest.send_if_modified(|known| {
                let grown = latest > *known;
                *known = latest.max(*known);
                grown
            });
        }
    }

    pub fn len(&self) -> usize {
        *self.count.borrow()
    }

    pub fn watch(&self) -> watch::Receiver<usize> {
        self.count.subscribe()
    }
}

/// One who waits.
#[derive(Debug)]
pub(super) struct Place {
    waiting: Arc<Waiting>,
    organization: OrganizationId,
    latest: watch::Receiver<u64>,
}

impl Place {
    /// Returns once the feed has grown beyond a number.
    pub async fn grown(&mut self, after: u64) {
        if self.latest.wait_for(|latest| *latest > after).await.is_err() {
            // The sender lives as long as this place does.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut feeds = self.waiting.feeds.lock();
        if let Some(awaited) = feeds.get_mut(&self.organization) {
            awaited.waiting -= 1;
            if awaited.waiting == 0 {
                feeds.remove(&self.organization);
            }
        }
        self.waiting.count.send_modify(|count| *count -= 1);
    }
}
