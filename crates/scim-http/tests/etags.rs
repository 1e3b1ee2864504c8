//! Versions (RFC 7644 §3.14).

use serde_json::json;

use crate::common::{World, patch};

#[actix_web::test]
async fn a_known_version_is_not_sent_again() {
    let world = World::new().await;
    let id = world.user("jane").await;
    let path = format!("/scim/v2/Users/{id}");
    for known in ["W/\"1\"", "\"1\"", "W/\"9\", W/\"1\"", "*"] {
        let answer = world.ask("GET", &path).header("if-none-match", known).send().await;
        assert_eq!((answer.status, answer.text()), (304, ""), "{known}");
        assert_eq!(answer.header("etag"), Some("W/\"1\""));
    }
    for other in ["W/\"2\"", "1", "\"x\""] {
        let answer = world.ask("GET", &path).header("if-none-match", other).send().await;
        assert_eq!(answer.status, 200, "{other}");
    }
    world.ask("GET", "/scim/v2/Users/1").header("if-none-match", "*").send().await.refusal(404);
}

// N4
#[actix_web::test]
async fn a_write_that_names_an_old_version_is_refused() {
    let world = World::new().await;
    let id = world.user("jane").await;
    let group = world.group("Engineering", &[]).await;
    let user = format!("/scim/v2/Users/{id}");
    let group = format!("/scim/v2/Groups/{group}");
    let put = |path: &str, tag: &str, name: &str| {
        let body = json!({"userName": "jane", "title": name, "displayName": name});
        world.ask("PUT", path).header("if-match", tag).json(&body).send()
    };
    for path in [&user, &group] {
        put(path, "W/\"7\"", "a").await.refusal(412);
        put(path, "nonsense", "a").await.refusal(412);
        let written = put(path, "W/\"1\"", "a").await;
        assert_eq!((written.status, written.header("etag")), (200, Some("W/\"2\"")));
        put(path, "W/\"1\"", "b").await.refusal(412);
        assert_eq!(put(path, "\"1\", \"2\"", "c").await.status, 200);
        assert_eq!(put(path, "*", "d").await.status, 200);
        let body = patch(json!([{"op": "replace", "path": "displayName", "value": "e"}]));
        let old = world.ask("PATCH", path).header("if-match", "W/\"1\"").json(&body).send().await;
        old.refusal(412);
        let old = world.ask("DELETE", path).header("if-match", "W/\"1\"").send().await;
        old.refusal(412);
        let now = world.ask("DELETE", path).header("if-match", "W/\"4\"").send().await;
        assert_eq!(now.status, 204);
        put(path, "*", "f").await.refusal(404);
    }
}
