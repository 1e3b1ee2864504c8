//! Protected (break-glass) users: read and found, and left alone. One guard for every way in.

use scim_app::{Error, error::Forbidden};
use scim_domain::EventKind;
use serde_json::json as value;

use crate::world::{group_json, json, world};

fn protected<T: std::fmt::Debug>(result: &Result<T, Error>) {
    assert!(matches!(result, Err(Error::Forbidden(Forbidden::Protected))), "{result:?}");
}

// Z3
#[tokio::test]
async fn every_write_to_a_protected_user_is_refused_alike() {
    let world = world().await;
    let id = world.made_by_sign_in(r#"{"userName":"root"}"#, true).await;
    assert!(world.get(id).await.is_ok());
    assert_eq!(world.find(r#"userName eq "root""#).await.len(), 1);
    protected(&world.put(id, json(r#"{"userName":"root","active":false}"#)).await);
    protected(&world.patch(id, r#"{"op":"replace","value":{"active":false}}"#).await);
    protected(&world.patch(id, r#"{"op":"replace","path":"title","value":"x"}"#).await);
    protected(&world.delete(id).await);
    assert!(matches!(
        world.try_create(json(r#"{"userName":"root"}"#)).await,
        Err(Error::Taken { .. })
    ));
}

// Z3
#[tokio::test]
async fn a_protected_member_is_left_as_it_is_and_the_rest_of_the_push_applies() {
    let world = world().await;
    let root = world.made_by_sign_in(r#"{"userName":"root"}"#, true).await;
    let jane = world.create("jane").await;
    let group = world.push_group("Team", &[root, jane]).await;
    assert_eq!(world.members(&group).await, [jane]);
    let (_, detail) = world.last_audit().await;
    assert_eq!(detail["membersSkipped"][0]["reason"], value!("protected"));
    let mut unit = scim_app::ports::Store::begin(&world.store).await.unwrap();
    let id = scim_domain::GroupId::parse(&group).unwrap();
    let now = scim_app::ports::Clock::now(&*world.clock);
    unit.groups().add_members(world.organization, id, &[root], now).await.unwrap();
    unit.commit().await.unwrap();
    world.put_group(&group, group_json("Team", Some(&[]))).await.unwrap();
    assert_eq!(world.members(&group).await, [root]);
    world.remove(&group, root).await;
    assert_eq!(world.members(&group).await, [root]);
}

fn protected_member<T: std::fmt::Debug>(result: &Result<T, Error>) {
    assert!(matches!(result, Err(Error::Forbidden(Forbidden::ProtectedMember))), "{result:?}");
}

// Z3
#[tokio::test]
async fn an_admin_protects_a_user_of_an_identity_provider_and_gives_it_back() {
    let world = world().await;
    let jane = world.create("jane").await;
    world.add(&world.home_of("admin").await, jane).await;
    let before = world.get(jane).await.unwrap();
    let organization = world.organization;
    let shown = world.admin.set_user_protected(organization, jane, true).await.unwrap();
    assert!(shown.protected && shown.active);
    assert_eq!(world.last_audit().await.0, "user.protected");
    assert_eq!(world.count(EventKind::UserProtected).await, 1);
    protected(&world.delete(jane).await);
    // Nothing that SCIM shows has changed, nor has its version.
    let after = world.get(jane).await.unwrap();
    assert_eq!(after.user.meta, before.user.meta);
    assert_eq!(after.user.document, before.user.document);
    assert_eq!(world.roles_of("jane").await, ["admin"]);
    let audited = world.audited().await.len();
    world.admin.set_user_protected(organization, jane, true).await.unwrap();
    assert_eq!(world.audited().await.len(), audited, "it is so already");
    world.admin.set_user_protected(organization, jane, false).await.unwrap();
    assert_eq!(world.count(EventKind::UserUnprotected).await, 1);
    world.delete(jane).await.unwrap();
}

// Z3
#[tokio::test]
async fn a_group_with_a_protected_member_is_not_deleted_over_scim() {
    let world = world().await;
    let jane = world.create("jane").await;
    let home = world.home_of("admin").await;
    let (team, other) = (world.push_group("Team", &[jane]).await, world.push_group("B", &[]).await);
    world.add(&home, jane).await;
    world.admin.set_user_protected(world.organization, jane, true).await.unwrap();
    protected_member(&world.delete_group(&home).await);
    protected_member(&world.delete_group(&team).await);
    assert_eq!(world.roles_of("jane").await, ["admin"]);
    assert_eq!(world.home_of("admin").await, home);
    world.delete_group(&other).await.unwrap();
    // Its other members come and go, and it can be renamed.
    let joe = world.create("joe").await;
    world.put_group(&home, group_json("Okta Admins", Some(&[joe]))).await.unwrap();
    assert_eq!(world.members(&home).await, [jane, joe]);
    world.admin.set_user_protected(world.organization, jane, false).await.unwrap();
    world.delete_group(&team).await.unwrap();
}

// Z3
#[tokio::test]
async fn no_create_takes_a_protected_user_over() {
    let world = world().await;
    let root = world.made_by_sign_in(r#"{"userName":"root"}"#, true).await;
    let before = world.get(root).await.unwrap();
    let refused = world.try_create(json(r#"{"userName":"ROOT","active":true}"#)).await;
    let error = refused.unwrap_err();
    assert!(error.to_string().contains("is protected"), "{error}");
    assert_eq!(world.get(root).await.unwrap(), before);
}
