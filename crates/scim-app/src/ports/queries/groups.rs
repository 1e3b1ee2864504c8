use async_trait::async_trait;
use scim_domain::{
    FoldedText, GroupId, OrganizationId, UserId, group::StoredGroup, user::StoredUser,
};

use crate::ports::{MemberState, Page, Search, StoreError};

/// Reads groups.
#[async_trait]
pub trait GroupQueries: Send {
    /// One group.
    async fn find(
        &mut self,
        organization: OrganizationId,
        id: GroupId,
    ) -> Result<Option<StoredGroup>, StoreError>;
    /// The group of a folded `displayName`.
    async fn find_by_name(
        &mut self,
        organization: OrganizationId,
        display_name: &FoldedText,
    ) -> Result<Option<StoredGroup>, StoreError>;
    /// The groups of folded `displayName`s, in any order: one statement for all that a group names.
    async fn find_by_names(
        &mut self,
        organization: OrganizationId,
        display_names: &[FoldedText],
    ) -> Result<Vec<StoredGroup>, StoreError>;
    /// Groups that match; see [`UserQueries::search`](super::UserQueries::search).
    async fn search(
        &mut self,
        organization: OrganizationId,
        search: Search<'_>,
    ) -> Result<Page<StoredGroup>, StoreError>;
    /// Those of the given ids that are groups of the organization, with their names, ordered by id.
    async fn names(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
    ) -> Result<Vec<(GroupId, String)>, StoreError>;
    /// The users in these groups, ordered by group, then by user, the first `limit` of them: one
    /// statement for a page.
    async fn members_of(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
        limit: u64,
    ) -> Result<Vec<(GroupId, UserId)>, StoreError>;
    /// The users in a group, ordered by id, after `after`, at most `limit` of them. Work in
    /// proportion to those, whatever the group's size.
    async fn members_after(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<UserId>, StoreError>;
    /// How many groups carry an extension; see
    /// [`UserQueries::count_carriers`](super::UserQueries::count_carriers).
    async fn count_carriers(
        &mut self,
        organization: OrganizationId,
        urn: &str,
    ) -> Result<u64, StoreError>;
    /// How many users a group has.
    async fn count_members(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
    ) -> Result<u64, StoreError>;
    /// The users of a group with what a push needs to know of them, ordered by id, after `after`.
    async fn member_states(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<MemberState>, StoreError>;
    /// How many users each of these groups has, ordered by group; those without any may be missing.
    /// One statement for a page.
    async fn count_members_of(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
    ) -> Result<Vec<(GroupId, u64)>, StoreError>;
    /// The users of a group, ordered by id, after `after`.
    async fn users_in(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<StoredUser>, StoreError>;
}
