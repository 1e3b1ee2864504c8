//! Protected (break-glass) users: read and found, and left alone. One guard for every way in.

use scim_app::{Error, error::Forbidden};
use serde_json::json as value;

use crate::world::{group_json, json, world};

fn protected<T: std::fmt::Debug>(result: &Result<T, Error>) {
    assert!(matches!(result, Err(Error::Forbidden(Forbidden::Protected))), "{result:?}");
}

// Z3
#[tokio::test]
async fn every_write_to_a_protected_user_is_refused_alike() {
    let world = world().await;
    let id = world.made_by_sign_in(r#"{"userName":"root"}"#, true).await;
    assert!(world.get(id).await.is_ok());
    assert_eq!(world.find(r#"userName eq "root""#).await.len(), 1);
    protected(&world.put(id, json(r#"{"userName":"root","active":false}"#)).await);
    protected(&world.patch(id, r#"{"op":"replace","value":{"active":false}}"#).await);
    protected(&world.patch(id, r#"{"op":"replace","path":"title","value":"x"}"#).await);
    protected(&world.delete(id).await);
    assert!(matches!(
        world.try_create(json(r#"{"userName":"root"}"#)).await,
        Err(Error::Taken { .. })
    ));
}

// Z3
#[tokio::test]
async fn a_protected_member_is_left_as_it_is_and_the_rest_of_the_push_applies() {
    let world = world().await;
    let root = world.made_by_sign_in(r#"{"userName":"root"}"#, true).await;
    let jane = world.create("jane").await;
    let group = world.push_group("Team", &[root, jane]).await;
    assert_eq!(world.members(&group).await, [jane]);
    let (_, detail) = world.last_audit().await;
    assert_eq!(detail["membersSkipped"][0]["reason"], value!("protected"));
    let mut unit = scim_app::ports::Store::begin(&world.store).await.unwrap();
    let id = scim_domain::GroupId::parse(&group).unwrap();
    let now = scim_app::ports::Clock::now(&*world.clock);
    unit.groups().add_members(world.organization, id, &[root], now).await.unwrap();
    unit.commit().await.unwrap();
    world.put_group(&group, group_json("Team", Some(&[]))).await.unwrap();
    assert_eq!(world.members(&group).await, [root]);
    world.remove(&group, root).await;
    assert_eq!(world.members(&group).await, [root]);
}
