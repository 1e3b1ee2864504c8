//! Warnings before keys expire.

use std::sync::Arc;

use scim_app::{Actor, administration::Administration, testing::CountingIds};
use scim_domain::{EventKind, Subject, api_key::NewApiKey};
use serde_json::json as value;

use super::DAY;
use crate::world::{World, scim_key, world};

/// Several instances of the service, with one store and one clock.
fn instances(world: &World, number: u64) -> Vec<Administration> {
    let instance = |series| {
        Administration::new(
            Arc::new(world.store.clone()),
            world.clock.clone(),
            Arc::new(CountingIds::series(series)),
            world.secrets.clone(),
            Actor::System,
        )
    };
    (10..10 + number).map(instance).collect()
}

async fn key(world: &World, days: i64) -> Subject {
    let expires = Some(world.clock.advance(0).plus_seconds(days * DAY));
    let new = NewApiKey { expires, ..scim_key() };
    let made = world.admin.create_api_key(world.organization, new).await.unwrap();
    Subject::ApiKey(made.key.id)
}

/// The days that were told of a key, in order.
async fn told(world: &World, key: Subject) -> Vec<i64> {
    let all = world.events().await;
    let own = all.iter().filter(|it| it.kind == EventKind::ApiKeyExpiring && it.subject == key);
    own.map(|it| it.data["daysLeft"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn each_warning_is_told_once_however_many_instances_are_at_it() {
    let world = world().await;
    let (long, short) = (key(&world, 90).await, key(&world, 5).await);
    let instances = instances(&world, 3);
    for _ in 0..(95 * 4) {
        world.clock.advance(DAY / 4);
        let rounds = instances.iter().cloned().map(|it| async move { it.warn_of_expiry().await });
        let rounds: Vec<_> = rounds.map(tokio::spawn).collect();
        for round in rounds {
            round.await.unwrap().unwrap();
        }
    }
    assert_eq!(told(&world, long).await, [30, 7, 1]);
    assert_eq!(told(&world, short).await, [1]);
    assert_eq!(told(&world, Subject::ApiKey(world.key.key.id)).await, Vec::<i64>::new());
    let entries = world.audited().await;
    assert_eq!(entries.iter().filter(|it| *it == "api_key.expiring").count(), 4);
    let (action, detail) = world.last_audit().await;
    assert_eq!(action, "api_key.expiring");
    assert_eq!((&detail["name"], &detail["daysLeft"]), (&value!("Okta"), &value!(1)));
}

#[tokio::test]
async fn after_a_downtime_the_nearest_warning_is_told_and_of_a_key_that_is_over_none() {
    let world = world().await;
    let (late, over, revoked) =
        (key(&world, 40).await, key(&world, 20).await, key(&world, 40).await);
    let Subject::ApiKey(id) = revoked else { panic!() };
    world.admin.revoke_api_key(world.organization, id).await.unwrap();
    world.clock.advance(35 * DAY);
    assert_eq!(world.admin.warn_of_expiry().await.unwrap(), 1);
    assert_eq!(world.admin.warn_of_expiry().await.unwrap(), 0);
    assert_eq!(told(&world, late).await, [5]);
    assert_eq!(told(&world, over).await, Vec::<i64>::new());
    assert_eq!(told(&world, revoked).await, Vec::<i64>::new());
    world.clock.advance(4 * DAY);
    assert_eq!(world.admin.warn_of_expiry().await.unwrap(), 1);
    assert_eq!(told(&world, late).await, [5, 1]);
}

#[tokio::test]
async fn hundreds_of_keys_are_warned_of_in_one_round() {
    let world = world().await;
    for _ in 0..250 {
        key(&world, 31).await;
    }
    world.clock.advance(DAY);
    assert_eq!(world.admin.warn_of_expiry().await.unwrap(), 250);
    assert_eq!(world.count(EventKind::ApiKeyExpiring).await, 250);
}
