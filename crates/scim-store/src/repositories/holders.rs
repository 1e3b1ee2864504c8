use async_trait::async_trait;
use scim_app::ports::HolderQueries;
use scim_domain::{OrganizationId, RoleId, UserId, user::StoredUser};
use uuid::Uuid;

use super::{Reading, Result};
use crate::{
    rows::{count, read_role_count, read_user},
    session::Session,
    statements::holders as statements,
};

#[async_trait]
impl<S: Session> HolderQueries for Reading<S> {
    async fn count_groups(&mut self, organization: OrganizationId) -> Result<Vec<(RoleId, u64)>> {
        let call = statements::COUNT_GROUPS.call([organization.uuid().into()]);
        self.session.rows(call, read_role_count).await
    }

    async fn count(&mut self, organization: OrganizationId) -> Result<Vec<(RoleId, u64)>> {
        let organization = organization.uuid();
        let call = statements::COUNT.call([organization.into(), organization.into()]);
        self.session.rows(call, read_role_count).await
    }

    async fn list(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<StoredUser>> {
        let (organization, role) = (organization.uuid(), role.uuid());
        // No user has this id, and none has a smaller one.
        let after = after.map_or(Uuid::nil(), UserId::uuid);
        let call = statements::LIST.call([
            organization.into(),
            role.into(),
            organization.into(),
            role.into(),
            after.into(),
            count(limit).into(),
        ]);
        self.session.rows(call, read_user).await
    }
}
