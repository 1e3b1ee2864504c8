//! `attributes` and `excludedAttributes`, on reads and writes alike (RFC 7644 §3.9).

use serde_json::{Value, json};

use crate::common::{World, patch};

fn names(resource: &Value) -> Vec<&str> {
    resource.as_object().unwrap().keys().map(String::as_str).collect()
}

#[actix_web::test]
async fn a_read_shows_what_was_asked_for() {
    let world = World::new().await;
    let id = world.user("jane").await;
    world.group("Engineering", &[&id]).await;
    let get = |query: &'static str| {
        let (world, path) = (&world, format!("/Users/{id}{query}"));
        async move { world.get(&path).await.json() }
    };
    assert_eq!(names(&get("?attributes=userName").await), ["id", "schemas", "userName"]);
    let spelled = "?attributes=urn:ietf:params:scim:schemas:core:2.0:User:USERNAME,groups";
    assert_eq!(names(&get(spelled).await), ["groups", "id", "schemas", "userName"]);
    let without = get("?excludedAttributes=groups,meta,id").await;
    assert_eq!(names(&without), ["active", "id", "schemas", "userName"]);
    assert_eq!(names(&get("?attributes=").await), names(&get("").await));
}

#[actix_web::test]
async fn a_list_of_groups_can_be_read_without_members() {
    let world = World::new().await;
    let id = world.user("jane").await;
    world.group("Engineering", &[&id]).await;
    let list = world.get("/Groups?excludedAttributes=members").await.json();
    for group in list["Resources"].as_array().unwrap() {
        assert_eq!(group["members"], Value::Null);
    }
}

#[actix_web::test]
async fn writes_answer_what_was_asked_for() {
    let world = World::new().await;
    let body = json!({"userName": "jane", "title": "Dr"});
    let made = world.send("POST", "/Users?attributes=userName", body.clone()).await;
    assert_eq!(names(&made.json()), ["id", "schemas", "userName"]);
    assert!(made.header("location").is_some() && made.header("etag").is_some());
    let path = format!("/Users/{}", made.id());
    let put = world.send("PUT", &format!("{path}?excludedAttributes=title"), body).await;
    assert_eq!(put.json()["title"], Value::Null);
    let body = patch(json!([{"op": "replace", "path": "title", "value": "Prof"}]));
    let patched = world.send("PATCH", &format!("{path}?attributes=title"), body).await;
    assert_eq!(names(&patched.json()), ["id", "schemas", "title"]);
}
