//! Why a use case did not do what it was asked. Nothing of it was applied.
//!
//! The text of each is a sentence for the customer's admin: identity providers show it verbatim.
//! Adapters map the variants to their protocol, once and without a wildcard.

use std::net::IpAddr;

use scim_domain::{
    Invalid, OrganizationId, Timestamp, api_key::Permission, organization::Plan, role::RoleKey,
    schema::ResourceKind, user::Guarded,
};

use crate::ports::{StoreError, UniqueKey};

/// Why a request without a working credential is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unauthenticated {
    /// No credential, a malformed one, an unknown key or a wrong secret: all alike.
    #[error("A valid API key is required: send it as \"Authorization: Bearer <key>\".")]
    Unknown,
    /// The secret is right and somebody revoked the key.
    #[error("This API key was revoked. Create a new one and enter it in your identity provider.")]
    Revoked,
    /// The secret is right and the key's time is over.
    #[error("This API key has expired. Create a new one and enter it in your identity provider.")]
    Expired,
    /// The access token is ours and its time is over.
    #[error("This access token has expired. Request a new one from the token endpoint.")]
    TokenExpired,
}

/// Why somebody who is known may not do this.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// The key lacks the permission for SCIM.
    #[error(
        "This API key may not be used for SCIM. Edit the key and tick \"Use API key for SCIM\" in \
         its permissions, or use a key that has it."
    )]
    NoPermission,
    /// The organization's plan is without SCIM.
    #[error(
        "SCIM provisioning is not part of the {} plan. Upgrade to Growth or Enterprise; until then \
         access can only be taken away: deactivate or delete users, delete groups, remove members.",
        .0.title()
    )]
    Plan(Plan),
    /// A key for SCIM was used to manage.
    #[error(
        "This API key is for SCIM and opens nothing here. Use a key that has management \
         permissions."
    )]
    ScimKey,
    /// The key lacks a permission for managing.
    #[error("This API key lacks the permission {0}.")]
    Lacks(Permission),
    /// The key would give a permission that it does not have.
    #[error(
        "This API key lacks the permission {0}, so that it can neither give it to a key nor change \
         or rotate a key that has it."
    )]
    CannotGive(Permission),
    /// The key may not be used from where the request came.
    #[error(
        "This API key may not be used from {}. If that is right, add it to the key's allowed \
         addresses; if it is the address of a proxy of your own, name the proxy in \
         server.trusted_proxies.",
        seen_as(*.0)
    )]
    Address(Option<IpAddr>),
    /// The key writes users alone.
    #[error(
        "This API key may write users only. Groups can be read with it, and not be changed; edit \
         the key's limits, or use another one."
    )]
    UsersOnly,
    /// Somebody would have come to hold a role that the key is denied.
    #[error(
        "This API key may not grant the role {name} ({key}), which this request would have done. \
         Nothing of it was applied. Take the role out of the key's denied roles, or grant it by \
         other means."
    )]
    RoleDenied {
        /// The role's key.
        key: RoleKey,
        /// Its name.
        name: String,
    },
    /// Only the operator of the service may do this.
    #[error("Only an operator key may do this.")]
    OperatorOnly,
    /// SCIM is switched off for the organization.
    #[error(
        "SCIM provisioning is switched off for this organization. Until it is switched on again, \
         access can only be taken away: deactivate or delete users, delete groups, remove members."
    )]
    ScimOff,
    /// The organization is disabled.
    #[error(
        "This organization is disabled: its API keys open nothing until it is enabled again. Ask \
         the operator of this service."
    )]
    Disabled,
    /// The organization was deleted and is kept until this moment.
    #[error(
        "This organization was deleted: its API keys open nothing, and its data will be erased \
         after {0} unless the operator of this service restores it before."
    )]
    Deleted(Timestamp),
    /// All seats of the organization are taken.
    #[error(
        "All seats of this organization are taken: {used} active users, and its limit is {limit}. \
         Deactivate or delete users, or have the limit raised."
    )]
    SeatLimit {
        /// How many users may be active.
        limit: u64,
        /// How many are.
        used: u64,
    },
    /// The user is protected.
    #[error("This user is protected and cannot be changed by an identity provider.")]
    Protected,
    /// The user was detached from the identity provider.
    #[error(
        "This user was detached from the identity provider and is managed in the application. An \
         identity provider cannot change it until an admin attaches it again."
    )]
    Detached,
    /// A protected user would lose the access that comes through the group.
    #[error(
        "This group has a protected member, of its own or in a group below it, so an identity \
         provider cannot delete it. An admin can unprotect the user first, or take it out."
    )]
    ProtectedMember,
}

impl From<Guarded> for Forbidden {
    fn from(guarded: Guarded) -> Self {
        match guarded {
            Guarded::Protected => Self::Protected,
            Guarded::Detached => Self::Detached,
        }
    }
}

impl Forbidden {
    /// The kind, for counting denials.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::NoPermission => "no_permission",
            Self::Plan(_) => "plan",
            Self::ScimKey => "scim_key",
            Self::Lacks(_) => "lacks_permission",
            Self::CannotGive(_) => "cannot_give",
            Self::Address(_) => "address",
            Self::UsersOnly => "users_only",
            Self::RoleDenied { .. } => "role_denied",
            Self::OperatorOnly => "operator_only",
            Self::ScimOff => "scim_off",
            Self::Disabled => "disabled",
            Self::Deleted(_) => "deleted",
            Self::SeatLimit { .. } => "seat_limit",
            Self::Protected => "protected",
            Self::Detached => "detached",
            Self::ProtectedMember => "protected_member",
        }
    }
}

/// The client's address as scimd sees it: so that a proxy that is set up wrongly is found.
fn seen_as(address: Option<IpAddr>) -> String {
    address.map_or_else(
        || "where this request came from: its address is not known".to_owned(),
        |it| format!("{it}, which is the client's address as this service sees it"),
    )
}

/// Why a use case failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 401: no working credential.
    #[error(transparent)]
    Unauthenticated(#[from] Unauthenticated),
    /// 403.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// 404: no such resource in this organization.
    #[error("No {} with this id exists.", .0.name().to_lowercase())]
    NotFound(ResourceKind),
    /// 404 for people at the command line: no such thing.
    #[error("No {what} {id} exists.")]
    Missing {
        /// What was looked for.
        what: &'static str,
        /// As which it was named.
        id: String,
    },
    /// 409 `uniqueness`.
    #[error("{detail}")]
    Taken {
        /// What must be unique.
        key: UniqueKey,
        /// The sentence, which names the attribute and what to do.
        detail: String,
    },
    /// 409 for administration: the situation does not allow it.
    #[error("{0}")]
    Conflict(String),
    /// 400 with a `scimType`.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// 412: the resource is not in the version that `If-Match` names.
    #[error("The resource was changed in the meantime. Read it again and repeat the change.")]
    PreconditionFailed,
    /// 429: the organization's SCIM is paused.
    #[error(
        "SCIM is paused for this organization. Nothing was changed. Try again in {retry_after} \
         second(s)."
    )]
    Paused {
        /// After how many seconds to come back.
        retry_after: u64,
    },
    /// 503: too many checks of credentials are waiting.
    #[error("The service is busy. Try again in a moment.")]
    Busy,
    /// 503 or 500, by its kind. The text of the cause never leaves the process.
    #[error("The service could not reach its database. Try again in a moment.")]
    Store(#[source] StoreError),
    /// 500: a defect of ours.
    #[error("An internal error occurred.")]
    Defect(String),
}

impl Error {
    /// There is no organization of this id, or none that the caller reaches.
    pub(crate) fn missing_organization(id: OrganizationId) -> Self {
        Self::Missing { what: "organization", id: id.to_string() }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken(key) => Self::Taken { key, detail: taken(key).to_owned() },
            StoreError::TooMany => Self::Invalid(Invalid::new(
                scim_domain::Reason::TooMany,
                "The filter or sort order matches too many candidates to be answered. Narrow it, \
                 for example with userName, externalId or emails.value.",
            )),
            other @ (StoreError::Stale
            | StoreError::Unavailable(_)
            | StoreError::Conflict(_)
            | StoreError::Unknown(_)
            | StoreError::Inconsistent { .. }
            | StoreError::Failed(_)) => Self::Store(other),
        }
    }
}

/// The plain sentence for a value in use.
pub(crate) const fn taken(key: UniqueKey) -> &'static str {
    match key {
        UniqueKey::UserName => "A user with this userName already exists.",
        UniqueKey::GroupDisplayName => "A group with this displayName already exists.",
        UniqueKey::RoleName => "A role with this name already exists.",
        UniqueKey::RoleKey => "A role with this key already exists.",
        UniqueKey::MappingRule => "This mapping rule already exists.",
        UniqueKey::IdempotencyKey => {
            "A request with this Idempotency-Key was carried out in the meantime. Send it again to \
             learn its answer."
        }
    }
}

impl From<scim_domain::schema::declare::Undeclarable> for Error {
    fn from(refused: scim_domain::schema::declare::Undeclarable) -> Self {
        Self::Invalid(refused.into())
    }
}

impl From<scim_domain::resource::document::Corrupt> for Error {
    fn from(error: scim_domain::resource::document::Corrupt) -> Self {
        Self::Store(StoreError::Inconsistent { table: error.resource_type, reason: error.reason })
    }
}
