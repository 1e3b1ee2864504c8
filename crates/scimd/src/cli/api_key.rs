//! `scimd api-key …`

pub(super) mod change;
pub(super) mod new;
mod public_keys;
pub(super) mod shown;

use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use scim_app::Error;
use scim_domain::api_key::{Limits, NewApiKey, Permission};
use scim_domain::{ApiKeyId, OrganizationId, resource::document::Strictness};

use self::change::{Addresses, Change, LimitChange};
use self::new::New;
use self::public_keys::SetPublicKeys;
use super::{Tools, parse};
use crate::output::Answer;

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
        /// What it is
        #[command(flatten)]
        new: New,
        /// tolerant understands what identity providers send beside the standard; strict refuses it
        #[arg(long, default_value = "tolerant", value_parser = parse::strictness)]
        strictness: Strictness,
        /// What it may not do over SCIM
        #[command(flatten)]
        limits: new::Limits,
    },
    /// List an organization's keys
    List {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
    },
    /// Show one key
    Show(Which),
    /// List the permissions that a key can have
    Permissions,
    /// Change a key's name, description or expiry
    Update {
        /// Which key
        #[command(flatten)]
        which: Which,
        /// What becomes of it
        #[command(flatten)]
        change: Change,
    },
    /// Say from where a key may be used, in place of what was said before
    ///
    /// Example: scimd api-key set-addresses --organization ID --id ID --allow-address 203.0.113.0/24
    SetAddresses {
        /// Which key
        #[command(flatten)]
        which: Which,
        /// From where
        #[command(flatten)]
        addresses: Addresses,
    },
    /// Say what a key may not do over SCIM, in place of what was said before
    ///
    /// Example: scimd api-key set-limits --organization ID --id ID --deny-role admin
    SetLimits {
        /// Which key
        #[command(flatten)]
        which: Which,
        /// The limits
        #[command(flatten)]
        limits: LimitChange,
    },
    /// Give a key a permission
    Permit(Grant),
    /// Take a permission from a key
    Forbid(Grant),
    /// Make a key strict or tolerant
    ///
    /// A tolerant key, which is the default, understands what identity providers send beside the
    /// standard. A strict one refuses it, and Okta and Entra ID need a tolerant one.
    SetStrictness {
        /// Which key
        #[command(flatten)]
        which: Which,
        /// strict or tolerant
        #[arg(long, value_parser = parse::strictness)]
        strictness: Strictness,
    },
    /// List what the requests of keys showed beside the standard, and how often
    Quirks {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// Only those of this key
        #[arg(long, value_name = "ID", value_parser = parse::api_key_id)]
        id: Option<ApiKeyId>,
    },
    /// Let a client sign who it is with a private key, in place of the key's token
    ///
    /// For OAuth 2.0 (RFC 7523). The file holds the public keys as a JWK Set: EC on P-256, RSA from
    /// 2048 bits on, or Ed25519. They replace those that the key has. If one is taken away, the
    /// access tokens that the key has got end at once.
    ///
    /// Example: scimd api-key set-public-keys --organization ID --id ID --jwks jwks.json
    SetPublicKeys(SetPublicKeys),
    /// List the public keys of a key
    PublicKeys(Which),
    /// Take all public keys from a key
    RemovePublicKeys(Which),
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
#[derive(Clone, Copy, Debug, Args)]
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
    /// What the key may do; `scimd api-key permissions` lists what there is
    #[arg(long, value_parser = parse::permission)]
    pub permission: Permission,
}

impl ApiKey {
    /// Does it.
    ///
    /// # Errors
    /// No such organization or key, a key that is over, a name or a time that cannot be.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<Answer> {
        let administration = &tools.administration;
        match self {
            Self::Create { organization, new, strictness, limits } => {
                let limits = Limits::from(limits);
                let new = NewApiKey { strictness, limits, ..new.into_key(tools)? };
                let created = administration
                    .carry_out(async |it| it.create_api_key(organization, new.clone()).await)
                    .await?;
                Ok(shown::created(&created))
            }
            Self::Show(Which { organization, id }) => {
                Ok(shown::one(&administration.show_api_key(organization, id).await?))
            }
            Self::Permissions => Ok(shown::permissions()),
            Self::Update { which, change } => change.carry_out(tools, &which).await,
            Self::SetAddresses { which, addresses } => addresses.carry_out(tools, &which).await,
            Self::SetLimits { which, limits } => limits.carry_out(tools, &which).await,
            Self::List { organization } => {
                Ok(shown::list(&administration.list_api_keys(organization).await?))
            }
            Self::Permit(grant) => set(tools, grant, true).await,
            Self::Forbid(grant) => set(tools, grant, false).await,
            Self::SetStrictness { which: Which { organization, id }, strictness } => {
                let key = administration
                    .carry_out(async |it| {
                        it.set_api_key_strictness(organization, id, strictness).await
                    })
                    .await?;
                Ok(shown::key(&key, tools.clock.now()))
            }
            Self::Quirks { organization, id } => {
                let mut counts = administration.list_quirks(organization).await?;
                counts.retain(|it| id.is_none_or(|id| it.api_key == id));
                Ok(shown::quirks(&counts))
            }
            Self::SetPublicKeys(command) => command.carry_out(tools).await,
            Self::PublicKeys(which) => public_keys::show(tools, which).await,
            Self::RemovePublicKeys(which) => public_keys::remove(tools, which).await,
            Self::Revoke(Which { organization, id }) => {
                let key = administration
                    .carry_out(async |it| it.revoke_api_key(organization, id).await)
                    .await?;
                Ok(shown::key(&key, tools.clock.now()))
            }
            Self::Rotate { which: Which { organization, id }, overlap } => {
                let overlap = seconds(overlap)?;
                let created = administration
                    .carry_out(async |it| it.rotate_api_key(organization, id, overlap).await)
                    .await?;
                Ok(shown::created(&created))
            }
        }
    }
}

async fn set(tools: &Tools, grant: Grant, allowed: bool) -> anyhow::Result<Answer> {
    let Grant { organization, id, permission } = grant;
    let organization = match organization {
        Some(organization) => organization,
        None => owner(tools, id).await?,
    };
    let administration = &tools.administration;
    let key = administration
        .carry_out(async |it| {
            it.set_api_key_permission(organization, id, permission, allowed).await
        })
        .await?;
    Ok(shown::key(&key, tools.clock.now()))
}

/// The organization of a key.
async fn owner(tools: &Tools, id: ApiKeyId) -> anyhow::Result<OrganizationId> {
    let mut snapshot = tools.store.read().await.map_err(Error::from)?;
    let found = snapshot.api_keys().authenticate(id).await.map_err(Error::from)?;
    let missing = || Error::Missing { what: "API key", id: id.to_string() };
    Ok(found.map(|(_, organization)| organization.id).ok_or_else(missing)?)
}

/// A duration as the use cases take it.
pub(super) fn seconds(duration: Duration) -> anyhow::Result<i64> {
    i64::try_from(duration.as_secs()).context("this time is too long")
}
