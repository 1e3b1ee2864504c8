//! Switching what `roles` of users mean: data, or roles that are assigned.

use scim_domain::{
    Decision, OrganizationId, RoleId, Subject, UserId,
    access::Holding,
    organization::{Entitlements, Organization, OrganizationChange},
    schema::Catalog,
    user::{StoredUser, User},
};
use serde_json::json;

use super::Administration;
use crate::{
    Error,
    assignments::{self, settle},
    journal::{self, Entry},
    ports::UnitOfWork,
    provisioning::came_and_went,
};

/// Users that one unit looks at: the writer is never kept from others for long.
const PAGE: u64 = 500;

impl Administration {
    /// Switches an organization: first the setting, from when on every write of a user follows it,
    /// then everybody who is there, page by page. `progress` is told how many users were looked at
    /// so far.
    ///
    /// Every page is a change of its own, with its entry and events. Broken off halfway, the same
    /// call again does the rest. Fails with [`Error::Conflict`] when somebody else switches back in
    /// the meantime.
    pub async fn set_entitlements(
        &self,
        id: OrganizationId,
        entitlements: Entitlements,
        progress: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<Organization, Error> {
        let change = OrganizationChange { entitlements: Some(entitlements), ..Default::default() };
        self.update_organization(id, &change, progress).await
    }

    /// Brings everybody in line with the setting.
    pub(super) async fn follow_entitlements(
        &self,
        organization: &Organization,
        entitlements: Entitlements,
        progress: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<(), Error> {
        match entitlements {
            Entitlements::Assign => self.assign_all(organization, progress).await,
            Entitlements::Ignore => self.unassign_all(organization.id, progress).await,
        }
    }

    /// Brings the `roles` of everybody into force.
    async fn assign_all(
        &self,
        organization: &Organization,
        progress: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<(), Error> {
        let mut snapshot = self.store.read().await?;
        let catalog = self.catalog(&mut *snapshot, organization.id).await?;
        drop(snapshot);
        let (mut after, mut seen) = (None, 0_u64);
        loop {
            let mut snapshot = self.store.read().await?;
            let page = snapshot.users().after(organization.id, after, PAGE).await?;
            drop(snapshot);
            let Some(last) = page.last().map(|it| it.id) else { return Ok(()) };
            let mut concerned = Vec::new();
            for stored in &page {
                if speaks_of_roles(&catalog, stored)? {
                    concerned.push(stored.id);
                }
            }
            if !concerned.is_empty() {
                self.assign_page(organization.id, &catalog, &concerned).await?;
            }
            after = Some(last);
            seen = seen.saturating_add(u64::try_from(page.len()).unwrap_or(u64::MAX));
            progress(seen);
        }
    }

    async fn assign_page(
        &self,
        organization: OrganizationId,
        catalog: &Catalog,
        ids: &[UserId],
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let mut unit = self.begin().await?;
        if !assignments::assigns(&mut *unit, organization).await? {
            return Err(switched_back());
        }
        let roles = unit.read().roles().list(organization).await?;
        let reach = self.reach(unit.read(), organization).await?;
        let reached = reach.holdings(unit.read(), ids).await?;
        let (mut before, mut after, mut changed) = (Vec::new(), Vec::new(), 0_u64);
        for id in ids {
            // As it is now: it may have been written since the page was read.
            let Some(stored) = unit.users().find_for_update(organization, *id).await? else {
                continue;
            };
            let user = User::from_stored(&catalog.user, &stored)?;
            let own: Vec<Holding> = reached.iter().filter(|it| it.user == *id).cloned().collect();
            // What an identity provider has said of a user it may not touch grants nothing.
            if user.guard().is_err() {
                continue;
            }
            let settled = settle(&mut *unit, organization, &roles, &user, &own, now).await?;
            changed += u64::from(settled.changed);
            if user.active() {
                before.extend(own);
                after.extend(settled.after);
            }
        }
        let detail = json!({ "users": changed });
        let page = Page { action: ROLES_ASSIGNED, detail, changed, before, after };
        self.commit_page(unit, organization, page).await
    }

    /// Takes every role that is assigned.
    async fn unassign_all(
        &self,
        organization: OrganizationId,
        progress: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<(), Error> {
        let mut snapshot = self.store.read().await?;
        let roles = snapshot.roles().list(organization).await?;
        drop(snapshot);
        let mut seen = 0_u64;
        for role in roles {
            loop {
                let taken = self.unassign_page(organization, role.id, role.key.as_str()).await?;
                if taken == 0 {
                    break;
                }
                seen = seen.saturating_add(taken);
                progress(seen);
            }
        }
        Ok(())
    }

    async fn unassign_page(
        &self,
        organization: OrganizationId,
        role: RoleId,
        key: &str,
    ) -> Result<u64, Error> {
        let mut unit = self.begin().await?;
        if assignments::assigns(&mut *unit, organization).await? {
            return Err(switched_back());
        }
        let page = unit.read().roles().assignees(organization, role, None, PAGE).await?;
        let all: Vec<_> = page.iter().map(|it| it.id).collect();
        let active: Vec<_> = page.iter().filter(|it| it.active).map(|it| it.id).collect();
        let reach = self.reach(unit.read(), organization).await?;
        let before = reach.holdings(unit.read(), &active).await?;
        unit.roles().unassign(organization, role, &all).await?;
        let after = reach.holdings(unit.read(), &active).await?;
        let taken = u64::try_from(all.len()).unwrap_or(u64::MAX);
        let detail = json!({ "role": key, "users": taken });
        let page = Page { action: ROLES_UNASSIGNED, detail, changed: taken, before, after };
        self.commit_page(unit, organization, page).await?;
        Ok(taken)
    }

    async fn commit_page(
        &self,
        mut unit: Box<dyn UnitOfWork>,
        organization: OrganizationId,
        page: Page,
    ) -> Result<(), Error> {
        let Page { action, detail, changed, before, after } = page;
        if changed == 0 {
            return Ok(journal::conclude(unit).await?);
        }
        let reach = self.reach(unit.read(), organization).await?;
        let events = came_and_went(&mut *unit, reach, &before, &after).await?;
        let entry = Entry { action, subject: Subject::Organization(organization), detail };
        let decision = Decision::new((), events);
        Ok(self.journal(organization).commit(unit, entry, decision).await?)
    }
}

/// What was done to a page of users.
struct Page {
    action: &'static str,
    detail: serde_json::Value,
    /// How many users got or lost a role, active or not.
    changed: u64,
    /// What the active ones held.
    before: Vec<Holding>,
    /// What they hold.
    after: Vec<Holding>,
}

const ROLES_ASSIGNED: &str = "organization.roles_assigned";
const ROLES_UNASSIGNED: &str = "organization.roles_unassigned";

fn speaks_of_roles(catalog: &Catalog, stored: &StoredUser) -> Result<bool, Error> {
    // Most documents need no look inside.
    if !stored.document.contains("\"roles\":") {
        return Ok(false);
    }
    Ok(User::from_stored(&catalog.user, stored)?.role_values().next().is_some())
}

fn switched_back() -> Error {
    Error::Conflict("Somebody has switched the organization back in the meantime.".to_owned())
}
