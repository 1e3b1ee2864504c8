//! API keys: what a credential may do and for how long. The secret itself is never here.

mod addresses;
mod change;
mod expiry;
mod limits;
mod permission;
mod rotation;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub use addresses::AllowedAddresses;
pub use change::{ApiKeyChange, Expiry};
pub use limits::Limits;
pub use permission::{Permission, Section, together};
pub use rotation::check_overlap;

use self::expiry::{ahead, next_warning};

use crate::{
    ApiKeyId, OrganizationId, Timestamp, invalid::Invalid, organization::label,
    resource::document::Strictness,
};

/// Whether a key works at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It works.
    Live,
    /// Somebody revoked it.
    Revoked,
    /// Its time is over.
    Expired,
}

/// A key as the store keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiKey {
    /// Its id: the public part of the token.
    pub id: ApiKeyId,
    /// The organization it belongs to: over SCIM, that of the request, which never is anything sent.
    /// [`OrganizationId::OPERATOR`] for a key that reaches every organization.
    pub organization: OrganizationId,
    /// Its name, for people.
    pub name: String,
    /// What it is for, for people; may be empty.
    pub description: String,
    /// What it may do; nothing unless said.
    pub permissions: BTreeSet<Permission>,
    /// Whether what identity providers send beside the standard is tolerated.
    pub strictness: Strictness,
    /// From where it may be used.
    pub addresses: AllowedAddresses,
    /// What it may not do over SCIM although it has the permission.
    pub limits: Limits,
    /// The argon2id hash of the whole token, as a PHC string. Useless as a token.
    pub hash: String,
    /// When it was created.
    pub created: Timestamp,
    /// From when on it no longer works.
    pub expires: Option<Timestamp>,
    /// When its expiry is to be warned of next.
    pub warning: Option<Timestamp>,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
    /// The first key of a chain of rotations, so that history joins up; its own id for a first key.
    pub connection: ApiKeyId,
    /// The key by which it was replaced.
    pub successor: Option<ApiKeyId>,
    /// Counts how often a public key was taken from it: access tokens of an earlier generation are
    /// dead, since one of them may have been given to whoever holds that key.
    pub token_generation: u64,
}

/// What a person says about a new key.
#[derive(Clone, Debug, Default)]
pub struct NewApiKey {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it may do.
    pub permissions: BTreeSet<Permission>,
    /// Whether what identity providers send beside the standard is tolerated.
    pub strictness: Strictness,
    /// From where it may be used.
    pub addresses: AllowedAddresses,
    /// What it may not do over SCIM although it has the permission.
    pub limits: Limits,
    /// From when on it no longer works.
    pub expires: Option<Timestamp>,
}

impl ApiKey {
    /// A new key. The name is a label; the expiry must lie ahead; the permissions must go together,
    /// and with the limits.
    pub fn create(
        id: ApiKeyId,
        organization: OrganizationId,
        new: NewApiKey,
        hash: String,
        now: Timestamp,
    ) -> Result<Self, Invalid> {
        let NewApiKey { name, description, permissions, strictness, addresses, limits, expires } =
            new;
        let name = label("name of the key", &name)?;
        let description = describe(&description)?;
        together(organization, &permissions)?;
        limits.suit(organization, &permissions)?;
        ahead(expires, now)?;
        Ok(Self {
            id,
            organization,
            name,
            description,
            permissions,
            strictness,
            addresses,
            limits,
            hash,
            created: now,
            expires,
            warning: next_warning(expires, now),
            revoked: None,
            connection: id,
            successor: None,
            token_generation: 0,
        })
    }

    /// Whether the key works at `now`: it does up to and without its expiry.
    pub fn standing(&self, now: Timestamp) -> Standing {
        if self.revoked.is_some_and(|at| at <= now) {
            Standing::Revoked
        } else if self.expires.is_some_and(|at| at <= now) {
            Standing::Expired
        } else {
            Standing::Live
        }
    }

    /// Ends the key for good.
    pub fn revoke(&mut self, now: Timestamp) {
        self.revoked = Some(now);
        self.warning = None;
    }

    /// Whether the key is the operator's, who runs the service, and not a customer's.
    pub fn is_operator(&self) -> bool {
        self.organization.is_operator()
    }

    /// Whether the key has a permission.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }
}

/// What a key is for, in the words of people: trimmed, at most 1,000 characters.
fn describe(text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    if text.chars().count() > 1_000 {
        return Err(Invalid::value("The description of a key has at most 1,000 characters."));
    }
    Ok(text.to_owned())
}
