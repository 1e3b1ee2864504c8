//! What can be changed of a key.

use std::collections::BTreeSet;

use super::{
    AllowedAddresses, ApiKey, Permission, describe,
    expiry::{ahead, next_warning},
    together,
};
use crate::{
    Timestamp, invalid::Invalid, organization::label, resource::document::Strictness, role::RoleKey,
};

/// Until when a key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// For ever.
    Never,
    /// Up to and without this moment.
    At(Timestamp),
}

/// What becomes of a key; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiKeyChange {
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What it may do: all of it.
    pub permissions: Option<BTreeSet<Permission>>,
    /// Whether what identity providers send beside the standard is tolerated.
    pub strictness: Option<Strictness>,
    /// From where it may be used: all of them; none for anywhere.
    pub addresses: Option<AllowedAddresses>,
    /// Whether it writes users alone.
    pub users_only: Option<bool>,
    /// The roles that nobody may come to hold by it: all of them.
    pub denied_roles: Option<BTreeSet<RoleKey>>,
    /// Until when it works; a moment must lie ahead.
    pub expiry: Option<Expiry>,
}

impl ApiKey {
    /// The key after a change.
    pub fn changed(&self, change: ApiKeyChange, now: Timestamp) -> Result<Self, Invalid> {
        let mut key = self.clone();
        if let Some(name) = change.name {
            key.name = label("name of the key", &name)?;
        }
        if let Some(description) = change.description {
            key.description = describe(&description)?;
        }
        key.permissions = change.permissions.unwrap_or(key.permissions);
        key.strictness = change.strictness.unwrap_or(key.strictness);
        key.addresses = change.addresses.unwrap_or(key.addresses);
        key.limits.users_only = change.users_only.unwrap_or(key.limits.users_only);
        key.limits.denied_roles = change.denied_roles.unwrap_or(key.limits.denied_roles);
        let expires = match change.expiry {
            Some(Expiry::Never) => None,
            Some(Expiry::At(moment)) => Some(moment),
            None => key.expires,
        };
        if expires != key.expires {
            ahead(expires, now)?;
            key.expires = expires;
            key.warning = next_warning(expires, now);
        }
        together(key.organization, &key.permissions)?;
        key.limits.suit(key.organization, &key.permissions)?;
        Ok(key)
    }

    /// Whether `after` is this key with fewer permissions, and nothing else of it changed.
    pub fn only_loses(&self, after: &Self) -> bool {
        after.permissions.is_subset(&self.permissions)
            && Self { permissions: self.permissions.clone(), ..after.clone() } == *self
    }
}
