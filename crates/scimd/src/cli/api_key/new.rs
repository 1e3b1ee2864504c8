//! What is said of a new key.

use std::time::Duration;

use clap::Args;
use scim_domain::api_key::{self, AllowedAddresses, NewApiKey, Permission};
use scim_domain::role::RoleKey;

use super::seconds;
use crate::cli::{Tools, parse};

/// A new key, whoever it is for.
#[derive(Debug, Args)]
pub struct New {
    /// Its name, for people
    #[arg(long)]
    name: String,
    /// What it is for
    #[arg(long, default_value = "", hide_default_value = true)]
    description: String,
    /// What it may do; can be repeated. `scimd api-key permissions` lists what there is
    #[arg(long = "permission", value_name = "PERMISSION", value_parser = parse::permission)]
    permissions: Vec<Permission>,
    /// An address or a range from which it may be used; can be repeated. Without it, from anywhere
    #[arg(long = "allow-address", value_name = "CIDR", value_parser = parse::address)]
    addresses: Vec<String>,
    /// After which time it no longer works, such as 90d; without it, never
    #[arg(long, value_name = "TIME", value_parser = parse::duration)]
    expires_in: Option<Duration>,
}

/// What a key may not do over SCIM.
#[derive(Debug, Args)]
pub struct Limits {
    /// Let it write users alone: groups are read with it, and not written
    #[arg(long)]
    users_only: bool,
    /// A role that nobody may come to hold by it, by its key; can be repeated
    #[arg(long = "deny-role", value_name = "KEY")]
    denied_roles: Vec<String>,
}

impl New {
    /// The key in the words of the use cases.
    ///
    /// # Errors
    /// Too many addresses.
    pub fn into_key(self, tools: &Tools) -> anyhow::Result<NewApiKey> {
        let Self { name, description, permissions, addresses, expires_in } = self;
        let expires = expires_in.map(seconds).transpose()?;
        Ok(NewApiKey {
            name,
            description,
            permissions: permissions.into_iter().collect(),
            addresses: AllowedAddresses::parse(&addresses)?,
            expires: expires.map(|seconds| tools.clock.now().plus_seconds(seconds)),
            ..NewApiKey::default()
        })
    }
}

impl From<Limits> for api_key::Limits {
    fn from(Limits { users_only, denied_roles }: Limits) -> Self {
        Self { users_only, denied_roles: denied_roles.into_iter().map(RoleKey::read).collect() }
    }
}
