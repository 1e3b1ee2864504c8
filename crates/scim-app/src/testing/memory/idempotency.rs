//! Requests that were carried out, with their answers.

use std::sync::Arc;

use async_trait::async_trait;
use scim_domain::{ApiKeyId, OrganizationId, Timestamp};

use super::state::{State, count, limit};
use crate::ports::{AnsweredRequest, Idempotency, IdempotencyQueries, StoreError, UniqueKey};

#[async_trait]
impl IdempotencyQueries for State {
    async fn find(
        &mut self,
        organization: OrganizationId,
        api_key: ApiKeyId,
        name: &[u8; 32],
    ) -> Result<Option<AnsweredRequest>, StoreError> {
        Ok(self.tenant(organization).answered.get(&(api_key, *name)).cloned())
    }
}

#[async_trait]
impl Idempotency for State {
    async fn insert(&mut self, request: &AnsweredRequest) -> Result<(), StoreError> {
        let tenant = self.tenant_mut(request.organization)?;
        let place = (request.api_key, request.name);
        if tenant.answered.contains_key(&place) {
            return Err(StoreError::Taken(UniqueKey::IdempotencyKey));
        }
        Arc::make_mut(&mut tenant.answered).insert(place, request.clone());
        Ok(())
    }

    async fn forget(&mut self, before: Timestamp, at_most: u64) -> Result<u64, StoreError> {
        let all = self.tenants.values().flat_map(|it| it.answered.values());
        let mut old: Vec<_> = all
            .filter(|it| it.at < before)
            .map(|it| (it.at, it.organization, it.api_key, it.name))
            .collect();
        old.sort_unstable();
        old.truncate(limit(at_most));
        for (_, organization, api_key, name) in &old {
            let tenant = self.tenant_mut(*organization)?;
            Arc::make_mut(&mut tenant.answered).remove(&(*api_key, *name));
        }
        Ok(count(old.len()))
    }
}
