//! Detaching from the identity provider, and what it may still do.

use scim_app::{Error, error::Forbidden};
use scim_domain::{EventKind, ManagedBy, user::Source};

use super::{conflict, title};
use crate::world::{json, user_json, world};

fn detached<T: std::fmt::Debug>(result: &Result<T, Error>) {
    assert!(matches!(result, Err(Error::Forbidden(Forbidden::Detached))), "{result:?}");
}

#[tokio::test]
async fn detaching_makes_a_user_local_and_changes_nothing_else() {
    let world = world().await;
    let jane = world.create("jane").await;
    world.add(&world.home_of("admin").await, jane).await;
    let before = world.show(jane).await;
    let scim = world.get(jane).await.unwrap();
    let shown = world.admin.detach_user(world.organization, jane).await.unwrap();
    assert_eq!((shown.source, shown.managed_by), (Source::Local, ManagedBy::Local));
    assert_eq!(shown.external_id.as_deref(), Some("00u-jane"));
    assert_eq!((&shown.roles, &shown.groups), (&before.roles, &before.groups));
    assert_eq!(shown, world.show(jane).await);
    let after = world.get(jane).await.unwrap();
    assert_eq!((after.user.meta, after.user.document), (scim.user.meta, scim.user.document));
    assert_eq!(world.last_audit().await.0, "user.detached");
    assert_eq!(world.count(EventKind::UserDetached).await, 1);
    assert_eq!(world.count(EventKind::RoleRevoked).await, 0);
    let audited = world.audited().await.len();
    world.admin.detach_user(world.organization, jane).await.unwrap();
    assert_eq!(world.audited().await.len(), audited, "it is so already");
    assert_eq!(
        world.change_user(jane, title("Doe")).await.unwrap().family_name.as_deref(),
        Some("Doe")
    );
    world.turn(jane, false).await.unwrap();
    world.turn(jane, true).await.unwrap();
}

#[tokio::test]
async fn an_identity_provider_reads_a_detached_user_and_changes_nothing_of_it() {
    let world = world().await;
    let jane = world.create("jane").await;
    world.admin.detach_user(world.organization, jane).await.unwrap();
    let before = world.get(jane).await.unwrap();
    assert_eq!(world.find(r#"externalId eq "00u-jane""#).await.len(), 1);
    detached(&world.put(jane, user_json("jane")).await);
    detached(&world.patch(jane, r#"{"op":"replace","value":{"active":false}}"#).await);
    detached(&world.delete(jane).await);
    let refused = world.try_create(user_json("jane")).await.unwrap_err();
    assert!(matches!(refused, Error::Taken { .. }), "{refused:?}");
    assert!(refused.to_string().contains("detached"), "{refused}");
    assert_eq!(world.get(jane).await.unwrap(), before);
    // What a group means is the group's matter.
    let team = world.push_group("Team", &[jane]).await;
    assert_eq!(world.members(&team).await, [jane]);
    world.remove(&team, jane).await;
    assert!(world.members(&team).await.is_empty());
    world.delete_group(&team).await.unwrap();
}

#[tokio::test]
async fn an_attached_user_is_the_identity_providers_again() {
    let world = world().await;
    let jane = world.create("jane").await;
    let organization = world.organization;
    world.admin.detach_user(organization, jane).await.unwrap();
    let shown = world.admin.attach_user(organization, jane).await.unwrap();
    assert_eq!((shown.source, shown.managed_by.locked()), (Source::Scim, true));
    assert_eq!(world.last_audit().await.0, "user.attached");
    assert_eq!(world.count(EventKind::UserAttached).await, 1);
    world.put(jane, json(r#"{"userName":"jane","title":"x"}"#)).await.unwrap();
    conflict(world.change_user(jane, title("x")).await, "managed by the identity provider");
    assert_eq!(world.count(EventKind::UserAdopted).await, 0);
    let audited = world.audited().await.len();
    world.admin.attach_user(organization, jane).await.unwrap();
    assert_eq!(world.audited().await.len(), audited, "it is so already");
}

#[tokio::test]
async fn who_is_local_is_not_detached_and_stays_open_to_a_take_over() {
    let world = world().await;
    let jane = world.record("jane").await.id;
    let shown = world.admin.detach_user(world.organization, jane).await.unwrap();
    assert_eq!(shown.source, Source::SignIn);
    assert_eq!(world.count(EventKind::UserDetached).await, 0);
    let view = world.try_create(user_json("jane")).await.unwrap().value;
    assert_eq!((view.user.id, view.user.source), (jane, Source::Scim));
}
