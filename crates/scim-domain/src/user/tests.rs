//! Tests of users.

use crate::{Json, access::Change, resource::document::Strictness, schema::Catalog};

use super::*;

fn document(text: &str) -> Document {
    let json = Json::parse(text.as_bytes()).unwrap();
    Document::from_request(&Catalog::standard().user, &json, Strictness::Tolerant).unwrap().document
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(0).plus_seconds(seconds)
}

fn user(text: &str) -> User {
    let id = UserId::new(uuid::Uuid::from_u128(1));
    User::create(id, document(text), Source::Scim, at(1)).unwrap().into_parts().0
}

#[test]
fn a_user_needs_a_name_that_can_identify_somebody() {
    let id = UserId::new(uuid::Uuid::from_u128(1));
    for text in [r#"{"title":"x"}"#, r#"{"userName":" "}"#, r#"{"userName":"a\u200bb"}"#] {
        let error = User::create(id, document(text), Source::Scim, at(1)).unwrap_err();
        assert!(error.detail.contains("userName"), "{}", error.detail);
    }
}

#[test]
fn the_stored_form_reads_back_as_the_same_user() {
    let catalog = Catalog::standard();
    let user = user(r#"{"userName":"Jane","emails":"a@b.c","externalId":"x"}"#);
    let read = User::from_stored(&catalog.user, &user.to_stored(&catalog.user)).unwrap();
    assert_eq!(read, user);
    assert_eq!((read.user_name(), read.user_name_key().as_str()), ("Jane", "jane"));
    assert_eq!(read.external_id(), Some("x"));
    assert!(read.active());
}

#[test]
fn a_change_tells_which_attributes_and_what_became_of_access() {
    let before = user(r#"{"userName":"Jane","title":"a"}"#);
    let decision =
        before.replace(document(r#"{"userName":"Jane","active":false}"#), at(2)).unwrap();
    let kinds: Vec<_> = decision.events().iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [EventKind::UserUpdated, EventKind::UserDeactivated]);
    assert_eq!(decision.events()[0].data["changed"], json!(["active", "title"]));
    assert_eq!(decision.outcome().access, Some(Change::Revoked));
    assert_eq!(decision.outcome().user.meta.version, 2);
}

// N4
#[test]
fn the_same_content_in_another_order_is_no_change() {
    let before = user(r#"{"userName":"Jane","title":"a","locale":"en"}"#);
    let same = document(r#"{"locale":"en","title":"a","userName":"Jane","active":true}"#);
    let decision = before.replace(same, at(2)).unwrap();
    assert!(!decision.outcome().different && decision.events().is_empty());
    assert_eq!(decision.outcome().user.meta, before.meta);
}

// R8
#[test]
fn a_clock_that_goes_back_never_makes_a_change_look_older() {
    let before = user(r#"{"userName":"Jane"}"#);
    let decision = before.replace(document(r#"{"userName":"Jane","title":"x"}"#), at(0)).unwrap();
    assert_eq!(decision.outcome().user.meta.last_modified, at(1));
}
