//! Roles that are assigned to users themselves: where an organization assigns, a user has the roles
//! that the values of its `roles` name.

use scim_domain::{
    OrganizationId, Timestamp,
    access::{Holding, Via},
    organization::Entitlements,
    role::{self, Role},
    user::User,
};
use serde_json::json;

use crate::{
    journal::Entry,
    ports::{StoreError, UnitOfWork},
};

/// What became of the roles of a user.
#[derive(Debug)]
pub(crate) struct Settled {
    /// What the user reaches now, active or not.
    pub after: Vec<Holding>,
    /// The values that name no role of the organization.
    pub unknown: Vec<String>,
    /// Whether anything was assigned or taken.
    pub changed: bool,
}

/// The entry about a user, with the values of its `roles` that name no role: they are kept as data and
/// grant nothing.
pub(crate) fn told_in(mut entry: Entry, unknown: &[String]) -> Entry {
    if let (Some(detail), false) = (entry.detail.as_object_mut(), unknown.is_empty()) {
        detail.insert("rolesUnknown".to_owned(), json!(unknown));
    }
    entry
}

/// Whether the organization assigns, as the unit sees it now: somebody may have switched since the
/// request was let in, and who switches looks at all users only once.
pub(crate) async fn assigns(
    unit: &mut dyn UnitOfWork,
    organization: OrganizationId,
) -> Result<bool, StoreError> {
    let found = unit.read().organizations().find(organization).await?;
    Ok(found.is_some_and(|it| it.entitlements == Entitlements::Assign))
}

/// Brings what is assigned to a user, who reaches `before`, in line with its document. Work in
/// proportion to that one user's roles.
pub(crate) async fn settle(
    unit: &mut dyn UnitOfWork,
    organization: OrganizationId,
    roles: &[Role],
    user: &User,
    before: &[Holding],
    now: Timestamp,
) -> Result<Settled, StoreError> {
    let (named, unknown) = role::named(roles, user.role_values());
    let unknown = unknown.into_iter().map(str::to_owned).collect();
    let mut settled = Settled { after: Vec::new(), unknown, changed: false };
    for holding in before {
        let named = || named.iter().any(|it| it.id == holding.role.id);
        if holding.via == Via::Assignment && !named() {
            unit.roles().unassign(organization, holding.role.id, &[user.id]).await?;
            settled.changed = true;
        } else {
            settled.after.push(holding.clone());
        }
    }
    for role in named {
        let via = Via::Assignment;
        if !before.iter().any(|it| it.via == via && it.role.id == role.id) {
            unit.roles().assign(organization, role.id, &[user.id], now).await?;
            settled.changed = true;
            settled.after.push(Holding { user: user.id, role: role.reached(via), via });
        }
    }
    Ok(settled)
}
