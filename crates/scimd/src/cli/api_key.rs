//! `scimd api-key …`

use std::time::Duration;

use clap::{Args, Subcommand};
use scim_domain::api_key::Permission;
use scim_domain::{ApiKeyId, OrganizationId};

use super::parse;

/// The commands for API keys.
#[derive(Debug, Subcommand)]
pub enum ApiKey {
    /// Create a key; its token is shown this once and never again
    ///
    /// A key has no permissions unless they are given. With `scim` an identity provider may use it
    /// to provision users and groups, Admins included; a key with it has no other permission.
    ///
    /// Example: scimd api-key create --organization ID --name Okta --permission scim --expires-in 90d
    Create {
        /// The organization that it belongs to
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// Its name, for people
        #[arg(long)]
        name: String,
        /// What it is for
        #[arg(long, default_value = "")]
        description: String,
        /// What it may do; can be repeated
        #[arg(long = "permission", value_name = "PERMISSION", value_parser = parse::permission)]
        permissions: Vec<Permission>,
        /// After which time it no longer works, such as 90d; without it, never
        #[arg(long, value_name = "TIME", value_parser = parse::duration)]
        expires_in: Option<Duration>,
    },
    /// List an organization's keys
    List {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
    },
    /// Give a key a permission
    Permit(Grant),
    /// Take a permission from a key
    Forbid(Grant),
    /// End a key at once, for good
    Revoke(Which),
    /// Replace a key by a new one; the old one works on for the overlap
    ///
    /// Example: scimd api-key rotate --organization ID --id ID --overlap 24h
    Rotate {
        /// Which key
        #[command(flatten)]
        which: Which,
        /// How long both work, such as 24h; 0s ends the old one at once
        #[arg(long, value_name = "TIME", value_parser = parse::duration)]
        overlap: Duration,
    },
}

/// A key, named.
#[derive(Debug, Args)]
pub struct Which {
    /// The organization that the key belongs to
    #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
    pub organization: OrganizationId,
    /// The key's id
    #[arg(long, value_name = "ID", value_parser = parse::api_key_id)]
    pub id: ApiKeyId,
}

/// A key and a permission.
#[derive(Debug, Args)]
pub struct Grant {
    /// The organization that the key belongs to; need not be given
    #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
    pub organization: Option<OrganizationId>,
    /// The key's id
    #[arg(long, value_name = "ID", value_parser = parse::api_key_id)]
    pub id: ApiKeyId,
    /// What the key may do: scim
    #[arg(long, value_parser = parse::permission)]
    pub permission: Permission,
}
