use std::net::IpAddr;

use scim_domain::{
    ApiKeyId, AuditEntryId, Event, EventId, OrganizationId, Subject, Timestamp, UserId,
};
use uuid::Uuid;

use crate::quirks::Quirk;

/// What a push of members needs to know of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberState {
    /// The user.
    pub id: UserId,
    /// Whether it has access.
    pub active: bool,
    /// Whether identity providers must leave it alone.
    pub protected: bool,
}

/// An entry of the audit log: one change, by whom, of what.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditRecord {
    /// Its id.
    pub id: AuditEntryId,
    /// When.
    pub at: Timestamp,
    /// By whom: `api_key:<id>`, `cli:<user>` or `system`.
    pub actor: String,
    /// What was done: an event's name, or what was refused.
    pub action: String,
    /// To what; an id of another organization is never named.
    pub subject: Subject,
    /// The request it happened in, if it was one.
    pub request_id: Option<String>,
    /// What else matters, in plain words and ids; never a secret.
    pub detail: serde_json::Value,
}

/// An event as the outbox keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRecord {
    /// Its id; the same in every delivery.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
    /// The request it happened in, if it was one.
    pub request_id: Option<String>,
}

/// The place of an audit entry in the chain of its organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Counts the entries from 1, without gaps.
    pub sequence: u64,
    /// Hash over the previous hash and this entry.
    pub hash: [u8; 32],
}

/// An audit entry with its place, if it has one yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Sealed {
    /// The entry.
    pub entry: AuditRecord,
    /// Its place.
    pub seal: Option<Seal>,
}

/// Which entries of the audit log are wanted; by default all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Those about the subject of this id.
    pub subject: Option<Uuid>,
    /// Those of this action, for example `user.updated`.
    pub action: Option<String>,
}

impl AuditFilter {
    /// Whether an entry is wanted.
    pub fn matches(&self, entry: &AuditRecord) -> bool {
        self.subject.is_none_or(|it| it == entry.subject.uuid())
            && self.action.as_ref().is_none_or(|it| *it == entry.action)
    }
}

/// A part of the audit log, newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditPage {
    /// The entries.
    pub entries: Vec<Sealed>,
    /// The number of the last one if older ones follow: the next page is before it. An entry that
    /// has no place yet counts by the one it is going to have.
    pub rest: Option<u64>,
}

/// An event or audit entry that waits for its place.
#[derive(Clone, Debug, PartialEq)]
pub struct UnsealedEntry<T> {
    /// Whose it is.
    pub organization: OrganizationId,
    /// What waits.
    pub entry: T,
}

/// The last use of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// When.
    pub at: Timestamp,
    /// From where.
    pub address: Option<IpAddr>,
    /// The client's `User-Agent`, cut to 200 characters.
    pub agent: Option<String>,
}

/// How often the requests of a key showed a quirk, and the last that did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuirkCount {
    /// The key.
    pub api_key: ApiKeyId,
    /// What they showed.
    pub quirk: Quirk,
    /// How many requests.
    pub requests: u64,
    /// When the last one came.
    pub last: Timestamp,
    /// The id of the last one, by which the activity and the log know it.
    pub last_request_id: String,
}

/// Where in the list of requests, newest first, a page ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActivityPlace {
    /// When the last request came in.
    pub at: Timestamp,
    /// Tells it from others of the same moment.
    pub position: u64,
}

/// A part of the requests, newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct ActivityPage {
    /// The requests.
    pub requests: Vec<ActivityRecord>,
    /// Where the next page begins, if older ones follow.
    pub rest: Option<ActivityPlace>,
}

/// What became of one request, for the people who connect an identity provider.
#[derive(Clone, Debug, PartialEq)]
pub struct ActivityRecord {
    /// The request.
    pub request_id: String,
    /// When it came in.
    pub at: Timestamp,
    /// With which key.
    pub api_key: ApiKeyId,
    /// The method.
    pub method: String,
    /// The path below the base URL, without the query: filters hold personal data.
    pub path: String,
    /// The status it was answered with.
    pub status: u16,
    /// What was done, left out or refused, in plain words without personal data.
    pub detail: String,
}
