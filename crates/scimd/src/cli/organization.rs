//! `scimd organization …`

use clap::{Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use scim_domain::OrganizationId;
use scim_domain::organization::{self, Entitlements, Plan};
use serde_json::{Value, json};

use super::{Tools, parse};
use crate::output::{Answer, fields, table};

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
    /// List all organizations, oldest first
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
    /// Allow or refuse groups as members of groups; refused only once no group is in one
    ///
    /// Example: scimd organization set-nested-groups --organization ID allow
    SetNestedGroups {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// Whether a group may be a member of a group
        nested_groups: NestedGroups,
    },
    /// Say what the roles of users mean that an identity provider sends
    ///
    /// ignore keeps them as data that grants nothing. assign grants every user the roles whose keys
    /// are among the values of its roles, and tells identity providers which there are at /Roles.
    /// Users who are there already follow page by page; broken off, the same command does the rest.
    ///
    /// Example: scimd organization set-entitlements --organization ID assign
    SetEntitlements {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// What they mean
        #[arg(value_name = "ignore|assign", value_parser = parse::entitlements)]
        entitlements: Entitlements,
    },
}

/// Whether groups may be members of groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NestedGroups {
    /// A group may be a member; what it leads to reaches the members of its members.
    Allow,
    /// Only users are members.
    Refuse,
}

impl Organization {
    /// Does it.
    ///
    /// # Errors
    /// No such organization, or a name that cannot be one.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<Answer> {
        let administration = &tools.administration;
        let organization = match self {
            Self::List => return list(tools).await,
            Self::Create { name, plan } => administration.create_organization(&name, plan).await?,
            Self::Show { organization } => administration.show_organization(organization).await?,
            Self::SetPlan { organization, plan } => {
                administration.set_plan(organization, plan).await?
            }
            Self::SetNestedGroups { organization, nested_groups } => {
                let allowed = nested_groups == NestedGroups::Allow;
                administration.set_nested_groups(organization, allowed).await?
            }
            Self::SetEntitlements { organization, entitlements } => {
                let bar = looked_at();
                let told = |users| bar.set_position(users);
                let set = administration.set_entitlements(organization, entitlements, &told).await;
                bar.finish_and_clear();
                set?
            }
        };
        let text = fields(&[
            ("id", organization.id.to_string()),
            ("name", organization.name.clone()),
            ("plan", organization.plan.name().to_owned()),
            ("SCIM", scim(organization.plan).to_owned()),
            ("nested groups", nested(organization.nested_groups).to_owned()),
            ("entitlements", organization.entitlements.name().to_owned()),
            ("created", organization.created.to_string()),
        ]);
        Ok(Answer { json: object(&organization), text })
    }
}

/// Counts the users that were looked at, for a terminal to watch.
fn looked_at() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    // The template is ours and right; if it were not, the bar would look plain.
    let style = ProgressStyle::with_template("{spinner} {pos} users");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}

async fn list(tools: &Tools) -> anyhow::Result<Answer> {
    let all = tools.administration.list_organizations().await?;
    let row = |it: &organization::Organization| {
        let plan = it.plan.name().to_owned();
        [it.id.to_string(), it.name.clone(), plan, it.created.to_string()]
    };
    let rows: Vec<_> = all.iter().map(row).collect();
    let empty = "There are no organizations yet: scimd organization create";
    let text = table(empty, ["id", "name", "plan", "created"], &rows);
    Ok(Answer { json: all.iter().map(object).collect(), text })
}

fn object(organization: &organization::Organization) -> Value {
    json!({
        "id": organization.id.to_string(),
        "name": organization.name,
        "plan": organization.plan.name(),
        "nestedGroups": organization.nested_groups,
        "entitlements": organization.entitlements.name(),
        "created": organization.created.to_string(),
    })
}

fn nested(allowed: bool) -> &'static str {
    if allowed { "allowed" } else { "refused" }
}

fn scim(plan: Plan) -> &'static str {
    if plan.includes_scim() { "included" } else { "not in this plan" }
}
