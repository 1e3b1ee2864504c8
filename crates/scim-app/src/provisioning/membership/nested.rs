//! Groups as members of groups: which may become such, and what joining and leaving mean where
//! access comes through more than one group.

use scim_domain::{
    Event, GroupId, Invalid, UserId,
    access::{self, Change, Holding},
    role::MappedRole,
};

use super::{Place, Side};
use crate::{Error, ports::UnitOfWork, provisioning::roles, reach::Reach};

/// Why a group is not let in where groups are no members.
pub(super) const NOT_ALLOWED: &str = "groups cannot be members in this organization";

/// Whether groups may become members here. Afterwards no other unit nests groups, or changes
/// whether that is allowed, until this one ends.
pub(super) async fn may_nest(unit: &mut dyn UnitOfWork, place: Place) -> Result<bool, Error> {
    if !place.nested {
        return Ok(false);
    }
    let organization = unit.organizations().find_for_update(place.organization).await?;
    Ok(organization.is_some_and(|it| it.nested_groups))
}

/// Fails when a group would contain itself.
pub(super) async fn check_circles(
    unit: &mut dyn UnitOfWork,
    place: Place,
    joining: &[(GroupId, String)],
) -> Result<(), Error> {
    let above = unit.read().nestings().above(place.organization, &[place.group]).await?;
    for (id, name) in joining {
        if *id == place.group {
            let detail = format!("The group \"{name}\" cannot be a member of itself.");
            return Err(Invalid::value(detail).into());
        }
        if above.iter().any(|(_, it)| it == id) {
            let detail = format!(
                "The group \"{name}\" cannot become a member of this group: this group is a member \
                 of \"{name}\" itself, directly or through other groups, and no group can contain \
                 itself."
            );
            return Err(Invalid::value(detail).into());
        }
    }
    Ok(())
}

/// Who may come to hold roles by a push, and what they hold before it.
#[derive(Debug, Default)]
pub(super) struct Gain {
    /// The roles that the group leads to; none where groups are no members.
    leads: Vec<(GroupId, MappedRole)>,
    users: Vec<UserId>,
    held: Vec<Holding>,
}

impl Gain {
    /// To be asked before anything is written.
    pub async fn before(
        unit: &mut dyn UnitOfWork,
        place: Place,
        joining: &Side,
    ) -> Result<Self, Error> {
        if !place.nested {
            return Ok(Self::default());
        }
        let leads = place.reach().leads(unit.read(), place.group).await?;
        let users = concerned(unit, place, &leads, joining).await?;
        let held = place.reach().holdings(unit.read(), &users).await?;
        Ok(Self { leads, users, held })
    }

    /// What the push means, once all of it is written.
    pub async fn after(
        self,
        unit: &mut dyn UnitOfWork,
        place: Place,
        left: &Side,
    ) -> Result<Vec<Event>, Error> {
        let mut events =
            access::through_nesting(Change::Granted, &self.leads, &self.users, &self.held);
        let losing = concerned(unit, place, &self.leads, left).await?;
        events.extend(lost(unit, place.reach(), &self.leads, &losing).await?);
        Ok(events)
    }
}

/// The active users whom it may concern that members join a group, or left it, which leads to these
/// roles. The users below a group that leads to all of them without it are never looked at.
async fn concerned(
    unit: &mut dyn UnitOfWork,
    place: Place,
    leads: &[(GroupId, MappedRole)],
    side: &Side,
) -> Result<Vec<UserId>, Error> {
    if leads.is_empty() {
        return Ok(Vec::new());
    }
    let organization = place.organization;
    let states = unit.read().users().states(organization, &side.users).await?;
    let mut users: Vec<_> = states.iter().filter(|it| it.active).map(|it| it.id).collect();
    if !side.groups.is_empty() {
        let groups = place.reach().without(unit.read(), leads, &side.groups).await?;
        users.extend(unit.read().nestings().active_users(organization, &groups).await?);
    }
    users.sort_unstable();
    users.dedup();
    Ok(users)
}

/// What it means that these active users no longer reach roles in the way they did: to be asked
/// afterwards.
pub(in crate::provisioning) async fn lost(
    unit: &mut dyn UnitOfWork,
    reach: Reach,
    leads: &[(GroupId, MappedRole)],
    users: &[UserId],
) -> Result<Vec<Event>, Error> {
    if leads.is_empty() || users.is_empty() {
        return Ok(Vec::new());
    }
    let held = reach.holdings(unit.read(), users).await?;
    let mut events = access::through_nesting(Change::Revoked, leads, users, &held);
    if !events.is_empty() {
        let privileged = roles::privileged(leads.iter().map(|(_, role)| role));
        events.extend(roles::abandoned(unit, reach, privileged).await?);
    }
    Ok(events)
}
