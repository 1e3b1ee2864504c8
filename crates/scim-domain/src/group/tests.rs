//! Tests of groups.

use crate::{Json, resource::document::Strictness, schema::Catalog};

use super::*;

fn document(text: &str) -> Document {
    let json = Json::parse(text.as_bytes()).unwrap();
    let kind = &Catalog::standard().group;
    Document::from_request(kind, &json, Strictness::Tolerant).unwrap().document
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(0).plus_seconds(seconds)
}

fn home() -> Group {
    let id = GroupId::new(uuid::Uuid::from_u128(1));
    Group::home(id, "Admin", at(1)).unwrap().into_parts().0
}

#[test]
fn a_rename_tells_both_names_and_counts_as_written_by_an_identity_provider() {
    let decision = home().replace(document(r#"{"displayName":"Persona-Admin"}"#), at(2)).unwrap();
    assert_eq!(decision.events().len(), 1);
    let event = &decision.events()[0];
    assert_eq!(event.kind, EventKind::GroupRenamed);
    assert_eq!(event.data["previousDisplayName"], json!("Admin"));
    assert!(decision.outcome().written_over_scim && !home().written_over_scim);
}

#[test]
fn the_same_name_is_no_change() {
    let decision = home().replace(document(r#"{"displayName":"Admin"}"#), at(2)).unwrap();
    assert!(decision.events().is_empty());
    assert_eq!(decision.outcome().meta.version, 1);
}

#[test]
fn a_group_needs_a_name() {
    let id = GroupId::new(uuid::Uuid::from_u128(2));
    for text in [r#"{"externalId":"x"}"#, r#"{"displayName":""}"#, r#"{"displayName":"\u202e"}"#] {
        let error = Group::create(id, document(text), at(1)).unwrap_err();
        assert!(error.detail.contains("displayName"), "{}", error.detail);
    }
}

#[test]
fn another_external_id_is_an_update_and_no_rename() {
    let body = document(r#"{"displayName":"Admin","externalId":"x"}"#);
    let decision = home().replace(body, at(2)).unwrap();
    let kinds: Vec<_> = decision.events().iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [EventKind::GroupUpdated]);
}
