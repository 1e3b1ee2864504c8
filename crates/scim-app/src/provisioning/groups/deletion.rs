//! Deleting a group. No role is ever unreachable: one that loses its home group gets a fresh one.

use std::sync::Arc;

use scim_domain::{
    Decision, Event, GroupId, OrganizationId, Timestamp, access::Change, role::MappedRole,
};

use super::{IfMatch, entry, group, group_id};
use crate::{
    Error, home_groups,
    ports::{Ahead, UnitOfWork},
    provisioning::{
        Caller, Outcome, Provisioning,
        membership::{self, Place, Pushed},
        to_its_end,
    },
};

impl Provisioning {
    /// Deletes a group (RFC 7644 §3.6). A role whose home group it was gets a fresh, empty one.
    pub async fn delete_group(
        &self,
        caller: Arc<Caller>,
        id: &str,
        if_match: IfMatch,
    ) -> Result<Outcome<()>, Error> {
        let id = group_id(id)?;
        caller.writes_groups()?;
        let this = self.clone();
        to_its_end(async move || this.delete_group_unit(&caller, id, &if_match).await).await
    }

    async fn delete_group_unit(
        &self,
        caller: &Caller,
        id: GroupId,
        if_match: &IfMatch,
    ) -> Result<Outcome<()>, Error> {
        let organization = caller.organization();
        let reach = caller.reaching();
        let place = Place::of(reach, id);
        let mut unit = self.begin(caller, Ahead::Group(id)).await?;
        let group = group(caller, unit.groups().find_for_update(organization, id).await?)?;
        if_match.check(group.meta.version)?;
        membership::check_deletion(&mut *unit, place).await?;
        let mapped = unit.read().roles().mapped(organization, &[id]).await?;
        let mapped: Vec<_> = mapped.into_iter().map(|(_, role)| role).collect();
        // What it leads to, where that is more than its own mappings.
        let leads = if reach.nested { reach.leads(unit.read(), id).await? } else { Vec::new() };
        let members = if mapped.is_empty() && leads.is_empty() {
            Vec::new()
        } else {
            membership::active_members(&mut *unit, place).await?
        };
        unit.groups().delete(organization, id, group.meta.version).await?;
        let mut decision = Decision::new((), vec![group.deleted()]);
        let change = Change::Revoked;
        let events = if reach.nested {
            membership::lost(&mut *unit, reach, &leads, &members).await?
        } else {
            membership::effects(&mut *unit, place, change, &mapped, &members).await?
        };
        decision = decision.and(events);
        let mut notes = Vec::new();
        for role in mapped.iter().filter(|it| it.home) {
            let fresh = self.fresh_home_group(&mut *unit, organization, role).await?;
            notes.push("the role of this group got a fresh, empty group".to_owned());
            decision = decision.and(fresh);
        }
        let entry = entry("group.deleted", id, &Pushed::default(), &[]);
        self.journal(caller).commit(unit, entry, decision).await?;
        Ok(Outcome::new((), "deleted", notes))
    }

    /// A fresh, empty home group for a role that has just lost its own.
    pub(super) async fn fresh_home_group(
        &self,
        unit: &mut dyn UnitOfWork,
        organization: OrganizationId,
        role: &MappedRole,
    ) -> Result<Vec<Event>, Error> {
        let id = GroupId::new(self.ids.next());
        let now: Timestamp = self.clock.now();
        let events = home_groups::create(unit, organization, id, &role.name, now).await?;
        let found = unit.read().roles().find_by_key(organization, &role.key).await?;
        let Some(mut stored) = found else {
            return Err(Error::Defect("a mapped role does not exist".to_owned()));
        };
        stored.home_group = id;
        unit.roles().update(organization, &stored).await?;
        unit.roles().map(organization, id, role.id, now).await?;
        Ok(events)
    }
}
