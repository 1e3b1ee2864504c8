//! Who holds which role on which way, and what a change does to that.

use std::collections::HashSet;

use serde_json::json;

use crate::{Event, EventKind, GroupId, RoleId, Subject, UserId, role::MappedRole};

mod above;
mod account;
#[cfg(test)]
mod tests;

pub use above::{Above, Mapping, Membership, Nesting, Network};
pub use account::{Access, Account, Made, Path, Reached, Standing, Step};

/// The way on which a user comes to a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Via {
    /// A group that leads to the role.
    Group(GroupId),
    /// The role itself is assigned to the user.
    Assignment,
}

/// A role that a user reaches, and one way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The user.
    pub user: UserId,
    /// The role.
    pub role: MappedRole,
    /// The way.
    pub via: Via,
}

/// What users hold of `holdings` and not of `others`, each role once however many ways lead there.
fn only_in<'a>(
    holdings: &'a [Holding],
    others: &[Holding],
) -> impl Iterator<Item = &'a Holding> + use<'a> {
    let mut seen: HashSet<_> = others.iter().map(|it| (it.user, it.role.id)).collect();
    holdings.iter().filter(move |it| seen.insert((it.user, it.role.id)))
}

/// What it means that these users joined or left a group that leads to `roles`: one event for each
/// role that a user did not, or does no longer, reach on another way.
///
/// `elsewhere` holds what the active users among `users` reach on all their ways; users that are
/// not active reach nothing and must not be among `users`.
pub fn through_group(
    kind: Change,
    group: GroupId,
    roles: &[MappedRole],
    users: &[UserId],
    elsewhere: &[Holding],
) -> Vec<Event> {
    let via = Via::Group(group);
    let elsewhere = elsewhere.iter().filter(|it| it.via != via);
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
        .map(|(user, (group, role))| kind.event(user, role, Via::Group(*group)))
        .collect()
}

/// What it means that users held `before` and hold `after`: an event for each role that came or
/// went, whatever the ways. Users that are not active hold nothing and must not be in either.
pub fn difference(before: &[Holding], after: &[Holding]) -> Vec<Event> {
    let come = only_in(after, before).map(|it| Change::Granted.event(it.user, &it.role, it.via));
    let gone = only_in(before, after).map(|it| Change::Revoked.event(it.user, &it.role, it.via));
    come.chain(gone).collect()
}

/// What it means that users get, or lose, everything they hold.
pub fn of_user(kind: Change, holdings: &[Holding]) -> Vec<Event> {
    only_in(holdings, &[]).map(|it| kind.event(it.user, &it.role, it.via)).collect()
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
    fn event(self, user: UserId, role: &MappedRole, via: Via) -> Event {
        let kind = match self {
            Self::Granted => EventKind::RoleGranted,
            Self::Revoked => EventKind::RoleRevoked,
        };
        let (name, way) = match via {
            Via::Group(group) => ("group", json!(group.to_string())),
            Via::Assignment => ("assigned", json!(true)),
        };
        let data = json!({
            "role": role.key.as_str(),
            "roleId": role.id.to_string(),
            name: way,
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
