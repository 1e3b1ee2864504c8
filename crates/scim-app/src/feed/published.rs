//! An event as others see it: over the API, at the command line, and wherever else it is told. One
//! form for all of them, a public contract.

use scim_domain::OrganizationId;
use serde::Serialize;

use crate::ports::NumberedEvent;

/// An event in its public form.
///
/// Its members say what those of a security event token (RFC 8417) say: `id` is the `jti`, `time`
/// the `toe`, `subject` the `sub_id`, and `requestId` the `txn`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublishedEvent {
    /// The event's id, the same wherever it is told.
    pub id: String,
    /// Its number in the feed of the organization.
    pub sequence: u64,
    /// What happened, `object.past_participle`.
    pub r#type: &'static str,
    /// When, RFC 3339 in UTC.
    pub time: String,
    /// In which organization.
    pub organization: String,
    /// To what.
    pub subject: PublishedSubject,
    /// The facts that a receiver needs to keep its own state right.
    pub data: serde_json::Value,
    /// The request it happened in, if it was one: the `X-Request-Id` of its answer.
    pub request_id: Option<String>,
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PublishedSubject {
    /// `organization`, `user`, `group`, `role`, `api_key`, …
    pub r#type: &'static str,
    /// Its id.
    pub id: String,
}

impl PublishedEvent {
    /// The public form of an event of an organization.
    pub fn new(organization: OrganizationId, event: NumberedEvent) -> Self {
        let NumberedEvent { sequence, record } = event;
        let subject = PublishedSubject {
            r#type: record.event.subject.kind(),
            id: record.event.subject.uuid().as_hyphenated().to_string(),
        };
        Self {
            id: record.id.to_string(),
            sequence,
            r#type: record.event.kind.name(),
            time: record.at.to_string(),
            organization: organization.to_string(),
            subject,
            data: record.event.data,
            request_id: record.request_id,
        }
    }
}
