//! What changes of users and memberships mean for roles.

use std::collections::HashSet;

use scim_domain::{
    Event,
    access::{self, Change, Holding},
    role::MappedRole,
};

use crate::{Error, ports::UnitOfWork, reach::Reach};

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
    reach: Reach,
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
