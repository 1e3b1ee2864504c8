//! What keys can be permitted, as a dashboard shows it.

use scim_domain::api_key::{Permission, Section};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::ok,
    api_keys::PermissionName,
    call::Call,
    endpoints::{Handled, part},
    paging::List,
};

part![list_permissions];

/// Permissions that are shown under one heading.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PermissionSection {
    /// The heading.
    title: &'static str,
    /// What stands below it, in this order.
    permissions: Vec<DescribedPermission>,
}

/// A permission and what it means.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DescribedPermission {
    /// Its name.
    name: PermissionName,
    /// What it says beside its tick.
    title: &'static str,
    /// Whether the asking key may give it to a key.
    grantable: bool,
}

/// List the permissions
///
/// Everything that a key can be permitted, by section, and whether the asking key may give it.
#[utoipa::path(
    get,
    path = "/permissions",
    tag = "API keys",
    security(("managementKey" = [])),
    responses((status = 200, description = "All of them", body = List<PermissionSection>))
)]
async fn list_permissions(call: Call) -> Handled {
    let key = call.manager()?.key();
    let described = |it: Permission| DescribedPermission {
        name: PermissionName(it),
        title: it.title(),
        grantable: key.may(Permission::ApiKeysWrite) && (it == Permission::Scim || key.may(it)),
    };
    let of = |section: Section| {
        let all = Permission::ALL.iter().copied().filter(|it| it.section() == section);
        PermissionSection { title: section.title(), permissions: all.map(described).collect() }
    };
    let items = Section::ALL.iter().copied().map(of).collect();
    ok(&List { items, next_cursor: None })
}
