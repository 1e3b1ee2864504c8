//! What is gathered about requests.

use std::sync::Arc;

use async_trait::async_trait;
use scim_domain::{ApiKeyId, OrganizationId, Timestamp};

use super::state::State;
use crate::ports::{Activities, ActivityRecord, KeyUse, QuirkCount, StoreError};

#[async_trait]
impl Activities for State {
    async fn append(
        &mut self,
        organization: OrganizationId,
        requests: &[ActivityRecord],
    ) -> Result<(), StoreError> {
        let tenant = self.tenant_mut(organization)?;
        for request in requests {
            tenant.activity.push(request.clone());
        }
        Ok(())
    }

    async fn used(
        &mut self,
        organization: OrganizationId,
        uses: &[(ApiKeyId, KeyUse)],
    ) -> Result<(), StoreError> {
        let keys = Arc::clone(&self.api_keys);
        let rows = Arc::make_mut(&mut self.tenant_mut(organization)?.key_uses);
        for (id, usage) in uses {
            if keys.get(id).is_some_and(|it| it.organization == organization) {
                rows.insert(*id, usage.clone());
            }
        }
        Ok(())
    }

    async fn showed(
        &mut self,
        organization: OrganizationId,
        quirks: &[QuirkCount],
    ) -> Result<(), StoreError> {
        let rows = Arc::make_mut(&mut self.tenant_mut(organization)?.quirks);
        for given in quirks {
            let row = rows.entry((given.api_key, given.quirk.name()));
            row.and_modify(|known| {
                known.requests += given.requests;
                if given.last >= known.last {
                    known.last = given.last;
                    known.last_request_id.clone_from(&given.last_request_id);
                }
            })
            .or_insert_with(|| given.clone());
        }
        Ok(())
    }

    async fn forget(&mut self, before: Timestamp) -> Result<(), StoreError> {
        for tenant in Arc::make_mut(&mut self.tenants).values_mut() {
            if tenant.activity.iter().any(|it| it.at < before) {
                let tenant = Arc::make_mut(tenant);
                let kept = tenant.activity.iter().filter(|it| it.at >= before).cloned();
                tenant.activity = kept.collect();
            }
        }
        Ok(())
    }
}
