use async_trait::async_trait;
use scim_app::ports::{NestingQueries, Nestings};
use scim_domain::{
    GroupId, OrganizationId, RoleId, Timestamp, UserId, resource::representation::GroupRef,
};
use uuid::Uuid;

use super::{Reading, Result, Writing, sorted};
use crate::{
    kept::LONGEST_LIST,
    rows::{count, read_count, read_group_above, read_id, read_pair},
    session::{Session, Transaction},
    statements::nestings as statements,
};

fn groups((one, other): (Uuid, Uuid)) -> (GroupId, GroupId) {
    (GroupId::new(one), GroupId::new(other))
}

#[async_trait]
impl<S: Session> NestingQueries for Reading<S> {
    async fn count(&mut self, organization: OrganizationId) -> Result<u64> {
        let call = statements::COUNT.call([organization.uuid().into()]);
        Ok(self.session.first(call, read_count).await?.unwrap_or(0))
    }

    async fn members_of(
        &mut self,
        organization: OrganizationId,
        of: &[GroupId],
        limit: u64,
    ) -> Result<Vec<(GroupId, GroupId)>> {
        let (organization, ids) = (organization.uuid(), of.iter().map(|it| it.uuid()));
        let members = &statements::MEMBERS_OF;
        let pairs = self.in_rounds_up_to(members, organization, ids, limit, read_pair).await?;
        Ok(pairs.into_iter().map(groups).collect())
    }

    async fn members_after(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        after: Option<GroupId>,
        limit: u64,
    ) -> Result<Vec<GroupId>> {
        let call = statements::MEMBERS_AFTER.call([
            organization.uuid().into(),
            group.uuid().into(),
            // No group has this id, and none has a smaller one.
            after.map_or(Uuid::nil(), GroupId::uuid).into(),
            count(limit).into(),
        ]);
        let ids = self.session.rows(call, read_id).await?;
        Ok(ids.into_iter().map(GroupId::new).collect())
    }

    async fn above(
        &mut self,
        organization: OrganizationId,
        of: &[GroupId],
    ) -> Result<Vec<(GroupId, GroupId)>> {
        let ids = of.iter().map(|it| it.uuid());
        let pairs = self.in_rounds(&statements::ABOVE, organization.uuid(), ids, read_pair).await?;
        Ok(pairs.into_iter().map(groups).collect())
    }

    async fn groups_of(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
    ) -> Result<Vec<(UserId, GroupRef)>> {
        let ids = users.iter().map(|it| it.uuid());
        self.in_rounds(&statements::GROUPS_OF, organization.uuid(), ids, read_group_above).await
    }

    async fn directly_above(
        &mut self,
        organization: OrganizationId,
        of: &[GroupId],
    ) -> Result<Vec<(GroupId, GroupId)>> {
        let ids = of.iter().map(|it| it.uuid());
        let pairs = self
            .in_rounds(&statements::DIRECTLY_ABOVE, organization.uuid(), ids, read_pair)
            .await?;
        Ok(pairs.into_iter().map(groups).collect())
    }

    async fn active_users(
        &mut self,
        organization: OrganizationId,
        of: &[GroupId],
    ) -> Result<Vec<UserId>> {
        let ids = of.iter().map(|it| it.uuid());
        let users =
            self.in_rounds(&statements::ACTIVE_USERS, organization.uuid(), ids, read_id).await?;
        // Rounds may find the same users below different groups.
        Ok(sorted(users).into_iter().map(UserId::new).collect())
    }

    async fn has_active_holder(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
    ) -> Result<bool> {
        let call = statements::ACTIVE_HOLDER.call([
            organization.uuid().into(),
            role.uuid().into(),
            1_i64.into(),
        ]);
        Ok(self.session.first(call, read_id).await?.is_some())
    }
}

#[async_trait]
impl<S: Transaction> Nestings for Writing<S> {
    async fn add(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        members: &[GroupId],
        now: Timestamp,
    ) -> Result<Vec<GroupId>> {
        let request = self.request();
        let rows = sorted(members.iter().map(|it| it.uuid())).into_iter().map(|member| {
            let moment = now.micros().into();
            let (organization, group) = (organization.uuid().into(), group.uuid().into());
            vec![organization, group, member.into(), moment, request.clone()]
        });
        let mut added = Vec::new();
        for call in statements::ADD.rows(rows.collect()) {
            added.append(&mut self.session().rows(call, read_id).await?);
        }
        Ok(sorted(added).into_iter().map(GroupId::new).collect())
    }

    async fn remove(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        members: &[GroupId],
    ) -> Result<Vec<GroupId>> {
        let mut removed = Vec::new();
        for round in sorted(members.iter().map(|it| it.uuid())).chunks(LONGEST_LIST) {
            let before = [organization.uuid().into(), group.uuid().into()];
            let call = statements::REMOVE.list(before, round.iter().copied());
            removed.append(&mut self.session().rows(call, read_id).await?);
        }
        Ok(sorted(removed).into_iter().map(GroupId::new).collect())
    }
}
