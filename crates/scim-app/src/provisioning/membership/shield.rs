//! Protected users keep what they reach through groups: an identity provider can neither delete a
//! group that one is in nor take such a group out of another.
//!
//! It is asked from the side of the protected users, who are few, whatever the groups' size.

use std::collections::BTreeSet;

use scim_domain::GroupId;

use super::{Place, Pushed};
use crate::{Error, error::Forbidden, ports::UnitOfWork, reach::Reach};

/// The groups that a protected user is in, of its own or through others.
async fn groups(unit: &mut dyn UnitOfWork, reach: Reach) -> Result<BTreeSet<GroupId>, Error> {
    let users = unit.read().users().protected(reach.organization).await?;
    if users.is_empty() {
        return Ok(BTreeSet::new());
    }
    let groups = reach.groups_of(unit.read(), &users).await?;
    Ok(groups.into_iter().map(|(_, group)| group.id).collect())
}

/// Fails when a protected user is in the group.
pub(in crate::provisioning) async fn check_deletion(
    unit: &mut dyn UnitOfWork,
    place: Place,
) -> Result<(), Error> {
    if groups(unit, place.reach()).await?.contains(&place.group) {
        return Err(Forbidden::ProtectedMember.into());
    }
    Ok(())
}

/// Those of the groups that may leave; one with a protected user in it stays and is noted.
pub(super) async fn spare(
    unit: &mut dyn UnitOfWork,
    place: Place,
    leaving: Vec<GroupId>,
    pushed: &mut Pushed,
) -> Result<Vec<GroupId>, Error> {
    if !place.nested || leaving.is_empty() {
        return Ok(Vec::new());
    }
    let shielded = groups(unit, place.reach()).await?;
    let (stay, leave): (Vec<_>, Vec<_>) = leaving.into_iter().partition(|it| shielded.contains(it));
    pushed.skipped.extend(stay.into_iter().map(|it| (it.to_string(), "protected")));
    Ok(leave)
}
