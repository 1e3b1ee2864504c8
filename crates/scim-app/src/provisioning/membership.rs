//! A push of members: what a request asks for, reduced to who joins and who leaves.
//!
//! Adds and removes commute with those of other requests: they touch the rows of the users named
//! and nothing else. Only a full set is compared with what is there, under the group's lock.

use std::collections::{BTreeMap, BTreeSet};

use scim_domain::{
    Decision, Event, GroupId, OrganizationId, Timestamp, UserId,
    access::{self, Change},
    group::{Group, Member},
    role::MappedRole,
};
use serde_json::{Value, json};
use uuid::Uuid;

mod nested;
mod shield;
#[cfg(test)]
mod tests;
mod wish;

pub(super) use nested::lost;
pub(super) use shield::check_deletion;
pub(crate) use wish::Wish;

use self::{
    nested::Gain,
    wish::{Direction, Protected},
};
use super::roles;
use crate::{
    Error,
    ports::{MemberState, UnitOfWork},
    reach::Reach,
};

/// Why an id is not let in that is nothing of the organization.
const UNKNOWN: &str = "unknown";
/// Members read at a time when a full set is compared.
const PAGE: u64 = 5_000;
/// Skipped members named in the audit entry, at most; further ones are counted.
const NAMED: usize = 1_000;

/// Where the members are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub organization: OrganizationId,
    pub group: GroupId,
    /// Whether groups may be members.
    pub nested: bool,
}

impl Place {
    /// A group of an organization.
    pub const fn of(reach: Reach, group: GroupId) -> Self {
        Self { organization: reach.organization, group, nested: reach.nested }
    }

    /// How far the organization's groups reach.
    pub const fn reach(self) -> Reach {
        Reach { organization: self.organization, nested: self.nested }
    }
}

/// Members by what they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::provisioning) struct Side {
    pub users: Vec<UserId>,
    pub groups: Vec<GroupId>,
}

impl Side {
    fn len(&self) -> usize {
        self.users.len() + self.groups.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Users, then groups.
    pub fn into_members(self) -> Vec<Member> {
        let users = self.users.into_iter().map(Member::User);
        users.chain(self.groups.into_iter().map(Member::Group)).collect()
    }
}

/// What a push did.
#[derive(Debug, Default)]
pub(crate) struct Pushed {
    pub(super) added: Side,
    pub(super) removed: Side,
    skipped: Vec<(String, &'static str)>,
    /// What it means for roles, where groups may be members.
    access: Vec<Event>,
}

/// Why a member that somebody named did not join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It is nothing of the organization that can be a member.
    Unknown,
    /// It is a group, and groups cannot be members in the organization.
    Nesting,
}

/// Carries a wish out. Ids that are nothing of the organization that can be a member are skipped
/// and sink nothing; protected users are left as they are, unless the wish is for them too.
pub(crate) async fn push(
    unit: &mut dyn UnitOfWork,
    place: Place,
    wish: Wish,
    now: Timestamp,
) -> Result<Pushed, Error> {
    let Place { organization, group, .. } = place;
    let mut pushed = Pushed::default();
    let mut joining = wish.heading(Direction::In);
    let mut leaving = wish.heading(Direction::Out);
    if wish.only_these {
        let members = members(unit, place).await?;
        let there: BTreeSet<_> = members.iter().map(|it| it.uuid()).collect();
        let wanted: BTreeSet<_> = joining.iter().copied().collect();
        joining.retain(|id| !there.contains(id));
        leaving = there.difference(&wanted).copied().collect();
    }
    let protected = wish.protected;
    pushed.skipped.extend(wish.unknown.into_iter().map(|it| (it, UNKNOWN)));
    let (users, strangers) = admit(unit, organization, joining, protected, &mut pushed).await?;
    let joining = Side { users, groups: admit_groups(unit, place, strangers, &mut pushed).await? };
    let (users, strangers) = admit(unit, organization, leaving, protected, &mut pushed).await?;
    let groups = strangers.into_iter().map(GroupId::new).collect();
    let groups = match protected {
        Protected::LeftAlone => shield::spare(unit, place, groups, &mut pushed).await?,
        Protected::Included => groups,
    };
    let leaving = Side { users, groups };
    let gain = Gain::before(unit, place, &joining).await?;
    if !joining.users.is_empty() {
        pushed.added.users =
            unit.groups().add_members(organization, group, &joining.users, now).await?;
    }
    if !joining.groups.is_empty() {
        pushed.added.groups =
            unit.nestings().add(organization, group, &joining.groups, now).await?;
    }
    if !leaving.users.is_empty() {
        pushed.removed.users =
            unit.groups().remove_members(organization, group, &leaving.users).await?;
    }
    if place.nested && !leaving.groups.is_empty() {
        pushed.removed.groups =
            unit.nestings().remove(organization, group, &leaving.groups).await?;
    }
    pushed.access = gain.after(unit, place, &pushed.removed).await?;
    Ok(pushed)
}

/// The users that may join or leave, and the ids that are no users; protected users are noted.
async fn admit(
    unit: &mut dyn UnitOfWork,
    organization: OrganizationId,
    ids: Vec<Uuid>,
    protected: Protected,
    pushed: &mut Pushed,
) -> Result<(Vec<UserId>, Vec<Uuid>), Error> {
    if ids.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let users: Vec<_> = ids.into_iter().map(UserId::new).collect();
    let states = unit.read().users().states(organization, &users).await?;
    let known: BTreeMap<UserId, bool> = states.iter().map(|it| (it.id, it.protected)).collect();
    let mut admitted = Vec::with_capacity(users.len());
    let mut strangers = Vec::new();
    for id in users {
        match known.get(&id) {
            Some(true) if protected == Protected::LeftAlone => {
                pushed.skipped.push((id.to_string(), "protected"));
            }
            Some(_) => admitted.push(id),
            None => strangers.push(id.uuid()),
        }
    }
    Ok((admitted, strangers))
}

/// Those of the ids that are groups and may join; the others are noted.
async fn admit_groups(
    unit: &mut dyn UnitOfWork,
    place: Place,
    strangers: Vec<Uuid>,
    pushed: &mut Pushed,
) -> Result<Vec<GroupId>, Error> {
    if strangers.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = strangers.into_iter().map(GroupId::new).collect();
    let names = unit.read().groups().names(place.organization, &ids).await?;
    let groups: BTreeSet<_> = names.iter().map(|(id, _)| *id).collect();
    let unknown = ids.iter().filter(|it| !groups.contains(it));
    pushed.skipped.extend(unknown.map(|it| (it.to_string(), UNKNOWN)));
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    if !nested::may_nest(unit, place).await? {
        pushed.skipped.extend(groups.iter().map(|it| (it.to_string(), nested::NOT_ALLOWED)));
        return Ok(Vec::new());
    }
    nested::check_circles(unit, place, &names).await?;
    Ok(groups.into_iter().collect())
}

/// All members of a group.
pub(super) async fn members(unit: &mut dyn UnitOfWork, place: Place) -> Result<Vec<Member>, Error> {
    let users = current(unit, place).await?;
    let mut all: Vec<_> = users.into_iter().map(|it| Member::User(it.id)).collect();
    if place.nested {
        let nestings = unit.read().nestings();
        let groups = nestings.members_of(place.organization, &[place.group], u64::MAX).await?;
        all.extend(groups.into_iter().map(|(_, it)| Member::Group(it)));
    }
    Ok(all)
}

/// The users who are members of a group themselves, read in pages.
async fn current(unit: &mut dyn UnitOfWork, place: Place) -> Result<Vec<MemberState>, Error> {
    let mut all: Vec<MemberState> = Vec::new();
    loop {
        let after = all.last().map(|it| it.id);
        let groups = unit.read().groups();
        let page = groups.member_states(place.organization, place.group, after, PAGE).await?;
        let last = (page.len() as u64) < PAGE;
        all.extend(page);
        if last {
            return Ok(all);
        }
    }
}

/// The active users who are members of a group, of their own or through groups in it.
pub(crate) async fn active_members(
    unit: &mut dyn UnitOfWork,
    place: Place,
) -> Result<Vec<UserId>, Error> {
    if place.nested {
        let nestings = unit.read().nestings();
        return Ok(nestings.active_users(place.organization, &[place.group]).await?);
    }
    let members = current(unit, place).await?;
    Ok(members.into_iter().filter(|it| it.active).map(|it| it.id).collect())
}

impl Pushed {
    /// Whether anybody joined or left.
    pub fn changed(&self) -> bool {
        !self.added.is_empty() || !self.removed.is_empty()
    }

    /// Whether anything is worth an audit entry.
    pub fn is_silent(&self) -> bool {
        !self.changed() && self.skipped.is_empty()
    }

    /// Why the one member that a wish named did not join, if it was not let in.
    pub fn refused(&self) -> Option<Refused> {
        self.skipped.first().map(|(_, reason)| match *reason {
            nested::NOT_ALLOWED => Refused::Nesting,
            _ => Refused::Unknown,
        })
    }

    /// How many joined.
    pub fn joined(&self) -> usize {
        self.added.len()
    }

    /// Those that were named and did not join, and why.
    pub fn skipped(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.skipped.iter().map(|(value, reason)| (value.as_str(), *reason))
    }

    /// The events of the group, and those of everybody who came to hold or no longer holds a role.
    pub async fn tell<T>(
        &self,
        unit: &mut dyn UnitOfWork,
        place: Place,
        group: &Group,
        decision: Decision<T>,
    ) -> Result<Decision<T>, Error> {
        let mut decision = decision;
        let Side { users, groups } = &self.added;
        if !self.added.is_empty() {
            decision = decision.and([group.members_added(users, groups)]);
        }
        let Side { users, groups } = &self.removed;
        if !self.removed.is_empty() {
            decision = decision.and([group.members_removed(users, groups)]);
        }
        if place.nested {
            return Ok(decision.and(self.access.iter().cloned()));
        }
        let mapped = unit.read().roles().mapped(place.organization, &[place.group]).await?;
        let mapped: Vec<_> = mapped.into_iter().map(|(_, role)| role).collect();
        for (change, users) in
            [(Change::Granted, &self.added.users), (Change::Revoked, &self.removed.users)]
        {
            let events = effects(unit, place, change, &mapped, users).await?;
            decision = decision.and(events);
        }
        Ok(decision)
    }

    /// What the audit entry says about the push.
    pub fn detail(&self) -> Value {
        let skipped: Vec<_> = self
            .skipped
            .iter()
            .take(NAMED)
            .map(|(value, reason)| json!({ "value": value, "reason": reason }))
            .collect();
        let mut detail =
            json!({ "membersAdded": self.added.len(), "membersRemoved": self.removed.len() });
        let Some(object) = detail.as_object_mut() else { return detail };
        for (name, side) in [("groupsAdded", &self.added), ("groupsRemoved", &self.removed)] {
            if !side.groups.is_empty() {
                let groups: Vec<_> = side.groups.iter().map(ToString::to_string).collect();
                object.insert(name.to_owned(), json!(groups));
            }
        }
        if !skipped.is_empty() {
            object.insert("membersSkipped".to_owned(), json!(skipped));
            object.insert("membersSkippedTotal".to_owned(), json!(self.skipped.len()));
        }
        detail
    }

    /// The phrases for the activity log.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let mut count = |number: usize, what: &str| {
            if number > 0 {
                notes.push(format!(
                    "{number} {} {what}",
                    if number == 1 { "member" } else { "members" }
                ));
            }
        };
        count(self.added.len(), "added");
        count(self.removed.len(), "removed");
        let skipped = |why| self.skipped.iter().filter(|(_, reason)| *reason == why).count();
        count(skipped(UNKNOWN), "skipped: no such user in this organization");
        let groups = skipped(nested::NOT_ALLOWED);
        count(groups, "skipped: groups cannot be members in this organization");
        count(skipped("protected"), "left alone: protected");
        notes
    }
}

/// What joining or leaving a group means for the active users among these.
pub(crate) async fn effects(
    unit: &mut dyn UnitOfWork,
    place: Place,
    change: Change,
    mapped: &[MappedRole],
    users: &[UserId],
) -> Result<Vec<Event>, Error> {
    if mapped.is_empty() || users.is_empty() {
        return Ok(Vec::new());
    }
    let organization = place.organization;
    let states = unit.read().users().states(organization, users).await?;
    let mut active: Vec<_> = states.iter().filter(|it| it.active).map(|it| it.id).collect();
    active.sort_unstable();
    let elsewhere = place.reach().holdings(unit.read(), &active).await?;
    let mut events = access::through_group(change, place.group, mapped, &active, &elsewhere);
    let someone_lost = change == Change::Revoked && !events.is_empty();
    if someone_lost {
        let lost = roles::privileged(mapped.iter());
        events.extend(roles::abandoned(unit, place.reach(), lost).await?);
    }
    Ok(events)
}
