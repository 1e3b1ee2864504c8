//! Public keys of clients, and assertions that were used up.

use std::sync::Arc;

use scim_domain::{ApiKeyId, Json, OrganizationId, Timestamp};
use serde_json::json;

use super::stage::Stage;
use crate::{oauth::PublicKeys, ports::Store};

/// The key of RFC 8037 A.2, under a name.
fn keys(id: &str) -> PublicKeys {
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": id, "alg": "EdDSA" });
    let jwks = json!({ "keys": [jwk] }).to_string();
    PublicKeys::parse(&Json::parse(jwks.as_bytes()).unwrap()).unwrap()
}

async fn set(stage: &Stage, organization: OrganizationId, id: ApiKeyId, keys: &PublicKeys) {
    let mut unit = stage.begin().await;
    unit.api_keys().set_public_keys(organization, id, keys, stage.now()).await.unwrap();
    unit.commit().await.unwrap();
}

async fn find(stage: &Stage, organization: OrganizationId, id: ApiKeyId) -> PublicKeys {
    stage.read().await.api_keys().public_keys(organization, id).await.unwrap()
}

pub async fn public_keys_read_back_as_they_were_set(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let (key, other) = (stage.key(acme, "Okta").await, stage.key(acme, "Entra").await);
    assert_eq!(find(&stage, acme, key.id).await, PublicKeys::default());
    for name in ["one", "two"] {
        set(&stage, acme, key.id, &keys(name)).await;
        assert_eq!(find(&stage, acme, key.id).await, keys(name));
    }
    set(&stage, acme, other.id, &keys("three")).await;
    set(&stage, acme, key.id, &PublicKeys::default()).await;
    assert_eq!(find(&stage, acme, key.id).await, PublicKeys::default());
    assert_eq!(find(&stage, acme, other.id).await, keys("three"));
    // T1
    assert_eq!(find(&stage, bolt, other.id).await, PublicKeys::default());
    set(&stage, bolt, other.id, &PublicKeys::default()).await;
    assert_eq!(find(&stage, acme, other.id).await, keys("three"));
}

async fn use_up(
    stage: &Stage,
    key: (OrganizationId, ApiKeyId),
    digest: u8,
    until: Timestamp,
    now: Timestamp,
) -> bool {
    let (organization, id) = key;
    let mut unit = stage.begin().await;
    let digest = [digest; 32];
    let first = unit.api_keys().use_assertion(organization, id, digest, until, now).await.unwrap();
    tokio::task::yield_now().await;
    unit.commit().await.unwrap();
    first
}

pub async fn an_assertion_is_used_for_the_first_time_once(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let key = (acme, stage.key(acme, "Okta").await.id);
    let other = (acme, stage.key(acme, "Entra").await.id);
    let now = stage.now();
    let until = now.plus_seconds(60);
    assert!(use_up(&stage, key, 1, until, now).await);
    assert!(!use_up(&stage, key, 1, until, now).await);
    assert!(!use_up(&stage, key, 1, until.plus_seconds(60), until).await);
    assert!(use_up(&stage, key, 2, until, now).await);
    assert!(use_up(&stage, other, 1, until, now).await);
    // T1
    assert!(use_up(&stage, (bolt, key.1), 1, until, now).await);
    // What was remembered long enough is forgotten, of this key alone.
    let later = until.plus_seconds(1);
    assert!(use_up(&stage, key, 1, later, later).await);
    assert!(!use_up(&stage, other, 1, until, now).await);
}

pub async fn of_many_that_race_for_an_assertion_one_is_first(store: Arc<dyn Store>) {
    let stage = Stage::shared(store);
    let acme = stage.organization("Acme").await;
    let key = (acme, stage.key(acme, "Okta").await.id);
    let now = stage.now();
    let racers: Vec<_> = (0..8)
        .map(|_| {
            let stage = Arc::clone(&stage);
            tokio::spawn(async move { use_up(&stage, key, 1, now.plus_seconds(60), now).await })
        })
        .collect();
    let mut first = 0;
    for racer in racers {
        first += usize::from(racer.await.unwrap());
    }
    assert_eq!(first, 1);
}
