use std::time::Duration;

use scim_app::ports::{Secrets as _, Verdict};

use super::Argon2Secrets;
use crate::settings::Keys;

fn secrets(concurrency: usize, queue: usize) -> Argon2Secrets {
    Argon2Secrets::new(&Keys { memory_kib: 64, iterations: 1, parallelism: 1, concurrency, queue })
        .unwrap()
}

#[tokio::test]
async fn only_the_token_that_made_a_hash_is_right() {
    let secrets = secrets(2, 2);
    let hash = secrets.hash("scimd_token").await.unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
    assert_ne!(hash, secrets.hash("scimd_token").await.unwrap());
    assert_eq!(secrets.verify("scimd_token", Some(&hash)).await, Verdict::Right);
    assert_eq!(secrets.verify("scimd_tokem", Some(&hash)).await, Verdict::Wrong);
    assert_eq!(secrets.verify(&hash, Some(&hash)).await, Verdict::Wrong);
    assert_eq!(secrets.verify("scimd_token", Some("no hash")).await, Verdict::Wrong);
    assert_ne!(secrets.random().unwrap(), secrets.random().unwrap());
}

// A7
#[tokio::test]
async fn tokens_that_share_their_first_128_characters_are_told_apart() {
    let secrets = secrets(2, 2);
    let token = |last: &str| format!("{}{last}", "x".repeat(128));
    let hash = secrets.hash(&token("a")).await.unwrap();
    assert_eq!(secrets.verify(&token("a"), Some(&hash)).await, Verdict::Right);
    assert_eq!(secrets.verify(&token("b"), Some(&hash)).await, Verdict::Wrong);
    assert_eq!(secrets.verify(&token(""), Some(&hash)).await, Verdict::Wrong);
}

// A4
#[tokio::test]
async fn an_unknown_key_is_checked_at_the_same_cost_and_wrong() {
    let secrets = secrets(2, 2);
    assert!(secrets.decoy.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{}", secrets.decoy);
    let hash = secrets.hash("scimd_token").await.unwrap();
    assert_eq!(secrets.decoy.len(), hash.len());
    assert_eq!(secrets.verify("scimd_token", None).await, Verdict::Wrong);
}

// A6
#[tokio::test]
async fn beyond_the_gate_nothing_is_checked() {
    let secrets = secrets(1, 1);
    let computing = secrets.running.clone().acquire_owned().await.unwrap();
    let mut waiting = Box::pin(secrets.verify("scimd_token", None));
    let poll = tokio::time::timeout(Duration::from_millis(1), &mut waiting).await;
    assert!(poll.is_err(), "one computes, so this one waits");
    let mut second = Box::pin(secrets.verify("scimd_token", None));
    assert!(tokio::time::timeout(Duration::from_millis(1), &mut second).await.is_err());
    assert_eq!(secrets.verify("scimd_token", None).await, Verdict::Busy);
    drop(computing);
    assert_eq!(waiting.await, Verdict::Wrong);
    assert_eq!(second.await, Verdict::Wrong);
    assert_eq!(secrets.verify("scimd_token", None).await, Verdict::Wrong);
}
