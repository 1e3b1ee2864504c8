//! Who holds which role through which group, and what a change does to that.

use std::collections::HashSet;

use serde_json::json;

use crate::{
    Event, EventKind, GroupId, RoleId, Subject, UserId,
    resource::representation::GroupRef,
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
    let elsewhere = elsewhere.iter().filter(|it| it.group != group);
    let roles: Vec<_> = roles.iter().map(|role| (group, role.clone())).collect();
    beside(kind, &roles, users, elsewhere)
}

/// What it means that these active users came to reach, or no longer reach, the roles that a group
/// leads to, itself or through groups it is in: one event for each role that a user did not, or
/// does no longer, hold. Each role is named once, with a group that is mapped to it.
///
/// `held` is what the users hold without the change: before a grant, after a loss.
pub fn through_nesting(
    kind: Change,
    roles: &[(GroupId, MappedRole)],
    users: &[UserId],
    held: &[Holding],
) -> Vec<Event> {
    beside(kind, roles, users, held.iter())
}

fn beside<'h>(
    kind: Change,
    roles: &[(GroupId, MappedRole)],
    users: &[UserId],
    held: impl Iterator<Item = &'h Holding>,
) -> Vec<Event> {
    let held: HashSet<(UserId, RoleId)> = held.map(|it| (it.user, it.role.id)).collect();
    let pairs = users.iter().flat_map(|user| roles.iter().map(move |role| (*user, role)));
    pairs
        .filter(|(user, (_, role))| !held.contains(&(*user, role.id)))
        .map(|(user, (group, role))| kind.event(user, role, *group))
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
    /// The groups on the way from the user to that group: first the one that the user is a member
    /// of itself. Empty if that is the group.
    pub way: Vec<GroupRef>,
}
