//! Changing an organization: each change is one unit, with one audit entry and an event for
//! everything that is different.

use scim_domain::{
    Decision, OrganizationId, Timestamp,
    organization::{Organization, OrganizationChange, Plan, SeatLimit},
};
use serde_json::{Map, Value};

use crate::{
    Error,
    administration::{Administration, missing},
    journal::{self, Entry},
    ports::UnitOfWork,
};

impl Administration {
    /// Changes what an organization is called, pays for and has set. All of it takes effect with the
    /// next request, everywhere, except that roles which users have assigned follow page by page:
    /// see [`Administration::set_entitlements`], and for `progress` too.
    pub async fn update_organization(
        &self,
        id: OrganizationId,
        change: &OrganizationChange,
        progress: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<Organization, Error> {
        let organization = self.change_organization(id, change).await?;
        if let Some(entitlements) = change.entitlements {
            self.follow_entitlements(&organization, entitlements, progress).await?;
        }
        Ok(organization)
    }

    /// Gives an organization another name.
    pub async fn rename_organization(
        &self,
        id: OrganizationId,
        name: &str,
    ) -> Result<Organization, Error> {
        let change = OrganizationChange { name: Some(name.to_owned()), ..Default::default() };
        self.change_organization(id, &change).await
    }

    /// Changes the plan. It takes effect with the next request and revokes nothing by itself.
    pub async fn set_plan(&self, id: OrganizationId, plan: Plan) -> Result<Organization, Error> {
        let change = OrganizationChange { plan: Some(plan), ..Default::default() };
        self.change_organization(id, &change).await
    }

    /// Changes how many users may be active. A lower limit deactivates nobody: until there is room,
    /// nobody becomes active.
    pub async fn set_seat_limit(
        &self,
        id: OrganizationId,
        limit: SeatLimit,
    ) -> Result<Organization, Error> {
        let change = OrganizationChange { seat_limit: Some(limit), ..Default::default() };
        self.change_organization(id, &change).await
    }

    /// Allows groups to be members of groups, or no longer. It takes effect with the next request.
    ///
    /// A conflict while there is still a group in a group: to forget it would take access away that
    /// nobody meant to.
    pub async fn set_nested_groups(
        &self,
        id: OrganizationId,
        allowed: bool,
    ) -> Result<Organization, Error> {
        let change = OrganizationChange { nested_groups: Some(allowed), ..Default::default() };
        self.change_organization(id, &change).await
    }

    /// The settings of a change, without what follows of them.
    pub(in crate::administration) async fn change_organization(
        &self,
        id: OrganizationId,
        change: &OrganizationChange,
    ) -> Result<Organization, Error> {
        let (mut unit, before) = self.begin_change(id).await?;
        let decision = before.change(change)?;
        let after = decision.outcome();
        if before.nested_groups != after.nested_groups {
            nobody_nests(&mut *unit, id).await?;
        }
        if before.seat_limit != after.seat_limit {
            begin_to_count(&mut *unit, &before, after.seat_limit).await?;
        }
        self.commit_change(unit, decision).await
    }

    /// One decision about an organization, by what it is now.
    pub(super) async fn decide(
        &self,
        id: OrganizationId,
        decide: impl FnOnce(&Organization, Timestamp) -> Result<Decision<Organization>, Error> + Send,
    ) -> Result<Organization, Error> {
        let (unit, before) = self.begin_change(id).await?;
        let decision = decide(&before, self.clock.now())?;
        self.commit_change(unit, decision).await
    }

    /// A unit in which nobody else changes the organization. One whose grace is over is gone.
    pub(super) async fn begin_change(
        &self,
        id: OrganizationId,
    ) -> Result<(Box<dyn UnitOfWork>, Organization), Error> {
        let mut unit = self.begin().await?;
        let found = unit.organizations().find_for_update(id).await?;
        let known = found.filter(|it| !it.id.is_operator() && !it.is_gone(self.clock.now()));
        Ok((unit, known.ok_or_else(|| missing(id))?))
    }

    /// Stores what was decided, if anything is different.
    pub(super) async fn commit_change(
        &self,
        mut unit: Box<dyn UnitOfWork>,
        decision: Decision<Organization>,
    ) -> Result<Organization, Error> {
        if decision.events().is_empty() {
            // Nobody goes on from what is not durable yet.
            journal::conclude(unit).await?;
            return Ok(decision.outcome().clone());
        }
        unit.organizations().update(decision.outcome()).await?;
        let entry = entry(&decision);
        Ok(self.journal(decision.outcome().id).commit(unit, entry, decision).await?)
    }
}

/// One entry for the whole change: named after the one thing that is different, or `updated`.
pub(super) fn entry(decision: &Decision<Organization>) -> Entry {
    let action = match decision.events() {
        [only] => only.kind.name(),
        _ => "organization.updated",
    };
    let facts = decision.events().iter().filter_map(|it| it.data.as_object().cloned());
    let detail: Map<String, Value> = facts.flatten().collect();
    Entry { action, subject: decision.outcome().subject(), detail: detail.into() }
}

async fn nobody_nests(unit: &mut dyn UnitOfWork, id: OrganizationId) -> Result<(), Error> {
    let times = match unit.read().nestings().count(id).await? {
        0 => return Ok(()),
        1 => "1 group is still a member of a group".to_owned(),
        times => format!("{times} times a group is still a member of a group"),
    };
    Err(Error::Conflict(format!(
        "{times} of this organization: take them out first. Nothing was changed."
    )))
}

/// Where the first limit comes, somebody must know how many seats are taken. Nobody else writes users
/// meanwhile: they hold the organization, which is this unit's.
async fn begin_to_count(
    unit: &mut dyn UnitOfWork,
    before: &Organization,
    limit: SeatLimit,
) -> Result<(), Error> {
    let used = match (before.seat_limit, limit) {
        (SeatLimit::Seats(_), SeatLimit::Seats(_)) => return Ok(()),
        (SeatLimit::Unlimited, SeatLimit::Seats(_)) => {
            Some(unit.read().users().count_active(before.id).await?)
        }
        (_, SeatLimit::Unlimited) => None,
    };
    Ok(unit.organizations().set_seats_used(before.id, used).await?)
}
