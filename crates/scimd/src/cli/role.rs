//! `scimd role …`

use clap::{Args, Subcommand};
use scim_domain::OrganizationId;

use super::parse;

/// The commands for roles.
#[derive(Debug, Subcommand)]
pub enum Role {
    /// Create a role with its home group, through which identity providers assign it
    ///
    /// The key is made from the name and never changes: 'Case Reviewer' becomes case-reviewer.
    ///
    /// Example: scimd role create --organization ID --name 'Case Reviewer' --permission cases.read
    Create {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// Its name
        #[arg(long)]
        name: String,
        /// What it is for
        #[arg(long, default_value = "")]
        description: String,
        /// What the application grants with it; can be repeated
        #[arg(long = "permission", value_name = "PERMISSION")]
        permissions: Vec<String>,
    },
    /// List an organization's roles
    List {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
    },
    /// Change a role's name, description or permissions; what is not given stays
    Update {
        /// Which role
        #[command(flatten)]
        which: Which,
        /// Its new name; the key stays
        #[arg(long)]
        name: Option<String>,
        /// What it is for
        #[arg(long)]
        description: Option<String>,
        /// All that the application grants with it from now on; can be repeated
        #[arg(long = "permission", value_name = "PERMISSION", conflicts_with = "no_permissions")]
        permissions: Vec<String>,
        /// Take all permissions from it
        #[arg(long)]
        no_permissions: bool,
    },
    /// Delete a custom role and its mappings
    Delete(Which),
}

/// A role, named.
#[derive(Debug, Args)]
pub struct Which {
    /// The organization
    #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
    pub organization: OrganizationId,
    /// The role's key, such as case-reviewer
    #[arg(long, value_name = "KEY")]
    pub role: String,
}
