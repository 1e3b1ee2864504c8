//! Who holds which role through which group, and what a change does to that.

use std::collections::HashSet;

use serde_json::json;

use crate::{
    Event, EventKind, GroupId, RoleId, Subject, UserId,
    role::{MappedRole, RoleKey},
};

/// A role that a user reaches through a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The user.
    pub user: UserId,
    /// The role.
    pub role: MappedRole,
    /// The group on the way.
    pub group: GroupId,
}

/// The roles a user holds however many groups lead there, for events.
fn distinct(holdings: &[Holding]) -> impl Iterator<Item = &Holding> {
    let mut seen = HashSet::new();
    holdings.iter().filter(move |it| seen.insert((it.user, it.role.id)))
}

/// What it means that these users joined or left a group that leads to `roles`: one event for each
/// role that a user did not, or does no longer, reach through another group.
///
/// `elsewhere` holds what the active users among `users` reach through other groups; users that
/// are not active reach nothing and must not be among `users`.
pub fn through_group(
    kind: Change,
    group: GroupId,
    roles: &[MappedRole],
    users: &[UserId],
    elsewhere: &[Holding],
) -> Vec<Event> {
    let kept: HashSet<(UserId, RoleId)> =
        elsewhere.iter().filter(|it| it.group != group).map(|it| (it.user, it.role.id)).collect();
    let pairs = users.iter().flat_map(|user| roles.iter().map(move |role| (*user, role)));
    pairs
        .filter(|(user, role)| !kept.contains(&(*user, role.id)))
        .map(|(user, role)| kind.event(user, role, group))
        .collect()
}

/// What it means that one user gets, or loses, everything its groups lead to.
pub fn of_user(kind: Change, holdings: &[Holding]) -> Vec<Event> {
    distinct(holdings).map(|it| kind.event(it.user, &it.role, it.group)).collect()
}

/// Whether access comes or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Access comes.
    Granted,
    /// Access goes.
    Revoked,
}

impl Change {
    fn event(self, user: UserId, role: &MappedRole, group: GroupId) -> Event {
        let kind = match self {
            Self::Granted => EventKind::RoleGranted,
            Self::Revoked => EventKind::RoleRevoked,
        };
        let data = json!({
            "role": role.key.as_str(),
            "roleId": role.id.to_string(),
            "group": group.to_string(),
            "privileged": role.privileged,
        });
        Event::new(kind, Subject::User(user), data)
    }
}

/// The event that nobody active holds a privileged role any more.
pub fn abandoned(role: &MappedRole) -> Event {
    let data = json!({ "role": role.key.as_str() });
    Event::new(EventKind::RoleAbandoned, Subject::Role(role.id), data)
}

/// What a user may do, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Access {
    /// The user.
    pub user: UserId,
    /// Whether the user has any access at all.
    pub active: bool,
    /// The effective roles, each once, by key. Empty for an inactive user.
    pub roles: Vec<RoleKey>,
    /// The permissions of these roles, each once, sorted.
    pub permissions: Vec<String>,
    /// Through which groups; also what an inactive user would get back.
    pub through: Vec<Path>,
}

/// A role and the group that leads to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The role.
    pub role: RoleKey,
    /// The group.
    pub group: GroupId,
    /// The group's name.
    pub group_name: String,
}
