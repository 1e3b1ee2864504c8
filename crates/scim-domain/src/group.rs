//! Groups without their members: those are rows of their own.

use serde_json::json;

use crate::{
    Decision, Event, EventKind, FoldedText, GroupId, ManagedBy, Subject, Timestamp, UserId,
    invalid::Invalid,
    resource::{
        Document, Object, Value,
        document::Corrupt,
        patch::{self, Operation, PatchOptions, RowChange},
        representation::Meta,
    },
    schema::{ResourceKind, ResourceType},
    user::{changed_attributes, required},
};

#[cfg(test)]
mod tests;

/// A member of a group. Users come before groups; among themselves, by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Member {
    /// A user.
    User(UserId),
    /// A group, where groups may be members: its members count as members too.
    Group(GroupId),
}

impl Member {
    /// Its id.
    pub const fn uuid(self) -> uuid::Uuid {
        match self {
            Self::User(id) => id.uuid(),
            Self::Group(id) => id.uuid(),
        }
    }

    /// What it is: the `type` of a member on the wire.
    pub const fn kind(self) -> ResourceKind {
        match self {
            Self::User(_) => ResourceKind::User,
            Self::Group(_) => ResourceKind::Group,
        }
    }
}

/// A group as the store keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredGroup {
    /// Its id.
    pub id: GroupId,
    /// Times and version. The version covers name and members.
    pub meta: Meta,
    /// Whether an identity provider wrote it, and nobody detached it since.
    pub written_over_scim: bool,
    /// The document, as [`Document::to_json`] wrote it.
    pub document: String,
}

/// A group. Document and facts cannot disagree.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Times and version.
    pub meta: Meta,
    /// Whether an identity provider wrote it, and nobody detached it since.
    pub written_over_scim: bool,
    document: Document,
    display_name: String,
    display_name_key: FoldedText,
}

/// What a request does to the members of a group, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Patched {
    /// The group, with its document changed.
    pub group: Group,
    /// Whether the document is different.
    pub different: bool,
    /// Changes of the members, in the order of the request.
    pub members: Vec<RowChange>,
    /// Names that nothing here knows.
    pub ignored: Vec<String>,
}

impl Group {
    fn read(
        id: GroupId,
        meta: Meta,
        written_over_scim: bool,
        document: Document,
    ) -> Result<Self, Invalid> {
        let Some(name) = document.get("displayName").and_then(Value::as_text) else {
            return Err(required("displayName"));
        };
        let display_name = name.to_owned();
        let display_name_key = FoldedText::of_name("displayName", &display_name)?;
        Ok(Self { id, meta, written_over_scim, document, display_name, display_name_key })
    }

    /// Reads a group from the store.
    pub fn from_stored(
        resource_type: &ResourceType,
        stored: &StoredGroup,
    ) -> Result<Self, Corrupt> {
        let document = Document::read(resource_type, &stored.document)?;
        Self::read(stored.id, stored.meta, stored.written_over_scim, document)
            .map_err(|it| Corrupt { resource_type: resource_type.kind.name(), reason: it.detail })
    }

    /// A new group that an identity provider sent.
    pub fn create(
        id: GroupId,
        document: Document,
        now: Timestamp,
    ) -> Result<Decision<Self>, Invalid> {
        let meta = Meta { created: now, last_modified: now, version: 1 };
        let group = Self::read(id, meta, true, document)?;
        let created = group.event(EventKind::GroupCreated);
        Ok(Decision::new(group, vec![created]))
    }

    /// A new group that no identity provider has sent: it is local.
    pub fn record(
        id: GroupId,
        document: Document,
        now: Timestamp,
    ) -> Result<Decision<Self>, Invalid> {
        let meta = Meta { created: now, last_modified: now, version: 1 };
        let group = Self::read(id, meta, false, document)?;
        let created = group.event(EventKind::GroupCreated);
        Ok(Decision::new(group, vec![created]))
    }

    /// The home group of a role, which no identity provider has seen yet.
    pub fn home(id: GroupId, name: &str, now: Timestamp) -> Result<Decision<Self>, Invalid> {
        let value = Value::String(name.to_owned());
        let attributes = Object::from_iter([("displayName".into(), value)]);
        Self::record(id, Document::from_object(attributes), now)
    }

    /// PUT (RFC 7644 §3.5.1) of the document; members are the caller's.
    pub fn replace(&self, document: Document, now: Timestamp) -> Result<Decision<Self>, Invalid> {
        self.become_document(document, now)
    }

    /// PATCH (RFC 7644 §3.5.2): all operations or none.
    pub fn patch(
        &self,
        resource_type: &ResourceType,
        operations: &[Operation],
        options: PatchOptions,
        now: Timestamp,
    ) -> Result<Decision<Patched>, Invalid> {
        let patched = patch::apply(resource_type, &self.document, operations, options)?;
        let before = self.meta.version;
        Ok(self.become_document(patched.document, now)?.map(|group| Patched {
            different: group.meta.version != before,
            group,
            members: patched.rows,
            ignored: patched.ignored,
        }))
    }

    /// The same group after its members changed: they are part of its version.
    #[must_use]
    pub fn touched(&self, now: Timestamp) -> Self {
        let meta = Meta {
            last_modified: now.max(self.meta.last_modified),
            version: self.meta.version + 1,
            ..self.meta
        };
        Self { meta, ..self.clone() }
    }

    /// Who looks after it.
    pub const fn managed_by(&self) -> ManagedBy {
        if self.written_over_scim { ManagedBy::IdentityProvider } else { ManagedBy::Local }
    }

    /// The group after an identity provider wrote it: from then on it is the identity provider's.
    /// Its version stays, since that covers what the group is and not whose it is.
    #[must_use]
    pub fn attached(&self) -> Self {
        Self { written_over_scim: true, ..self.clone() }
    }

    /// The event that an identity provider took it over.
    pub fn attached_event(&self) -> Event {
        self.event(EventKind::GroupAttached)
    }

    /// Lets go of the identity provider: the group stays as it is, local, without the `externalId`
    /// by which the identity provider knew it. Quiet if it is local already.
    pub fn detach(&self, now: Timestamp) -> Result<Decision<Self>, Invalid> {
        if !self.written_over_scim {
            return Ok(Decision::quiet(self.clone()));
        }
        let mut attributes = self.document.attributes().clone();
        attributes.remove("externalId");
        let decision = self.become_document(Document::from_object(attributes), now)?;
        let group = Self { written_over_scim: false, ..decision.outcome().clone() };
        let mut data = group.facts();
        if let (Some(data), Some(external_id)) = (data.as_object_mut(), self.external_id()) {
            data.insert("previousExternalId".to_owned(), json!(external_id));
        }
        let detached = Event::new(EventKind::GroupDetached, Subject::Group(self.id), data);
        Ok(decision.map(|_| group).and([detached]))
    }

    fn become_document(
        &self,
        document: Document,
        now: Timestamp,
    ) -> Result<Decision<Self>, Invalid> {
        if document == self.document {
            return Ok(Decision::quiet(self.clone()));
        }
        let meta = Meta {
            last_modified: now.max(self.meta.last_modified),
            version: self.meta.version + 1,
            ..self.meta
        };
        let changed = changed_attributes(self.document.attributes(), document.attributes());
        let group = Self::read(self.id, meta, self.written_over_scim, document)?;
        let mut events = Vec::new();
        if group.display_name != self.display_name {
            let mut data = group.facts();
            if let Some(data) = data.as_object_mut() {
                data.insert("previousDisplayName".to_owned(), json!(self.display_name));
            }
            events.push(Event::new(EventKind::GroupRenamed, Subject::Group(self.id), data));
        }
        if changed.iter().any(|it| it != "displayName") {
            events.push(group.event(EventKind::GroupUpdated));
        }
        Ok(Decision::new(group, events))
    }

    /// The event that users, and groups where these may be members, joined.
    pub fn members_added(&self, users: &[UserId], groups: &[GroupId]) -> Event {
        self.members_event(EventKind::GroupMembersAdded, users, groups)
    }

    /// The event that users, and groups where these may be members, left.
    pub fn members_removed(&self, users: &[UserId], groups: &[GroupId]) -> Event {
        self.members_event(EventKind::GroupMembersRemoved, users, groups)
    }

    fn members_event(&self, kind: EventKind, users: &[UserId], groups: &[GroupId]) -> Event {
        let users: Vec<_> = users.iter().map(ToString::to_string).collect();
        let mut data = json!({ "users": users });
        if let (Some(data), false) = (data.as_object_mut(), groups.is_empty()) {
            let groups: Vec<_> = groups.iter().map(ToString::to_string).collect();
            data.insert("groups".to_owned(), json!(groups));
        }
        Event::new(kind, Subject::Group(self.id), data)
    }

    /// The event that this group was deleted.
    pub fn deleted(&self) -> Event {
        self.event(EventKind::GroupDeleted)
    }

    /// `displayName`, as sent.
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// `displayName`, folded: what is unique.
    pub fn display_name_key(&self) -> &FoldedText {
        &self.display_name_key
    }

    /// `externalId`, as sent.
    pub fn external_id(&self) -> Option<&str> {
        self.document.get("externalId").and_then(Value::as_text)
    }

    /// The document.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The stored form.
    pub fn to_stored(&self, resource_type: &ResourceType) -> StoredGroup {
        StoredGroup {
            id: self.id,
            meta: self.meta,
            written_over_scim: self.written_over_scim,
            document: self.document.to_json(resource_type),
        }
    }

    fn facts(&self) -> serde_json::Value {
        json!({
            "displayName": self.display_name,
            "externalId": self.external_id(),
            "version": self.meta.version,
        })
    }

    fn event(&self, kind: EventKind) -> Event {
        Event::new(kind, Subject::Group(self.id), self.facts())
    }
}
