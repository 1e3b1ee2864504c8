//! `scimd access …`

use clap::Subcommand;

use super::user::Which;

/// The commands for access.
#[derive(Debug, Subcommand)]
pub enum Access {
    /// Show a user's roles and permissions, and through which groups they come
    ///
    /// Example: scimd access show --organization ID --user-name alice@acme.example
    Show(Which),
}
