//! The command line: what can be typed. What each command does is in the module of its name.

mod access;
mod activity;
mod api_key;
mod audit;
mod backup;
mod check;
mod config;
mod events;
mod export;
mod file;
mod group;
mod import;
mod list;
mod mapping_rule;
mod migrate;
mod operator_key;
mod organization;
mod parse;
mod person;
mod role;
mod schema;
mod user;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use scim_app::administration::Administration;
use scim_app::ports::{Clock, Store};

pub use self::access::Access;
pub use self::activity::Activity;
pub use self::api_key::ApiKey;
pub use self::audit::Audit;
pub use self::backup::Backup;
pub use self::check::Check;
pub use self::config::Config;
pub use self::events::Events;
pub use self::export::Export;
pub use self::group::Group;
pub use self::import::Import;
pub use self::mapping_rule::MappingRule;
pub use self::migrate::Migrate;
pub use self::operator_key::OperatorKey;
pub use self::organization::Organization;
pub use self::role::Role;
pub use self::schema::Schema;
pub use self::user::User;

/// What the commands work with.
pub struct Tools {
    /// The use cases, on behalf of whoever typed the command.
    pub administration: Administration,
    /// For looking up what is named by its id alone.
    pub store: Arc<dyn Store>,
    /// Whether answers are JSON, for commands that tell things one by one.
    pub as_json: bool,
    /// For times that are given from now on.
    pub clock: Arc<dyn Clock>,
}

/// A self-hosted SCIM 2.0 service.
///
/// Without a command it serves. All other commands work beside a running server and take effect
/// in it at once; `check` works on any server.
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
  scimd check --url https://scim.example.com/scim/v2 --token-file key

Settings come from the compiled-in defaults, the profile (SCIMD_PROFILE), the file given with
--config and the environment (SCIMD__SECTION__KEY); `scimd config show` prints them.
Exit codes: 0 done, 1 refused (the reason is on standard error), 2 wrong usage.";

const HEADING: &str = "Options of every command";

/// What every command takes.
#[derive(Debug, Args)]
pub struct Common {
    /// A settings file in TOML, over the profile and below the environment
    #[arg(long, global = true, value_name = "FILE", help_heading = HEADING)]
    pub config: Option<PathBuf>,
    /// Print one JSON value instead of text; a list is an array
    #[arg(long, global = true, help_heading = HEADING)]
    pub json: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve SCIM (also without any command)
    Serve,
    /// Bring the database's schema up to date, or back
    #[command(subcommand)]
    Migrate(Migrate),
    /// Check and show the settings
    #[command(subcommand)]
    Config(Config),
    /// Check any SCIM 2.0 server from the outside, scimd or another
    ///
    /// Makes users and groups with random names, tries what the RFCs, Okta and Entra expect, and
    /// deletes what it made. Needs neither settings nor a database. Exits with 0 if no check failed,
    /// with 1 if any did or the run was stopped, and with 2 if it was asked wrongly.
    Check(Check),
    /// Copy the embedded database while it is in use, and check the copy
    ///
    /// The copy holds what was committed at one moment, beside a server that goes on writing. It is
    /// a database that scimd starts on. It holds the hashes of keys: keep it as you keep keys. Until
    /// it is whole it is beside its place, with .partial behind its name. Nothing is overwritten.
    ///
    /// Example: scimd backup --output /backups/scimd-monday.db
    Backup(Backup),
    /// Take in users or groups that a backend already has, many at a time
    ///
    /// The file has one SCIM resource a line (jsonl), or users in rows below a header of attribute
    /// paths (csv), such as userName, name.givenName, emails.value, emails.2.value or department.
    /// Users need userName, name.givenName, name.familyName and an e-mail address. They are local:
    /// the first write of an identity provider takes them over. Who is there already becomes what
    /// the line says; what it does not name stays. Groups let the members join that they name by
    /// value (an id), by userName or, for groups in groups, by displayName; nobody leaves. A line
    /// that cannot be taken sinks no other, and the exit code is 1 then. Ctrl-C ends an import after
    /// the batch at hand. One that broke off goes on when the same command is given again.
    ///
    /// Example: scimd import users.csv --organization ID --dry-run
    Import(Import),
    /// What needs the database
    #[command(flatten)]
    Administer(Administer),
}

/// The commands that look at the data or change it.
#[derive(Debug, Subcommand)]
pub enum Administer {
    /// The customers: who they are and what their plan allows
    #[command(subcommand)]
    Organization(Organization),
    /// The keys of an organization: for its identity provider, and for managing it
    #[command(subcommand)]
    ApiKey(ApiKey),
    /// The keys of whoever runs the service: they manage every organization
    #[command(subcommand)]
    OperatorKey(OperatorKey),
    /// What people may do in the application
    #[command(subcommand)]
    Role(Role),
    /// Groups, and the roles they lead to
    #[command(subcommand)]
    Group(Group),
    /// Rules by which new groups lead to roles at once
    #[command(subcommand)]
    MappingRule(MappingRule),
    /// Attributes of an organization's own, beside those of the SCIM core schemas
    #[command(subcommand)]
    Schema(Schema),
    /// The users: provisioned by identity providers, or recorded when they signed in
    #[command(subcommand)]
    User(User),
    /// What somebody may do, and why
    #[command(subcommand)]
    Access(Access),
    /// Who changed what
    #[command(subcommand)]
    Audit(Audit),
    /// What identity providers sent, what was skipped and refused, and why
    #[command(subcommand)]
    Activity(Activity),
    /// What happened, as a backend is told of it
    #[command(subcommand)]
    Events(Events),
    /// Write all users or groups to a file that `import` takes back
    ///
    /// The file has its name once it is whole. Nothing is overwritten.
    ///
    /// Example: scimd export --organization ID --output users.csv
    Export(Export),
}

impl Administer {
    /// Does it.
    ///
    /// # Errors
    /// What is refused, with the reason.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<crate::output::Answer> {
        match self {
            Self::Organization(command) => command.run(tools).await,
            Self::ApiKey(command) => command.run(tools).await,
            Self::OperatorKey(command) => command.run(tools).await,
            Self::Role(command) => command.run(tools).await,
            Self::Group(command) => command.run(tools).await,
            Self::MappingRule(command) => command.run(tools).await,
            Self::Schema(command) => command.run(tools).await,
            Self::User(command) => command.run(tools).await,
            Self::Access(command) => command.run(tools).await,
            Self::Audit(command) => command.run(tools).await,
            Self::Activity(command) => command.run(tools).await,
            Self::Events(command) => command.run(tools).await,
            Self::Export(command) => command.run(tools).await,
        }
    }
}
