//! Who holds which role.

use std::collections::BTreeSet;

use async_trait::async_trait;
use scim_domain::{OrganizationId, RoleId, UserId, user::StoredUser};

use super::state::{State, Tenant, count, limit};
use crate::ports::{HolderQueries, StoreError};

impl Tenant {
    /// The active users who hold a role.
    fn holders(&self, role: RoleId) -> BTreeSet<UserId> {
        let groups = self.groups_mapped_to(role).collect();
        let mut holders = self.active_in(&groups);
        let active = |user: &UserId| self.state_of(*user).is_some_and(|it| it.active);
        holders.extend(self.assignees_of(role).filter(active));
        holders
    }
}

#[async_trait]
impl HolderQueries for State {
    async fn count_groups(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Vec<(RoleId, u64)>, StoreError> {
        let tenant = self.tenant(organization);
        let number = |role| count(tenant.groups_mapped_to(role).count());
        Ok(tenant.roles.keys().map(|role| (*role, number(*role))).collect())
    }

    async fn count(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Vec<(RoleId, u64)>, StoreError> {
        let tenant = self.tenant(organization);
        let number = |role| count(tenant.holders(role).len());
        Ok(tenant.roles.keys().map(|role| (*role, number(*role))).collect())
    }

    async fn list(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
        after: Option<UserId>,
        most: u64,
    ) -> Result<Vec<StoredUser>, StoreError> {
        let tenant = self.tenant(organization);
        let holders = tenant.holders(role);
        let rest = holders.into_iter().filter(|it| after.is_none_or(|after| *it > after));
        let rows = rest.take(limit(most)).filter_map(|it| tenant.users.get(&it));
        Ok(rows.map(|it| it.stored.clone()).collect())
    }
}
