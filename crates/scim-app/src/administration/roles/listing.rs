//! Looking at roles: with what leads to them, who holds them, and what deleting one would do.

use std::collections::HashMap;

use scim_domain::{
    GroupId, OrganizationId, RoleId, UserId,
    mapping_rule::MappingRule,
    role::{Role, RoleKey},
};

use super::{deletable, role_of, rules_of};
use crate::{
    Error,
    administration::{Administration, Person},
    ports::Snapshot,
};

/// A role for people.
#[derive(Clone, Debug)]
pub struct RoleSummary {
    /// The role.
    pub role: Role,
    /// The current name of its home group.
    pub home_group_name: String,
    /// How many groups lead to it.
    pub groups: u64,
    /// How many active users hold it, on whatever way.
    pub holders: u64,
}

/// What deleting a role would do.
#[derive(Clone, Debug)]
pub struct RoleDeletion {
    /// The role.
    pub role: Role,
    /// The groups that lead to it, by id, with their names. They stay, but for the home group if
    /// `home_group_goes`.
    pub groups: Vec<(GroupId, String)>,
    /// Whether its home group goes with it: it is empty, leads to no other role and no identity
    /// provider manages it.
    pub home_group_goes: bool,
    /// The mapping rules that go with it.
    pub mapping_rules: Vec<MappingRule>,
    /// How many active users would lose it; [`Administration::list_holders`] names them.
    pub holders: u64,
}

impl Administration {
    /// All roles with what leads to them and how many hold them, oldest first: a fixed number of
    /// statements, however many roles there are.
    pub async fn list_roles(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<RoleSummary>, Error> {
        let mut snapshot = self.store.read().await?;
        self.organization(&mut *snapshot, organization).await?;
        let roles = snapshot.roles().list(organization).await?;
        summaries(&mut *snapshot, organization, roles).await
    }

    /// One role.
    pub async fn show_role(
        &self,
        organization: OrganizationId,
        key: &RoleKey,
    ) -> Result<RoleSummary, Error> {
        let mut snapshot = self.store.read().await?;
        self.organization(&mut *snapshot, organization).await?;
        let role = role_of(&mut *snapshot, organization, key).await?;
        let mut found = summaries(&mut *snapshot, organization, vec![role]).await?;
        found.pop().ok_or_else(|| Error::Defect("a role came without its summary".to_owned()))
    }

    /// The active users who hold a role, on whatever way, ordered by id, after `after`; at most
    /// `limit`.
    pub async fn list_holders(
        &self,
        organization: OrganizationId,
        key: &RoleKey,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<Person>, Error> {
        let mut snapshot = self.store.read().await?;
        let catalog = self.catalog(&mut *snapshot, organization).await?;
        let role = role_of(&mut *snapshot, organization, key).await?;
        let holders = snapshot.holders().list(organization, role.id, after, limit).await?;
        let people = holders.iter().map(|it| Person::read(&catalog.user, it));
        Ok(people.collect::<Result<_, _>>()?)
    }

    /// What deleting a role would do. Fails as deleting it would.
    pub async fn preview_role_deletion(
        &self,
        organization: OrganizationId,
        key: &RoleKey,
    ) -> Result<RoleDeletion, Error> {
        let mut snapshot = self.store.read().await?;
        self.organization(&mut *snapshot, organization).await?;
        let role = role_of(&mut *snapshot, organization, key).await?;
        deletable(&role)?;
        let groups = snapshot.roles().groups_of(organization, role.id).await?;
        let groups = snapshot.groups().names(organization, &groups).await?;
        let home_group_goes =
            self.unused_home(&mut *snapshot, organization, &role).await?.is_some();
        let mapping_rules = rules_of(&mut *snapshot, organization, &role).await?;
        let holders = number_of(&snapshot.holders().count(organization).await?, role.id);
        Ok(RoleDeletion { role, groups, home_group_goes, mapping_rules, holders })
    }
}

pub(super) async fn summaries(
    snapshot: &mut dyn Snapshot,
    organization: OrganizationId,
    roles: Vec<Role>,
) -> Result<Vec<RoleSummary>, Error> {
    let homes: Vec<_> = roles.iter().map(|it| it.home_group).collect();
    let names = snapshot.groups().names(organization, &homes).await?;
    let mut names: HashMap<GroupId, String> = names.into_iter().collect();
    let groups = snapshot.holders().count_groups(organization).await?;
    let holders = snapshot.holders().count(organization).await?;
    let summary = |role: Role| RoleSummary {
        home_group_name: names.remove(&role.home_group).unwrap_or_default(),
        groups: number_of(&groups, role.id),
        holders: number_of(&holders, role.id),
        role,
    };
    Ok(roles.into_iter().map(summary).collect())
}

fn number_of(numbers: &[(RoleId, u64)], role: RoleId) -> u64 {
    numbers.iter().find(|(id, _)| *id == role).map_or(0, |(_, number)| *number)
}
