//! Events that wait to be told.

use async_trait::async_trait;
use scim_domain::OrganizationId;

use super::state::{State, count, defect, limit};
use crate::ports::{EventRecord, Outbox, StoreError};

impl State {
    /// Forgets the events of an organization; answers how many there were.
    pub fn forget_events(&mut self, organization: OrganizationId) -> usize {
        let (all, before) = (std::mem::take(&mut self.outbox), self.numbered);
        let theirs = |(whose, _): &(OrganizationId, EventRecord)| *whose == organization;
        self.numbered -= all.iter().take(before).filter(|it| theirs(it)).count();
        self.outbox = all.iter().filter(|it| !theirs(it)).cloned().collect();
        all.len() - self.outbox.len()
    }
}

#[async_trait]
impl Outbox for State {
    async fn append(
        &mut self,
        organization: OrganizationId,
        events: &[EventRecord],
    ) -> Result<(), StoreError> {
        if !self.organizations.contains_key(&organization) {
            return Err(defect("an event of an organization that is not stored"));
        }
        for event in events {
            self.outbox.push((organization, event.clone()));
        }
        Ok(())
    }

    async fn number(&mut self, at_most: u64) -> Result<u64, StoreError> {
        let given = (self.outbox.len() - self.numbered).min(limit(at_most));
        self.numbered += given;
        Ok(count(given))
    }

    async fn oldest(
        &mut self,
        organization: OrganizationId,
        at_most: u64,
    ) -> Result<Vec<EventRecord>, StoreError> {
        let events = self.outbox.iter().filter(|(whose, _)| *whose == organization);
        Ok(events.take(limit(at_most)).map(|(_, it)| it.clone()).collect())
    }
}
