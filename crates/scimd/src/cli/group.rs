//! `scimd group …`

use clap::{Args, Subcommand};
use scim_app::administration::GroupSummary;
use scim_domain::role::RoleKey;
use scim_domain::{GroupId, OrganizationId};
use serde_json::{Value, json};

use super::list::{Part, rest_of};
use super::{Tools, parse};
use crate::output::{Answer, fields, table};

/// The commands for groups.
#[derive(Debug, Subcommand)]
pub enum Group {
    /// List an organization's groups and the roles they lead to, oldest first
    List {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// Which part
        #[command(flatten)]
        part: Part,
    },
    /// Show one group and the roles it leads to
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

impl Group {
    /// Does it.
    ///
    /// # Errors
    /// No such organization, group or role, or a mapping that must stay.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<Answer> {
        match self {
            Self::List { organization, part } => list(tools, organization, part).await,
            Self::Show { organization, group } => show(tools, organization, group).await,
            Self::Map(mapping) => map(tools, mapping).await,
            Self::Unmap(mapping) => unmap(tools, mapping).await,
        }
    }
}

async fn list(tools: &Tools, organization: OrganizationId, part: Part) -> anyhow::Result<Answer> {
    let page = tools.administration.list_groups(organization, part.window()).await?;
    let row = |group: &GroupSummary| {
        let name = group.display_name.clone();
        [group.id.to_string(), name, group.members.to_string(), roles(group).join(", ")]
    };
    let rows: Vec<_> = page.items.iter().map(row).collect();
    let head = ["id", "name", "members", "roles"];
    let text = table("There are no groups here.", head, &rows) + &rest_of(page.total, rows.len());
    Ok(Answer { json: page.items.iter().map(object).collect(), text })
}

async fn show(
    tools: &Tools,
    organization: OrganizationId,
    group: GroupId,
) -> anyhow::Result<Answer> {
    let group = tools.administration.show_group(organization, group).await?;
    let text = fields(&[
        ("id", group.id.to_string()),
        ("name", group.display_name.clone()),
        ("external id", group.external_id.clone().unwrap_or_default()),
        ("members", group.members.to_string()),
        ("roles", roles(&group).join(", ")),
        ("created", group.meta.created.to_string()),
        ("last modified", group.meta.last_modified.to_string()),
        ("version", group.meta.version.to_string()),
    ]);
    Ok(Answer { json: object(&group), text })
}

async fn map(tools: &Tools, mapping: Mapping) -> anyhow::Result<Answer> {
    let Mapping { organization, group, role } = mapping;
    let key = RoleKey::read(role);
    tools.administration.map_group(organization, group, &key).await?;
    changed(tools, organization, group, &format!("Members of {group} now have the role {key}."))
        .await
}

async fn unmap(tools: &Tools, mapping: Mapping) -> anyhow::Result<Answer> {
    let Mapping { organization, group, role } = mapping;
    let key = RoleKey::read(role);
    tools.administration.unmap_group(organization, group, &key).await?;
    changed(tools, organization, group, &format!("{group} no longer leads to the role {key}."))
        .await
}

async fn changed(
    tools: &Tools,
    organization: OrganizationId,
    group: GroupId,
    text: &str,
) -> anyhow::Result<Answer> {
    let group = tools.administration.show_group(organization, group).await?;
    Ok(Answer { json: object(&group), text: text.to_owned() })
}

fn roles(group: &GroupSummary) -> Vec<String> {
    group.roles.iter().map(|role| role.key.to_string()).collect()
}

fn object(group: &GroupSummary) -> Value {
    json!({
        "id": group.id.to_string(),
        "displayName": group.display_name,
        "externalId": group.external_id,
        "members": group.members,
        "roles": roles(group),
        "created": group.meta.created.to_string(),
        "lastModified": group.meta.last_modified.to_string(),
        "version": group.meta.version,
    })
}
