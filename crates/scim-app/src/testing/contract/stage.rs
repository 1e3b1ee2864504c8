//! A store with something on it: the steps that most promises begin with.

use std::sync::Arc;

use scim_domain::{
    GroupId, OrganizationId, RoleId, UserId,
    api_key::ApiKey,
    group::{Group, StoredGroup},
    role::Role,
    schema::Catalog,
    user::{StoredUser, User},
};

use crate::{
    ports::{Snapshot, Store, StoreError, UnitOfWork},
    testing::world::{CountingIds, StoppedClock},
};

/// A store, and ids and times for what is put into it. Each method that stores commits; those that
/// race with others yield before they do, so that turns not taken show.
#[expect(missing_debug_implementations, reason = "there is nothing to see in a store")]
pub struct Stage {
    pub store: Arc<dyn Store>,
    pub ids: CountingIds,
    pub clock: StoppedClock,
}

/// The stored form of a user.
pub(super) fn stored(user: &User) -> StoredUser {
    user.to_stored(&Catalog::standard().user)
}

/// The stored form of a group.
pub(super) fn stored_group(group: &Group) -> StoredGroup {
    group.to_stored(&Catalog::standard().group)
}

/// The ids, ordered.
pub(super) fn sorted<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut items: Vec<_> = items.into_iter().collect();
    items.sort();
    items
}

impl Stage {
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, ids: CountingIds::new(), clock: StoppedClock::new() }
    }

    pub fn shared(store: Arc<dyn Store>) -> Arc<Self> {
        Arc::new(Self::new(store))
    }

    pub async fn begin(&self) -> Box<dyn UnitOfWork> {
        self.store.begin().await.unwrap()
    }

    pub async fn read(&self) -> Box<dyn Snapshot> {
        self.store.read().await.unwrap()
    }

    pub async fn organization(&self, name: &str) -> OrganizationId {
        let organization = self.new_organization(name);
        let mut unit = self.begin().await;
        unit.organizations().insert(&organization).await.unwrap();
        unit.commit().await.unwrap();
        organization.id
    }

    pub async fn key(&self, organization: OrganizationId, name: &str) -> ApiKey {
        let key = self.new_key(organization, name);
        let mut unit = self.begin().await;
        unit.api_keys().insert(&key).await.unwrap();
        unit.commit().await.unwrap();
        key
    }

    pub async fn user(&self, organization: OrganizationId, user_name: &str) -> User {
        let user = self.new_user(user_name);
        self.insert_users(organization, std::slice::from_ref(&user)).await;
        user
    }

    /// So many users; their ids, ordered.
    pub async fn users(&self, organization: OrganizationId, number: usize) -> Vec<UserId> {
        let users: Vec<_> =
            (0..number).map(|it| self.new_user(&format!("user-{it}@acme.example"))).collect();
        self.insert_users(organization, &users).await;
        users.iter().map(|it| it.id).collect()
    }

    pub async fn insert_users(&self, organization: OrganizationId, users: &[User]) {
        let mut unit = self.begin().await;
        for user in users {
            unit.users().insert(organization, &Catalog::standard(), user).await.unwrap();
        }
        unit.commit().await.unwrap();
    }

    pub async fn try_insert_user(
        &self,
        organization: OrganizationId,
        user: &User,
    ) -> Result<(), StoreError> {
        let mut unit = self.store.begin().await?;
        unit.users().insert(organization, &Catalog::standard(), user).await?;
        tokio::task::yield_now().await;
        unit.commit().await
    }

    pub async fn update_user(
        &self,
        organization: OrganizationId,
        user: &User,
        expected: u64,
    ) -> Result<(), StoreError> {
        let mut unit = self.store.begin().await?;
        unit.users().update(organization, &Catalog::standard(), user, expected).await?;
        tokio::task::yield_now().await;
        unit.commit().await
    }

    pub async fn delete_user(
        &self,
        organization: OrganizationId,
        id: UserId,
        expected: u64,
    ) -> Result<(), StoreError> {
        let mut unit = self.store.begin().await?;
        unit.users().delete(organization, id, expected).await?;
        unit.commit().await
    }

    pub async fn find_user(&self, organization: OrganizationId, id: UserId) -> Option<StoredUser> {
        self.read().await.users().find(organization, id).await.unwrap()
    }

    pub async fn group(&self, organization: OrganizationId, display_name: &str) -> Group {
        let group = self.new_group(display_name);
        self.try_insert_group(organization, &group).await.unwrap();
        group
    }

    pub async fn try_insert_group(
        &self,
        organization: OrganizationId,
        group: &Group,
    ) -> Result<(), StoreError> {
        let mut unit = self.store.begin().await?;
        unit.groups().insert(organization, &Catalog::standard(), group).await?;
        tokio::task::yield_now().await;
        unit.commit().await
    }

    pub async fn update_group(
        &self,
        organization: OrganizationId,
        group: &Group,
        expected: u64,
    ) -> Result<(), StoreError> {
        let mut unit = self.store.begin().await?;
        unit.groups().update(organization, &Catalog::standard(), group, expected).await?;
        tokio::task::yield_now().await;
        unit.commit().await
    }

    pub async fn delete_group(
        &self,
        organization: OrganizationId,
        id: GroupId,
        expected: u64,
    ) -> Result<(), StoreError> {
        let mut unit = self.store.begin().await?;
        unit.groups().delete(organization, id, expected).await?;
        unit.commit().await
    }

    pub async fn find_group(
        &self,
        organization: OrganizationId,
        id: GroupId,
    ) -> Option<StoredGroup> {
        self.read().await.groups().find(organization, id).await.unwrap()
    }

    pub async fn join(
        &self,
        organization: OrganizationId,
        group: GroupId,
        users: &[UserId],
    ) -> Vec<UserId> {
        let now = self.now();
        let mut unit = self.begin().await;
        let joined = unit.groups().add_members(organization, group, users, now).await.unwrap();
        unit.commit().await.unwrap();
        joined
    }

    pub async fn leave(
        &self,
        organization: OrganizationId,
        group: GroupId,
        users: &[UserId],
    ) -> Vec<UserId> {
        let mut unit = self.begin().await;
        let left = unit.groups().remove_members(organization, group, users).await.unwrap();
        unit.commit().await.unwrap();
        left
    }

    pub async fn members(&self, organization: OrganizationId, group: GroupId) -> Vec<UserId> {
        let mut snapshot = self.read().await;
        let pairs = snapshot.groups().members_of(organization, &[group], u64::MAX).await.unwrap();
        pairs.into_iter().map(|(_, user)| user).collect()
    }

    pub async fn try_insert_role(
        &self,
        organization: OrganizationId,
        role: &Role,
    ) -> Result<(), StoreError> {
        let mut unit = self.store.begin().await?;
        unit.roles().insert(organization, role).await?;
        unit.commit().await
    }

    /// A role with its home group, mapped to each other.
    pub async fn role(&self, organization: OrganizationId, name: &str) -> Role {
        let home = self.group(organization, name).await;
        let role = self.new_role(name, home.id);
        self.try_insert_role(organization, &role).await.unwrap();
        assert!(self.map(organization, home.id, role.id).await);
        role
    }

    pub async fn map(&self, organization: OrganizationId, group: GroupId, role: RoleId) -> bool {
        let now = self.now();
        let mut unit = self.begin().await;
        let new = unit.roles().map(organization, group, role, now).await.unwrap();
        unit.commit().await.unwrap();
        new
    }
}
