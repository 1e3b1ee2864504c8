use async_trait::async_trait;
use scim_app::ports::{GroupQueries, Groups, MemberState, Page, Search};
use scim_domain::{
    FoldedText, GroupId, OrganizationId, Timestamp, UserId,
    group::{Group, StoredGroup},
    schema::Catalog,
    user::StoredUser,
};
use uuid::Uuid;

use super::{Reading, Result, Writing, sorted};
use crate::{
    kept::LONGEST_LIST,
    rows::{
        count, read_count, read_group, read_group_count, read_group_name, read_id, read_member_of,
        read_member_state, read_user,
    },
    search::{self, GroupSearch},
    session::{Session, Transaction},
    statements::{blocks, groups as statements, members},
};

#[async_trait]
impl<S: Session> GroupQueries for Reading<S> {
    async fn find(
        &mut self,
        organization: OrganizationId,
        id: GroupId,
    ) -> Result<Option<StoredGroup>> {
        let call = statements::FIND.call([organization.uuid().into(), id.uuid().into()]);
        self.session.first(call, read_group).await
    }

    async fn find_by_name(
        &mut self,
        organization: OrganizationId,
        display_name: &FoldedText,
    ) -> Result<Option<StoredGroup>> {
        let call = statements::FIND_BY_NAME
            .call([organization.uuid().into(), display_name.as_str().into()]);
        self.session.first(call, read_group).await
    }

    async fn find_by_names(
        &mut self,
        organization: OrganizationId,
        display_names: &[FoldedText],
    ) -> Result<Vec<StoredGroup>> {
        let names = display_names.iter().map(FoldedText::as_str);
        self.in_rounds(&statements::FIND_BY_NAMES, organization.uuid(), names, read_group).await
    }

    async fn search(
        &mut self,
        organization: OrganizationId,
        search: Search<'_>,
    ) -> Result<Page<StoredGroup>> {
        let organization = organization.uuid();
        search::run::<S, GroupSearch>(&mut self.session, &self.blocks, organization, search).await
    }

    async fn names(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
    ) -> Result<Vec<(GroupId, String)>> {
        let ids = groups.iter().map(|it| it.uuid());
        self.in_rounds(&statements::NAMES, organization.uuid(), ids, read_group_name).await
    }

    async fn members_of(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
        limit: u64,
    ) -> Result<Vec<(GroupId, UserId)>> {
        let (organization, ids) = (organization.uuid(), groups.iter().map(|it| it.uuid()));
        self.in_rounds_up_to(&members::MEMBERS_OF, organization, ids, limit, read_member_of).await
    }

    async fn members_after(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<UserId>> {
        let call = members::MEMBERS_AFTER.call([
            organization.uuid().into(),
            group.uuid().into(),
            // No user has this id, and none has a smaller one.
            after.map_or(Uuid::nil(), UserId::uuid).into(),
            count(limit).into(),
        ]);
        let ids = self.session.rows(call, read_id).await?;
        Ok(ids.into_iter().map(UserId::new).collect())
    }

    async fn count_carriers(&mut self, organization: OrganizationId, urn: &str) -> Result<u64> {
        // Nothing else in a document looks like this: a quote inside of a value is escaped.
        let member = format!(",\"{urn}\":{{");
        let call = statements::COUNT_CARRIERS.call([
            organization.uuid().into(),
            member.into(),
            0_i64.into(),
        ]);
        Ok(self.session.first(call, read_count).await?.unwrap_or(0))
    }

    async fn count_members(&mut self, organization: OrganizationId, group: GroupId) -> Result<u64> {
        let call = members::COUNT.call([organization.uuid().into(), group.uuid().into()]);
        Ok(self.session.first(call, read_count).await?.unwrap_or(0))
    }

    async fn member_states(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<MemberState>> {
        let (organization, group) = (organization.uuid().into(), group.uuid().into());
        let most = count(limit).into();
        let call = match after {
            None => members::STATES.call([organization, group, most]),
            Some(after) => {
                members::STATES_AFTER.call([organization, group, after.uuid().into(), most])
            }
        };
        let call = if limit > 100 { call.scan() } else { call };
        self.session.rows(call, read_member_state).await
    }

    async fn count_members_of(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
    ) -> Result<Vec<(GroupId, u64)>> {
        let ids = groups.iter().map(|it| it.uuid());
        self.in_rounds(&members::COUNT_OF, organization.uuid(), ids, read_group_count).await
    }

    async fn users_in(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<StoredUser>> {
        let call = members::USERS.call([
            organization.uuid().into(),
            group.uuid().into(),
            // No user has this id, and none has a smaller one.
            after.map_or(Uuid::nil(), UserId::uuid).into(),
            count(limit).into(),
        ]);
        let call = if limit > 100 { call.scan() } else { call };
        self.session.rows(call, read_user).await
    }
}

#[async_trait]
impl<S: Transaction> Groups for Writing<S> {
    async fn find_for_update(
        &mut self,
        organization: OrganizationId,
        id: GroupId,
    ) -> Result<Option<StoredGroup>> {
        let call = statements::FIND_FOR_UPDATE.call([organization.uuid().into(), id.uuid().into()]);
        self.session().first(call, read_group).await
    }

    async fn insert(
        &mut self,
        organization: OrganizationId,
        catalog: &Catalog,
        group: &Group,
    ) -> Result<()> {
        let call = statements::INSERT.call([
            organization.uuid().into(),
            group.id.uuid().into(),
            group.display_name().into(),
            group.display_name_key().as_str().into(),
            group.external_id().filter(|it| !it.is_empty()).map(str::to_owned).into(),
            group.written_over_scim.into(),
            group.meta.created.micros().into(),
            group.meta.last_modified.micros().into(),
            count(group.meta.version).into(),
            group.document().to_json(&catalog.group).into(),
        ]);
        self.session().execute(call).await?;
        self.came(organization, &blocks::GROUPS, group.id.uuid()).await
    }

    async fn update(
        &mut self,
        organization: OrganizationId,
        catalog: &Catalog,
        group: &Group,
        expected: u64,
    ) -> Result<()> {
        let call = statements::UPDATE.call([
            group.display_name().into(),
            group.display_name_key().as_str().into(),
            group.external_id().filter(|it| !it.is_empty()).map(str::to_owned).into(),
            group.written_over_scim.into(),
            group.meta.last_modified.micros().into(),
            count(group.meta.version).into(),
            group.document().to_json(&catalog.group).into(),
            organization.uuid().into(),
            group.id.uuid().into(),
            count(expected).into(),
        ]);
        self.change_one(call).await
    }

    async fn delete(
        &mut self,
        organization: OrganizationId,
        id: GroupId,
        expected: u64,
    ) -> Result<()> {
        let call = statements::DELETE.call([
            organization.uuid().into(),
            id.uuid().into(),
            count(expected).into(),
        ]);
        self.change_one(call).await?;
        self.went(organization, &blocks::GROUPS, id.uuid()).await
    }

    async fn add_members(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        users: &[UserId],
        now: Timestamp,
    ) -> Result<Vec<UserId>> {
        let request = self.request();
        let rows = sorted(users.iter().map(|it| it.uuid())).into_iter().map(|user| {
            let (organization, group) = (organization.uuid().into(), group.uuid().into());
            vec![organization, group, user.into(), now.micros().into(), request.clone()]
        });
        let mut added = Vec::new();
        for call in members::ADD.rows(rows.collect()) {
            added.append(&mut self.session().rows(call, read_id).await?);
        }
        Ok(sorted(added).into_iter().map(UserId::new).collect())
    }

    async fn remove_members(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        users: &[UserId],
    ) -> Result<Vec<UserId>> {
        let mut removed = Vec::new();
        for round in sorted(users.iter().map(|it| it.uuid())).chunks(LONGEST_LIST) {
            let before = [organization.uuid().into(), group.uuid().into()];
            let call = members::REMOVE.list(before, round.iter().copied());
            removed.append(&mut self.session().rows(call, read_id).await?);
        }
        Ok(sorted(removed).into_iter().map(UserId::new).collect())
    }
}
