//! Groups as members of groups: pairs, kept in both directions.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use scim_domain::{
    GroupId, OrganizationId, RoleId, Timestamp, UserId, resource::representation::GroupRef,
};
use uuid::Uuid;

use super::state::{State, Tenant, count, defect, limit};
use crate::ports::{NestingQueries, Nestings, StoreError};

type Pairs = BTreeSet<(GroupId, GroupId)>;

/// What stands beside a group in pairs, ordered.
pub(super) fn beside(pairs: &Pairs, group: GroupId) -> impl Iterator<Item = GroupId> {
    let (first, last) = (GroupId::new(Uuid::nil()), GroupId::new(Uuid::max()));
    pairs.range((group, first)..=(group, last)).map(|(_, other)| *other)
}

/// Everything that can be reached from groups by at least one step.
pub(super) fn reached(pairs: &Pairs, from: impl Iterator<Item = GroupId>) -> BTreeSet<GroupId> {
    let mut all = BTreeSet::new();
    let mut open: Vec<_> = from.collect();
    while let Some(group) = open.pop() {
        open.extend(beside(pairs, group).filter(|it| all.insert(*it)));
    }
    all
}

impl Tenant {
    /// The groups that are members of a group, ordered.
    pub fn nested_members_of(&self, group: GroupId) -> impl Iterator<Item = GroupId> {
        beside(&self.nestings, group)
    }

    /// The groups above those of a user, without the latter.
    pub fn groups_above(&self, user: UserId) -> Vec<GroupRef> {
        let own: BTreeSet<_> = self.groups_of(user).collect();
        let above = reached(&self.nested_in, own.iter().copied());
        let rows = above.difference(&own).filter_map(|id| self.groups.get(id));
        rows.map(|it| GroupRef {
            id: it.stored.id,
            display_name: it.display_name.clone(),
            direct: false,
        })
        .collect()
    }

    /// The active users in groups and in those below them.
    pub fn active_in(&self, groups: &BTreeSet<GroupId>) -> BTreeSet<UserId> {
        let below = reached(&self.nestings, groups.iter().copied());
        let users = groups.union(&below).flat_map(|it| self.members_of(*it));
        users.filter(|it| self.state_of(*it).is_some_and(|state| state.active)).collect()
    }

    /// Takes a group out of all groups, and all groups out of it.
    pub fn unnest(&mut self, group: GroupId) {
        Arc::make_mut(&mut self.nestings).retain(|(one, other)| group != *one && group != *other);
        Arc::make_mut(&mut self.nested_in).retain(|(one, other)| group != *one && group != *other);
    }
}

#[async_trait]
impl NestingQueries for State {
    async fn count(&mut self, organization: OrganizationId) -> Result<u64, StoreError> {
        Ok(count(self.tenant(organization).nestings.len()))
    }

    async fn members_of(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
        at_most: u64,
    ) -> Result<Vec<(GroupId, GroupId)>, StoreError> {
        let tenant = self.tenant(organization);
        let groups: BTreeSet<_> = groups.iter().copied().collect();
        let of = |group| tenant.nested_members_of(group).map(move |it| (group, it));
        Ok(groups.into_iter().flat_map(of).take(limit(at_most)).collect())
    }

    async fn members_after(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        after: Option<GroupId>,
        at_most: u64,
    ) -> Result<Vec<GroupId>, StoreError> {
        let members = self.tenant(organization).nested_members_of(group);
        let members = members.filter(|it| after.is_none_or(|after| *it > after));
        Ok(members.take(limit(at_most)).collect())
    }

    async fn above(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
    ) -> Result<Vec<(GroupId, GroupId)>, StoreError> {
        let tenant = self.tenant(organization);
        let groups: BTreeSet<_> = groups.iter().copied().collect();
        let of = |group| {
            let above = reached(&tenant.nested_in, std::iter::once(group));
            above.into_iter().map(move |it| (group, it))
        };
        Ok(groups.into_iter().flat_map(of).collect())
    }

    async fn groups_of(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
    ) -> Result<Vec<(UserId, GroupRef)>, StoreError> {
        let tenant = self.tenant(organization);
        let users: BTreeSet<_> = users.iter().copied().collect();
        let of = |user| tenant.groups_above(user).into_iter().map(move |group| (user, group));
        Ok(users.into_iter().flat_map(of).collect())
    }

    async fn directly_above(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
    ) -> Result<Vec<(GroupId, GroupId)>, StoreError> {
        let tenant = self.tenant(organization);
        let groups: BTreeSet<_> = groups.iter().copied().collect();
        let of = |member| beside(&tenant.nested_in, member).map(move |group| (member, group));
        Ok(groups.into_iter().flat_map(of).collect())
    }

    async fn active_users(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
    ) -> Result<Vec<UserId>, StoreError> {
        let groups = groups.iter().copied().collect();
        Ok(self.tenant(organization).active_in(&groups).into_iter().collect())
    }

    async fn has_active_holder(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
    ) -> Result<bool, StoreError> {
        let tenant = self.tenant(organization);
        let below = reached(&tenant.nestings, tenant.groups_mapped_to(role));
        Ok(!tenant.active_in(&below).is_empty())
    }
}

#[async_trait]
impl Nestings for State {
    async fn add(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        members: &[GroupId],
        now: Timestamp,
    ) -> Result<Vec<GroupId>, StoreError> {
        let made = self.made(now);
        let tenant = self.tenant_mut(organization)?;
        if members.iter().chain([&group]).any(|it| !tenant.groups.contains_key(it)) {
            return Err(defect("a membership of a group that is not stored"));
        }
        let members: BTreeSet<_> = members.iter().copied().collect();
        let nestings = Arc::make_mut(&mut tenant.nestings);
        let added: Vec<_> =
            members.into_iter().filter(|it| nestings.insert((group, *it))).collect();
        Arc::make_mut(&mut tenant.nested_in).extend(added.iter().map(|it| (*it, group)));
        for member in &added {
            tenant.note((group.uuid(), member.uuid()), made);
        }
        Ok(added)
    }

    async fn remove(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        members: &[GroupId],
    ) -> Result<Vec<GroupId>, StoreError> {
        let tenant = self.tenant_mut(organization)?;
        let members: BTreeSet<_> = members.iter().copied().collect();
        let nestings = Arc::make_mut(&mut tenant.nestings);
        let removed: Vec<_> =
            members.into_iter().filter(|it| nestings.remove(&(group, *it))).collect();
        let nested_in = Arc::make_mut(&mut tenant.nested_in);
        for member in &removed {
            nested_in.remove(&(*member, group));
        }
        Ok(removed)
    }
}
