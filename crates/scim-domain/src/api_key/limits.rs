//! What a key for SCIM may not do although it has the permission.

use std::collections::BTreeSet;

use super::Permission;
use crate::{OrganizationId, invalid::Invalid, role::RoleKey};

/// The limits of a key for SCIM. Taking access away is never limited, except that a key for users
/// alone leaves groups as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Whether it writes users alone: groups can be read with it, and not be written.
    pub users_only: bool,
    /// The roles that nobody may come to hold by it, by their keys. A key outlives its role: a role
    /// that is made again under the same name is denied, too.
    pub denied_roles: BTreeSet<RoleKey>,
}

impl Limits {
    /// Whether nothing is limited.
    pub fn is_none(&self) -> bool {
        !self.users_only && self.denied_roles.is_empty()
    }

    /// Whether a role may not be granted.
    pub fn deny(&self, role: &RoleKey) -> bool {
        self.denied_roles.contains(role)
    }

    /// Fails for limits on a key that is not for SCIM: they would limit nothing.
    pub fn suit(
        &self,
        organization: OrganizationId,
        permissions: &BTreeSet<Permission>,
    ) -> Result<(), Invalid> {
        let for_scim = Permission::Scim.suits(organization)
            && (permissions.is_empty() || permissions.contains(&Permission::Scim));
        if self.is_none() || for_scim {
            return Ok(());
        }
        Err(Invalid::value(
            "Limits are for keys with the permission scim: whether only users are written, and \
             which roles are denied. A key with other permissions has none.",
        ))
    }
}
