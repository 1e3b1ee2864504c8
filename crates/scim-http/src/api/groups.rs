//! Groups: whose they are, and the roles they lead to.

use scim_app::administration::{Administration, GroupSummary, GroupsAfter};
use scim_domain::{GroupId, role::RoleKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    answer::{moment, no_content, ok},
    call::Call,
    document::InOrganization,
    endpoints::{Handled, part},
    paging::{List, Paging},
    problem::Problem,
};

part![list_groups, get_group, map_group, unmap_group, detach_group];

/// A group, as an identity provider pushed it or as it came with a role.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Group {
    /// Its id, over SCIM too.
    #[schema(format = Uuid)]
    id: String,
    /// `displayName`.
    display_name: String,
    /// `externalId`: what the identity provider calls it.
    #[schema(required)]
    external_id: Option<String>,
    /// Who looks after it: `identity_provider` once one has written it over SCIM, `local` before and
    /// after it was detached.
    #[schema(pattern = "^(identity_provider|local)$")]
    managed_by: &'static str,
    /// Whether its members can only be changed by the identity provider.
    locked: bool,
    /// The roles it leads to.
    roles: Vec<GroupRole>,
    /// How many members it has of its own.
    member_count: u64,
    /// Counts the changes of name and members.
    version: u64,
    /// When it was created.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// A role that a group leads to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct GroupRole {
    /// Its key.
    key: String,
    /// Its name.
    name: String,
    /// Whether each grant of it is audited and announced on its own.
    privileged: bool,
    /// Whether this is its home group, whose mapping cannot be taken away.
    home: bool,
}

impl Group {
    pub(super) fn of(it: &GroupSummary) -> Self {
        let role = |role: &scim_domain::role::MappedRole| GroupRole {
            key: role.key.to_string(),
            name: role.name.clone(),
            privileged: role.privileged,
            home: role.home,
        };
        Self {
            id: it.id.to_string(),
            display_name: it.display_name.clone(),
            external_id: it.external_id.clone(),
            managed_by: it.managed_by.name(),
            locked: it.managed_by.locked(),
            roles: it.roles.iter().map(role).collect(),
            member_count: it.members,
            version: it.meta.version,
            created_at: moment(it.meta.created),
            updated_at: moment(it.meta.last_modified),
        }
    }
}

/// Which groups.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct GroupQuery {
    /// A SCIM filter over groups (RFC 7644, section 3.4.2.2), for example
    /// `displayName sw "eng-"`.
    #[param(max_length = 4096)]
    filter: Option<String>,
    /// Items of the page, at most.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u64>,
    /// `nextCursor` of the page before; without it, the first page. Repeat the filter with it.
    cursor: Option<String>,
}

/// What stands in the path of a group.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described: the path is read segment by segment")]
pub(super) struct OfGroup {
    /// The organization's id.
    #[param(format = Uuid)]
    organization: String,
    /// The group's id.
    #[param(format = Uuid)]
    group: String,
}

/// What stands in the path of a mapping.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described: the path is read segment by segment")]
struct OfMapping {
    /// The organization's id.
    #[param(format = Uuid)]
    organization: String,
    /// The group's id.
    #[param(format = Uuid)]
    group: String,
    /// The role's key.
    role: String,
}

/// The group that the path names; any other shape than an id's names none.
pub(super) fn group_id(call: &Call) -> Result<GroupId, Problem> {
    let id = call.segment("group");
    let unknown = || scim_app::Error::Missing { what: "group", id: id.to_owned() };
    Ok(GroupId::parse(id).ok_or_else(unknown)?)
}

/// List groups
///
/// Oldest first, with the roles they lead to.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/groups",
    tag = "Groups",
    security(("managementKey" = ["groups.read"])),
    params(InOrganization, GroupQuery),
    responses((status = 200, description = "A page", body = List<Group>))
)]
async fn list_groups(call: Call) -> Handled {
    let GroupQuery { filter, limit, cursor } = call.query()?;
    let paging = Paging { limit, cursor };
    let (limit, after) = (paging.limit()?, paging.after()?.map(GroupId::new));
    let wanted = GroupsAfter { filter: filter.as_deref(), after, limit: limit + 1 };
    let found = call.administration()?.search_groups(call.organization()?, wanted).await?;
    ok(&List::of(found.items, limit, |it| it.id.uuid()).map(Group::of))
}

/// Get a group
///
/// With the roles it leads to and who looks after it.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/groups/{group}",
    tag = "Groups",
    security(("managementKey" = ["groups.read"])),
    params(OfGroup),
    responses((status = 200, description = "The group", body = Group))
)]
async fn get_group(call: Call) -> Handled {
    let found = call.administration()?.show_group(call.organization()?, group_id(&call)?).await?;
    ok(&Group::of(&found))
}

/// Map a group to a role
///
/// Its active members hold the role from now on. Mapping it again changes nothing.
#[utoipa::path(
    put,
    path = "/organizations/{organization}/groups/{group}/roles/{role}",
    tag = "Groups",
    security(("managementKey" = ["groups.write"])),
    params(OfMapping),
    responses((status = 204, description = "It leads to the role"))
)]
async fn map_group(call: Call) -> Handled {
    let (organization, group) = (call.organization()?, group_id(&call)?);
    let role = RoleKey::read(call.segment("role"));
    let work =
        move |it: Administration| async move { it.map_group(organization, group, &role).await };
    call.manager()?.carry_out(work).await?;
    Ok(no_content())
}

/// Take the mapping of a group to a role away
///
/// Its members lose the role, unless they reach it on another way. A home group stays mapped to its
/// own role.
#[utoipa::path(
    delete,
    path = "/organizations/{organization}/groups/{group}/roles/{role}",
    tag = "Groups",
    security(("managementKey" = ["groups.write"])),
    params(OfMapping),
    responses(
        (status = 204, description = "It does not lead to the role"),
        (status = 409, description = "The group is the home group of the role")
    )
)]
async fn unmap_group(call: Call) -> Handled {
    let (organization, group) = (call.organization()?, group_id(&call)?);
    let role = RoleKey::read(call.segment("role"));
    let work =
        move |it: Administration| async move { it.unmap_group(organization, group, &role).await };
    call.manager()?.carry_out(work).await?;
    Ok(no_content())
}

/// Detach a group from its identity provider
///
/// It keeps its members and roles, forgets its `externalId`, and can be changed here. Unlink it in
/// the identity provider first: whatever that writes next takes the group over again.
#[utoipa::path(
    post,
    path = "/organizations/{organization}/groups/{group}/detach",
    tag = "Groups",
    security(("managementKey" = ["groups.write"])),
    params(OfGroup),
    responses((status = 200, description = "The group, which is local now", body = Group))
)]
async fn detach_group(call: Call) -> Handled {
    let (organization, group) = (call.organization()?, group_id(&call)?);
    let work = move |it: Administration| async move { it.detach_group(organization, group).await };
    let detached = call.manager()?.carry_out(work).await?;
    ok(&Group::of(&detached))
}
