//! An organization's SCIM: paused and resumed, switched off and on.

use scim_domain::{
    Decision, OrganizationId, Timestamp, UserId,
    access::Holding,
    organization::{LeftUsers, Organization, Pause, Scim},
    user::User,
};
use serde_json::json;

use crate::{
    Error,
    administration::Administration,
    catalogs,
    journal::{self, Entry},
    provisioning::came_and_went,
    reach::Reach,
};

/// Users that one unit looks at: the writer is never kept from others for long.
const PAGE: u64 = 500;

impl Administration {
    /// Lets identity providers wait: until a moment, or until somebody resumes. They are told so for
    /// reads as for writes; managing goes on.
    pub async fn pause_scim(
        &self,
        id: OrganizationId,
        until: Option<Timestamp>,
    ) -> Result<Organization, Error> {
        self.decide(id, |it, now| Ok(it.pause(now, until)?)).await
    }

    /// Ends the pause.
    pub async fn resume_scim(&self, id: OrganizationId) -> Result<Organization, Error> {
        self.decide(id, |it, now| Ok(it.resume(now))).await
    }

    /// Switches SCIM on. Whoever was deactivated stays so until an identity provider activates it.
    pub async fn switch_scim_on(&self, id: OrganizationId) -> Result<Organization, Error> {
        self.decide(id, |it, _| Ok(it.switch_scim_on())).await
    }

    /// Switches SCIM off: first the setting, from when on identity providers can only take access
    /// away; then, if that is chosen, everybody whom they manage is deactivated, page by page.
    /// `progress` is told how many users were deactivated so far.
    ///
    /// Every page is a change of its own, with its entry and events. Broken off halfway, the same
    /// call again does the rest. Fails with [`Error::Conflict`] when somebody else switches
    /// otherwise in the meantime.
    pub async fn switch_scim_off(
        &self,
        id: OrganizationId,
        users: LeftUsers,
        progress: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<Organization, Error> {
        let organization = self.decide(id, |it, _| Ok(it.switch_scim_off(users))).await?;
        match users {
            LeftUsers::Keep => {}
            LeftUsers::Deactivate => self.deactivate_all(id, progress).await?,
        }
        Ok(organization)
    }

    async fn deactivate_all(
        &self,
        id: OrganizationId,
        progress: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<(), Error> {
        let (mut after, mut seen) = (None, 0_u64);
        loop {
            let mut snapshot = self.store.read().await?;
            let page = snapshot.users().after(id, after, PAGE).await?;
            drop(snapshot);
            let Some(last) = page.last().map(|it| it.id) else { return Ok(()) };
            let concerned = page.iter().filter(|it| it.active && it.is_provisioned());
            let concerned: Vec<_> = concerned.map(|it| it.id).collect();
            if !concerned.is_empty() {
                seen = seen.saturating_add(self.deactivate_page(id, &concerned).await?);
                progress(seen);
            }
            after = Some(last);
        }
    }

    /// Deactivates users, as far as they are still to be; answers how many.
    async fn deactivate_page(&self, id: OrganizationId, ids: &[UserId]) -> Result<u64, Error> {
        let now = self.clock.now();
        let mut unit = self.begin().await?;
        let organization = unit.organizations().hold(id).await?;
        if organization.scim != Scim::Off(LeftUsers::Deactivate) {
            return Err(switched_otherwise());
        }
        let reach = Reach::of(&organization);
        let catalog = catalogs::read(unit.read(), &organization).await?;
        let reached = reach.holdings(unit.read(), ids).await?;
        let (mut deactivated, mut events) = (Vec::new(), Vec::new());
        for user in ids {
            // As it is now: it may have been written since the page was read.
            let Some(stored) = unit.users().find_for_update(id, *user).await? else { continue };
            if !stored.active || !stored.is_provisioned() {
                continue;
            }
            let user = User::from_stored(&catalog.user, &stored)?;
            let decision = user.deactivate(now)?;
            let after = &decision.outcome().user;
            unit.users().update(id, &catalog, after, user.meta.version).await?;
            events.extend_from_slice(decision.events());
            deactivated.push(user.id);
        }
        if deactivated.is_empty() {
            journal::conclude(unit).await?;
            return Ok(0);
        }
        let number = u64::try_from(deactivated.len()).unwrap_or(u64::MAX);
        unit.organizations().free_seats(id, number).await?;
        let lost = reached.into_iter().filter(|it| deactivated.contains(&it.user));
        let lost: Vec<Holding> = lost.collect();
        events.extend(came_and_went(&mut *unit, reach, &lost, &[]).await?);
        let all: Vec<_> = deactivated.iter().map(ToString::to_string).collect();
        let detail = json!({ "users": number, "userIds": all });
        let entry = Entry { action: DEACTIVATED, subject: organization.subject(), detail };
        self.journal(id).commit(unit, entry, Decision::new((), events)).await?;
        Ok(number)
    }
}

/// What a person should know who pauses: how identity providers take it.
pub fn pause_advice(pause: &Pause, now: Timestamp) -> String {
    let seconds = pause.retry_after(now);
    format!(
        "Identity providers are answered 429 with Retry-After: {seconds}, for reads and writes \
         alike, and nothing of what they send is kept. Okta waits that long and tries again, at most \
         ten times; after that a person must press retry in Okta's tasks. Leavers keep their access \
         until the pause is over."
    )
}

const DEACTIVATED: &str = "organization.users_deactivated";

fn switched_otherwise() -> Error {
    Error::Conflict(
        "Somebody has switched SCIM otherwise in the meantime. Users who were not deactivated by \
         then are as they were."
            .to_owned(),
    )
}
