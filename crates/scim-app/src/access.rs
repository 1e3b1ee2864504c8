//! What a user may do, and why: what a backend asks at sign-in.

use scim_domain::{FoldedText, access::Access, organization::Organization, user::StoredUser};

use crate::{Error, ports::Snapshot, reach::Reach};

/// The access of the user of a `userName`; `None` when there is no such user.
pub async fn by_user_name(
    snapshot: &mut dyn Snapshot,
    organization: &Organization,
    user_name: &str,
) -> Result<Option<Access>, Error> {
    let key = FoldedText::of_name("userName", user_name)?;
    match snapshot.users().find_by_name(organization.id, &key).await? {
        Some(user) => Ok(Some(of(snapshot, organization, &user).await?)),
        None => Ok(None),
    }
}

/// The access of a user. An inactive one has no role and no permission, whatever its groups, and so
/// has everybody while the organization is disabled or deleted.
pub async fn of(
    snapshot: &mut dyn Snapshot,
    organization: &Organization,
    user: &StoredUser,
) -> Result<Access, Error> {
    let through = Reach::of(organization).paths(snapshot, user.id).await?;
    let mut access = Access {
        user: user.id,
        active: user.active && organization.grants_access(),
        roles: Vec::new(),
        permissions: Vec::new(),
        through,
    };
    if !access.active {
        return Ok(access);
    }
    access.roles = access.through.iter().map(|it| it.role.clone()).collect();
    access.roles.sort_unstable();
    access.roles.dedup();
    let all = snapshot.roles().list(organization.id).await?;
    let held = all.into_iter().filter(|it| access.roles.contains(&it.key));
    access.permissions = held.flat_map(|it| it.permissions).collect();
    access.permissions.sort_unstable();
    access.permissions.dedup();
    Ok(access)
}
