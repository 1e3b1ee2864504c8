//! Users: the document, and the facts that are parsed from it whenever it changes.

use std::sync::Arc;

use serde_json::json;

use crate::{
    Decision, Event, EventKind, FoldedText, Subject, Timestamp, UserId,
    invalid::{Invalid, Reason},
    resource::{
        Document, Object, Value,
        document::Corrupt,
        patch::{self, Operation, PatchOptions},
        representation::Meta,
    },
    schema::ResourceType,
};

mod source;
#[cfg(test)]
mod tests;

pub use source::{Guarded, Locked, NeverWritten, Source};

/// A user as the store keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredUser {
    /// Its id.
    pub id: UserId,
    /// Times and version.
    pub meta: Meta,
    /// Whose it is.
    pub source: Source,
    /// Whether it is a break-glass user that SCIM must leave alone.
    pub protected: bool,
    /// Whether it has access; the fact of the document, for reads that need not parse it.
    pub active: bool,
    /// The document, as [`Document::to_json`] wrote it.
    pub document: String,
}

impl StoredUser {
    /// Whether identity providers manage it: made or adopted over SCIM, and not protected.
    pub fn is_provisioned(&self) -> bool {
        self.source == Source::Scim && !self.protected
    }
}

/// A user. Document and facts cannot disagree: one constructor makes all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Times and version.
    pub meta: Meta,
    /// Whose it is.
    pub source: Source,
    /// Whether it is a break-glass user that SCIM must leave alone.
    pub protected: bool,
    document: Document,
    user_name: String,
    user_name_key: FoldedText,
}

/// The outcome of changing a user.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The user afterwards.
    pub user: User,
    /// Whether anything is different.
    pub different: bool,
    /// Whether access came or went, if it did.
    pub access: Option<crate::access::Change>,
}

impl User {
    /// The only constructor: draws the facts from the document.
    ///
    /// Refuses a document without `userName`, or with one that cannot identify anybody
    /// (`invalidValue`).
    fn read(
        id: UserId,
        meta: Meta,
        source: Source,
        protected: bool,
        document: Document,
    ) -> Result<Self, Invalid> {
        let Some(user_name) = document.get("userName").and_then(Value::as_text) else {
            return Err(Invalid::value("userName is required."));
        };
        let user_name = user_name.to_owned();
        let user_name_key = FoldedText::of_name("userName", &user_name)?;
        Ok(Self { id, meta, source, protected, document, user_name, user_name_key })
    }

    /// Reads a user from the store.
    pub fn from_stored(resource_type: &ResourceType, stored: &StoredUser) -> Result<Self, Corrupt> {
        let document = Document::read(resource_type, &stored.document)?;
        Self::read(stored.id, stored.meta, stored.source, stored.protected, document)
            .map_err(|it| Corrupt { resource_type: resource_type.kind.name(), reason: it.detail })
    }

    /// A new user. Without `active` it is active.
    pub fn create(
        id: UserId,
        document: Document,
        source: Source,
        now: Timestamp,
    ) -> Result<Decision<Self>, Invalid> {
        let document =
            if document.get("active").is_none() { set_active(&document, true) } else { document };
        let meta = Meta { created: now, last_modified: now, version: 1 };
        let user = Self::read(id, meta, source, false, document)?;
        let created = user.told(EventKind::UserCreated);
        Ok(Decision::new(user, vec![created]))
    }

    /// Takes over a user that only sign-in had made: the identity provider's document replaces the
    /// profile, the id stays.
    pub fn adopt(&self, document: Document, now: Timestamp) -> Result<Decision<Changed>, Invalid> {
        let document =
            if document.get("active").is_none() { set_active(&document, true) } else { document };
        Ok(self.taken_over(self.become_document(document, now)?))
    }

    /// The document for whoever makes a new user of it. One that is inactive because `active` was
    /// removed says so: a new user without it would be active.
    pub fn spelled_out(&self) -> Document {
        if self.document.get("active").is_none() {
            set_active(&self.document, self.active())
        } else {
            self.document.clone()
        }
    }

    /// PUT (RFC 7644 §3.5.1): the document replaces the stored one. A missing `active` keeps, so
    /// that an update of the profile neither deactivates nor revives anybody.
    pub fn replace(
        &self,
        document: Document,
        now: Timestamp,
    ) -> Result<Decision<Changed>, Invalid> {
        let stored = self.document.get("active").and_then(Value::as_bool);
        let document = match stored {
            Some(active) if document.get("active").is_none() => set_active(&document, active),
            Some(_) | None => document,
        };
        self.become_document(document, now)
    }

    /// PATCH (RFC 7644 §3.5.2): all operations or none. Answers also the ignored names.
    pub fn patch(
        &self,
        resource_type: &ResourceType,
        operations: &[Operation],
        options: PatchOptions,
        now: Timestamp,
    ) -> Result<(Decision<Changed>, Vec<String>), Invalid> {
        let patched = patch::apply(resource_type, &self.document, operations, options)?;
        Ok((self.become_document(patched.document, now)?, patched.ignored))
    }

    /// Takes all access and changes nothing else.
    pub fn deactivate(&self, now: Timestamp) -> Result<Decision<Changed>, Invalid> {
        self.become_document(set_active(&self.document, false), now)
    }

    /// The same user with access; to see what a change would do to it.
    pub fn activated(&self, now: Timestamp) -> Result<Self, Invalid> {
        let decision = self.become_document(set_active(&self.document, true), now)?;
        Ok(decision.outcome().user.clone())
    }

    /// The document in place of the stored one, as the backend or an admin changed it.
    pub fn edit(&self, document: Document, now: Timestamp) -> Result<Decision<Changed>, Invalid> {
        self.become_document(document, now)
    }

    fn become_document(
        &self,
        document: Document,
        now: Timestamp,
    ) -> Result<Decision<Changed>, Invalid> {
        if document == self.document {
            let user = self.clone();
            return Ok(Decision::quiet(Changed { user, different: false, access: None }));
        }
        // A clock that went back must not make a change look older than the one before.
        let last_modified = now.max(self.meta.last_modified);
        let meta = Meta { last_modified, version: self.meta.version + 1, ..self.meta };
        let changed = changed_attributes(self.document.attributes(), document.attributes());
        let user = Self::read(self.id, meta, self.source, self.protected, document)?;
        let mut events = Vec::new();
        if changed.iter().any(|it| it != "active") {
            let mut facts = user.facts();
            if let Some(facts) = facts.as_object_mut() {
                facts.insert("changed".to_owned(), json!(changed));
            }
            events.push(user.event(EventKind::UserUpdated, facts));
        }
        let access = match (self.active(), user.active()) {
            (true, false) => Some(crate::access::Change::Revoked),
            (false, true) => Some(crate::access::Change::Granted),
            (true, true) | (false, false) => None,
        };
        if let Some(change) = access {
            let kind = match change {
                crate::access::Change::Granted => EventKind::UserActivated,
                crate::access::Change::Revoked => EventKind::UserDeactivated,
            };
            events.push(user.told(kind));
        }
        Ok(Decision::new(Changed { user, different: true, access }, events))
    }

    /// The event that this user was deleted.
    pub fn deleted(&self) -> Event {
        self.told(EventKind::UserDeleted)
    }

    /// Whether the user has access. A user without the attribute has none.
    pub fn active(&self) -> bool {
        self.document.get("active").and_then(Value::as_bool).unwrap_or(false)
    }

    /// `userName`, as sent.
    pub fn user_name(&self) -> &str {
        &self.user_name
    }

    /// `userName`, folded: what is unique.
    pub fn user_name_key(&self) -> &FoldedText {
        &self.user_name_key
    }

    /// `externalId`, as sent.
    pub fn external_id(&self) -> Option<&str> {
        self.document.get("externalId").and_then(Value::as_text)
    }

    /// `displayName`, as sent.
    pub fn display_name(&self) -> Option<&str> {
        self.document.get("displayName").and_then(Value::as_text)
    }

    /// The values of `roles`, as sent.
    pub fn role_values(&self) -> impl Iterator<Item = &str> {
        let roles = self.document.get("roles").map_or(&[][..], Value::elements);
        let parts = roles.iter().filter_map(Value::as_object);
        parts.filter_map(|it| it.get("value")).filter_map(Value::as_text)
    }

    /// The document.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The stored form.
    pub fn to_stored(&self, resource_type: &ResourceType) -> StoredUser {
        StoredUser {
            id: self.id,
            meta: self.meta,
            source: self.source,
            protected: self.protected,
            active: self.active(),
            document: self.document.to_json(resource_type),
        }
    }

    fn facts(&self) -> serde_json::Value {
        json!({
            "userName": self.user_name,
            "externalId": self.external_id(),
            "active": self.active(),
            "version": self.meta.version,
        })
    }

    /// An event with the user's facts.
    fn told(&self, kind: EventKind) -> Event {
        self.event(kind, self.facts())
    }

    fn event(&self, kind: EventKind, data: serde_json::Value) -> Event {
        Event::new(kind, Subject::User(self.id), data)
    }
}

fn set_active(document: &Document, active: bool) -> Document {
    let mut attributes = document.attributes().clone();
    attributes.set(Arc::from("active"), Value::Boolean(active));
    Document::from_object(attributes)
}

/// The top-level attributes that differ, by name, in the order of the new document.
pub(crate) fn changed_attributes(before: &Object, after: &Object) -> Vec<String> {
    let set = after.iter().filter(|(name, value)| before.get(name) != Some(*value));
    let gone = before.iter().filter(|(name, _)| after.get(name).is_none());
    set.chain(gone).map(|(name, _)| name.to_string()).collect()
}

/// Refuses the explicit removal or emptying of something a resource cannot be without.
pub(crate) fn required(name: &str) -> Invalid {
    Invalid::new(Reason::InvalidValue, format!("{name} is required."))
}
