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

// N4
#[actix_web::test]
async fn what_changes_nothing_keeps_the_version_that_it_names() {
    let world = World::new().await;
    let member = world.user("jane").await;
    let group = world.group("Engineering", &[&member]).await;
    let same = |name: &str, value: &str| json!({"op": "replace", "path": name, "value": value});
    let already = json!({"op": "add", "path": "members", "value": [{"value": member}]});
    for (path, operations) in [
        (format!("/scim/v2/Users/{member}"), json!([same("userName", "jane")])),
        (format!("/scim/v2/Groups/{group}"), json!([same("displayName", "Engineering")])),
        (format!("/scim/v2/Groups/{group}"), json!([already])),
    ] {
        let before = world.ask("GET", &path).send().await;
        let version = before.header("etag").unwrap();
        // What was written now would say so in `meta.lastModified`.
        world.clock.advance(60);
        for ask in [
            world.ask("PUT", &path).json(&before.json()),
            world.ask("PUT", &path).header("if-match", version).json(&before.json()),
            world.ask("PATCH", &path).header("if-match", version).json(&patch(operations.clone())),
        ] {
            let answer = ask.send().await;
            assert!(matches!(answer.status, 200 | 204), "{operations}: {}", answer.text());
            let told = answer.header("etag");
            assert!(told.is_none_or(|it| it == version), "{operations}: {told:?}");
        }
        let after = world.ask("GET", &path).send().await;
        assert_eq!((after.text(), after.header("etag")), (before.text(), Some(version)));
    }
}
