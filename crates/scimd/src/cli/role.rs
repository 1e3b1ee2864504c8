//! `scimd role …`

use clap::{Args, Subcommand};
use scim_app::administration::{NewRole, RoleChange, RoleSummary};
use scim_domain::role::RoleKey;
use scim_domain::{GroupId, OrganizationId, UserId};
use serde_json::{Value, json};

use super::list::cut;
use super::{Tools, parse, person};
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
        /// Audit and announce each grant of it on its own, and the loss of its last holder
        #[arg(long)]
        privileged: bool,
    },
    /// List an organization's roles, oldest first
    List {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
    },
    /// Show one role, what leads to it and how many hold it
    Show(Which),
    /// List the active users who hold a role, on whatever way
    Holders {
        /// Which role
        #[command(flatten)]
        which: Which,
        /// At most so many
        #[arg(long, value_name = "NUMBER", default_value_t = 100)]
        limit: u64,
        /// Those after the user of this id
        #[arg(long, value_name = "ID", value_parser = parse::user_id)]
        after: Option<UserId>,
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
        /// Whether each grant of it, and the loss of its last holder, is audited and announced on
        /// its own; not for built-in roles
        #[arg(long, value_name = "true|false")]
        privileged: Option<bool>,
    },
    /// Delete a custom role, its mappings and its mapping rules
    Delete {
        /// Which role
        #[command(flatten)]
        which: Which,
        /// Show what would go, and change nothing
        #[arg(long)]
        preview: bool,
    },
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
            Self::Create { organization, name, description, permissions, privileged } => {
                let new = NewRole { name, description, permissions, privileged };
                let role = administration
                    .carry_out(async |it| it.create_role(organization, new.clone()).await)
                    .await?;
                show(tools, organization, &role.key).await
            }
            Self::List { organization } => list(tools, organization).await,
            Self::Show(Which { organization, role }) => {
                show(tools, organization, &RoleKey::read(role)).await
            }
            Self::Holders { which, limit, after } => holders(tools, which, after, limit).await,
            Self::Update { which, name, description, permissions, no_permissions, privileged } => {
                let given = no_permissions || !permissions.is_empty();
                let permissions = given.then_some(permissions);
                let change = RoleChange { name, description, permissions, privileged };
                let key = RoleKey::read(which.role);
                administration
                    .carry_out(async |it| {
                        it.update_role(which.organization, &key, change.clone()).await
                    })
                    .await?;
                show(tools, which.organization, &key).await
            }
            Self::Delete { which, preview: true } => preview(tools, which).await,
            Self::Delete { which: Which { organization, role }, preview: false } => {
                let key = RoleKey::read(role);
                administration
                    .carry_out(async |it| it.delete_role(organization, &key).await)
                    .await?;
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
        let (groups, holders) = (it.groups.to_string(), it.holders.to_string());
        let (key, name) = (it.role.key.to_string(), it.role.name.clone());
        [key, name, it.home_group_name.clone(), groups, holders, permissions]
    };
    let rows: Vec<_> = all.iter().map(row).collect();
    let head = ["key", "name", "home group", "groups", "holders", "permissions"];
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
    let it = tools.administration.show_role(organization, key).await?;
    let text = fields(&[
        ("key", it.role.key.to_string()),
        ("name", it.role.name.clone()),
        ("description", it.role.description.clone()),
        ("home group", it.home_group_name.clone()),
        ("groups", it.groups.to_string()),
        ("holders", it.holders.to_string()),
        ("permissions", it.role.permissions.join(", ")),
        ("privileged", if it.role.privileged { "yes" } else { "no" }.to_owned()),
    ]);
    Ok(Answer { json: object(&it), text })
}

async fn holders(
    tools: &Tools,
    which: Which,
    after: Option<UserId>,
    limit: u64,
) -> anyhow::Result<Answer> {
    let Which { organization, role } = which;
    let key = RoleKey::read(role);
    let one_more = limit.saturating_add(1);
    let found = tools.administration.list_holders(organization, &key, after, one_more).await?;
    let (people, more) = cut(found, limit, |it| it.id);
    let rows: Vec<_> = people.iter().map(person::row).collect();
    let text = table("Nobody active holds this role.", person::HEAD, &rows) + &more;
    Ok(Answer { json: people.iter().map(person::object).collect(), text })
}

async fn preview(tools: &Tools, which: Which) -> anyhow::Result<Answer> {
    let Which { organization, role } = which;
    let key = RoleKey::read(role);
    let it = tools.administration.preview_role_deletion(organization, &key).await?;
    let names: Vec<_> = it.groups.iter().map(|(_, name)| name.clone()).collect();
    let rules: Vec<_> = it.mapping_rules.iter().map(|it| it.pattern.name().to_owned()).collect();
    let text = fields(&[
        ("role", it.role.key.to_string()),
        ("users who lose it", it.holders.to_string()),
        ("groups that lead to it", names.join(", ")),
        ("its home group", if it.home_group_goes { "goes too" } else { "stays" }.to_owned()),
        ("mapping rules that go", rules.join(", ")),
    ]) + "\n\nNothing was changed.";
    let group =
        |(id, name): &(GroupId, String)| json!({ "id": id.to_string(), "displayName": name });
    let json = json!({
        "key": it.role.key.as_str(),
        "holders": it.holders,
        "groups": it.groups.iter().map(group).collect::<Vec<_>>(),
        "homeGroupGoes": it.home_group_goes,
        "mappingRules": it.mapping_rules.iter().map(|it| it.id.to_string()).collect::<Vec<_>>(),
        "deleted": false,
    });
    Ok(Answer { json, text })
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
        "groups": it.groups,
        "holders": it.holders,
        "created": it.role.created.to_string(),
    })
}
