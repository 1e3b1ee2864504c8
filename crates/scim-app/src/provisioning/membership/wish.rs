//! What a request asks for about members, after all its operations in their order.

use std::collections::{BTreeMap, BTreeSet};

use scim_domain::{
    GroupId, UserId,
    group::Member,
    resource::{self, patch::RowChange},
    schema::{Attribute, ResourceKind},
};
use uuid::Uuid;

use super::{Place, members};
use crate::{Error, ports::UnitOfWork};

/// What a request asks for. Whether an id is one of a user or of a group the store knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    /// Whether everybody who is not to be added leaves.
    pub(super) only_these: bool,
    /// The last word about each member named.
    named: BTreeMap<Uuid, Direction>,
    /// Values that are no id of ours.
    pub(super) unknown: BTreeSet<String>,
    /// What it means for protected users.
    pub(super) protected: Protected,
}

/// What a wish means for protected users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Protected {
    /// They stay where they are: identity providers must leave them alone.
    #[default]
    LeftAlone,
    /// They come and go as others do.
    Included,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    In,
    Out,
}

impl Wish {
    /// That one member joins, a protected user too: the wish of those who protect it.
    pub fn joins(member: Uuid) -> Self {
        Self::one(member, Direction::In)
    }

    /// That one member leaves, a protected user too.
    pub fn leaves(member: Uuid) -> Self {
        Self::one(member, Direction::Out)
    }

    /// That these join, and nobody leaves: protected users too.
    pub fn all_join(members: impl IntoIterator<Item = Uuid>) -> Self {
        let named = members.into_iter().map(|it| (it, Direction::In)).collect();
        Self { named, protected: Protected::Included, ..Self::default() }
    }

    fn one(member: Uuid, direction: Direction) -> Self {
        let named = BTreeMap::from([(member, direction)]);
        Self { named, protected: Protected::Included, ..Self::default() }
    }

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
        attribute: &Attribute,
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
                    let named = wish.named_members(unit, place).await?;
                    let there = members(unit, place).await?;
                    let all = named.into_iter().chain(there);
                    for it in all.filter(|it| filter.matches_element(attribute, &element(*it))) {
                        wish.named.insert(it.uuid(), Direction::Out);
                    }
                }
            }
        }
        Ok(wish)
    }

    /// Those that are named so far, as what they are or would be.
    async fn named_members(
        &self,
        unit: &mut dyn UnitOfWork,
        place: Place,
    ) -> Result<Vec<Member>, Error> {
        let ids: Vec<_> = self.named.keys().map(|it| GroupId::new(*it)).collect();
        let groups: BTreeSet<_> = if place.nested {
            let names = unit.read().groups().names(place.organization, &ids).await?;
            names.into_iter().map(|(id, _)| id).collect()
        } else {
            BTreeSet::new()
        };
        let member = |id: GroupId| {
            if groups.contains(&id) {
                Member::Group(id)
            } else {
                Member::User(UserId::new(id.uuid()))
            }
        };
        Ok(ids.into_iter().map(member).collect())
    }

    /// The same without anybody joining: for plans that only let access be taken away.
    pub fn without_joining(self, there: &[Member]) -> Self {
        if !self.only_these {
            let named = self.named.into_iter().filter(|(_, it)| *it == Direction::Out).collect();
            return Self { named, ..self };
        }
        let keeps = |id: &Uuid| self.named.get(id) == Some(&Direction::In);
        let leave = there.iter().map(|it| it.uuid()).filter(|id| !keeps(id));
        Self {
            only_these: false,
            named: leave.map(|id| (id, Direction::Out)).collect(),
            unknown: BTreeSet::new(),
            protected: self.protected,
        }
    }

    /// Whether nobody would leave, as far as the request itself tells.
    pub fn takes_nothing_away(&self) -> bool {
        !self.only_these && !self.named.values().any(|it| *it == Direction::Out)
    }

    pub(super) fn all(&mut self, values: Vec<String>, direction: Direction) {
        for value in values {
            match UserId::parse(&value) {
                Some(id) => {
                    self.named.insert(id.uuid(), direction);
                }
                None if direction == Direction::In => {
                    self.unknown.insert(value);
                }
                // Taking away what cannot be there is done already.
                None => {}
            }
        }
    }

    pub(super) fn heading(&self, direction: Direction) -> Vec<Uuid> {
        self.named.iter().filter(|(_, it)| **it == direction).map(|(id, _)| *id).collect()
    }
}

/// A member as a filter sees it: `value` and `type`.
fn element(member: Member) -> resource::Value {
    let kind: ResourceKind = member.kind();
    let text = |it: &str| resource::Value::String(it.to_owned());
    let value = text(&member.uuid().to_string());
    let entries = [("value".into(), value), ("type".into(), text(kind.name()))];
    resource::Value::Complex(entries.into_iter().collect())
}
