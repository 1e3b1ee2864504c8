use async_trait::async_trait;
use scim_domain::OrganizationId;

use super::{EventRecord, StoreError};

/// An event with its number.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberedEvent {
    /// Counts the events of the organization from 1, without gaps and in commit order.
    pub sequence: u64,
    /// The event.
    pub record: EventRecord,
}

/// Where the feed of an organization begins and ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeedPosition {
    /// The number of the newest event; 0 before the first.
    pub latest: u64,
    /// The number of the newest event that was taken away because of its age; 0 before the first.
    /// It is never above `latest`.
    pub forgotten: u64,
}

impl FeedPosition {
    /// The number of the oldest event that is still there, if any is.
    pub fn oldest(self) -> Option<u64> {
        (self.forgotten < self.latest).then_some(self.forgotten + 1)
    }
}

/// Reads the feeds: events that have their number.
#[async_trait]
pub trait FeedQueries: Send {
    /// Where the feed of an organization begins and ends; zeros for one without events.
    async fn position(&mut self, organization: OrganizationId) -> Result<FeedPosition, StoreError>;
    /// The events after a number, in order and without gaps, at most `limit`. Those that were taken
    /// away are missing at the beginning: who must not miss any asks for the position first, in the
    /// same snapshot.
    async fn after(
        &mut self,
        organization: OrganizationId,
        after: u64,
        limit: u64,
    ) -> Result<Vec<NumberedEvent>, StoreError>;
    /// The numbers of the newest events of up to 1,000 organizations, in any order and in one
    /// statement; organizations without events may be missing.
    async fn latest(
        &mut self,
        organizations: &[OrganizationId],
    ) -> Result<Vec<(OrganizationId, u64)>, StoreError>;
    /// The organizations that have events with a number, in any order.
    async fn organizations(&mut self) -> Result<Vec<OrganizationId>, StoreError>;
    /// Whether any event or audit entry, of any organization, waits for its place.
    async fn is_waiting(&mut self) -> Result<bool, StoreError>;
}
