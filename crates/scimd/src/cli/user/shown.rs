//! Users for people and for programs.

use scim_app::administration::{Email, UserSummary};
use scim_app::ports::Page;
use scim_domain::role::RoleKey;
use scim_domain::user::Source;
use serde_json::{Value, json};

use crate::cli::list::rest_of;
use crate::output::{Answer, fields, table};

/// A page of users.
pub fn list(page: &Page<UserSummary>) -> Answer {
    let row = |user: &UserSummary| {
        let state = if user.active { "active" } else { "inactive" }.to_owned();
        let (id, name) = (user.id.to_string(), user.user_name.clone());
        [id, name, state, manager(user).to_owned(), groups(user), roles(user).join(", ")]
    };
    let rows: Vec<_> = page.items.iter().map(row).collect();
    let head = ["id", "user name", "state", "managed by", "groups", "roles"];
    let text = table("There are no users here.", head, &rows) + &rest_of(page.total, rows.len());
    Answer { json: page.items.iter().map(object).collect(), text }
}

/// One user.
pub fn one(user: &UserSummary) -> Answer {
    let name = [user.given_name.as_deref(), user.family_name.as_deref()];
    let emails: Vec<_> = user.emails.iter().map(|it| it.value.as_str()).collect();
    let text = fields(&[
        ("id", user.id.to_string()),
        ("user name", user.user_name.clone()),
        ("display name", user.display_name.clone().unwrap_or_default()),
        ("name", name.into_iter().flatten().collect::<Vec<_>>().join(" ")),
        ("e-mail", emails.join(", ")),
        ("external id", user.external_id.clone().unwrap_or_default()),
        ("active", yes_or_no(user.active)),
        ("managed by", manager(user).to_owned()),
        ("made by", made_by(user.source).to_owned()),
        ("protected", yes_or_no(user.protected)),
        ("groups", groups(user)),
        ("roles", roles(user).join(", ")),
        ("created", user.meta.created.to_string()),
        ("last modified", user.meta.last_modified.to_string()),
        ("version", user.meta.version.to_string()),
    ]);
    Answer { json: object(user), text }
}

fn object(user: &UserSummary) -> Value {
    let groups: Value = user
        .groups
        .iter()
        .map(|it| json!({ "id": it.id.to_string(), "displayName": it.display_name, "type": it.how() }))
        .collect();
    let email = |it: &Email| json!({ "value": it.value, "type": it.kind, "primary": it.primary });
    json!({
        "id": user.id.to_string(),
        "userName": user.user_name,
        "displayName": user.display_name,
        "name": { "givenName": user.given_name, "familyName": user.family_name },
        "emails": user.emails.iter().map(email).collect::<Vec<_>>(),
        "externalId": user.external_id,
        "active": user.active,
        "source": user.source.name(),
        "managedBy": user.managed_by.name(),
        "locked": user.managed_by.locked(),
        "protected": user.protected,
        "groups": groups,
        "roles": roles(user),
        "created": user.meta.created.to_string(),
        "lastModified": user.meta.last_modified.to_string(),
        "version": user.meta.version,
    })
}

fn groups(user: &UserSummary) -> String {
    user.groups.iter().map(|it| it.display_name.as_str()).collect::<Vec<_>>().join(", ")
}

fn roles(user: &UserSummary) -> Vec<&str> {
    user.roles.iter().map(RoleKey::as_str).collect()
}

fn yes_or_no(it: bool) -> String {
    if it { "yes" } else { "no" }.to_owned()
}

fn manager(user: &UserSummary) -> &'static str {
    match user.managed_by {
        scim_domain::ManagedBy::IdentityProvider => "identity provider",
        scim_domain::ManagedBy::Local => "local",
    }
}

fn made_by(source: Source) -> &'static str {
    match source {
        Source::Scim => "an identity provider",
        Source::SignIn => "the application's sign-in",
        Source::Local => "an identity provider, detached since",
    }
}
