//! Users that sign-in made before the identity provider pushed them.

use scim_app::{
    Error,
    administration::{Profile, ProfileChange},
    provisioning::ExistingUser,
};
use scim_domain::{EventKind, organization::Plan, user::Source};
use serde_json::json as value;

use crate::{
    local_users::profile,
    world::{attribute, json, user_json, world, world_with},
};

#[tokio::test]
async fn a_user_that_sign_in_made_is_adopted_with_its_id() {
    let world = world().await;
    let id = world.made_by_sign_in(r#"{"userName":"Jane","displayName":"Old"}"#, false).await;
    world.add(&world.home_of("analyst").await, id).await;
    let view = world.try_create(user_json("jane")).await.unwrap().value;
    assert_eq!(view.user.id, id);
    assert_eq!(view.user.source, Source::Scim);
    assert_eq!(attribute(&view, "displayName"), value!("Test User"));
    assert_eq!(view.groups.unwrap().len(), 1);
    assert_eq!(world.count(EventKind::UserAdopted).await, 1);
    assert!(world.audited().await.contains(&"user.adopted".to_owned()));
    assert!(matches!(world.try_create(user_json("jane")).await, Err(Error::Taken { .. })));
}

#[tokio::test]
async fn a_user_of_another_external_id_is_not_adopted() {
    let world = world().await;
    world.made_by_sign_in(r#"{"userName":"jane","externalId":"somebody"}"#, false).await;
    let refused = world.try_create(user_json("jane")).await;
    let Err(Error::Taken { detail, .. }) = refused else { panic!("{refused:?}") };
    assert!(detail.contains("with another externalId"), "{detail}");
    let same = json(r#"{"userName":"jane","externalId":"somebody"}"#);
    assert!(world.try_create(same).await.is_ok());
}

#[tokio::test]
async fn nobody_is_adopted_where_that_is_switched_off() {
    let world = world_with(Plan::Enterprise, ExistingUser::Reject).await;
    world.made_by_sign_in(r#"{"userName":"jane"}"#, false).await;
    assert!(matches!(world.try_create(user_json("jane")).await, Err(Error::Taken { .. })));
}

#[tokio::test]
async fn the_first_write_of_who_looked_a_user_up_takes_it_over() {
    for write in ["put", "put of the same", "patch", "patch of the same"] {
        let world = world().await;
        let made = world.admin.create_user(world.organization, profile("jane")).await.unwrap();
        assert_eq!(made.managed_by.name(), "local");
        let body = json(&made.document);
        let outcome = match write {
            "put" => world.put(made.id, user_json("jane")).await,
            "put of the same" => world.put(made.id, body).await,
            "patch" => world.patch(made.id, r#"{"op":"add","path":"title","value":"x"}"#).await,
            _ => world.patch(made.id, r#"{"op":"add","path":"active","value":true}"#).await,
        };
        let view = outcome.unwrap().value;
        assert_eq!((view.user.id, view.user.source), (made.id, Source::Scim), "{write}");
        assert_eq!(world.get(made.id).await.unwrap().user.source, Source::Scim, "{write}");
        assert_eq!(world.count(EventKind::UserAdopted).await, 1, "{write}");
        assert_eq!(world.last_audit().await.0, "user.adopted", "{write}");
        let again = world.put(made.id, json(r#"{"userName":"jane","title":"y"}"#)).await.unwrap();
        assert_eq!(again.value.user.source, Source::Scim);
        assert_eq!(world.count(EventKind::UserAdopted).await, 1, "{write}");
    }
}

#[tokio::test]
async fn who_is_deactivated_over_scim_is_taken_over_with_it_even_without_the_plan() {
    for plan in [Plan::Enterprise, Plan::Starter] {
        let world = world().await;
        let made = world.admin.create_user(world.organization, profile("jane")).await.unwrap();
        world.add(&world.home_of("analyst").await, made.id).await;
        world.admin.set_plan(world.organization, plan).await.unwrap();
        world.set_active(made.id, false).await;
        let (action, detail) = world.last_audit().await;
        assert_eq!((action.as_str(), &detail["adopted"]), ("user.deactivated", &value!(true)));
        assert_eq!(world.get(made.id).await.unwrap().user.source, Source::Scim);
        let revive = ProfileChange { active: Some(true), ..ProfileChange::default() };
        let refused = world.admin.update_user(world.organization, made.id, revive).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
        assert_eq!(world.count(EventKind::RoleRevoked).await, 1);
    }
}

#[tokio::test]
async fn no_write_over_scim_makes_somebody_else_of_a_user() {
    let world = world().await;
    let external_id = Some("somebody".to_owned());
    let profile = Profile { external_id, ..profile("jane") };
    let made = world.admin.create_user(world.organization, profile).await.unwrap();
    let before = world.get(made.id).await.unwrap();
    for refused in [
        world.put(made.id, user_json("jane")).await,
        world.put(made.id, json(r#"{"userName":"jane"}"#)).await,
        world.patch(made.id, r#"{"op":"replace","path":"externalId","value":"00u"}"#).await,
    ] {
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    }
    assert_eq!(world.get(made.id).await.unwrap(), before);
    let same = json(r#"{"userName":"jane","externalId":"somebody","title":"x"}"#);
    assert_eq!(world.put(made.id, same).await.unwrap().value.user.source, Source::Scim);
    world.patch(made.id, r#"{"op":"replace","path":"externalId","value":"00u"}"#).await.unwrap();
}
