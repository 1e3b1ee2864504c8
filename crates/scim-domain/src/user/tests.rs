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

fn with_source(source: Source) -> User {
    User { source, ..user(r#"{"userName":"Jane","externalId":"x"}"#) }
}

// Z3
#[test]
fn who_may_change_a_user_follows_from_protection_and_source() {
    for (source, protected, guard, lock) in [
        (Source::Scim, false, Ok(()), Err(Locked)),
        (Source::Scim, true, Err(Guarded::Protected), Err(Locked)),
        (Source::SignIn, false, Ok(()), Ok(())),
        (Source::SignIn, true, Err(Guarded::Protected), Ok(())),
        (Source::Local, false, Err(Guarded::Detached), Ok(())),
        (Source::Local, true, Err(Guarded::Protected), Ok(())),
    ] {
        let user = User { protected, ..with_source(source) };
        assert_eq!((user.guard(), user.lock()), (guard, lock), "{source:?} {protected}");
        assert_eq!(Source::parse(source.name()), Some(source));
    }
}

#[test]
fn protection_and_source_change_alone_and_are_told_once() {
    let kinds = |it: &Decision<Changed>| it.events().iter().map(|it| it.kind).collect::<Vec<_>>();
    let before = with_source(Source::Scim);
    let protected = before.protect(true);
    assert_eq!(kinds(&protected), [EventKind::UserProtected]);
    assert_eq!(protected.outcome().user, User { protected: true, ..before.clone() });
    let detached = before.detach();
    assert_eq!(kinds(&detached), [EventKind::UserDetached]);
    let local = detached.outcome().user.clone();
    assert_eq!(local, User { source: Source::Local, ..before.clone() });
    let attached = local.attach().unwrap();
    assert_eq!(kinds(&attached), [EventKind::UserAttached]);
    assert_eq!(attached.outcome().user, before);
    let signed_in = with_source(Source::SignIn);
    for quiet in [before.protect(false), local.detach(), signed_in.detach()] {
        assert!(!quiet.outcome().different && quiet.events().is_empty());
    }
    assert_eq!(signed_in.attach().unwrap_err(), NeverWritten);
}

#[test]
fn only_a_user_that_sign_in_made_is_taken_over() {
    for source in Source::ALL.iter().copied() {
        let before = with_source(source);
        let same = before.edit(before.document().clone(), at(2)).unwrap();
        let after = before.taken_over(same);
        let adopted = source == Source::SignIn;
        assert_eq!(after.outcome().different, adopted, "{source:?}");
        assert_eq!(after.outcome().user.source, if adopted { Source::Scim } else { source });
        assert_eq!(after.events().len(), usize::from(adopted));
        assert_eq!(after.outcome().user.meta, before.meta);
    }
}

#[test]
fn nobody_is_who_has_another_external_id() {
    let known = with_source(Source::SignIn);
    assert!(known.can_be(Some("x")));
    assert!(!known.can_be(Some("X")) && !known.can_be(None));
    let unknown = user(r#"{"userName":"Jane"}"#);
    assert!(unknown.can_be(Some("x")) && unknown.can_be(None));
}
