//! `scimd user …`, and how commands name a user.

use clap::{Args, Subcommand};
use scim_domain::{OrganizationId, UserId};

use super::parse;

/// The commands for users.
#[derive(Debug, Subcommand)]
pub enum User {
    /// List an organization's users
    List {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
    },
    /// Show one user
    ///
    /// Example: scimd user show --organization ID --user-name alice@acme.example
    Show(Which),
}

/// A user, named in one of two ways.
#[derive(Debug, Args)]
pub struct Which {
    /// The organization
    #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
    pub organization: OrganizationId,
    /// The name that the user signs in with, in any case
    #[arg(long, value_name = "NAME", required_unless_present = "user")]
    pub user_name: Option<String>,
    /// The user's id
    #[arg(long, value_name = "ID", value_parser = parse::user_id, conflicts_with = "user_name")]
    pub user: Option<UserId>,
}
