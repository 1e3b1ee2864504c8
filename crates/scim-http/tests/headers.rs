//! What every answer carries, and what requests may.

use serde_json::json;

use crate::common::World;

#[actix_web::test]
async fn every_answer_has_a_request_id_and_is_nobodys_to_keep() {
    let world = World::new().await;
    let id = world.user("jane").await;
    let mut seen = Vec::new();
    for (method, path, key) in [
        ("GET", format!("/scim/v2/Users/{id}"), true),
        ("GET", "/scim/v2/Users".to_owned(), true),
        ("GET", "/scim/v2/Schemas".to_owned(), true),
        ("GET", "/scim/v2/Nowhere".to_owned(), true),
        ("GET", "/scim/v2/Users".to_owned(), false),
        ("DELETE", format!("/scim/v2/Users/{id}"), true),
    ] {
        let ask = world.ask(method, &path);
        let answer = if key { ask } else { ask.without_key() }.send().await;
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        let id = answer.header("x-request-id").unwrap();
        assert_eq!((id.len(), id.as_bytes()[14]), (36, b'7'), "{id}");
        seen.push(id.to_owned());
        if answer.status != 204 {
            assert_eq!(answer.header("content-type"), Some("application/scim+json"), "{path}");
        }
    }
    seen.dedup();
    assert_eq!(seen.len(), 6);
}

#[actix_web::test]
async fn a_request_id_that_a_client_sends_is_not_taken_over() {
    let world = World::new().await;
    let ask = world.ask("GET", "/scim/v2/Users").header("x-request-id", "mine");
    assert_ne!(ask.send().await.header("x-request-id"), Some("mine"));
}

#[actix_web::test]
async fn a_body_without_media_type_is_json() {
    let world = World::new().await;
    let body = json!({"userName": "jane"}).to_string();
    assert_eq!(world.ask("POST", "/scim/v2/Users").body(body).send().await.status, 201);
}

#[actix_web::test]
async fn a_get_may_name_a_media_type_as_oktas_do() {
    let world = World::new().await;
    let ask = world.ask("GET", "/scim/v2/Users").header("content-type", "text/plain");
    assert_eq!(ask.header("accept", "application/scim+json").send().await.status, 200);
}
