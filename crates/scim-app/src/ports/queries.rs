mod groups;
mod holders;

use async_trait::async_trait;
use scim_domain::{
    ApiKeyId, FoldedText, GroupId, OrganizationId, RoleId, Timestamp, UserId,
    access::Holding,
    api_key::ApiKey,
    organization::Organization,
    resource::representation::GroupRef,
    role::{MappedRole, Role, RoleKey},
    schema::custom::CustomSchema,
    user::StoredUser,
};

pub use groups::GroupQueries;
pub use holders::HolderQueries;

use crate::oauth::PublicKeys;

use super::{
    AccessQueries, ActivityPage, ActivityPlace, ActivityRecord, AuditFilter, AuditPage,
    FeedQueries, IdempotencyQueries, KeyUse, KeyringQueries, MappingRuleQueries, MemberState, Page,
    QuirkCount, Sealed, Search, StoreError,
};

/// What a request is about to ask for, as far as its address tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// One user, and the groups of it.
    User(UserId),
    /// The same by its `userName`.
    UserNamed(FoldedText),
    /// One group, without its members.
    Group(GroupId),
    /// Nothing that is worth to be asked ahead.
    Nothing,
}

/// One consistent view of the store. What one method tells, the next does not contradict.
pub trait Snapshot: Send {
    /// Says what will be asked of this view in the organization of the key that is authenticated
    /// next, most likely: a store that is far away asks for it together with the key, and has the
    /// answer when it is wanted. Changes no answer.
    fn ahead(&mut self, wanted: &Ahead) {
        let _ = wanted;
    }
    /// Organizations.
    fn organizations(&mut self) -> &mut dyn OrganizationQueries;
    /// The schemas that organizations declared.
    fn schemas(&mut self) -> &mut dyn SchemaQueries;
    /// API keys.
    fn api_keys(&mut self) -> &mut dyn ApiKeyQueries;
    /// Users.
    fn users(&mut self) -> &mut dyn UserQueries;
    /// Groups and their members that are users.
    fn groups(&mut self) -> &mut dyn GroupQueries;
    /// Groups as members of groups.
    fn nestings(&mut self) -> &mut dyn NestingQueries;
    /// Roles, mappings, and who reaches what.
    fn roles(&mut self) -> &mut dyn RoleQueries;
    /// Who holds which role, for people.
    fn holders(&mut self) -> &mut dyn HolderQueries;
    /// The rules that map new groups to roles.
    fn mapping_rules(&mut self) -> &mut dyn MappingRuleQueries;
    /// What a backend asks at sign-in.
    fn access(&mut self) -> &mut dyn AccessQueries;
    /// The audit log and the activity of requests.
    fn audit(&mut self) -> &mut dyn AuditQueries;
    /// Requests that were carried out, with their answers.
    fn idempotency(&mut self) -> &mut dyn IdempotencyQueries;
    /// The events of each organization, in their order.
    fn feed(&mut self) -> &mut dyn FeedQueries;
    /// The secrets of the service itself.
    fn keyring(&mut self) -> &mut dyn KeyringQueries;
}

/// Reads organizations.
#[async_trait]
pub trait OrganizationQueries: Send {
    /// One organization; the operator's own is there from the beginning.
    async fn find(&mut self, id: OrganizationId) -> Result<Option<Organization>, StoreError>;
    /// All of them but the operator's own, oldest first.
    async fn list(&mut self) -> Result<Vec<Organization>, StoreError>;
    /// The same, but those after an id, and at most `limit`.
    async fn page(
        &mut self,
        after: Option<OrganizationId>,
        limit: u64,
    ) -> Result<Vec<Organization>, StoreError>;
    /// How many seats of an organization are taken; `None` where nobody counts, since it has no
    /// limit.
    async fn seats_used(&mut self, id: OrganizationId) -> Result<Option<u64>, StoreError>;
    /// Deleted organizations whose grace is over, the longest gone first, at most `limit`.
    async fn due(&mut self, now: Timestamp, limit: u64) -> Result<Vec<OrganizationId>, StoreError>;
}

/// Reads the schemas that organizations declared.
#[async_trait]
pub trait SchemaQueries: Send {
    /// All of an organization, oldest first.
    async fn list(&mut self, organization: OrganizationId)
    -> Result<Vec<CustomSchema>, StoreError>;
}

/// Reads API keys.
#[async_trait]
pub trait ApiKeyQueries: Send {
    /// The key of a token, with its organization, in one statement: the first thing of every
    /// request. The only query that knows no organization yet.
    async fn authenticate(
        &mut self,
        id: ApiKeyId,
    ) -> Result<Option<(ApiKey, Organization)>, StoreError>;
    /// One key of an organization.
    async fn find(
        &mut self,
        organization: OrganizationId,
        id: ApiKeyId,
    ) -> Result<Option<ApiKey>, StoreError>;
    /// The keys of an organization with their last use, oldest first.
    async fn list(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Vec<(ApiKey, Option<KeyUse>)>, StoreError>;
    /// The same, those after a key alone, if one is given, and at most `limit` of them.
    async fn page(
        &mut self,
        organization: OrganizationId,
        after: Option<ApiKeyId>,
        limit: u64,
    ) -> Result<Vec<(ApiKey, Option<KeyUse>)>, StoreError>;
    /// The last use of a key.
    async fn last_use(
        &mut self,
        organization: OrganizationId,
        id: ApiKeyId,
    ) -> Result<Option<KeyUse>, StoreError>;
    /// The keys, of all organizations, whose warning is due at a moment, the longest due first, at
    /// most `limit` of them. Work in proportion to those, however many keys there are.
    async fn warnings_due(
        &mut self,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<(OrganizationId, ApiKeyId)>, StoreError>;
    /// The public keys of a key; none, if it has none or is no key of the organization.
    async fn public_keys(
        &mut self,
        organization: OrganizationId,
        id: ApiKeyId,
    ) -> Result<PublicKeys, StoreError>;
    /// What the requests of an organization's keys showed beside the standard, ordered by key, then
    /// by the quirk's name.
    async fn quirks(&mut self, organization: OrganizationId)
    -> Result<Vec<QuirkCount>, StoreError>;
}

/// Reads users.
#[async_trait]
pub trait UserQueries: Send {
    /// One user.
    async fn find(
        &mut self,
        organization: OrganizationId,
        id: UserId,
    ) -> Result<Option<StoredUser>, StoreError>;
    /// The user of a folded `userName`.
    async fn find_by_name(
        &mut self,
        organization: OrganizationId,
        user_name: &FoldedText,
    ) -> Result<Option<StoredUser>, StoreError>;
    /// The users of folded `userName`s, in any order: one statement for a batch.
    async fn find_by_names(
        &mut self,
        organization: OrganizationId,
        user_names: &[FoldedText],
    ) -> Result<Vec<StoredUser>, StoreError>;
    /// Users that match. Fails with [`StoreError::TooMany`] when the filter or the order cannot be
    /// answered from an index and too many candidates would have to be read.
    async fn search(
        &mut self,
        organization: OrganizationId,
        search: Search<'_>,
    ) -> Result<Page<StoredUser>, StoreError>;
    /// The groups that these users are members of themselves, ordered by user, then by group: one
    /// statement for a page of users.
    async fn groups_of(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
    ) -> Result<Vec<(UserId, GroupRef)>, StoreError>;
    /// How many users carry an extension that the organization declared, by its URN as declared.
    async fn count_carriers(
        &mut self,
        organization: OrganizationId,
        urn: &str,
    ) -> Result<u64, StoreError>;
    /// The users with the smallest ids, ordered by id, after `after`: a walk through all of them
    /// that misses nobody who is there all along.
    async fn after(
        &mut self,
        organization: OrganizationId,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<StoredUser>, StoreError>;
    /// How many users are active.
    async fn count_active(&mut self, organization: OrganizationId) -> Result<u64, StoreError>;
    /// How many active users identity providers manage: see [`StoredUser::is_provisioned`].
    async fn count_provisioned(&mut self, organization: OrganizationId) -> Result<u64, StoreError>;
    /// The active users that identity providers do not manage, ordered by id, after `after`.
    async fn unprovisioned(
        &mut self,
        organization: OrganizationId,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<UserId>, StoreError>;
    /// The protected users, ordered by id: a handful in any organization, and found as quickly in a
    /// large one.
    async fn protected(&mut self, organization: OrganizationId) -> Result<Vec<UserId>, StoreError>;
    /// Those of the given ids that are users of the organization, in any order.
    async fn states(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
    ) -> Result<Vec<MemberState>, StoreError>;
}

/// Reads which groups are members of groups. There are such only in organizations that allow it:
/// everywhere else nobody asks, and all else that is read about members speaks of users alone.
///
/// A group is above another if that one is a member of it, or of a group below it. No group is
/// above itself, but even if one were, these answers would end.
#[async_trait]
pub trait NestingQueries: Send {
    /// How many memberships of groups in groups there are.
    async fn count(&mut self, organization: OrganizationId) -> Result<u64, StoreError>;
    /// The groups that are members of these groups, ordered by group, then by member, the first
    /// `limit` of them: one statement for a page.
    async fn members_of(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
        limit: u64,
    ) -> Result<Vec<(GroupId, GroupId)>, StoreError>;
    /// The groups that are members of a group, ordered by id, after `after`, at most `limit` of
    /// them.
    async fn members_after(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        after: Option<GroupId>,
        limit: u64,
    ) -> Result<Vec<GroupId>, StoreError>;
    /// The groups above each of these, ordered by group, then by the one above.
    async fn above(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
    ) -> Result<Vec<(GroupId, GroupId)>, StoreError>;
    /// The groups above those that these users are members of, except the latter, ordered by user,
    /// then by group: one statement for a page of users.
    async fn groups_of(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
    ) -> Result<Vec<(UserId, GroupRef)>, StoreError>;
    /// The groups that each of these groups is itself a member of, ordered by member, then by
    /// group.
    async fn directly_above(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
    ) -> Result<Vec<(GroupId, GroupId)>, StoreError>;
    /// The active users in these groups and in all groups below them, ordered by id.
    async fn active_users(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
    ) -> Result<Vec<UserId>, StoreError>;
    /// Whether there is any active user in a group below those that lead to a role.
    async fn has_active_holder(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
    ) -> Result<bool, StoreError>;
}

/// Reads roles, mappings, and who reaches what.
#[async_trait]
pub trait RoleQueries: Send {
    /// All roles, oldest first.
    async fn list(&mut self, organization: OrganizationId) -> Result<Vec<Role>, StoreError>;
    /// The role of a key.
    async fn find_by_key(
        &mut self,
        organization: OrganizationId,
        key: &RoleKey,
    ) -> Result<Option<Role>, StoreError>;
    /// The role of a folded name.
    async fn find_by_name(
        &mut self,
        organization: OrganizationId,
        name: &FoldedText,
    ) -> Result<Option<Role>, StoreError>;
    /// The roles that these groups lead to, ordered by group, then by role.
    async fn mapped(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
    ) -> Result<Vec<(GroupId, MappedRole)>, StoreError>;
    /// The groups that lead to a role, ordered by id.
    async fn groups_of(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
    ) -> Result<Vec<GroupId>, StoreError>;
    /// What these users reach through the groups they are members of themselves and by assignment,
    /// whether active or not: ordered by user, then by role, then by way.
    async fn holdings(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
    ) -> Result<Vec<Holding>, StoreError>;
    /// Whether any active user is a member of a group that leads to the role.
    async fn has_active_holder(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
    ) -> Result<bool, StoreError>;
    /// The users to whom a role is assigned, ordered by id, after `after`.
    async fn assignees(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<MemberState>, StoreError>;
    /// To how many active users each role is assigned, in any order; roles that are assigned to
    /// nobody active may be missing. One statement for all roles.
    async fn count_assigned(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Vec<(RoleId, u64)>, StoreError>;
}

/// Reads what was written about changes and requests.
#[async_trait]
pub trait AuditQueries: Send {
    /// Audit entries, newest first: those that wait for their place in the chain, then the chain
    /// backwards. With `before`, only those whose number is, or is going to be, smaller.
    async fn page(
        &mut self,
        organization: OrganizationId,
        filter: &AuditFilter,
        before: Option<u64>,
        limit: u64,
    ) -> Result<AuditPage, StoreError>;
    /// The newest audit entries, newest first.
    async fn newest(
        &mut self,
        organization: OrganizationId,
        limit: u64,
    ) -> Result<Vec<Sealed>, StoreError> {
        Ok(self.page(organization, &AuditFilter::default(), None, limit).await?.entries)
    }
    /// Sealed entries in the order of the chain, from the one after `after` on.
    async fn chain(
        &mut self,
        organization: OrganizationId,
        after: u64,
        limit: u64,
    ) -> Result<Vec<Sealed>, StoreError>;
    /// How many entries wait for their place in the chain.
    async fn count_unsealed(&mut self, organization: OrganizationId) -> Result<u64, StoreError>;
    /// Requests, newest first, from the place where the page before ended.
    async fn activity_page(
        &mut self,
        organization: OrganizationId,
        after: Option<ActivityPlace>,
        limit: u64,
    ) -> Result<ActivityPage, StoreError>;
    /// The newest requests, newest first.
    async fn activity(
        &mut self,
        organization: OrganizationId,
        limit: u64,
    ) -> Result<Vec<ActivityRecord>, StoreError> {
        Ok(self.activity_page(organization, None, limit).await?.requests)
    }
}
