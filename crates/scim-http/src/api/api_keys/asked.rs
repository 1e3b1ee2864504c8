//! What is asked for about keys.

use scim_domain::{
    Timestamp,
    api_key::{self, AllowedAddresses, ApiKeyChange, Expiry},
    role::RoleKey,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::shown::{PermissionName, Strictness};
use crate::api::{
    body::{Given, Object},
    problem::Problem,
};

/// What is said about a new key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::api) struct NewApiKey {
    /// Its name, for people: 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 1000)]
    description: String,
    /// What it may do; nothing unless said. A key with `scim` has no other permission.
    #[serde(default)]
    permissions: Vec<PermissionName>,
    /// How its requests over SCIM are read; `tolerant` unless said.
    strictness: Option<Strictness>,
    /// The addresses and ranges (CIDR) from which it may be used; none for anywhere.
    #[serde(default)]
    #[schema(max_items = 100, example = json!(["203.0.113.0/24", "2001:db8::/48"]))]
    allowed_addresses: Vec<String>,
    /// What it may not do over SCIM.
    #[schema(value_type = Option<NewLimits>)]
    limits: Option<Object<NewLimits>>,
    /// From when on it no longer works; it must lie ahead. Without it, never.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// What a new key may not do over SCIM.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::api) struct NewLimits {
    /// Whether it writes users alone: groups are read with it, and not written.
    #[serde(default)]
    users_only: bool,
    /// The keys of the roles that nobody may come to hold by it. The roles must exist.
    #[serde(default)]
    denied_roles: Vec<String>,
}

/// What becomes of a key (a JSON merge patch): what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::api) struct ApiKeyPatch {
    /// Its name, for people: 1 to 200 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>, nullable = false, min_length = 1, max_length = 200)]
    name: Given<String>,
    /// What it is for.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 1000)]
    description: Given<String>,
    /// What it may do: all of it.
    #[serde(default)]
    #[schema(value_type = Option<Vec<PermissionName>>)]
    permissions: Given<Vec<PermissionName>>,
    /// How its requests over SCIM are read.
    #[serde(default)]
    #[schema(value_type = Option<Strictness>)]
    strictness: Given<Strictness>,
    /// The addresses and ranges from which it may be used: all of them; none or `null` for anywhere.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, max_items = 100)]
    allowed_addresses: Given<Vec<String>>,
    /// What it may not do over SCIM; `null` takes all limits away.
    #[serde(default)]
    #[schema(value_type = Option<LimitsPatch>)]
    limits: Given<Object<LimitsPatch>>,
    /// From when on it no longer works; it must lie ahead. `null` for never.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Given<String>,
}

/// What becomes of a key's limits: what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::api) struct LimitsPatch {
    /// Whether it writes users alone.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    users_only: Given<bool>,
    /// The keys of the roles that nobody may come to hold by it: all of them.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    denied_roles: Given<Vec<String>>,
}

/// How a key is replaced.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::api) struct Rotation {
    /// How long both keys work, in seconds, at most 7 days. 0 ends the old one at once.
    #[schema(minimum = 0, maximum = 604_800)]
    pub(super) overlap_seconds: u32,
}

impl NewApiKey {
    /// The key in the words of the use cases.
    pub(super) fn read(self) -> Result<api_key::NewApiKey, Problem> {
        let NewLimits { users_only, denied_roles } = self.limits.map(|it| it.0).unwrap_or_default();
        let denied_roles = denied_roles.into_iter().map(RoleKey::read).collect();
        Ok(api_key::NewApiKey {
            name: self.name,
            description: self.description,
            permissions: self.permissions.into_iter().map(|it| it.0).collect(),
            strictness: self.strictness.map(Into::into).unwrap_or_default(),
            addresses: AllowedAddresses::parse(&self.allowed_addresses)?,
            limits: api_key::Limits { users_only, denied_roles },
            expires: self.expires_at.map(|it| moment(&it)).transpose()?,
        })
    }
}

impl ApiKeyPatch {
    /// The change in the words of the use cases.
    pub(super) fn read(self) -> Result<ApiKeyChange, Problem> {
        let (users_only, denied_roles) = match self.limits {
            Given::Kept => (Given::Kept, Given::Kept),
            Given::Cleared => (Given::Cleared, Given::Cleared),
            Given::Set(Object(LimitsPatch { users_only, denied_roles })) => {
                (users_only, denied_roles)
            }
        };
        let permissions = self.permissions.uncleared("permissions")?;
        let addresses = or_default(self.allowed_addresses);
        let denied_roles = or_default(denied_roles);
        Ok(ApiKeyChange {
            name: self.name.uncleared("name")?,
            description: or_default(self.description),
            permissions: permissions.map(|all| all.into_iter().map(|it| it.0).collect()),
            strictness: self.strictness.uncleared("strictness")?.map(Into::into),
            addresses: addresses.map(|all| AllowedAddresses::parse(&all)).transpose()?,
            users_only: or_default(users_only),
            denied_roles: denied_roles.map(|all| all.into_iter().map(RoleKey::read).collect()),
            expiry: match self.expires_at {
                Given::Kept => None,
                Given::Cleared => Some(Expiry::Never),
                Given::Set(text) => Some(Expiry::At(moment(&text)?)),
            },
        })
    }
}

/// A member that is cleared to what it is by default.
fn or_default<T: Default>(given: Given<T>) -> Option<T> {
    match given {
        Given::Kept => None,
        Given::Cleared => Some(T::default()),
        Given::Set(value) => Some(value),
    }
}

fn moment(text: &str) -> Result<Timestamp, Problem> {
    let wrong = || Problem::invalid("expiresAt must be a moment such as 2027-01-31T00:00:00Z.");
    Timestamp::parse(text).ok_or_else(wrong)
}
