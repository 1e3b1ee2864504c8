//! Organizations.

use std::sync::Arc;

use async_trait::async_trait;
use scim_domain::{OrganizationId, organization::Organization};

use super::state::{State, defect};
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
        row.name.clone_from(&organization.name);
        row.plan = organization.plan;
        row.entitlements = organization.entitlements;
        row.nested_groups = organization.nested_groups;
        Ok(())
    }

    async fn hold_schemas(&mut self, id: OrganizationId) -> Result<u64, StoreError> {
        self.organizations.get(&id).map(|it| it.schema_revision).ok_or(StoreError::Stale)
    }

    async fn advance_schemas(&mut self, id: OrganizationId) -> Result<(), StoreError> {
        let rows = Arc::make_mut(&mut self.organizations);
        rows.get_mut(&id).ok_or(StoreError::Stale)?.schema_revision += 1;
        Ok(())
    }
}
