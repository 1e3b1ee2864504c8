//! `scimd group …`

use clap::{Args, Subcommand};
use scim_app::administration::{GroupMember, GroupSummary};
use scim_domain::role::RoleKey;
use scim_domain::{GroupId, ManagedBy, OrganizationId, UserId};
use serde_json::{Value, json};

use super::list::{Part, cut, rest_of};
use super::{Tools, parse, person};
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
    /// List who is in a group: users, and groups where groups may be members
    Members {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// The group's id
        #[arg(long, value_name = "ID", value_parser = parse::group_id)]
        group: GroupId,
        /// At most so many
        #[arg(long, value_name = "NUMBER", default_value_t = 100)]
        limit: u64,
        /// Those after the member of this id
        #[arg(long, value_name = "ID", value_parser = parse::user_id)]
        after: Option<UserId>,
    },
    /// Add a member to a group that no identity provider manages
    AddMember(Membership),
    /// Take a member out of a group that no identity provider manages
    RemoveMember(Membership),
    /// Detach a group from its identity provider: it stays as it is and can be changed here
    ///
    /// Unlink it in the identity provider first: its next write would take the group over again.
    Detach {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// The group's id
        #[arg(long, value_name = "ID", value_parser = parse::group_id)]
        group: GroupId,
    },
}

/// A group and who is to be in it, or no longer.
#[derive(Debug, Args)]
pub struct Membership {
    /// The organization
    #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
    pub organization: OrganizationId,
    /// The group's id
    #[arg(long, value_name = "ID", value_parser = parse::group_id)]
    pub group: GroupId,
    /// The id of the user, or of a group where groups may be members
    #[arg(long, value_name = "ID", value_parser = parse::user_id)]
    pub member: UserId,
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
            Self::Members { organization, group, limit, after } => {
                members(tools, organization, group, after, limit).await
            }
            Self::AddMember(membership) => add_member(tools, membership).await,
            Self::RemoveMember(membership) => remove_member(tools, membership).await,
            Self::Detach { organization, group } => detach(tools, organization, group).await,
        }
    }
}

async fn list(tools: &Tools, organization: OrganizationId, part: Part) -> anyhow::Result<Answer> {
    let page = tools.administration.list_groups(organization, part.window()).await?;
    let row = |group: &GroupSummary| {
        let name = group.display_name.clone();
        let (members, managed) = (group.members.to_string(), managed_by(group).to_owned());
        [group.id.to_string(), name, members, roles(group).join(", "), managed]
    };
    let rows: Vec<_> = page.items.iter().map(row).collect();
    let head = ["id", "name", "members", "roles", "managed by"];
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
        ("managed by", managed_by(&group).to_owned()),
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
    tools
        .administration
        .carry_out(async |it| it.map_group(organization, group, &key).await)
        .await?;
    changed(tools, organization, group, &format!("Members of {group} now have the role {key}."))
        .await
}

async fn unmap(tools: &Tools, mapping: Mapping) -> anyhow::Result<Answer> {
    let Mapping { organization, group, role } = mapping;
    let key = RoleKey::read(role);
    tools
        .administration
        .carry_out(async |it| it.unmap_group(organization, group, &key).await)
        .await?;
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

async fn members(
    tools: &Tools,
    organization: OrganizationId,
    group: GroupId,
    after: Option<UserId>,
    limit: u64,
) -> anyhow::Result<Answer> {
    let after = after.map(UserId::uuid);
    let one_more = limit.saturating_add(1);
    let found =
        tools.administration.list_group_members(organization, group, after, one_more).await?;
    let (members, more) = cut(found, limit, GroupMember::id);
    let row = |it: &GroupMember| match it {
        GroupMember::User(it) => person::row(it),
        GroupMember::Group(id, name) => {
            [id.to_string(), String::new(), name.clone(), "a group".to_owned()]
        }
    };
    let rows: Vec<_> = members.iter().map(row).collect();
    let text = table("Nobody is in this group.", person::HEAD, &rows) + &more;
    let object = |it: &GroupMember| match it {
        GroupMember::User(it) => person::object(it),
        GroupMember::Group(id, name) => {
            json!({ "id": id.to_string(), "type": "Group", "displayName": name })
        }
    };
    Ok(Answer { json: members.iter().map(object).collect(), text })
}

async fn add_member(tools: &Tools, membership: Membership) -> anyhow::Result<Answer> {
    let Membership { organization, group, member } = membership;
    tools
        .administration
        .carry_out(async |it| it.add_member(organization, group, member.uuid()).await)
        .await?;
    changed(tools, organization, group, &format!("{member} is a member of {group}.")).await
}

async fn remove_member(tools: &Tools, membership: Membership) -> anyhow::Result<Answer> {
    let Membership { organization, group, member } = membership;
    tools
        .administration
        .carry_out(async |it| it.remove_member(organization, group, member.uuid()).await)
        .await?;
    changed(tools, organization, group, &format!("{member} is no member of {group}.")).await
}

async fn detach(
    tools: &Tools,
    organization: OrganizationId,
    group: GroupId,
) -> anyhow::Result<Answer> {
    tools.administration.carry_out(async |it| it.detach_group(organization, group).await).await?;
    let text = format!(
        "{group} is local now. Should the identity provider write it again, it takes the group \
         over again: unlink it there."
    );
    changed(tools, organization, group, &text).await
}

/// Who looks after a group, in words.
fn managed_by(group: &GroupSummary) -> &'static str {
    match group.managed_by {
        ManagedBy::IdentityProvider => "the identity provider",
        ManagedBy::Local => "nobody but scimd",
    }
}

fn roles(group: &GroupSummary) -> Vec<String> {
    group.roles.iter().map(|role| role.key.to_string()).collect()
}

pub(super) fn object(group: &GroupSummary) -> Value {
    json!({
        "id": group.id.to_string(),
        "displayName": group.display_name,
        "externalId": group.external_id,
        "managedBy": group.managed_by.name(),
        "locked": group.managed_by.locked(),
        "members": group.members,
        "roles": roles(group),
        "created": group.meta.created.to_string(),
        "lastModified": group.meta.last_modified.to_string(),
        "version": group.meta.version,
    })
}
