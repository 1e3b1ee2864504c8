//! Bulk is no way around anything: powers, tenants, plans and protection.

use scim_app::{
    Error,
    error::Forbidden,
    provisioning::{Change, ExistingUser, Shown},
};
use scim_domain::{organization::Plan, schema::ResourceKind};

use super::{change, create, done, error, group, user};
use crate::world::{attribute, json, patch, world, world_with};

// Z3
#[tokio::test]
async fn a_protected_user_is_left_alone_through_bulk_too() {
    let world = world().await;
    let root = world.made_by_sign_in(r#"{"userName":"root"}"#, true).await.to_string();
    let before = world.find(r#"userName eq "root""#).await;
    let off = || patch(r#"{"op":"replace","value":{"active":false}}"#);
    let put = Change::Replace(json(r#"{"userName":"root","active":false}"#));
    let operations = vec![
        change(ResourceKind::User, &root, put),
        change(ResourceKind::User, &root, Change::Patch(off())),
        change(ResourceKind::User, &root, Change::Delete),
        user("jane", None),
        group("Team", &[&root, "bulkId:jane"]),
    ];
    let results = world.bulk(operations).await;
    for at in 0..3 {
        assert!(matches!(error(&results, at), Error::Forbidden(Forbidden::Protected)), "{at}");
    }
    assert_eq!(world.find(r#"userName eq "root""#).await, before);
    assert_eq!(world.members(done(&results, 4).0).await.len(), 1);
}

// T1
#[tokio::test]
async fn another_organizations_resources_are_unknown_to_bulk() {
    let world = world().await;
    let (_, neighbour) = world.neighbour().await;
    let caller = world.session_of(&neighbour.token).await.release();
    let theirs = world.scim.create_user(caller, json(r#"{"userName":"x"}"#), Shown(false)).await;
    let id = theirs.unwrap().value.user.id.to_string();
    let off = patch(r#"{"op":"replace","value":{"active":false}}"#);
    let operations = vec![
        change(ResourceKind::User, &id, Change::Patch(off)),
        change(ResourceKind::User, &id, Change::Delete),
        group("Team", &[&id]),
    ];
    let results = world.bulk(operations).await;
    for at in 0..2 {
        assert!(matches!(error(&results, at), Error::NotFound(ResourceKind::User)), "{at}");
    }
    assert!(world.members(done(&results, 2).0).await.is_empty());
    let session = world.session_of(&neighbour.token).await;
    assert!(world.scim.get_user(session, &id, Shown(false)).await.is_ok());
}

// Z1
#[tokio::test]
async fn roles_posted_through_bulk_change_no_power() {
    let world = world().await;
    let data = r#"{"userName":"eve","id":"x","userType":"Admin","roles":[{"value":"admin"}],
        "entitlements":[{"value":"admin"}],"groups":[{"value":"Admin"}]}"#;
    let results = world.bulk(vec![create(ResourceKind::User, "eve", data)]).await;
    assert!(results[&0].is_done());
    assert!(world.roles_of("eve").await.is_empty());
}

// Z5
#[tokio::test]
async fn without_the_plan_bulk_only_takes_access_away() {
    let world = world_with(Plan::Enterprise, ExistingUser::Adopt).await;
    let jane = world.create("jane").await;
    let id = jane.to_string();
    world.admin.set_plan(world.organization, Plan::Starter).await.unwrap();
    let off = patch(r#"{"op":"replace","value":{"active":false,"title":"Dr"}}"#);
    let title = patch(r#"{"op":"replace","path":"title","value":"Dr"}"#);
    let operations = vec![
        user("joe", None),
        change(ResourceKind::User, &id, Change::Patch(title)),
        change(ResourceKind::User, &id, Change::Patch(off)),
        user("a", Some("bulkId:a")),
    ];
    let results = world.bulk(operations).await;
    for at in [0, 1, 3] {
        assert!(matches!(error(&results, at), Error::Forbidden(Forbidden::Plan(_))), "{at}");
    }
    assert!(results[&2].is_done());
    let view = world.get(jane).await.unwrap();
    assert_eq!(attribute(&view, "active"), false);
    assert_eq!(attribute(&view, "title"), serde_json::Value::Null);
}
