//! `scimd audit …`

use clap::Subcommand;
use scim_domain::OrganizationId;

use super::parse;

/// The commands for the audit log.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// List who changed what, newest first
    List {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// At most so many entries
        #[arg(long, value_name = "NUMBER", default_value_t = 100)]
        limit: usize,
    },
    /// Check that no entry was changed, removed or slipped in
    ///
    /// Names the first entry that does not fit, and how many are not sealed yet.
    Verify {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
    },
}
