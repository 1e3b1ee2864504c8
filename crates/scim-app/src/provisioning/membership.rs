//! A push of members: what a request asks for, reduced to who joins and who leaves.
//!
//! Adds and removes commute with those of other requests: they touch the rows of the users named
//! and nothing else. Only a full set is compared with what is there, under the group's lock.

use std::collections::{BTreeMap, BTreeSet};

use scim_domain::{
    Decision, Event, GroupId, OrganizationId, Timestamp, UserId,
    access::{self, Change},
    group::Group,
    resource::{self, patch::RowChange},
    role::MappedRole,
    schema::Attribute,
};
use serde_json::{Value, json};

use super::roles;
use crate::{
    Error,
    ports::{MemberState, UnitOfWork},
};

#[cfg(test)]
mod tests;

/// Members read at a time when a full set is compared.
const PAGE: u64 = 5_000;
/// Skipped members named in the audit entry, at most; further ones are counted.
const NAMED: usize = 1_000;

/// What a request asks for, after all its operations in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wish {
    /// Whether everybody who is not to be added leaves.
    only_these: bool,
    /// The last word about each user named.
    users: BTreeMap<UserId, Direction>,
    /// Values that are no id of ours.
    unknown: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    In,
    Out,
}

/// Where the members are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub organization: OrganizationId,
    pub group: GroupId,
}

/// What a push did.
#[derive(Debug, Default)]
pub(super) struct Pushed {
    pub added: Vec<UserId>,
    pub removed: Vec<UserId>,
    skipped: Vec<(String, &'static str)>,
}

impl Wish {
    /// Exactly these.
    pub fn set(values: Vec<String>) -> Self {
        let mut wish = Self { only_these: true, ..Self::default() };
        wish.all(values, Direction::In);
        wish
    }

    /// The operations of a PATCH in order. One that selects by anything but ids needs the members
    /// that are there.
    pub async fn of_changes(
        unit: &mut dyn UnitOfWork,
        place: Place,
        members: &Attribute,
        changes: Vec<RowChange>,
    ) -> Result<Self, Error> {
        let mut wish = Self::default();
        for change in changes {
            match change {
                RowChange::Add(values) => wish.all(values, Direction::In),
                RowChange::Remove(values) => wish.all(values, Direction::Out),
                RowChange::Replace(values) => {
                    wish = Self { unknown: wish.unknown, ..Self::set(values) }
                }
                RowChange::Clear => wish = Self { unknown: wish.unknown, ..Self::set(Vec::new()) },
                RowChange::RemoveMatching(filter) => {
                    let matches = |id: UserId| filter.matches_element(members, &element(id));
                    for direction in wish.users.iter_mut().filter(|(id, _)| matches(**id)) {
                        *direction.1 = Direction::Out;
                    }
                    for id in current(unit, place).await?.into_iter().map(|it| it.id) {
                        if matches(id) {
                            wish.users.insert(id, Direction::Out);
                        }
                    }
                }
            }
        }
        Ok(wish)
    }

    /// The same without anybody joining: for plans that only let access be taken away.
    pub fn without_joining(self, current_only: &[MemberState]) -> Self {
        if !self.only_these {
            let users = self.users.into_iter().filter(|(_, it)| *it == Direction::Out).collect();
            return Self { users, ..self };
        }
        let keeps = |id: UserId| self.users.get(&id) == Some(&Direction::In);
        let leave = current_only.iter().map(|it| it.id).filter(|id| !keeps(*id));
        Self {
            only_these: false,
            users: leave.map(|id| (id, Direction::Out)).collect(),
            unknown: BTreeSet::new(),
        }
    }

    /// Whether nobody would leave, as far as the request itself tells.
    pub fn takes_nothing_away(&self) -> bool {
        !self.only_these && !self.users.values().any(|it| *it == Direction::Out)
    }

    fn all(&mut self, values: Vec<String>, direction: Direction) {
        for value in values {
            match UserId::parse(&value) {
                Some(id) => {
                    self.users.insert(id, direction);
                }
                None if direction == Direction::In => {
                    self.unknown.insert(value);
                }
                // Taking away what cannot be there is done already.
                None => {}
            }
        }
    }

    fn heading(&self, direction: Direction) -> Vec<UserId> {
        self.users.iter().filter(|(_, it)| **it == direction).map(|(id, _)| *id).collect()
    }
}

/// Carries a wish out. Ids that are no users of the organization are skipped and sink nothing;
/// protected users are left as they are.
pub(super) async fn push(
    unit: &mut dyn UnitOfWork,
    place: Place,
    wish: Wish,
    now: Timestamp,
) -> Result<Pushed, Error> {
    let Place { organization, group } = place;
    let mut pushed = Pushed::default();
    let mut joining = wish.heading(Direction::In);
    let mut leaving = wish.heading(Direction::Out);
    if wish.only_these {
        let members = current(unit, place).await?;
        let there: BTreeSet<_> = members.iter().map(|it| it.id).collect();
        let wanted: BTreeSet<_> = joining.iter().copied().collect();
        joining.retain(|id| !there.contains(id));
        leaving = members.iter().filter(|it| !wanted.contains(&it.id)).map(|it| it.id).collect();
    }
    pushed.skipped.extend(wish.unknown.into_iter().map(|it| (it, "unknown")));
    let joining = admit(unit, organization, joining, &mut pushed, true).await?;
    let leaving = admit(unit, organization, leaving, &mut pushed, false).await?;
    if !joining.is_empty() {
        pushed.added = unit.groups().add_members(organization, group, &joining, now).await?;
    }
    if !leaving.is_empty() {
        pushed.removed = unit.groups().remove_members(organization, group, &leaving).await?;
    }
    Ok(pushed)
}

/// Those who may join or leave; the others are noted. Nobody is told apart who leaves and does not
/// exist: the outcome is what was asked for.
async fn admit(
    unit: &mut dyn UnitOfWork,
    organization: OrganizationId,
    users: Vec<UserId>,
    pushed: &mut Pushed,
    joining: bool,
) -> Result<Vec<UserId>, Error> {
    if users.is_empty() {
        return Ok(users);
    }
    let states = unit.read().users().states(organization, &users).await?;
    let known: BTreeMap<UserId, bool> = states.iter().map(|it| (it.id, it.protected)).collect();
    let mut admitted = Vec::with_capacity(users.len());
    for id in users {
        match known.get(&id) {
            Some(false) => admitted.push(id),
            Some(true) => pushed.skipped.push((id.to_string(), "protected")),
            None if joining => pushed.skipped.push((id.to_string(), "unknown")),
            None => {}
        }
    }
    Ok(admitted)
}

/// A member as a filter sees it: `value` and `type`.
fn element(id: UserId) -> resource::Value {
    let text = |it: &str| resource::Value::String(it.to_owned());
    let entries = [("value".into(), text(&id.to_string())), ("type".into(), text("User"))];
    resource::Value::Complex(entries.into_iter().collect())
}

/// All members of a group, read in pages.
pub(crate) async fn current(
    unit: &mut dyn UnitOfWork,
    place: Place,
) -> Result<Vec<MemberState>, Error> {
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

impl Pushed {
    /// Whether anybody joined or left.
    pub fn changed(&self) -> bool {
        !self.added.is_empty() || !self.removed.is_empty()
    }

    /// Whether anything is worth an audit entry.
    pub fn is_silent(&self) -> bool {
        !self.changed() && self.skipped.is_empty()
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
        if !self.added.is_empty() {
            decision = decision.and([group.members_added(&self.added)]);
        }
        if !self.removed.is_empty() {
            decision = decision.and([group.members_removed(&self.removed)]);
        }
        let mapped = unit.read().roles().mapped(place.organization, &[place.group]).await?;
        let mapped: Vec<_> = mapped.into_iter().map(|(_, role)| role).collect();
        for (change, users) in [(Change::Granted, &self.added), (Change::Revoked, &self.removed)] {
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
        if let (Some(detail), false) = (detail.as_object_mut(), skipped.is_empty()) {
            detail.insert("membersSkipped".to_owned(), json!(skipped));
            detail.insert("membersSkippedTotal".to_owned(), json!(self.skipped.len()));
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
        count(skipped("unknown"), "skipped: no such user in this organization");
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
    let elsewhere = unit.read().roles().holdings(organization, &active).await?;
    let mut events = access::through_group(change, place.group, mapped, &active, &elsewhere);
    let someone_lost = change == Change::Revoked && !events.is_empty();
    if someone_lost {
        let lost = roles::privileged(mapped.iter());
        events.extend(roles::abandoned(unit, organization, lost).await?);
    }
    Ok(events)
}
