//! Users.

use std::{collections::BTreeSet, ops::Bound, sync::Arc};

use async_trait::async_trait;
use scim_domain::{
    FoldedText, OrganizationId, UserId,
    resource::representation::{self, Computed, GroupRef},
    schema::Catalog,
    user::{StoredUser, User},
};

use super::{
    search::{BASE, mentions, search},
    state::{State, Tenant, UserRow, carries, count, defect, limit},
};
use crate::ports::{MemberState, Page, Search, StoreError, UniqueKey, UserQueries, Users};

#[async_trait]
impl UserQueries for State {
    async fn find(
        &mut self,
        organization: OrganizationId,
        id: UserId,
    ) -> Result<Option<StoredUser>, StoreError> {
        Ok(self.tenant(organization).users.get(&id).map(|it| it.stored.clone()))
    }

    async fn find_by_name(
        &mut self,
        organization: OrganizationId,
        user_name: &FoldedText,
    ) -> Result<Option<StoredUser>, StoreError> {
        let tenant = self.tenant(organization);
        let row = tenant.user_names.get(user_name).and_then(|id| tenant.users.get(id));
        Ok(row.map(|it| it.stored.clone()))
    }

    async fn find_by_names(
        &mut self,
        organization: OrganizationId,
        user_names: &[FoldedText],
    ) -> Result<Vec<StoredUser>, StoreError> {
        let tenant = self.tenant(organization);
        let ids: BTreeSet<_> =
            user_names.iter().filter_map(|it| tenant.user_names.get(it)).collect();
        let rows = ids.into_iter().filter_map(|id| tenant.users.get(id));
        Ok(rows.map(|it| it.stored.clone()).collect())
    }

    async fn search(
        &mut self,
        organization: OrganizationId,
        wanted: Search<'_>,
    ) -> Result<Page<StoredUser>, StoreError> {
        let tenant = self.tenant(organization);
        let catalog = Arc::clone(wanted.catalog);
        let with_groups = mentions(&wanted, "groups");
        let users = tenant.users.values().map(|it| &it.stored);
        search(
            wanted,
            &catalog.user,
            users,
            |it| it.id.uuid(),
            |user| {
                let groups =
                    with_groups.then(|| tenant.all_group_refs(user.id, catalog.nested_groups));
                let computed = Computed::User(user.id, groups.as_deref());
                representation::resource(&catalog.user, &user.document, computed, &user.meta, BASE)
            },
        )
    }

    async fn groups_of(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
    ) -> Result<Vec<(UserId, GroupRef)>, StoreError> {
        let tenant = self.tenant(organization);
        let users: BTreeSet<_> = users.iter().copied().collect();
        let of = |user| tenant.group_refs(user).into_iter().map(move |group| (user, group));
        Ok(users.into_iter().flat_map(of).collect())
    }

    async fn count_carriers(
        &mut self,
        organization: OrganizationId,
        urn: &str,
    ) -> Result<u64, StoreError> {
        let users = self.tenant(organization).users.values();
        Ok(count(users.filter(|it| carries(&it.stored.document, urn)).count()))
    }

    async fn after(
        &mut self,
        organization: OrganizationId,
        after: Option<UserId>,
        most: u64,
    ) -> Result<Vec<StoredUser>, StoreError> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let users = self.tenant(organization).users.range((from, Bound::Unbounded));
        Ok(users.take(limit(most)).map(|(_, it)| it.stored.clone()).collect())
    }

    async fn count_active(&mut self, organization: OrganizationId) -> Result<u64, StoreError> {
        let users = self.tenant(organization).users.values();
        Ok(count(users.filter(|it| it.stored.active).count()))
    }

    async fn count_provisioned(&mut self, organization: OrganizationId) -> Result<u64, StoreError> {
        let users = self.tenant(organization).users.values().map(|it| &it.stored);
        Ok(count(users.filter(|it| it.active && it.is_provisioned()).count()))
    }

    async fn unprovisioned(
        &mut self,
        organization: OrganizationId,
        after: Option<UserId>,
        most: u64,
    ) -> Result<Vec<UserId>, StoreError> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let users = self.tenant(organization).users.range((from, Bound::Unbounded));
        let others = users.filter(|(_, it)| it.stored.active && !it.stored.is_provisioned());
        Ok(others.take(limit(most)).map(|(id, _)| *id).collect())
    }

    async fn protected(&mut self, organization: OrganizationId) -> Result<Vec<UserId>, StoreError> {
        let users = self.tenant(organization).users.values();
        Ok(users.filter(|it| it.stored.protected).map(|it| it.stored.id).collect())
    }

    async fn states(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
    ) -> Result<Vec<MemberState>, StoreError> {
        let tenant = self.tenant(organization);
        let users: BTreeSet<_> = users.iter().copied().collect();
        Ok(users.into_iter().filter_map(|id| tenant.state_of(id)).collect())
    }
}

impl Tenant {
    /// The groups of a user with their names.
    fn group_refs(&self, user: UserId) -> Vec<GroupRef> {
        let rows = self.groups_of(user).filter_map(|id| self.groups.get(&id));
        rows.map(|it| GroupRef {
            id: it.stored.id,
            display_name: it.display_name.clone(),
            direct: true,
        })
        .collect()
    }

    /// Also those above them, where groups are nested.
    fn all_group_refs(&self, user: UserId, nested: bool) -> Vec<GroupRef> {
        let mut all = self.group_refs(user);
        if nested {
            all.extend(self.groups_above(user));
            all.sort_by_key(|it| it.id);
        }
        all
    }

    /// What a push needs to know of a user.
    pub fn state_of(&self, user: UserId) -> Option<MemberState> {
        self.users.get(&user).map(|it| MemberState {
            id: user,
            active: it.stored.active,
            protected: it.stored.protected,
        })
    }

    fn write_user(&mut self, catalog: &Catalog, user: &User) -> Result<(), StoreError> {
        let name = user.user_name_key();
        if self.user_names.get(name).is_some_and(|holder| *holder != user.id) {
            return Err(StoreError::Taken(UniqueKey::UserName));
        }
        let stored = user.to_stored(&catalog.user);
        let row = Arc::new(UserRow { stored, name: name.clone() });
        if let Some(before) = Arc::make_mut(&mut self.users).insert(user.id, row) {
            Arc::make_mut(&mut self.user_names).remove(&before.name);
        }
        Arc::make_mut(&mut self.user_names).insert(name.clone(), user.id);
        Ok(())
    }

    fn check_user(&self, id: UserId, expected: u64) -> Result<(), StoreError> {
        let version = self.users.get(&id).map(|it| it.stored.meta.version);
        if version == Some(expected) { Ok(()) } else { Err(StoreError::Stale) }
    }
}

#[async_trait]
impl Users for State {
    async fn find_for_update(
        &mut self,
        organization: OrganizationId,
        id: UserId,
    ) -> Result<Option<StoredUser>, StoreError> {
        UserQueries::find(self, organization, id).await
    }

    async fn insert(
        &mut self,
        organization: OrganizationId,
        catalog: &Catalog,
        user: &User,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant_mut(organization)?;
        if tenant.users.contains_key(&user.id) {
            return Err(defect("a user's id twice"));
        }
        tenant.write_user(catalog, user)
    }

    async fn insert_many(
        &mut self,
        organization: OrganizationId,
        catalog: &Catalog,
        users: &[User],
    ) -> Result<(), StoreError> {
        for user in users {
            Users::insert(self, organization, catalog, user).await?;
        }
        Ok(())
    }

    async fn update(
        &mut self,
        organization: OrganizationId,
        catalog: &Catalog,
        user: &User,
        expected: u64,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant_mut(organization)?;
        tenant.check_user(user.id, expected)?;
        tenant.write_user(catalog, user)
    }

    /// Searches look at every user here; there is nothing to be brought up to date.
    async fn index(
        &mut self,
        organization: OrganizationId,
        _catalog: &Catalog,
        after: Option<UserId>,
        at_most: u64,
    ) -> Result<Option<UserId>, StoreError> {
        let users = self.tenant(organization).users.keys().copied();
        Ok(users.filter(|it| after.is_none_or(|after| *it > after)).take(limit(at_most)).last())
    }

    async fn delete(
        &mut self,
        organization: OrganizationId,
        id: UserId,
        expected: u64,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant_mut(organization)?;
        tenant.check_user(id, expected)?;
        let groups: Vec<_> = tenant.groups_of(id).collect();
        let members = Arc::make_mut(&mut tenant.members);
        let memberships = Arc::make_mut(&mut tenant.memberships);
        for group in groups {
            members.remove(&(group, id));
            memberships.remove(&(id, group));
        }
        Arc::make_mut(&mut tenant.assignments).retain(|(user, _)| *user != id);
        if let Some(row) = Arc::make_mut(&mut tenant.users).remove(&id) {
            Arc::make_mut(&mut tenant.user_names).remove(&row.name);
        }
        Ok(())
    }
}
