//! `scimd user …`

mod said;
mod shown;

use clap::{Args, Subcommand};
use scim_app::administration::{ProfileChange, UserSummary, WhichUser};
use scim_domain::{OrganizationId, UserId};
use serde_json::json;

use self::said::{Changed, Said};
use super::list::Part;
use super::{Tools, parse};
use crate::output::Answer;

/// The commands for users.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Record a user that no identity provider has provisioned so far
    ///
    /// The first write of an identity provider takes it over.
    /// Example: scimd user create --organization ID --user-name alice@acme.example
    /// --given-name Alice --family-name Doe --email alice@acme.example
    #[command(verbatim_doc_comment)]
    Create {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// Who it is
        #[command(flatten)]
        said: Said,
    },
    /// List an organization's users, oldest first
    List {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// Only those that match, such as 'emails.value eq "alice@acme.example"'
        #[arg(long, value_name = "FILTER")]
        filter: Option<String>,
        /// Which part
        #[command(flatten)]
        part: Part,
    },
    /// Show one user with its groups and roles
    ///
    /// Example: scimd user show --organization ID --user-name alice@acme.example
    Show(Which),
    /// Change a local user
    Update {
        /// Which user
        #[command(flatten)]
        which: Which,
        /// What is to change
        #[command(flatten)]
        changed: Changed,
    },
    /// Give a local user its access back
    Activate(Which),
    /// Take all access from a local user
    Deactivate(Which),
    /// Keep identity providers from changing a user (break-glass)
    Protect(Which),
    /// Let identity providers change a user again
    Unprotect(Which),
    /// Take a user out of the hands of the identity provider; its access stays as it is
    Detach(Which),
    /// Hand a detached user back to the identity provider
    Attach(Which),
    /// Delete a local user for good
    Delete(Which),
}

/// A user, named in one of two ways.
#[derive(Debug, Args)]
pub struct Which {
    /// The organization
    #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
    pub organization: OrganizationId,
    /// The name that the user signs in with, in any case
    #[arg(long, value_name = "NAME", required_unless_present = "id")]
    pub user_name: Option<String>,
    /// The user's id
    #[arg(
        long,
        alias = "user",
        value_name = "ID",
        value_parser = parse::user_id,
        conflicts_with = "user_name"
    )]
    pub id: Option<UserId>,
}

impl Which {
    /// The user as it is.
    async fn show(&self, tools: &Tools) -> anyhow::Result<UserSummary> {
        let name = || WhichUser::UserName(self.user_name.clone().unwrap_or_default());
        let which = self.id.map_or_else(name, WhichUser::Id);
        Ok(tools.administration.show_user(self.organization, &which).await?)
    }

    /// The user's id, looked up if it is not given.
    async fn id(&self, tools: &Tools) -> anyhow::Result<UserId> {
        match self.id {
            Some(id) => Ok(id),
            None => Ok(self.show(tools).await?.id),
        }
    }
}

impl User {
    /// Does it.
    ///
    /// # Errors
    /// No such organization or user, a name in use, or a user that an identity provider manages.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<Answer> {
        let admin = &tools.administration;
        match self {
            Self::Create { organization, said } => {
                let profile = said.profile();
                let user = admin
                    .carry_out(async |it| it.create_user(organization, profile.clone()).await)
                    .await?;
                Ok(shown::one(&user))
            }
            Self::List { organization, filter, part } => {
                let window = part.window();
                let page = admin.list_users(organization, filter.as_deref(), window).await?;
                Ok(shown::list(&page))
            }
            Self::Show(which) => Ok(shown::one(&which.show(tools).await?)),
            Self::Update { which, changed } => update(tools, &which, changed.change()).await,
            Self::Activate(which) => update(tools, &which, active(true)).await,
            Self::Deactivate(which) => update(tools, &which, active(false)).await,
            Self::Protect(which) => protect(tools, &which, true).await,
            Self::Unprotect(which) => protect(tools, &which, false).await,
            Self::Detach(which) => {
                let id = which.id(tools).await?;
                Ok(shown::one(
                    &admin
                        .carry_out(async |it| it.detach_user(which.organization, id).await)
                        .await?,
                ))
            }
            Self::Attach(which) => {
                let id = which.id(tools).await?;
                Ok(shown::one(
                    &admin
                        .carry_out(async |it| it.attach_user(which.organization, id).await)
                        .await?,
                ))
            }
            Self::Delete(which) => {
                let id = which.id(tools).await?;
                admin.carry_out(async |it| it.delete_user(which.organization, id).await).await?;
                let text = format!("The user {id} is deleted.");
                Ok(Answer { json: json!({ "id": id.to_string(), "deleted": true }), text })
            }
        }
    }
}

fn active(active: bool) -> ProfileChange {
    ProfileChange { active: Some(active), ..ProfileChange::default() }
}

async fn update(tools: &Tools, which: &Which, change: ProfileChange) -> anyhow::Result<Answer> {
    let id = which.id(tools).await?;
    Ok(shown::one(
        &tools
            .administration
            .carry_out(async |it| it.update_user(which.organization, id, change.clone()).await)
            .await?,
    ))
}

async fn protect(tools: &Tools, which: &Which, protected: bool) -> anyhow::Result<Answer> {
    let id = which.id(tools).await?;
    let administration = &tools.administration;
    let user = administration
        .carry_out(async |it| it.set_user_protected(which.organization, id, protected).await)
        .await?;
    Ok(shown::one(&user))
}
