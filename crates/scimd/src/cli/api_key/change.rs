//! What becomes of a key.

use std::time::Duration;

use clap::Args;
use scim_domain::api_key::{AllowedAddresses, ApiKeyChange, Expiry};
use scim_domain::role::RoleKey;

use super::{Which, seconds, shown};
use crate::cli::{Tools, parse};
use crate::output::Answer;

/// Name, description and expiry.
#[derive(Debug, Args)]
pub struct Change {
    /// Its new name, for people
    #[arg(long)]
    name: Option<String>,
    /// What it is for from now on
    #[arg(long)]
    description: Option<String>,
    /// After which time from now on it no longer works, such as 90d
    #[arg(long, value_name = "TIME", value_parser = parse::duration)]
    expires_in: Option<Duration>,
    /// Let it work for ever
    #[arg(long, conflicts_with = "expires_in")]
    never_expires: bool,
}

/// From where a key may be used.
#[derive(Debug, Args)]
pub struct Addresses {
    /// An address or a range from which it may be used; can be repeated
    #[arg(
        long = "allow-address",
        value_name = "CIDR",
        value_parser = parse::address,
        required_unless_present = "from_anywhere",
    )]
    addresses: Vec<String>,
    /// Let it be used from anywhere
    #[arg(long, conflicts_with = "addresses")]
    from_anywhere: bool,
}

/// What a key may not do over SCIM.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct LimitChange {
    /// Let it write users alone: groups are read with it, and not written
    #[arg(long)]
    users_only: bool,
    /// A role that nobody may come to hold by it, by its key; can be repeated
    #[arg(long = "deny-role", value_name = "KEY")]
    denied_roles: Vec<String>,
    /// Take all limits away
    #[arg(long, conflicts_with_all = ["users_only", "denied_roles"])]
    none: bool,
}

impl Change {
    /// Does it.
    ///
    /// # Errors
    /// No such key, a key that is over, a name or a time that cannot be.
    pub async fn carry_out(self, tools: &Tools, which: &Which) -> anyhow::Result<Answer> {
        let Self { name, description, expires_in, never_expires } = self;
        let expiry = match expires_in {
            Some(time) => Some(Expiry::At(tools.clock.now().plus_seconds(seconds(time)?))),
            None => never_expires.then_some(Expiry::Never),
        };
        change(tools, which, ApiKeyChange { name, description, expiry, ..ApiKeyChange::default() })
            .await
    }
}

impl Addresses {
    /// Does it.
    ///
    /// # Errors
    /// No such key, a key that is over, too many addresses.
    pub async fn carry_out(self, tools: &Tools, which: &Which) -> anyhow::Result<Answer> {
        let addresses = Some(AllowedAddresses::parse(&self.addresses)?);
        change(tools, which, ApiKeyChange { addresses, ..ApiKeyChange::default() }).await
    }
}

impl LimitChange {
    /// Does it.
    ///
    /// # Errors
    /// No such key, a key that is over or not for SCIM, a role that does not exist.
    pub async fn carry_out(self, tools: &Tools, which: &Which) -> anyhow::Result<Answer> {
        let denied_roles = Some(self.denied_roles.into_iter().map(RoleKey::read).collect());
        let users_only = Some(self.users_only);
        let wanted = ApiKeyChange { users_only, denied_roles, ..ApiKeyChange::default() };
        change(tools, which, wanted).await
    }
}

async fn change(tools: &Tools, which: &Which, change: ApiKeyChange) -> anyhow::Result<Answer> {
    let Which { organization, id } = *which;
    let key = tools
        .administration
        .carry_out(async |it| it.change_api_key(organization, id, change.clone()).await)
        .await?;
    Ok(shown::key(&key, tools.clock.now()))
}
