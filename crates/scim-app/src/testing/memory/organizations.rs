//! Organizations.

use std::sync::Arc;

use async_trait::async_trait;
use scim_domain::{OrganizationId, Timestamp, organization::Organization};

use super::state::{State, count, defect, limit};
use crate::ports::{OrganizationQueries, Organizations, StoreError};

#[async_trait]
impl OrganizationQueries for State {
    async fn find(&mut self, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
        Ok(self.organizations.get(&id).cloned())
    }

    async fn list(&mut self) -> Result<Vec<Organization>, StoreError> {
        let customers = self.organizations.values().filter(|it| !it.id.is_operator());
        let mut all: Vec<_> = customers.cloned().collect();
        all.sort_by_key(|it| it.id);
        Ok(all)
    }

    async fn page(
        &mut self,
        after: Option<OrganizationId>,
        limit: u64,
    ) -> Result<Vec<Organization>, StoreError> {
        let mut all = self.list().await?;
        all.retain(|it| after.is_none_or(|after| it.id > after));
        all.truncate(super::state::limit(limit));
        Ok(all)
    }

    async fn seats_used(&mut self, id: OrganizationId) -> Result<Option<u64>, StoreError> {
        Ok(self.tenant(id).seats_used)
    }

    async fn due(
        &mut self,
        now: Timestamp,
        at_most: u64,
    ) -> Result<Vec<OrganizationId>, StoreError> {
        let gone = self.organizations.values().filter(|it| it.is_gone(now));
        let mut gone: Vec<_> =
            gone.filter_map(|it| it.deletion.map(|deletion| (deletion.purge, it.id))).collect();
        gone.sort_unstable();
        Ok(gone.into_iter().take(limit(at_most)).map(|(_, id)| id).collect())
    }
}

#[async_trait]
impl Organizations for State {
    async fn find_for_update(
        &mut self,
        id: OrganizationId,
    ) -> Result<Option<Organization>, StoreError> {
        OrganizationQueries::find(self, id).await
    }

    async fn insert(&mut self, organization: &Organization) -> Result<(), StoreError> {
        if self.organizations.contains_key(&organization.id) {
            return Err(defect("an organization's id twice"));
        }
        Arc::make_mut(&mut self.organizations).insert(organization.id, organization.clone());
        Arc::make_mut(&mut self.tenants).insert(organization.id, Arc::default());
        Ok(())
    }

    async fn update(&mut self, organization: &Organization) -> Result<(), StoreError> {
        let rows = Arc::make_mut(&mut self.organizations);
        let row = rows.get_mut(&organization.id).ok_or(StoreError::Stale)?;
        let (created, schema_revision) = (row.created, row.schema_revision);
        *row = Organization { created, schema_revision, ..organization.clone() };
        Ok(())
    }

    async fn hold(&mut self, id: OrganizationId) -> Result<Organization, StoreError> {
        self.organizations.get(&id).cloned().ok_or(StoreError::Stale)
    }

    async fn advance_schemas(&mut self, id: OrganizationId) -> Result<(), StoreError> {
        let rows = Arc::make_mut(&mut self.organizations);
        rows.get_mut(&id).ok_or(StoreError::Stale)?.schema_revision += 1;
        Ok(())
    }

    async fn set_seats_used(
        &mut self,
        id: OrganizationId,
        used: Option<u64>,
    ) -> Result<(), StoreError> {
        self.tenant_mut(id)?.seats_used = used;
        Ok(())
    }

    async fn take_seats(
        &mut self,
        id: OrganizationId,
        number: u64,
        seats: u64,
    ) -> Result<bool, StoreError> {
        match &mut self.tenant_mut(id)?.seats_used {
            Some(used) if used.saturating_add(number) <= seats => {
                *used += number;
                Ok(true)
            }
            Some(_) | None => Ok(false),
        }
    }

    async fn free_seats(&mut self, id: OrganizationId, number: u64) -> Result<(), StoreError> {
        if let Some(used) = &mut self.tenant_mut(id)?.seats_used {
            *used = used.saturating_sub(number);
        }
        Ok(())
    }

    async fn purge(&mut self, id: OrganizationId, _limit: u64) -> Result<u64, StoreError> {
        let keys = self.api_keys.values().filter(|it| it.organization == id).count();
        Arc::make_mut(&mut self.api_keys).retain(|_, it| it.organization != id);
        let rows = std::mem::take(self.tenant_mut(id)?).rows();
        Ok(count(keys + rows + self.forget_events(id)))
    }

    async fn delete(&mut self, id: OrganizationId) -> Result<(), StoreError> {
        Arc::make_mut(&mut self.tenants).remove(&id);
        let known = Arc::make_mut(&mut self.organizations).remove(&id);
        known.map(drop).ok_or(StoreError::Stale)
    }
}
