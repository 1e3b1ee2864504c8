//! Roles: what they grant, what leads to them, and who holds them.

use scim_app::administration::{self, Administration, RoleSummary};
use scim_domain::{UserId, role::RoleKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    answer::{Made, moment, no_content, ok},
    body::Given,
    call::Call,
    document::InOrganization,
    endpoints::{Handled, part},
    mapping_rules::MappingRule,
    members::Person,
    once::Repeated,
    paging::{List, Paging},
};

part![
    list_roles,
    create_role,
    get_role,
    update_role,
    delete_role,
    get_role_deletion,
    list_role_holders,
];

/// What the backend lets somebody do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Role {
    /// Its key: made from its first name, unique in the organization, never changed.
    key: String,
    /// Its id.
    #[schema(format = Uuid)]
    id: String,
    /// Its name, for people.
    name: String,
    /// What it is for; may be empty.
    description: String,
    /// What the backend grants with it. scimd hands it through and knows no meaning.
    permissions: Vec<String>,
    /// Whether it came with the organization and cannot be deleted.
    built_in: bool,
    /// Whether each grant of it, and the loss of its last active holder, is audited and announced
    /// on its own.
    privileged: bool,
    /// The group that was made with it, through which identity providers find and link it.
    home_group: NamedGroup,
    /// How many groups lead to it, its home group included.
    group_count: u64,
    /// How many active users hold it, on whatever way.
    holder_count: u64,
    /// When it was created.
    #[schema(format = DateTime)]
    created_at: String,
}

/// A group by its name.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NamedGroup {
    /// Its id.
    #[schema(format = Uuid)]
    id: String,
    /// Its current name.
    display_name: String,
}

impl Role {
    fn of(it: &RoleSummary) -> Self {
        let role = &it.role;
        let home_group = NamedGroup {
            id: role.home_group.to_string(),
            display_name: it.home_group_name.clone(),
        };
        Self {
            key: role.key.to_string(),
            id: role.id.to_string(),
            name: role.name.clone(),
            description: role.description.clone(),
            permissions: role.permissions.clone(),
            built_in: role.built_in,
            privileged: role.privileged,
            home_group,
            group_count: it.groups,
            holder_count: it.holders,
            created_at: moment(role.created),
        }
    }
}

/// What is said about a new role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewRole {
    /// Its name, unique among roles: 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// What it is for: at most 1,000 characters.
    #[serde(default)]
    #[schema(max_length = 1000)]
    description: String,
    /// What the backend grants with it: at most 500 texts of at most 200 characters.
    #[serde(default)]
    #[schema(max_items = 500)]
    permissions: Vec<String>,
    /// Whether each grant of it is audited and announced on its own.
    #[serde(default)]
    privileged: bool,
}

/// What is to change about a role; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RoleChange {
    /// Its name; the key stays.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    name: Given<String>,
    /// What it is for; `null` clears it.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 1000)]
    description: Given<String>,
    /// All that the backend grants with it from now on; `null` clears it.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, max_items = 500)]
    permissions: Given<Vec<String>>,
    /// Whether each grant of it is audited and announced on its own; not for built-in roles.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    privileged: Given<bool>,
}

/// What deleting a role would do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RoleDeletion {
    /// How many active users would lose it; `holders` names them.
    holder_count: u64,
    /// The groups that lead to it. They stay, but for the home group if `homeGroupGoes`.
    groups: Vec<NamedGroup>,
    /// Whether its home group goes with it: it is empty, leads to no other role, and no identity
    /// provider manages it.
    home_group_goes: bool,
    /// The mapping rules that would go with it.
    mapping_rules: Vec<MappingRule>,
}

/// What stands in the path of a role.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described: the path is read segment by segment")]
struct OfRole {
    /// The organization's id.
    #[param(format = Uuid)]
    organization: String,
    /// The role's key.
    role: String,
}

/// What a member of a merge patch says that is empty once it is cleared.
fn emptied<T: Default>(member: Given<T>) -> Option<T> {
    match member {
        Given::Kept => None,
        Given::Set(value) => Some(value),
        Given::Cleared => Some(T::default()),
    }
}

fn key(call: &Call) -> RoleKey {
    RoleKey::read(call.segment("role"))
}

/// List roles
///
/// Oldest first, with the number of groups that lead to each and of the active users who hold it.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/roles",
    tag = "Roles",
    security(("managementKey" = ["roles.read"])),
    params(InOrganization, Paging),
    responses((status = 200, description = "A page", body = List<Role>))
)]
async fn list_roles(call: Call) -> Handled {
    let paging: Paging = call.query()?;
    let (limit, after) = (paging.limit()?, paging.after()?);
    let mut all = call.administration()?.list_roles(call.organization()?).await?;
    all.retain(|it| after.is_none_or(|after| it.role.id.uuid() > after));
    ok(&List::of(all, limit, |it| it.role.id.uuid()).map(Role::of))
}

/// Create a role
///
/// It comes with a home group of its name, through which identity providers assign it.
#[utoipa::path(
    post,
    path = "/organizations/{organization}/roles",
    tag = "Roles",
    security(("managementKey" = ["roles.write"])),
    params(InOrganization, Repeated),
    request_body = NewRole,
    responses(
        (status = 201, description = "Created", body = Role,
            headers(("Location" = String, description = "Where it is"))),
        (status = 409, description = "The name is in use, or there are 500 roles already")
    )
)]
async fn create_role(mut call: Call) -> Handled {
    let organization = call.organization()?;
    let NewRole { name, description, permissions, privileged } = call.body().await?;
    let new = administration::NewRole { name, description, permissions, privileged };
    let list = call.address(&format!("/organizations/{organization}/roles"));
    let work = move |it: Administration, once| async move {
        it.create_role_once(organization, new, &once).await
    };
    let answer =
        move |it: &RoleSummary| Made::new(format!("{list}/{}", it.role.key), &Role::of(it));
    call.create(work, answer).await
}

/// Get a role
///
/// With the number of groups that lead to it and of the active users who hold it.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/roles/{role}",
    tag = "Roles",
    security(("managementKey" = ["roles.read"])),
    params(OfRole),
    responses((status = 200, description = "The role", body = Role))
)]
async fn get_role(call: Call) -> Handled {
    let role = call.administration()?.show_role(call.organization()?, &key(&call)).await?;
    ok(&Role::of(&role))
}

/// Change a role
///
/// Its key never changes. New permissions hold at once for everybody who holds the role.
#[utoipa::path(
    patch,
    path = "/organizations/{organization}/roles/{role}",
    tag = "Roles",
    security(("managementKey" = ["roles.write"])),
    params(OfRole),
    request_body(content = RoleChange, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "The role as it is now", body = Role),
        (status = 409, description = "The name is in use, or the role is built in and stays as it is")
    )
)]
async fn update_role(mut call: Call) -> Handled {
    let (organization, key) = (call.organization()?, key(&call));
    let asked: RoleChange = call.body().await?;
    let change = administration::RoleChange {
        name: asked.name.uncleared("name")?,
        description: emptied(asked.description),
        permissions: emptied(asked.permissions),
        privileged: asked.privileged.uncleared("privileged")?,
    };
    let work = move |it: Administration| async move {
        it.update_role(organization, &key, change).await?;
        it.show_role(organization, &key).await
    };
    let role = call.manager()?.carry_out(work).await?;
    ok(&Role::of(&role))
}

/// Delete a role
///
/// Its mappings and mapping rules go with it, and everybody who holds it loses it; look at what
/// that is first. Built-in roles stay.
#[utoipa::path(
    delete,
    path = "/organizations/{organization}/roles/{role}",
    tag = "Roles",
    security(("managementKey" = ["roles.write"])),
    params(OfRole),
    responses(
        (status = 204, description = "Deleted"),
        (status = 409, description = "The role is built in")
    )
)]
async fn delete_role(call: Call) -> Handled {
    let (organization, key) = (call.organization()?, key(&call));
    let work = move |it: Administration| async move { it.delete_role(organization, &key).await };
    call.manager()?.carry_out(work).await?;
    Ok(no_content())
}

/// Preview the deletion of a role
///
/// Who would lose it, and what would go with it. Nothing is changed.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/roles/{role}/deletion",
    tag = "Roles",
    security(("managementKey" = ["roles.read"])),
    params(OfRole),
    responses(
        (status = 200, description = "What would happen", body = RoleDeletion),
        (status = 409, description = "The role is built in")
    )
)]
async fn get_role_deletion(call: Call) -> Handled {
    let (organization, key) = (call.organization()?, key(&call));
    let found = call.administration()?.preview_role_deletion(organization, &key).await?;
    let groups = found.groups.into_iter();
    let groups = groups.map(|(id, display_name)| NamedGroup { id: id.to_string(), display_name });
    ok(&RoleDeletion {
        holder_count: found.holders,
        groups: groups.collect(),
        home_group_goes: found.home_group_goes,
        mapping_rules: found.mapping_rules.iter().map(|it| MappingRule::of(it, &key)).collect(),
    })
}

/// List the holders of a role
///
/// The active users who hold it, on whatever way: through groups, through groups in groups, or
/// because it is assigned to them. `access` says on which.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/roles/{role}/holders",
    tag = "Roles",
    security(("managementKey" = ["access.read"])),
    params(OfRole, Paging),
    responses((status = 200, description = "A page", body = List<Person>))
)]
async fn list_role_holders(call: Call) -> Handled {
    let paging: Paging = call.query()?;
    let (limit, after) = (paging.limit()?, paging.after()?.map(UserId::new));
    let (organization, key) = (call.organization()?, key(&call));
    let found = call.administration()?.list_holders(organization, &key, after, limit + 1).await?;
    ok(&List::of(found, limit, |it| it.id.uuid()).map(Person::of))
}
