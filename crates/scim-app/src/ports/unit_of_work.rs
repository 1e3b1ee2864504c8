use std::sync::Arc;

use async_trait::async_trait;
use scim_domain::{
    ApiKeyId, GroupId, OrganizationId, RequestId, RoleId, SchemaId, Timestamp, UserId,
    api_key::ApiKey,
    group::Group,
    role::Role,
    schema::{Catalog, custom::CustomSchema},
    user::User,
};
use tokio::sync::Notify;

use crate::oauth::PublicKeys;

use super::{
    ActivityRecord, Ahead, AuditRecord, Departures, EventRecord, Idempotency, KeyUse, Keyring,
    MappingRules, Organizations, QuirkCount, Seal, Snapshot, StoreError, UnsealedEntry,
};

/// Opens snapshots and units of work.
#[async_trait]
pub trait Store: Send + Sync {
    /// Begins a unit of work. Waits its turn where there is one writer.
    ///
    /// It may be dropped halfway, as everything of a unit: nothing stays begun. Whoever drops a commit
    /// halfway does not learn whether it was carried out.
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError>;

    /// One consistent view for reading; never waits for a writer.
    async fn read(&self) -> Result<Box<dyn Snapshot>, StoreError>;

    /// Signalled after each commit of a unit of this store. Commits of other processes, and of
    /// other stores over the same database, make no sound.
    fn committed(&self) -> Arc<Notify>;

    /// Fails unless the database can be reached and its schema is this program's.
    async fn ready(&self) -> Result<(), StoreError>;
}

/// One transaction. The accessors borrow it mutably, so one statement runs at a time and none can
/// slip outside. Dropping it abandons it.
#[async_trait]
pub trait UnitOfWork: Send {
    /// Says in which request this unit happens; without it, in none. Memberships, mappings,
    /// assignments and departures that it writes from now on remember it.
    fn in_request(&mut self, request: Option<RequestId>);
    /// Says what the unit will find and change, most likely; as [`Snapshot::ahead`] does for a view.
    /// A user or group known by its id is locked with that.
    fn ahead(&mut self, organization: OrganizationId, wanted: &Ahead) {
        let _ = (organization, wanted);
    }
    /// Everything that can be read, as this transaction sees it.
    fn read(&mut self) -> &mut dyn Snapshot;
    /// Organizations.
    fn organizations(&mut self) -> &mut dyn Organizations;
    /// The schemas that organizations declared.
    fn schemas(&mut self) -> &mut dyn Schemas;
    /// API keys.
    fn api_keys(&mut self) -> &mut dyn ApiKeys;
    /// Users.
    fn users(&mut self) -> &mut dyn Users;
    /// Groups and their members that are users.
    fn groups(&mut self) -> &mut dyn Groups;
    /// Groups as members of groups.
    fn nestings(&mut self) -> &mut dyn Nestings;
    /// Roles and mappings.
    fn roles(&mut self) -> &mut dyn Roles;
    /// The rules that map new groups to roles.
    fn mapping_rules(&mut self) -> &mut dyn MappingRules;
    /// The audit log.
    fn audit(&mut self) -> &mut dyn AuditLog;
    /// Events that wait to be told.
    fn outbox(&mut self) -> &mut dyn Outbox;
    /// What is gathered about requests, outside the journal.
    fn activities(&mut self) -> &mut dyn Activities;
    /// Who was deleted lately.
    fn departures(&mut self) -> &mut dyn Departures;
    /// Requests that were carried out, with their answers.
    fn idempotency(&mut self) -> &mut dyn Idempotency;
    /// The secrets of the service itself.
    fn keyring(&mut self) -> &mut dyn Keyring;

    /// Makes everything durable, or nothing. Only the journal calls it.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

/// Writes the schemas that organizations declared. Whoever does so advances the schema revision of
/// the organization first, in the same unit.
#[async_trait]
pub trait Schemas: Send {
    /// A new schema.
    async fn insert(
        &mut self,
        organization: OrganizationId,
        schema: &CustomSchema,
    ) -> Result<(), StoreError>;
    /// The schema in place of what is stored, except for its URN and when it was declared. Fails
    /// with [`StoreError::Stale`] if there is none.
    async fn update(
        &mut self,
        organization: OrganizationId,
        schema: &CustomSchema,
    ) -> Result<(), StoreError>;
    /// Takes a schema away. Fails with [`StoreError::Stale`] if there is none.
    async fn delete(
        &mut self,
        organization: OrganizationId,
        id: SchemaId,
    ) -> Result<(), StoreError>;
}

/// Writes API keys.
#[async_trait]
pub trait ApiKeys: Send {
    /// Reads a key and keeps other units from changing it until this one ends: so that nobody
    /// revives what another revokes, and no warning is told twice.
    async fn find_for_update(
        &mut self,
        organization: OrganizationId,
        id: ApiKeyId,
    ) -> Result<Option<ApiKey>, StoreError>;
    /// A new key.
    async fn insert(&mut self, key: &ApiKey) -> Result<(), StoreError>;
    /// The key in place of what is stored, except for its hash, its connection and when it was
    /// created. Fails with [`StoreError::Stale`] if there is none.
    async fn update(&mut self, key: &ApiKey) -> Result<(), StoreError>;
    /// Puts public keys in place of those that a key has; none takes them away. The caller has
    /// checked that it is a key of the organization.
    async fn set_public_keys(
        &mut self,
        organization: OrganizationId,
        id: ApiKeyId,
        keys: &PublicKeys,
        now: Timestamp,
    ) -> Result<(), StoreError>;
    /// Remembers, until a moment, that an assertion in the name of a key was used; answers whether
    /// it is the first time. Of units that race, one is answered that it is. What was remembered of
    /// the key until before `now` is forgotten.
    async fn use_assertion(
        &mut self,
        organization: OrganizationId,
        id: ApiKeyId,
        digest: [u8; 32],
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError>;
}

/// Writes users.
#[async_trait]
pub trait Users: Send {
    /// Reads a user and keeps other units from changing it until this one ends.
    async fn find_for_update(
        &mut self,
        organization: OrganizationId,
        id: UserId,
    ) -> Result<Option<scim_domain::user::StoredUser>, StoreError>;
    /// A new user with its index terms, in the form that the organization's schemas give it. Fails with [`StoreError::Taken`] for a `userName` in use.
    async fn insert(
        &mut self,
        organization: OrganizationId,
        catalog: &Catalog,
        user: &User,
    ) -> Result<(), StoreError>;
    /// New users, as [`Users::insert`] for each, in as few statements as their number allows.
    async fn insert_many(
        &mut self,
        organization: OrganizationId,
        catalog: &Catalog,
        users: &[User],
    ) -> Result<(), StoreError>;
    /// The user in place of what is stored, index terms included. Fails with
    /// [`StoreError::Stale`] unless the stored version is `expected`, and with
    /// [`StoreError::Taken`] for a `userName` in use.
    async fn update(
        &mut self,
        organization: OrganizationId,
        catalog: &Catalog,
        user: &User,
        expected: u64,
    ) -> Result<(), StoreError>;
    /// Brings the index terms of users up to what the catalog says, in the order of their ids, after
    /// `after` and at most `limit` of them; answers the last, or none if there are no more.
    async fn index(
        &mut self,
        organization: OrganizationId,
        catalog: &Catalog,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Option<UserId>, StoreError>;
    /// The user with its index terms and memberships. Fails with [`StoreError::Stale`] unless the
    /// stored version is `expected`.
    async fn delete(
        &mut self,
        organization: OrganizationId,
        id: UserId,
        expected: u64,
    ) -> Result<(), StoreError>;
}

/// Writes groups and their members.
#[async_trait]
pub trait Groups: Send {
    /// Reads a group and keeps other units from changing it or its members until this one ends.
    async fn find_for_update(
        &mut self,
        organization: OrganizationId,
        id: GroupId,
    ) -> Result<Option<scim_domain::group::StoredGroup>, StoreError>;
    /// A new group. Fails with [`StoreError::Taken`] for a `displayName` in use.
    async fn insert(
        &mut self,
        organization: OrganizationId,
        catalog: &Catalog,
        group: &Group,
    ) -> Result<(), StoreError>;
    /// The group in place of what is stored; fails like [`Users::update`].
    async fn update(
        &mut self,
        organization: OrganizationId,
        catalog: &Catalog,
        group: &Group,
        expected: u64,
    ) -> Result<(), StoreError>;
    /// The group with its members, its memberships and mappings; fails like [`Users::delete`].
    async fn delete(
        &mut self,
        organization: OrganizationId,
        id: GroupId,
        expected: u64,
    ) -> Result<(), StoreError>;
    /// Adds members; answers those that were not in the group before, ordered by id. The caller has
    /// checked that they are users of the organization. Work in proportion to `users`, whatever
    /// the group's size.
    async fn add_members(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        users: &[UserId],
        now: Timestamp,
    ) -> Result<Vec<UserId>, StoreError>;
    /// Removes members; answers those that were in the group, ordered by id.
    async fn remove_members(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        users: &[UserId],
    ) -> Result<Vec<UserId>, StoreError>;
}

/// Writes which groups are members of groups.
#[async_trait]
pub trait Nestings: Send {
    /// Makes groups members of a group; answers those that were not before, ordered by id.
    ///
    /// The caller has checked that they are groups of the organization and that none of them is
    /// the group itself or above it, and holds [`Organizations::find_for_update`] since before it
    /// looked: two units that each add one half of a circle must see each other.
    async fn add(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        members: &[GroupId],
        now: Timestamp,
    ) -> Result<Vec<GroupId>, StoreError>;
    /// Takes them out of it; answers those that were in the group, ordered by id.
    async fn remove(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        members: &[GroupId],
    ) -> Result<Vec<GroupId>, StoreError>;
}

/// Writes roles and the mapping of groups to roles.
#[async_trait]
pub trait Roles: Send {
    /// A new role. Fails with [`StoreError::Taken`] for a key or a name in use.
    async fn insert(&mut self, organization: OrganizationId, role: &Role)
    -> Result<(), StoreError>;
    /// Name, description, permissions and home group of a role, and whether it is privileged.
    async fn update(&mut self, organization: OrganizationId, role: &Role)
    -> Result<(), StoreError>;
    /// The role with all its mappings.
    async fn delete(&mut self, organization: OrganizationId, id: RoleId) -> Result<(), StoreError>;
    /// Maps a group to a role; answers whether it was not mapped before.
    async fn map(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        role: RoleId,
        now: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Takes a mapping away; answers whether there was one.
    async fn unmap(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        role: RoleId,
    ) -> Result<bool, StoreError>;
    /// Assigns a role to users of the organization; who has it already keeps it.
    async fn assign(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
        users: &[UserId],
        now: Timestamp,
    ) -> Result<(), StoreError>;
    /// Takes an assigned role from users; from who has none, nothing is taken.
    async fn unassign(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
        users: &[UserId],
    ) -> Result<(), StoreError>;
}

/// Writes the audit log and its chain.
#[async_trait]
pub trait AuditLog: Send {
    /// Appends entries, in order.
    async fn append(
        &mut self,
        organization: OrganizationId,
        entries: &[AuditRecord],
    ) -> Result<(), StoreError>;
    /// The oldest entries without a place in their chain, in commit order, all organizations.
    async fn unsealed(&mut self, limit: u64)
    -> Result<Vec<UnsealedEntry<AuditRecord>>, StoreError>;
    /// The last place of an organization's chain.
    async fn last_seal(&mut self, organization: OrganizationId)
    -> Result<Option<Seal>, StoreError>;
    /// Gives entries their places. Fails with [`StoreError::Stale`] if a place is taken.
    async fn seal(
        &mut self,
        organization: OrganizationId,
        seals: &[(&AuditRecord, Seal)],
    ) -> Result<(), StoreError>;
}

/// Writes events.
#[async_trait]
pub trait Outbox: Send {
    /// Appends events, in order.
    async fn append(
        &mut self,
        organization: OrganizationId,
        events: &[EventRecord],
    ) -> Result<(), StoreError>;
    /// Gives the oldest events without one their number in the feed of their organization, in
    /// commit order, at most `limit`; answers how many.
    async fn number(&mut self, limit: u64) -> Result<u64, StoreError>;
    /// Takes the oldest events of an organization's feed away, at most `limit`, up to the first
    /// that happened at or after a moment; answers how many. Numbers are never given again, and
    /// events without a number stay.
    async fn forget(
        &mut self,
        organization: OrganizationId,
        before: Timestamp,
        limit: u64,
    ) -> Result<u64, StoreError>;
    /// The oldest events of an organization, with a number or without, in commit order; for tests.
    async fn oldest(
        &mut self,
        organization: OrganizationId,
        limit: u64,
    ) -> Result<Vec<EventRecord>, StoreError>;
}

/// Writes what is gathered about requests.
#[async_trait]
pub trait Activities: Send {
    /// Requests of an organization.
    async fn append(
        &mut self,
        organization: OrganizationId,
        requests: &[ActivityRecord],
    ) -> Result<(), StoreError>;
    /// The last use of keys.
    async fn used(
        &mut self,
        organization: OrganizationId,
        uses: &[(ApiKeyId, KeyUse)],
    ) -> Result<(), StoreError>;
    /// Adds to the counts of quirks. A later last request replaces an earlier one, never the other
    /// way round.
    async fn showed(
        &mut self,
        organization: OrganizationId,
        quirks: &[QuirkCount],
    ) -> Result<(), StoreError>;
    /// Takes away requests older than a moment, of all organizations.
    async fn forget(&mut self, before: Timestamp) -> Result<(), StoreError>;
}
