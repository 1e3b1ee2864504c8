//! Users, as people and the backend see and change them.
//!
//! Whose a user is decides who may change it: one that an identity provider manages is locked here,
//! but for its protection and for being detached.

use std::sync::Arc;

use scim_domain::{
    Decision, OrganizationId, Subject, UserId,
    organization::Organization,
    schema::Catalog,
    user::{Changed, Source, StoredUser, User},
};
use serde_json::json;

use super::Administration;
use crate::{
    Error, access, catalogs,
    idempotency::Once,
    journal::{self, Entry},
    ports::{UniqueKey, UnitOfWork},
    provisioning::came_and_went,
    reach::Reach,
    seats,
};

mod profile;
mod views;

pub use profile::{Email, Profile, ProfileChange};
pub use views::{UserSummary, WhichUser};

/// A user that was found, in the unit that is going to change it.
struct Held {
    organization: Organization,
    catalog: Arc<Catalog>,
    user: User,
}

impl Administration {
    /// Records a user that has signed in and whom no identity provider has provisioned so far. The
    /// first write of one takes the user over.
    ///
    /// Takes a seat. A conflict, whatever the profile, when the `userName` is in use: somebody who
    /// is there already signs in with the access that they have, and nobody is revived by signing
    /// in.
    pub async fn create_user(
        &self,
        organization: OrganizationId,
        profile: Profile,
    ) -> Result<UserSummary, Error> {
        self.create_user_once(organization, profile, &Once::none()).await
    }

    /// The same for a request that may come again.
    pub async fn create_user_once(
        &self,
        organization: OrganizationId,
        profile: Profile,
        once: &Once<UserSummary>,
    ) -> Result<UserSummary, Error> {
        let mut unit = self.begin().await?;
        let (held, catalog) = self.hold(&mut *unit, organization).await?;
        let id = UserId::new(self.ids.next());
        let document = profile.document(&catalog.user)?;
        let decision = User::create(id, document, Source::SignIn, self.clock.now())?;
        let user = decision.outcome().clone();
        let name = user.user_name_key();
        if let Some(existing) = unit.read().users().find_by_name(organization, name).await? {
            let detail = recorded(&existing).to_owned();
            return Err(Error::Taken { key: UniqueKey::UserName, detail });
        }
        unit.users().insert(organization, &catalog, &user).await?;
        seats::settle(&mut *unit, &held, false, user.active()).await?;
        let detail = json!({ "source": user.source.name() });
        let entry = Entry { action: "user.created", subject: Subject::User(id), detail };
        let shown = views::summary(&catalog.user, &user, Vec::new(), &views::Roles::new());
        once.remember(&mut *unit, &shown).await?;
        self.journal(organization).commit(unit, entry, decision).await?;
        Ok(shown)
    }

    /// Changes what the change names. A conflict for a user that an identity provider manages, and
    /// for the deactivation of a protected one.
    pub async fn update_user(
        &self,
        organization: OrganizationId,
        id: UserId,
        change: ProfileChange,
    ) -> Result<UserSummary, Error> {
        let mut unit = self.begin().await?;
        let held = self.hold_user(&mut *unit, organization, id).await?;
        unlocked(&held.user)?;
        let document = change.apply(&held.catalog.user, held.user.document())?;
        let decision = held.user.edit(document, self.clock.now())?;
        let now_is = &decision.outcome().user;
        if held.user.active() && !now_is.active() {
            unprotected(&held.user)?;
        }
        let action = match (held.user.active(), now_is.active()) {
            (true, false) => "user.deactivated",
            (false, true) => "user.activated",
            (true, true) | (false, false) => "user.updated",
        };
        self.write_user(unit, held, decision, action).await
    }

    /// Deletes a user for good, with its memberships. A conflict for a user that an identity
    /// provider manages, and for a protected one.
    pub async fn delete_user(&self, organization: OrganizationId, id: UserId) -> Result<(), Error> {
        let mut unit = self.begin().await?;
        let Held { organization: customer, user, .. } =
            self.hold_user(&mut *unit, organization, id).await?;
        let reach = Reach::of(&customer);
        unlocked(&user)?;
        unprotected(&user)?;
        let mut held = reach.holdings(unit.read(), &[id]).await?;
        held.retain(|_| user.active());
        unit.users().delete(organization, id, user.meta.version).await?;
        access::remember(&mut *unit, organization, &user, self.clock.now()).await?;
        seats::settle(&mut *unit, &customer, user.active(), false).await?;
        let events = came_and_went(&mut *unit, reach, &held, &[]).await?;
        let decision = Decision::new((), vec![user.deleted()]).and(events);
        let entry = Entry { action: "user.deleted", subject: Subject::User(id), detail: json!({}) };
        Ok(self.journal(organization).commit(unit, entry, decision).await?)
    }

    /// Keeps identity providers from changing a user (break-glass), or no longer.
    pub async fn set_user_protected(
        &self,
        organization: OrganizationId,
        id: UserId,
        protected: bool,
    ) -> Result<UserSummary, Error> {
        let mut unit = self.begin().await?;
        let held = self.hold_user(&mut *unit, organization, id).await?;
        let decision = held.user.protect(protected);
        let action = if protected { "user.protected" } else { "user.unprotected" };
        self.write_user(unit, held, decision, action).await
    }

    /// Takes a user out of the hands of the identity provider: it is local from now on. Its profile
    /// and its access stay as they are.
    pub async fn detach_user(
        &self,
        organization: OrganizationId,
        id: UserId,
    ) -> Result<UserSummary, Error> {
        let mut unit = self.begin().await?;
        let held = self.hold_user(&mut *unit, organization, id).await?;
        let decision = held.user.detach();
        self.write_user(unit, held, decision, "user.detached").await
    }

    /// Hands a detached user back to the identity provider. A conflict for one that no identity
    /// provider has ever written.
    pub async fn attach_user(
        &self,
        organization: OrganizationId,
        id: UserId,
    ) -> Result<UserSummary, Error> {
        let mut unit = self.begin().await?;
        let held = self.hold_user(&mut *unit, organization, id).await?;
        let decision = held.user.attach().map_err(|_| {
            Error::Conflict(
                "No identity provider has ever written this user, so there is nothing to attach it \
                 to. The first write of one takes it over by itself."
                    .to_owned(),
            )
        })?;
        self.write_user(unit, held, decision, "user.attached").await
    }

    /// The organization with its schemas, which stay as they are until the unit ends.
    async fn hold(
        &self,
        unit: &mut dyn UnitOfWork,
        organization: OrganizationId,
    ) -> Result<(Organization, Arc<Catalog>), Error> {
        self.organization(unit.read(), organization).await?;
        let held = unit.organizations().hold(organization).await?;
        let catalog = catalogs::read(unit.read(), &held).await?;
        Ok((held, catalog))
    }

    /// Reads a user in the unit that changes it.
    async fn hold_user(
        &self,
        unit: &mut dyn UnitOfWork,
        organization: OrganizationId,
        id: UserId,
    ) -> Result<Held, Error> {
        let (held, catalog) = self.hold(unit, organization).await?;
        let stored = unit.users().find_for_update(organization, id).await?;
        let stored = stored.ok_or_else(|| missing(&id))?;
        let user = User::from_stored(&catalog.user, &stored)?;
        Ok(Held { organization: held, catalog, user })
    }

    /// Stores and commits a change, if it is one, and shows the user.
    async fn write_user(
        &self,
        mut unit: Box<dyn UnitOfWork>,
        held: Held,
        decision: Decision<Changed>,
        action: &'static str,
    ) -> Result<UserSummary, Error> {
        let Held { organization: customer, catalog, user: before } = held;
        let reach = Reach::of(&customer);
        let Changed { user, different, .. } = decision.outcome().clone();
        let groups = reach.groups_of(unit.read(), &[user.id]).await?;
        let groups = groups.into_iter().map(|(_, group)| group).collect();
        let holdings = reach.holdings(unit.read(), &[user.id]).await?;
        let shown = views::summary(&catalog.user, &user, groups, &views::held(holdings.clone()));
        if !different {
            journal::conclude(unit).await?;
            return Ok(shown);
        }
        let organization = reach.organization;
        unit.users().update(organization, &catalog, &user, before.meta.version).await?;
        seats::settle(&mut *unit, &customer, before.active(), user.active()).await?;
        let (held, holds) = match (before.active(), user.active()) {
            (true, false) => (holdings, Vec::new()),
            (false, true) => (Vec::new(), holdings),
            (true, true) | (false, false) => (Vec::new(), Vec::new()),
        };
        let events = came_and_went(&mut *unit, reach, &held, &holds).await?;
        let entry = Entry { action, subject: Subject::User(user.id), detail: json!({}) };
        self.journal(organization).commit(unit, entry, decision.and(events)).await?;
        Ok(shown)
    }
}

/// Fails for a user that an identity provider manages.
fn unlocked(user: &User) -> Result<(), Error> {
    user.lock().map_err(|_| {
        Error::Conflict(
            "This user is managed by the identity provider: change it there, or detach it first."
                .to_owned(),
        )
    })
}

/// Fails for a user that must not lose its access by accident.
fn unprotected(user: &User) -> Result<(), Error> {
    if user.protected {
        let detail = "This user is protected: remove the protection before you take its access.";
        return Err(Error::Conflict(detail.to_owned()));
    }
    Ok(())
}

/// Why somebody is not recorded a second time.
fn recorded(existing: &StoredUser) -> &'static str {
    match (existing.active, existing.source) {
        (true, Source::Scim | Source::SignIn | Source::Local) => {
            "A user with this userName already exists. Ask for the access of that user instead of \
             recording it again."
        }
        (false, Source::Scim) => {
            "A user with this userName already exists, and the identity provider has deactivated \
             it. Signing in does not revive it; the identity provider can."
        }
        (false, Source::SignIn | Source::Local) => {
            "A user with this userName already exists and is inactive. Signing in does not revive \
             it; an admin can activate it."
        }
    }
}

fn missing(id: &impl ToString) -> Error {
    Error::Missing { what: "user", id: id.to_string() }
}
