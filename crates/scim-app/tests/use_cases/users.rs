//! Users as an identity provider creates, updates, deactivates and deletes them.

use scim_app::{
    Error,
    provisioning::{IfMatch, Shown},
    quirks::Quirk,
};
use scim_domain::{EventKind, Reason};
use serde_json::json as value;

use crate::world::{attribute, json, user_json, world};

#[tokio::test]
async fn a_created_user_is_found_by_its_name_in_any_case_and_keeps_its_spelling() {
    let world = world().await;
    let id = world.create("Jane.Doe@Example.com").await;
    let found = world.find(r#"userName eq "JANE.DOE@example.COM""#).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].user.id, id);
    assert_eq!(attribute(&found[0], "userName"), value!("Jane.Doe@Example.com"));
}

// N7
#[tokio::test]
async fn a_create_that_is_retried_is_a_conflict_and_changes_nothing() {
    let world = world().await;
    let id = world.create("jane").await;
    let before = (world.get(id).await.unwrap(), world.audited().await.len());
    let error = world.try_create(json(r#"{"userName":"JANE","displayName":"Other"}"#)).await;
    assert!(matches!(error, Err(Error::Taken { .. })), "{error:?}");
    assert_eq!((world.get(id).await.unwrap(), world.audited().await.len()), before);
}

#[tokio::test]
async fn the_conflict_with_an_inactive_user_says_how_to_revive_it() {
    let world = world().await;
    let id = world.create("jane").await;
    world.set_active(id, false).await;
    let error = world.try_create(user_json("jane")).await.unwrap_err();
    assert!(error.to_string().contains("active set to true"), "{error}");
    assert!(!world.get(id).await.unwrap().user.active);
}

#[tokio::test]
async fn a_request_tells_which_quirks_it_showed() {
    let world = world().await;
    let caller = world.caller().await;
    let create = |body| world.scim.create_user(caller.clone(), body, Shown(true));
    create(user_json("jane")).await.unwrap();
    assert_eq!(caller.showed.all(), []);
    let odd = json(r#"{"userName":"joe","active":"True","manager":"jane"}"#);
    create(odd).await.unwrap();
    let quirks = caller.showed.all();
    let expected = [Quirk::AttributeWithoutUrn, Quirk::BooleanAsText, Quirk::TextForObject];
    assert_eq!(quirks, expected);
}

#[tokio::test]
async fn a_user_without_active_is_active_and_a_put_without_it_keeps() {
    let world = world().await;
    let view = world.try_create(json(r#"{"userName":"jane"}"#)).await.unwrap().value;
    assert!(view.user.active);
    let id = view.user.id;
    world.set_active(id, false).await;
    for body in [
        r#"{"userName":"jane","title":"a"}"#,
        r#"{"userName":"jane","title":"b","active":null}"#,
        r#"{"userName":"jane","title":"c","active":""}"#,
    ] {
        let view = world.put(id, json(body)).await.unwrap().value;
        assert!(!view.user.active, "{body}");
    }
}

#[tokio::test]
async fn a_put_clears_what_it_does_not_name() {
    let world = world().await;
    let id = world.create("jane").await;
    let view = world.put(id, json(r#"{"userName":"jane","title":"Boss"}"#)).await.unwrap().value;
    assert_eq!(attribute(&view, "title"), value!("Boss"));
    assert_eq!(attribute(&view, "emails"), value!(null));
    assert_eq!(attribute(&view, "externalId"), value!(null));
}

#[tokio::test]
async fn a_put_of_what_is_stored_changes_nothing() {
    let world = world().await;
    let id = world.create("jane").await;
    let before = (world.get(id).await.unwrap(), world.events().await.len());
    world.put(id, user_json("jane")).await.unwrap();
    assert_eq!((world.get(id).await.unwrap(), world.events().await.len()), before);
}

#[tokio::test]
async fn deactivating_announces_itself_and_reactivating_keeps_the_id() {
    let world = world().await;
    let id = world.create("jane").await;
    world.set_active(id, false).await;
    assert_eq!(world.count(EventKind::UserDeactivated).await, 1);
    assert_eq!(world.find(r#"userName eq "jane""#).await[0].user.id, id);
    // Nothing else revives a user.
    world.patch(id, r#"{"op":"replace","path":"title","value":"x"}"#).await.unwrap();
    assert!(!world.get(id).await.unwrap().user.active);
    world.set_active(id, true).await;
    assert_eq!(world.count(EventKind::UserActivated).await, 1);
    assert_eq!(world.get(id).await.unwrap().user.id, id);
}

#[tokio::test]
async fn removing_active_leaves_it_absent_and_the_user_without_access() {
    let world = world().await;
    let id = world.create("jane").await;
    let view = world.patch(id, r#"{"op":"remove","path":"active"}"#).await.unwrap().value;
    assert_eq!(attribute(&view, "active"), value!(null));
    assert!(!view.user.active);
    assert!(!world.access("jane").await.active());
}

#[tokio::test]
async fn a_deleted_user_is_gone_and_a_new_one_of_its_name_inherits_nothing() {
    let world = world().await;
    let admin = world.home_of("admin").await;
    let id = world.create("jane").await;
    world.add(&admin, id).await;
    world.delete(id).await.unwrap();
    assert!(matches!(world.get(id).await, Err(Error::NotFound(_))));
    assert!(matches!(world.delete(id).await, Err(Error::NotFound(_))));
    let fresh = world.create("jane").await;
    assert_ne!(fresh, id);
    assert!(world.roles_of("jane").await.is_empty());
    assert!(world.members(&admin).await.is_empty());
}

// N4
#[tokio::test]
async fn a_stale_version_is_refused_inside_the_write_and_a_no_op_keeps_the_version() {
    let world = world().await;
    let id = world.create("jane").await.to_string();
    let body = || json(r#"{"userName":"jane","title":"x"}"#);
    let put = async |header: &str| {
        let caller = world.caller().await;
        let condition = IfMatch::parse(header);
        world.scim.replace_user(caller, &id, condition, body(), Shown(false)).await
    };
    assert_eq!(put("W/\"1\"").await.unwrap().value.user.meta.version, 2);
    assert!(matches!(put("W/\"1\"").await, Err(Error::PreconditionFailed)));
    assert_eq!(put("W/\"2\"").await.unwrap().value.user.meta.version, 2);
    assert_eq!(put("*").await.unwrap().value.user.meta.version, 2);
}

// N6
#[tokio::test]
async fn a_patch_whose_last_operation_fails_leaves_nothing() {
    let world = world().await;
    let id = world.create("jane").await;
    let before = world.get(id).await.unwrap();
    let operations = r#"{"op":"replace","path":"title","value":"a"},
        {"op":"replace","path":"displayName","value":"b"},
        {"op":"replace","path":"nonsense","value":"c"}"#;
    let error = world.patch(id, operations).await.unwrap_err();
    let Error::Invalid(invalid) = error else { panic!("{error:?}") };
    assert_eq!(invalid.reason, Reason::InvalidPath);
    assert_eq!(world.get(id).await.unwrap(), before);
}

// N2
#[tokio::test]
async fn two_users_cannot_be_renamed_to_one_name() {
    let world = world().await;
    let (a, b) = (world.create("a").await, world.create("b").await);
    let rename = r#"{"op":"replace","path":"userName","value":"Same"}"#;
    let (one, two) = tokio::join!(world.patch(a, rename), world.patch(b, rename));
    assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1);
    assert_eq!(world.find(r#"userName eq "same""#).await.len(), 1);
}

// A3
#[tokio::test]
async fn a_password_is_dropped_wherever_it_comes_from() {
    let world = world().await;
    let id = world.create("jane").await;
    world.put(id, user_json("jane")).await.unwrap();
    world.patch(id, r#"{"op":"replace","value":{"password":"1mz050nq"}}"#).await.unwrap();
    world.patch(id, r#"{"op":"replace","path":"password","value":"1mz050nq"}"#).await.unwrap();
    let everything = format!("{:?}{:?}", world.get(id).await.unwrap(), world.events().await);
    assert!(!everything.contains("1mz050nq") && !everything.contains("password"));
}

// T1 T2
#[tokio::test]
async fn another_organization_is_neither_seen_nor_in_the_way() {
    let world = world().await;
    let (_, foreign) = world.neighbour().await;
    let id = world.create("jane").await;
    let session = world.session_of(&foreign.token).await;
    let error = world.scim.get_user(session, &id.to_string(), Shown(true)).await;
    assert!(matches!(error, Err(Error::NotFound(_))));
    let caller = world.caller_of(&foreign.token).await;
    let created = world.scim.create_user(caller.clone(), user_json("jane"), Shown(true)).await;
    assert_ne!(created.unwrap().value.user.id, id);
    let deleted = world.scim.delete_user(caller, &id.to_string(), IfMatch::Absent).await;
    assert!(matches!(deleted, Err(Error::NotFound(_))));
    assert!(world.get(id).await.is_ok());
}
