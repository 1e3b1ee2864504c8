//! Users that sign-in made before the identity provider pushed them.

use scim_app::{Error, provisioning::ExistingUser};
use scim_domain::{EventKind, organization::Plan, user::Source};
use serde_json::json as value;

use crate::world::{attribute, json, user_json, world, world_with};

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
    assert!(matches!(world.try_create(user_json("jane")).await, Err(Error::Taken { .. })));
    let same = json(r#"{"userName":"jane","externalId":"somebody"}"#);
    assert!(world.try_create(same).await.is_ok());
}

#[tokio::test]
async fn nobody_is_adopted_where_that_is_switched_off() {
    let world = world_with(Plan::Enterprise, ExistingUser::Reject).await;
    world.made_by_sign_in(r#"{"userName":"jane"}"#, false).await;
    assert!(matches!(world.try_create(user_json("jane")).await, Err(Error::Taken { .. })));
}
