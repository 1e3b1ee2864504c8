use std::collections::BTreeSet;

use scim_app::ports::{EventRecord, NumberedEvent};
use scim_domain::{EventId, EventKind, Subject, Timestamp};
use serde_json::{Value, json};
use utoipa::PartialSchema as _;
use uuid::Uuid;

use super::*;

fn names(object: &Value) -> BTreeSet<String> {
    object.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn what_is_described_is_what_is_sent() {
    let organization = OrganizationId::new(Uuid::from_u128(7));
    let record = EventRecord {
        id: EventId::new(Uuid::from_u128(8)),
        at: Timestamp::from_micros(9),
        event: scim_domain::Event::new(
            EventKind::OrganizationCreated,
            Subject::Organization(organization),
            json!({}),
        ),
        request_id: None,
    };
    let sent = PublishedEvent::new(organization, NumberedEvent { sequence: 1, record });
    let sent = serde_json::to_value(sent).unwrap();
    let described = serde_json::to_value(Event::schema()).unwrap();
    assert_eq!(names(&sent), names(&described["properties"]));
    let required = described["required"].as_array().unwrap();
    assert_eq!(required.len(), names(&sent).len(), "{required:?}");
    let subject = serde_json::to_value(EventSubject::schema()).unwrap();
    assert_eq!(names(&sent["subject"]), names(&subject["properties"]));
}

#[test]
fn who_waits_is_answered_before_the_time_of_the_request_is_over() {
    for (timeout, expected) in [(60_000, 59_000), (1_500, 750), (1_000, 500)] {
        let timeout = Duration::from_millis(timeout);
        assert_eq!(longest(timeout), Duration::from_millis(expected));
    }
}
