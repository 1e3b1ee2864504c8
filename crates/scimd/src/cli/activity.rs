//! `scimd activity …`

use clap::Subcommand;
use scim_domain::OrganizationId;

use super::parse;

/// The commands for request activity.
#[derive(Debug, Subcommand)]
pub enum Activity {
    /// List what was skipped and refused, newest first
    List {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// At most so many entries
        #[arg(long, value_name = "NUMBER", default_value_t = 100)]
        limit: usize,
    },
}
