//! Users for tests, made as requests would make them.

use scim_domain::{
    Json, Timestamp, UserId,
    resource::{Document, document::Strictness},
    schema::Catalog,
    user::{Source, User},
};
use serde_json::Value;

/// A moment.
pub const NOW: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);

/// A user of that body.
pub fn user(id: UserId, body: &Value) -> User {
    let catalog = Catalog::standard();
    let body = Json::parse(body.to_string().as_bytes()).unwrap();
    let parsed = Document::from_request(&catalog.user, &body, Strictness::Tolerant).unwrap();
    User::create(id, parsed.document, Source::Scim, NOW).unwrap().outcome().clone()
}
