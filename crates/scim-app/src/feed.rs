//! The feeds: what happened in each organization, in order and without gaps, for whoever follows.
//!
//! A follower keeps one number, that of the last event it has dealt with, and asks for what comes
//! after it. Nothing is ever skipped silently: a number that lies before the oldest event that is
//! kept, or after the newest there is, is refused with where the feed begins and ends.
//!
//! Who waits for the next event holds nothing but a place in `Waiting`: no snapshot, no
//! connection, no timer of the database. Whoever numbers events calls [`Feeds::look`] afterwards,
//! which wakes those who wait with one small read for all of them.

mod published;
mod retention;
mod waiting;

use std::{sync::Arc, time::Duration};

use scim_domain::OrganizationId;
use tokio::{sync::watch, time::Instant};

pub use published::{PublishedEvent, PublishedSubject};
pub use retention::Retention;
pub use waiting::{MOST_WAITING, MOST_WAITING_OF_ONE};

use crate::{
    Error,
    ports::{Clock, FeedPosition, NumberedEvent, Snapshot, Store, StoreError},
};
use waiting::Waiting;

/// Events in one page, at most.
pub const LARGEST_PAGE: u64 = 1_000;
/// Events that are read at once: the data of one may be megabytes long.
const CHUNK: u64 = 20;
/// A page is not filled up any more once its events have so many bytes of data.
const ENOUGH_BYTES: usize = 1 << 20;

/// Why a page of events was not given.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The events after this number are not there, or no longer.
    #[error("{}", gone(*.after, .position))]
    Gone {
        /// The number that was asked from.
        after: u64,
        /// Where the feed begins and ends.
        position: FeedPosition,
    },
    /// Too many wait for events of this organization.
    #[error(
        "{MOST_WAITING_OF_ONE} requests wait for events of this organization already. Let one of \
         them end, or ask without waiting."
    )]
    TooManyOfOne,
    /// Too many wait for events.
    #[error("The service has too many waiting requests. Try again in a moment.")]
    TooMany,
    /// There is no such organization, or the store failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

fn gone(after: u64, position: &FeedPosition) -> String {
    let how = "Read the present state again (users, groups and access), and follow on from the \
               number that was the latest before you began.";
    if after > position.latest {
        return format!(
            "There is no event {after} in this feed: the latest is {}. The database may have been \
             put back to an earlier state. {how}",
            position.latest
        );
    }
    match position.oldest() {
        Some(oldest) => format!(
            "The events after {after} are not kept any more: the oldest that is kept is {oldest}. \
             {how}"
        ),
        None => format!(
            "The events after {after} are not kept any more: the latest was {}. {how}",
            position.latest
        ),
    }
}

/// A part of a feed.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedPage {
    /// The events, in order.
    pub events: Vec<NumberedEvent>,
    /// The number to go on after.
    pub next_after: u64,
    /// Where the feed began and ended when this was read.
    pub position: FeedPosition,
}

/// The feeds of all organizations. Cheap to clone.
#[derive(Clone)]
pub struct Feeds {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    waiting: Arc<Waiting>,
    stopping: Arc<watch::Sender<bool>>,
}

impl std::fmt::Debug for Feeds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Feeds").field("waiting", &self.waiting.len()).finish_non_exhaustive()
    }
}

impl Feeds {
    /// The feeds of a store.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            clock,
            waiting: Arc::default(),
            stopping: Arc::new(watch::Sender::new(false)),
        }
    }

    /// Where the feed of an organization begins and ends.
    pub async fn position(&self, organization: OrganizationId) -> Result<FeedPosition, Error> {
        let mut snapshot = self.store.read().await?;
        self.exists(&mut *snapshot, organization).await?;
        Ok(snapshot.feed().position(organization).await?)
    }

    /// What there is after a number, or from the oldest event that is kept; at most `limit` events
    /// and [`LARGEST_PAGE`], and fewer if they are large.
    pub async fn read(
        &self,
        organization: OrganizationId,
        after: Option<u64>,
        limit: u64,
    ) -> Result<FeedPage, Refused> {
        let mut snapshot = self.store.read().await?;
        self.exists(&mut *snapshot, organization).await?;
        let position = snapshot.feed().position(organization).await?;
        let mut next_after = after.unwrap_or(position.forgotten);
        if !(position.forgotten..=position.latest).contains(&next_after) {
            return Err(Refused::Gone { after: next_after, position });
        }
        let mut events: Vec<NumberedEvent> = Vec::new();
        let (mut left, mut bytes) = (limit.min(LARGEST_PAGE), 0);
        while left > 0 && next_after < position.latest && bytes < ENOUGH_BYTES {
            let chunk = snapshot.feed().after(organization, next_after, left.min(CHUNK)).await?;
            let Some(last) = chunk.last() else { break };
            next_after = last.sequence;
            left -= chunk.len() as u64;
            bytes += chunk.iter().map(|it| it.record.event.data.to_string().len()).sum::<usize>();
            events.extend(chunk);
        }
        Ok(FeedPage { events, next_after, position })
    }

    /// Fails unless there is such an organization, or it is the operator's own.
    async fn exists(
        &self,
        snapshot: &mut dyn Snapshot,
        organization: OrganizationId,
    ) -> Result<(), Error> {
        let found = snapshot.organizations().find(organization).await?;
        let there = found.is_some_and(|it| !it.is_gone(self.clock.now()));
        if there { Ok(()) } else { Err(Error::missing_organization(organization)) }
    }

    /// The same; if there is nothing yet, waits until there is, until it has waited long enough, or
    /// until [`Feeds::stop`]: then the page is empty. Dropping this frees the place at once.
    pub async fn follow(
        &self,
        organization: OrganizationId,
        after: Option<u64>,
        limit: u64,
        patience: Duration,
    ) -> Result<FeedPage, Refused> {
        let deadline = Instant::now() + patience;
        let page = self.read(organization, after, limit).await?;
        if !page.events.is_empty() || limit == 0 || patience.is_zero() {
            return Ok(page);
        }
        let after = page.next_after;
        let mut place = self.waiting.enter(organization)?;
        let mut stopping = self.stopping.subscribe();
        loop {
            // What came before there was a place made no sound here.
            let page = self.read(organization, Some(after), limit).await?;
            if !page.events.is_empty() {
                return Ok(page);
            }
            tokio::select! {
                () = place.grown(after) => {}
                () = tokio::time::sleep_until(deadline) => return Ok(page),
                _ = stopping.wait_for(|stopping| *stopping) => return Ok(page),
            }
        }
    }

    /// Wakes those who wait for feeds that have grown: one small read for all of them, and none if
    /// nobody waits. Call it when events were numbered, and now and then for those that another
    /// process has numbered.
    pub async fn look(&self) -> Result<(), StoreError> {
        let organizations = self.waiting.organizations();
        if organizations.is_empty() {
            return Ok(());
        }
        let mut snapshot = self.store.read().await?;
        for (organization, latest) in snapshot.feed().latest(&organizations).await? {
            self.waiting.tell(organization, latest);
        }
        Ok(())
    }

    /// How many wait, and whenever that changes.
    pub fn watch_waiting(&self) -> watch::Receiver<usize> {
        self.waiting.watch()
    }

    /// Sends everybody who waits home with an empty page, and whoever comes from now on.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }
}
