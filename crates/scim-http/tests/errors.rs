//! Every status that is no success, in SCIM JSON with a sentence for the customer's admin.

use serde_json::json;

use crate::common::{World, patch};

#[actix_web::test]
async fn a_400_names_its_kind() {
    let world = World::new().await;
    let id = world.user("jane@example.com").await;
    let (kind, _) = world.get("/Users?filter=userName+eqq+%22a%22").await.refusal(400);
    assert_eq!(kind.as_deref(), Some("invalidFilter"));
    let (kind, _) = world.get("/Users?count=many").await.refusal(400);
    assert_eq!(kind.as_deref(), Some("invalidValue"));
    let (kind, _) = world.get("/Users?x=%zz").await.refusal(400);
    assert_eq!(kind.as_deref(), Some("invalidSyntax"));
    let (kind, _) = world.send("POST", "/Users", json!({})).await.refusal(400);
    assert_eq!(kind.as_deref(), Some("invalidValue"));
    let path = format!("/Users/{id}");
    let bad_path = patch(json!([{"op": "replace", "path": "nickNam", "value": "x"}]));
    let (kind, _) = world.send("PATCH", &path, bad_path).await.refusal(400);
    assert_eq!(kind.as_deref(), Some("invalidPath"));
    let read_only = patch(json!([{"op": "replace", "path": "id", "value": "x"}]));
    let (kind, _) = world.send("PATCH", &path, read_only).await.refusal(400);
    assert_eq!(kind.as_deref(), Some("mutability"));
}

#[actix_web::test]
async fn a_404_is_told_alike_for_unknown_ids_and_for_what_is_no_id() {
    let world = World::new().await;
    for id in ["01980000-0000-7000-8000-00000000000f", "1", "JANE", "urn:x"] {
        let (kind, detail) = world.get(&format!("/Users/{id}")).await.refusal(404);
        assert_eq!((kind, detail.as_str()), (None, "No user with this id exists."), "{id}");
        world.delete(&format!("/Groups/{id}")).await.refusal(404);
    }
}

#[actix_web::test]
async fn a_409_names_the_attribute() {
    let world = World::new().await;
    world.user("jane@example.com").await;
    let again = json!({"userName": "JANE@example.com"});
    let (kind, detail) = world.send("POST", "/Users", again).await.refusal(409);
    assert_eq!(kind.as_deref(), Some("uniqueness"));
    assert!(detail.contains("userName"), "{detail}");
    world.group("Engineering", &[]).await;
    let again = json!({"displayName": "engineering"});
    let (kind, detail) = world.send("POST", "/Groups", again).await.refusal(409);
    assert_eq!(kind.as_deref(), Some("uniqueness"));
    assert!(detail.contains("displayName"), "{detail}");
}

#[actix_web::test]
async fn what_is_not_offered_is_501_and_says_what_to_do_instead() {
    let world = World::new().await;
    for (method, path) in [("GET", "/Me"), ("PATCH", "/Me")] {
        world.send(method, path, json!({})).await.refusal(501);
    }
}

#[actix_web::test]
async fn a_405_is_told_what_the_path_takes() {
    let world = World::new().await;
    let answer = world.send("POST", "/Schemas", json!({})).await;
    answer.refusal(405);
    assert_eq!(answer.header("allow"), Some("GET, HEAD"));
    let answer = world.send("DELETE", "/Users", json!({})).await;
    answer.refusal(405);
    assert_eq!(answer.header("allow"), Some("GET, HEAD, POST"));
}

#[actix_web::test]
async fn errors_look_as_the_rfc_wants_them() {
    let world = World::new().await;
    let taken = {
        world.user("jane@example.com").await;
        world.send("POST", "/Users", json!({"userName": "jane@example.com"})).await
    };
    insta::assert_snapshot!("taken", taken.text());
    let unknown = world.get("/Users/01980000-0000-7000-8000-00000000000f").await;
    insta::assert_snapshot!("unknown_user", unknown.text());
    insta::assert_snapshot!("unknown_path", world.get("/Nowhere").await.text());
    let unauthenticated = world.ask("GET", "/scim/v2/Users").without_key().send().await;
    insta::assert_snapshot!("unauthenticated", unauthenticated.text());
}
