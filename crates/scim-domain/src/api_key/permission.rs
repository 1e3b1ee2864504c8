//! What a key may be allowed to do, and which permissions go together.

use std::{collections::BTreeSet, fmt};

use crate::{OrganizationId, invalid::Invalid};

#[cfg(test)]
mod tests;

/// A heading under which permissions are shown, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// What a key may be used for at all.
    Api,
    /// The organization and its settings.
    Organization,
    /// People and their groups.
    Directory,
    /// What people may do.
    Roles,
    /// Keys.
    ApiKeys,
    /// What the backend asks and hears.
    Backend,
}

impl Section {
    /// Every section, in the order in which they are shown.
    pub const ALL: &'static [Self] = &[
        Self::Api,
        Self::Organization,
        Self::Directory,
        Self::Roles,
        Self::ApiKeys,
        Self::Backend,
    ];

    /// The heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Api => "API",
            Self::Organization => "Organization",
            Self::Directory => "Users and groups",
            Self::Roles => "Roles",
            Self::ApiKeys => "API keys",
            Self::Backend => "Access and events",
        }
    }
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $variant:ident => $name:literal, $section:ident, $title:literal;)*) => {
        /// Something a key may be allowed to do. A key may do nothing unless it is said.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission { $($(#[$doc])* $variant,)* }

        impl Permission {
            /// Every permission, in the order of their sections.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in CLI, API and database.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Under which heading it is shown.
            pub const fn section(self) -> Section {
                match self { $(Self::$variant => Section::$section,)* }
            }

            /// What it says beside its tick.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }
        }
    };
}

permissions! {
    /// Off by default, because whoever holds such a key can make admins. A key that has it has no
    /// other permission.
    Scim => "scim", Api, "Use API key for SCIM";
    /// Read the organization, its plan, its settings and the schemas it declared.
    OrganizationRead => "organization.read", Organization, "See the organization and its settings";
    /// Change what is an organization's own business: its name, its settings, whether SCIM is on.
    OrganizationWrite => "organization.write", Organization,
        "Change the organization's settings, pause SCIM or switch it off";
    /// Create organizations, change plans and seat limits, disable and delete. Only operator keys
    /// can have it: nobody gives a plan to oneself.
    OrganizationsManage => "organizations.manage", Organization,
        "Create organizations, change plans and seat limits, disable and delete";
    /// Read users.
    UsersRead => "users.read", Directory, "See users";
    /// Record users at sign-in, protect and detach them.
    UsersWrite => "users.write", Directory, "Record users at sign-in, protect and detach them";
    /// Read groups, their members and the roles they lead to.
    GroupsRead => "groups.read", Directory, "See groups and their members";
    /// Map groups to roles, keep mapping rules, detach groups. Whoever may do that can make admins.
    GroupsWrite => "groups.write", Directory, "Map groups to roles, and detach groups";
    /// Read roles and their permissions.
    RolesRead => "roles.read", Roles, "See roles";
    /// Create, change and delete roles.
    RolesWrite => "roles.write", Roles, "Create, change and delete roles";
    /// Read keys; their secrets are never shown again.
    ApiKeysRead => "api_keys.read", ApiKeys, "See API keys and how they are used";
    /// Create, change, rotate and revoke keys, those for SCIM included.
    ApiKeysWrite => "api_keys.write", ApiKeys, "Create, change, rotate and revoke API keys";
    /// Ask what somebody may do, and why.
    AccessRead => "access.read", Backend, "Ask what a user may do";
    /// Follow the feed of events.
    EventsRead => "events.read", Backend, "Follow the events of the organization";
    /// Read the audit log and what became of requests.
    AuditRead => "audit.read", Backend, "Read the audit log and the activity";
}

impl Permission {
    /// The permission by its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }

    /// Whether a key of this organization can have it: provisioning is an organization's, managing
    /// organizations the operator's.
    pub fn suits(self, organization: OrganizationId) -> bool {
        match self {
            Self::Scim => !organization.is_operator(),
            Self::OrganizationsManage => organization.is_operator(),
            Self::OrganizationRead
            | Self::OrganizationWrite
            | Self::UsersRead
            | Self::UsersWrite
            | Self::GroupsRead
            | Self::GroupsWrite
            | Self::RolesRead
            | Self::RolesWrite
            | Self::ApiKeysRead
            | Self::ApiKeysWrite
            | Self::AccessRead
            | Self::EventsRead
            | Self::AuditRead => true,
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Fails unless a key of this organization may have these permissions together.
pub fn together(
    organization: OrganizationId,
    permissions: &BTreeSet<Permission>,
) -> Result<(), Invalid> {
    if permissions.contains(&Permission::Scim) && permissions.len() > 1 {
        return Err(Invalid::value(
            "A key with the permission scim has no other permission: identity providers get a key \
             of their own.",
        ));
    }
    match permissions.iter().find(|it| !it.suits(organization)) {
        None => Ok(()),
        Some(permission) if organization.is_operator() => Err(Invalid::value(format!(
            "An operator key cannot have the permission {permission}: it belongs to keys of an \
             organization."
        ))),
        Some(permission) => Err(Invalid::value(format!(
            "Only an operator key can have the permission {permission}."
        ))),
    }
}
