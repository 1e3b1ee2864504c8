//! A view of a store that loses the members of groups on demand, and nothing else.

use std::sync::Arc;

use async_trait::async_trait;
use scim_domain::{
    FoldedText, GroupId, OrganizationId, UserId, group::StoredGroup, user::StoredUser,
};

use super::Faults;
use crate::ports::{
    AccessQueries, Ahead, ApiKeyQueries, AuditQueries, FeedQueries, GroupQueries, HolderQueries,
    IdempotencyQueries, KeyringQueries, MappingRuleQueries, MemberState, NestingQueries,
    OrganizationQueries, Page, RoleQueries, SchemaQueries, Search, Snapshot, StoreError,
    UserQueries,
};

type Result<T> = std::result::Result<T, StoreError>;

pub(super) struct FaultySnapshot {
    snapshot: Box<dyn Snapshot>,
    faults: Arc<Faults>,
}

impl FaultySnapshot {
    pub fn new(snapshot: Box<dyn Snapshot>, faults: Arc<Faults>) -> Self {
        Self { snapshot, faults }
    }
}

impl Snapshot for FaultySnapshot {
    fn ahead(&mut self, wanted: &Ahead) {
        self.snapshot.ahead(wanted);
    }

    fn groups(&mut self) -> &mut dyn GroupQueries {
        self
    }

    fn organizations(&mut self) -> &mut dyn OrganizationQueries {
        self.snapshot.organizations()
    }

    fn schemas(&mut self) -> &mut dyn SchemaQueries {
        self.snapshot.schemas()
    }

    fn api_keys(&mut self) -> &mut dyn ApiKeyQueries {
        self.snapshot.api_keys()
    }

    fn users(&mut self) -> &mut dyn UserQueries {
        self.snapshot.users()
    }

    fn nestings(&mut self) -> &mut dyn NestingQueries {
        self.snapshot.nestings()
    }

    fn roles(&mut self) -> &mut dyn RoleQueries {
        self.snapshot.roles()
    }

    fn holders(&mut self) -> &mut dyn HolderQueries {
        self.snapshot.holders()
    }

    fn mapping_rules(&mut self) -> &mut dyn MappingRuleQueries {
        self.snapshot.mapping_rules()
    }

    fn access(&mut self) -> &mut dyn AccessQueries {
        self.snapshot.access()
    }

    fn audit(&mut self) -> &mut dyn AuditQueries {
        self.snapshot.audit()
    }

    fn idempotency(&mut self) -> &mut dyn IdempotencyQueries {
        self.snapshot.idempotency()
    }

    fn feed(&mut self) -> &mut dyn FeedQueries {
        self.snapshot.feed()
    }

    fn keyring(&mut self) -> &mut dyn KeyringQueries {
        self.snapshot.keyring()
    }
}

#[async_trait]
impl GroupQueries for FaultySnapshot {
    async fn find(
        &mut self,
        organization: OrganizationId,
        id: GroupId,
    ) -> Result<Option<StoredGroup>> {
        self.snapshot.groups().find(organization, id).await
    }

    async fn find_by_name(
        &mut self,
        organization: OrganizationId,
        display_name: &FoldedText,
    ) -> Result<Option<StoredGroup>> {
        self.snapshot.groups().find_by_name(organization, display_name).await
    }

    async fn find_by_names(
        &mut self,
        organization: OrganizationId,
        display_names: &[FoldedText],
    ) -> Result<Vec<StoredGroup>> {
        self.snapshot.groups().find_by_names(organization, display_names).await
    }

    async fn search(
        &mut self,
        organization: OrganizationId,
        search: Search<'_>,
    ) -> Result<Page<StoredGroup>> {
        self.snapshot.groups().search(organization, search).await
    }

    async fn names(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
    ) -> Result<Vec<(GroupId, String)>> {
        self.snapshot.groups().names(organization, groups).await
    }

    async fn members_of(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
        limit: u64,
    ) -> Result<Vec<(GroupId, UserId)>> {
        self.snapshot.groups().members_of(organization, groups, limit).await
    }

    async fn members_after(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<UserId>> {
        self.faults.check_members()?;
        self.snapshot.groups().members_after(organization, group, after, limit).await
    }

    async fn count_carriers(&mut self, organization: OrganizationId, urn: &str) -> Result<u64> {
        self.snapshot.groups().count_carriers(organization, urn).await
    }

    async fn count_members(&mut self, organization: OrganizationId, group: GroupId) -> Result<u64> {
        self.snapshot.groups().count_members(organization, group).await
    }

    async fn member_states(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<MemberState>> {
        self.snapshot.groups().member_states(organization, group, after, limit).await
    }

    async fn count_members_of(
        &mut self,
        organization: OrganizationId,
        groups: &[GroupId],
    ) -> Result<Vec<(GroupId, u64)>> {
        self.snapshot.groups().count_members_of(organization, groups).await
    }

    async fn users_in(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<StoredUser>> {
        self.snapshot.groups().users_in(organization, group, after, limit).await
    }
}
