//! Events that have their number.

use async_trait::async_trait;
use scim_domain::OrganizationId;

use super::state::{State, limit};
use crate::ports::{EventRecord, FeedPosition, FeedQueries, NumberedEvent, StoreError};

#[async_trait]
impl FeedQueries for State {
    async fn position(&mut self, organization: OrganizationId) -> Result<FeedPosition, StoreError> {
        Ok(self.tenant(organization).position)
    }

    async fn after(
        &mut self,
        organization: OrganizationId,
        after: u64,
        at_most: u64,
    ) -> Result<Vec<NumberedEvent>, StoreError> {
        let events = self.tenant(organization).feed.range(after.saturating_add(1)..);
        let numbered = |(sequence, record): (&u64, &std::sync::Arc<EventRecord>)| NumberedEvent {
            sequence: *sequence,
            record: (**record).clone(),
        };
        Ok(events.take(limit(at_most)).map(numbered).collect())
    }

    async fn latest(
        &mut self,
        organizations: &[OrganizationId],
    ) -> Result<Vec<(OrganizationId, u64)>, StoreError> {
        let latest = |it: &OrganizationId| (*it, self.tenant(*it).position.latest);
        Ok(organizations.iter().map(latest).collect())
    }

    async fn organizations(&mut self) -> Result<Vec<OrganizationId>, StoreError> {
        let with_events = self.tenants.iter().filter(|(_, it)| !it.feed.is_empty());
        Ok(with_events.map(|(organization, _)| *organization).collect())
    }

    async fn is_waiting(&mut self) -> Result<bool, StoreError> {
        let unsealed = |it: &super::state::Tenant| it.audit.iter().any(|row| row.seal.is_none());
        Ok(self.numbered < self.outbox.len() || self.tenants.values().any(|it| unsealed(it)))
    }
}
