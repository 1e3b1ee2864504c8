//! `scimd group …`

use clap::{Args, Subcommand};
use scim_domain::{GroupId, OrganizationId};

use super::parse;

/// The commands for groups.
#[derive(Debug, Subcommand)]
pub enum Group {
    /// List an organization's groups and the roles they lead to
    List {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
    },
    /// Show one group with its members
    Show {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// The group's id
        #[arg(long, value_name = "ID", value_parser = parse::group_id)]
        group: GroupId,
    },
    /// Give everybody in a group a role
    ///
    /// Example: scimd group map --organization ID --group ID --role analyst
    Map(Mapping),
    /// No longer give a group's members a role
    Unmap(Mapping),
}

/// A group and a role.
#[derive(Debug, Args)]
pub struct Mapping {
    /// The organization
    #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
    pub organization: OrganizationId,
    /// The group's id
    #[arg(long, value_name = "ID", value_parser = parse::group_id)]
    pub group: GroupId,
    /// The role's key, such as admin
    #[arg(long, value_name = "KEY")]
    pub role: String,
}
