//! Looking at access, the audit log and the activity of requests.

use scim_domain::OrganizationId;

use super::Administration;
use crate::{
    Error,
    ports::{ActivityRecord, Sealed},
    sealer::{self, Verification},
};

impl Administration {
    /// The newest entries of the audit log, newest first.
    pub async fn list_audit(
        &self,
        organization: OrganizationId,
        limit: u64,
    ) -> Result<Vec<Sealed>, Error> {
        let mut snapshot = self.store.read().await?;
        self.owner(&mut *snapshot, organization).await?;
        Ok(snapshot.audit().newest(organization, limit).await?)
    }

    /// Checks the chain of the audit log.
    pub async fn verify_audit(&self, organization: OrganizationId) -> Result<Verification, Error> {
        let mut snapshot = self.store.read().await?;
        self.owner(&mut *snapshot, organization).await?;
        Ok(sealer::verify(&mut *snapshot, organization).await?)
    }

    /// The newest writes and refused requests, newest first.
    pub async fn list_activity(
        &self,
        organization: OrganizationId,
        limit: u64,
    ) -> Result<Vec<ActivityRecord>, Error> {
        let mut snapshot = self.store.read().await?;
        self.organization(&mut *snapshot, organization).await?;
        Ok(snapshot.audit().activity(organization, limit).await?)
    }
}
