use async_trait::async_trait;
use scim_app::ports::{FeedPosition, FeedQueries, NumberedEvent};
use scim_domain::OrganizationId;

use super::{Reading, Result};
use crate::{
    rows::{count, read_id, read_latest, read_numbered, read_organization_id, read_position},
    session::Session,
    statements::{audit, events as statements},
};

#[async_trait]
impl<S: Session> FeedQueries for Reading<S> {
    async fn position(&mut self, organization: OrganizationId) -> Result<FeedPosition> {
        let call = statements::POSITION.call([organization.uuid().into()]);
        Ok(self.session.first(call, read_position).await?.unwrap_or_default())
    }

    async fn after(
        &mut self,
        organization: OrganizationId,
        after: u64,
        limit: u64,
    ) -> Result<Vec<NumberedEvent>> {
        let values = [organization.uuid().into(), count(after).into(), count(limit).into()];
        self.session.rows(statements::AFTER.call(values), read_numbered).await
    }

    async fn latest(
        &mut self,
        organizations: &[OrganizationId],
    ) -> Result<Vec<(OrganizationId, u64)>> {
        if organizations.is_empty() {
            return Ok(Vec::new());
        }
        let ids = organizations.iter().map(|it| it.uuid());
        self.session.rows(statements::LATEST.list([], ids), read_latest).await
    }

    async fn organizations(&mut self) -> Result<Vec<OrganizationId>> {
        self.session.rows(statements::ORGANIZATIONS.call([]), read_organization_id).await
    }

    async fn is_waiting(&mut self) -> Result<bool> {
        for queue in [&statements::UNNUMBERED, &audit::UNSEALED] {
            if self.session.first(queue.call([1_i64.into()]), read_id).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
