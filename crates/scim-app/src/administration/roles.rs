//! Roles with their home groups.

use scim_domain::{
    Decision, Event, EventKind, FoldedText, GroupId, OrganizationId, RoleId, Subject,
    access::{self, Change, Holding, Via},
    group::Group,
    role::{Role, RoleKey},
};
use serde_json::{Value, json};

use super::Administration;
use crate::{
    Error, home_groups,
    journal::Entry,
    ports::{MemberState, UniqueKey, UnitOfWork},
    provisioning::{Place, access_events, active_members},
};

/// Assignees read at a time.
const PAGE: u64 = 5_000;

/// What a person says about a new role.
#[derive(Clone, Debug, Default)]
pub struct NewRole {
    /// Its name, unique among roles.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What the backend grants with it; handed through.
    pub permissions: Vec<String>,
}

/// What is to change about a role; `None` keeps.
#[derive(Clone, Debug, Default)]
pub struct RoleChange {
    /// The name. The key stays, and so does the home group's name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What the backend grants with it.
    pub permissions: Option<Vec<String>>,
}

impl Administration {
    /// Creates a custom role with its home group.
    pub async fn create_role(
        &self,
        organization: OrganizationId,
        new: NewRole,
    ) -> Result<Role, Error> {
        let mut unit = self.begin().await?;
        self.organization(unit.read(), organization).await?;
        let (role, events) = self.insert_role(&mut *unit, organization, new, false, false).await?;
        let entry = entry("role.created", &role);
        let decision = Decision::new(role, events);
        Ok(self.journal(organization).commit(unit, entry, decision).await?)
    }

    /// Stores a role with a home group that is mapped to it.
    pub(super) async fn insert_role(
        &self,
        unit: &mut dyn UnitOfWork,
        organization: OrganizationId,
        new: NewRole,
        built_in: bool,
        privileged: bool,
    ) -> Result<(Role, Vec<Event>), Error> {
        let (name, folded) = Role::name(&new.name)?;
        role_name_free(unit, organization, &folded, None).await?;
        let now = self.clock.now();
        let home_group = GroupId::new(self.ids.next());
        let role = Role {
            id: RoleId::new(self.ids.next()),
            key: free_key(unit, organization, &name).await?,
            description: new.description.trim().to_owned(),
            permissions: tidy(new.permissions),
            built_in,
            privileged,
            home_group,
            created: now,
            name,
        };
        let home = home_groups::create(unit, organization, home_group, &role.name, now).await?;
        unit.roles().insert(organization, &role).await?;
        unit.roles().map(organization, home_group, role.id, now).await?;
        let mut events = vec![event(EventKind::RoleCreated, &role)];
        events.extend(home);
        Ok((role, events))
    }

    /// Changes a role. Its key never changes.
    pub async fn update_role(
        &self,
        organization: OrganizationId,
        key: &RoleKey,
        change: RoleChange,
    ) -> Result<Role, Error> {
        let mut unit = self.begin().await?;
        let before = self.role(&mut *unit, organization, key).await?;
        let mut role = before.clone();
        if let Some(name) = change.name {
            let (name, folded) = Role::name(&name)?;
            role_name_free(&mut *unit, organization, &folded, Some(role.id)).await?;
            role.name = name;
        }
        if let Some(description) = change.description {
            description.trim().clone_into(&mut role.description);
        }
        if let Some(permissions) = change.permissions {
            role.permissions = tidy(permissions);
        }
        if role == before {
            return Ok(role);
        }
        unit.roles().update(organization, &role).await?;
        let entry = entry("role.updated", &role);
        let events = vec![event(EventKind::RoleUpdated, &role)];
        Ok(self.journal(organization).commit(unit, entry, Decision::new(role, events)).await?)
    }

    /// Deletes a custom role with its mappings. Its home group goes too if it is empty, leads to no
    /// other role and was never written over SCIM; else it stays as an ordinary group.
    pub async fn delete_role(
        &self,
        organization: OrganizationId,
        key: &RoleKey,
    ) -> Result<(), Error> {
        let mut unit = self.begin().await?;
        let role = self.role(&mut *unit, organization, key).await?;
        if role.built_in {
            return Err(Error::Conflict(format!("The role {key} is built in and stays.")));
        }
        let mut events = self.losses(&mut *unit, organization, &role).await?;
        unit.roles().delete(organization, role.id).await?;
        events.insert(0, event(EventKind::RoleDeleted, &role));
        if let Some(group) = self.unused_home(&mut *unit, organization, &role).await? {
            unit.groups().delete(organization, group.id, group.meta.version).await?;
            events.push(group.deleted());
        }
        let entry = entry("role.deleted", &role);
        let decision = Decision::new((), events);
        Ok(self.journal(organization).commit(unit, entry, decision).await?)
    }

    /// Everybody who loses the role with it.
    async fn losses(
        &self,
        unit: &mut dyn UnitOfWork,
        organization: OrganizationId,
        role: &Role,
    ) -> Result<Vec<Event>, Error> {
        let reach = self.reach(unit.read(), organization).await?;
        let mut ways = Vec::new();
        for group in unit.read().roles().groups_of(organization, role.id).await? {
            ways.push((Via::Group(group), active_members(unit, Place::of(reach, group)).await?));
        }
        let assignees = all_assignees(unit, organization, role.id).await?;
        let active = assignees.into_iter().filter(|it| it.active).map(|it| it.id).collect();
        ways.push((Via::Assignment, active));
        let held: Vec<_> = ways
            .iter()
            .flat_map(|(via, users)| users.iter().map(move |user| (*via, user)))
            .map(|(via, user)| Holding { user: *user, role: role.reached(via), via })
            .collect();
        Ok(access::difference(&held, &[]))
    }

    async fn unused_home(
        &self,
        unit: &mut dyn UnitOfWork,
        organization: OrganizationId,
        role: &Role,
    ) -> Result<Option<Group>, Error> {
        let home = role.home_group;
        let Some(stored) = unit.groups().find_for_update(organization, home).await? else {
            return Ok(None);
        };
        let reach = self.reach(unit.read(), organization).await?;
        let used = stored.written_over_scim
            || reach.count_members(unit.read(), home).await? > 0
            || !unit.read().roles().mapped(organization, &[home]).await?.is_empty();
        if used {
            return Ok(None);
        }
        let catalog = self.catalog(unit.read(), organization).await?;
        Ok(Some(Group::from_stored(&catalog.group, &stored)?))
    }

    pub(super) async fn role(
        &self,
        unit: &mut dyn UnitOfWork,
        organization: OrganizationId,
        key: &RoleKey,
    ) -> Result<Role, Error> {
        let found = unit.read().roles().find_by_key(organization, key).await?;
        found.ok_or_else(|| Error::Missing { what: "role", id: key.to_string() })
    }

    /// Maps a group to a role: its active members hold the role from now on.
    pub async fn map_group(
        &self,
        organization: OrganizationId,
        group: GroupId,
        key: &RoleKey,
    ) -> Result<(), Error> {
        let mut unit = self.begin().await?;
        let role = self.role(&mut *unit, organization, key).await?;
        lock_group(&mut *unit, organization, group).await?;
        if !unit.roles().map(organization, group, role.id, self.clock.now()).await? {
            return Ok(());
        }
        self.mapping_changed(unit, organization, group, &role, Change::Granted).await
    }

    /// Takes a mapping away. A home group stays mapped to its own role.
    pub async fn unmap_group(
        &self,
        organization: OrganizationId,
        group: GroupId,
        key: &RoleKey,
    ) -> Result<(), Error> {
        let mut unit = self.begin().await?;
        let role = self.role(&mut *unit, organization, key).await?;
        if role.home_group == group {
            return Err(Error::Conflict(format!(
                "This group is the home group of the role {key}; that mapping cannot be taken away."
            )));
        }
        lock_group(&mut *unit, organization, group).await?;
        if !unit.roles().unmap(organization, group, role.id).await? {
            return Ok(());
        }
        self.mapping_changed(unit, organization, group, &role, Change::Revoked).await
    }

    async fn mapping_changed(
        &self,
        mut unit: Box<dyn UnitOfWork>,
        organization: OrganizationId,
        group: GroupId,
        role: &Role,
        change: Change,
    ) -> Result<(), Error> {
        let place = Place::of(self.reach(unit.read(), organization).await?, group);
        let members = active_members(&mut *unit, place).await?;
        let roles = [role.reached(Via::Group(group))];
        let effects = access_events(&mut *unit, place, change, &roles, &members).await?;
        let kind = match change {
            Change::Granted => EventKind::GroupMapped,
            Change::Revoked => EventKind::GroupUnmapped,
        };
        let (subject, detail) = (Subject::Group(group), json!({ "role": role.key.as_str() }));
        let told = Event::new(kind, subject, detail.clone());
        let entry = Entry { action: kind.name(), subject, detail };
        let decision = Decision::new((), vec![told]).and(effects);
        Ok(self.journal(organization).commit(unit, entry, decision).await?)
    }
}

async fn lock_group(
    unit: &mut dyn UnitOfWork,
    organization: OrganizationId,
    group: GroupId,
) -> Result<(), Error> {
    match unit.groups().find_for_update(organization, group).await? {
        Some(_) => Ok(()),
        None => Err(Error::Missing { what: "group", id: group.to_string() }),
    }
}

/// Everybody to whom a role is assigned, read in pages.
async fn all_assignees(
    unit: &mut dyn UnitOfWork,
    organization: OrganizationId,
    role: RoleId,
) -> Result<Vec<MemberState>, Error> {
    let mut all: Vec<MemberState> = Vec::new();
    loop {
        let after = all.last().map(|it| it.id);
        let page = unit.read().roles().assignees(organization, role, after, PAGE).await?;
        let last = (page.len() as u64) < PAGE;
        all.extend(page);
        if last {
            return Ok(all);
        }
    }
}

async fn role_name_free(
    unit: &mut dyn UnitOfWork,
    organization: OrganizationId,
    name: &FoldedText,
    own: Option<RoleId>,
) -> Result<(), Error> {
    let holder = unit.read().roles().find_by_name(organization, name).await?;
    if holder.is_some_and(|it| Some(it.id) != own) {
        let key = UniqueKey::RoleName;
        return Err(Error::Taken { key, detail: crate::error::taken(key).to_owned() });
    }
    Ok(())
}

/// The slug of a name, or the first free one of `name-2`, `name-3`, …
async fn free_key(
    unit: &mut dyn UnitOfWork,
    organization: OrganizationId,
    name: &str,
) -> Result<RoleKey, Error> {
    let slug = RoleKey::of_name(name);
    let mut key = slug.clone();
    let mut number = 2;
    while unit.read().roles().find_by_key(organization, &key).await?.is_some() {
        key = slug.numbered(number);
        number += 1;
    }
    Ok(key)
}

/// Permissions without blanks around them, each once, in the order given.
fn tidy(permissions: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let trimmed = permissions.into_iter().map(|it| it.trim().to_owned());
    trimmed.filter(|it| !it.is_empty() && seen.insert(it.clone())).collect()
}

fn facts(role: &Role) -> Value {
    json!({
        "key": role.key.as_str(),
        "name": role.name,
        "permissions": role.permissions,
        "privileged": role.privileged,
        "homeGroup": role.home_group.to_string(),
    })
}

fn event(kind: EventKind, role: &Role) -> Event {
    Event::new(kind, Subject::Role(role.id), facts(role))
}

fn entry(action: &'static str, role: &Role) -> Entry {
    Entry { action, subject: Subject::Role(role.id), detail: facts(role) }
}
