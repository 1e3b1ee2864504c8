//! The command line: what can be typed. What each command does is in the module of its name.

mod access;
mod activity;
mod api_key;
mod audit;
mod config;
mod group;
mod migrate;
mod organization;
mod parse;
mod role;
mod user;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// A self-hosted SCIM 2.0 service.
///
/// Without a command it serves. All other commands work beside a running server and take effect
/// in it at once.
#[derive(Debug, Parser)]
#[command(name = "scimd", version, after_help = EXAMPLES)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub common: Common,
    /// What to do; without it, `serve`.
    #[command(subcommand)]
    pub command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  scimd serve
  scimd organization create --name 'Acme' --plan growth
  scimd api-key create --organization ID --name Okta --permission scim
  scimd group map --organization ID --group ID --role admin
  scimd access show --organization ID --user-name alice@acme.example

Settings come from the compiled-in defaults, the profile (SCIMD_PROFILE), the file given with
--config and the environment (SCIMD__SECTION__KEY); `scimd config show` prints them.
Exit codes: 0 done, 1 refused (the reason is on standard error), 2 wrong usage.";

/// What every command takes.
#[derive(Debug, Args)]
pub struct Common {
    /// A settings file in TOML, over the profile and below the environment
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print one JSON value instead of text; a list is an array
    #[arg(long, global = true)]
    pub json: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve SCIM (also without any command)
    Serve,
    /// Bring the database's schema up to date, or back
    #[command(subcommand)]
    Migrate(migrate::Migrate),
    /// Check and show the settings
    #[command(subcommand)]
    Config(config::Config),
    /// The customers: who they are and what their plan allows
    #[command(subcommand)]
    Organization(organization::Organization),
    /// The keys that identity providers sign in with
    #[command(subcommand)]
    ApiKey(api_key::ApiKey),
    /// What people may do in the application
    #[command(subcommand)]
    Role(role::Role),
    /// Groups, and the roles they lead to
    #[command(subcommand)]
    Group(group::Group),
    /// The users that identity providers have provisioned
    #[command(subcommand)]
    User(user::User),
    /// What somebody may do, and why
    #[command(subcommand)]
    Access(access::Access),
    /// Who changed what
    #[command(subcommand)]
    Audit(audit::Audit),
    /// What identity providers sent, what was skipped and refused, and why
    #[command(subcommand)]
    Activity(activity::Activity),
}
