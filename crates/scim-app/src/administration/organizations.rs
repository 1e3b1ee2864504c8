//! Organizations: making them and looking at them. How they change is in the modules below.

mod change;
mod lifecycle;
mod preview;
mod scim;

use scim_domain::{
    Decision, Event, EventKind, OrganizationId, Subject,
    organization::{Organization, Plan, SeatLimit},
    role::BUILT_IN,
};
use serde_json::json;

use super::{Administration, NewRole};
use crate::{Error, idempotency::Once, journal::Entry};

pub use preview::ScimOffPreview;
pub use scim::pause_advice;

/// The seats of an organization with a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seats {
    /// How many users may be active.
    pub limit: u64,
    /// How many are; more than the limit where that came later.
    pub used: u64,
}

impl Administration {
    /// Creates an organization without a seat limit.
    pub async fn create_organization(&self, name: &str, plan: Plan) -> Result<Organization, Error> {
        self.create_organization_once(name, plan, SeatLimit::Unlimited, &Once::none()).await
    }

    /// Creates an organization with the built-in roles and their home groups, once.
    pub async fn create_organization_once(
        &self,
        name: &str,
        plan: Plan,
        seat_limit: SeatLimit,
        once: &Once<Organization>,
    ) -> Result<Organization, Error> {
        let id = OrganizationId::new(self.ids.next());
        let organization = Organization::create(id, name, plan, self.clock.now())?;
        let organization = Organization { seat_limit, ..organization };
        let mut unit = self.begin().await?;
        unit.organizations().insert(&organization).await?;
        let mut facts = json!({ "name": organization.name, "plan": plan.name() });
        if let (Some(seats), Some(facts)) = (seat_limit.seats(), facts.as_object_mut()) {
            unit.organizations().set_seats_used(id, Some(0)).await?;
            facts.insert("seatLimit".to_owned(), json!(seats));
        }
        let subject = Subject::Organization(id);
        let event = Event::new(EventKind::OrganizationCreated, subject, facts.clone());
        let mut events = vec![event];
        for (name, description, privileged) in BUILT_IN {
            let role = NewRole {
                name: (*name).to_owned(),
                description: (*description).to_owned(),
                permissions: Vec::new(),
                privileged: *privileged,
            };
            let (_, told) = self.insert_role(&mut *unit, id, role, true).await?;
            events.extend(told);
        }
        once.remember(&mut *unit, &organization).await?;
        let entry = Entry { action: "organization.created", subject, detail: facts };
        let decision = Decision::new(organization, events);
        Ok(self.journal(id).commit(unit, entry, decision).await?)
    }

    /// All organizations, oldest first.
    pub async fn list_organizations(&self) -> Result<Vec<Organization>, Error> {
        let (mut snapshot, now) = (self.store.read().await?, self.clock.now());
        let all = snapshot.organizations().list().await?;
        Ok(all.into_iter().filter(|it| !it.is_gone(now)).collect())
    }

    /// Organizations after an id, oldest first, at most `limit`.
    pub async fn page_of_organizations(
        &self,
        after: Option<OrganizationId>,
        limit: u64,
    ) -> Result<Vec<Organization>, Error> {
        let (mut snapshot, now) = (self.store.read().await?, self.clock.now());
        let (mut all, mut after) = (Vec::new(), after);
        loop {
            let left = limit.saturating_sub(u64::try_from(all.len()).unwrap_or(u64::MAX));
            let page = snapshot.organizations().page(after, left).await?;
            let Some(last) = page.last() else { return Ok(all) };
            after = Some(last.id);
            // Those whose grace is over and which are not erased yet are few.
            all.extend(page.into_iter().filter(|it| !it.is_gone(now)));
        }
    }

    /// One organization.
    pub async fn show_organization(&self, id: OrganizationId) -> Result<Organization, Error> {
        let mut snapshot = self.store.read().await?;
        self.organization(&mut *snapshot, id).await
    }

    /// How many seats of an organization are taken and how many it has; `None` without a limit.
    pub async fn seats(&self, id: OrganizationId) -> Result<Option<Seats>, Error> {
        let mut snapshot = self.store.read().await?;
        let organization = self.organization(&mut *snapshot, id).await?;
        let Some(limit) = organization.seat_limit.seats() else { return Ok(None) };
        let used = snapshot.organizations().seats_used(id).await?;
        Ok(Some(Seats { limit, used: used.unwrap_or(0) }))
    }

    /// Whether there is no organization yet.
    pub async fn is_empty(&self) -> Result<bool, Error> {
        Ok(self.list_organizations().await?.is_empty())
    }
}
