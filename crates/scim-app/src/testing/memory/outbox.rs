//! Events that wait to be told.

use std::sync::Arc;

use async_trait::async_trait;
use scim_domain::{OrganizationId, Timestamp};

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
        let from = self.numbered;
        let given = (self.outbox.len() - from).min(limit(at_most));
        let events: Vec<_> = self.outbox.iter().skip(from).take(given).cloned().collect();
        for (organization, event) in events {
            let tenant = self.tenant_mut(organization)?;
            tenant.position.latest += 1;
            Arc::make_mut(&mut tenant.feed).insert(tenant.position.latest, Arc::new(event));
        }
        self.numbered += given;
        Ok(count(given))
    }

    async fn forget(
        &mut self,
        organization: OrganizationId,
        before: Timestamp,
        at_most: u64,
    ) -> Result<u64, StoreError> {
        let tenant = self.tenant(organization);
        let oldest = tenant.feed.iter().take(limit(at_most)).take_while(|(_, it)| it.at < before);
        let gone: Vec<_> = oldest.map(|(sequence, _)| *sequence).collect();
        let Some(last) = gone.last() else { return Ok(0) };
        let tenant = self.tenant_mut(organization)?;
        tenant.position.forgotten = *last;
        Arc::make_mut(&mut tenant.feed).retain(|sequence, _| sequence > last);
        Ok(count(gone.len()))
    }

    async fn oldest(
        &mut self,
        organization: OrganizationId,
        at_most: u64,
    ) -> Result<Vec<EventRecord>, StoreError> {
        let numbered = self.tenant(organization).feed.values().map(|it| &**it);
        let pending = self.outbox.iter().skip(self.numbered);
        let pending = pending.filter(|(whose, _)| *whose == organization).map(|(_, it)| it);
        Ok(numbered.chain(pending).take(limit(at_most)).cloned().collect())
    }
}
