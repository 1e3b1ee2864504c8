//! Effective roles, and what is told when they change.

use scim_app::administration::NewRole;
use scim_domain::{EventKind, GroupId, role::RoleKey};

use crate::world::{json, world};

#[tokio::test]
async fn a_role_reached_twice_is_granted_and_revoked_once() {
    let world = world().await;
    let user = world.create("jane").await;
    let home = world.home_of("analyst").await;
    let other = world.push_group("Team", &[user]).await;
    let key = RoleKey::read("analyst");
    let id = GroupId::parse(&other).unwrap();
    world.admin.map_group(world.organization, id, &key).await.unwrap();
    assert_eq!(world.count(EventKind::RoleGranted).await, 1);
    world.add(&home, user).await;
    assert_eq!(world.count(EventKind::RoleGranted).await, 1);
    world.remove(&other, user).await;
    assert_eq!(world.count(EventKind::RoleRevoked).await, 0);
    assert_eq!(world.roles_of("jane").await, ["analyst"]);
    world.remove(&home, user).await;
    assert_eq!(world.count(EventKind::RoleRevoked).await, 1);
    assert!(world.roles_of("jane").await.is_empty());
}

#[tokio::test]
async fn deactivating_takes_every_role_and_reactivating_brings_them_back() {
    let world = world().await;
    let user = world.create("jane").await;
    for role in ["admin", "analyst"] {
        world.add(&world.home_of(role).await, user).await;
    }
    world.set_active(user, false).await;
    assert!(world.roles_of("jane").await.is_empty());
    assert!(!world.access("jane").await.active());
    assert_eq!(world.count(EventKind::RoleRevoked).await, 2);
    assert_eq!(world.get(user).await.unwrap().groups.unwrap().len(), 2);
    world.set_active(user, true).await;
    assert_eq!(world.roles_of("jane").await, ["admin", "analyst"]);
    assert_eq!(world.count(EventKind::RoleGranted).await, 4);
}

#[tokio::test]
async fn an_inactive_member_holds_nothing_and_nothing_is_told_of_it() {
    let world = world().await;
    let user = world.create("jane").await;
    world.set_active(user, false).await;
    world.add(&world.home_of("admin").await, user).await;
    assert_eq!(world.count(EventKind::RoleGranted).await, 0);
    assert!(world.roles_of("jane").await.is_empty());
}

#[tokio::test]
async fn the_loss_of_the_last_admin_is_told_each_way_it_can_happen() {
    let world = world().await;
    let home = world.home_of("admin").await;
    let (a, b) = (world.create("a").await, world.create("b").await);
    world.add(&home, a).await;
    world.add(&home, b).await;
    world.remove(&home, a).await;
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 0);
    world.set_active(b, false).await;
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 1);
    world.set_active(b, true).await;
    world.remove(&home, b).await;
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 2);
    world.add(&home, b).await;
    world.delete(b).await.unwrap();
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 3);
    world.add(&home, a).await;
    world.delete_group(&home).await.unwrap();
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 4);
    let told = world.audited().await.iter().filter(|it| *it == "role.abandoned").count();
    assert_eq!(told, 4);
}

#[tokio::test]
async fn each_grant_of_a_privileged_role_has_its_own_audit_entry() {
    let world = world().await;
    let (a, b) = (world.create("a").await, world.create("b").await);
    let both = format!(r#"{{"op":"add","path":"members","value":["{a}","{b}"]}}"#);
    world.patch_group(&world.home_of("analyst").await, &both).await.unwrap();
    let granted = async || world.audited().await.iter().filter(|it| *it == "role.granted").count();
    assert_eq!(granted().await, 0);
    world.patch_group(&world.home_of("admin").await, &both).await.unwrap();
    assert_eq!(granted().await, 2);
}

// Z1
#[tokio::test]
async fn roles_sent_by_an_identity_provider_are_data() {
    let world = world().await;
    let body = r#"{"userName":"jane","userType":"admin","roles":[{"value":"admin","primary":true}],
        "entitlements":[{"value":"admin"}],"groups":[{"value":"x"}],"id":"00000000-0000-7000-8000-000000000001"}"#;
    let id = world.try_create(json(body)).await.unwrap().value.user.id;
    assert!(world.roles_of("jane").await.is_empty());
    world.put(id, json(body)).await.unwrap();
    world.patch(id, r#"{"op":"add","path":"roles","value":[{"value":"admin"}]}"#).await.unwrap();
    world.patch(id, r#"{"op":"replace","value":{"roles":"admin","id":"x"}}"#).await.unwrap();
    assert!(world.roles_of("jane").await.is_empty());
    assert_eq!(world.count(EventKind::RoleGranted).await, 0);
}

#[tokio::test]
async fn permissions_are_those_of_the_roles() {
    let world = world().await;
    let new = NewRole {
        name: "Case Reviewer".to_owned(),
        permissions: vec!["case:read".to_owned(), "case:close".to_owned(), "case:read ".to_owned()],
        ..NewRole::default()
    };
    world.admin.create_role(world.organization, new).await.unwrap();
    let user = world.create("jane").await;
    world.add(&world.home_of("case-reviewer").await, user).await;
    assert_eq!(world.access("JANE").await.permissions, ["case:close", "case:read"]);
}

#[tokio::test]
async fn mapping_a_group_grants_its_active_members_and_unmapping_revokes() {
    let world = world().await;
    let (a, b) = (world.create("a").await, world.create("b").await);
    world.set_active(b, false).await;
    let group = GroupId::parse(&world.push_group("Team", &[a, b]).await).unwrap();
    let key = RoleKey::read("developer");
    world.admin.map_group(world.organization, group, &key).await.unwrap();
    world.admin.map_group(world.organization, group, &key).await.unwrap();
    assert_eq!(world.count(EventKind::RoleGranted).await, 1);
    world.admin.unmap_group(world.organization, group, &key).await.unwrap();
    assert_eq!(world.count(EventKind::RoleRevoked).await, 1);
}
