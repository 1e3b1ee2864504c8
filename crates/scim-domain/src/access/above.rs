//! What users reach through groups above their own, where a group may be a member of a group.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::{Made, Path, Reached, Step, Via};
use crate::{GroupId, UserId, role::RoleKey};

#[cfg(test)]
mod tests;

/// That a user is a member of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The user.
    pub user: UserId,
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub group_name: String,
    /// How the user came into it.
    pub made: Made,
}

/// That a group is a member of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nesting {
    /// The member.
    pub member: GroupId,
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub group_name: String,
    /// How the member came into it.
    pub made: Made,
}

/// That a group is mapped to a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// The group.
    pub group: GroupId,
    /// The role.
    pub role: RoleKey,
    /// What the role permits.
    pub permissions: Vec<String>,
    /// How it came.
    pub made: Made,
}

/// Everything between users and roles that lies on ways through groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Above {
    /// The groups that the users are members of.
    pub memberships: Vec<Membership>,
    /// What leads up from these groups, however far.
    pub nestings: Vec<Nesting>,
    /// The mappings of all these groups.
    pub mappings: Vec<Mapping>,
}

/// The same, ordered for walks.
#[derive(Debug)]
pub struct Network<'a> {
    own: HashMap<UserId, BTreeMap<GroupId, &'a Membership>>,
    up: HashMap<GroupId, BTreeMap<GroupId, &'a Nesting>>,
    mapped: HashMap<GroupId, Vec<&'a Mapping>>,
}

impl<'a> Network<'a> {
    /// Orders what was read.
    pub fn new(above: &'a Above) -> Self {
        let mut network = Self { own: HashMap::new(), up: HashMap::new(), mapped: HashMap::new() };
        for it in &above.memberships {
            network.own.entry(it.user).or_default().insert(it.group, it);
        }
        for it in &above.nestings {
            network.up.entry(it.member).or_default().insert(it.group, it);
        }
        for it in &above.mappings {
            network.mapped.entry(it.group).or_default().push(it);
        }
        network
    }

    /// What a user reaches through groups that it is no member of itself: each role of each such
    /// group once, on a shortest way. Even if groups went in a circle, this would end.
    pub fn reached_by(&self, user: UserId) -> Vec<Reached> {
        let Some(own) = self.own.get(&user) else { return Vec::new() };
        let mut open: VecDeque<_> = own.keys().copied().collect();
        // How each group was first reached.
        let mut from: BTreeMap<GroupId, &Nesting> = BTreeMap::new();
        while let Some(member) = open.pop_front() {
            for (group, nesting) in self.up.get(&member).into_iter().flatten() {
                if !own.contains_key(group) && !from.contains_key(group) {
                    from.insert(*group, nesting);
                    open.push_back(*group);
                }
            }
        }
        let mut reached = Vec::new();
        for (group, last) in &from {
            for mapping in self.mapped.get(group).into_iter().flatten() {
                let (membership, way) = way(own, &from, last);
                let path = Path {
                    role: mapping.role.clone(),
                    via: Via::Group(*group),
                    group_name: Some(last.group_name.clone()),
                    membership,
                    way,
                    grant: mapping.made,
                };
                reached.push(Reached { path, permissions: mapping.permissions.clone() });
            }
        }
        reached
    }
}

/// The way that ends with `last`, from its beginning, and how the user came onto it.
fn way(
    own: &BTreeMap<GroupId, &Membership>,
    from: &BTreeMap<GroupId, &Nesting>,
    last: &Nesting,
) -> (Option<Made>, Vec<Step>) {
    let before = |it: &&Nesting| from.get(&it.member).copied();
    let mut way: Vec<_> = std::iter::successors(Some(last), before)
        .map(|nesting| {
            let own = own.get(&nesting.member).map(|it| &it.group_name);
            let name = own.or_else(|| from.get(&nesting.member).map(|it| &it.group_name));
            let name = name.cloned().unwrap_or_default();
            Step { group: nesting.member, name, nested: nesting.made }
        })
        .collect();
    way.reverse();
    let first = way.first().and_then(|it| own.get(&it.group));
    (first.map(|it| it.made), way)
}
