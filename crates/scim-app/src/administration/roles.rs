//! Roles with their home groups.

mod listing;
mod mapping;

use scim_domain::{
    Decision, Event, EventKind, FoldedText, GroupId, OrganizationId, RoleId, Subject,
    access::{self, Holding, Via},
    group::{Group, StoredGroup},
    mapping_rule::MappingRule,
    role::{MOST_ROLES, Role, RoleKey},
};
use serde_json::{Value, json};

pub use listing::{RoleDeletion, RoleSummary};

use super::Administration;
use crate::{
    Error, home_groups,
    idempotency::Once,
    journal::Entry,
    ports::{MemberState, Snapshot, UniqueKey, UnitOfWork},
    provisioning::{Place, active_members},
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
    /// Whether each grant and the loss of the last holder are told on their own.
    pub privileged: bool,
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
    /// Whether each grant and the loss of the last holder are told on their own. Of a built-in role
    /// that is not to be changed.
    pub privileged: Option<bool>,
}

impl Administration {
    /// Creates a custom role with its home group. An organization has at most [`MOST_ROLES`].
    pub async fn create_role(
        &self,
        organization: OrganizationId,
        new: NewRole,
    ) -> Result<Role, Error> {
        Ok(self.create_role_once(organization, new, &Once::none()).await?.role)
    }

    /// The same for a request that may come again; answers the role as it is shown.
    pub async fn create_role_once(
        &self,
        organization: OrganizationId,
        new: NewRole,
        once: &Once<RoleSummary>,
    ) -> Result<RoleSummary, Error> {
        let mut unit = self.begin().await?;
        self.organization(unit.read(), organization).await?;
        // A group comes with the role.
        unit.organizations().hold(organization).await?;
        if unit.read().roles().list(organization).await?.len() >= MOST_ROLES {
            return Err(Error::Conflict(format!(
                "An organization has at most {MOST_ROLES} roles. Delete one that is not needed."
            )));
        }
        let (role, events) = self.insert_role(&mut *unit, organization, new, false).await?;
        let entry = entry("role.created", &role);
        let mut shown = listing::summaries(unit.read(), organization, vec![role]).await?;
        let shown = shown.pop();
        let shown = shown.ok_or_else(|| Error::Defect("a role without its summary".to_owned()))?;
        once.remember(&mut *unit, &shown).await?;
        let decision = Decision::new(shown, events);
        Ok(self.journal(organization).commit(unit, entry, decision).await?)
    }

    /// Stores a role with a home group that is mapped to it.
    pub(super) async fn insert_role(
        &self,
        unit: &mut dyn UnitOfWork,
        organization: OrganizationId,
        new: NewRole,
        built_in: bool,
    ) -> Result<(Role, Vec<Event>), Error> {
        let (name, folded) = Role::name(&new.name)?;
        role_name_free(unit, organization, &folded, None).await?;
        let now = self.clock.now();
        let home_group = GroupId::new(self.ids.next());
        let role = Role {
            id: RoleId::new(self.ids.next()),
            key: free_key(unit, organization, &name).await?,
            description: Role::description(&new.description)?,
            permissions: Role::permissions(&new.permissions)?,
            built_in,
            privileged: new.privileged,
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
            role.description = Role::description(&description)?;
        }
        if let Some(permissions) = change.permissions {
            role.permissions = Role::permissions(&permissions)?;
        }
        role.privileged = change.privileged.unwrap_or(role.privileged);
        if role.built_in && role.privileged != before.privileged {
            return Err(Error::Conflict(format!(
                "The role {key} is built in: whether it is privileged stays as it is."
            )));
        }
        if role == before {
            return Ok(role);
        }
        unit.roles().update(organization, &role).await?;
        let entry = entry("role.updated", &role);
        let events = vec![event(EventKind::RoleUpdated, &role)];
        Ok(self.journal(organization).commit(unit, entry, Decision::new(role, events)).await?)
    }

    /// Deletes a custom role with its mappings and mapping rules. Its home group goes too if it is empty, leads to no
    /// other role and was never written over SCIM; else it stays as an ordinary group.
    pub async fn delete_role(
        &self,
        organization: OrganizationId,
        key: &RoleKey,
    ) -> Result<(), Error> {
        let mut unit = self.begin().await?;
        let role = self.role(&mut *unit, organization, key).await?;
        deletable(&role)?;
        // A group may go with the role.
        unit.organizations().hold(organization).await?;
        // Held from here on: nobody joins the group that may go with the role.
        unit.groups().find_for_update(organization, role.home_group).await?;
        let home = self.unused_home(unit.read(), organization, &role).await?;
        let mut events = vec![event(EventKind::RoleDeleted, &role)];
        let rules = rules_of(unit.read(), organization, &role).await?;
        let kind = EventKind::MappingRuleDeleted;
        events.extend(rules.iter().map(|it| it.event(kind, &role.key)));
        events.extend(self.losses(&mut *unit, organization, &role).await?);
        unit.roles().delete(organization, role.id).await?;
        if let Some(stored) = home {
            unit.groups().delete(organization, stored.id, stored.meta.version).await?;
            let catalog = self.catalog(unit.read(), organization).await?;
            events.push(Group::from_stored(&catalog.group, &stored)?.deleted());
        }
        let mut entry = entry("role.deleted", &role);
        if let (Some(detail), false) = (entry.detail.as_object_mut(), rules.is_empty()) {
            let rules: Vec<_> = rules.iter().map(|it| it.facts(&role.key)).collect();
            detail.insert("mappingRules".to_owned(), json!(rules));
        }
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

    /// The home group of a role, if it would go with it.
    async fn unused_home(
        &self,
        snapshot: &mut dyn Snapshot,
        organization: OrganizationId,
        role: &Role,
    ) -> Result<Option<StoredGroup>, Error> {
        let home = role.home_group;
        let Some(stored) = snapshot.groups().find(organization, home).await? else {
            return Ok(None);
        };
        let reach = self.reach(snapshot, organization).await?;
        let mapped = snapshot.roles().mapped(organization, &[home]).await?;
        let used = stored.written_over_scim
            || reach.count_members(snapshot, home).await? > 0
            || mapped.iter().any(|(_, it)| it.id != role.id);
        Ok((!used).then_some(stored))
    }

    pub(super) async fn role(
        &self,
        unit: &mut dyn UnitOfWork,
        organization: OrganizationId,
        key: &RoleKey,
    ) -> Result<Role, Error> {
        role_of(unit.read(), organization, key).await
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

/// The role of a key.
async fn role_of(
    snapshot: &mut dyn Snapshot,
    organization: OrganizationId,
    key: &RoleKey,
) -> Result<Role, Error> {
    let found = snapshot.roles().find_by_key(organization, key).await?;
    found.ok_or_else(|| Error::Missing { what: "role", id: key.to_string() })
}

/// Fails for a role that cannot be deleted.
fn deletable(role: &Role) -> Result<(), Error> {
    if role.built_in {
        return Err(Error::Conflict(format!("The role {} is built in and stays.", role.key)));
    }
    Ok(())
}

/// The mapping rules that lead to a role.
async fn rules_of(
    snapshot: &mut dyn Snapshot,
    organization: OrganizationId,
    role: &Role,
) -> Result<Vec<MappingRule>, Error> {
    let rules = snapshot.mapping_rules().list(organization).await?;
    Ok(rules.into_iter().map(|(rule, _)| rule).filter(|it| it.role == role.id).collect())
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
