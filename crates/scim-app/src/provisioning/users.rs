//! Users, as an identity provider reads and writes them (RFC 7644 §3.3 to §3.6).

use std::sync::Arc;

use scim_domain::{
    Decision, Json, Timestamp, UserId,
    access::{Change, of_user},
    resource::{
        Document,
        document::Parsed,
        patch::{self, Operation},
    },
    schema::ResourceKind,
    user::{Changed, Source, StoredUser, User},
};
use serde_json::json;

use super::{
    Caller, IfMatch, Outcome, Provisioning, Session, Shown, UserView,
    outcome::{CREATED, UNCHANGED},
    plan::Reach,
    roles,
};
use crate::{
    Error, access,
    error::Forbidden,
    journal::{self, Entry},
    ports::{Ahead, StoreError, UnitOfWork},
    quirks::Message,
    seats,
};

mod adoption;

impl Provisioning {
    /// One user (RFC 7644 §3.4.1). An id of another organization is as unknown as any other.
    pub async fn get_user(
        &self,
        mut session: Session,
        id: &str,
        shown: Shown,
    ) -> Result<UserView, Error> {
        let id = user_id(id)?;
        match self.read_user(&mut session, id, shown).await {
            Err(Error::Store(StoreError::Conflict(_))) => {
                let mut session = self.renew(session).await?;
                self.read_user(&mut session, id, shown).await
            }
            done => done,
        }
    }

    async fn read_user(
        &self,
        session: &mut Session,
        id: UserId,
        shown: Shown,
    ) -> Result<UserView, Error> {
        let organization = session.caller.organization();
        let found = session.snapshot.users().find(organization, id).await?;
        let user = found.ok_or(Error::NotFound(ResourceKind::User))?;
        let groups = match shown {
            Shown(true) => {
                let reach = session.caller.reaching();
                let rows = reach.groups_of(&mut *session.snapshot, &[id]).await?;
                Some(rows.into_iter().map(|(_, group)| group).collect())
            }
            Shown(false) => None,
        };
        Ok(UserView { user, groups })
    }

    /// Creates a user, or adopts one that only sign-in has made (RFC 7644 §3.3).
    pub async fn create_user(
        &self,
        caller: Arc<Caller>,
        body: Json,
        shown: Shown,
    ) -> Result<Outcome<UserView>, Error> {
        caller.full()?;
        let body = caller.understood(caller.user_type(), Message::Resource, body);
        let parsed = Document::from_request(caller.user_type(), &body, caller.key.strictness)?;
        drop(body);
        let this = self.clone();
        super::to_its_end(async move || this.create_user_unit(&caller, parsed, shown).await).await
    }

    async fn create_user_unit(
        &self,
        caller: &Caller,
        parsed: Parsed,
        shown: Shown,
    ) -> Result<Outcome<UserView>, Error> {
        let now = self.clock.now();
        let mut notes = caller.left_out(&parsed.ignored);
        let id = UserId::new(self.ids.next());
        let decision = User::create(id, parsed.document, Source::Scim, now)?;
        let organization = caller.organization();
        let key = decision.outcome().user_name_key().clone();
        let ahead = Ahead::UserNamed(key.clone());
        let (mut unit, held) = self.begin_in(caller, ahead).await?;
        if let Some(existing) = unit.read().users().find_by_name(organization, &key).await? {
            let document = decision.outcome().document().clone();
            return self.adopt(caller, (unit, held), existing, document, shown, notes).await;
        }
        unit.users().insert(organization, &caller.catalog, decision.outcome()).await?;
        seats::settle(&mut *unit, &held, false, decision.outcome().active()).await?;
        let roles = roles::written(&mut *unit, caller, None, decision.outcome(), now).await?;
        notes.extend(roles.note());
        let entry = roles.told_in(entry("user.created", id, &parsed.ignored));
        let user = self.journal(caller).commit(unit, entry, decision.and(roles.events)).await?;
        let user = user.to_stored(caller.user_type());
        let view = UserView { user, groups: shown.0.then(Vec::new) };
        Ok(Outcome::new(view, CREATED, notes))
    }

    /// Replaces a user (RFC 7644 §3.5.1).
    pub async fn replace_user(
        &self,
        caller: Arc<Caller>,
        id: &str,
        if_match: IfMatch,
        body: Json,
        shown: Shown,
    ) -> Result<Outcome<UserView>, Error> {
        let id = user_id(id)?;
        let body = caller.understood(caller.user_type(), Message::Resource, body);
        let parsed = Document::from_request(caller.user_type(), &body, caller.key.strictness)?;
        drop(body);
        let this = self.clone();
        let change = UserChange::Replace(parsed);
        super::to_its_end(async move || {
            this.change_user(&caller, id, &if_match, change, shown).await
        })
        .await
    }

    /// Changes a user (RFC 7644 §3.5.2).
    pub async fn patch_user(
        &self,
        caller: Arc<Caller>,
        id: &str,
        if_match: IfMatch,
        body: Json,
        shown: Shown,
    ) -> Result<Outcome<UserView>, Error> {
        let id = user_id(id)?;
        let body = caller.understood(caller.user_type(), Message::Patch, body);
        let change = UserChange::Patch(patch::read_operations(&body)?);
        drop(body);
        let this = self.clone();
        super::to_its_end(async move || {
            this.change_user(&caller, id, &if_match, change, shown).await
        })
        .await
    }

    async fn change_user(
        &self,
        caller: &Caller,
        id: UserId,
        if_match: &IfMatch,
        change: UserChange,
        shown: Shown,
    ) -> Result<Outcome<UserView>, Error> {
        let organization = caller.organization();
        let (mut unit, held) = self.begin_in(caller, Ahead::User(id)).await?;
        let found = unit.users().find_for_update(organization, id).await?;
        let user = writable(caller, found)?;
        if_match.check(user.meta.version)?;
        let now = self.clock.now();
        let (decision, ignored) = match caller.reach() {
            Reach::Full => decide(caller, &user, change, now)?,
            Reach::TakeAway if asks_to_deactivate(caller, &user, &change, now)? => {
                (user.deactivate(now)?, Vec::new())
            }
            Reach::TakeAway => return Err(caller.plan_refusal()),
        };
        adoption::check_same(&user, &decision.outcome().user)?;
        let decision = user.taken_over(decision);
        let adopted = user.source != decision.outcome().user.source;
        let mut notes = caller.left_out(&ignored);
        let Changed { user: after, different, .. } = decision.outcome();
        if *different {
            unit.users().update(organization, &caller.catalog, after, user.meta.version).await?;
            seats::settle(&mut *unit, &held, user.active(), after.active()).await?;
        }
        let roles = roles::written(&mut *unit, caller, Some(&user), after, now).await?;
        notes.extend(roles.note());
        if !different && !roles.changed {
            let stored = after.to_stored(caller.user_type());
            let view = self.view(caller, &mut *unit, stored, shown).await?;
            journal::conclude(unit).await?;
            return Ok(Outcome::new(view, UNCHANGED, notes));
        }
        let (action, done) = match decision.outcome().access {
            Some(Change::Granted) => ("user.activated", "activated"),
            Some(Change::Revoked) => ("user.deactivated", "deactivated"),
            None if adopted => (adoption::ACTION, adoption::DONE),
            None => ("user.updated", "updated"),
        };
        let entry = adoption::told_in(adopted, roles.told_in(entry(action, id, &ignored)));
        let view = self.finish(caller, unit, entry, decision.and(roles.events), shown).await?;
        Ok(Outcome::new(view, done, notes))
    }

    /// Commits a change of a user, and answers with it.
    async fn finish(
        &self,
        caller: &Caller,
        mut unit: Box<dyn UnitOfWork>,
        entry: Entry,
        decision: Decision<Changed>,
        shown: Shown,
    ) -> Result<UserView, Error> {
        let stored = decision.outcome().user.to_stored(caller.user_type());
        let view = self.view(caller, &mut *unit, stored, shown).await?;
        self.journal(caller).commit(unit, entry, decision).await?;
        Ok(view)
    }

    async fn view(
        &self,
        caller: &Caller,
        unit: &mut dyn UnitOfWork,
        user: StoredUser,
        shown: Shown,
    ) -> Result<UserView, Error> {
        let groups = match shown {
            Shown(true) => {
                let rows = caller.reaching().groups_of(unit.read(), &[user.id]).await?;
                Some(rows.into_iter().map(|(_, group)| group).collect())
            }
            Shown(false) => None,
        };
        Ok(UserView { user, groups })
    }

    /// Deletes a user for good, with its memberships (RFC 7644 §3.6).
    pub async fn delete_user(
        &self,
        caller: Arc<Caller>,
        id: &str,
        if_match: IfMatch,
    ) -> Result<Outcome<()>, Error> {
        let id = user_id(id)?;
        let this = self.clone();
        super::to_its_end(async move || this.delete_user_unit(&caller, id, &if_match).await).await
    }

    async fn delete_user_unit(
        &self,
        caller: &Caller,
        id: UserId,
        if_match: &IfMatch,
    ) -> Result<Outcome<()>, Error> {
        let organization = caller.organization();
        let (mut unit, held) = self.begin_in(caller, Ahead::User(id)).await?;
        let found = unit.users().find_for_update(organization, id).await?;
        let user = writable(caller, found)?;
        if_match.check(user.meta.version)?;
        let reach = caller.reaching();
        let holdings = reach.holdings(unit.read(), &[id]).await?;
        unit.users().delete(organization, id, user.meta.version).await?;
        seats::settle(&mut *unit, &held, user.active(), false).await?;
        access::remember(&mut *unit, organization, &user, self.clock.now()).await?;
        let mut decision = Decision::new((), vec![user.deleted()]);
        if user.active() {
            decision = decision.and(of_user(Change::Revoked, &holdings));
            let lost = roles::lost(Change::Revoked, &holdings);
            decision = decision.and(roles::abandoned(&mut *unit, reach, lost).await?);
        }
        self.journal(caller).commit(unit, entry("user.deleted", id, &[]), decision).await?;
        Ok(Outcome::new((), "deleted", Vec::new()))
    }
}

/// A change of a user as a request asks for it.
#[derive(Clone)]
enum UserChange {
    Replace(Parsed),
    Patch(Vec<Operation>),
}

/// The one guard for writes to a user, whatever the request.
fn writable(caller: &Caller, found: Option<StoredUser>) -> Result<User, Error> {
    let stored = found.ok_or(Error::NotFound(ResourceKind::User))?;
    let user = User::from_stored(caller.user_type(), &stored)?;
    user.guard().map_err(Forbidden::from)?;
    Ok(user)
}

fn decide(
    caller: &Caller,
    user: &User,
    change: UserChange,
    now: Timestamp,
) -> Result<(Decision<Changed>, Vec<String>), Error> {
    Ok(match change {
        UserChange::Replace(parsed) => {
            let document = parsed.document.in_place_of(user.document(), caller.user_type())?;
            (user.replace(document, now)?, parsed.ignored)
        }
        UserChange::Patch(operations) => {
            user.patch(caller.user_type(), &operations, caller.patch_options(), now)?
        }
    })
}

/// Whether a change says `active: false` by itself, whatever else it says: tried on the user
/// as if it were active.
fn asks_to_deactivate(
    caller: &Caller,
    user: &User,
    change: &UserChange,
    now: Timestamp,
) -> Result<bool, Error> {
    Ok(match change {
        UserChange::Replace(parsed) => {
            let active = parsed.document.get("active");
            active.and_then(scim_domain::resource::Value::as_bool) == Some(false)
        }
        UserChange::Patch(operations) => {
            let probe = user.activated(now)?;
            let options = caller.patch_options();
            let (decision, _) = probe.patch(caller.user_type(), operations, options, now)?;
            !decision.outcome().user.active()
        }
    })
}

fn user_id(text: &str) -> Result<UserId, Error> {
    UserId::parse(text).ok_or(Error::NotFound(ResourceKind::User))
}

fn entry(action: &'static str, id: UserId, ignored: &[String]) -> Entry {
    let detail = if ignored.is_empty() { json!({}) } else { json!({ "ignored": ignored }) };
    Entry { action, subject: scim_domain::Subject::User(id), detail }
}
