//! Everything that is stored. Copies are cheap: collections are shared until one is written to.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, LazyLock},
};

use scim_domain::{
    ApiKeyId, FoldedText, GroupId, MappingRuleId, OrganizationId, RequestId, RoleId, SchemaId,
    Timestamp, UserId, access::Made, api_key::ApiKey, group::StoredGroup,
    mapping_rule::MappingRule, organization::Organization, role::Role,
    schema::custom::CustomSchema, user::StoredUser,
};
use uuid::Uuid;

use super::log::Log;
use crate::oauth::PublicKeys;
use crate::ports::{
    AccessQueries, ActivityRecord, AnsweredRequest, ApiKeyQueries, AuditQueries, AuditRecord,
    Departed, EventRecord, FeedPosition, FeedQueries, GroupQueries, HolderQueries,
    IdempotencyQueries, KeyUse, KeyringQueries, MappingRuleQueries, Mark, NestingQueries,
    OrganizationQueries, QuirkCount, RoleQueries, SchemaQueries, Seal, SharedSecret, Snapshot,
    StoreError, UserQueries,
};

/// All organizations and what is theirs.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub organizations: Arc<BTreeMap<OrganizationId, Organization>>,
    pub api_keys: Arc<BTreeMap<ApiKeyId, ApiKey>>,
    pub tenants: Arc<BTreeMap<OrganizationId, Arc<Tenant>>>,
    /// How many audit entries were ever appended: the commit order across organizations.
    pub appended: u64,
    pub outbox: Log<(OrganizationId, EventRecord)>,
    /// How many events of the outbox have their number. Numbers go in commit order, so it is
    /// always the first ones that have.
    pub numbered: usize,
    pub keyring: Arc<BTreeMap<String, SharedSecret>>,
    /// The request of the unit that works on this copy.
    pub request: Option<RequestId>,
}

/// What one organization stores.
#[derive(Clone, Debug, Default)]
pub(super) struct Tenant {
    pub public_keys: Arc<BTreeMap<ApiKeyId, PublicKeys>>,
    /// Which assertions were used in the name of which key, and until when that matters.
    pub used_assertions: Arc<BTreeMap<(ApiKeyId, [u8; 32]), Timestamp>>,
    pub schemas: Arc<BTreeMap<SchemaId, CustomSchema>>,
    pub users: Arc<BTreeMap<UserId, Arc<UserRow>>>,
    pub user_names: Arc<BTreeMap<FoldedText, UserId>>,
    pub groups: Arc<BTreeMap<GroupId, Arc<GroupRow>>>,
    pub group_names: Arc<BTreeMap<FoldedText, GroupId>>,
    pub members: Arc<BTreeSet<(GroupId, UserId)>>,
    /// `members` the other way round.
    pub memberships: Arc<BTreeSet<(UserId, GroupId)>>,
    /// Groups and the groups that are members of them.
    pub nestings: Arc<BTreeSet<(GroupId, GroupId)>>,
    /// `nestings` the other way round.
    pub nested_in: Arc<BTreeSet<(GroupId, GroupId)>>,
    pub roles: Arc<BTreeMap<RoleId, Role>>,
    pub mappings: Arc<BTreeSet<(GroupId, RoleId)>>,
    pub mapping_rules: Arc<BTreeMap<MappingRuleId, MappingRule>>,
    pub assignments: Arc<BTreeSet<(UserId, RoleId)>>,
    /// How each pair of these four came to be. What is gone may stay in here.
    pub made: Arc<BTreeMap<(Uuid, Uuid), Made>>,
    pub departed: Arc<BTreeMap<Mark, Departed>>,
    pub key_uses: Arc<BTreeMap<ApiKeyId, KeyUse>>,
    pub quirks: Arc<BTreeMap<(ApiKeyId, &'static str), QuirkCount>>,
    pub audit: Log<AuditRow>,
    /// Where in `audit` the entry of a place in the chain is.
    pub chain: Arc<BTreeMap<u64, usize>>,
    pub activity: Log<ActivityRecord>,
    /// How many users are active, where somebody counts.
    pub seats_used: Option<u64>,
    pub answered: Arc<BTreeMap<(ApiKeyId, [u8; 32]), AnsweredRequest>>,
    /// The events that have a number, without those that were taken away.
    pub feed: Arc<BTreeMap<u64, Arc<EventRecord>>>,
    pub position: FeedPosition,
}

#[derive(Clone, Debug)]
pub(super) struct UserRow {
    pub stored: StoredUser,
    pub name: FoldedText,
}

#[derive(Clone, Debug)]
pub(super) struct GroupRow {
    pub stored: StoredGroup,
    pub display_name: String,
    pub name: FoldedText,
}

#[derive(Clone, Debug)]
pub(super) struct AuditRow {
    pub position: u64,
    pub entry: AuditRecord,
    pub seal: Option<Seal>,
}

impl Default for State {
    /// With nothing but the operator's own organization.
    fn default() -> Self {
        let operator = Organization::operator();
        Self {
            tenants: Arc::new([(operator.id, Arc::default())].into()),
            organizations: Arc::new([(operator.id, operator)].into()),
            api_keys: Arc::default(),
            appended: 0,
            outbox: Log::default(),
            numbered: 0,
            keyring: Arc::default(),
            request: None,
        }
    }
}

impl State {
    /// How what is written now comes to be.
    pub const fn made(&self, at: Timestamp) -> Made {
        Made { at, request: self.request }
    }

    /// What an organization stores: nothing, if there is no such organization.
    pub fn tenant(&self, id: OrganizationId) -> &Tenant {
        static NOTHING: LazyLock<Tenant> = LazyLock::new(Tenant::default);
        self.tenants.get(&id).map_or(&*NOTHING, |it| &**it)
    }

    /// The same to write to; a write to no organization is a defect.
    pub fn tenant_mut(&mut self, id: OrganizationId) -> Result<&mut Tenant, StoreError> {
        let tenant = Arc::make_mut(&mut self.tenants).get_mut(&id).map(Arc::make_mut);
        tenant.ok_or_else(|| defect("a row of an organization that is not stored"))
    }
}

impl Tenant {
    /// About how many rows there are: none only if there are none.
    pub fn rows(&self) -> usize {
        let principals = self.users.len() + self.groups.len() + self.roles.len();
        let written = self.audit.len() + self.activity.len() + self.schemas.len();
        let of_keys = self.key_uses.len() + self.quirks.len();
        let of_clients = self.public_keys.len() + self.used_assertions.len();
        principals + written + of_keys + of_clients + self.departed.len()
    }

    /// Notes how a pair came to be.
    pub fn note(&mut self, pair: (Uuid, Uuid), made: Made) {
        Arc::make_mut(&mut self.made).insert(pair, made);
    }

    /// How a pair came to be.
    pub fn made(&self, pair: (Uuid, Uuid)) -> Made {
        let never = Made { at: Timestamp::from_micros(0), request: None };
        self.made.get(&pair).copied().unwrap_or(never)
    }

    /// The members of a group, ordered.
    pub fn members_of(&self, group: GroupId) -> impl Iterator<Item = UserId> {
        let (first, last) = (UserId::new(Uuid::nil()), UserId::new(Uuid::max()));
        self.members.range((group, first)..=(group, last)).map(|(_, user)| *user)
    }

    /// The groups of a user, ordered.
    pub fn groups_of(&self, user: UserId) -> impl Iterator<Item = GroupId> {
        let (first, last) = (GroupId::new(Uuid::nil()), GroupId::new(Uuid::max()));
        self.memberships.range((user, first)..=(user, last)).map(|(_, group)| *group)
    }

    /// The roles that are assigned to a user, ordered.
    pub fn assigned_to(&self, user: UserId) -> impl Iterator<Item = &Role> {
        let (first, last) = (RoleId::new(Uuid::nil()), RoleId::new(Uuid::max()));
        let roles = self.assignments.range((user, first)..=(user, last));
        roles.filter_map(|(_, role)| self.roles.get(role))
    }

    /// The users to whom a role is assigned, ordered.
    pub fn assignees_of(&self, role: RoleId) -> impl Iterator<Item = UserId> {
        self.assignments.iter().filter(move |(_, it)| *it == role).map(|(user, _)| *user)
    }

    /// The roles that a group leads to, ordered.
    pub fn roles_of(&self, group: GroupId) -> impl Iterator<Item = &Role> {
        let (first, last) = (RoleId::new(Uuid::nil()), RoleId::new(Uuid::max()));
        let roles = self.mappings.range((group, first)..=(group, last));
        roles.filter_map(|(_, role)| self.roles.get(role))
    }
}

/// What a statement fails with that cannot work.
pub(super) fn defect(what: &str) -> StoreError {
    StoreError::Failed(what.into())
}

/// Whether a stored document carries the extension of this URN. Nothing else in one looks like
/// this: a quote inside of a value is escaped.
pub(super) fn carries(document: &str, urn: &str) -> bool {
    document.contains(&format!(",\"{urn}\":{{"))
}

/// A count as the ports tell it.
pub(super) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// A limit of the ports as iterators take it.
pub(super) fn limit(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

impl Snapshot for State {
    fn organizations(&mut self) -> &mut dyn OrganizationQueries {
        self
    }

    fn schemas(&mut self) -> &mut dyn SchemaQueries {
        self
    }

    fn api_keys(&mut self) -> &mut dyn ApiKeyQueries {
        self
    }

    fn users(&mut self) -> &mut dyn UserQueries {
        self
    }

    fn groups(&mut self) -> &mut dyn GroupQueries {
        self
    }

    fn nestings(&mut self) -> &mut dyn NestingQueries {
        self
    }

    fn roles(&mut self) -> &mut dyn RoleQueries {
        self
    }

    fn holders(&mut self) -> &mut dyn HolderQueries {
        self
    }

    fn mapping_rules(&mut self) -> &mut dyn MappingRuleQueries {
        self
    }

    fn access(&mut self) -> &mut dyn AccessQueries {
        self
    }

    fn audit(&mut self) -> &mut dyn AuditQueries {
        self
    }

    fn idempotency(&mut self) -> &mut dyn IdempotencyQueries {
        self
    }

    fn feed(&mut self) -> &mut dyn FeedQueries {
        self
    }

    fn keyring(&mut self) -> &mut dyn KeyringQueries {
        self
    }
}
