//! Roles, mappings, and who reaches what.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use scim_domain::{
    FoldedText, GroupId, OrganizationId, RoleId, Timestamp, UserId,
    access::{Holding, Via},
    role::{MappedRole, Role, RoleKey},
};

use super::state::{State, Tenant, count, defect, limit};
use crate::ports::{MemberState, RoleQueries, Roles, StoreError, UniqueKey};

#[async_trait]
impl RoleQueries for State {
    async fn list(&mut self, organization: OrganizationId) -> Result<Vec<Role>, StoreError> {
        let mut all: Vec<_> = self.tenant(organization).roles.values().cloned().collect();
        all.sort_by_key(|it| (it.created, it.id));
        Ok(all)
    }

    async fn find_by_key(
        &mut self,
        organization: OrganizationId,
        key: &RoleKey,
    ) -> Result<Option<Role>, StoreError> {
        Ok(self.tenant(organization).roles.values().find(|it| it.key == *key).cloned())
    }

    async fn find_by_name(
        &mut self,
        organization: OrganizationId,
        name: &FoldedText,
    ) -> Result<Option<Role>, StoreError> {
        let mut roles = self.tenant(organization).roles.values();
        Ok(roles.find(|it| FoldedText::of(&it.name) == *name).cloned())
    }

    async fn mapped(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
    ) -> Result<Vec<(GroupId, MappedRole)>, StoreError> {
        let tenant = self.tenant(organization);
        let groups: BTreeSet<_> = groups.iter().copied().collect();
        let of = |group| tenant.mapped(group).map(move |role| (group, role));
        Ok(groups.into_iter().flat_map(of).collect())
    }

    async fn groups_of(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
    ) -> Result<Vec<GroupId>, StoreError> {
        Ok(self.tenant(organization).groups_mapped_to(role).collect())
    }

    async fn holdings(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
    ) -> Result<Vec<Holding>, StoreError> {
        let tenant = self.tenant(organization);
        let users: BTreeSet<_> = users.iter().copied().collect();
        let mut holdings: Vec<_> = users.into_iter().flat_map(|it| tenant.holdings(it)).collect();
        holdings.sort_by_key(|it| (it.user, it.role.id, it.via));
        Ok(holdings)
    }

    async fn has_active_holder(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
    ) -> Result<bool, StoreError> {
        let tenant = self.tenant(organization);
        let members = tenant.groups_mapped_to(role).flat_map(|it| tenant.members_of(it));
        let mut holders = members.chain(tenant.assignees_of(role));
        Ok(holders.any(|it| tenant.state_of(it).is_some_and(|state| state.active)))
    }

    async fn assignees(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
        after: Option<UserId>,
        most: u64,
    ) -> Result<Vec<MemberState>, StoreError> {
        let tenant = self.tenant(organization);
        let rest = tenant.assignees_of(role).filter(|it| after.is_none_or(|after| *it > after));
        Ok(rest.take(limit(most)).filter_map(|it| tenant.state_of(it)).collect())
    }

    async fn count_assigned(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Vec<(RoleId, u64)>, StoreError> {
        let tenant = self.tenant(organization);
        let active = |user: &UserId| tenant.state_of(*user).is_some_and(|it| it.active);
        let number = |role| count(tenant.assignees_of(role).filter(active).count());
        Ok(tenant.roles.keys().map(|role| (*role, number(*role))).collect())
    }
}

impl Tenant {
    pub fn groups_mapped_to(&self, role: RoleId) -> impl Iterator<Item = GroupId> {
        self.mappings.iter().filter(move |(_, it)| *it == role).map(|(group, _)| *group)
    }

    fn mapped(&self, group: GroupId) -> impl Iterator<Item = MappedRole> {
        self.roles_of(group).map(move |role| role.reached(Via::Group(group)))
    }

    /// What a user reaches, in no order.
    fn holdings(&self, user: UserId) -> impl Iterator<Item = Holding> {
        let through = |group| self.mapped(group).map(move |role| (role, Via::Group(group)));
        let assigned = self.assigned_to(user).map(|role| {
            let via = Via::Assignment;
            (role.reached(via), via)
        });
        let all = self.groups_of(user).flat_map(through).chain(assigned);
        all.map(move |(role, via)| Holding { user, role, via })
    }

    fn check_role(&self, role: &Role) -> Result<(), StoreError> {
        if !self.groups.contains_key(&role.home_group) {
            return Err(defect("a home group that is not stored"));
        }
        let others = || self.roles.values().filter(|it| it.id != role.id);
        if others().any(|it| it.key == role.key) {
            return Err(StoreError::Taken(UniqueKey::RoleKey));
        }
        let name = FoldedText::of(&role.name);
        if others().any(|it| FoldedText::of(&it.name) == name) {
            return Err(StoreError::Taken(UniqueKey::RoleName));
        }
        Ok(())
    }
}

#[async_trait]
impl Roles for State {
    async fn insert(
        &mut self,
        organization: OrganizationId,
        role: &Role,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant_mut(organization)?;
        if tenant.roles.contains_key(&role.id) {
            return Err(defect("a role's id twice"));
        }
        tenant.check_role(role)?;
        Arc::make_mut(&mut tenant.roles).insert(role.id, role.clone());
        Ok(())
    }

    async fn update(
        &mut self,
        organization: OrganizationId,
        role: &Role,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant_mut(organization)?;
        if !tenant.roles.contains_key(&role.id) {
            return Err(StoreError::Stale);
        }
        tenant.check_role(role)?;
        if let Some(row) = Arc::make_mut(&mut tenant.roles).get_mut(&role.id) {
            row.name.clone_from(&role.name);
            row.description.clone_from(&role.description);
            row.permissions.clone_from(&role.permissions);
            row.privileged = role.privileged;
            row.home_group = role.home_group;
        }
        Ok(())
    }

    async fn delete(&mut self, organization: OrganizationId, id: RoleId) -> Result<(), StoreError> {
        let tenant = self.tenant_mut(organization)?;
        let removed = Arc::make_mut(&mut tenant.roles).remove(&id);
        Arc::make_mut(&mut tenant.mappings).retain(|(_, role)| *role != id);
        Arc::make_mut(&mut tenant.assignments).retain(|(_, role)| *role != id);
        Arc::make_mut(&mut tenant.mapping_rules).retain(|_, rule| rule.role != id);
        removed.map(drop).ok_or(StoreError::Stale)
    }

    async fn map(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        role: RoleId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let made = self.made(now);
        let tenant = self.tenant_mut(organization)?;
        if !tenant.groups.contains_key(&group) || !tenant.roles.contains_key(&role) {
            return Err(defect("a mapping of a group or a role that is not stored"));
        }
        let new = Arc::make_mut(&mut tenant.mappings).insert((group, role));
        if new {
            tenant.note((group.uuid(), role.uuid()), made);
        }
        Ok(new)
    }

    async fn unmap(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        role: RoleId,
    ) -> Result<bool, StoreError> {
        let tenant = self.tenant_mut(organization)?;
        Ok(Arc::make_mut(&mut tenant.mappings).remove(&(group, role)))
    }

    async fn assign(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
        users: &[UserId],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let made = self.made(now);
        let tenant = self.tenant_mut(organization)?;
        if !tenant.roles.contains_key(&role)
            || !users.iter().all(|it| tenant.users.contains_key(it))
        {
            return Err(defect("an assignment of a role or a user that is not stored"));
        }
        for user in users {
            if Arc::make_mut(&mut tenant.assignments).insert((*user, role)) {
                tenant.note((user.uuid(), role.uuid()), made);
            }
        }
        Ok(())
    }

    async fn unassign(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
        users: &[UserId],
    ) -> Result<(), StoreError> {
        let tenant = self.tenant_mut(organization)?;
        for user in users {
            Arc::make_mut(&mut tenant.assignments).remove(&(*user, role));
        }
        Ok(())
    }
}
