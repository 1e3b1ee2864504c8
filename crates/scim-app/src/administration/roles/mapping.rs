//! Which groups lead to which roles.

use scim_domain::{
    Decision, Event, EventKind, GroupId, OrganizationId, Subject,
    access::{Change, Via},
    role::{Role, RoleKey},
};
use serde_json::json;

use crate::{
    Error,
    administration::Administration,
    journal::Entry,
    ports::UnitOfWork,
    provisioning::{Place, access_events, active_members},
};

impl Administration {
    /// Maps a group to a role: its active members hold the role from now on.
    pub async fn map_group(
        &self,
        organization: OrganizationId,
        group: GroupId,
        key: &RoleKey,
    ) -> Result<(), Error> {
        let mut unit = self.begin().await?;
        let role = self.role(&mut *unit, organization, key).await?;
        hold_group(&mut *unit, organization, group).await?;
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
        hold_group(&mut *unit, organization, group).await?;
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

/// Keeps others from changing a group, or who is in it, until the unit ends.
async fn hold_group(
    unit: &mut dyn UnitOfWork,
    organization: OrganizationId,
    group: GroupId,
) -> Result<(), Error> {
    match unit.groups().find_for_update(organization, group).await? {
        Some(_) => Ok(()),
        None => Err(Error::Missing { what: "group", id: group.to_string() }),
    }
}
