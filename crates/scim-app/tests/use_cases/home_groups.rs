//! Home groups: how roles appear, are linked, and outlive what happens to their groups.

use scim_app::{Error, administration::NewRole};

use crate::world::{group_json, group_name, world};

fn role(name: &str) -> NewRole {
    NewRole { name: name.to_owned(), ..NewRole::default() }
}

#[tokio::test]
async fn linking_by_rename_keeps_the_role() {
    let world = world().await;
    let user = world.create("jane").await;
    let home = world.home_of("admin").await;
    assert_eq!(group_name(&world.get_group(&home).await.unwrap()), "Admin");
    world.put_group(&home, group_json("Persona-Admin", Some(&[user]))).await.unwrap();
    assert_eq!(world.roles_of("jane").await, ["admin"]);
    let roles = world.admin.list_roles(world.organization).await.unwrap();
    assert_eq!(roles[0].home_group_name, "Persona-Admin");
    assert_eq!(roles[0].role.key.as_str(), "admin");
}

#[tokio::test]
async fn pushing_a_home_groups_name_says_to_link_it() {
    let world = world().await;
    let error = world.try_push_group(group_json("ADMIN", None)).await.unwrap_err();
    assert!(matches!(&error, Error::Taken { .. }) && error.to_string().contains("Link"), "{error}");
}

// Z2
#[tokio::test]
async fn a_roles_name_grants_nothing() {
    let world = world().await;
    let user = world.create("jane").await;
    let home = world.home_of("admin").await;
    world.put_group(&home, group_json("Persona-Admin", None)).await.unwrap();
    // The name is free now: neither creating nor renaming to it leads anywhere.
    let created = world.push_group("Admin", &[user]).await;
    assert!(world.roles_of("jane").await.is_empty());
    world.delete_group(&created).await.unwrap();
    let renamed = world.push_group("Other", &[user]).await;
    world.put_group(&renamed, group_json("Admin", None)).await.unwrap();
    assert!(world.roles_of("jane").await.is_empty());
}

#[tokio::test]
async fn a_deleted_home_group_is_replaced_by_a_fresh_one() {
    let world = world().await;
    let user = world.create("jane").await;
    let home = world.home_of("analyst").await;
    world.put_group(&home, group_json("Persona-Analyst", Some(&[user]))).await.unwrap();
    world.delete_group(&home).await.unwrap();
    assert!(world.roles_of("jane").await.is_empty());
    let fresh = world.home_of("analyst").await;
    assert_ne!(fresh, home);
    assert_eq!(group_name(&world.get_group(&fresh).await.unwrap()), "Analyst");
    world.add(&fresh, user).await;
    assert_eq!(world.roles_of("jane").await, ["analyst"]);
}

#[tokio::test]
async fn no_name_in_use_makes_a_delete_or_a_role_fail() {
    let world = world().await;
    let home = world.home_of("admin").await;
    world.put_group(&home, group_json("Persona-Admin", None)).await.unwrap();
    world.push_group("Admin", &[]).await;
    world.push_group("admin (ROLE)", &[]).await;
    world.delete_group(&home).await.unwrap();
    let fresh = world.home_of("admin").await;
    assert_eq!(group_name(&world.get_group(&fresh).await.unwrap()), "Admin (role 2)");
    world.push_group("Case Reviewer", &[]).await;
    let role = world.admin.create_role(world.organization, role("Case Reviewer")).await.unwrap();
    assert_eq!(role.key.as_str(), "case-reviewer");
    let home = world.home_of("case-reviewer").await;
    assert_eq!(group_name(&world.get_group(&home).await.unwrap()), "Case Reviewer (role)");
}

#[tokio::test]
async fn a_deleted_role_takes_an_unused_home_group_along_and_leaves_a_used_one() {
    let world = world().await;
    for (name, used) in [("Unused", false), ("Used", true)] {
        let role = world.admin.create_role(world.organization, role(name)).await.unwrap();
        let home = role.home_group.to_string();
        if used {
            world.put_group(&home, group_json("Okta name", None)).await.unwrap();
        }
        world.admin.delete_role(world.organization, &role.key).await.unwrap();
        assert_eq!(world.get_group(&home).await.is_ok(), used, "{name}");
    }
}

#[tokio::test]
async fn built_in_roles_and_home_mappings_stay() {
    let world = world().await;
    let roles = world.admin.list_roles(world.organization).await.unwrap();
    let admin = &roles[0].role;
    let deleted = world.admin.delete_role(world.organization, &admin.key).await;
    assert!(matches!(deleted, Err(Error::Conflict(_))));
    let unmapped = world.admin.unmap_group(world.organization, admin.home_group, &admin.key).await;
    assert!(matches!(unmapped, Err(Error::Conflict(_))));
}
