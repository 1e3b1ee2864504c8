//! Trouble inside does not get out, and does not last.

use scim_app::testing::FailWith;
use serde_json::json;

use crate::common::{World, patch};

// S4
#[actix_web::test]
async fn a_panic_is_a_500_with_an_id_and_nothing_else() {
    let world = World::new().await;
    let id = world.user("jane").await;
    world.clock.panic_at(1);
    let answer = world.get(&format!("/Users/{id}")).await;
    let (kind, detail) = answer.refusal(500);
    assert_eq!(kind, None);
    assert!(detail.contains(answer.header("x-request-id").unwrap()), "{detail}");
    assert!(!detail.contains("clock"), "{detail}");
    assert_eq!(world.get(&format!("/Users/{id}")).await.status, 200);
}

// S4
#[actix_web::test]
async fn wherever_a_write_panics_the_next_one_works() {
    let world = World::new().await;
    for nth in 1.. {
        let user_name = format!("user-{nth}");
        world.clock.panic_at(nth);
        let answer = world.send("POST", "/Users", json!({"userName": user_name})).await;
        if world.clock.disarm() {
            assert_eq!(answer.status, 201, "nobody panicked");
            assert!(nth > 3, "the door, the use case and the activity tell the time");
            break;
        }
        assert!([201, 500].contains(&answer.status), "{}", answer.text());
    }
    world.user("jane").await;
}

#[actix_web::test]
async fn a_store_that_is_away_is_503_and_comes_back() {
    let world = World::new().await;
    let id = world.user("jane").await;
    world.store.set_away(true);
    for (method, path) in [
        ("GET", format!("/Users/{id}")),
        ("GET", "/Users".to_owned()),
        ("POST", "/Users".to_owned()),
        ("DELETE", format!("/Users/{id}")),
    ] {
        let answer = world.send(method, &path, json!({"userName": "joe"})).await;
        answer.refusal(503);
        // O2
        assert!(answer.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
        assert!(!answer.text().contains("away"), "the cause stays inside");
    }
    world.store.set_away(false);
    assert_eq!(world.get(&format!("/Users/{id}")).await.status, 200);
    assert_eq!(world.get("/Users").await.json()["totalResults"], 1);
}

// N7
#[actix_web::test]
async fn an_unknown_outcome_is_503_and_the_retry_converges() {
    let world = World::new().await;
    let create = || world.send("POST", "/Users", json!({"userName": "jane"}));
    world.store.fail_next_commit(FailWith::UnknownApplied);
    create().await.refusal(503);
    create().await.refusal(409);
    world.store.fail_next_commit(FailWith::UnknownNotApplied);
    let joe = || world.send("POST", "/Users", json!({"userName": "joe"}));
    joe().await.refusal(503);
    assert_eq!(joe().await.status, 201);
    world.store.fail_next_commit(FailWith::Unavailable);
    world.send("POST", "/Users", json!({"userName": "jim"})).await.refusal(503);
    assert_eq!(world.get("/Users").await.json()["totalResults"], 2);
}

#[actix_web::test]
async fn too_many_checks_of_keys_are_503_with_a_time_to_come_back() {
    let world = World::new().await;
    world.secrets.set_busy(true);
    let answer = world.get("/Users").await;
    answer.refusal(503);
    assert_eq!(answer.header("retry-after"), Some("1"));
    world.secrets.set_busy(false);
    assert_eq!(world.get("/Users").await.status, 200);
}

#[actix_web::test]
async fn a_write_that_met_others_is_carried_out_again_and_nobody_notices() {
    let world = World::new().await;
    world.store.conflict(3);
    let made = world.send("POST", "/Users", json!({"userName": "jane"})).await;
    assert_eq!(made.status, 201);
    world.store.conflict(3);
    let change = patch(json!([{"op": "replace", "path": "title", "value": "Dr"}]));
    let path = format!("/Users/{}", made.id());
    assert_eq!(world.send("PATCH", &path, change).await.json()["title"], "Dr");
    let members = json!([{"value": made.id()}]);
    world.store.conflict(3);
    let group = json!({"displayName": "Night", "members": members});
    assert_eq!(world.send("POST", "/Groups", group).await.status, 201);
    world.store.conflict(3);
    let gone = world.ask("DELETE", &format!("/scim/v2{path}")).send().await;
    assert_eq!(gone.status, 204);
}

#[actix_web::test]
async fn a_write_that_meets_others_for_ever_is_given_up_with_a_time_to_come_back() {
    let world = World::new().await;
    world.store.conflict(u32::MAX);
    let refused = world.send("POST", "/Users", json!({"userName": "jane"})).await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")));
    world.store.conflict(0);
    assert_eq!(world.get("/Users").await.json()["totalResults"], 0);
}
