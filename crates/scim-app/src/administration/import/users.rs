//! A batch of users: planned without the writer, written in one unit.

use scim_domain::{
    Decision, Event, FoldedText, OrganizationId, Subject, Timestamp, UserId,
    organization::{Entitlements, Organization},
    resource::{Document, Value},
    role::Role,
    schema::Catalog,
    user::{Source, User},
};
use serde_json::json;

use super::{
    ImportLine, ImportRun, Imported, UserImport,
    plan::{self, Plan, Said, Step},
    seats::Seats,
};
use crate::{
    Error,
    administration::Administration,
    assignments, catalogs,
    journal::{self, Entry},
    ports::{StoreError, UnitOfWork},
    provisioning::came_and_went,
    reach::Reach,
};

/// How often a batch is planned anew because others have written what it was planned on.
const ATTEMPTS: usize = 10;

/// A change of a user, for the journal.
type Change = (Entry, Vec<Event>);

impl Administration {
    /// Takes in a batch of users, best [`IMPORT_BATCH`](super::IMPORT_BATCH) of them, and answers
    /// what became of each line, in their order.
    ///
    /// Who is new is recorded as by [`Administration::create_user`]: local, complete, taking a seat,
    /// and taken over by the first write of an identity provider. Of somebody who is there, what the
    /// line names becomes as it says, unless an identity provider manages the user or it is
    /// protected. A line that cannot be taken sinks no other.
    pub async fn import_users(
        &self,
        organization: OrganizationId,
        lines: &[ImportLine],
        import: &mut UserImport,
    ) -> Result<Vec<Imported>, Error> {
        for _ in 0..ATTEMPTS {
            let plan = self.plan_users(organization, lines, import).await?;
            if plan.is_done() {
                return Ok(plan.steps.into_iter().map(outcome).collect());
            }
            let done = match import.run {
                ImportRun::Dry => self.try_users(organization, plan, import).await.map(Some),
                ImportRun::Real => self.write_users(organization, plan).await,
            };
            match done {
                Ok(Some(done)) => return Ok(done),
                // Somebody wrote one of them, or took a seat, in this moment.
                Ok(None) | Err(Error::Taken { .. } | Error::Store(StoreError::Stale)) => {}
                Err(error) => return Err(error),
            }
        }
        Err(Error::Store(StoreError::Stale))
    }

    async fn plan_users(
        &self,
        organization: OrganizationId,
        lines: &[ImportLine],
        import: &mut UserImport,
    ) -> Result<Plan, Error> {
        let mut snapshot = self.store.read().await?;
        let customer = self.organization(&mut *snapshot, organization).await?;
        let catalog = catalogs::read(&mut *snapshot, &customer).await?;
        let said = plan::read(&catalog.user, lines, import);
        let names: Vec<_> = said.iter().filter_map(name_of).cloned().collect();
        let there = snapshot.users().find_by_names(organization, &names).await?;
        let steps = plan::compare(&catalog.user, said, &there)?;
        Ok(Plan { catalog, revision: customer.schema_revision, steps })
    }

    /// What a plan would do. Nobody waits for it, and it waits for nobody.
    async fn try_users(
        &self,
        organization: OrganizationId,
        plan: Plan,
        import: &mut UserImport,
    ) -> Result<Vec<Imported>, Error> {
        let mut snapshot = self.store.read().await?;
        let customer = self.organization(&mut *snapshot, organization).await?;
        let mut seats = Seats::read(&mut *snapshot, &customer, import.taken).await?;
        let mut done = Vec::with_capacity(plan.steps.len());
        for step in plan.steps {
            let (was_active, is_active, becomes) = match step {
                Step::Done(outcome) => {
                    done.push(outcome);
                    continue;
                }
                Step::Create(said) => (false, active(&said).unwrap_or(true), Imported::Created),
                Step::Change(id, _, said) => {
                    let found = snapshot.users().find(organization, id).await?;
                    let stored = found.ok_or(StoreError::Stale)?;
                    let is_active = active(&said).unwrap_or(stored.active);
                    (stored.active, is_active, Imported::Updated)
                }
            };
            let counted = seats.count(was_active, is_active);
            done.push(counted.map_or_else(|it| Imported::Refused(it.to_string()), |()| becomes));
        }
        import.taken = seats.taken;
        Ok(done)
    }

    /// Carries a plan out in one unit; none if it was made on what no longer holds.
    async fn write_users(
        &self,
        organization: OrganizationId,
        plan: Plan,
    ) -> Result<Option<Vec<Imported>>, Error> {
        let now = self.clock.now();
        let mut unit = self.begin().await?;
        self.organization(unit.read(), organization).await?;
        let held = unit.organizations().hold(organization).await?;
        if held.schema_revision != plan.revision {
            return Ok(None);
        }
        let seats = Seats::read(unit.read(), &held, 0).await?;
        let roles = match held.entitlements {
            Entitlements::Assign => Some(unit.read().roles().list(organization).await?),
            Entitlements::Ignore => None,
        };
        let reach = Reach::of(&held);
        let mut writing = Writing { unit, reach, catalog: &plan.catalog, roles, seats, now };
        let (mut done, mut new, mut changes) = (Vec::new(), Vec::new(), Vec::new());
        for step in plan.steps {
            done.push(match step {
                Step::Done(outcome) => outcome,
                Step::Create(document) => {
                    let id = UserId::new(self.ids.next());
                    writing.create(id, document, &mut new)?
                }
                Step::Change(id, name, said) => {
                    writing.change(id, &name, &said, &mut changes).await?
                }
            });
        }
        changes.extend(writing.insert(new).await?);
        self.conclude_users(writing, &held, changes).await.map(|settled| settled.then_some(done))
    }

    async fn conclude_users(
        &self,
        writing: Writing<'_>,
        held: &Organization,
        changes: Vec<Change>,
    ) -> Result<bool, Error> {
        let Writing { mut unit, seats, .. } = writing;
        if !seats.settle(&mut *unit, held).await? {
            return Ok(false);
        }
        if changes.is_empty() {
            journal::conclude(unit).await?;
        } else {
            self.journal(held.id).commit_all(unit, changes).await?;
        }
        Ok(true)
    }
}

/// A unit in which a batch is written.
struct Writing<'a> {
    unit: Box<dyn UnitOfWork>,
    reach: Reach,
    catalog: &'a Catalog,
    /// The roles, where the values of users assign them.
    roles: Option<Vec<Role>>,
    seats: Seats,
    now: Timestamp,
}

impl Writing<'_> {
    /// Takes the seat of a new user, and puts it to those who are inserted at the end.
    fn create(
        &mut self,
        id: UserId,
        document: Document,
        new: &mut Vec<Decision<User>>,
    ) -> Result<Imported, Error> {
        let decision = User::create(id, document, Source::SignIn, self.now)?;
        if let Err(full) = self.seats.count(false, decision.outcome().active()) {
            return Ok(Imported::Refused(full.to_string()));
        }
        new.push(decision);
        Ok(Imported::Created)
    }

    /// Writes all new users.
    async fn insert(&mut self, new: Vec<Decision<User>>) -> Result<Vec<Change>, Error> {
        let (users, told): (Vec<_>, Vec<_>) = new.into_iter().map(Decision::into_parts).unzip();
        let organization = self.reach.organization;
        self.unit.users().insert_many(organization, self.catalog, &users).await?;
        let mut changes = Vec::with_capacity(users.len());
        for (user, mut events) in users.iter().zip(told) {
            let written = self.access(None, user).await?;
            events.extend(written.events);
            let detail = json!({ "source": user.source.name(), "import": true });
            let entry = entry("user.created", user.id, detail);
            changes.push((assignments::told_in(entry, &written.unknown), events));
        }
        Ok(changes)
    }

    /// Changes somebody who is there, as it is now; fails as stale if it no longer has that name.
    async fn change(
        &mut self,
        id: UserId,
        name: &FoldedText,
        said: &Document,
        changes: &mut Vec<Change>,
    ) -> Result<Imported, Error> {
        let organization = self.reach.organization;
        let found = self.unit.users().find_for_update(organization, id).await?;
        let before = User::from_stored(&self.catalog.user, &found.ok_or(StoreError::Stale)?)?;
        if before.user_name_key() != name {
            return Err(StoreError::Stale.into());
        }
        let wanted = match plan::change(&self.catalog.user, &before, said) {
            Ok(Some(wanted)) => wanted,
            Ok(None) => return Ok(Imported::Unchanged),
            Err(reason) => return Ok(Imported::Refused(reason)),
        };
        let (edited, mut events) = before.edit(wanted, self.now)?.into_parts();
        let user = edited.user;
        if let Err(full) = self.seats.count(before.active(), user.active()) {
            return Ok(Imported::Refused(full.to_string()));
        }
        let version = before.meta.version;
        self.unit.users().update(organization, self.catalog, &user, version).await?;
        let written = self.access(Some(&before), &user).await?;
        events.extend(written.events);
        let action = match (before.active(), user.active()) {
            (true, false) => "user.deactivated",
            (false, true) => "user.activated",
            (true, true) | (false, false) => "user.updated",
        };
        let entry = entry(action, id, json!({ "import": true }));
        changes.push((assignments::told_in(entry, &written.unknown), events));
        Ok(Imported::Updated)
    }

    /// What it means for the roles of a user that it was written. Who has no role values, and keeps
    /// its access or is new, costs nothing.
    async fn access(&mut self, before: Option<&User>, user: &User) -> Result<Written, Error> {
        let was_active = before.is_some_and(User::active);
        let speaks = |it: &User| it.role_values().next().is_some();
        let roles = self.roles.as_deref().filter(|_| speaks(user) || before.is_some_and(speaks));
        if roles.is_none() && (before.is_none() || was_active == user.active()) {
            return Ok(Written::default());
        }
        let unit = &mut *self.unit;
        let reached_before = self.reach.holdings(unit.read(), &[user.id]).await?;
        let (reached_now, unknown) = match roles {
            Some(roles) => {
                let organization = self.reach.organization;
                let settled =
                    assignments::settle(unit, organization, roles, user, &reached_before, self.now);
                let settled = settled.await?;
                (settled.after, settled.unknown)
            }
            None => (reached_before.clone(), Vec::new()),
        };
        let held = if was_active { reached_before } else { Vec::new() };
        let holds = if user.active() { reached_now } else { Vec::new() };
        Ok(Written { events: came_and_went(unit, self.reach, &held, &holds).await?, unknown })
    }
}

/// What the write of a user meant for its roles.
#[derive(Default)]
struct Written {
    events: Vec<Event>,
    /// The values of `roles` that name no role: they are kept as data and grant nothing.
    unknown: Vec<String>,
}

fn entry(action: &'static str, id: UserId, detail: serde_json::Value) -> Entry {
    Entry { action, subject: Subject::User(id), detail }
}

/// What a document says about access.
fn active(document: &Document) -> Option<bool> {
    document.get("active").and_then(Value::as_bool)
}

fn name_of(said: &Said) -> Option<&FoldedText> {
    said.as_ref().ok().map(|(name, _)| name)
}

/// Of a plan that has nothing left to be done.
fn outcome(step: Step) -> Imported {
    match step {
        Step::Done(outcome) => outcome,
        Step::Create(_) => Imported::Created,
        Step::Change(..) => Imported::Updated,
    }
}
