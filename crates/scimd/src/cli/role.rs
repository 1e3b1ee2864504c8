//! `scimd role …`

use anyhow::Context as _;
use clap::{Args, Subcommand};
use scim_app::administration::{NewRole, RoleChange, RoleSummary};
use scim_domain::OrganizationId;
use scim_domain::role::RoleKey;
use serde_json::{Value, json};

use super::{Tools, parse};
use crate::output::{Answer, fields, table};

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
        #[arg(long, default_value = "", hide_default_value = true)]
        description: String,
        /// What the application grants with it; can be repeated
        #[arg(long = "permission", value_name = "PERMISSION")]
        permissions: Vec<String>,
    },
    /// List an organization's roles, oldest first
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

impl Role {
    /// Does it.
    ///
    /// # Errors
    /// No such organization or role, a name in use, or a built-in role to delete.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<Answer> {
        let administration = &tools.administration;
        match self {
            Self::Create { organization, name, description, permissions } => {
                let new = NewRole { name, description, permissions };
                let role = administration.create_role(organization, new).await?;
                show(tools, organization, &role.key).await
            }
            Self::List { organization } => list(tools, organization).await,
            Self::Update { which, name, description, permissions, no_permissions } => {
                let given = no_permissions || !permissions.is_empty();
                let permissions = given.then_some(permissions);
                let change = RoleChange { name, description, permissions };
                let key = RoleKey::read(which.role);
                administration.update_role(which.organization, &key, change).await?;
                show(tools, which.organization, &key).await
            }
            Self::Delete(Which { organization, role }) => {
                let key = RoleKey::read(role);
                administration.delete_role(organization, &key).await?;
                let text = format!("The role {key} and its mappings are gone.");
                Ok(Answer { json: json!({ "key": key.as_str(), "deleted": true }), text })
            }
        }
    }
}

async fn list(tools: &Tools, organization: OrganizationId) -> anyhow::Result<Answer> {
    let all = tools.administration.list_roles(organization).await?;
    let row = |it: &RoleSummary| {
        let permissions = it.role.permissions.join(", ");
        [it.role.key.to_string(), it.role.name.clone(), it.home_group_name.clone(), permissions]
    };
    let rows: Vec<_> = all.iter().map(row).collect();
    let head = ["key", "name", "home group", "permissions"];
    Ok(Answer {
        json: all.iter().map(object).collect(),
        text: table("There are no roles here.", head, &rows),
    })
}

async fn show(
    tools: &Tools,
    organization: OrganizationId,
    key: &RoleKey,
) -> anyhow::Result<Answer> {
    let all = tools.administration.list_roles(organization).await?;
    let found = all.into_iter().find(|it| it.role.key == *key);
    let it = found.context("the role was deleted in the meantime")?;
    let text = fields(&[
        ("key", it.role.key.to_string()),
        ("name", it.role.name.clone()),
        ("description", it.role.description.clone()),
        ("home group", it.home_group_name.clone()),
        ("permissions", it.role.permissions.join(", ")),
    ]);
    Ok(Answer { json: object(&it), text })
}

fn object(it: &RoleSummary) -> Value {
    json!({
        "id": it.role.id.to_string(),
        "key": it.role.key.as_str(),
        "name": it.role.name,
        "description": it.role.description,
        "permissions": it.role.permissions,
        "builtIn": it.role.built_in,
        "privileged": it.role.privileged,
        "homeGroup": it.role.home_group.to_string(),
        "homeGroupName": it.home_group_name,
        "created": it.role.created.to_string(),
    })
}
