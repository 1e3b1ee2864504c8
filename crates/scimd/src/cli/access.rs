//! `scimd access …`

use anyhow::bail;
use clap::{Args, Subcommand};
use scim_app::access::{Answer as Known, Lookup};
use scim_domain::access::{Access as Shown, Made, Path, Step, Via};
use scim_domain::role::RoleKey;
use scim_domain::{OrganizationId, UserId};
use serde_json::{Value, json};

use super::{Tools, parse};
use crate::output::{Answer, fields, table};

/// The commands for access.
#[derive(Debug, Subcommand)]
pub enum Access {
    /// Show a user's roles and permissions, and on which ways they come
    ///
    /// A user that was deleted lately is told from one that nobody knows.
    ///
    /// Example: scimd access show --organization ID --user-name alice@acme.example
    Show {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// Whom to show
        #[command(flatten)]
        whom: Whom,
    },
    /// List what several users may do, at most 1,000, in the order of the ways to name them
    ///
    /// Who is not known, or is not one alone, is in the list with that as its status.
    ///
    /// Example: scimd access list --organization ID --user-name alice@acme.example --user-name bob@acme.example
    List {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// Whom to list
        #[command(flatten)]
        whom: Several,
    },
}

/// Users, each named in one of four ways.
#[derive(Args, Debug)]
#[group(required = true, multiple = true)]
pub struct Several {
    /// The name that a user signs in with, in any case; may be repeated, like the others
    #[arg(long, value_name = "NAME")]
    user_name: Vec<String>,
    /// A user's id
    #[arg(long, value_name = "ID")]
    id: Vec<String>,
    /// The identity provider's own id of a user, exactly
    #[arg(long, value_name = "ID")]
    external_id: Vec<String>,
    /// The NameID of a SAML assertion: the userName or externalId, as the organization has set
    #[arg(long, value_name = "NAMEID")]
    name_id: Vec<String>,
}

impl Several {
    fn lookups(self) -> Vec<Lookup> {
        let Self { user_name, id, external_id, name_id } = self;
        let names = user_name.into_iter().map(Lookup::UserName);
        let ids = id.into_iter().map(Lookup::Id);
        let external_ids = external_id.into_iter().map(Lookup::ExternalId);
        names
            .chain(ids)
            .chain(external_ids)
            .chain(name_id.into_iter().map(Lookup::NameId))
            .collect()
    }
}

/// A user, named in one of four ways.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub struct Whom {
    /// The name that the user signs in with, in any case
    #[arg(long, value_name = "NAME")]
    user_name: Option<String>,
    /// The user's id
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// The identity provider's own id of the user, exactly
    #[arg(long, value_name = "ID")]
    external_id: Option<String>,
    /// The NameID of a SAML assertion: the userName or externalId, as the organization has set
    #[arg(long, value_name = "NAMEID")]
    name_id: Option<String>,
}

impl Whom {
    fn lookup(self) -> Lookup {
        let Self { user_name, id, external_id, name_id } = self;
        let id = id.map(Lookup::Id).or(external_id.map(Lookup::ExternalId));
        let id = id.or(name_id.map(Lookup::NameId));
        id.unwrap_or_else(|| Lookup::UserName(user_name.unwrap_or_default()))
    }
}

impl Access {
    /// Does it.
    ///
    /// # Errors
    /// No such organization or user, or more than one such user.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<Answer> {
        match self {
            Self::Show { organization, whom } => show(tools, organization, whom.lookup()).await,
            Self::List { organization, whom } => list(tools, organization, &whom.lookups()).await,
        }
    }
}

async fn show(
    tools: &Tools,
    organization: OrganizationId,
    lookup: Lookup,
) -> anyhow::Result<Answer> {
    let answer = tools.administration.show_access(organization, lookup.clone()).await?;
    let status = answer.status();
    Ok(match answer {
        Known::Known(access) => {
            Answer { json: object(&access, status), text: text(&access, status) }
        }
        Known::Deprovisioned(it) => {
            let known = [("user", it.user.to_string()), ("status", status.to_owned())];
            let text = fields(&[known.as_slice(), &made_fields(it.made)].concat());
            Answer { json: departed(it.user, status, it.made), text }
        }
        Known::Unknown => bail!("No user {} exists.", lookup.text()),
        Known::Ambiguous => bail!("{}", ambiguous(&lookup)),
    })
}

async fn list(
    tools: &Tools,
    organization: OrganizationId,
    lookups: &[Lookup],
) -> anyhow::Result<Answer> {
    let answers = tools.administration.list_access(organization, lookups).await?;
    let mut rows = Vec::new();
    let mut all = Vec::new();
    for (lookup, answer) in lookups.iter().zip(answers) {
        let status = answer.status();
        let (mut json, user, roles) = match answer {
            Known::Known(access) => {
                let roles: Vec<_> = access.roles.iter().map(RoleKey::as_str).collect();
                (object(&access, status), access.user.to_string(), roles.join(", "))
            }
            Known::Deprovisioned(it) => {
                (departed(it.user, status, it.made), it.user.to_string(), String::new())
            }
            Known::Unknown | Known::Ambiguous => {
                (json!({ "status": status, "active": false }), String::new(), String::new())
            }
        };
        if let Some(json) = json.as_object_mut() {
            json.insert("asked".to_owned(), json!(lookup.text()));
        }
        rows.push([lookup.text().to_owned(), status.to_owned(), roles, user]);
        all.push(json);
    }
    let text = table("Nobody was asked for.", ["asked", "status", "roles", "user"], &rows);
    Ok(Answer { json: Value::Array(all), text })
}

fn departed(user: UserId, status: &str, deleted: Made) -> Value {
    json!({
        "user": user.to_string(), "status": status, "active": false, "plan": null,
        "roles": [], "permissions": [], "through": [], "deleted": made(deleted),
    })
}

fn ambiguous(lookup: &Lookup) -> String {
    let said = lookup.text();
    format!("More than one user has {said}: which of them is meant nobody can say.")
}

/// Adds to an object when and by which request it came to be.
fn note(object: &mut Value, made: Made) {
    if let Some(object) = object.as_object_mut() {
        object.insert("since".to_owned(), json!(made.at.to_string()));
        object.insert("request".to_owned(), json!(made.request.map(|it| it.to_string())));
    }
}

fn made(made: Made) -> Value {
    let mut object = json!({});
    note(&mut object, made);
    object
}

fn step(step: &Step) -> Value {
    let mut object = json!({ "group": step.group.to_string(), "groupName": step.name });
    note(&mut object, step.nested);
    object
}

fn path(path: &Path) -> Value {
    let role = path.role.as_str();
    let mut object = match path.via {
        Via::Group(to) => json!({
            "role": role,
            "assigned": false,
            "group": to.to_string(),
            "groupName": path.group_name,
            "way": path.way.iter().map(step).collect::<Vec<_>>(),
            "membership": path.membership.map(made),
            "mapping": made(path.grant),
        }),
        Via::Assignment => json!({
            "role": role, "assigned": true, "group": null, "groupName": null, "way": [],
            "membership": null, "mapping": null,
        }),
    };
    note(&mut object, path.since());
    object
}

fn object(access: &Shown, status: &str) -> Value {
    json!({
        "user": access.user.to_string(),
        "status": status,
        "active": access.active(),
        "plan": access.plan.name(),
        "roles": access.roles.iter().map(RoleKey::as_str).collect::<Vec<_>>(),
        "permissions": access.permissions,
        "through": access.through.iter().map(path).collect::<Vec<_>>(),
        "deleted": null,
    })
}

fn text(access: &Shown, status: &str) -> String {
    let roles: Vec<_> = access.roles.iter().map(RoleKey::as_str).collect();
    let active = if access.active() { "yes".to_owned() } else { format!("no: {status}") };
    let head = fields(&[
        ("user", access.user.to_string()),
        ("active", active),
        ("roles", roles.join(", ")),
        ("permissions", access.permissions.join(", ")),
    ]);
    let row = |it: &Path| {
        let (through, group) = match it.via {
            Via::Group(group) => (way(it), group.to_string()),
            Via::Assignment => ("assigned".to_owned(), String::new()),
        };
        let [(_, since), (_, request)] = made_fields(it.since());
        [it.role.to_string(), through, group, since, request]
    };
    let rows: Vec<_> = access.through.iter().map(row).collect();
    let through = table(
        "No group leads to a role, and none is assigned.",
        ["role", "through group", "group id", "since", "request"],
        &rows,
    );
    format!("{head}\n\n{through}")
}

fn made_fields(made: Made) -> [(&'static str, String); 2] {
    let request = made.request.map_or_else(String::new, |it| it.to_string());
    [("since", made.at.to_string()), ("request", request)]
}

/// The groups up to the one that leads to the role, from the one that the user is a member of.
fn way(path: &Path) -> String {
    let names = path.way.iter().map(|it| it.name.as_str());
    names.chain(path.group_name.as_deref()).collect::<Vec<_>>().join(" → ")
}
