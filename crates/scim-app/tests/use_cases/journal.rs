//! State, audit entry and events are one commit; the chain comes after.

use std::sync::Arc;

use scim_app::{
    Error,
    activity::{Activity, Answered},
    ports::{Store, StoreError},
    sealer::Sealer,
    testing::{CountingIds, FailWith},
};
use serde_json::json as value;

use crate::world::{user_json, world};

// P1
#[tokio::test]
async fn each_change_has_one_entry_with_actor_and_request() {
    let world = world().await;
    let before = world.audited().await.len();
    let id = world.create("jane").await;
    world.set_active(id, false).await;
    world.delete(id).await.unwrap();
    let audited = world.audited().await;
    assert_eq!(audited[before..], ["user.created", "user.deactivated", "user.deleted"]);
    let all = world.admin.list_audit(world.organization, 1).await.unwrap();
    assert_eq!(all[0].entry.actor, format!("api_key:{}", world.key.key.id));
    assert_eq!(all[0].entry.request_id.as_deref(), Some(crate::world::REQUEST));
}

#[tokio::test]
async fn a_commit_that_fails_leaves_no_user_no_entry_and_no_event() {
    let world = world().await;
    let before = (world.audited().await, world.events().await);
    world.store.fail_next_commit(FailWith::Unavailable);
    let error = world.try_create(user_json("jane")).await.unwrap_err();
    assert!(matches!(error, Error::Store(StoreError::Unavailable(_))), "{error:?}");
    assert_eq!((world.audited().await, world.events().await), before);
    assert!(world.find(r#"userName eq "jane""#).await.is_empty());
}

// N7
#[tokio::test]
async fn after_a_lost_answer_the_retry_converges() {
    for how in [FailWith::UnknownApplied, FailWith::UnknownNotApplied] {
        let world = world().await;
        world.store.fail_next_commit(how);
        assert!(matches!(
            world.try_create(user_json("jane")).await,
            Err(Error::Store(StoreError::Unknown(_)))
        ));
        let retried = world.try_create(user_json("jane")).await;
        assert_eq!(retried.is_err(), how == FailWith::UnknownApplied);
        assert_eq!(world.find(r#"userName eq "jane""#).await.len(), 1);
    }
}

// P1
#[tokio::test]
async fn the_chain_covers_what_was_sealed_and_names_the_tail() {
    let world = world().await;
    let sealer = Sealer::new(Arc::new(world.store.clone()));
    world.create("a").await;
    let waiting = world.admin.verify_audit(world.organization).await.unwrap();
    assert_eq!((waiting.verified, waiting.first_bad), (0, None));
    assert!(waiting.unsealed > 0);
    sealer.run().await.unwrap();
    let chained = world.admin.verify_audit(world.organization).await.unwrap();
    assert_eq!((chained.verified, chained.unsealed), (waiting.unsealed, 0));
    world.create("b").await;
    let tail = world.admin.verify_audit(world.organization).await.unwrap();
    assert_eq!((tail.verified, tail.first_bad, tail.unsealed), (chained.verified, None, 1));
}

// P1
#[tokio::test]
async fn denials_are_audited_once_a_minute_with_their_count() {
    let world = world().await;
    let store: Arc<dyn Store> = Arc::new(world.store.clone());
    let ids = Arc::new(CountingIds::series(9));
    let activity = Activity::new(store, world.clock.clone(), ids);
    let caller = world.caller().await;
    let denied = scim_app::error::Forbidden::NoPermission;
    let deny = async |times: usize| {
        for _ in 0..times {
            activity.denied(caller.client(), &denied);
        }
        activity.flush(false).await.unwrap();
    };
    let told = async || world.audited().await.iter().filter(|it| *it == "request.denied").count();
    deny(1).await;
    assert_eq!(told().await, 1);
    deny(30).await;
    assert_eq!(told().await, 1);
    world.clock.advance(60);
    deny(1).await;
    assert_eq!(told().await, 2);
    assert_eq!(world.last_audit().await.1, value!({ "reason": "no_permission", "count": 31 }));
}

#[tokio::test]
async fn requests_and_last_use_are_written_in_batches() {
    let world = world().await;
    let store: Arc<dyn Store> = Arc::new(world.store.clone());
    let activity = Activity::new(store, world.clock.clone(), Arc::new(CountingIds::series(9)));
    let caller = world.caller().await;
    for status in [201, 409] {
        let (method, path, detail) = ("POST", "/Users", format!("answered {status}"));
        activity.answered(&caller, Answered { method, path, status, detail });
        activity.used(caller.client(), Some("Okta SCIM Client 1.0.0"));
    }
    assert!(world.admin.list_activity(world.organization, 10).await.unwrap().is_empty());
    activity.flush(false).await.unwrap();
    let listed = world.admin.list_activity(world.organization, 10).await.unwrap();
    assert_eq!(listed.iter().map(|it| it.status).collect::<Vec<_>>(), [409, 201]);
    let keys = world.admin.list_api_keys(world.organization).await.unwrap();
    let used = keys[0].last_used.as_ref().unwrap();
    assert_eq!(used.agent.as_deref(), Some("Okta SCIM Client 1.0.0"));
}
