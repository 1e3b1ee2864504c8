//! Who may change a user or a group.

/// Who manages a user or a group, and may change it. The other side reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManagedBy {
    /// An identity provider, over SCIM. For everybody else it is locked.
    IdentityProvider,
    /// The backend and the admins of the organization.
    Local,
}

impl ManagedBy {
    /// The name in CLI, API and events.
    pub const fn name(self) -> &'static str {
        match self {
            Self::IdentityProvider => "identity_provider",
            Self::Local => "local",
        }
    }

    /// Whether it is locked for the backend and for admins.
    pub const fn locked(self) -> bool {
        match self {
            Self::IdentityProvider => true,
            Self::Local => false,
        }
    }
}
