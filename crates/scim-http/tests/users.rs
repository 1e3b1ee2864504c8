//! Users, from their creation to their end.

use serde_json::{Value, json};

use crate::common::{BASE, World, patch};

#[actix_web::test]
async fn a_created_user_comes_back_whole() {
    let world = World::new().await;
    let body = json!({
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        ],
        "userName": "Jane.Doe@example.com",
        "externalId": "00ujl29u0le5T6Aj10h7",
        "name": {"givenName": "Jane", "familyName": "Doe"},
        "emails": [{"primary": true, "value": "jane.doe@example.com", "type": "work"}],
        "displayName": "Jane Doe",
        "locale": "en-US",
        "groups": [],
        "password": "1mz050nq",
        "active": true,
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "R&D"},
    });
    let made = world.send("POST", "/Users", body).await;
    assert_eq!(made.status, 201);
    let location = format!("{BASE}/Users/{}", made.id());
    assert_eq!(made.header("location"), Some(location.as_str()));
    assert_eq!(made.header("etag"), Some("W/\"1\""));
    assert_eq!(made.json()["meta"]["location"], location);
    assert!(!made.text().contains("1mz050nq"));
    insta::assert_json_snapshot!(made.json(), {
        ".id" => "[id]",
        ".meta.location" => "[location]",
    });
    let read = world.get(&format!("/Users/{}", made.id())).await;
    assert_eq!((read.status, &read.body), (200, &made.body));
    assert_eq!(read.header("location"), Some(location.as_str()));
    assert_eq!(read.header("etag"), Some("W/\"1\""));
}

// N9
#[actix_web::test]
async fn what_was_read_can_be_put_back_and_changes_nothing() {
    let world = World::new().await;
    let id = world.user("jane@example.com").await;
    world.group("Engineering", &[&id]).await;
    let path = format!("/Users/{id}");
    let read = world.get(&path).await;
    assert_eq!(read.json()["groups"][0]["display"], "Engineering");
    let put = world.send("PUT", &path, read.json()).await;
    assert_eq!(put.status, 200);
    assert_eq!(put.json(), read.json());
    assert_eq!(put.header("etag"), Some("W/\"1\""));
}

#[actix_web::test]
async fn a_put_replaces_the_profile_and_keeps_active() {
    let world = World::new().await;
    let id = world.user("jane@example.com").await;
    let path = format!("/Users/{id}");
    let put =
        world.send("PUT", &path, json!({"userName": "jane@example.com", "title": "Dr"})).await;
    assert_eq!(put.status, 200);
    assert_eq!(put.json()["title"], "Dr");
    assert_eq!(put.json()["active"], true);
    let put = world.send("PUT", &path, json!({"userName": "jane@example.com"})).await;
    assert_eq!(put.json()["title"], Value::Null);
    assert_eq!(put.header("etag"), Some("W/\"3\""));
}

#[actix_web::test]
async fn a_patch_deactivates_and_reactivates_and_answers_the_user() {
    let world = World::new().await;
    let id = world.user("jane@example.com").await;
    let path = format!("/Users/{id}");
    for active in [false, true] {
        let body = patch(json!([{"op": "replace", "value": {"active": active}}]));
        let patched = world.send("PATCH", &path, body).await;
        assert_eq!(patched.status, 200);
        assert_eq!(patched.json()["active"], active);
        assert_eq!(world.get(&path).await.body, patched.body);
    }
}

#[actix_web::test]
async fn a_deleted_user_is_gone_for_good() {
    let world = World::new().await;
    let id = world.user("jane@example.com").await;
    let path = format!("/Users/{id}");
    // Okta names a media type even here.
    let ask = world.ask("DELETE", &format!("/scim/v2{path}"));
    let deleted = ask.header("content-type", "application/scim+json; charset=utf-8").send().await;
    assert_eq!((deleted.status, deleted.text()), (204, ""));
    world.get(&path).await.refusal(404);
    world.delete(&path).await.refusal(404);
    assert_ne!(world.user("jane@example.com").await, id);
}

#[actix_web::test]
async fn head_answers_as_get_does() {
    let world = World::new().await;
    let id = world.user("jane@example.com").await;
    let head = world.ask("HEAD", &format!("/scim/v2/Users/{id}")).send().await;
    assert_eq!((head.status, head.header("etag")), (200, Some("W/\"1\"")));
}
