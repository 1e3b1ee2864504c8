//! `scimd operator-key …`

use std::time::Duration;

use clap::{Args, Subcommand};
use scim_domain::api_key::Permission;
use scim_domain::{ApiKeyId, OrganizationId};

use super::api_key::change::{Addresses, Change};
use super::api_key::new::New;
use super::api_key::{Which, seconds, shown};
use super::{Tools, parse};
use crate::output::Answer;

/// Whose keys these are.
const OWNER: OrganizationId = OrganizationId::OPERATOR;

/// The commands for operator keys.
#[derive(Debug, Subcommand)]
pub enum OperatorKey {
    /// Create a key that manages every organization; its token is shown this once and never again
    ///
    /// A key has no permissions unless they are given. An operator key is no key for SCIM.
    ///
    /// Example: scimd operator-key create --name Backend --permission organizations.manage
    Create(New),
    /// List the operator keys
    List,
    /// Show one key
    Show(WhichOne),
    /// Change a key's name, description or expiry
    Update {
        /// Which key
        #[command(flatten)]
        which: WhichOne,
        /// What becomes of it
        #[command(flatten)]
        change: Change,
    },
    /// Say from where a key may be used, in place of what was said before
    SetAddresses {
        /// Which key
        #[command(flatten)]
        which: WhichOne,
        /// From where
        #[command(flatten)]
        addresses: Addresses,
    },
    /// Give a key a permission
    Permit(Grant),
    /// Take a permission from a key
    Forbid(Grant),
    /// End a key at once, for good
    Revoke(WhichOne),
    /// Replace a key by a new one; the old one works on for the overlap
    Rotate {
        /// Which key
        #[command(flatten)]
        which: WhichOne,
        /// How long both work, such as 24h; 0s ends the old one at once
        #[arg(long, value_name = "TIME", value_parser = parse::duration)]
        overlap: Duration,
    },
}

/// An operator key, named.
#[derive(Debug, Args)]
pub struct WhichOne {
    /// The key's id
    #[arg(long, value_name = "ID", value_parser = parse::api_key_id)]
    id: ApiKeyId,
}

/// An operator key and a permission.
#[derive(Debug, Args)]
pub struct Grant {
    /// The key's id
    #[arg(long, value_name = "ID", value_parser = parse::api_key_id)]
    id: ApiKeyId,
    /// What the key may do; `scimd api-key permissions` lists what there is
    #[arg(long, value_parser = parse::permission)]
    permission: Permission,
}

impl From<WhichOne> for Which {
    fn from(WhichOne { id }: WhichOne) -> Self {
        Self { organization: OWNER, id }
    }
}

impl OperatorKey {
    /// Does it.
    ///
    /// # Errors
    /// No such key, a key that is over, a name or a time that cannot be.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<Answer> {
        let administration = &tools.administration;
        let set = async |Grant { id, permission }, allowed| {
            administration
                .carry_out(async |it| {
                    it.set_api_key_permission(OWNER, id, permission, allowed).await
                })
                .await
        };
        let key = match self {
            Self::Create(new) => {
                let new = new.into_key(tools)?;
                let created = administration
                    .carry_out(async |it| it.create_api_key(OWNER, new.clone()).await)
                    .await?;
                return Ok(shown::created(&created));
            }
            Self::List => return Ok(shown::list(&administration.list_api_keys(OWNER).await?)),
            Self::Show(WhichOne { id }) => {
                return Ok(shown::one(&administration.show_api_key(OWNER, id).await?));
            }
            Self::Update { which, change } => return change.carry_out(tools, &which.into()).await,
            Self::SetAddresses { which, addresses } => {
                return addresses.carry_out(tools, &which.into()).await;
            }
            Self::Rotate { which: WhichOne { id }, overlap } => {
                let overlap = seconds(overlap)?;
                let created = administration
                    .carry_out(async |it| it.rotate_api_key(OWNER, id, overlap).await)
                    .await?;
                return Ok(shown::created(&created));
            }
            Self::Permit(grant) => set(grant, true).await?,
            Self::Forbid(grant) => set(grant, false).await?,
            Self::Revoke(WhichOne { id }) => {
                administration.carry_out(async |it| it.revoke_api_key(OWNER, id).await).await?
            }
        };
        Ok(shown::key(&key, tools.clock.now()))
    }
}
