//! Secrets of the service itself.

use std::sync::Arc;

use super::stage::Stage;
use crate::ports::{SharedSecret, Store};

async fn found(stage: &Stage, name: &str) -> Option<SharedSecret> {
    stage.read().await.keyring().find(name).await.unwrap()
}

pub async fn the_first_secret_of_a_name_stays(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    assert_eq!(found(&stage, "one").await, None);
    for (name, bits) in [("one", 1), ("one", 2), ("two", 3)] {
        let mut unit = stage.begin().await;
        let secret = SharedSecret::new([bits; 32]);
        unit.keyring().insert_if_absent(name, &secret, stage.now()).await.unwrap();
        let kept = unit.read().keyring().find(name).await.unwrap();
        assert_eq!(kept, Some(SharedSecret::new([if name == "one" { 1 } else { 3 }; 32])));
        unit.commit().await.unwrap();
    }
    assert_eq!(found(&stage, "one").await, Some(SharedSecret::new([1; 32])));
    assert_eq!(found(&stage, "two").await, Some(SharedSecret::new([3; 32])));
    assert_eq!(found(&stage, "three").await, None);
}

pub async fn all_who_race_for_a_secret_have_the_same(store: Arc<dyn Store>) {
    let stage = Stage::shared(store);
    let racers: Vec<_> = (0..8_u8)
        .map(|bits| {
            let stage = Arc::clone(&stage);
            tokio::spawn(async move {
                let mut unit = stage.begin().await;
                let secret = SharedSecret::new([bits; 32]);
                unit.keyring().insert_if_absent("one", &secret, stage.now()).await.unwrap();
                let kept = unit.read().keyring().find("one").await.unwrap();
                tokio::task::yield_now().await;
                unit.commit().await.unwrap();
                kept
            })
        })
        .collect();
    let mut all = Vec::new();
    for racer in racers {
        all.push(racer.await.unwrap());
    }
    let kept = found(&stage, "one").await;
    assert!(kept.is_some() && all.iter().all(|it| *it == kept));
}
