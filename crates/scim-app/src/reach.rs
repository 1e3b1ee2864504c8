//! Who reaches what, where a group may be a member of a group and where it may not.
//!
//! What somebody reaches as a member of a group is asked in the same way everywhere. Only where
//! groups are nested, what lies above those groups is asked in addition.

use std::collections::{BTreeSet, HashMap, HashSet};

use scim_domain::{
    GroupId, OrganizationId, RoleId, UserId,
    access::{Holding, Via},
    group::Member,
    organization::Organization,
    resource::representation::GroupRef,
    role::MappedRole,
};

use crate::ports::{Snapshot, StoreError};

/// An organization, as far as reach depends on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    /// Its id.
    pub organization: OrganizationId,
    /// Whether a group may be a member of a group.
    pub nested: bool,
}

type Result<T> = std::result::Result<T, StoreError>;

fn count<T>(all: &[T]) -> u64 {
    u64::try_from(all.len()).unwrap_or(u64::MAX)
}

fn within<T>(all: &[T], most: u64) -> bool {
    count(all) <= most
}

impl Reach {
    /// That of an organization.
    pub const fn of(organization: &Organization) -> Self {
        Self { organization: organization.id, nested: organization.nested_groups }
    }

    /// The groups of users, direct and indirect, ordered by user, then by group.
    pub async fn groups_of(
        self,
        snapshot: &mut dyn Snapshot,
        users: &[UserId],
    ) -> Result<Vec<(UserId, GroupRef)>> {
        let mut all = snapshot.users().groups_of(self.organization, users).await?;
        if self.nested && !all.is_empty() {
            all.extend(snapshot.nestings().groups_of(self.organization, users).await?);
            all.sort_by_key(|(user, group)| (*user, group.id));
        }
        Ok(all)
    }

    /// The members of groups, ordered by group: users, then groups, by id. None if they are more
    /// than `most`, of which no more is read than it takes to know.
    pub async fn members_of(
        self,
        snapshot: &mut dyn Snapshot,
        groups: &[GroupId],
        most: u64,
    ) -> Result<Option<Vec<(GroupId, Member)>>> {
        let limit = most.saturating_add(1);
        let users = snapshot.groups().members_of(self.organization, groups, limit).await?;
        let users = users.into_iter().map(|(group, user)| (group, Member::User(user)));
        let mut all: Vec<_> = users.collect();
        if self.nested && within(&all, most) {
            let nested = snapshot.nestings().members_of(self.organization, groups, limit).await?;
            all.extend(nested.into_iter().map(|(group, it)| (group, Member::Group(it))));
            all.sort_unstable();
        }
        Ok(within(&all, most).then_some(all))
    }

    /// The members of a group after one of them, in the same order, at most `limit`.
    pub async fn members_after(
        self,
        snapshot: &mut dyn Snapshot,
        group: GroupId,
        after: Option<Member>,
        limit: u64,
    ) -> Result<Vec<Member>> {
        let (user, nested) = match after {
            None => (None, None),
            Some(Member::User(id)) => (Some(id), None),
            Some(Member::Group(id)) => (None, Some(id)),
        };
        let mut all = Vec::new();
        if nested.is_none() {
            let groups = snapshot.groups();
            let users = groups.members_after(self.organization, group, user, limit).await?;
            all.extend(users.into_iter().map(Member::User));
        }
        let left = limit.saturating_sub(count(&all));
        if self.nested && left > 0 {
            let nestings = snapshot.nestings();
            let groups = nestings.members_after(self.organization, group, nested, left).await?;
            all.extend(groups.into_iter().map(Member::Group));
        }
        Ok(all)
    }

    /// How many members a group has.
    pub async fn count_members(self, snapshot: &mut dyn Snapshot, group: GroupId) -> Result<u64> {
        let mut count = snapshot.groups().count_members(self.organization, group).await?;
        if self.nested {
            let nestings = snapshot.nestings();
            let nested = nestings.members_of(self.organization, &[group], u64::MAX).await?;
            count = count.saturating_add(u64::try_from(nested.len()).unwrap_or(u64::MAX));
        }
        Ok(count)
    }

    /// How many members each of these groups has; groups without any may be missing.
    pub async fn count_members_of(
        self,
        snapshot: &mut dyn Snapshot,
        groups: &[GroupId],
    ) -> Result<HashMap<GroupId, u64>> {
        let users = snapshot.groups().count_members_of(self.organization, groups).await?;
        let mut numbers: HashMap<GroupId, u64> = users.into_iter().collect();
        if self.nested {
            let nestings = snapshot.nestings();
            for (group, _) in nestings.members_of(self.organization, groups, u64::MAX).await? {
                let number = numbers.entry(group).or_default();
                *number = number.saturating_add(1);
            }
        }
        Ok(numbers)
    }

    /// What users hold, whether active or not.
    pub async fn holdings(
        self,
        snapshot: &mut dyn Snapshot,
        users: &[UserId],
    ) -> Result<Vec<Holding>> {
        let mut all = snapshot.roles().holdings(self.organization, users).await?;
        if !self.nested || users.is_empty() {
            return Ok(all);
        }
        let above = snapshot.nestings().groups_of(self.organization, users).await?;
        let above: Vec<_> = above.into_iter().map(|(user, group)| (user, group.id)).collect();
        let mapped = self.mapped(snapshot, above.iter().map(|(_, group)| *group)).await?;
        for (user, group) in above {
            let roles = mapped.get(&group).into_iter().flatten();
            all.extend(roles.map(|role| Holding {
                user,
                role: role.clone(),
                via: Via::Group(group),
            }));
        }
        Ok(all)
    }

    async fn mapped(
        self,
        snapshot: &mut dyn Snapshot,
        groups: impl Iterator<Item = GroupId>,
    ) -> Result<HashMap<GroupId, Vec<MappedRole>>> {
        let groups: Vec<_> = groups.collect::<BTreeSet<_>>().into_iter().collect();
        let mut mapped: HashMap<GroupId, Vec<MappedRole>> = HashMap::new();
        for (group, role) in snapshot.roles().mapped(self.organization, &groups).await? {
            mapped.entry(group).or_default().push(role);
        }
        Ok(mapped)
    }

    /// Whether any active user holds a role.
    pub async fn has_active_holder(
        self,
        snapshot: &mut dyn Snapshot,
        role: RoleId,
    ) -> Result<bool> {
        let direct = snapshot.roles().has_active_holder(self.organization, role).await?;
        if direct || !self.nested {
            return Ok(direct);
        }
        snapshot.nestings().has_active_holder(self.organization, role).await
    }

    /// The roles that a group leads to, each once, with a group that is mapped to it: the group
    /// itself where it is, or one above it.
    pub async fn leads(
        self,
        snapshot: &mut dyn Snapshot,
        group: GroupId,
    ) -> Result<Vec<(GroupId, MappedRole)>> {
        let all = self.leads_of(snapshot, &[group]).await?;
        let (own, mut others): (Vec<_>, Vec<_>) =
            all.into_iter().map(|(_, mapped, role)| (mapped, role)).partition(|it| it.0 == group);
        let mut leads = own;
        leads.append(&mut others);
        let mut seen = HashSet::new();
        leads.retain(|(_, role)| seen.insert(role.id));
        Ok(leads)
    }

    /// A group, one that it leads through and that is mapped to a role, and the role.
    async fn leads_of(
        self,
        snapshot: &mut dyn Snapshot,
        groups: &[GroupId],
    ) -> Result<Vec<(GroupId, GroupId, MappedRole)>> {
        let mut ways: Vec<_> = groups.iter().map(|it| (*it, *it)).collect();
        ways.extend(snapshot.nestings().above(self.organization, groups).await?);
        let mapped = self.mapped(snapshot, ways.iter().map(|(_, above)| *above)).await?;
        let roles = |(group, above): (GroupId, GroupId)| {
            let roles = mapped.get(&above).into_iter().flatten();
            roles.map(move |role| (group, above, role.clone()))
        };
        Ok(ways.into_iter().flat_map(roles).collect())
    }

    /// Those of the groups whose members do not reach all of these roles through them.
    pub async fn without(
        self,
        snapshot: &mut dyn Snapshot,
        roles: &[(GroupId, MappedRole)],
        groups: &[GroupId],
    ) -> Result<Vec<GroupId>> {
        let mut led: HashMap<GroupId, HashSet<RoleId>> = HashMap::new();
        for (group, _, role) in self.leads_of(snapshot, groups).await? {
            led.entry(group).or_default().insert(role.id);
        }
        let lacks = |group| {
            let own = led.get(&group);
            roles.iter().any(|(_, role)| !own.is_some_and(|it| it.contains(&role.id)))
        };
        Ok(groups.iter().copied().filter(|it| lacks(*it)).collect())
    }
}
