//! Groups. Their members are next door.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use scim_domain::{
    FoldedText, GroupId, OrganizationId, RoleId, Timestamp, UserId,
    group::{Group, Member, StoredGroup},
    resource::representation::{self, Computed},
    schema::Catalog,
    user::StoredUser,
};

use super::{
    search::{BASE, mentions, search},
    state::{GroupRow, State, Tenant, carries, count, defect, limit},
};
use crate::ports::{GroupQueries, Groups, MemberState, Page, Search, StoreError, UniqueKey};

#[async_trait]
impl GroupQueries for State {
    async fn find(
        &mut self,
        organization: OrganizationId,
        id: GroupId,
    ) -> Result<Option<StoredGroup>, StoreError> {
        Ok(self.tenant(organization).groups.get(&id).map(|it| it.stored.clone()))
    }

    async fn find_by_name(
        &mut self,
        organization: OrganizationId,
        display_name: &FoldedText,
    ) -> Result<Option<StoredGroup>, StoreError> {
        let tenant = self.tenant(organization);
        let row = tenant.group_names.get(display_name).and_then(|id| tenant.groups.get(id));
        Ok(row.map(|it| it.stored.clone()))
    }

    async fn find_by_names(
        &mut self,
        organization: OrganizationId,
        display_names: &[FoldedText],
    ) -> Result<Vec<StoredGroup>, StoreError> {
        let tenant = self.tenant(organization);
        let ids: BTreeSet<_> =
            display_names.iter().filter_map(|it| tenant.group_names.get(it)).collect();
        let rows = ids.into_iter().filter_map(|id| tenant.groups.get(id));
        Ok(rows.map(|it| it.stored.clone()).collect())
    }

    async fn search(
        &mut self,
        organization: OrganizationId,
        wanted: Search<'_>,
    ) -> Result<Page<StoredGroup>, StoreError> {
        let tenant = self.tenant(organization);
        let catalog = Arc::clone(wanted.catalog);
        let with_members = mentions(&wanted, "members");
        let groups = tenant.groups.values().map(|it| &it.stored);
        search(
            wanted,
            &catalog.group,
            groups,
            |it| it.id.uuid(),
            |group| {
                let members = with_members.then(|| tenant.all_members_of(group.id));
                let computed = Computed::Group(group.id, members.as_deref());
                representation::resource(
                    &catalog.group,
                    &group.document,
                    computed,
                    &group.meta,
                    BASE,
                )
            },
        )
    }

    async fn names(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
    ) -> Result<Vec<(GroupId, String)>, StoreError> {
        let tenant = self.tenant(organization);
        let groups: BTreeSet<_> = groups.iter().copied().collect();
        let name = |id| tenant.groups.get(&id).map(|it| (id, it.display_name.clone()));
        Ok(groups.into_iter().filter_map(name).collect())
    }

    async fn members_of(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
        at_most: u64,
    ) -> Result<Vec<(GroupId, UserId)>, StoreError> {
        let tenant = self.tenant(organization);
        let groups: BTreeSet<_> = groups.iter().copied().collect();
        let of = |group| tenant.members_of(group).map(move |user| (group, user));
        Ok(groups.into_iter().flat_map(of).take(limit(at_most)).collect())
    }

    async fn members_after(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        after: Option<UserId>,
        at_most: u64,
    ) -> Result<Vec<UserId>, StoreError> {
        let tenant = self.tenant(organization);
        let members = tenant.members_of(group).filter(|it| after.is_none_or(|after| *it > after));
        Ok(members.take(limit(at_most)).collect())
    }

    async fn count_carriers(
        &mut self,
        organization: OrganizationId,
        urn: &str,
    ) -> Result<u64, StoreError> {
        let groups = self.tenant(organization).groups.values();
        Ok(count(groups.filter(|it| carries(&it.stored.document, urn)).count()))
    }

    async fn count_members(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
    ) -> Result<u64, StoreError> {
        Ok(count(self.tenant(organization).members_of(group).count()))
    }

    async fn member_states(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        after: Option<UserId>,
        at_most: u64,
    ) -> Result<Vec<MemberState>, StoreError> {
        let tenant = self.tenant(organization);
        let members = tenant.members_of(group).filter(|it| after.is_none_or(|after| *it > after));
        Ok(members.filter_map(|id| tenant.state_of(id)).take(limit(at_most)).collect())
    }

    async fn count_members_of(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
    ) -> Result<Vec<(GroupId, u64)>, StoreError> {
        let tenant = self.tenant(organization);
        let groups: BTreeSet<_> = groups.iter().copied().collect();
        Ok(groups.into_iter().map(|it| (it, count(tenant.members_of(it).count()))).collect())
    }

    async fn users_in(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        after: Option<UserId>,
        at_most: u64,
    ) -> Result<Vec<StoredUser>, StoreError> {
        let tenant = self.tenant(organization);
        let members = tenant.members_of(group).filter(|it| after.is_none_or(|after| *it > after));
        let rows = members.take(limit(at_most)).filter_map(|it| tenant.users.get(&it));
        Ok(rows.map(|it| it.stored.clone()).collect())
    }
}

impl Tenant {
    /// Users, then groups.
    fn all_members_of(&self, group: GroupId) -> Vec<Member> {
        let users = self.members_of(group).map(Member::User);
        users.chain(self.nested_members_of(group).map(Member::Group)).collect()
    }

    fn write_group(&mut self, catalog: &Catalog, group: &Group) -> Result<(), StoreError> {
        let name = group.display_name_key();
        if self.group_names.get(name).is_some_and(|holder| *holder != group.id) {
            return Err(StoreError::Taken(UniqueKey::GroupDisplayName));
        }
        let row = Arc::new(GroupRow {
            stored: group.to_stored(&catalog.group),
            display_name: group.display_name().to_owned(),
            name: name.clone(),
        });
        if let Some(before) = Arc::make_mut(&mut self.groups).insert(group.id, row) {
            Arc::make_mut(&mut self.group_names).remove(&before.name);
        }
        Arc::make_mut(&mut self.group_names).insert(name.clone(), group.id);
        Ok(())
    }

    fn check_group(&self, id: GroupId, expected: u64) -> Result<(), StoreError> {
        let version = self.groups.get(&id).map(|it| it.stored.meta.version);
        if version == Some(expected) { Ok(()) } else { Err(StoreError::Stale) }
    }
}

#[async_trait]
impl Groups for State {
    async fn find_for_update(
        &mut self,
        organization: OrganizationId,
        id: GroupId,
    ) -> Result<Option<StoredGroup>, StoreError> {
        GroupQueries::find(self, organization, id).await
    }

    async fn insert(
        &mut self,
        organization: OrganizationId,
        catalog: &Catalog,
        group: &Group,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant_mut(organization)?;
        if tenant.groups.contains_key(&group.id) {
            return Err(defect("a group's id twice"));
        }
        tenant.write_group(catalog, group)
    }

    async fn update(
        &mut self,
        organization: OrganizationId,
        catalog: &Catalog,
        group: &Group,
        expected: u64,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant_mut(organization)?;
        tenant.check_group(group.id, expected)?;
        tenant.write_group(catalog, group)
    }

    async fn delete(
        &mut self,
        organization: OrganizationId,
        id: GroupId,
        expected: u64,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant_mut(organization)?;
        tenant.check_group(id, expected)?;
        let members: Vec<_> = tenant.members_of(id).collect();
        tenant.leave(id, &members);
        tenant.unnest(id);
        let roles: Vec<RoleId> = tenant.roles_of(id).map(|it| it.id).collect();
        let mappings = Arc::make_mut(&mut tenant.mappings);
        for role in roles {
            mappings.remove(&(id, role));
        }
        if let Some(row) = Arc::make_mut(&mut tenant.groups).remove(&id) {
            Arc::make_mut(&mut tenant.group_names).remove(&row.name);
        }
        Ok(())
    }

    async fn add_members(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        users: &[UserId],
        now: Timestamp,
    ) -> Result<Vec<UserId>, StoreError> {
        let made = self.made(now);
        self.tenant_mut(organization)?.join(group, users, made)
    }

    async fn remove_members(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        users: &[UserId],
    ) -> Result<Vec<UserId>, StoreError> {
        Ok(self.tenant_mut(organization)?.leave(group, users))
    }
}
