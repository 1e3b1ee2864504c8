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
fn a_rename_tells_both_names() {
    let decision = home().replace(document(r#"{"displayName":"Persona-Admin"}"#), at(2)).unwrap();
    assert_eq!(decision.events().len(), 1);
    let event = &decision.events()[0];
    assert_eq!(event.kind, EventKind::GroupRenamed);
    assert_eq!(event.data["previousDisplayName"], json!("Admin"));
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

#[test]
fn a_group_is_local_until_it_is_attached_and_again_once_it_is_detached() {
    assert_eq!(home().managed_by(), ManagedBy::Local);
    let attached = home().attached();
    assert_eq!(attached.managed_by(), ManagedBy::IdentityProvider);
    assert!(attached.managed_by().locked());
    assert_eq!(attached.meta, home().meta);
    let detached = attached.detach(at(2)).unwrap();
    assert_eq!(*detached.outcome(), home());
    assert_eq!(detached.events()[0].kind, EventKind::GroupDetached);
    assert!(home().detach(at(2)).unwrap().events().is_empty());
}

#[test]
fn a_detached_group_forgets_the_id_by_which_the_identity_provider_knew_it() {
    let id = GroupId::new(uuid::Uuid::from_u128(2));
    let body = document(r#"{"displayName":"Team","externalId":"00g1"}"#);
    let group = Group::create(id, body, at(1)).unwrap().into_parts().0;
    let decision = group.detach(at(2)).unwrap();
    let detached = decision.outcome();
    assert_eq!((detached.external_id(), detached.display_name()), (None, "Team"));
    assert_eq!(detached.meta.version, 2);
    let told = decision.events().last().unwrap();
    assert_eq!(told.data["previousExternalId"], json!("00g1"));
}
