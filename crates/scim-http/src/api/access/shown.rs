//! Access on the wire.

use scim_app::{access::Answer, ports::Departed};
use scim_domain::access::{self, Standing, Via};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::answer::moment;

/// What is known of whom a look-up asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    /// The user may sign in.
    Active,
    /// The user is deactivated and has no access until it is activated again.
    Deactivated,
    /// The organization is disabled or deleted: nobody of it has access.
    OrganizationDisabled,
    /// There was such a user, which was deleted lately. It must not be made anew at sign-in.
    Deprovisioned,
    /// Nobody is known by this.
    Unknown,
    /// More than one user is meant.
    Ambiguous,
}

impl Status {
    pub(super) const fn of(answer: &Answer) -> Self {
        match answer {
            Answer::Known(access) => match access.standing {
                Standing::Active => Self::Active,
                Standing::Deactivated => Self::Deactivated,
                Standing::OrganizationDisabled => Self::OrganizationDisabled,
            },
            Answer::Deprovisioned(_) => Self::Deprovisioned,
            Answer::Unknown => Self::Unknown,
            Answer::Ambiguous => Self::Ambiguous,
        }
    }
}

/// What a user may do, and why.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Access {
    /// The user's id.
    #[schema(format = Uuid)]
    user: String,
    /// `active`, `deactivated`, `organization_disabled` or `deprovisioned`.
    status: Status,
    /// Whether the user may sign in: whether the status is `active`.
    active: bool,
    /// What the organization pays for; `null` for a deprovisioned user.
    #[schema(required, pattern = "^(starter|growth|enterprise)$")]
    plan: Option<&'static str>,
    /// The keys of the roles that the user holds, sorted. Empty unless the user is active.
    roles: Vec<String>,
    /// The permissions of these roles, each once, sorted. Empty unless the user is active.
    permissions: Vec<String>,
    /// On which ways the roles come; for a deactivated user those that it would get back.
    through: Vec<Path>,
    /// When a deprovisioned user was deleted, and by which request; else `null`.
    #[schema(required)]
    deleted: Option<Made>,
}

/// When something came to be, and by which request.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Made {
    /// When.
    #[schema(format = DateTime)]
    since: String,
    /// The request, by which the audit log and the activity know it; `null` if it was none, but the
    /// command line.
    #[schema(required, format = Uuid)]
    request: Option<String>,
}

/// A role and one way to it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Path {
    /// The key of the role.
    role: String,
    /// Whether the role is assigned to the user itself. Else it comes through a group.
    assigned: bool,
    /// The group that is mapped to the role, by its id; `null` for an assigned role.
    #[schema(required, format = Uuid)]
    group: Option<String>,
    /// Its name.
    #[schema(required)]
    group_name: Option<String>,
    /// The groups between, where groups are members of groups: first the one that the user is a
    /// member of itself.
    way: Vec<Step>,
    /// Since when the user is a member of the first group.
    #[schema(required)]
    membership: Option<Made>,
    /// Since when the group is mapped to the role.
    #[schema(required)]
    mapping: Option<Made>,
    /// Since when the way is whole, and what made the last of its links.
    #[serde(flatten)]
    made: Made,
}

/// A group on a way.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Step {
    /// Its id.
    #[schema(format = Uuid)]
    group: String,
    /// Its name.
    group_name: String,
    /// Since when it is a member of the next group.
    #[serde(flatten)]
    made: Made,
}

impl Made {
    fn of(it: access::Made) -> Self {
        Self { since: moment(it.at), request: it.request.map(|it| it.to_string()) }
    }
}

impl Path {
    fn of(it: &access::Path) -> Self {
        let step = |it: &access::Step| Step {
            group: it.group.to_string(),
            group_name: it.name.clone(),
            made: Made::of(it.nested),
        };
        let (group, mapping) = match it.via {
            Via::Group(group) => (Some(group.to_string()), Some(Made::of(it.grant))),
            Via::Assignment => (None, None),
        };
        Self {
            role: it.role.to_string(),
            assigned: it.via == Via::Assignment,
            group,
            group_name: it.group_name.clone(),
            way: it.way.iter().map(step).collect(),
            membership: it.membership.map(Made::of),
            mapping,
            made: Made::of(it.since()),
        }
    }
}

impl Access {
    /// What an answer shows, if it shows somebody.
    pub(super) fn of(answer: &Answer) -> Option<Self> {
        match answer {
            Answer::Known(it) => Some(Self {
                user: it.user.to_string(),
                status: Status::of(answer),
                active: it.active(),
                plan: Some(it.plan.name()),
                roles: it.roles.iter().map(ToString::to_string).collect(),
                permissions: it.permissions.clone(),
                through: it.through.iter().map(Path::of).collect(),
                deleted: None,
            }),
            Answer::Deprovisioned(Departed { user, made }) => Some(Self {
                user: user.to_string(),
                status: Status::of(answer),
                active: false,
                plan: None,
                roles: Vec::new(),
                permissions: Vec::new(),
                through: Vec::new(),
                deleted: Some(Made::of(*made)),
            }),
            Answer::Unknown | Answer::Ambiguous => None,
        }
    }
}
