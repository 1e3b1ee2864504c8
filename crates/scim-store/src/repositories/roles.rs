use async_trait::async_trait;
use scim_app::ports::{RoleQueries, Roles};
use scim_domain::{
    FoldedText, GroupId, OrganizationId, RoleId, Timestamp, UserId,
    access::{Holding, Path},
    role::{MappedRole, Role, RoleKey},
};

use super::{Reading, Result, Writing};
use crate::{
    rows::{names, read_holding, read_id, read_mapped, read_path, read_role},
    session::{Session, Transaction},
    statements::roles as statements,
};

#[async_trait]
impl<S: Session> RoleQueries for Reading<S> {
    async fn list(&mut self, organization: OrganizationId) -> Result<Vec<Role>> {
        self.session.rows(statements::LIST.call([organization.uuid().into()]), read_role).await
    }

    async fn find_by_key(
        &mut self,
        organization: OrganizationId,
        key: &RoleKey,
    ) -> Result<Option<Role>> {
        let call = statements::FIND_BY_KEY.call([organization.uuid().into(), key.as_str().into()]);
        self.session.first(call, read_role).await
    }

    async fn find_by_name(
        &mut self,
        organization: OrganizationId,
        name: &FoldedText,
    ) -> Result<Option<Role>> {
        let call =
            statements::FIND_BY_NAME.call([organization.uuid().into(), name.as_str().into()]);
        self.session.first(call, read_role).await
    }

    async fn mapped(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
    ) -> Result<Vec<(GroupId, MappedRole)>> {
        let ids = groups.iter().map(|it| it.uuid());
        self.in_rounds(&statements::MAPPED_TO, organization.uuid(), ids, read_mapped).await
    }

    async fn groups_of(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
    ) -> Result<Vec<GroupId>> {
        let call = statements::GROUPS_OF.call([organization.uuid().into(), role.uuid().into()]);
        let groups = self.session.rows(call, read_id).await?;
        Ok(groups.into_iter().map(GroupId::new).collect())
    }

    async fn holdings(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
    ) -> Result<Vec<Holding>> {
        let ids = users.iter().map(|it| it.uuid());
        self.in_rounds(&statements::HOLDINGS, organization.uuid(), ids, read_holding).await
    }

    async fn has_active_holder(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
    ) -> Result<bool> {
        let call = statements::ACTIVE_HOLDER.call([
            organization.uuid().into(),
            role.uuid().into(),
            true.into(),
            1_i64.into(),
        ]);
        Ok(self.session.first(call, read_id).await?.is_some())
    }

    async fn paths(&mut self, organization: OrganizationId, user: UserId) -> Result<Vec<Path>> {
        let call = statements::PATHS.call([organization.uuid().into(), user.uuid().into()]);
        self.session.rows(call, read_path).await
    }
}

#[async_trait]
impl<S: Transaction> Roles for Writing<S> {
    async fn insert(&mut self, organization: OrganizationId, role: &Role) -> Result<()> {
        let call = statements::INSERT.call([
            organization.uuid().into(),
            role.id.uuid().into(),
            role.key.as_str().into(),
            role.name.clone().into(),
            FoldedText::of(&role.name).as_str().into(),
            role.description.clone().into(),
            names(&role.permissions)?.into(),
            role.built_in.into(),
            role.privileged.into(),
            role.home_group.uuid().into(),
            role.created.micros().into(),
        ]);
        self.session().execute(call).await.map(drop)
    }

    async fn update(&mut self, organization: OrganizationId, role: &Role) -> Result<()> {
        let call = statements::UPDATE.call([
            role.name.clone().into(),
            FoldedText::of(&role.name).as_str().into(),
            role.description.clone().into(),
            names(&role.permissions)?.into(),
            role.home_group.uuid().into(),
            organization.uuid().into(),
            role.id.uuid().into(),
        ]);
        self.change_one(call).await
    }

    async fn delete(&mut self, organization: OrganizationId, id: RoleId) -> Result<()> {
        let call = statements::DELETE.call([organization.uuid().into(), id.uuid().into()]);
        self.session().execute(call).await.map(drop)
    }

    async fn map(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        role: RoleId,
        now: Timestamp,
    ) -> Result<bool> {
        let call = statements::MAP.call([
            organization.uuid().into(),
            group.uuid().into(),
            role.uuid().into(),
            now.micros().into(),
        ]);
        Ok(self.session().execute(call).await? > 0)
    }

    async fn unmap(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        role: RoleId,
    ) -> Result<bool> {
        let call = statements::UNMAP.call([
            organization.uuid().into(),
            group.uuid().into(),
            role.uuid().into(),
        ]);
        Ok(self.session().execute(call).await? > 0)
    }
}
