//! `scimd organization …`

use clap::Subcommand;
use scim_domain::OrganizationId;
use scim_domain::organization::Plan;

use super::parse;

/// The commands for organizations.
#[derive(Debug, Subcommand)]
pub enum Organization {
    /// Create an organization with its built-in roles
    ///
    /// Example: scimd organization create --name 'Acme Inc.' --plan growth
    Create {
        /// Its name, for people; need not be unique
        #[arg(long)]
        name: String,
        /// What it pays for: starter (without SCIM), growth or enterprise
        #[arg(long, value_parser = parse::plan)]
        plan: Plan,
    },
    /// List all organizations
    List,
    /// Show one organization
    Show {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
    },
    /// Put an organization on another plan; a smaller one revokes nothing by itself
    SetPlan {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// starter (without SCIM), growth or enterprise
        #[arg(long, value_parser = parse::plan)]
        plan: Plan,
    },
}
