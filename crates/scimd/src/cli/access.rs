//! `scimd access …`

use clap::Subcommand;
use scim_domain::OrganizationId;
use scim_domain::access::{Access as Shown, Path, Via};
use scim_domain::resource::representation::GroupRef;
use scim_domain::role::RoleKey;
use serde_json::{Value, json};

use super::{Tools, parse};
use crate::output::{Answer, fields, table};

/// The commands for access.
#[derive(Debug, Subcommand)]
pub enum Access {
    /// Show a user's roles and permissions, and on which ways they come
    ///
    /// Example: scimd access show --organization ID --user-name alice@acme.example
    Show {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// The name that the user signs in with, in any case
        #[arg(long, value_name = "NAME")]
        user_name: String,
    },
}

impl Access {
    /// Does it.
    ///
    /// # Errors
    /// No such organization or user.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<Answer> {
        let Self::Show { organization, user_name } = self;
        let access = tools.administration.show_access(organization, &user_name).await?;
        Ok(Answer { json: object(&access), text: text(&access) })
    }
}

fn object(access: &Shown) -> Value {
    let group = |it: &GroupRef| json!({ "group": it.id.to_string(), "groupName": it.display_name });
    let path = |it: &Path| {
        let role = it.role.as_str();
        match it.via {
            Via::Group(to) => json!({
                "role": role,
                "group": to.to_string(),
                "groupName": it.group_name,
                "way": it.way.iter().map(group).collect::<Vec<_>>(),
            }),
            Via::Assignment => json!({ "role": role, "assigned": true }),
        }
    };
    json!({
        "user": access.user.to_string(),
        "active": access.active,
        "roles": access.roles.iter().map(RoleKey::as_str).collect::<Vec<_>>(),
        "permissions": access.permissions,
        "through": access.through.iter().map(path).collect::<Vec<_>>(),
    })
}

fn text(access: &Shown) -> String {
    let roles: Vec<_> = access.roles.iter().map(RoleKey::as_str).collect();
    let head = fields(&[
        ("user", access.user.to_string()),
        ("active", if access.active { "yes" } else { "no, so there is no access" }.to_owned()),
        ("roles", roles.join(", ")),
        ("permissions", access.permissions.join(", ")),
    ]);
    let row = |it: &Path| {
        let (through, group) = match it.via {
            Via::Group(group) => (way(it), group.to_string()),
            Via::Assignment => ("assigned".to_owned(), String::new()),
        };
        [it.role.to_string(), through, group]
    };
    let rows: Vec<_> = access.through.iter().map(row).collect();
    let through = table(
        "No group leads to a role, and none is assigned.",
        ["role", "through group", "group id"],
        &rows,
    );
    format!("{head}\n\n{through}")
}

/// The groups up to the one that leads to the role, from the one that the user is a member of.
fn way(path: &Path) -> String {
    let names = path.way.iter().map(|it| it.display_name.as_str());
    names.chain(path.group_name.as_deref()).collect::<Vec<_>>().join(" → ")
}
