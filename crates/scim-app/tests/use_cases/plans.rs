//! What a plan without SCIM still lets an identity provider do: take access away.

use scim_app::{
    Error,
    error::Forbidden,
    provisioning::{ExistingUser, ListQuery, Shown},
};
use scim_domain::organization::Plan;
use serde_json::json as value;

use crate::world::{World, attribute, group_json, json, user_json, world, world_with};

async fn downgraded() -> (World, scim_domain::UserId, String) {
    let world = world().await;
    let user = world.create("jane").await;
    let group = world.push_group("Team", &[user]).await;
    world.admin.set_plan(world.organization, Plan::Starter).await.unwrap();
    (world, user, group)
}

fn names_the_plan<T: std::fmt::Debug>(result: Result<T, Error>) {
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Forbidden(Forbidden::Plan(Plan::Starter))), "{error:?}");
    assert!(error.to_string().contains("Starter"), "{error}");
}

#[tokio::test]
async fn a_plan_below_growth_is_refused_by_name_and_growth_is_not() {
    let starter = world_with(Plan::Starter, ExistingUser::Adopt).await;
    names_the_plan(starter.try_create(user_json("jane")).await);
    names_the_plan(starter.try_push_group(group_json("Team", None)).await);
    let mut session = starter.session().await;
    names_the_plan(starter.scim.discovery(&mut session).await);
    let growth = world_with(Plan::Growth, ExistingUser::Adopt).await;
    assert!(growth.try_create(user_json("jane")).await.is_ok());
}

// Z5
#[tokio::test]
async fn after_a_plan_is_lost_one_thing_can_be_looked_up_and_no_list_be_read() {
    let (world, user, group) = downgraded().await;
    assert!(world.get(user).await.is_ok());
    assert!(world.get_group(&group).await.is_ok());
    assert_eq!(world.find(r#"userName eq "jane""#).await.len(), 1);
    for filter in [
        None,
        Some(r#"userName sw "j""#),
        Some(r#"userName eq "a" or userName pr"#),
        Some("active eq true"),
        Some("title eq null"),
    ] {
        let query = ListQuery { filter: filter.map(str::to_owned), ..ListQuery::default() };
        let session = world.session().await;
        names_the_plan(world.scim.search_users(session, &query, Shown(false)).await);
    }
}

// Z5
#[tokio::test]
async fn after_a_plan_is_lost_a_user_can_be_deactivated_and_nothing_else() {
    let (world, user, _) = downgraded().await;
    names_the_plan(world.put(user, json(r#"{"userName":"jane","title":"x"}"#)).await);
    names_the_plan(world.patch(user, r#"{"op":"replace","path":"title","value":"x"}"#).await);
    let both = r#"{"op":"replace","value":{"active":false,"title":"x"}}"#;
    let view = world.patch(user, both).await.unwrap().value;
    assert!(!view.user.active);
    assert_eq!(attribute(&view, "title"), value!(null));
    // An unrelated change of a user that is inactive anyway is no deactivation.
    names_the_plan(world.patch(user, r#"{"op":"replace","path":"title","value":"x"}"#).await);
    names_the_plan(world.patch(user, r#"{"op":"replace","value":{"active":true}}"#).await);
    let put = json(r#"{"userName":"other","active":false}"#);
    let view = world.put(user, put).await.unwrap().value;
    assert_eq!(attribute(&view, "userName"), value!("jane"));
    world.delete(user).await.unwrap();
}

// Z5
#[tokio::test]
async fn after_a_plan_is_lost_members_can_leave_and_none_can_join() {
    let (world, user, group) = downgraded().await;
    let add = format!(r#"{{"op":"add","path":"members","value":"{user}"}}"#);
    names_the_plan(world.patch_group(&group, &add).await);
    let rename = r#"{"op":"replace","value":{"displayName":"x"}}"#;
    names_the_plan(world.patch_group(&group, rename).await);
    names_the_plan(world.put_group(&group, group_json("x", None)).await);
    names_the_plan(world.put_group(&group, group_json("x", Some(&[user]))).await);
    let mixed = format!(r#"{rename},{{"op":"remove","path":"members[value eq \"{user}\"]"}}"#);
    world.patch_group(&group, &mixed).await.unwrap();
    assert!(world.members(&group).await.is_empty());
    let team = world.get_group(&group).await.unwrap();
    assert_eq!(crate::world::group_name(&team), "Team");
    world.delete_group(&group).await.unwrap();
}

// Z5
#[tokio::test]
async fn a_full_set_after_a_plan_is_lost_lets_the_absent_leave() {
    let world = world().await;
    let (a, b, c) = (world.create("a").await, world.create("b").await, world.create("c").await);
    let group = world.push_group("Team", &[a, b]).await;
    world.admin.set_plan(world.organization, Plan::Starter).await.unwrap();
    world.put_group(&group, group_json("Other", Some(&[b, c]))).await.unwrap();
    assert_eq!(world.members(&group).await, [b]);
}

#[tokio::test]
async fn a_downgrade_revokes_nothing_by_itself() {
    let world = world().await;
    let user = world.create("jane").await;
    world.add(&world.home_of("admin").await, user).await;
    world.admin.set_plan(world.organization, Plan::Starter).await.unwrap();
    assert_eq!(world.roles_of("jane").await, ["admin"]);
}
