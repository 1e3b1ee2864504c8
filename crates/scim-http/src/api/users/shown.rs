//! A user in an answer.

use scim_app::{Error, administration::UserSummary};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::said::Email;
use crate::api::{answer::moment, problem::Problem};

/// A user of an organization.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    /// Its id. It never changes, whoever manages the user.
    #[schema(format = Uuid)]
    id: String,
    /// What the user signs in with: unique in the organization, whatever its case.
    user_name: String,
    /// What the user is shown as.
    #[schema(required)]
    display_name: Option<String>,
    /// The user's name.
    name: UserFullName,
    /// The user's e-mail addresses.
    emails: Vec<Email>,
    /// What the identity provider calls the user.
    #[schema(required)]
    external_id: Option<String>,
    /// Whether the user has access. One without access has no roles, whatever its groups.
    active: bool,
    /// Where the user comes from: `scim` from an identity provider, `sign_in` from a sign-in that
    /// was recorded, `local` from an identity provider that it was detached from.
    #[schema(pattern = "^(scim|sign_in|local)$")]
    source: &'static str,
    /// Who may change the user.
    #[schema(pattern = "^(identity_provider|local)$")]
    managed_by: &'static str,
    /// Whether changes through this API are refused, because an identity provider manages the user.
    locked: bool,
    /// Whether identity providers must leave the user alone (break-glass).
    protected: bool,
    /// The groups that the user is in.
    groups: Vec<UserGroup>,
    /// The keys of the roles that the user has.
    roles: Vec<String>,
    /// When the user was created.
    #[schema(format = DateTime)]
    created_at: String,
    /// When an attribute of the user changed last.
    #[schema(format = DateTime)]
    updated_at: String,
    /// Counts the changes of the user's attributes.
    version: u64,
}

/// A user with all its attributes.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UserWithProfile {
    #[serde(flatten)]
    user: User,
    /// The user's SCIM document (RFC 7643), with the attributes that the organization declares, and
    /// without what is computed.
    #[schema(value_type = Object)]
    profile: Value,
}

/// The parts of a user's name.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UserFullName {
    /// The given name.
    #[schema(required)]
    given_name: Option<String>,
    /// The family name.
    #[schema(required)]
    family_name: Option<String>,
}

/// A group that a user is in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UserGroup {
    /// The group's id.
    #[schema(format = Uuid)]
    id: String,
    /// Its name.
    display_name: String,
    /// Whether the user is a member itself (`direct`), or through another group (`indirect`).
    #[serde(rename = "type")]
    #[schema(pattern = "^(direct|indirect)$")]
    how: &'static str,
}

impl User {
    /// The user on the wire.
    pub(super) fn of(it: &UserSummary) -> Self {
        let group = |it: &scim_domain::resource::representation::GroupRef| UserGroup {
            id: it.id.to_string(),
            display_name: it.display_name.clone(),
            how: it.how(),
        };
        Self {
            id: it.id.to_string(),
            user_name: it.user_name.clone(),
            display_name: it.display_name.clone(),
            name: UserFullName {
                given_name: it.given_name.clone(),
                family_name: it.family_name.clone(),
            },
            emails: it.emails.iter().map(Email::of).collect(),
            external_id: it.external_id.clone(),
            active: it.active,
            source: it.source.name(),
            managed_by: it.managed_by.name(),
            locked: it.managed_by.locked(),
            protected: it.protected,
            groups: it.groups.iter().map(group).collect(),
            roles: it.roles.iter().map(ToString::to_string).collect(),
            created_at: moment(it.meta.created),
            updated_at: moment(it.meta.last_modified),
            version: it.meta.version,
        }
    }
}

impl UserWithProfile {
    /// The user on the wire.
    pub(super) fn of(it: &UserSummary) -> Result<Self, Problem> {
        let profile = serde_json::from_str(&it.document);
        let profile = profile.map_err(|it| Error::Defect(format!("a stored document: {it}")))?;
        Ok(Self { user: User::of(it), profile })
    }
}
