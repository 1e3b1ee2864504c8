//! Looking back page by page: the audit log, and what became of requests.

use scim_domain::OrganizationId;

use super::Administration;
use crate::{
    Error,
    ports::{ActivityPage, ActivityPlace, AuditFilter, AuditPage},
};

/// Entries of a page, at most.
const LARGEST_PAGE: u64 = 1_000;

impl Administration {
    /// A page of the audit log, newest first: at most `limit` entries, and 1,000; with `before`,
    /// those whose number is smaller.
    pub async fn page_of_audit(
        &self,
        organization: OrganizationId,
        filter: &AuditFilter,
        before: Option<u64>,
        limit: u64,
    ) -> Result<AuditPage, Error> {
        let mut snapshot = self.store.read().await?;
        self.owner(&mut *snapshot, organization).await?;
        Ok(snapshot.audit().page(organization, filter, before, limit.min(LARGEST_PAGE)).await?)
    }

    /// A page of writes and refused requests, newest first: at most `limit`, and 1,000.
    pub async fn page_of_activity(
        &self,
        organization: OrganizationId,
        after: Option<ActivityPlace>,
        limit: u64,
    ) -> Result<ActivityPage, Error> {
        let mut snapshot = self.store.read().await?;
        self.owner(&mut *snapshot, organization).await?;
        Ok(snapshot.audit().activity_page(organization, after, limit.min(LARGEST_PAGE)).await?)
    }
}
