//! Switching an organization that has users already.

use std::sync::Mutex;

use scim_domain::{EventKind, organization::Entitlements};

use super::person;
use crate::world::world;

#[tokio::test]
async fn switching_brings_what_users_carry_into_force_and_back() {
    let world = world().await;
    world.create_with("jane", &["admin", "other"]).await;
    world.create_with("joe", &["developer"]).await;
    let off = world.create_with("off", &["admin"]).await;
    world.set_active(off, false).await;
    world.create_with("plain", &[]).await;
    let seen = Mutex::new(Vec::new());
    let progress = |number| seen.lock().unwrap().push(number);
    let organization = world.organization;
    let switched =
        world.admin.set_entitlements(organization, Entitlements::Assign, &progress).await.unwrap();
    assert_eq!(switched.entitlements, Entitlements::Assign);
    assert_eq!(*seen.lock().unwrap(), [4]);
    assert_eq!(world.roles_of("jane").await, ["admin"]);
    assert_eq!(world.roles_of("joe").await, ["developer"]);
    assert!(world.roles_of("off").await.is_empty());
    assert_eq!(world.access("off").await.through.len(), 1);
    assert_eq!(world.count(EventKind::RoleGranted).await, 2);
    let audited = world.audited().await;
    let expected =
        ["organization.entitlements_changed", "organization.roles_assigned", "role.granted"];
    assert_eq!(&audited[audited.len() - 3..], expected);

    world.switch(Entitlements::Ignore).await.unwrap();
    for name in ["jane", "joe", "off"] {
        assert!(world.access(name).await.through.is_empty(), "{name}");
    }
    assert_eq!(world.count(EventKind::RoleRevoked).await, 2);
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 1);
    assert_eq!(world.count(EventKind::OrganizationEntitlementsChanged).await, 2);
}

#[tokio::test]
async fn the_same_switch_again_changes_nothing() {
    let world = world().await;
    world.create_with("jane", &["admin"]).await;
    for entitlements in [Entitlements::Assign, Entitlements::Ignore] {
        world.switch(entitlements).await.unwrap();
        let before = (world.audited().await, world.events().await);
        world.switch(entitlements).await.unwrap();
        assert_eq!((world.audited().await, world.events().await), before);
    }
}

#[tokio::test]
async fn a_switch_that_broke_off_is_completed_by_the_same_call() {
    let world = world().await;
    for number in 0..1_100 {
        world.create_with(&format!("user-{number:04}"), &["developer"]).await;
    }
    // Whoever asks for progress breaks it off after the first page.
    let organization = world.organization;
    let admin = world.admin.clone();
    let first = tokio::spawn(async move {
        let stop = |_| panic!("broken off");
        drop(admin.set_entitlements(organization, Entitlements::Assign, &stop).await);
    });
    assert!(first.await.is_err());
    assert_eq!(world.count(EventKind::RoleGranted).await, 500);
    // What has not been looked at yet follows the setting all the same.
    let last = world.find(r#"userName eq "user-1099""#).await[0].user.id;
    world.put(last, person("user-1099", &["developer", "analyst"])).await.unwrap();
    assert_eq!(world.roles_of("user-1099").await, ["analyst", "developer"]);
    world.switch(Entitlements::Assign).await.unwrap();
    assert_eq!(world.count(EventKind::RoleGranted).await, 1_101);
    assert_eq!(world.roles_of("user-0700").await, ["developer"]);
    world.switch(Entitlements::Ignore).await.unwrap();
    assert_eq!(world.count(EventKind::RoleRevoked).await, 1_101);
}

#[tokio::test]
async fn an_assigned_role_of_one_way_stays_through_the_other_when_switched_off() {
    let world = super::assigning().await;
    let id = world.create_with("jane", &["admin"]).await;
    world.add(&world.home_of("admin").await, id).await;
    world.switch(Entitlements::Ignore).await.unwrap();
    assert_eq!(world.roles_of("jane").await, ["admin"]);
    assert_eq!(world.count(EventKind::RoleRevoked).await, 0);
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 0);
}

#[tokio::test]
async fn a_protected_user_is_passed_over() {
    let world = world().await;
    let body = r#"{"userName":"root","active":true,"roles":[{"value":"admin"}]}"#;
    world.made_by_sign_in(body, true).await;
    world.switch(Entitlements::Assign).await.unwrap();
    assert!(world.access("root").await.through.is_empty());
}
