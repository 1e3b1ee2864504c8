//! API keys.

use std::sync::Arc;

use async_trait::async_trait;
use scim_domain::{
    ApiKeyId, OrganizationId, Timestamp, api_key::ApiKey, organization::Organization,
};

use super::state::{State, defect, limit as at_most};
use crate::{
    oauth::PublicKeys,
    ports::{ApiKeyQueries, ApiKeys, KeyUse, QuirkCount, StoreError},
};

#[async_trait]
impl ApiKeyQueries for State {
    async fn authenticate(
        &mut self,
        id: ApiKeyId,
    ) -> Result<Option<(ApiKey, Organization)>, StoreError> {
        let Some(key) = self.api_keys.get(&id) else { return Ok(None) };
        let organization = self.organizations.get(&key.organization);
        Ok(organization.map(|it| (key.clone(), it.clone())))
    }

    async fn find(
        &mut self,
        organization: OrganizationId,
        id: ApiKeyId,
    ) -> Result<Option<ApiKey>, StoreError> {
        let key = self.api_keys.get(&id);
        Ok(key.filter(|it| it.organization == organization).cloned())
    }

    async fn list(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Vec<(ApiKey, Option<KeyUse>)>, StoreError> {
        let uses = &self.tenant(organization).key_uses;
        let keys = self.api_keys.values().filter(|it| it.organization == organization);
        // By id, which is by creation.
        Ok(keys.map(|it| (it.clone(), uses.get(&it.id).cloned())).collect())
    }

    async fn page(
        &mut self,
        organization: OrganizationId,
        after: Option<ApiKeyId>,
        limit: u64,
    ) -> Result<Vec<(ApiKey, Option<KeyUse>)>, StoreError> {
        let mut all = self.list(organization).await?;
        all.retain(|(it, _)| after.is_none_or(|after| it.id > after));
        all.truncate(at_most(limit));
        Ok(all)
    }

    async fn last_use(
        &mut self,
        organization: OrganizationId,
        id: ApiKeyId,
    ) -> Result<Option<KeyUse>, StoreError> {
        Ok(self.tenant(organization).key_uses.get(&id).cloned())
    }

    async fn warnings_due(
        &mut self,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<(OrganizationId, ApiKeyId)>, StoreError> {
        let due = self.api_keys.values().filter_map(|it| {
            let at = it.warning.filter(|at| *at <= now)?;
            Some((at, it.organization, it.id))
        });
        let mut due: Vec<_> = due.collect();
        due.sort_unstable();
        due.truncate(at_most(limit));
        Ok(due.into_iter().map(|(_, organization, id)| (organization, id)).collect())
    }

    async fn public_keys(
        &mut self,
        organization: OrganizationId,
        id: ApiKeyId,
    ) -> Result<PublicKeys, StoreError> {
        Ok(self.tenant(organization).public_keys.get(&id).cloned().unwrap_or_default())
    }

    async fn quirks(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Vec<QuirkCount>, StoreError> {
        Ok(self.tenant(organization).quirks.values().cloned().collect())
    }
}

#[async_trait]
impl ApiKeys for State {
    async fn find_for_update(
        &mut self,
        organization: OrganizationId,
        id: ApiKeyId,
    ) -> Result<Option<ApiKey>, StoreError> {
        ApiKeyQueries::find(self, organization, id).await
    }

    async fn insert(&mut self, key: &ApiKey) -> Result<(), StoreError> {
        if !self.organizations.contains_key(&key.organization) {
            return Err(defect("a key of an organization that is not stored"));
        }
        if self.api_keys.contains_key(&key.id) {
            return Err(defect("a key's id twice"));
        }
        Arc::make_mut(&mut self.api_keys).insert(key.id, key.clone());
        Ok(())
    }

    async fn update(&mut self, key: &ApiKey) -> Result<(), StoreError> {
        let row = Arc::make_mut(&mut self.api_keys).get_mut(&key.id);
        let row = row.filter(|it| it.organization == key.organization).ok_or(StoreError::Stale)?;
        let (hash, created, connection) = (row.hash.clone(), row.created, row.connection);
        *row = ApiKey { hash, created, connection, ..key.clone() };
        Ok(())
    }

    async fn set_public_keys(
        &mut self,
        organization: OrganizationId,
        id: ApiKeyId,
        keys: &PublicKeys,
        _: Timestamp,
    ) -> Result<(), StoreError> {
        let all = Arc::make_mut(&mut self.tenant_mut(organization)?.public_keys);
        if keys.is_empty() {
            all.remove(&id);
        } else {
            all.insert(id, keys.clone());
        }
        Ok(())
    }

    async fn use_assertion(
        &mut self,
        organization: OrganizationId,
        id: ApiKeyId,
        digest: [u8; 32],
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let used = Arc::make_mut(&mut self.tenant_mut(organization)?.used_assertions);
        used.retain(|(key, _), until| *key != id || *until >= now);
        let first = !used.contains_key(&(id, digest));
        used.entry((id, digest)).or_insert(until);
        Ok(first)
    }
}
