//! Users that sign-in made, taken over by the identity provider: with a create of their name, or
//! with the first write of whoever looked them up.

use scim_domain::{
    organization::Organization,
    resource::{Document, Value},
    user::{Guarded, Source, StoredUser, User},
};
use serde_json::json;

use super::{Caller, Outcome, Provisioning, Shown, UserView, entry, roles};
use crate::{
    Error,
    journal::Entry,
    ports::{UniqueKey, UnitOfWork},
    provisioning::ExistingUser,
    seats,
};

/// What a take-over is called in the audit log.
pub(super) const ACTION: &str = "user.adopted";
/// What it is called in the activity.
pub(super) const DONE: &str = "adopted a user that sign-in had made";

impl Provisioning {
    /// The name is in use: by a user that sign-in made and that may be taken over, or for good.
    pub(super) async fn adopt(
        &self,
        caller: &Caller,
        (mut unit, held): (Box<dyn UnitOfWork>, Organization),
        existing: StoredUser,
        document: Document,
        shown: Shown,
        mut notes: Vec<String>,
    ) -> Result<Outcome<UserView>, Error> {
        let user = User::from_stored(caller.user_type(), &existing)?;
        let sent = document.get("externalId").and_then(Value::as_text);
        let open = self.existing_user == ExistingUser::Adopt
            && user.source == Source::SignIn
            && user.guard().is_ok();
        if !open || !user.can_be(sent) {
            let detail = if open { other_person() } else { name_taken(&user) };
            return Err(Error::Taken { key: UniqueKey::UserName, detail });
        }
        let now = self.clock.now();
        let decision = user.adopt(document, now)?;
        // Held before what it is found by is read: whoever makes an index beside this may change that.
        unit.users().find_for_update(caller.organization(), user.id).await?;
        unit.users()
            .update(
                caller.organization(),
                &caller.catalog,
                &decision.outcome().user,
                user.meta.version,
            )
            .await?;
        let now_is = &decision.outcome().user;
        seats::settle(&mut *unit, &held, user.active(), now_is.active()).await?;
        let roles = roles::written(&mut *unit, caller, Some(&user), now_is, now).await?;
        notes.extend(roles.note());
        let entry = roles.told_in(entry(ACTION, user.id, &[]));
        let view = self.finish(caller, unit, entry, decision.and(roles.events), shown).await?;
        Ok(Outcome::new(view, DONE, notes))
    }
}

/// Fails when a write would make somebody else of a user that sign-in has made: the rule for a
/// create holds for a user that was looked up, too.
pub(super) fn check_same(user: &User, after: &User) -> Result<(), Error> {
    if user.source == Source::SignIn && !user.can_be(after.external_id()) {
        let detail = "The application has recorded this user at sign-in with another externalId, \
                      so this may be another person. An admin of the application can change or \
                      remove the externalId of that user, or delete the user.";
        return Err(Error::Conflict(detail.to_owned()));
    }
    Ok(())
}

/// The entry of a change, which says that it was a take-over as well.
pub(super) fn told_in(adopted: bool, mut entry: Entry) -> Entry {
    if let (Some(detail), true) = (entry.detail.as_object_mut(), adopted && entry.action != ACTION)
    {
        detail.insert("adopted".to_owned(), json!(true));
    }
    entry
}

fn other_person() -> String {
    "A user with this userName already exists, whom the application has recorded at sign-in with \
     another externalId, so this may be another person. An admin of the application can change or \
     remove the externalId of that user, or delete the user."
        .to_owned()
}

fn name_taken(user: &User) -> String {
    let taken = "A user with this userName already exists";
    match (user.guard(), user.active()) {
        (Err(Guarded::Protected), _) => {
            format!("{taken} and is protected: an identity provider cannot change it.")
        }
        (Err(Guarded::Detached), _) => format!(
            "{taken}. It was detached from the identity provider and is managed in the \
             application, until an admin attaches it again."
        ),
        (Ok(()), true) => format!("{taken}."),
        (Ok(()), false) => format!(
            "{taken} and is inactive. To revive it, update it with active set to true instead of \
             creating it again."
        ),
    }
}
