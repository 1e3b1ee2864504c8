//! `scimd user …`

use clap::{Args, Subcommand};
use scim_app::administration::UserSummary;
use scim_domain::user::Source;
use scim_domain::{OrganizationId, UserId};
use serde_json::{Value, json};

use super::list::{Part, rest_of};
use super::{Tools, access, parse};
use crate::output::{Answer, fields, table};

/// The commands for users.
#[derive(Debug, Subcommand)]
pub enum User {
    /// List an organization's users, oldest first
    List {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// Which part
        #[command(flatten)]
        part: Part,
    },
    /// Show one user with its groups
    ///
    /// Example: scimd user show --organization ID --user-name alice@acme.example
    Show(Which),
}

/// A user, named in one of two ways.
#[derive(Debug, Args)]
pub struct Which {
    /// The organization
    #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
    pub organization: OrganizationId,
    /// The name that the user signs in with, in any case
    #[arg(long, value_name = "NAME", required_unless_present = "user")]
    pub user_name: Option<String>,
    /// The user's id
    #[arg(long, value_name = "ID", value_parser = parse::user_id, conflicts_with = "user_name")]
    pub user: Option<UserId>,
}

impl User {
    /// Does it.
    ///
    /// # Errors
    /// No such organization or user.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<Answer> {
        match self {
            Self::List { organization, part } => list(tools, organization, part).await,
            Self::Show(which) => show(tools, which).await,
        }
    }
}

async fn list(tools: &Tools, organization: OrganizationId, part: Part) -> anyhow::Result<Answer> {
    let page = tools.administration.list_users(organization, part.window()).await?;
    let row = |user: &UserSummary| {
        let groups: Vec<_> = user.groups.iter().map(|it| it.display_name.as_str()).collect();
        let state = if user.active { "active" } else { "inactive" };
        [user.id.to_string(), user.user_name.clone(), state.to_owned(), groups.join(", ")]
    };
    let rows: Vec<_> = page.items.iter().map(row).collect();
    let head = ["id", "user name", "state", "groups"];
    let text = table("There are no users here.", head, &rows) + &rest_of(page.total, rows.len());
    Ok(Answer { json: page.items.iter().map(object).collect(), text })
}

async fn show(tools: &Tools, which: Which) -> anyhow::Result<Answer> {
    let Which { organization, user_name, user } = which;
    let id = match (user, user_name) {
        (Some(id), _) => id,
        (None, name) => access::user_of(tools, organization, name.unwrap_or_default()).await?,
    };
    let user = tools.administration.show_user(organization, id).await?;
    let groups: Vec<_> = user.groups.iter().map(|it| it.display_name.as_str()).collect();
    let text = fields(&[
        ("id", user.id.to_string()),
        ("user name", user.user_name.clone()),
        ("display name", user.display_name.clone().unwrap_or_default()),
        ("external id", user.external_id.clone().unwrap_or_default()),
        ("active", yes_or_no(user.active)),
        ("protected", yes_or_no(user.protected)),
        ("made by", made_by(user.source).to_owned()),
        ("created", user.meta.created.to_string()),
        ("last modified", user.meta.last_modified.to_string()),
        ("version", user.meta.version.to_string()),
        ("groups", groups.join(", ")),
    ]);
    Ok(Answer { json: object(&user), text })
}

fn object(user: &UserSummary) -> Value {
    let groups = user.groups.iter();
    let groups: Value = groups
        .map(|it| json!({ "id": it.id.to_string(), "displayName": it.display_name, "type": it.how() }))
        .collect();
    json!({
        "id": user.id.to_string(),
        "userName": user.user_name,
        "displayName": user.display_name,
        "externalId": user.external_id,
        "active": user.active,
        "protected": user.protected,
        "source": user.source.name(),
        "created": user.meta.created.to_string(),
        "lastModified": user.meta.last_modified.to_string(),
        "version": user.meta.version,
        "groups": groups,
    })
}

fn yes_or_no(it: bool) -> String {
    if it { "yes" } else { "no" }.to_owned()
}

fn made_by(source: Source) -> &'static str {
    match source {
        Source::Scim => "an identity provider",
        Source::SignIn => "the application's sign-in",
    }
}
