//! Effective roles, and what is told when they change.

use scim_app::administration::{NewRole, RoleChange};
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

#[tokio::test]
async fn roles_are_listed_with_what_leads_to_them_and_how_many_hold_them() {
    let world = world().await;
    let (a, b) = (world.create("a").await, world.create("b").await);
    world.set_active(b, false).await;
    let team = GroupId::parse(&world.push_group("Team", &[a, b]).await).unwrap();
    let key = RoleKey::read("analyst");
    world.admin.map_group(world.organization, team, &key).await.unwrap();
    world.add(&world.home_of("analyst").await, a).await;
    let all = world.admin.list_roles(world.organization).await.unwrap();
    let numbers: Vec<_> =
        all.iter().map(|it| (it.role.key.as_str(), it.groups, it.holders)).collect();
    assert_eq!(numbers, [("admin", 1, 0), ("analyst", 2, 1), ("developer", 1, 0)]);
    let one = world.admin.show_role(world.organization, &key).await.unwrap();
    assert_eq!((one.home_group_name.as_str(), one.groups, one.holders), ("Analyst", 2, 1));
    let held = world.admin.list_holders(world.organization, &key, None, 10).await.unwrap();
    assert_eq!(held.iter().map(|it| it.user_name.as_str()).collect::<Vec<_>>(), ["a"]);
}

#[tokio::test]
async fn deleting_a_role_is_shown_before_it_is_done() {
    let world = world().await;
    let (a, b) = (world.create("a").await, world.create("b").await);
    let new = NewRole { name: "Reviewer".to_owned(), ..NewRole::default() };
    world.admin.create_role(world.organization, new).await.unwrap();
    let key = RoleKey::read("reviewer");
    let team = GroupId::parse(&world.push_group("Team", &[a, b]).await).unwrap();
    world.admin.map_group(world.organization, team, &key).await.unwrap();
    let shown = world.admin.preview_role_deletion(world.organization, &key).await.unwrap();
    assert_eq!((shown.holders, shown.home_group_goes), (2, true));
    let names: Vec<_> = shown.groups.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["Reviewer", "Team"]);
    assert_eq!(world.roles_of("a").await, ["reviewer"]);
    let first = world.admin.list_holders(world.organization, &key, None, 1).await.unwrap();
    assert_eq!(first.iter().map(|it| it.id).collect::<Vec<_>>(), [a]);
    world.admin.delete_role(world.organization, &key).await.unwrap();
    assert_eq!(world.count(EventKind::RoleRevoked).await, 2);
    assert_eq!(world.count(EventKind::GroupDeleted).await, 1);
    let built_in = RoleKey::read("admin");
    let refused = world.admin.preview_role_deletion(world.organization, &built_in).await;
    assert!(matches!(refused, Err(scim_app::Error::Conflict(_))), "{refused:?}");
}

#[tokio::test]
async fn a_custom_role_may_be_privileged_and_a_built_in_one_stays_what_it_is() {
    let world = world().await;
    let user = world.create("jane").await;
    let new = NewRole { name: "Owner".to_owned(), privileged: true, ..NewRole::default() };
    world.admin.create_role(world.organization, new).await.unwrap();
    world.add(&world.home_of("owner").await, user).await;
    assert_eq!(world.last_audit().await.0, "role.granted");
    let change = |privileged| RoleChange { privileged: Some(privileged), ..RoleChange::default() };
    let owner = RoleKey::read("owner");
    world.admin.update_role(world.organization, &owner, change(false)).await.unwrap();
    world.remove(&world.home_of("owner").await, user).await;
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 0);
    for (key, privileged) in [("admin", false), ("analyst", true)] {
        let key = RoleKey::read(key);
        let refused = world.admin.update_role(world.organization, &key, change(privileged)).await;
        assert!(matches!(refused, Err(scim_app::Error::Conflict(_))), "{refused:?}");
        world.admin.update_role(world.organization, &key, change(!privileged)).await.unwrap();
    }
}

#[tokio::test]
async fn what_a_role_cannot_be_is_refused_and_changes_nothing() {
    let world = world().await;
    let wrong = [
        NewRole { name: "x".repeat(201), ..NewRole::default() },
        NewRole { name: "A".to_owned(), description: "x".repeat(1_001), ..NewRole::default() },
        NewRole { name: "B".to_owned(), permissions: vec!["x".repeat(201)], ..NewRole::default() },
    ];
    for new in wrong {
        let refused = world.admin.create_role(world.organization, new).await;
        assert!(matches!(refused, Err(scim_app::Error::Invalid(_))), "{refused:?}");
    }
    assert_eq!(world.admin.list_roles(world.organization).await.unwrap().len(), 3);
}
