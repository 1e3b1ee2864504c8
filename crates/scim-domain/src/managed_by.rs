//! Who looks after a user or a group.

/// Who looks after a user or a group, and so may change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManagedBy {
    /// An identity provider wrote it over SCIM: it is locked for everybody else until somebody
    /// detaches it.
    IdentityProvider,
    /// Nobody has written it over SCIM, or not since it was detached.
    Local,
}

impl ManagedBy {
    /// The name in CLI and API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::IdentityProvider => "identity_provider",
            Self::Local => "local",
        }
    }

    /// Whether changes by anybody but the identity provider are refused.
    pub const fn locked(self) -> bool {
        match self {
            Self::IdentityProvider => true,
            Self::Local => false,
        }
    }
}
