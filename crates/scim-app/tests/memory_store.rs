//! The store in memory honours the contract of every store, and fails when it is told to.
#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]

use std::sync::Arc;

use scim_app::{
    ports::{Store, StoreError},
    testing::{FailWith, MemoryStore},
};
use scim_domain::{
    OrganizationId, Timestamp,
    organization::{Organization, Plan},
};
use uuid::Uuid;

scim_app::store_contract!((Arc::new(MemoryStore::new()) as Arc<dyn Store>, ()));

async fn add(store: &MemoryStore) -> Result<(), StoreError> {
    let id = OrganizationId::new(Uuid::from_u128(7));
    let now = Timestamp::from_micros(0);
    let organization = Organization::create(id, "Acme", Plan::Growth, now).unwrap();
    let mut unit = store.begin().await?;
    unit.organizations().insert(&organization).await?;
    unit.commit().await
}

async fn count(store: &MemoryStore) -> usize {
    store.read().await.unwrap().organizations().list().await.unwrap().len()
}

#[tokio::test]
async fn a_commit_told_to_fail_changes_nothing_and_the_next_one_works() {
    let store = MemoryStore::new();
    store.fail_next_commit(FailWith::Unavailable);
    assert!(matches!(add(&store).await, Err(StoreError::Unavailable(_))));
    assert_eq!(count(&store).await, 0);
    add(&store).await.unwrap();
    assert_eq!(count(&store).await, 1);
}

#[tokio::test]
async fn a_commit_of_unknown_outcome_is_applied_or_not() {
    for (how, applied) in [(FailWith::UnknownApplied, 1), (FailWith::UnknownNotApplied, 0)] {
        let store = MemoryStore::new();
        store.fail_next_commit(how);
        assert!(matches!(add(&store).await, Err(StoreError::Unknown(_))));
        assert_eq!(count(&store).await, applied);
    }
}

#[tokio::test]
async fn a_store_that_is_away_answers_nothing_until_it_is_back() {
    let store = MemoryStore::new();
    store.set_away(true);
    assert!(matches!(add(&store).await, Err(StoreError::Unavailable(_))));
    assert!(matches!(store.read().await.err(), Some(StoreError::Unavailable(_))));
    assert!(matches!(store.ready().await, Err(StoreError::Unavailable(_))));
    store.set_away(false);
    store.ready().await.unwrap();
    add(&store).await.unwrap();
}

#[tokio::test]
async fn clones_share_what_is_stored() {
    let store = MemoryStore::new();
    add(&store.clone()).await.unwrap();
    assert_eq!(count(&store).await, 1);
}
