//! What changes of users and memberships mean for roles.

use std::collections::HashSet;

use scim_domain::{
    Event, Timestamp,
    access::{self, Change, Holding},
    role::MappedRole,
    user::User,
};

use super::{Caller, plan::Reach};
use crate::{
    Error,
    assignments::{self, Settled},
    journal::Entry,
    ports::UnitOfWork,
    reach,
};

/// What the write of a user meant for its roles.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// What the user came to hold and no longer holds.
    pub events: Vec<Event>,
    /// Whether a role was assigned to the user or taken from it.
    pub changed: bool,
    unknown: Vec<String>,
}

impl Written {
    /// The entry, with the values that name no role.
    pub fn told_in(&self, entry: Entry) -> Entry {
        assignments::told_in(entry, &self.unknown)
    }

    /// The phrase for the activity log, which is without the values.
    pub fn note(&self) -> Option<String> {
        let what = "kept as data: no such role in this organization";
        match self.unknown.len() {
            0 => None,
            1 => Some(format!("1 value of roles {what}")),
            number => Some(format!("{number} values of roles {what}")),
        }
    }
}

/// What it means for the roles of a user that it was written: it may have got or lost all access,
/// and where the organization assigns, its `roles` are brought into force. Who has no `roles` and
/// keeps its access costs nothing. A plan without SCIM assigns nothing and takes nothing but what
/// goes with the access.
pub(super) async fn written(
    unit: &mut dyn UnitOfWork,
    caller: &Caller,
    before: Option<&User>,
    after: &User,
    now: Timestamp,
) -> Result<Written, Error> {
    let organization = caller.organization();
    let was_active = before.is_some_and(User::active);
    let speaks_of_roles = |it: &User| it.role_values().next().is_some();
    let settles = caller.reach() == Reach::Full
        && (speaks_of_roles(after) || before.is_some_and(speaks_of_roles))
        && assignments::assigns(unit, organization).await?;
    if !settles && (before.is_none() || was_active == after.active()) {
        return Ok(Written::default());
    }
    let held = caller.reaching().holdings(unit.read(), &[after.id]).await?;
    let settled = if settles {
        let roles = unit.read().roles().list(organization).await?;
        assignments::settle(unit, organization, &roles, after, &held, now).await?
    } else {
        Settled { after: held.clone(), unknown: Vec::new(), changed: false }
    };
    let Settled { after: holds, unknown, changed } = settled;
    // A way to a role, whether the user is active or not; and everything that comes with access.
    caller.may_grant(beyond(&held, &holds))?;
    let (held, holds) = (active(was_active, held), active(after.active(), holds));
    caller.may_grant(beyond(&held, &holds))?;
    let events = came_and_went(unit, caller.reaching(), &held, &holds).await?;
    Ok(Written { events, changed, unknown })
}

/// What is held by a user who reaches it: nothing, without access.
fn active(active: bool, reached: Vec<Holding>) -> Vec<Holding> {
    if active { reached } else { Vec::new() }
}

/// The roles on the ways that lead somewhere after, and not before.
fn beyond<'a>(before: &'a [Holding], after: &'a [Holding]) -> impl Iterator<Item = &'a MappedRole> {
    after.iter().filter(|it| !before.contains(it)).map(|it| &it.role)
}

/// The events of everything that active users held `before` and hold `after`, as the unit sees it
/// now.
pub(crate) async fn came_and_went(
    unit: &mut dyn UnitOfWork,
    reach: reach::Reach,
    before: &[Holding],
    after: &[Holding],
) -> Result<Vec<Event>, Error> {
    let mut events = access::difference(before, after);
    let kept: HashSet<_> = after.iter().map(|it| (it.user, it.role.id)).collect();
    let gone = before.iter().filter(|it| !kept.contains(&(it.user, it.role.id)));
    let lost = privileged(gone.map(|it| &it.role));
    events.extend(abandoned(unit, reach, lost).await?);
    Ok(events)
}

/// The privileged roles among those that somebody loses.
pub(super) fn lost(change: Change, holdings: &[Holding]) -> Vec<MappedRole> {
    match change {
        Change::Granted => Vec::new(),
        Change::Revoked => privileged(holdings.iter().map(|it| &it.role)),
    }
}

/// The privileged roles, each once.
pub(super) fn privileged<'a>(roles: impl Iterator<Item = &'a MappedRole>) -> Vec<MappedRole> {
    let mut seen = HashSet::new();
    roles.filter(|it| it.privileged && seen.insert(it.id)).cloned().collect()
}

/// The events that nobody active holds these roles any more, as the unit sees it now.
pub(super) async fn abandoned(
    unit: &mut dyn UnitOfWork,
    reach: reach::Reach,
    lost: Vec<MappedRole>,
) -> Result<Vec<Event>, Error> {
    let mut events = Vec::new();
    for role in lost {
        if !reach.has_active_holder(unit.read(), role.id).await? {
            events.push(access::abandoned(&role));
        }
    }
    Ok(events)
}
