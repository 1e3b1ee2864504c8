use async_trait::async_trait;
use scim_app::ports::{MemberState, RoleQueries, Roles};
use scim_domain::{
    FoldedText, GroupId, OrganizationId, RoleId, Timestamp, UserId,
    access::Holding,
    role::{MappedRole, Role, RoleKey},
};

use super::{Reading, Result, Writing, sorted};
use crate::{
    kept::LONGEST_LIST,
    rows::{
        count, names, read_assigned, read_holding, read_id, read_mapped, read_member_state,
        read_role, read_role_count,
    },
    session::{Session, Transaction},
    statements::{assignments, roles as statements},
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
        let assigned = users.iter().map(|it| it.uuid());
        let organization = organization.uuid();
        let mut all =
            self.in_rounds(&statements::HOLDINGS, organization, ids, read_holding).await?;
        let assigned =
            self.in_rounds(&assignments::HOLDINGS, organization, assigned, read_assigned).await?;
        if !assigned.is_empty() {
            all.extend(assigned);
            all.sort_by_key(|it| (it.user, it.role.id, it.via));
        }
        Ok(all)
    }

    async fn has_active_holder(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
    ) -> Result<bool> {
        for statement in [&statements::ACTIVE_HOLDER, &assignments::ACTIVE_HOLDER] {
            let call = statement.call([
                organization.uuid().into(),
                role.uuid().into(),
                true.into(),
                1_i64.into(),
            ]);
            if self.session.first(call, read_id).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn assignees(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<MemberState>> {
        let (organization, role) = (organization.uuid().into(), role.uuid().into());
        let most = count(limit).into();
        let call = match after {
            None => assignments::ASSIGNEES.call([organization, role, most]),
            Some(after) => {
                assignments::ASSIGNEES_AFTER.call([organization, role, after.uuid().into(), most])
            }
        };
        self.session.rows(call.scan(), read_member_state).await
    }

    async fn count_assigned(&mut self, organization: OrganizationId) -> Result<Vec<(RoleId, u64)>> {
        let call = assignments::COUNT.call([organization.uuid().into(), true.into()]);
        self.session.rows(call, read_role_count).await
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
            role.privileged.into(),
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
            self.request(),
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

    async fn assign(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
        users: &[UserId],
        now: Timestamp,
    ) -> Result<()> {
        let request = self.request();
        let rows = sorted(users.iter().map(|it| it.uuid())).into_iter().map(|user| {
            let (organization, role) = (organization.uuid().into(), role.uuid().into());
            vec![organization, role, user.into(), now.micros().into(), request.clone()]
        });
        self.insert_rows(&assignments::ASSIGN, rows.collect()).await
    }

    async fn unassign(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
        users: &[UserId],
    ) -> Result<()> {
        for round in sorted(users.iter().map(|it| it.uuid())).chunks(LONGEST_LIST) {
            let before = [organization.uuid().into(), role.uuid().into()];
            let call = assignments::UNASSIGN.list(before, round.iter().copied());
            self.session().execute(call).await?;
        }
        Ok(())
    }
}
