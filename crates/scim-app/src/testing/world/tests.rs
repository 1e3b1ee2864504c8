use super::*;

#[test]
fn ids_count_upwards_and_are_version_7() {
    let ids = CountingIds::new();
    let all: Vec<_> = (0..1_000).map(|_| ids.next()).collect();
    assert!(all.is_sorted_by(|one, next| one < next));
    assert!(all.iter().all(|it| it.get_version_num() == 7));
    assert!(all.iter().all(|it| it.get_variant() == uuid::Variant::RFC4122));
    assert_eq!(CountingIds::new().next(), all[0]);
    assert!(CountingIds::series(1).next() > all[999]);
}

#[test]
fn a_stopped_clock_moves_when_told() {
    let clock = StoppedClock::new();
    assert_eq!(clock.now().to_string(), "2026-01-01T00:00:00.000Z");
    assert_eq!(clock.advance(90), clock.now());
    assert_eq!(clock.now().to_string(), "2026-01-01T00:01:30.000Z");
    clock.set(Timestamp::from_micros(0));
    assert_eq!(clock.now(), Timestamp::from_micros(0));
}

#[tokio::test]
async fn fast_secrets_tell_right_from_wrong_and_count() {
    let secrets = FastSecrets::new();
    assert_ne!(secrets.random().unwrap(), secrets.random().unwrap());
    let hash = secrets.hash("token").await.unwrap();
    assert_ne!(hash, "token");
    assert_eq!(secrets.verify("token", Some(&hash)).await, Verdict::Right);
    assert_eq!(secrets.verify("Token", Some(&hash)).await, Verdict::Wrong);
    assert_eq!(secrets.verify("token", None).await, Verdict::Wrong);
    secrets.set_busy(true);
    assert_eq!(secrets.verify("token", Some(&hash)).await, Verdict::Busy);
    assert_eq!(secrets.verifications(), 3);
}
