//! Every way to a role that a key is denied, and every way out of it.

use scim_app::provisioning::{ExistingUser, IfMatch, Shown};
use scim_domain::organization::{Entitlements, Plan};

use super::{denied, denied_role, limited};
use crate::{
    assignments::person,
    world::{group_json, json, world, world_with},
};

#[expect(clippy::unnecessary_wraps, reason = "what is compared is an option")]
fn admin() -> Option<String> {
    Some("admin".to_owned())
}

#[tokio::test]
async fn nobody_joins_a_group_that_leads_to_a_denied_role() {
    let world = world().await;
    let (jane, joe) = (world.create("jane").await, world.create("joe").await);
    world.set_active(joe, false).await;
    let admins = world.home_of("admin").await;
    let it = limited(world, denied(&["admin"])).await;
    assert_eq!(it.add(&admins, &jane.to_string()).await, admin());
    // Somebody else may activate him; he would be an admin then.
    assert_eq!(it.add(&admins, &joe.to_string()).await, admin());
    let put = async |members: &[_]| {
        let body = group_json("Admin", Some(members));
        let scim = &it.world.scim;
        let caller = it.caller().await;
        denied_role(scim.replace_group(caller, &admins, IfMatch::Absent, body, Shown(false)).await)
    };
    assert_eq!(put(&[jane]).await, admin());
    assert!(it.world.members(&admins).await.is_empty());
    // Who is there already does not join, whoever repeats it.
    it.world.add(&admins, jane).await;
    assert_eq!(it.add(&admins, &jane.to_string()).await, None);
    assert_eq!(put(&[jane]).await, None);
    // Whom nobody knows does not join either.
    assert_eq!(it.add(&admins, "nobody").await, None);
    let analysts = it.world.home_of("analyst").await;
    assert_eq!(it.add(&analysts, &joe.to_string()).await, None);
}

#[tokio::test]
async fn a_second_way_to_a_role_is_a_way_to_it() {
    let world = world().await;
    let jane = world.create("jane").await;
    let (admins, team) = (world.home_of("admin").await, world.push_group("Team", &[]).await);
    world.add(&admins, jane).await;
    world.map(&team, "admin").await;
    let it = limited(world, denied(&["admin"])).await;
    assert_eq!(it.add(&team, &jane.to_string()).await, admin());
}

#[tokio::test]
async fn to_take_away_is_never_denied() {
    let world = world().await;
    let (jane, joe, ann) =
        (world.create("jane").await, world.create("joe").await, world.create("ann").await);
    let admins = world.home_of("admin").await;
    for user in [jane, joe, ann] {
        world.add(&admins, user).await;
    }
    let it = limited(world, denied(&["admin"])).await;
    let leave = format!(r#"{{"op":"remove","path":"members[value eq \"{jane}\"]"}}"#);
    it.push(&admins, &leave).await.unwrap();
    it.patch_user(joe, r#"{"op":"replace","value":{"active":false}}"#).await.unwrap();
    let scim = &it.world.scim;
    let body = group_json("Admin", Some(&[ann]));
    let caller = it.caller().await;
    scim.replace_group(caller, &admins, IfMatch::Absent, body, Shown(false)).await.unwrap();
    assert_eq!(it.world.members(&admins).await, [ann]);
    let id = ann.to_string();
    scim.delete_user(it.caller().await, &id, IfMatch::Absent).await.unwrap();
    scim.delete_group(it.caller().await, &admins, IfMatch::Absent).await.unwrap();
}

#[tokio::test]
async fn nobody_is_activated_who_would_hold_a_denied_role() {
    let world = world().await;
    let (jane, joe) = (world.create("jane").await, world.create("joe").await);
    world.add(&world.home_of("admin").await, jane).await;
    world.add(&world.home_of("analyst").await, joe).await;
    world.set_active(jane, false).await;
    world.set_active(joe, false).await;
    let it = limited(world, denied(&["admin"])).await;
    let activate = r#"{"op":"replace","value":{"active":true,"title":"Boss"}}"#;
    assert_eq!(denied_role(it.patch_user(jane, activate).await), admin());
    let put = json(r#"{"userName":"jane","active":true}"#);
    let (caller, id) = (it.caller().await, jane.to_string());
    let scim = &it.world.scim;
    let put = scim.replace_user(caller, &id, IfMatch::Absent, put, Shown(false)).await;
    assert_eq!(denied_role(put), admin());
    assert!(!it.world.get(jane).await.unwrap().user.active);
    // What does not give access back is no grant.
    it.patch_user(jane, r#"{"op":"replace","value":{"title":"Boss"}}"#).await.unwrap();
    it.patch_user(joe, activate).await.unwrap();
    assert_eq!(it.world.roles_of("joe").await, ["analyst"]);
}

#[tokio::test]
async fn a_denied_role_is_not_assigned() {
    let world = world().await;
    world.switch(Entitlements::Assign).await.unwrap();
    let jane = world.create_with("jane", &["admin"]).await;
    let joe = world.create_with("joe", &[]).await;
    let it = limited(world, denied(&["admin"])).await;
    let scim = &it.world.scim;
    for active in [true, false] {
        let body =
            format!(r#"{{"userName":"new","active":{active},"roles":[{{"value":"Admin"}}]}}"#);
        let made = scim.create_user(it.caller().await, json(&body), Shown(false)).await;
        assert_eq!(denied_role(made), admin(), "{active}");
    }
    assert!(it.world.find(r#"userName eq "new""#).await.is_empty());
    let add = r#"{"op":"add","path":"roles","value":[{"value":"admin"}]}"#;
    assert_eq!(denied_role(it.patch_user(joe, add).await), admin());
    it.patch_user(joe, &add.replace("admin", "analyst")).await.unwrap();
    // It stays, however often it is repeated, and it can be taken.
    let put = async |roles: &[&str]| {
        let (caller, id) = (it.caller().await, jane.to_string());
        let body = person("jane", roles);
        denied_role(scim.replace_user(caller, &id, IfMatch::Absent, body, Shown(false)).await)
    };
    assert_eq!(put(&["admin", "analyst"]).await, None);
    assert_eq!(put(&["analyst"]).await, None);
    assert_eq!(it.world.roles_of("jane").await, ["analyst"]);
    assert_eq!(put(&["admin"]).await, admin());
}

#[tokio::test]
async fn no_group_is_nested_where_it_leads_to_a_denied_role() {
    let world = world().await;
    world.admin.set_nested_groups(world.organization, true).await.unwrap();
    let jane = world.create("jane").await;
    let (low, middle) = (world.push_group("Low", &[]).await, world.push_group("Mid", &[]).await);
    let top = world.push_group("Top", &[]).await;
    world.map(&top, "admin").await;
    let it = limited(world, denied(&["admin"])).await;
    // Nobody is in it yet; whoever joins would be an admin.
    assert_eq!(it.add(&top, &middle).await, admin());
    it.world.nest(&top, &[&middle]).await;
    assert_eq!(it.add(&middle, &low).await, admin());
    assert_eq!(it.add(&middle, &jane.to_string()).await, admin());
    assert_eq!(it.add(&low, &jane.to_string()).await, None);
    assert!(it.world.roles_of("jane").await.is_empty());
}

#[tokio::test]
async fn an_adopted_user_brings_no_denied_role_back() {
    let world = world_with(Plan::Enterprise, ExistingUser::Adopt).await;
    let jane = world.made_by_sign_in(r#"{"userName":"jane","active":false}"#, false).await;
    world.add(&world.home_of("admin").await, jane).await;
    let it = limited(world, denied(&["admin"])).await;
    let body = || json(r#"{"userName":"jane","active":true}"#);
    let scim = &it.world.scim;
    let adopted = scim.create_user(it.caller().await, body(), Shown(false)).await;
    assert_eq!(denied_role(adopted), admin());
    assert!(!it.world.get(jane).await.unwrap().user.active);
    it.world.try_create(body()).await.unwrap();
    assert_eq!(it.world.roles_of("jane").await, ["admin"]);
}
