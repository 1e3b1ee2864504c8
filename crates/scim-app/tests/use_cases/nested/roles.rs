//! Roles follow the nesting, and so do the events.

use scim_app::administration::NewRole;
use scim_domain::{EventKind, access::Step};

use super::{members, nesting};
use crate::world::group_json;

#[tokio::test]
async fn roles_follow_the_nesting_and_say_on_which_way() {
    let world = nesting().await;
    let jane = world.create("jane").await;
    let low = world.push_group("Low", &[jane]).await;
    let (middle, top) = (world.push_group("Middle", &[]).await, world.push_group("Top", &[]).await);
    world.map(&top, "admin").await;
    world.nest(&middle, &[&low]).await;
    assert!(world.roles_of("jane").await.is_empty());
    let before = world.events().await.len();
    world.nest(&top, &[&middle]).await;
    let granted = (EventKind::RoleGranted, jane, "admin".to_owned());
    assert_eq!(world.told_since(before).await, [granted]);
    assert!(world.audited().await.contains(&"role.granted".to_owned()));
    let access = world.access("jane").await;
    assert_eq!(access.roles.len(), 1);
    let names = |all: &[Step]| all.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    assert_eq!(
        (access.through[0].group_name.as_deref(), names(&access.through[0].way)),
        (Some("Top"), vec!["Low".to_owned(), "Middle".to_owned()])
    );
    let groups = world.get(jane).await.unwrap().groups.unwrap();
    let how: Vec<_> = groups.iter().map(|it| (it.display_name.as_str(), it.how())).collect();
    assert_eq!(how, [("Low", "direct"), ("Middle", "indirect"), ("Top", "indirect")]);
    let found = world.find(&format!("groups.value eq \"{top}\"")).await;
    assert_eq!(found[0].groups.as_ref().unwrap().len(), 3);

    let before = world.events().await.len();
    world.set_active(jane, false).await;
    assert!(world.roles_of("jane").await.is_empty());
    world.set_active(jane, true).await;
    let told: Vec<_> = world.told_since(before).await.into_iter().map(|it| it.0).collect();
    assert_eq!(told, [EventKind::RoleRevoked, EventKind::RoleGranted]);
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 1);
}

#[tokio::test]
async fn a_role_is_kept_until_the_last_way_to_it_is_gone() {
    let world = nesting().await;
    let jane = world.create("jane").await;
    let low = world.push_group("Low", &[jane]).await;
    let (left, right) = (world.push_group("Left", &[]).await, world.push_group("Right", &[]).await);
    let top = world.push_group("Top", &[]).await;
    world.map(&top, "admin").await;
    world.nest(&top, &[&left, &right]).await;
    world.nest(&left, &[&low]).await;
    let before = world.events().await.len();
    world.nest(&right, &[&low]).await;
    world.unnest(&left, &low).await;
    world.add(&top, jane).await;
    world.unnest(&top, &right).await;
    assert!(world.told_since(before).await.is_empty());
    world.nest(&left, &[&low]).await;
    world.remove(&top, jane).await;
    assert!(world.told_since(before).await.is_empty());
    assert_eq!(world.roles_of("jane").await, ["admin"]);
    // What joins instead of what leaves, in one request.
    let instead = format!(
        r#"{{"op":"remove","path":"members[value eq \"{left}\"]"}},
        {{"op":"add","path":"members","value":{}}}"#,
        members(&[&low])
    );
    world.patch_group(&top, &instead).await.unwrap();
    assert!(world.told_since(before).await.is_empty());
    world.unnest(&top, &low).await;
    let revoked = (EventKind::RoleRevoked, jane, "admin".to_owned());
    assert_eq!(world.told_since(before).await, [revoked]);
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 1);
    assert!(world.roles_of("jane").await.is_empty());
}

#[tokio::test]
async fn mappings_and_deleted_groups_reach_who_is_below() {
    let world = nesting().await;
    let (jane, joe) = (world.create("jane").await, world.create("joe").await);
    world.set_active(joe, false).await;
    let low = world.push_group("Low", &[jane, joe]).await;
    let (middle, top) = (world.push_group("Middle", &[]).await, world.push_group("Top", &[]).await);
    world.nest(&top, &[&middle]).await;
    world.nest(&middle, &[&low]).await;
    let before = world.events().await.len();
    world.map(&top, "analyst").await;
    world.map(&middle, "analyst").await;
    world.unmap(&top, "analyst").await;
    let mut expected = vec![(EventKind::RoleGranted, jane, "analyst".to_owned())];
    assert_eq!(world.told_since(before).await, expected);
    world.map(&top, "developer").await;
    expected.push((EventKind::RoleGranted, jane, "developer".to_owned()));
    world.delete_group(&middle).await.unwrap();
    let mut told = world.told_since(before).await;
    let after = told.split_off(2);
    assert_eq!(told, expected);
    let lost: Vec<_> = after.iter().map(|it| (it.0, it.2.as_str())).collect();
    assert_eq!(lost.len(), 2);
    assert!(lost.contains(&(EventKind::RoleRevoked, "analyst")));
    assert!(lost.contains(&(EventKind::RoleRevoked, "developer")));
    assert!(world.roles_of("jane").await.is_empty());
    assert!(world.nested(&top).await.is_empty());
}

#[tokio::test]
async fn a_role_with_groups_below_goes_and_its_home_group_stays_while_it_has_any() {
    let world = nesting().await;
    let new = NewRole { name: "Auditor".to_owned(), ..Default::default() };
    let role = world.admin.create_role(world.organization, new).await.unwrap();
    let home = role.home_group.to_string();
    let jane = world.create("jane").await;
    let low = world.push_group("Low", &[jane]).await;
    world.nest(&home, &[&low]).await;
    assert_eq!(world.roles_of("jane").await, ["auditor"]);
    let before = world.events().await.len();
    world.admin.delete_role(world.organization, &role.key).await.unwrap();
    let revoked = (EventKind::RoleRevoked, jane, "auditor".to_owned());
    assert_eq!(world.told_since(before).await, [revoked]);
    assert_eq!(world.nested(&home).await, [low]);
}

#[tokio::test]
async fn a_home_group_has_groups_as_members_and_a_rename_keeps_them() {
    let world = nesting().await;
    let jane = world.create("jane").await;
    let low = world.push_group("Low", &[jane]).await;
    let admin = world.home_of("admin").await;
    world.nest(&admin, &[&low]).await;
    world.put_group(&admin, group_json("Okta Admins", None)).await.unwrap();
    assert_eq!(world.nested(&admin).await, std::slice::from_ref(&low));
    assert_eq!(world.roles_of("jane").await, ["admin"]);
    world.delete_group(&admin).await.unwrap();
    assert!(world.roles_of("jane").await.is_empty());
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 1);
    assert_ne!(world.home_of("admin").await, admin);
    world.delete(jane).await.unwrap();
    assert!(world.get_group(&low).await.unwrap().members.all().unwrap().is_empty());
}
